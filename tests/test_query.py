"""Stored queries as such: the lexer, safe terms, typed parameters, what is refused at load, typed rows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esco_graph import query as query_module
from esco_graph.errors import NotFoundError, ParameterError, QueryError
from esco_graph.parameters import TYPES, Parameter, read_parameter, write_terms
from esco_graph.query import Rule, StoredQuery, Table, catalogue, rules, stored
from esco_graph.solutions import Solutions
from esco_graph.sparql import join, limit_parameters, projected_parameters, split, tokens, unordered_limit, write_string

OTA = "http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
XSD = "http://www.w3.org/2001/XMLSchema#"

# --- the lexer -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("$a $ab $a", ("a", "ab", "a")),
        ("?a $b1 $_c", ("b1", "_c")),
        ("<http://x/$a> <$a> $b", ("b",)),
        ("?x<$a", ("a",)),
        ("?x < $a && ?y > $b", ("a", "b")),
        ("\"$a\" '$b' $c", ("c",)),
        ('"\\"$a" $b', ("b",)),
        ("'\\'$a' $b", ("b",)),
        ('"""$a " "" \\""" $b""" $c', ("c",)),
        ("'''$a ' '' \n $b''' $c", ("c",)),
        ('""""$a""" $b', ("b",)),
        ('"" $a', ("a",)),
        ('"$a"@en $b', ("b",)),
        ('"x"^^xsd:int $b', ("b",)),
        ("# $a '\n$b # $c", ("b",)),
        ("<http://x/#a> $b", ("b",)),
        ("ex:a\\#b $c", ("c",)),
        ("ex:it\\'s $a ex:it\\'s", ("a",)),
        ("ex:a\\$b $c", ("c",)),
        ("ex:a%20b:c-d.e $c", ("c",)),
        ("?s ex:p? $a", ("a",)),
        ("$é $a·b", ("é", "a·b")),
        ("<http://x/\\u00E9#> $a", ("a",)),
        ("LIMIT $limit", ("limit",)),
        ("$ a $ $b", ("b",)),
    ],
)
def test_only_parameter_tokens_are_found(text: str, names: tuple[str, ...]) -> None:
    texts, found = split(text)
    assert found == names
    assert join(texts, found, {name: f"${name}" for name in found}) == text


@pytest.mark.parametrize("text", ['"never', "'never", '"line\nbreak"', "\\u0024a", '"""half"', "<http://x/\\> $a"])
def test_text_that_no_lexer_can_read_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="line 1"):
        list(tokens(text))


@given(
    st.lists(st.sampled_from(["$a", "?b", '"$a"', "'x'", "<http://$a>", "#$a\n", "ex:a\\'b", " ", "{", "}", "<", "é"]))
)
def test_tokens_put_together_give_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        found = list(tokens(text))
    except QueryError:
        return  # pieces that ran into one another may leave a quote open
    assert "".join(token.text for token in found) == text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT $a { ?s ?p $a }", ["a"]),
        ("SELECT DISTINCT ?s $a WHERE { }", ["a"]),
        ("SELECT (1 AS $a) { }", ["a"]),
        ("select ?s from <http://g> { { select $b { } } }", ["b"]),
        ("SELECT (STR($a) AS ?b) { ?b ?b $c }", []),
        ("SELECT (IF($a = (1), $b, 2) AS ?b) { }", []),
        ("SELECT * { ?s ?p $a }", []),
    ],
)
def test_projected_parameters(text: str, names: list[str]) -> None:
    assert projected_parameters(text) == names


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("SELECT ?s { } LIMIT 1", True),
        ("SELECT ?s { } OFFSET 1", True),
        ("SELECT ?s { { SELECT ?s { } LIMIT 2 } } ORDER BY ?s LIMIT 1", True),
        ("SELECT ?s { { SELECT ?s { } ORDER BY ?s } } LIMIT 1", True),
        ("SELECT ?s { { SELECT ?s { } ORDER BY ?s LIMIT 2 } } ORDER BY ?s LIMIT 1", False),
        ('SELECT ?s { ?s ?p "LIMIT" } # LIMIT', False),
        ("SELECT ?s { } } } LIMIT 1", True),
    ],
)
def test_limit_without_order(text: str, bad: bool) -> None:
    assert unordered_limit(text) is bad


def test_parameters_after_limit_and_offset() -> None:
    assert limit_parameters("SELECT * { ?s ?p $a } LIMIT # here\n $b offset $c") == {"b", "c"}


# --- terms -----------------------------------------------------------------------------------------------------------

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
_NASTY = st.lists(
    st.sampled_from(['"', "\\", "u", "U", "0022", "00000022", "\n", "\r", "'", "#", "$a", "?x", "}", "\t", "é", "\b"])
)


def _oxigraph(term: str) -> ox.Literal:
    (row,) = ox.Store().query(f"SELECT ({term} AS ?x) {{}}")
    return row["x"]


def _rdflib(term: str) -> Any:
    (row,) = rdflib.Graph().query(f"SELECT ({term} AS ?x) {{}}")
    return row[0]


@given(_TEXT | _NASTY.map("".join))
def test_strings_come_back_from_oxigraph(value: str) -> None:
    assert _oxigraph(write_string(value)) == ox.Literal(value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_NASTY.map("".join))
def test_strings_come_back_from_rdflib(value: str) -> None:
    assert str(_rdflib(write_string(value))) == value


@pytest.mark.parametrize("value", ["\\u0022", "\\\\u0022", "\\U00000022 . }", "\\\\\\u005c", "a\\u00220022", "\\x"])
def test_a_written_out_escape_stays_what_it_is(value: str) -> None:
    # rdflib expands \uXXXX (or eight digits) before it parses: a plain doubling of backslashes would give another text.
    assert str(_rdflib(write_string(value))) == value
    assert _oxigraph(write_string(value)).value == value


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "x\udfff"])
def test_what_no_engine_carries_is_refused(value: str) -> None:
    with pytest.raises(ParameterError, match=r"U\+"):
        write_string(value)


@given(st.integers(1 - 2**63, 2**63 - 1))
def test_integers_come_back(value: int) -> None:
    assert _oxigraph(Parameter("n", "integer").term(value)) == ox.Literal(
        str(value), datatype=ox.NamedNode(XSD + "integer")
    )


@given(st.decimals(-(10**9), 10**9, places=6) | st.floats(-1e9, 1e9, allow_nan=False).filter(lambda x: abs(x) > 1e-9))
def test_decimals_come_back(value: Decimal | float) -> None:
    try:
        term = Parameter("x", "decimal").term(value)
    except ParameterError:
        assert abs(Decimal(str(value)).as_tuple().exponent) > 18  # type: ignore[arg-type] # finite
        return
    literal = _oxigraph(term)
    assert literal.datatype.value == XSD + "decimal"
    assert Decimal(literal.value) == Decimal(str(value))


# --- parameters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("concept", "esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c", f"<{OTA}>"),
        ("concept", OTA, f"<{OTA}>"),
        ("concept", ox.NamedNode(OTA), f"<{OTA}>"),
        ("iri", rdflib.URIRef(OTA), f"<{OTA}>"),
        ("iri", "urn:uuid:1", "<urn:uuid:1>"),
        ("string", "nurse", '"nurse"'),
        ("string", "$other ?x", '"$other ?x"'),
        ("string", rdflib.Literal("nurse", lang="en"), '"nurse"'),
        ("lang", "pt-BR", '"pt-br"'),
        ("lang", "zh-Hans-CN-x-private", '"zh-hans-cn-x-private"'),
        ("integer", "10", "10"),
        ("integer", " -3 ", "-3"),
        ("decimal", "0.5", "0.5"),
        ("decimal", 1, "1.0"),
        ("decimal", 1e-3, "0.001"),
        ("decimal", "-.5", "-0.5"),
        ("boolean", "True", "true"),
        ("boolean", False, "false"),
        ("choice", "same", '"same"'),
    ],
)
def test_values_become_terms(kind: str, value: Any, term: str) -> None:
    values = ("same", "any") if kind == "choice" else ()
    assert Parameter("p", kind, values=values).term(value) == term


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (
            "concept",
            ["2269.5", "occupational therapist", "esco-occupation:a b", "", "a\0", "nope:x y", "/relative", 5, None],
        ),
        (
            "iri",
            ["http://a/ b", "http://a/\\", "http://a/>", "http://a/\ud800", "http://a/%zz", "http://a/{", b"http://a/"],
        ),
        ("string", ["\0", "\udc00", 5, None, b"x", ["x"]]),
        ("lang", ["", "e", "english language", "en_GB", "en-", "-en", "12", "en-x", '" } #', "a-b-c", 5, "abcdefghi"]),
        ("integer", ["", "1.0", "one", "1e3", "٣", True, 1.0, 2**63, -(2**63), "9" * 5000, 10**5000, "0x10", None]),
        (
            "decimal",
            ["", ".", "1e3", "NaN", "inf", float("nan"), float("inf"), True, "1,5", "9" * 5000, Decimal("sNaN")],
        ),
        ("boolean", ["yes", "1", 1, "", None]),
        ("choice", ["", "Same", "same ", '" || true', 1, None]),
    ],
)
def test_what_does_not_fit_is_refused_by_name(kind: str, values: list[Any]) -> None:
    parameter = Parameter("thing", kind, values=("same", "any") if kind == "choice" else ())
    for value in values:
        with pytest.raises(ParameterError) as caught:
            parameter.term(value)
        message = str(caught.value)
        assert message.startswith("parameter thing is ")
        assert f"Give {parameter.expected}." in message
        assert message.isprintable()
        assert len(message) < 400


@pytest.mark.parametrize("kind", ["integer", "decimal"])
def test_numbers_have_bounds(kind: str) -> None:
    parameter = Parameter("n", kind, minimum=1, maximum=2)
    assert [parameter.term(value) for value in (1, "2")] == [Parameter("n", kind).term(value) for value in (1, 2)]
    for value in (0, 3, "-1"):
        with pytest.raises(ParameterError, match="from 1 to 2"):
            parameter.term(value)


def test_the_error_shows_what_was_given() -> None:
    with pytest.raises(ParameterError, match="parameter limit is 'many'"):
        stored("search-labels").bind(text="x", limit="many")


def test_unknown_and_missing_parameters() -> None:
    query = stored("occupations-by-coverage")
    with pytest.raises(ParameterError, match=r"no parameter ocupation\. Did you mean occupation"):
        query.bind(ocupation=OTA)
    with pytest.raises(ParameterError, match=r"It takes: occupation, level"):
        query.bind(zzz=1, occupation=OTA)
    with pytest.raises(ParameterError, match=r"occupations-by-coverage: the parameter occupation is missing"):
        query.bind(level="same")
    with pytest.raises(ParameterError, match="occupation is missing"):
        query.bind(occupation=None)


def test_none_and_nothing_mean_the_default() -> None:
    query = stored("occupations-by-coverage")
    assert query.bind(occupation=OTA, limit=None, lang=None) == query.bind(occupation=OTA)
    assert "LIMIT 10\n" in query.bind(occupation=OTA)


def test_a_value_is_not_read_again() -> None:
    parameters = (Parameter("a", "string", required=True), Parameter("b", "string", required=True))
    terms = write_terms(parameters, {"a": "$b", "b": "$a"}, "q")
    assert join(*split("$a $b"), terms) == '"$b" "$a"'


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"type": "number", "required": True}, "unknown type 'number'"),
        ({"required": True}, "unknown type None"),
        ({"type": ["iri"], "required": True}, "unknown type"),
        ("concept", "not a map"),
        ({"type": "string", "required": True, "minimun": 1}, "known keys"),
        ({"type": "string"}, "either required or has a default"),
        ({"type": "string", "required": True, "default": "x"}, "either required or has a default"),
        ({"type": "integer", "default": "ten"}, "the default does not fit"),
        ({"type": "integer", "default": 0, "minimum": 1}, "the default does not fit"),
        ({"type": "choice", "required": True}, "a choice needs values"),
        ({"type": "string", "required": True, "values": ["a"]}, "only a choice has them"),
        ({"type": "choice", "default": "yes", "values": [True, False]}, "not a list of texts"),
        ({"type": "string", "required": True, "minimum": 1}, "bound numbers"),
        ({"type": "integer", "required": True, "minimum": "1"}, "bound numbers"),
    ],
)
def test_a_wrong_entry_in_a_header_is_refused(entry: Any, fault: str) -> None:
    with pytest.raises(QueryError, match=fault) as caught:
        read_parameter("p", entry, "some.rq")
    assert "some.rq, parameter p" in str(caught.value)


# --- what is refused at load -----------------------------------------------------------------------------------------

GOOD = """#+ summary: Things of a kind
#+ description: Whatever is of the kind.
#+ params:
#+   kind: {type: iri, required: true, description: The kind}
#+   limit: {type: integer, default: 3, minimum: 1, maximum: 9}
#+ columns: {thing: iri, label: lang-string}
#+ example: {kind: "http://example.org/Kind"}
SELECT DISTINCT ?thing ?label WHERE { ?thing a $kind ; <http://example.org/label> ?label }
ORDER BY STR(?thing) LIMIT $limit
"""


def _file(folder: Path, text: str, name: str = "things.rq") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    query = StoredQuery.read(_file(tmp_path, GOOD))
    assert (query.name, query.summary) == ("things", "Things of a kind")
    assert query.columns == {"thing": "iri", "label": "lang-string"}
    assert [parameter.required for parameter in query.parameters] == [True, False]
    assert query.text.startswith("SELECT")
    assert query.bind(kind="http://example.org/K").endswith("LIMIT 3\n")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("a $kind ;", "a $kind ; a $sort ;"), "used but not declared: sort"),
        (("a $kind ;", "a <http://example.org/Kind> ;"), "declared but not used: kind"),
        (("a $kind ;", 'a ?k ; a "$kind" ; # $kind\n'), "declared but not used: kind"),
        (("?thing ?label WHERE", "?thing ?label $kind WHERE"), "given back as columns.*: kind"),
        (("ORDER BY STR(?thing) ", ""), "LIMIT or OFFSET without ORDER BY"),
        (("label: lang-string}", "name: lang-string}"), "the columns are thing, name, the query gives thing, label"),
        (("{thing: iri, label: lang-string}", "{label: lang-string, thing: iri}"), "the columns are label, thing"),
        (("{thing: iri, label: lang-string}", "{thing: iri}"), "the columns are thing,"),
        (("label: lang-string}", "label: [iri]}"), "column label has the unknown type"),
        (("label: lang-string}", "label: text}"), "column label has the unknown type 'text'"),
        (('#+ example: {kind: "http://example.org/Kind"}\n', ""), "no example"),
        (('{kind: "http://example.org/Kind"}', "{}"), "the example does not fit: .*kind is missing"),
        (('{kind: "http://example.org/Kind"}', "{kind: Kind}"), "the example does not fit: .*'Kind'"),
        (('{kind: "http://example.org/Kind"}', '{kin: "http://e/"}'), "the example does not fit: .*no parameter kin"),
        (("type: iri", "type: uri"), "unknown type 'uri'"),
        (("minimum: 1, ", ""), "without minimum: 0 or more: limit"),
        (("type: integer, default: 3, minimum: 1, maximum: 9", "type: string, default: '3'"), "without minimum"),
        (("?label }", "?label "), "does not parse"),
        (("SELECT DISTINCT ?thing ?label WHERE", "ASK WHERE"), "does not parse|is a SELECT"),
        (("a $kind ;", 'a $kind ; a "open ;'), "never closed"),
        (("#+ summary: Things", "#+ sumary: Things"), "known keys"),
        (("#+ summary: Things of a kind\n", ""), "no summary"),
        (("#+ description: Whatever is of the kind.\n", ""), "no description"),
        (("description: Whatever", "description: What: ever"), "not YAML"),
        (("#+ columns: {thing: iri, label: lang-string}", "#+ columns: [thing, label]"), "columns is not a map"),
        (("#+   kind: {type: iri,", "#+   kind: {typ: iri,"), "known keys"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(QueryError, match=f"(?s){fault}") as caught:
        StoredQuery.read(_file(tmp_path, GOOD.replace(*change)))
    assert "things.rq" in str(caught.value)


def test_an_ask_is_refused(tmp_path: Path) -> None:
    text = "#+ summary: x\n#+ description: x\n#+ columns: {}\n#+ example: {}\nASK { ?s ?p ?o }\n"
    with pytest.raises(QueryError, match="is a SELECT"):
        StoredQuery.read(_file(tmp_path, text))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="cannot be read"):
        StoredQuery.read(tmp_path / "none.rq")
    (tmp_path / "latin.rq").write_bytes(b"#+ summary: caf\xe9\n")
    with pytest.raises(QueryError, match="cannot be read"):
        StoredQuery.read(tmp_path / "latin.rq")


def test_names_are_unique_over_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        _file(tmp_path / folder, GOOD)
    monkeypatch.setattr(query_module, "resource", lambda _: tmp_path)
    with pytest.raises(QueryError, match="two stored queries are named things"):
        query_module._files.__wrapped__()


def test_a_rule_must_construct(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="a rule is a CONSTRUCT"):
        Rule.read(_file(tmp_path, "#+ summary: x\n#+ description: x\nSELECT * { ?s ?p ?o }\n"))
    assert all(rule.summary and rule.description for rule in rules().values())


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_the_catalogue_is_sorted_and_whole() -> None:
    names = list(catalogue())
    assert names == sorted(names)
    assert {query.path.parent.name for query in catalogue().values()} >= {"concepts", "skills", "careers"}
    assert not set(rules()) & set(names)
    assert all(stored(name) is query for name, query in catalogue().items())


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(NotFoundError, match="Did you mean missing-skills"):
        stored("mising-skills")
    with pytest.raises(NotFoundError, match="There are: broader-skills"):
        stored("zzzzzz")


# --- typed rows ------------------------------------------------------------------------------------------------------

TYPED = """#+ summary: All types
#+ description: One column of each type.
#+ columns: {i: iri, s: string, l: lang-string, n: integer, d: decimal, b: boolean}
#+ example: {}
SELECT ?i ?s ?l ?n ?d ?b WHERE { ?i ?s ?l . ?n ?d ?b }
"""


class Fixed:
    """A graph that always answers the same."""

    def __init__(self, variables: tuple[str, ...], *rows: tuple[Any, ...]) -> None:
        self.solutions = Solutions(variables, list(rows))

    def select(self, sparql: str) -> Solutions:
        return self.solutions


def _typed(value: str, name: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + name))


def test_rows_are_typed_by_the_header_whatever_the_order_of_the_answer(tmp_path: Path) -> None:
    query = StoredQuery.read(_file(tmp_path, TYPED))
    row = (
        _typed("true", "boolean"),
        _typed("0.25", "decimal"),
        _typed("+3", "integer"),
        ox.Literal("Pflege", language="de"),
        ox.NamedNode("http://example.org/as-text"),
        ox.NamedNode(OTA),
    )
    table = query.run(Fixed(("b", "d", "n", "l", "s", "i"), row, (None,) * 6))
    assert table.columns == ("i", "s", "l", "n", "d", "b")
    assert table.rows == [(OTA, "http://example.org/as-text", "Pflege", 3, 0.25, True), (None,) * 6]
    assert [type(value) for value in table.rows[0]] == [str, str, str, int, float, bool]
    assert table.dicts()[0]["n"] == 3


@pytest.mark.parametrize(("column", "value"), [("n", "three"), ("d", "much"), ("b", "maybe")])
def test_a_value_of_another_type_is_an_error_that_names_the_query(tmp_path: Path, column: str, value: str) -> None:
    query = StoredQuery.read(_file(tmp_path, TYPED))
    row = tuple(ox.Literal(value) if name == column else None for name in query.columns)
    with pytest.raises(QueryError, match="things: a value does not fit"):
        query.run(Fixed(tuple(query.columns), row))


def test_an_answer_with_other_columns_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="the answer has the columns i, not i, s"):
        StoredQuery.read(_file(tmp_path, TYPED)).run(Fixed(("i",)))


def test_a_table_without_rows_has_its_columns() -> None:
    assert Table(("a",), []).dicts() == []


def test_every_type_says_what_it_expects() -> None:
    for kind in TYPES:
        assert Parameter("p", kind, values=("x",) if kind == "choice" else ()).expected
