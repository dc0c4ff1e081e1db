"""Text -> concept: folding, ranks, ambiguity, suggestions, and the direct look-up on every kind of graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.servers import oxigraph_server

from conftest import said_under_two_seeds
from esco_graph.errors import AmbiguousError, EscoGraphError, NotFoundError, ParameterError
from esco_graph.graph import Graph
from esco_graph.labels import LabelIndex, Match, another_name, find_concept, fold, in_words, kind_of
from esco_graph.labels.index import _FOLDS_TO_ASCII
from esco_graph.terms import ESCO, ISCO, OCCUPATION, RDF, SCHEME, SKILL, SKOS

OTA = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"
UUID = "00000000-0000-4000-8000-00000000000{}"
COOK, BAKER = (OCCUPATION + UUID.format(n) for n in (1, 2))
FRYING, BAKING, KNIVES, BREAD = (SKILL + UUID.format(n) for n in (3, 4, 5, 6))
GROUP, HIERARCHY = ISCO + "C5120", SKILL + UUID.format(7)
CONCEPTS = {
    COOK: ("Occupation", "5120.1", {"en": "cook", "de": "Koch"}, {"en": ["kitchen chef", "preparer"], "de": ["Wirt"]}),
    BAKER: ("Occupation", "7512.1", {"en": "baker"}, {"en": ["bread maker", "preparer", "Wirt"]}),
    FRYING: ("Skill", None, {"en": "fry in clients' pans"}, {"en": ["baking", "use pans"]}),
    BAKING: ("Skill", None, {"en": "baking", "de": "Backen"}, {"en": ["use pans"]}),
    KNIVES: ("Skill", None, {"en": "Use KNIVES – sharp ones"}, {}),
    BREAD: ("Skill", None, {"en": "bread"}, {}),
    GROUP: ("isco", "5120", {"en": "Cooks"}, {}),
    HIERARCHY: ("skills-hierarchy", "S9.1", {"en": "cooking"}, {}),
    SCHEME + "green": ("ConceptScheme", None, {"en": "Green"}, {}),
}


def quads() -> Iterator[ox.Quad]:
    name = ox.NamedNode("https://example.org/graph")

    def quad(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, name)

    for iri, (kind, code, preferred, others) in CONCEPTS.items():
        if kind in ("Occupation", "Skill"):
            yield quad(iri, RDF + "type", ox.NamedNode(ESCO + kind))
        elif kind == "ConceptScheme":
            yield quad(iri, RDF + "type", ox.NamedNode(SKOS + kind))
        else:
            yield quad(iri, SKOS + "inScheme", ox.NamedNode(SCHEME + kind))
        if code:
            yield quad(iri, SKOS + "notation", ox.Literal(code))
        for lang, label in preferred.items():
            yield quad(iri, SKOS + "prefLabel", ox.Literal(label, language=lang))
        for lang, several in others.items():
            for label in several:
                yield quad(iri, SKOS + "altLabel", ox.Literal(label, language=lang))
    yield quad(BAKER, SKOS + "hiddenLabel", ox.Literal("bakker", language="en"))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.memory(quads())


@pytest.fixture(scope="module")
def index(graph: Graph) -> LabelIndex:
    return LabelIndex.of(graph)


@pytest.fixture(scope="module")
def remote() -> Iterator[Graph]:
    data = ox.serialize(quads(), format=ox.RdfFormat.N_QUADS).decode()
    with oxigraph_server(data) as iri:
        yield Graph.remote(iri, retries=0)


@pytest.fixture(params=["memory", "rdflib", "remote"])
def any_graph(request: pytest.FixtureRequest, graph: Graph) -> Graph:
    if request.param == "rdflib":
        return Graph.from_rdflib(graph.to_rdflib())
    return graph if request.param == "memory" else request.getfixturevalue("remote")


# Folding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nurse", "nURSE"),
        ("patients’ needs", "patients' needs"),
        ("patients` needs", "patients' needs"),
        ("patients´ needs", "patients' needs"),
        ("a  b\u00a0c\t d", "a b c d"),
        ("self\u2011employed – or – not", "self-employed - or - not"),
        ("“quoted”", '"quoted"'),
        ("ﬁre ofﬁcer", "fire officer"),
        ("e\u0301cole", "\u00e9cole"),
        ("STRASSE", "straße"),
        ("soft\u00adware\u200b", "software"),
        ("ｆｕｌｌ＇ｗｉｄｔｈ", "full'width"),
    ],
)
def test_fold_makes_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ecole", "école"), ("C", "C++"), ("nurse", "nurses"), ("a b", "ab"), ("3D", "2D")]
)
def test_fold_keeps_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
@example("\u0345\u1fb3 \u1e9e İ")
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_is_the_long_way(text: str) -> None:
    assert fold(text) == fold(text + "\u200b")


# The index


def test_a_preferred_label_beats_an_alternative_one_and_says_so(index: LabelIndex) -> None:
    found = index.resolve("Baking")
    assert found.match == Match(BAKING, "baking", "en", "prefLabel", "skill")
    assert found.reason == "preferred label; 1 other concept has it as a weaker label"


def test_concepts_of_the_same_rank_are_ambiguous(index: LabelIndex) -> None:
    found = index.resolve("use pans")
    assert [match.iri for match in found.matches] == [FRYING, BAKING]
    assert found.match is None
    assert found.reason == "2 concepts have it as alternative label"
    assert found.suggestions == ()


def test_quotes_and_dashes_and_case_do_not_matter(index: LabelIndex) -> None:
    assert index.resolve("Fry in clients’  pans").match.iri == FRYING
    assert index.resolve("use knives - sharp ones").match.label == "Use KNIVES – sharp ones"


def test_hidden_labels_count_last(index: LabelIndex) -> None:
    assert index.resolve("bakker").match == Match(BAKER, "bakker", "en", "hiddenLabel", "occupation")


def test_kind_and_language_restrict(index: LabelIndex) -> None:
    assert index.resolve("preparer").match is None
    assert index.resolve("baking", kind="occupation").matches == ()
    assert [match.iri for match in index.resolve("cooking", kind=("skill-group", "skill")).matches] == [HIERARCHY]
    assert index.resolve("cooking", kind=("occupation", "skill")).matches == ()
    assert [match.iri for match in index.resolve("wirt").matches] == [COOK, BAKER]
    assert index.resolve("wirt", lang="DE").match == Match(COOK, "Wirt", "de", "altLabel", "occupation")
    assert index.resolve("Koch", lang="en").matches == ()


def test_only_some_languages_can_be_indexed(graph: Graph) -> None:
    index = LabelIndex.of(graph, langs=("DE",))
    assert index.langs == ("de",)
    assert index.resolve("backen").match.iri == BAKING
    assert index.resolve("baking").matches == ()
    assert LabelIndex.of(graph).langs == ("de", "en")


def test_near_misses_are_suggested_and_never_taken(index: LabelIndex) -> None:
    found = index.resolve("bread maxer")
    assert found.matches == ()
    assert found.suggestions[0] == Match(BAKER, "bread maker", "en", "altLabel", "occupation")
    assert found.reason == "no label is equal to it"
    assert index.resolve("bread maxer", kind="skill").suggestions == (
        Match(BREAD, "bread", "en", "prefLabel", "skill"),
    )
    assert index.resolve("bread maxer", suggest=0).suggestions == ()


def test_what_holds_all_the_words_is_suggested(index: LabelIndex) -> None:
    assert [match.iri for match in index.resolve("knives").suggestions] == [KNIVES]


def test_a_label_that_holds_the_words_comes_before_one_that_is_only_spelt_nearly_so() -> None:
    labels = ("nurses", "school nurse", "nurse", "nurse of a whole country", "purse nurses", "curse")
    index = LabelIndex([(f"https://example.org/{n}", label, "en", 0) for n, label in enumerate(labels)], {})
    near = [match.label for match in index.resolve("Nurse ", suggest=9).matches]
    assert near == ["nurse"]
    index = LabelIndex([(f"https://example.org/{label}", label, "en", 0) for label in labels if label != "nurse"], {})
    near = [match.label for match in index.resolve("nurse", suggest=9).suggestions]
    assert near[:3] == ["nurse of a whole country", "school nurse", "nurses"]


def test_an_index_for_some_texts_means_the_same(graph: Graph, index: LabelIndex) -> None:
    texts = ("Fry in clients’  pans", "USE PANS", "bakker", "koch", "bread maxer")
    some = LabelIndex.of(graph, texts=texts)
    assert len(some) < len(index)
    assert [some.resolve(text, suggest=0) for text in texts] == [index.resolve(text, suggest=0) for text in texts]
    assert len(LabelIndex.of(graph, texts=("αβγ",))) == len(index)
    assert len(LabelIndex.of(graph, texts=[f"text {n}" for n in range(1000)])) == len(index)


def test_every_character_that_folds_to_ascii_is_known() -> None:
    folding = re.compile(_FOLDS_TO_ASCII)
    for char in map(chr, (*range(0x80, 0xD800), *range(0xE000, 0x110000))):
        if re.search("[a-z0-9]", fold(char)) or fold(f"x{char}y") == "xy":
            assert folding.search(char), hex(ord(char))


@pytest.mark.parametrize("label", ["so\xadftware", "ﬁre ofﬁcer", "ｆｕｌｌ", "Straßenbau", "\u212aelvin", "x² y"])
def test_unusual_characters_are_found_for_a_text(label: str) -> None:
    name = ox.Literal(label, language="en")
    graph = Graph.memory([ox.Quad(ox.NamedNode("https://example.org/1"), ox.NamedNode(SKOS + "prefLabel"), name)])
    assert LabelIndex.of(graph, texts=(fold(label),)).resolve(fold(label)).match


def test_a_concept_in_words(any_graph: Graph) -> None:
    preparer = Match(BAKER, "preparer", "en", "altLabel", "occupation")
    assert in_words(any_graph, [preparer]) == (f"baker (occupation 7512.1, esco-occupation:{UUID.format(2)})",)
    assert in_words(any_graph, [preparer], "en", with_match=True)[0].startswith("preparer = baker (occupation 7512.1")
    assert in_words(any_graph, [Match(COOK, "cook", "en", "prefLabel", "occupation")], "de")[0].startswith("Koch (")
    nowhere = Match("https://example.org/x", "x", "en", "prefLabel", "concept")
    assert in_words(any_graph, [nowhere]) == ("x (concept, https://example.org/x)",)
    assert in_words(any_graph, []) == ()


def test_another_name_is_told_of(any_graph: Graph) -> None:
    told = {
        text: another_name(any_graph, text, find_concept(any_graph, text)) for text in ("bread maker", "baker", COOK)
    }
    assert told == {"bread maker": "'bread maker' is another name of baker (7512.1)", "baker": "", COOK: ""}
    frying = Match(FRYING, "use pans", "en", "altLabel", "skill")
    assert another_name(any_graph, "use pans", frying).endswith(f"clients' pans (esco-skill:{UUID.format(3)})")


@pytest.mark.parametrize("text", ["", " ", "\u200b", "x" * 1000, "?", "\x00", "%s %(x)s {0}", "\ud800"])
def test_text_that_means_nothing(index: LabelIndex, text: str) -> None:
    found = index.resolve(text)
    assert (found.matches, found.suggestions, found.text) == ((), (), text)


def test_a_wrong_kind_or_language_is_an_error(index: LabelIndex) -> None:
    with pytest.raises(ParameterError, match="kind"):
        index.resolve("cook", kind="job")
    with pytest.raises(ParameterError, match="kind"):
        index.resolve("cook", kind=("skill", "job"))
    with pytest.raises(ParameterError, match="language"):
        index.resolve("cook", lang='en" ) }')
    with pytest.raises(ParameterError, match="language"):
        LabelIndex.of(Graph.memory(), langs=("*",))


def test_an_empty_graph_has_an_empty_index() -> None:
    index = LabelIndex.of(Graph.memory())
    assert (len(index), index.langs, index.resolve("cook").matches) == (0, (), ())


def test_the_same_concept_in_two_graphs_is_one_match() -> None:
    twice = [ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode("https://example.org/other")) for q in quads()]
    index = LabelIndex.of(Graph.memory([*quads(), *twice]))
    assert index.resolve("cook").match.iri == COOK
    assert index.resolve("cooks").match.kind == "isco-group"


def test_kinds(index: LabelIndex) -> None:
    kinds = {iri: index.kind(iri) for iri in CONCEPTS}
    assert kinds[COOK] == "occupation"
    assert kinds[KNIVES] == "skill"
    assert (kinds[GROUP], kinds[HIERARCHY], kinds[SCHEME + "green"]) == ("isco-group", "skill-group", "scheme")
    assert COOK in index
    assert OTA not in index
    assert kind_of("https://example.org/x", (ESCO + "Occupation", SKOS + "Concept"), ()) == "occupation"
    assert kind_of("https://example.org/x", (SKOS + "Concept",), ()) == "concept"


def test_suggestions_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from tests.test_labels import *\n"
        "index = LabelIndex.of(Graph.memory(quads()))\n"
        "print([m.iri for t in ('bread maxer', 'use pan', 'cok', 'bakking') for m in index.resolve(t).suggestions])"
    )
    said = said_under_two_seeds(code)
    assert len(said) == 1
    assert BAKER in said.pop()


# Looking one concept up


@pytest.mark.parametrize(
    ("text", "iri", "by"),
    [
        (COOK, COOK, "iri"),
        (f"<{COOK}>", COOK, "iri"),
        (COOK.replace("http:", "https:"), COOK, "iri"),
        (f"https://esco.ec.europa.eu/en/classification/occupation?uri={COOK}", COOK, "iri"),
        (f"esco-occupation:{UUID.format(1)}", COOK, "iri"),
        ("isco:C5120", GROUP, "iri"),
        (UUID.format(3).upper(), FRYING, "iri"),
        ("5120.1", COOK, "notation"),
        ("5120", GROUP, "notation"),
        ("s9.1", HIERARCHY, "notation"),
        ("cook", COOK, "prefLabel"),
        ("  Cook ", COOK, "prefLabel"),
        ("KITCHEN CHEF", COOK, "altLabel"),
        ("Koch", COOK, "prefLabel"),
        ("koch", COOK, "prefLabel"),
        ("bakker", BAKER, "hiddenLabel"),
        ("green", SCHEME + "green", "prefLabel"),
        ("fry in clients’ pans", FRYING, "prefLabel"),
        ("use knives - sharp ones", KNIVES, "prefLabel"),
    ],
)
def test_find_concept(any_graph: Graph, text: str, iri: str, by: str) -> None:
    found = find_concept(any_graph, text)
    assert (found.iri, found.property) == (iri, by)


def test_the_usual_look_up_reads_no_index(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("the whole index was built")

    monkeypatch.setattr(LabelIndex, "of", forbidden)
    for text in ("cook", "Kitchen chef", "5120.1", "fry in clients’ pans", COOK):
        find_concept(graph, text)


def test_the_label_comes_back_in_the_language(any_graph: Graph) -> None:
    assert find_concept(any_graph, "5120.1", lang="de").label == "Koch"
    assert find_concept(any_graph, COOK).label == "cook"
    assert find_concept(any_graph, "7512.1", lang="de") == Match(BAKER, "baker", "en", "notation", "occupation")


def test_the_language_decides_between_concepts_but_hides_none(any_graph: Graph) -> None:
    assert find_concept(any_graph, "Wirt", lang="de").iri == COOK
    assert find_concept(any_graph, "Wirt", lang="en").iri == BAKER
    assert find_concept(any_graph, "kitchen chef", lang="de").iri == COOK
    with pytest.raises(AmbiguousError):
        find_concept(any_graph, "Wirt")


def test_an_ambiguous_label_names_its_concepts(any_graph: Graph) -> None:
    with pytest.raises(AmbiguousError) as caught:
        find_concept(any_graph, "Use pans")
    assert caught.value.candidates == (FRYING, BAKING)
    assert "baking" not in caught.value.what
    frying, baking = (
        f"{name} (skill, esco-skill:{UUID.format(n)})" for name, n in (("fry in clients' pans", 3), ("baking", 4))
    )
    assert caught.value.advice == f"Choose one: {frying}; {baking}."


def test_the_kind_decides(any_graph: Graph) -> None:
    assert find_concept(any_graph, "baking", kind="skill").iri == BAKING
    with pytest.raises(NotFoundError, match="occupation"):
        find_concept(any_graph, "baking", kind="occupation")
    with pytest.raises(NotFoundError, match=r"cook \(occupation 5120.1, .*\) is no skill"):
        find_concept(any_graph, COOK, kind="skill")
    with pytest.raises(NotFoundError):
        find_concept(any_graph, "5120", kind="occupation")


def test_not_found_suggests(any_graph: Graph) -> None:
    with pytest.raises(NotFoundError, match="no concept is called 'bread makers'") as caught:
        find_concept(any_graph, "bread makers")
    assert f"Near: bread maker = baker (occupation 7512.1, esco-occupation:{UUID.format(2)})" in caught.value.advice


def test_occupations_that_carry_their_groups_code_do_not_hide_the_group() -> None:
    extra = ox.Quad(ox.NamedNode(COOK), ox.NamedNode(SKOS + "notation"), ox.Literal("5120"))
    assert find_concept(Graph.memory([*quads(), extra]), "5120").iri == GROUP


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", ParameterError),
        ("http://a b", ParameterError),
        ("http://x/> <y", ParameterError),
        ("<not an iri>", ParameterError),
        ("isco:C1>", ParameterError),
        ("https://[", ParameterError),
        ("https://example.org/?uri=%3E", ParameterError),
        ("http://example.org/none", NotFoundError),
        ("isco:C9999", NotFoundError),
        ("9999.1", NotFoundError),
        ("> . ?s ?p ?o", NotFoundError),
        ('x" } UNION { ?c ?p ?l } #', NotFoundError),
        ("x'''\\", NotFoundError),
        ("\\u0022 } ; DROP ALL", NotFoundError),
        ("${jndi:x} $lang ?l %s", NotFoundError),
        ("\x00\x01", NotFoundError),
        ("日本語", NotFoundError),
        ("x" * 5000, NotFoundError),
    ],
)
def test_hostile_text_is_harmless(any_graph: Graph, text: str, error: type[EscoGraphError]) -> None:
    with pytest.raises(error):
        find_concept(any_graph, text)


@pytest.mark.parametrize("option", [{"lang": 'en" || true'}, {"kind": "job"}, {"lang": "*"}])
def test_hostile_options_are_refused(graph: Graph, option: dict[str, str]) -> None:
    with pytest.raises(ParameterError):
        find_concept(graph, "cook", **option)


# Real labels


def test_the_sample(sample_graph: Graph) -> None:
    assert find_concept(sample_graph, "Occupational Therapy Assistant").iri == OTA
    assert find_concept(sample_graph, "2269.5").label == "occupational therapy assistant"


def test_version_1_1_1(graph_111: Graph) -> None:
    assert find_concept(graph_111, "OT assistant") == Match(OTA, "OT assistant", "en", "altLabel", "occupation")
    assert find_concept(graph_111, "S1.2", lang="en").kind == "skill-group"
    index = LabelIndex.of(graph_111)
    assert index.resolve("OT technicians").matches == ()
    near = index.resolve("Apply health sciences", kind="skill")
    assert near.matches == ()
    assert len(near.suggestions) >= 3
    assert all("science" in match.label or "scien" in match.label for match in near.suggestions[:3])


def test_a_release_agrees_with_the_direct_look_up(graph_111: Graph, release: Callable) -> None:
    """Every 400th label, asked for by SPARQL, means what the index says."""
    index = LabelIndex.of(graph_111)
    labels = sorted(row[0].value for row in graph_111.select(f"SELECT ?l WHERE {{ ?c <{SKOS}altLabel> ?l }}"))[::400]
    assert len(labels) > 200
    for label in labels:
        found = index.resolve(label)
        if found.match:
            assert find_concept(graph_111, label).iri == found.match.iri
