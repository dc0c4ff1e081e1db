"""Small mapping tables of the Commission's form, as the countries of the Union would publish them; all made up.

The concepts of ESCO are of the embedded sample; codes and national labels are invented.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

OCCUPATION = "http://data.europa.eu/esco/occupation/"
IRIS = [OCCUPATION + f"{number:08x}-0000-4000-8000-{number:012x}" for number in range(1, 41)]
GROUP = "http://data.europa.eu/esco/isco/C2269"
KINDS = ("exact", "close", "broad", "narrow")
HEAD = (
    ("Mapping project name", "ESCO - Test 2024"),
    ("Mapping project author", "Office"),
    ("Mapping project version", "v2"),
    ("Mapping project version date", "01/02/2024"),
    ("Classification 1 Name", "ESCO"),
    ("Classification 1 Concept type", "Occupation"),
    ("Classification 1 Version", "v1.1.1"),
    ("Classification 1 Language", ""),
    ("Classification 1 Landing page", "https://esco.ec.europa.eu"),
    ("Classification 2 Name", "Test 2024"),
    ("Classification 2 Concept type", "Occupation"),
    ("Classification 2 Version", "7"),
    ("Classification 2 Language", ""),
    ("Classification 2 Landing page", "https://example.org"),
)


@dataclass(frozen=True)
class National:
    """How one country writes the form.

    `columns` maps each heading to what stands under it: iri, label, code, name, relation, or a text as it is.
    """

    country: str
    lang: str
    columns: dict[str, str]
    words: tuple[str, str, str, str] = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch")
    encoding: str = "utf-8"
    separator: str = ","
    keys: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    names: tuple[str, ...] = ("cook", "head cook", "nurse", "school nurse")
    code: str = "{:06d}"
    head: bool = True
    blank: int = 2
    quote: int = csv.QUOTE_MINIMAL

    def rows(self, count: int = 24) -> list[dict[str, str]]:
        """Give what the table says, row by row."""
        made = []
        for at in range(count):
            label = self.names[at % len(self.names)]
            code = self.code.format(120_100 + 7 * at)
            made.append(
                {"iri": IRIS[at], "label": f"{label} {at}", "code": code, "name": f"{label}, {at}"}
                | {"kind": KINDS[at % 4], "relation": self.words[at % 4]}
            )
        return made

    def data(self, count: int = 24) -> bytes:
        """Write the table."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.separator, lineterminator="\r\n", quoting=self.quote)  # type: ignore[arg-type]
        for line in self.before:
            text.write(line + "\r\n")
        for at, (key, value) in enumerate(HEAD if self.head else ()):
            said = self.lang if "Language" in key else value
            cells = [self.keys[at] if self.keys else key, said]
            writer.writerow(cells + [""] * (len(self.columns) - 2))
        for _ in range(self.blank if self.head else 0):
            text.write(self.separator * (len(self.columns) - 1) + "\r\n")
        writer.writerow(self.columns)
        for row in self.rows(count):
            writer.writerow([row.get(what, what) for what in self.columns.values()])
        return text.getvalue().encode(self.encoding)


def _form(one: str, uri: str, label: str, code: str, relation: str) -> dict[str, str]:
    """Give the columns of the form with translated headings."""
    return {
        f"{one} 1 {uri}": "iri", f"{one} 1 {label}": "label", f"{one} 2 {code}": "code",
        f"{one} 2 {label}": "name", relation: "relation",
    }  # fmt: skip


ENGLISH = _form("Classification", "URI", "PrefLabel", "ID", "Mapping relation")
COUNTRIES = [
    National(
        "AT",
        "de",
        ENGLISH | {"Editorial note": ""},
        encoding="cp1252",
        separator=";",
        names=("Köchin", "Küchenhilfe", "Gärtner", "Straßenbauer"),
    ),
    National(
        "BE",
        "nl",
        {
            "ESCO URI": "iri",
            "ESCO label FR": "étiquette",
            "ESCO label NL": "label",
            "Competent code": "code",
            "Competent label": "name",
            "Relatie": "relation",
        },
        ("exact", "nauw verwant", "breder", "nauwer"),
        code="C{:05d}-1",
    ),
    National(
        "BG",
        "bg",
        _form("Класификация", "URI", "Наименование", "Код", "Връзка"),
        ("точно съответствие", "близко съответствие", "по-широко", "по-тясно"),
        names=("готвач", "главен готвач", "медицинска сестра", "шивач"),
    ),
    National(
        "BG-1251",
        "bg",
        _form("Класификация", "URI", "Наименование", "Код", "Връзка"),
        ("exactMatch", "closeMatch", "broadMatch", "narrowMatch"),
        "cp1251",
        ";",
        names=("готвач", "главен готвач", "медицинска сестра", "шивач"),
    ),
    National(
        "CZ",
        "cs",
        _form("Klasifikace", "URI", "název", "kód", "Vztah"),
        ("přesná shoda", "blízká shoda", "širší", "užší"),
        "cp1250",
        ";",
        names=("kuchař", "šéfkuchař", "zdravotní sestra", "řidič"),
        code="{:05d}",
    ),
    National(
        "DK",
        "da",
        {"ESCO URI": "iri", "ESCO titel": "label", "DISCO kode": "code", "DISCO titel": "name", "Relation": "relation"},
        ("eksakt", "nær", "bredere", "snævrere"),
        "cp1252",
        ";",
        names=("sygeplejerske på skole", "kok", "gårdejer", "tømrer"),
        head=False,
    ),
    National(
        "EE",
        "et",
        _form("Klassifikaator", "URI", "nimetus", "kood", "Vastavus"),
        ("täpne vaste", "lähedane vaste", "laiem", "kitsam"),
        "cp1257",
        ";",
        names=("kokk", "õde", "öövalvur", "šokolaadimeister"),
    ),
    National(
        "EL",
        "el",
        _form("Ταξινόμηση", "URI", "Ονομασία", "Κωδικός", "Σχέση"),
        ("ακριβής αντιστοιχία", "στενή αντιστοιχία", "ευρύτερη", "στενότερη"),
        "cp1253",
        ";",
        names=("μάγειρας", "νοσοκόμος", "οδηγός", "κηπουρός"),
    ),
    National(
        "ES",
        "es",
        _form("Clasificación", "URI", "nombre", "código", "Relación"),
        ("exacta", "cercana", "más amplio", "más específico"),
        "cp1252",
        ";",
        names=("cocinero", "enfermería", "diseñador", "albañil"),
    ),
    National(
        "FI",
        "fi",
        _form("Luokitus", "URI", "nimi", "koodi", "Vastaavuus"),
        ("tarkka vastaavuus", "läheinen", "laajempi", "suppeampi"),
        names=("kokki", "keittiöpäällikkö", "sairaanhoitaja", "kääntäjä"),
    ),
    National(
        "FR",
        "fr",
        _form("classification", "ID", "prefered label", "ID", "mapping relation"),
        ("exact", "proche", "plus large", "plus étroit"),
        "mac_roman",
        ";",
        names=("cuisinière", "infirmier", "conseillère", "élagueur"),
        code="{:05d}",
    ),
    National(
        "HR",
        "hr",
        {"ESCO URI": "iri", "ESCO naziv": "label", "NKZ šifra": "code", "NKZ naziv": "name", "Odnos": "relation"},
        ("točno", "blisko", "šire", "uže"),
        "utf-16",
        "\t",
        names=("kuhar", "šef kuhinje", "medicinska sestra", "vrtlar"),
        code="{:04d}.11.1",
    ),
    National(
        "HU",
        "hu",
        _form("Osztályozás", "URI", "megnevezés", "kód", "Kapcsolat"),
        ("pontos egyezés", "közeli", "tágabb", "szűkebb"),
        "cp1250",
        ";",
        names=("szakács", "ápolónő", "sofőr", "kertész"),
        code="{:04d}",
    ),
    National(
        "IT",
        "it",
        _form("Classificazione", "URI", "nome", "codice", "Relazione"),
        ("corrispondenza esatta", "simile", "più ampio", "più ristretto"),
        names=("cuoco", "infermiere", "perito", "attività"),
        code="{:01d}.2.3.4",
    ),
    National(
        "LT",
        "lt",
        _form("Klasifikatorius", "URI", "pavadinimas", "kodas", "Ryšys"),
        ("tikslus atitikmuo", "artimas", "platesnis", "siauresnis"),
        "cp1257",
        ";",
        names=("virėjas", "slaugytoja", "šaltkalvis", "ūkininkas"),
    ),
    National(
        "LV",
        "lv",
        _form("Klasifikators", "URI", "nosaukums", "kods", "Saistība"),
        ("precīza atbilstība", "tuva", "plašāks", "šaurāks"),
        "cp1257",
        ";",
        names=("pavārs", "māsa", "šuvējs", "dārznieks"),
        code="{:04d}.07",
    ),
    National(
        "NL",
        "nl",
        {"BO&C code": "code", "BO&C naam": "name", "ESCO URI": "iri", "ESCO naam": "label", "Relatie": "relation"},
        ("exact", "nauw", "breder", "nauwer"),
        head=False,
    ),
    National(
        "NO",
        "no",
        {"Column1": "", **ENGLISH},
        ("nøyaktig", "nær", "bredere", "smalere"),
        "utf-8-sig",
        ";",
        names=("kokk", "sykepleier på øy", "gårdbruker", "fører"),
        before=("Column1;Column2;Column3;Column4;Column5;Column6",),
    ),
    National(
        "PL",
        "pl",
        _form("Klasyfikacja", "URI", "nazwa", "kod", "Relacja"),
        ("dokładne dopasowanie", "bliskie", "szersze", "węższe"),
        "cp1250",
        ";",
        names=("kucharz", "pielęgniarka", "ślusarz", "żołnierz"),
    ),
    National(
        "PT",
        "pt",
        _form("Classificação", "URI", "nome", "código", "Correspondência"),
        ("exata", "próxima", "mais amplo", "mais restrito"),
        "cp1252",
        ";",
        names=("cozinheiro", "enfermeiro", "peão", "açougueiro"),
        code="{:04d}.1",
    ),
    National(
        "RO",
        "ro",
        _form("Clasificare", "URI", "denumire", "cod", "Relație"),
        ("exactă", "apropiată", "mai larg", "mai restrâns"),
        names=("bucătar", "asistent", "șofer", "țesător"),
    ),
    National(
        "SE",
        "sv",
        ENGLISH,
        ("EQ", "~EQ", "BT", "NT"),
        "utf-16-le",
        ",",
        names=("kock", "sjuksköterska", "åkare", "ärtodlare"),
    ),
    National(
        "SI",
        "sl",
        _form("Klasifikacija", "URI", "naziv", "šifra", "Razmerje"),
        ("natančno ujemanje", "blizu", "širši", "ožji"),
        "cp1250",
        "\t",
        names=("kuhar", "medicinska sestra", "šofer", "čistilka"),
    ),
    National(
        "SK",
        "sk",
        _form("Klasifikácia", "URI", "názov", "kód", "Vzťah"),
        ("presná zhoda", "blízka zhoda", "širší", "užší"),
        "cp1250",
        ";",
        names=("kuchár", "zdravotná sestra", "vodič", "záhradník"),
        code="{:07d}",
    ),
    National("IRI", "en", ENGLISH, tuple(f"http://www.w3.org/2004/02/skos/core#{kind}Match" for kind in KINDS)),  # type: ignore[arg-type]
    National("words", "en", ENGLISH, ("exact match", "close match", "broader", "narrower")),
    National(
        "SEP",
        "en",
        ENGLISH,
        ("Exact Match", "Close Match", "Broad Match", "Narrow Match"),
        separator=";",
        before=("sep=;",),
    ),
    National("quoted", "en", {"Nr": "n", **ENGLISH, "ISCO": "2269", "Date": "2024-01-01"}, quote=csv.QUOTE_ALL),
    National(
        "order",
        "en",
        {
            "relation": "relation",
            "label (national)": "name",
            "national code": "code",
            "ESCO label": "label",
            "ESCO URI": "iri",
        },
        head=False,
    ),
    National(
        "keys",
        "sk",
        _form("Klasifikácia", "URI", "názov", "kód", "Vzťah"),
        ("presná", "blízka", "širší", "užší"),
        keys=(
            "Názov projektu",
            "Autor projektu",
            "Verzia projektu",
            "Dátum verzie",
            *(f"Klasifikácia {n} {what}" for n in (1, 2) for what in ("názov", "typ", "verzia", "jazyk", "stránka")),
        ),
    ),
]
