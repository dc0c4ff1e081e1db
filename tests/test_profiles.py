"""Occupation profiles: linking a page, writing it as RDF, reading it back, and whose IRIs may be made."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT, said_under_two_seeds
from esco_graph.errors import AmbiguousError, NotFoundError, ParameterError, ValidationError
from esco_graph.graph import Graph
from esco_graph.labels import LabelIndex
from esco_graph.profiles import (
    DEFAULT_BASE,
    OccupationLink,
    OccupationProfile,
    SkillStatement,
    Source,
    from_graph,
    graph_of,
    link_page,
    list_profiles,
    new_occupation_iri,
    page_langs,
    slugify,
    to_quads,
)
from esco_graph.sources.page import Page, parse_page, read_page
from esco_graph.sources.page_lines import html_lines, text_lines
from esco_graph.terms import ESCO, ESG, ISCO, OCCUPATION, PROV, RDF, SKILL, SKILL_TYPE, SKOS

NOW = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
EXAMPLE = ROOT / "examples" / "occupation-page.txt"
OTA = OCCUPATION + "82cbe20d-967c-4161-9ecd-eafc724d171c"
COOK, BAKER, BAKER2 = (f"{OCCUPATION}0000000{n}-0000-4000-8000-000000000000" for n in (1, 2, 3))
FRY, BAKE, WINE, WINE2, KNIVES = (f"{SKILL}0000000{n}-0000-4000-8000-000000000000" for n in (4, 5, 6, 7, 8))
GROUP, OTHER_GROUP = ISCO + "C5120", ISCO + "C7512"
TURTLE = f"""
@prefix esco: <{ESCO}> . @prefix esg: <{ESG}> . @prefix skos: <{SKOS}> . @prefix st: <{SKILL_TYPE}> .
<{COOK}> a esco:Occupation ; skos:prefLabel "cook"@en ; skos:altLabel "chef"@en ; esco:memberOfISCOGroup <{GROUP}> ;
  esco:relatedEssentialSkill <{FRY}> ; esco:relatedOptionalSkill <{BAKE}> .
<{BAKER}> a esco:Occupation ; skos:prefLabel "baker"@en .
<{BAKER2}> a esco:Occupation ; skos:prefLabel "Baker"@en .
<{FRY}> a esco:Skill ; skos:prefLabel "fry"@en ; esco:skillType st:skill .
<{BAKE}> a esco:Skill ; skos:prefLabel "bake"@en ; skos:altLabel "make bread"@en ; esco:skillType st:skill .
<{WINE}> a esco:Skill ; skos:prefLabel "wine"@en ; esco:skillType st:knowledge .
<{WINE2}> a esco:Skill ; skos:prefLabel "wine"@en ; esco:skillType st:skill .
<{KNIVES}> a esco:Skill ; skos:prefLabel "use cooks' knives"@en ; esco:skillType st:skill .
<{GROUP}> skos:inScheme <http://data.europa.eu/esco/concept-scheme/isco> ; skos:prefLabel "Cooks"@en ;
  esg:iscoSkillLevel 2 .
<{OTHER_GROUP}> skos:inScheme <http://data.europa.eu/esco/concept-scheme/isco> ; skos:prefLabel "Bakers"@en .
"""
RELEASE = ox.NamedNode("https://example.org/release")
PAGE = """Cook
Cooks cook.
Other titles
chef
pan master
Minimum qualifications
Taste.
Similar occupations
baker
Long term prospects
Cook
astronaut
ISCO skill level
Cook is a Skill level 2 occupation.
Essential knowledge
Wine: Red or white.
Essential skills
Fry: In a pan.
Use cooks’ knives: Sharp ones.
Apply mermaid science: Who knows.
Optional skills
Make bread: From flour.
Optional knowledge and skills
Wine
ISCO group and title
5120 – Cooks
"""


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.memory(ox.Quad(*triple_of(t), RELEASE) for t in ox.parse(TURTLE, ox.RdfFormat.TURTLE))


def triple_of(quad: ox.Quad) -> tuple:
    return quad.subject, quad.predicate, quad.object


@pytest.fixture(scope="module")
def index(graph: Graph) -> LabelIndex:
    return LabelIndex.of(graph)


def page_of(text: str) -> Page:
    return parse_page(text_lines(text), name="page.txt", sha256="ab" * 32)


def link(page: Page | str, index: LabelIndex, **options) -> OccupationProfile:
    page = page_of(page) if isinstance(page, str) else page
    return link_page(page, index, **({"now": NOW, "version": "0.1.0"} | options))


def has(quads: list[ox.Quad], subject: str, predicate: str, value: str) -> bool:
    return any(
        (q.subject.value, q.predicate.value, q.object.value) == (subject, predicate, value)  # type: ignore[union-attr]
        for q in quads
    )


# Linking


def test_a_known_occupation_is_linked(index: LabelIndex) -> None:
    profile = link(PAGE, index)
    assert profile.iri == "https://example.org/esco-graph/profile/cook"
    assert (profile.occupation, profile.is_new, profile.lang) == (COOK, False, "en")
    assert (profile.isco_group, profile.isco_skill_level) == (GROUP, 2)
    assert profile.other_titles == ("chef", "pan master")
    assert profile.minimum_qualification == "Taste."
    assert profile.source == Source("page.txt", "ab" * 32, NOW, "0.1.0")
    assert [(s.label, s.skill, s.matched_by, s.candidates) for s in profile.skills] == [
        ("Wine", WINE, "prefLabel", ()),
        ("Fry", FRY, "prefLabel", ()),
        ("Use cooks’ knives", KNIVES, "prefLabel", ()),
        ("Apply mermaid science", None, None, ()),
        ("Make bread", BAKE, "altLabel", ()),
        ("Wine", None, None, (WINE, WINE2)),
    ]
    assert [s.label for s in profile.unresolved] == ["Apply mermaid science", "Wine"]
    assert [(one.label, one.kind, one.occupation) for one in profile.links] == [
        ("baker", "similar", None),
        ("Cook", "prospect", COOK),
        ("astronaut", "prospect", None),
    ]
    assert [remark.partition(":")[0] for remark in profile.remarks] == ["ambiguous_link", "chosen_by_type"]


def test_an_unknown_occupation_is_new_under_the_users_base(index: LabelIndex) -> None:
    profile = link(PAGE.replace("Cook\nCooks", "Cookk\nCooks"), index, base_iri="https://my.org/jobs")
    assert profile.is_new
    assert (profile.iri, profile.occupation) == (
        "https://my.org/jobs/profile/cookk",
        "https://my.org/jobs/occupation/cookk",
    )
    assert any(remark.startswith("new_occupation:") and "near: cook (" in remark for remark in profile.remarks)


def test_an_ambiguous_title_asks_and_takes_the_answer(index: LabelIndex) -> None:
    page = PAGE.replace("Cook\nCooks", "Baker\nCooks")
    with pytest.raises(AmbiguousError) as caught:
        link(page, index)
    assert caught.value.candidates == (BAKER, BAKER2)
    assert link(page, index, occupation=BAKER2).occupation == BAKER2


@pytest.mark.parametrize("iri", [FRY, GROUP, OCCUPATION + "none", "not an iri"])
def test_an_occupation_that_is_none_is_refused(index: LabelIndex, iri: str) -> None:
    with pytest.raises(NotFoundError):
        link(PAGE, index, occupation=iri)


def test_differences_from_the_graph_are_noted(index: LabelIndex) -> None:
    page = PAGE.replace("5120 – Cooks", "7512 – Bakers").replace("Skill level 2", "Skill level 3")
    page = page.replace("Optional skills\nMake bread", "Essential skills\nMake bread")
    remarks = link(page, index).remarks
    assert "isco_mismatch: the page states ISCO group 7512, the graph has 5120" in remarks
    assert "isco_mismatch: the page states ISCO skill level 3, the graph has 2" in remarks
    assert any("'Make bread' is essential here and optional in the graph" in remark for remark in remarks)
    assert link(page, index).isco_group == OTHER_GROUP  # as stated
    assert link(page, index).isco_skill_level == 3


def test_an_isco_group_that_the_graph_lacks_gets_no_iri(index: LabelIndex) -> None:
    profile = link(PAGE.replace("5120 – Cooks", "9999 – Nobody"), index)
    assert profile.isco_group is None
    assert "isco_unknown: the graph has no ISCO group 9999" in profile.remarks


def test_the_language_of_the_page_decides_which_labels_count(index: LabelIndex) -> None:
    german = LabelIndex([("https://example.org/o", "Cook", "de", 0)], {"https://example.org/o": "occupation"})
    assert link(PAGE, german, lang="de").occupation == "https://example.org/o"
    with pytest.raises(ParameterError, match="no labels in the page's language"):
        link(PAGE, german)
    with pytest.raises(ParameterError, match="no labels"):
        link(PAGE, LabelIndex.of(Graph.memory()))
    html = "<html lang='en-GB'><h1>Cook</h1><h2>Other titles</h2><li>chef"
    page = parse_page(html_lines(html), name="x", sha256="")
    assert page_langs(page) == ("en-gb", "en")
    assert link(page, index).lang == "en"
    assert page_langs(replace(page, lang='"><script>')) == ("en",)


# The base IRI


@pytest.mark.parametrize(
    "base",
    [
        "http://data.europa.eu/esco/",
        "http://data.europa.eu/esco",
        "https://data.europa.eu/esco/occupation/",
        "http://DATA.europa.EU./esco/x/",
        "http://data.europa.eu:80/esco/",
        "http://me@data.europa.eu/x/../esco/",
        "http://data.europa.eu/%65sco/",
        "http://data.europa.eu//esco/",
        "http://data.europa.eu/ESCO/",
    ],
)
def test_no_iri_is_made_under_escos(index: LabelIndex, base: str) -> None:
    with pytest.raises(ParameterError, match="ESCO's own space"):
        link(PAGE, index, base_iri=base)


@pytest.mark.parametrize(
    "base",
    [
        *("", "my.org/jobs", "urn:jobs:", "file:///tmp/", "https://my.org/#", "https://my.org/?x=", "https://a b/"),
        *("https:///x", "> . ?s ?p ?o", "https://[x/"),
    ],
)
def test_a_base_that_is_none_is_refused(index: LabelIndex, base: str) -> None:
    with pytest.raises(ParameterError):
        link(PAGE, index, base_iri=base)


def test_a_profile_made_by_hand_obeys_too(index: LabelIndex) -> None:
    profile = link(PAGE, index)
    with pytest.raises(ParameterError, match="ESCO's own space"):
        replace(profile, iri=OCCUPATION + "x/profile/cook")
    with pytest.raises(ParameterError, match="a new occupation of"):
        replace(profile, is_new=True)
    for wrong in ({"title": ""}, {"isco_skill_level": 5}, {"lang": "en us"}):
        with pytest.raises(ParameterError):
            replace(profile, **wrong)
    for wrong in ({"label": ""}, {"requirement": "nice"}, {"skill_type": "talent"}):
        with pytest.raises(ParameterError):
            replace(profile.skills[0], **wrong)
    for wrong in ({"kind": "other"}, {"score": 1.5}, {"score": float("nan")}):
        with pytest.raises(ParameterError):
            replace(profile.links[0], **wrong)
    with pytest.raises(ParameterError, match="time zone"):
        replace(profile.source, retrieved=datetime(2024, 1, 1))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Occupational therapy assistant", "occupational-therapy-assistant"),
        ("  Chef/Cook (head), ship’s ", "chef-cook-head-ship-s"),
        ("Pâtissière", "patissiere"),
        ("COOK", "cook"),
    ],
)
def test_slugs(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_titles_that_differ_have_slugs_that_differ() -> None:
    titles = [
        "C developer",
        "C++ developer",
        "C# developer",
        "料理人",
        "看護師",
        "Köche*",
        "a" * 100,
        "a" * 101,
        "!",
        "?",
    ]
    slugs = [slugify(title) for title in titles]
    assert len(set(slugs)) == len(titles)
    for slug in slugs:
        assert slug.strip("-") == slug
        assert 0 < len(slug) <= 80
        assert slug.isascii()
        assert slugify(slug) == slug


# RDF


def test_a_known_occupation_is_only_enriched(index: LabelIndex) -> None:
    quads = to_quads(link(PAGE, index))
    assert {str(q.graph_name) for q in quads} == {"<https://w3id.org/esco-graph/graph/profile/cook>"}
    about = {(q.predicate.value, q.object.value) for q in quads if q.subject == ox.NamedNode(COOK)}
    assert about == {
        (SKOS + "altLabel", "chef"),
        (SKOS + "altLabel", "pan master"),
        (ESCO + "relatedEssentialSkill", WINE),
        (ESCO + "relatedEssentialSkill", FRY),
        (ESCO + "relatedEssentialSkill", KNIVES),
        (ESCO + "relatedOptionalSkill", BAKE),
    }
    assert has(quads, FRY, ESCO + "isEssentialSkillFor", COOK)
    assert not any(q.object == ox.NamedNode(WINE2) and q.predicate.value != ESG + "candidate" for q in quads)


def test_a_new_occupation_is_a_whole_concept(index: LabelIndex) -> None:
    quads = to_quads(link(PAGE.replace("Cook\nCooks", "Sea cook\nCooks"), index, base_iri="https://my.org/"))
    iri = "https://my.org/occupation/sea-cook"
    for predicate, value in (
        (RDF + "type", ESCO + "Occupation"),
        (RDF + "type", SKOS + "Concept"),
        (SKOS + "prefLabel", "Sea cook"),
        (SKOS + "altLabel", "chef"),
        (SKOS + "broader", GROUP),
        (ESCO + "memberOfISCOGroup", GROUP),
        (ESCO + "relatedEssentialSkill", FRY),
    ):
        assert has(quads, iri, predicate, value)
    assert not any(
        str(q.subject).startswith("<http://data.europa.eu/") and q.predicate.value.startswith(SKOS) for q in quads
    )


def test_provenance(index: LabelIndex) -> None:
    profile = link(PAGE, index)
    quads, iri = to_quads(profile), profile.iri
    assert has(quads, iri, PROV + "wasDerivedFrom", iri + "#source")
    assert has(quads, iri + "#source", ESG + "sha256", "ab" * 32)
    assert has(quads, iri, PROV + "generatedAtTime", "2024-05-01T12:30:00Z")
    assert has(quads, iri + "#import", PROV + "wasAssociatedWith", iri + "#software")
    assert not any(isinstance(term, ox.BlankNode) for q in quads for term in (q.subject, q.object))
    line = next(
        q.object for q in quads if q.predicate.value == ESG + "sourceLine" and q.subject.value == iri + "#skill-1"
    )
    assert PAGE.split("\n")[int(line.value) - 1].startswith("Wine")


def test_with_the_graph_nothing_contradicts_it(graph: Graph, index: LabelIndex) -> None:
    page = PAGE.replace("Essential skills\nFry", "Optional skills\nFry").replace("pan master", "cook")
    profile = link(page, index)
    assert has(to_quads(profile), COOK, ESCO + "relatedOptionalSkill", FRY)
    quads = to_quads(profile, graph=graph)
    assert not has(quads, COOK, ESCO + "relatedOptionalSkill", FRY)
    assert not has(quads, FRY, ESCO + "isOptionalSkillFor", COOK)
    assert not has(quads, COOK, SKOS + "altLabel", "cook")
    assert has(quads, COOK, ESCO + "relatedOptionalSkill", KNIVES)
    assert has(quads, profile.iri, ESG + "otherTitle", "cook")


def test_a_corrected_page_is_not_held_to_its_own_former_statements(graph: Graph) -> None:
    before = link(PAGE.replace("Essential skills\nFry: In a pan.\nUse", "Optional skills\nUse"), LabelIndex.of(graph))
    grown = Graph.memory([*graph.quads(), *to_quads(before, graph=graph)])
    after = link(PAGE, LabelIndex.of(grown))
    assert not any(remark.startswith("requirement_differs") for remark in after.remarks)
    assert has(to_quads(after, graph=grown), COOK, ESCO + "relatedEssentialSkill", KNIVES)


def test_importing_a_new_occupation_again_keeps_it_whole(graph: Graph, index: LabelIndex) -> None:
    page = PAGE.replace("Cook\nCooks", "Sea cook\nCooks")
    first = link(page, index)
    again = link(page, LabelIndex.of(Graph.memory([*graph.quads(), *to_quads(first)])))
    assert again.is_new
    assert to_quads(replace(again, remarks=())) == to_quads(replace(first, remarks=()))


def test_a_skill_both_essential_and_optional_is_essential(index: LabelIndex) -> None:
    quads = to_quads(link("Pilot\nOptional skills\nFry\nBake\nEssential skills\nFry\n", index))
    iri = DEFAULT_BASE + "occupation/pilot"
    assert has(quads, iri, ESCO + "relatedEssentialSkill", FRY)
    assert not has(quads, iri, ESCO + "relatedOptionalSkill", FRY)
    assert has(quads, iri, ESCO + "relatedOptionalSkill", BAKE)


def test_the_same_profile_gives_the_same_bytes_under_any_hash_seed() -> None:
    code = (
        "from tests.test_profiles import *\n"
        "graph = Graph.memory(ox.Quad(*triple_of(t), RELEASE) for t in ox.parse(TURTLE, ox.RdfFormat.TURTLE))\n"
        "quads = to_quads(link(PAGE, LabelIndex.of(graph)), graph=graph)\n"
        "print(ox.serialize(quads, format=ox.RdfFormat.N_QUADS).decode())"
    )
    said = said_under_two_seeds(code)
    assert len(said) == 1
    assert "relatedEssentialSkill" in said.pop()


# There and back


def back(profile: OccupationProfile) -> OccupationProfile:
    return from_graph(Graph.memory(to_quads(profile)), profile.iri)


def test_a_linked_page_comes_back(index: LabelIndex, graph: Graph) -> None:
    for page in (PAGE, PAGE.replace("Cook\nCooks", "Sea cook\nCooks"), "Cook\nOther titles\nchef\n"):
        profile = link(page, index)
        assert back(profile) == profile
        both = Graph.memory([*graph.quads(), *to_quads(profile)])
        assert from_graph(both, profile.iri) == profile
        assert list_profiles(both) == [profile.iri]


IRIS = st.sampled_from([f"https://example.org/{name}" for name in ("a", "b", "é", "c?d=1#e")])
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NAME = TEXT.filter(bool)
TIMES = st.datetimes(datetime(1900, 1, 2), datetime(2100, 1, 1))
LINE = st.none() | st.integers(1, 10**6)


@st.composite
def profiles(draw: st.DrawFn) -> OccupationProfile:
    skills = st.builds(
        SkillStatement,
        *(NAME, TEXT, st.sampled_from(["essential", "optional"]), st.sampled_from(["knowledge", "skill", None]), LINE),
        *(st.none() | IRIS, st.sampled_from(["prefLabel", "altLabel", "hiddenLabel", None])),
        st.lists(IRIS, max_size=3).map(tuple),
    )
    links = st.builds(
        OccupationLink,
        *(NAME, st.sampled_from(["similar", "prospect"]), st.none() | IRIS, LINE),
        *(st.none() | NAME, st.none() | st.floats(0, 1)),
    )
    iri = f"https://example.org/profile/{slugify(draw(NAME))}"
    is_new = draw(st.booleans())
    zone = timezone(timedelta(minutes=draw(st.integers(-700, 700))))
    return OccupationProfile(
        iri=iri,
        occupation=new_occupation_iri(iri) if is_new else draw(IRIS),
        is_new=is_new,
        title=draw(NAME),
        lang=draw(st.sampled_from(["en", "de", "pt-BR", "zh-Hant"])),
        description=draw(TEXT),
        other_titles=tuple(draw(st.lists(TEXT, max_size=4))),
        minimum_qualification=draw(TEXT),
        isco_group=draw(st.sampled_from([None, GROUP, ISCO + "C51"])),
        isco_skill_level=draw(st.sampled_from([None, 1, 2, 3, 4])),
        skills=tuple(draw(st.lists(skills, max_size=12))),
        links=tuple(draw(st.lists(links, max_size=12))),
        source=Source(draw(NAME), draw(NAME), draw(TIMES).replace(tzinfo=zone), draw(NAME)),
        remarks=tuple(draw(st.lists(TEXT, max_size=3))),
    )


@settings(max_examples=150, deadline=None)
@given(profiles())
def test_any_profile_comes_back(profile: OccupationProfile) -> None:
    assert back(profile) == profile


@given(profiles())
@settings(max_examples=30, deadline=None)
def test_any_profile_survives_turtle(profile: OccupationProfile) -> None:
    quads = to_quads(profile)
    text = ox.serialize((q.triple for q in quads), format=ox.RdfFormat.TURTLE)
    assert from_graph(Graph.memory(ox.parse(text, ox.RdfFormat.TURTLE)), profile.iri) == profile


def test_no_such_profile(index: LabelIndex) -> None:
    graph = Graph.memory(to_quads(link(PAGE, index)))
    for iri in (DEFAULT_BASE + "profile/none", COOK):
        with pytest.raises(NotFoundError):
            from_graph(graph, iri)


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (ESG + "describes", None),
        (PROV + "generatedAtTime", None),
        (PROV + "generatedAtTime", ox.Literal("yesterday")),
        (ESG + "sha256", None),
        (ESG + "iscoSkillLevel", ox.Literal("two")),
        (ESG + "iscoSkillLevel", ox.Literal("7")),
        (ESG + "relationType", ox.NamedNode("https://example.org/nice")),
        (ESG + "statedLabel", None),
        (ESG + "linkKind", ox.NamedNode("https://example.org/friend")),
        (ESG + "score", ox.Literal("much")),
    ],
)
def test_a_profile_that_is_not_whole_says_what_is_wrong(
    index: LabelIndex, predicate: str, value: ox.Literal | ox.NamedNode | None
) -> None:
    profile = link(PAGE, index)
    profile = replace(profile, links=(replace(profile.links[0], measure="coverage", score=0.5), *profile.links[1:]))
    broken = [
        q if q.predicate.value != predicate else ox.Quad(q.subject, q.predicate, value, q.graph_name)
        for q in to_quads(profile)
        if q.predicate.value != predicate or value is not None
    ]
    with pytest.raises(ValidationError) as caught:
        from_graph(Graph.memory(broken), profile.iri)
    assert caught.value.where == profile.iri


def test_a_graph_name_per_profile() -> None:
    assert graph_of(DEFAULT_BASE + "profile/cook") == "https://w3id.org/esco-graph/graph/profile/cook"
    assert graph_of("https://example.org/Köln ä").startswith("https://w3id.org/esco-graph/graph/profile/koln-a")
    bases = ("https://a.example/", "https://b.example/", "https://a.example/jobs/")
    assert len({graph_of(base + "profile/cook") for base in (*bases, DEFAULT_BASE)}) == 4


# What the user decides


def test_the_isco_group_can_be_given(index: LabelIndex) -> None:
    profile = link("Sea cook\nEssential skills\nFry\n", index, isco="5120")
    assert profile.isco_group == GROUP
    with pytest.raises(NotFoundError, match="9999"):
        link(PAGE, index, isco="9999")
    for code in ("512", "5120.1", "٥١٢٠", ""):
        with pytest.raises(ParameterError):
            link(PAGE, index, isco=code)


def test_a_wrong_language_names_those_of_the_graph_and_not_of_the_index(graph: Graph) -> None:
    with pytest.raises(ParameterError) as caught:
        link(PAGE, LabelIndex.of(graph, langs=("de",)), lang="de")
    assert "It has: en." in str(caught.value.advice)


# Real pages


def test_the_example_on_the_sample(sample_graph: Graph) -> None:
    profile = link(read_page(EXAMPLE), LabelIndex.of(sample_graph))
    assert not profile.is_new
    assert profile.remarks == ()
    assert [s.label for s in profile.unresolved][-1] == "Read the mood of a ward"
    assert all(one.occupation for one in profile.links)


def test_the_example_on_version_1_1_1(graph_111: Graph) -> None:
    profile = link(read_page(EXAMPLE), LabelIndex.of(graph_111))
    assert Counter(s.matched_by for s in profile.skills) == {"prefLabel": 6, "altLabel": 1, None: 1}
    assert back(profile) == profile


def test_the_real_page_on_version_1_1_1(seed_page, graph_111: Graph) -> None:
    profile = link(read_page(seed_page), LabelIndex.of(graph_111))
    assert (profile.occupation, profile.is_new, profile.remarks) == (OTA, False, ())
    assert Counter(s.matched_by for s in profile.skills) == {"prefLabel": 41, "altLabel": 3, None: 1}
    assert [(s.label, s.candidates) for s in profile.unresolved] == [("Apply health sciences", ())]
    assert all(one.occupation for one in profile.links)
    assert (profile.isco_group, profile.isco_skill_level) == (ISCO + "C2269", 4)
    quads = to_quads(profile, graph=graph_111)
    assert from_graph(Graph.memory(quads), profile.iri) == profile
    assert has(quads, OTA, SKOS + "altLabel", "OT technicians")
    new = [q for q in quads if q.subject == ox.NamedNode(OTA) and not list(graph_111.quads(*triple_of(q)))]
    assert [q.object.value for q in new] == ["OT technicians"]


def test_the_real_page_on_version_1_1_0(seed_page, graph_110: Graph) -> None:
    profile = link(read_page(seed_page), LabelIndex.of(graph_110))
    assert Counter(s.matched_by for s in profile.skills) == {"prefLabel": 41, "altLabel": 3, None: 1}
