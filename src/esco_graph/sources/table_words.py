"""The words of mapping tables in the languages of Europe: names of columns, of relations, of languages, of the header.

Words are compared folded (small letters, no accents), and by their beginning, since endings change in most languages.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache

_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Write a text in small letters without accents; Greek and Cyrillic stay in their script.

    >>> fold("Vztah: ŠIRŠÍ")
    'vztah: sirsi'
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words(text: str) -> tuple[str, ...]:
    """Give the folded words of a name; `prefLabel` and `mapping_relation` are two words each.

    >>> words("Classification 1 PrefLabel")
    ('classification', '1', 'pref', 'label')
    """
    return tuple(_WORD.findall(fold(_CAMEL.sub(" ", text.replace("_", " ")))))


ROLES = {
    "relation": (
        "relation relacj relacion relacao relazion relatie relati relaci rel match predicate predikat beziehung vztah"
        " rysy rysio saist attiec atbilst suhe seos vastavus suhde kapcsolat viszony odnos razmerj forhall forhold"
        " correspond korrespond equivalen zuordnung powiazan gaol връзк релац съответст σχεσ αντιστ"
    ),
    "note": (
        "note nota comment coment komment koment remark anmerk bemerk hinweis poznam uwag observ pastab piezim markus"
        " huomaut megjegyz bemaerk merknad anmark opmerk opomba editorial redaktion забележ бележк σχολι σημειωσ"
    ),
    "description": (
        "descri beschreib popis opis kuvaus kirjeld apras aprakst leiras beskriv omschrij definit definic scope"
        " описан дефиниц περιγρα ορισμ"
    ),
    "label": (
        "label pref title name term nazev nazov nazw naziv nome nombre nom bezeichnung benennung benamning navn nimi"
        " nimet nimek pavadinim nosauk megnev denumir naam benaming titel titul titol titr intitul libell tittel denom"
        " appellation etiket beroep beruf ocupac ocupat occupation profes povolan zawod zanimanj poklic amet ammatt"
        " foglalk yrke erhverv stilling наимен названи ονομα τιτλ επαγγελ професи"
    ),
    "id": (
        "uri iri id uuid ident code kod kods kodas kodo kode koda codigo codice cod coduri codul koodi kood sifr"
        " number numer nummer numero numero nr broj notation notacj код шифър идентиф κωδικ αναγνωρ"
    ),
    "url": "url link odkaz landing saite nuoroda odnosnik povezava линк",
}
JOBS = (
    "job position role poste posten puesto emploi metier cargo stelle funktion fonction funcao functie stanowisko"
    " befattning skill kompetenz competence competencia"
)
"""What lists of jobs and skills call their titles, whole words, beside the words for a label."""
CODE_ENDS = "nummer nr schlussel schlüssel schluessel kode kods code number"
"""How compound words for a code end, beside the words for one: Systematiknummer."""
_ROLES = {role: tuple(text.split()) for role, text in ROLES.items()}
_SHORT = {"id", "nr", "cod", "kod", "rel", "nom", "term", "nota", "note", "name", "pref", "code", "kode", "amet"}
_SIDES = {
    "1": 1, "2": 2, "a": 1, "b": 2, "subject": 1, "object": 2, "source": 1, "target": 2, "from": 1, "to": 2,
    "left": 1, "right": 2, "quelle": 1, "ziel": 2, "origen": 1, "destino": 2,
}  # fmt: skip


@lru_cache(maxsize=4096)
def roles_of(name: str) -> frozenset[str]:
    """Say what the name of a column can mean: id, label, relation, description, note, url.

    >>> sorted(roles_of("Classification 2 ID")), sorted(roles_of("Název povolání"))
    (['id'], ['label'])
    """
    parts = words(name)
    return frozenset(
        role for role, starts in _ROLES.items() for part in parts for start in starts if _begins(part, start)
    )


def side_of(name: str) -> int:
    """Say which side a column is of by its name: 1, 2, or 0 when it does not say.

    >>> side_of("Classification 2 ID"), side_of("target_id"), side_of("Mapping relation")
    (2, 2, 0)
    """
    found = {_SIDES[part] for part in words(re.sub(r"([12])$", r" \1", name)) if part in _SIDES}
    return found.pop() if len(found) == 1 else 0


def names_esco(name: str) -> bool:
    """Say whether the name of a column or a classification is ESCO's, or that of its ISCO groups.

    >>> names_esco("ESCO or ISCO URI"), names_esco("Ocupaciones ESCO"), names_esco("O*NET Id")
    (True, True, False)
    """
    return any(part.startswith("esco") for part in words(name))


def _begins(part: str, start: str) -> bool:
    return part == start if len(start) <= 3 or start in _SHORT else part.startswith(start)


# Relations

KINDS = {
    "none": (
        "norelation nomatch none notmapped unmapped nomapping keinerelation keinezuordnung keinebeziehung kein"
        " zadna zadny brak aucun ninguna ninguno sinrelacion nessun nenhum semrelacao geen ingen puudub eiole nera"
        " nincs nema nemavztah niciun fara nav neni no няма безвръзка καμια"
    ),
    "exact": (
        "exact exakt eksakt genau esatt exat eq equal equiv equival ekviv identic identi same presn dokladn tocn tiksl"
        " preciz tapne tarkk tasmall pontos egyez noyakt precis praecis nojagtig noggrann gelijk zgodn rownoznacz"
        " vastav odpovid natancn enak em точн идентич еквивал ταυτ ακριβ ισοδυν"
    ),
    "close": (
        "close nah ahnlich proche cercan prossim vicin similar simil bliz blisk artim tuv lahed lahei lahin kozel"
        " hasonlo apropiat proxim liknande nara naer naerl lignende nauw verwant podobn slicn cm aprox"
        " близ сходн подобн κοντιν παρομοι στενη near"
        " ungefahr annahern approx priblizn przybliz orientac ligikaud megkozelit omtrent προσεγγ приблиз"
    ),
    "broad": (
        "broad bt bm btm gener weiter breiter ober oberbegriff large pluslarge ampi ampl maisampl masampl sirs sire"
        " siri sirok siro szersz plates plasak laiem laaj tagabb bred vid ruim mailarg nadrad superior wider"
        " широк пошироко ευρυτ γενικ"
    ),
    "narrow": (
        "narrow nt nm ntm eng spezif specif especif unter unterbegriff etroit plusetroit estrech restrit restring"
        " ristrett strett uzsi uzs uzi uze uzak wez wezs siaures saurak kitsam suppe szukebb smal snaev snev nauwer"
        " ingust restr ozj ozi podrad тесн тясн потесн στενοτ ειδικ"
    ),
    "related": (
        "related rt rm rtm verwandt associ apparent relacionad correlat povezan suvis souvis pokrewn susij saistit"
        " seotud liittyv kapcsolod inrudit besla свързан σχετικ"
    ),
}
_BEGINNINGS: dict[str, list[tuple[str, str]]] = {}
for _word, _of in ((word, kind) for kind, text in KINDS.items() for word in text.split()):
    _BEGINNINGS.setdefault(_word[:3], []).append((_word, _of))
FILLERS = (
    "match mapping relation term concept isco than to zhod shod vzta dopasow odpowied relacj correspond coinciden"
    " corrispond atitik atbilst vaste vastav vastaav megfel podudar ujeman съответ връзк αντιστ σχεσ overeenk potriv"
    " corespond ubereinst entsprech begriff ekvival overensst motsvar samsvar"
)
_FILLERS = tuple(FILLERS.split())
_MORE = frozenset(("piu", "plus", "mas", "mais", "mai", "mehr", "more", "по", "viac", "vice", "wiecej", "the", "a"))
# A < B: B is the broader one, as a subset sign reads.
_SIGNS = {
    sign: kind
    for kind, signs in {"exact": "= == ≡ =EQ", "close": "~ ≈ ~EQ", "broad": "< ⊂ ⊆ ⊑", "narrow": "> ⊃ ⊇ ⊒"}.items()
    for sign in signs.split()
}
_LONGEST_END = 6  # letters after the known beginning of a word; a longer word is another word
_SPELT = {
    f"{kind}{end}": kind for kind in ("exact", "close", "broad", "narrow", "related") for end in ("match", "", "er")
}


@lru_cache(maxsize=4096)
def relation_of(text: str) -> tuple[str, bool] | None:
    """Say which relation a cell names, and whether it is spelt well; None for one that is not known.

    The kinds are exact, close, broad, narrow, related and none.

    >>> relation_of("skos:exactMatch"), relation_of("NT"), relation_of("no relation")
    (('exact', True), ('narrow', True), ('none', True))
    >>> relation_of("narow match"), relation_of("http://www.w3.org/2004/02/skos/core#broadMatch"), relation_of("cook")
    (('narrow', False), ('broad', True), None)
    """
    if text.strip() in _SIGNS:
        return _SIGNS[text.strip()], True
    if len(text) > 80:
        return None
    parts = words(re.split(r"[#:/]", text.strip().rstrip("/"))[-1])
    whole = re.sub(r"^(?:skos|has|is)(?=[a-z]{4})", "", "".join(parts))
    kept = [part for part in parts if part not in _MORE and not part.startswith(_FILLERS)]
    for cores in ([whole], ["".join(kept)], kept):
        kinds = {kind for core in cores if (kind := _kind(re.sub(r"(?:match(?:es)?|isco)$", "", core) or core))}
        if len(kinds) == 1:
            return kinds.pop(), True
    near = get_close_matches(whole, _SPELT, 1, 0.82)
    return (_SPELT[near[0]], False) if near else None


def _kind(core: str) -> str:
    """Give the kind with the longest beginning of the word, "" when there is none."""
    fits = [(len(start), kind) for start, kind in _BEGINNINGS.get(core[:3], ()) if _means(core, start)]
    return max(fits, key=lambda fit: fit[0])[1] if fits else ""


def _means(core: str, start: str) -> bool:
    return core == start or (len(start) > 2 and core.startswith(start) and len(core) - len(start) <= _LONGEST_END)


# The header block

HEAD = {
    "title": ("project", "name"),
    "author": ("project", "author"),
    "version": ("project", "version"),
    "date": ("project", "version", "date"),
    "name": ("name",),
    "type": ("type",),
    "release": ("version",),
    "lang": ("language",),
    "page": ("page",),
}
HEAD_WORDS = {
    "project": "project projekt projet proyect progetto projet projeto proiect hanke проект εργο",
    "classification": (
        "classif clasif klasif klassif classific klasyfik osztalyoz luokit razvrst taxonom vocabul класиф ταξινομ"
    ),
    "name": (
        "name nom nombre nome nazev nazov nazw naziv naam namn navn nimi nev nosauk pavadin numele denumir denomin"
        " bezeichn ime имe име наимен ονομα"
    ),
    "author": "author auteur autor autore urheber verfasser forfatt forfattare szerzo tekija autors автор συγγραφ",
    "version": "version versi verzi wersj versao versione versij versio redakc изд верси εκδοσ",
    "date": "date datum datu data fecha dato paiva kuupaev дата ημερομην",
    "type": "type typ tipo tip tipas tips tuup tyyppi tipus soort тип τυπ",
    "language": "lang sprache idioma lingua lengua taal sprak sprog"
    " kalb valod jazyk jezik keel kieli nyelv limb език γλωσσ",
    "page": "page seite pagina pagin sida side strona stran oldal lapa puslap sivu leht страница σελιδ",
}
_HEAD_WORDS = {word: tuple(starts.split()) for word, starts in HEAD_WORDS.items()}
ORDER = ("title", "author", "version", "date", *(f"{key}{n}" for n in "12" for key in list(HEAD)[4:]))
"""The rows of the Commission's form in their order, for a header whose keys are in another language."""

NAMED = {
    "bg": "bulgarian български", "cs": "czech cestina cesky", "da": "danish dansk", "de": "german deutsch",
    "el": "greek ελληνικα", "es": "spanish espanol castellano",
    "en": "english anglais englisch inglese ingles engelska engelsk engels anglictina angol angielski englanti inglise"
    " anglu engleza engleski anglescina английски αγγλικα",
    "et": "estonian eesti", "fi": "finnish suomi", "fr": "french francais", "ga": "irish gaeilge",
    "hr": "croatian hrvatski", "hu": "hungarian magyar", "is": "icelandic islenska", "it": "italian italiano",
    "lt": "lithuanian lietuviu", "lv": "latvian latviesu", "mt": "maltese malti", "nl": "dutch nederlands flemish",
    "no": "norwegian norsk", "pl": "polish polski", "pt": "portuguese portugues", "ro": "romanian romana",
    "sk": "slovak slovencina slovensky", "sl": "slovenian slovene slovenscina", "sv": "swedish svenska",
}  # fmt: skip
_LANGS = {name: lang for lang, names in NAMED.items() for name in names.split()}
_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z]{2})?")


def lang_named(text: str) -> str:
    """Give the language tag that a header means, or "".

    >>> lang_named("English"), lang_named("sv"), lang_named("de-AT"), lang_named("unknown")
    ('en', 'sv', 'de', '')
    """
    parts = words(text)
    if found := next((_LANGS[part] for part in parts if part in _LANGS), ""):
        return found
    tag = text.strip().lower()
    return (
        {"cz": "cs", "se": "sv", "dk": "da", "gr": "el", "ee": "et", "si": "sl", "nb": "no", "nn": "no"}.get(
            tag[:2], tag[:2]
        )
        if _TAG.fullmatch(tag)
        else ""
    )


def lang_of_name(name: str) -> str:
    """Give the language that the name of a column ends with, "" when it does not.

    >>> lang_of_name("Classification 2 PrefLabel NL"), lang_of_name("title_fr"), lang_of_name("Code NO")
    ('nl', 'fr', '')
    """
    last = name.replace("_", " ").rpartition(" ")[2].strip("()[]").lower()
    return last if last in NAMED and "label" in roles_of(name) else ""


def head_key(text: str) -> str:
    """Say which row of the header block a cell opens, with the number of the classification; "" for another text.

    >>> head_key("Classification 2 Landing page"), head_key("Mapping project version date"), head_key("x")
    ('page2', 'date', '')
    >>> head_key("Osztályozás 2 neve"), head_key("Sprache der Klassifikation 1")
    ('name2', 'lang1')
    """
    parts = words(text.rstrip(" :"))
    said = {word for word, starts in _HEAD_WORDS.items() if any(part.startswith(starts) for part in parts)}
    number = next((part for part in parts if part in ("1", "2")), "")
    if "project" in said or ({"version", "date"} <= said and not number):
        said.add("project")
        fits = [key for key, asked in HEAD.items() if asked[0] == "project" and set(asked) <= said]
        return max(fits, key=lambda key: len(HEAD[key]), default="")
    if not number or "classification" not in said:
        return ""
    fits = [key for key, asked in list(HEAD.items())[4:] if set(asked) <= said]
    return fits[0] + number if fits else ""
