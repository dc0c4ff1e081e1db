"""Every stored query on rdflib, on Oxigraph and behind HTTP: equal rows, right rows, harmless under hostile values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_graph.errors import ParameterError
from esco_graph.graph import Graph
from esco_graph.query import Table, catalogue, rules, stored
from esco_graph.terms import ESCO, ESG, RDF, SKOS, XSD, prefixes
from small_graphs import FIRST, SMALL, Rdflib, doubled, remote

DATA = "http://data.europa.eu/esco/"
A, B, C, D, D1, E, F = (f"{DATA}occupation/{name}" for name in ("a", "b", "c", "d", "d1", "e", "f"))
S1, S2, S3, S4, S5, S6, S7, S8, S9 = (f"{DATA}skill/s{number}" for number in range(1, 10))
G1, G2 = f"{DATA}skill/g1", f"{DATA}skill/g2"
C0, C2, C2269 = f"{DATA}isco/C0", f"{DATA}isco/C2", f"{DATA}isco/C2269"
GREEN = DATA + "concept-scheme/green"
NOWHERE = DATA + "occupation/nowhere"
NORTH, SOUTH = "http://example.org/north", "http://example.org/south"


def test_the_texts_name_only_queries_that_there_are() -> None:
    named = {
        (one.name, word)
        for one in catalogue().values()
        for word in re.findall(r"\bthe query ([a-z-]+)", f"{one.summary} {one.description}", re.IGNORECASE)
    }
    assert ("next-steps", "skill-gap") in named
    assert [pair for pair in sorted(named) if pair[1] not in catalogue()] == []


@pytest.fixture(scope="module")
def in_rdflib() -> Rdflib:
    return Rdflib()


@pytest.fixture(scope="module")
def in_memory() -> Graph:
    return Graph.memory(doubled())


@pytest.fixture(scope="module")
def behind_http() -> Iterator[Graph]:
    with remote() as graph:
        yield graph


@pytest.fixture(scope="module")
def ask(in_rdflib: Rdflib, in_memory: Graph, behind_http: Graph) -> Callable[..., Table]:
    """Run a query on all three, hold them to the same rows in the same order, and give them."""

    def everywhere(name: str, /, **values: Any) -> Table:
        tables = [stored(name).run(graph, **values) for graph in (in_rdflib, in_memory, behind_http)]
        assert tables[0].rows == tables[1].rows == tables[2].rows
        return tables[0]

    return everywhere


def _column(table: Table, name: str) -> list[Any]:
    return [row[name] for row in table.dicts()]


def _pick(table: Table, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in table.dicts()]


def _calls(name: str, *values: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(name, one) for one in values]


def _ranked(name: str) -> list[tuple[str, dict[str, Any]]]:
    levels = ((A, "same"), (A, "any"), (A, "next"), (C, "next"), (E, "same"), (F, "any"))
    return [(name, {"occupation": occupation, "level": level}) for occupation, level in levels]


# One call or more of each query, with each word of each choice; equal rows everywhere and no row twice.
CALLS: list[tuple[str, dict[str, Any]]] = [
    *_calls("occupation", *({"occupation": A, "lang": lang} for lang in ("en", "de", "pt-BR", "fr"))),
    *_calls("occupation", {"occupation": F}, {"occupation": S1}),
    *_calls("skill", {"skill": S1}, {"skill": S1, "lang": "de"}, {"skill": S3}, {"skill": S9}, {"skill": A}),
    *_calls("concept", *({"concept": iri, "lang": "de"} for iri in (C2, C2269, G2, GREEN, NOWHERE))),
    *_calls("search-labels", *({"text": "e", "kind": kind} for kind in ("any", "occupation", "skill", "group"))),
    *_calls("search-labels", {"text": "THERAP", "limit": 2}, {"text": 'say "no" \\ YES'}, {"text": ""}),
    *_calls("search-labels", {"text": "österr", "lang": "de"}, {"text": "TERAPIA", "lang": "PT-br"}),
    *_calls("by-label", *({"text": text} for text in ("Therapy Assistant", "HASKELL", "anatomist", "green", "none"))),
    *_calls("by-label", {"text": "ASSISTENTE DE TERAPIA", "lang": "pt-BR"}),
    *_calls("by-label", {"text": "Österreichisch sprechen", "lang": "de"}),
    *_calls("by-notation", *({"code": code} for code in ("2269.5", "2269", "S1.2", "2269.", "02269"))),
    *_calls("isco-chain", *({"occupation": occupation} for occupation in (A, C, D1, E, F))),
    *_calls("isco-members", *({"group": group, "lang": "de"} for group in (C2, C2269, C0, A))),
    *_calls("broader-skills", *({"skill": skill} for skill in (S1, S6, G2, S9))),
    *_calls("narrower-skills", *({"skill": skill, "limit": 2} for skill in (G1, G2, S6, S1)), {"skill": G1}),
    *_calls("regulated-occupations", {}, {"lang": "de"}),
    *_calls("unlabelled-concepts", *({"lang": lang, "limit": 4} for lang in ("de", "en", "fr"))),
    *_calls("unlabelled-concepts", {"lang": "de", "kind": "occupation"}, {"lang": "en", "kind": "skill"}),
    *_calls("release-facts", {}),
    *_calls("occupation-level", *({"occupation": occupation, "lang": "de"} for occupation in (A, E, F))),
    *_calls(
        "occupation-skills", *({"occupation": A, "requirement": need} for need in ("essential", "optional", "any"))
    ),
    *_calls("occupation-skills", *({"occupation": A, "type": kind, "lang": "de"} for kind in ("knowledge", "skill"))),
    *_calls("occupation-skills", {"occupation": B}),
    *_calls("occupations-needing-skill", *({"skill": S2, "requirement": n} for n in ("essential", "optional", "any"))),
    *_calls("shared-skills", *({"occupation": one, "other": two} for one, two in ((A, B), (B, A), (A, E), (D, C)))),
    *_calls(
        "missing-skills", *({"occupation": A, "target": E, "status": s} for s in ("new", "optional", "held", "any"))
    ),
    *_calls("missing-skills", *({"occupation": A, "target": B, "requirement": n} for n in ("essential", "optional"))),
    *_calls("missing-skills", {"occupation": A, "target": A}, {"occupation": F, "target": B, "lang": "de"}),
    *_calls("widely-useful-skills", {"group": C2}, {"group": C2269, "limit": 2}, {"group": C0}),
    *_calls("transversal-skills", *({"occupation": occupation, "lang": "de"} for occupation in (A, B, D, E))),
    *_calls("digital-skills", *({"occupation": occupation} for occupation in (A, C, D))),
    *_calls("green-skills", *({"occupation": occupation} for occupation in (A, B, D))),
    *_calls(
        "skill-gap", *({"occupation": one, "target": two} for one, two in ((A, B), (B, E), (C, D1), (A, A), (A, D)))
    ),
    *_calls("explained-overlap", *({"occupation": one, "other": two} for one, two in ((A, B), (B, A), (A, E), (A, F)))),
    *_calls("explained-overlap", {"occupation": C, "other": B, "lang": "de"}, {"occupation": A, "other": A}),
    *_calls("comparison", {}),
    *_calls("nearest-occupations", *({"occupation": C, "direction": d} for d in ("up", "same", "down", "any"))),
    *_calls("nearest-occupations", {"occupation": A, "direction": "down", "lang": "de"}, {"occupation": E, "limit": 2}),
    *_calls("next-steps", *({"occupation": A, "direction": d, "lang": "de"} for d in ("up", "same", "down", "any"))),
    *_calls("next-steps", {"occupation": F}, {"occupation": NOWHERE}),
    *_calls("career-paths-two-steps", *({"occupation": A, "target": t, "lang": "de"} for t in (B, C, D1, A, F))),
    *_calls("career-paths-three-steps", *({"occupation": A, "target": t, "lang": "de"} for t in (B, C, D1, A, F))),
    *_calls("career-paths-three-steps", {"occupation": C, "target": D, "limit": 2}),
    *_calls("translate", *({"concept": f"{NORTH}/{number}", "scheme": SOUTH} for number in range(1, 6))),
    *_calls("translate", *({"concept": f"{SOUTH}/{number}", "scheme": NORTH, "lang": "de"} for number in range(1, 7))),
    *_calls("translate", {"concept": A, "scheme": SOUTH}, {"concept": NOWHERE, "scheme": SOUTH}),
    *_calls("mappings-of-concept", *({"concept": iri, "lang": "de"} for iri in (A, B, C, D, f"{NORTH}/1", NOWHERE))),
    *_calls("mapping-sets", {}),
    *_calls("unmapped-concepts", {"scheme": NORTH}, {"scheme": SOUTH, "lang": "de"}, {"scheme": NOWHERE, "limit": 2}),
    *_ranked("occupations-by-essential-coverage"),
    *_ranked("occupations-by-coverage"),
    *_ranked("occupations-by-jaccard"),
]


@pytest.mark.parametrize("name", sorted({name for name, _ in CALLS}))
def test_rows_are_equal_on_all_three_engines(name: str, ask: Callable[..., Table]) -> None:
    rows = 0
    for values in (values for called, values in CALLS if called == name):
        table = ask(name, **values)
        assert max(Counter(table.rows).values(), default=1) == 1, values
        rows += len(table.rows)
    assert rows, "no call of this query has an answer, so nothing was compared"


def test_every_query_and_every_word_of_a_choice_is_called() -> None:
    assert {name for name, _ in CALLS} == set(catalogue())
    for name, query in catalogue().items():
        for parameter in (parameter for parameter in query.parameters if parameter.values):
            given_words = {values.get(parameter.name, parameter.default) for called, values in CALLS if called == name}
            assert given_words == set(parameter.values), f"{name}, {parameter.name}"


@pytest.mark.parametrize("name", list(catalogue()))
def test_the_example_answers_on_the_sample(name: str, sample_graph: Graph, behind_http: Graph) -> None:
    query = stored(name)
    assert query.run(sample_graph, **query.example).columns == tuple(query.columns)
    assert query.run(behind_http, **query.example).columns == tuple(query.columns)


def test_the_order_does_not_depend_on_the_order_of_the_data(tmp_path: Path, in_rdflib: Rdflib) -> None:
    lines = sorted(in_rdflib.graph.serialize(format="nt").splitlines(), reverse=True)
    turned = tmp_path / "turned.nt"
    turned.write_text("\n".join(lines), encoding="utf-8")
    other = Rdflib(turned)
    first = dict(reversed(CALLS))
    for name in catalogue():
        query = stored(name)
        assert query.run(other, **first[name]).rows == query.run(in_rdflib, **first[name]).rows, name


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("search-labels", {"text": "e"}),
        ("narrower-skills", {"skill": G1}),
        ("occupations-needing-skill", {"skill": S2}),
        ("unlabelled-concepts", {"lang": "fr"}),
        ("widely-useful-skills", {"group": C2}),
        ("occupations-by-coverage", {"occupation": A}),
        ("occupations-by-jaccard", {"occupation": A}),
    ],
)
def test_a_limit_gives_the_first_rows(name: str, values: dict[str, Any], in_memory: Graph) -> None:
    whole = stored(name).run(in_memory, **values, limit=1000).rows
    assert len(whole) > 4
    for limit in range(1, len(whole) + 1):
        assert stored(name).run(in_memory, **values, limit=limit).rows == whole[:limit]


# --- the right answers -----------------------------------------------------------------------------------------------


def test_an_occupation_shows_its_texts_in_the_language_or_in_english(ask: Callable[..., Table]) -> None:
    rows = _pick(ask("occupation", occupation=A, lang="de"), "property", "value", "label", "lang")
    assert rows[0] == (SKOS + "prefLabel", "Therapieassistenz", None, "de")
    assert (SKOS + "scopeNote", "Umfasst alles.", None, "de") in rows
    assert (SKOS + "altLabel", "T assistant", None, "en") in rows  # there is no German one
    assert (SKOS + "notation", "2269.5", None, None) in rows
    assert (ESCO + "memberOfISCOGroup", C2269, "Health professionals not elsewhere classified", None) in rows
    assert (ESG + "iscoSkillLevel", "4", None, None) in rows
    assert "assistente de terapia" not in [row[1] for row in rows]
    assert not [row for row in rows if "Skill" in row[0] and row[0] != ESG + "iscoSkillLevel"]
    brazilian = _pick(ask("occupation", occupation=A, lang="pt-br"), "value", "lang")
    assert brazilian[0] == ("assistente de terapia", "pt-br")


def test_a_skill_shows_what_it_needs(ask: Callable[..., Table]) -> None:
    rows = _pick(ask("skill", skill=S1, lang="de"), "property", "value", "label")
    assert (ESCO + "relatedOptionalSkill", S2, "Anatomie") in rows
    assert (SKOS + "broader", S6, "im Team arbeiten") in rows
    assert ask("skill", skill=A).rows == []


def test_search_gives_each_concept_once_by_its_best_label(ask: Callable[..., Table]) -> None:
    found = _pick(ask("search-labels", text="Therapy Assistant"), "concept", "label", "match", "property", "preferred")
    assert found == [
        (A, "therapy assistant", "exact", SKOS + "prefLabel", "therapy assistant"),
        (B, "therapy assistant", "exact", SKOS + "altLabel", "therapist"),
    ]
    hidden = _pick(ask("search-labels", text="theraphy"), "concept", "match", "property")
    assert hidden == [(A, "prefix", SKOS + "hiddenLabel")]
    assert _column(ask("search-labels", text="helping", kind="group"), "kind") == ["skill-group", "skill-group"]
    assert _column(ask("search-labels", text="technicians", kind="group"), "match") == ["exact", "contains"]
    assert ask("search-labels", text="").rows == []
    assert ask("search-labels", text="therapy", lang="fr").rows == []
    assert ask("search-labels", text="ISCO 2008").rows == []  # a scheme is no concept


def test_labels_and_codes_are_looked_up_whole(ask: Callable[..., Table]) -> None:
    assert _pick(ask("by-label", text="ANATOMIST"), "concept", "label") == [(D1, "Anatomist"), (D, "anatomist")]
    assert _pick(ask("by-label", text="green"), "kind") == [("scheme",)]
    assert _pick(ask("by-notation", code="2269"), "concept", "kind") == [(C2269, "isco-group")]
    assert _pick(ask("by-notation", code="S1.2"), "concept", "kind") == [(G2, "skill-group")]
    assert ask("by-notation", code="2269.").rows == []


def test_isco_goes_up_and_down(ask: Callable[..., Table]) -> None:
    chain = _pick(ask("isco-chain", occupation=A, lang="de"), "code", "level", "label")
    assert [code for code, _, _ in chain] == ["2269", "226", "22", "2"]
    assert chain[-1] == ("2", 4, "Akademische Berufe")
    assert ask("isco-chain", occupation=E).rows == []
    assert _column(ask("isco-chain", occupation=F), "level") == [None]
    members = ask("isco-members", group=C2)
    assert _column(members, "code") == ["2269.4", "2269.5", "2269.10", "2269.10.1"]
    assert set(_column(members, "unit")) == {C2269}


def test_the_hierarchy_of_skills(ask: Callable[..., Table]) -> None:
    assert _pick(ask("broader-skills", skill=S1), "broader", "direct", "kind") == [
        (G2, True, "skill-group"),
        (S6, True, "skill"),
        (G1, False, "skill-group"),
    ]
    below = _pick(ask("narrower-skills", skill=G1, lang="de"), "narrower", "direct")
    assert below == [(G2, True), (S7, True), (S8, True), (S6, False), (S1, False)]


def test_facts_are_counted_once_though_two_graphs_hold_them(ask: Callable[..., Table]) -> None:
    facts = {(row["fact"], row["about"]): row["count"] or row["value"] for row in ask("release-facts").dicts()}
    assert facts[("occupations", None)] == 7
    assert facts[("skills", None)] == 9
    assert facts[("ISCO groups", None)] == 8
    assert facts[("skill groups", None)] == 2
    assert facts[("essential skills of occupations", None)] == 20
    assert facts[("optional skills of occupations", None)] == 9
    assert facts[("concepts with a preferred label", "pt-br")] == 1
    assert facts[("version", "https://w3id.org/esco-graph/graph/release/9.9/de-en")] == "9.9"


def test_regulated_and_unlabelled(ask: Callable[..., Table]) -> None:
    assert _pick(ask("regulated-occupations"), "label", "code") == [("therapist", "2269.4"), ("anatomist", "2269.10")]
    missing = ask("unlabelled-concepts", lang="de", kind="occupation")
    assert _pick(missing, "concept", "label") == [
        (D1, "Anatomist"),
        (C, "wardsperson"),
        (D, "anatomist"),
        (F, None),
    ]
    assert _column(ask("unlabelled-concepts", lang="en", kind="skill"), "concept") == [S8, S9]


def test_essential_wins_over_optional(ask: Callable[..., Table]) -> None:
    skills = _pick(ask("occupation-skills", occupation=A), "skill", "requirement", "type")
    assert skills == [
        (S2, "essential", "knowledge"),
        (S1, "essential", "skill"),
        (S3, "essential", "skill"),
        (S5, "optional", "knowledge"),
        (S4, "optional", "skill"),
        (S7, "optional", "skill"),
    ]
    untyped = _pick(ask("occupation-skills", occupation=B), "skill", "label", "type")
    assert (S9, None, None) in untyped
    assert (S8, None, None) in untyped


def test_who_needs_a_skill_is_an_occupation(ask: Callable[..., Table]) -> None:
    needing = _pick(ask("occupations-needing-skill", skill=S2), "occupation", "requirement")
    assert needing == [
        (E, "essential"),  # no English label: the empty one sorts first
        (D1, "essential"),
        (A, "essential"),
        (F, "optional"),
        (D, "optional"),
        (B, "optional"),
    ]


def test_shared_and_missing_skills(ask: Callable[..., Table]) -> None:
    shared = _pick(ask("shared-skills", occupation=A, other=B), "skill", "requirement", "other_requirement")
    assert shared == [(S1, "essential", "essential"), (S2, "essential", "optional"), (S4, "optional", "essential")]
    missing = _pick(ask("missing-skills", occupation=A, target=B), "skill", "status", "requirement")
    assert missing == [
        (S8, "new", "essential"),
        (S6, "new", "essential"),
        (S4, "optional", "essential"),
        (S1, "held", "essential"),
        (S9, "new", "optional"),
        (S2, "held", "optional"),
    ]
    assert ask("missing-skills", occupation=A, target=A, status="new").rows == []


def test_transversal_digital_and_green_skills(ask: Callable[..., Table]) -> None:
    behind = _pick(ask("transversal-skills", occupation=B), "skill", "via", "requirement")
    assert behind == [(S6, S1, "essential"), (S6, S6, "essential")]
    assert ask("transversal-skills", occupation=D).rows == []
    assert _column(ask("digital-skills", occupation=A), "skill") == [S5, S7]
    assert _pick(ask("green-skills", occupation=A), "skill", "requirement") == [(S4, "optional")]


def test_widely_useful_skills(ask: Callable[..., Table]) -> None:
    top = _pick(ask("widely-useful-skills", group=C2), "skill", "occupations", "essential", "total", "share")
    assert top[0] == (S2, 4, 2, 4, 1.0)
    assert top[1] == (S1, 2, 2, 4, 0.5)
    assert ask("widely-useful-skills", group=C0).rows == []


def test_coverage_is_directed_and_keeps_to_the_level(ask: Callable[..., Table]) -> None:
    assert _pick(ask("occupations-by-coverage", occupation=A), "other", "level", "shared", "total", "coverage") == [
        (D, 4, 1, 1, 1.0),
        (E, None, 5, 7, 0.714286),
        (C, 3, 2, 3, 0.666667),
        (B, 4, 3, 6, 0.5),
        (F, None, 1, 2, 0.5),
        (D1, 4, 1, 3, 0.333333),
    ]
    assert _column(ask("occupations-by-coverage", occupation=A, level="same"), "other") == [D, B, D1]
    assert ask("occupations-by-coverage", occupation=A, level="next").rows == []
    assert _column(ask("occupations-by-coverage", occupation=C, level="next"), "other") == [A, B]  # equal: by IRI
    assert ask("occupations-by-coverage", occupation=E, level="same").rows == []
    back = ask("occupations-by-coverage", occupation=D).dicts()
    assert next(row["coverage"] for row in back if row["other"] == A) == 0.166667


def test_jaccard_is_the_same_both_ways(ask: Callable[..., Table]) -> None:
    there = ask("occupations-by-jaccard", occupation=A).dicts()
    assert [(row["other"], row["shared"], row["total"], row["jaccard"]) for row in there[:3]] == [
        (E, 5, 8, 0.625),
        (B, 3, 9, 0.333333),
        (C, 2, 7, 0.285714),
    ]
    for row in there:
        back = ask("occupations-by-jaccard", occupation=row["other"]).dicts()
        assert next(one["jaccard"] for one in back if one["other"] == A) == row["jaccard"]


def test_a_quotient_has_the_same_digits_everywhere(in_rdflib: Rdflib, in_memory: Graph, behind_http: Graph) -> None:
    expression = "ROUND(xsd:decimal(1000000 * ?a) / ?b) / 1000000"
    for name in ("occupations-by-coverage", "occupations-by-jaccard", "widely-useful-skills"):
        shape = re.sub(r"\?(shared|occupations)\b", "?a", stored(name).text.replace("?total", "?b"))
        assert expression in shape
    numbers = " ".join(f"({a} {b})" for b in range(1, 41) for a in range(1, b + 1))
    sparql = f"PREFIX xsd: <{XSD}> SELECT ?a ?b ({expression} AS ?x) {{ VALUES (?a ?b) {{ {numbers} }} }}"
    for graph in (in_rdflib, in_memory, behind_http):
        for a, b, x in graph.select(sparql):
            exact = Decimal(a.value) / Decimal(b.value)  # type: ignore[union-attr]
            assert float(x.value) == float(exact.quantize(Decimal("0.000001"), ROUND_HALF_UP))  # type: ignore[union-attr]


# --- hostile values --------------------------------------------------------------------------------------------------

HOSTILE = [
    "> . ?s ?p ?o",
    '"; DROP ALL #',
    "x> } UNION { ?s ?p ?o }",
    '" } #',
    "' } #",
    '""" } #',
    "'''",
    "\n",
    "\r\n",
    "\\\\",
    '\\" } UNION { ?s ?p ?o } #',
    "\\u0022 } UNION { ?s ?p ?o } #",
    "\\U00000022) } #",
    "\0",
    "\ud800",
    "\udfff\ud800",
    "$other",
    "$lang $occupation",
    "?x",
    "?skill",
    "{}",
    "%s %(x)s {0}",
    "\u202e",
    "a" * 5000,
    "http://example.org/> } #",
    "<http://example.org/>",
    "en' || true",
    "1; DROP ALL",
    "any\" || \"\" = \"",
]  # fmt: skip


def _harmless(name: str) -> dict[str, Any]:
    values: dict[str, Any] = {"occupation": A, "other": B, "target": B, "skill": S1, "group": C2, "concept": C2}
    values |= {"text": "therapist", "code": "2269", "lang": "en", "scheme": SOUTH}
    return {p.name: values[p.name] for p in stored(name).parameters if p.required}


@pytest.mark.parametrize(("name", "parameter"), [(q.name, p.name) for q in catalogue().values() for p in q.parameters])
def test_hostile_values_are_harmless(
    name: str, parameter: str, in_rdflib: Rdflib, in_memory: Graph, behind_http: Graph
) -> None:
    query = stored(name)
    free_text = next(p.type for p in query.parameters if p.name == parameter) == "string"
    for value in HOSTILE:
        values = _harmless(name) | {parameter: value}
        try:
            query.bind(**values)
        except ParameterError as error:
            assert f"parameter {parameter} is" in str(error)
            assert not free_text or value in ("\0", "\ud800", "\udfff\ud800")
            continue
        assert free_text, f"{value!r} went through"
        for graph in (in_rdflib, in_memory, behind_http):
            assert query.run(graph, **values).rows == []  # as for any text that nothing matches


def test_nothing_was_dropped(behind_http: Graph, in_memory: Graph) -> None:
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert behind_http.select(count).rows == in_memory.select(count).rows != [(ox.Literal(0),)]


def test_text_with_quotes_and_backslashes_still_finds(ask: Callable[..., Table]) -> None:
    assert _column(ask("search-labels", text='"no" \\ y'), "concept") == [S3]
    assert _column(ask("by-label", text='say "no" \\ yes'), "concept") == [S3]
    assert _column(ask("search-labels", text="\\"), "concept") == [S3]


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_any_text_gives_the_same_on_rdflib_and_oxigraph(text: str) -> None:
    query = stored("by-label")
    assert query.run(_RDFLIB, text=text).rows == query.run(_MEMORY, text=text).rows


_RDFLIB, _MEMORY = Rdflib(), Graph.memory(doubled())


# --- rules -----------------------------------------------------------------------------------------------------------


def _without(*dropped: tuple[str | None, str]) -> list[ox.Quad]:
    """Give the small graph once, without these properties of these subjects (None: of all)."""

    def drop(quad: ox.Quad) -> bool:
        return any(quad.predicate.value == p and s in (None, quad.subject.value) for s, p in dropped)

    return [quad for quad in doubled() if quad.graph_name == FIRST and not drop(quad)]


def _derived(name: str, quads: list[ox.Quad]) -> set[tuple[str, str]]:
    """Run a rule on Oxigraph and on rdflib, hold them to the same triples, and give subject and object of each."""
    graph = Graph.memory(quads)
    made = {(t.subject.value, t.object.value) for t in graph.construct(rules()[name].text)}
    other = {(str(s), str(o)) for s, _, o in graph.to_rdflib().query(rules()[name].text)}
    assert made == other
    graph.extend(ox.Quad(*triple, FIRST) for triple in graph.construct(rules()[name].text))
    again = graph.construct(rules()[name].text)
    assert not [t for t in again if ox.Quad(*t, FIRST) not in graph.store]  # type: ignore[operator] # a local graph
    return made


def test_levels_come_from_the_longest_prefix() -> None:
    level, notation = ESG + "iscoSkillLevel", SKOS + "notation"
    quads = _without(*((f"{DATA}isco/C{code}", level) for code in ("22", "226", "2269", "3255")))
    for code, given_level in (("14", "3"), ("1411", None), ("1", None), ("1211", None)):
        group = ox.NamedNode(f"{DATA}isco/C{code}")
        scheme = ox.NamedNode(DATA + "concept-scheme/isco")
        quads += [ox.Quad(group, ox.NamedNode(SKOS + "inScheme"), scheme, FIRST)]
        quads += [ox.Quad(group, ox.NamedNode(notation), ox.Literal(code), FIRST)]
        if given_level:
            quads += [ox.Quad(group, ox.NamedNode(level), ox.Literal(int(given_level)), FIRST)]
    made = {(group.removeprefix(DATA + "isco/"), value) for group, value in _derived("isco-skill-level", quads)}
    assert made == {("C22", "4"), ("C226", "4"), ("C2269", "4"), ("C3255", "3"), ("C1411", "3")}


def test_broader_comes_from_the_code_and_from_the_isco_group() -> None:
    quads = _without((None, SKOS + "broader"))
    quads += [ox.Quad(ox.NamedNode(D1), ox.NamedNode(SKOS + "broader"), ox.NamedNode(D), FIRST)]
    assert _derived("isco-broader", quads) == {
        (C2269, f"{DATA}isco/C226"),
        (f"{DATA}isco/C226", f"{DATA}isco/C22"),
        (f"{DATA}isco/C22", C2),
        (A, C2269),
        (B, C2269),
        (C, f"{DATA}isco/C3255"),
        (D, C2269),
        (F, f"{DATA}isco/C9629"),
    }


def test_the_isco_group_is_found_through_broader_occupations() -> None:
    quads = _without((None, ESCO + "memberOfISCOGroup"))
    assert _derived("isco-group", quads) == {(o, C2269) for o in (A, B, D, D1)} | {(C, f"{DATA}isco/C3255")}


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*catalogue(), *rules()])
def test_headers_are_fit_to_print(name: str) -> None:
    entry = catalogue().get(name) or rules()[name]
    assert len(entry.summary) <= 80
    assert not entry.summary.endswith(".")
    assert entry.description.strip().endswith(".")
    declared = dict(re.findall(r"(?m)^PREFIX ([\w-]+): <([^>]+)>$", entry.text))
    assert declared.items() <= prefixes().items()
    body = re.sub(r"(?m)^PREFIX .*$", "", entry.text)
    assert {prefix for prefix in declared if f"{prefix}:" not in body} == set()
    for parameter in getattr(entry, "parameters", ()):
        assert parameter.description, parameter.name


def test_a_variable_is_named_like_a_parameter_only_as_the_column_that_it_chooses() -> None:
    for query in catalogue().values():
        variables = set(re.findall(r"\?(\w+)", query.text))
        assert variables & {parameter.name for parameter in query.parameters} <= set(query.columns), query.name


def test_every_query_with_labels_takes_a_language() -> None:
    for query in catalogue().values():
        if "lang-string" in query.columns.values():
            assert "lang" in {parameter.name for parameter in query.parameters}


# --- the real releases -----------------------------------------------------------------------------------------------

OTA = DATA + "occupation/82cbe20d-967c-4161-9ecd-eafc724d171c"
OT = DATA + "occupation/33da5532-8c4e-4d1b-b52e-c201ee1bc7ab"


def test_the_gap_on_the_real_release(graph_111: Graph) -> None:
    table = stored("missing-skills").run(graph_111, occupation=OTA, target=OT, requirement="essential")
    assert Counter(_column(table, "status")) == {"held": 20, "optional": 16, "new": 31}


def test_jaccard_on_the_real_release(graph_111: Graph) -> None:
    table = stored("occupations-by-jaccard").run(graph_111, occupation=OTA, limit=3)
    assert [(row["label"], round(row["jaccard"], 3)) for row in table.dicts()] == [
        ("occupational therapist", 0.433),
        ("osteopath", 0.213),
        ("speech and language therapist", 0.176),
    ]


def test_coverage_on_the_real_release(graph_110: Graph, graph_111: Graph) -> None:
    names = _column(stored("occupations-by-coverage").run(graph_110, occupation=OTA, level="same", limit=5), "label")
    assert names[0] == "occupational therapist"
    assert {"speech and language therapist", "traditional chinese medicine therapist"} <= set(names)
    assert stored("occupations-by-coverage").run(graph_111, occupation=OTA, level="next").rows == []


def test_the_skills_of_the_real_release(graph_111: Graph) -> None:
    skills = stored("occupation-skills").run(graph_111, occupation=OTA)
    assert Counter(_pick(skills, "requirement", "type")) == {
        ("essential", "knowledge"): 9,
        ("essential", "skill"): 14,
        ("optional", "knowledge"): 12,
        ("optional", "skill"): 9,
    }
    assert len(stored("isco-members").run(graph_111, group=C2269).rows) == 17
    assert len(stored("regulated-occupations").run(graph_111).rows) == 15


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_example_has_an_answer_on_the_real_release(name: str, graph_111: Graph) -> None:
    query = stored(name)
    if query.path.parent.name == "mappings":
        pytest.skip("the release has no mapping sets; test_translate.py runs these examples on the sample with some")
    assert query.run(graph_111, **query.example).rows


def test_the_small_data_is_in_the_shape_of_the_model() -> None:
    quads = list(ox.parse(path=str(SMALL), format=ox.RdfFormat.TURTLE))
    kinds = {quad.object.value for quad in quads if quad.predicate.value == RDF + "type"}
    assert kinds >= {ESCO + "Occupation", ESCO + "Skill", ESCO + "MemberConcept", SKOS + "Concept"}
    known = {name for query in catalogue().values() for name in re.findall(r"\w+:(\w+)", query.text)}
    used = {re.split(r"[#/]", quad.predicate.value)[-1] for quad in quads} - {"type", "isOptionalSkillFor"}
    assert used <= known, "a property that no query asks for tests nothing"
