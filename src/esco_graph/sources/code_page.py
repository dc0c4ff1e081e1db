"""Which of the eight-bit code pages a text is in, judged by the letters that the languages of Europe have."""

from __future__ import annotations

LETTERS = {
    "fr": "àâæçéèêëîïôœùûüÿ",
    "de": "äöüß",
    "es": "áéíñóúü¿¡ºª",
    "pt": "àáâãçéêíóôõúüºª",
    "it": "àèéìíòóùú",
    "nl": "éèëïöüáíó",
    "sv": "åäöé",
    "da": "æøåé",
    "no": "æøåéòôó",
    "fi": "äöåšž",
    "ga": "áéíóú",
    "mt": "ċġħżàèìòù",
    "is": "áðéíóúýþæö",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "pl": "ąćęłńóśźż",
    "hu": "áéíóöőúüű",
    "ro": "ăâîșțşţ",
    "hr": "čćđšž",
    "sl": "čšž",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "et": "äõöüšž",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
}
PAGES = {
    "cp1252": ("fr", "de", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "ga", "is"),
    "cp1250": ("cs", "sk", "pl", "hu", "ro", "hr", "sl"),
    "cp1257": ("lt", "lv", "et"),
    "cp1251": ("bg",),
    "cp1253": ("el",),
    "iso8859_2": ("cs", "sk", "pl", "hu", "hr", "sl"),
    "iso8859_3": ("mt",),
    "iso8859_15": ("fr", "fi", "et"),
    "cp852": ("cs", "sk", "pl", "hu", "hr", "sl", "ro"),
    "cp850": ("fr", "de", "es", "pt", "it", "nl", "sv", "da", "no"),
    "mac_roman": ("fr", "de", "es", "pt", "it", "nl", "sv", "da", "no"),
}
PLAIN = "–—‘’‚“”„…«»°§€·•´\xa0×²³½"  # signs that texts of any language have


def code_page(sample: bytes, lang: str = "") -> str:
    """Name the code page in which most of the high bytes are letters of one language; `lang` breaks ties.

    A capital inside a word counts against a page, and Greek or Cyrillic right after Latin too, as both are seldom
    meant. Between equals the first of PAGES wins.

    >>> code_page("vedoucí kuchař, číšník".encode("cp1250"))
    'cp1250'
    >>> code_page("žemės ūkio įrenginių šaltkalvis".encode("cp1257"))
    'cp1257'
    >>> code_page("Köche und Köchinnen für Großküchen".encode("cp1252"))
    'cp1252'
    """
    words = _high_words(sample)
    best, page = 0.0, "cp1252"
    for name, langs in PAGES.items():
        text = words.decode(name, errors="replace")
        for one in langs:
            score = _share(text, LETTERS[one]) + 0.05 * (one == lang.lower()[:2])
            if score > best + 1e-9:
                best, page = score, name
    return page


def _high_words(sample: bytes) -> bytes:
    """Keep the words that have a byte above ASCII; the rest is the same in every page."""
    words = (word for word in sample.split() if any(byte > 127 for byte in word))
    return b" ".join(word for word, _ in zip(words, range(4000), strict=False))


def _share(text: str, letters: str) -> float:
    """Say which share of the characters above ASCII are letters of the language, and stand where such letters do."""
    good = bad = 0
    before = " "
    for sign in text:
        if sign > "\x7f" and sign not in PLAIN:
            capital = sign.isupper() and before.islower()
            mixed = sign >= "\u0370" and before.isalpha() and before < "\u0250"
            fits = sign.lower() in letters and not capital and not mixed
            good += fits
            bad += not fits
        before = sign
    return good / (good + bad) if good + bad else 0.0
