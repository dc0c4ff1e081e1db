"""The whole-graph checks: every file sound; what each finds and what it leaves alone; the same on two engines."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner

from conftest import ROOT
from esco_graph.builder import build, sample_paths
from esco_graph.cli import main
from esco_graph.errors import QueryError
from esco_graph.graph import Graph
from esco_graph.importer import import_pages
from esco_graph.resources import resource
from esco_graph.sources.report import CODES, REMARKS
from esco_graph.terms import from_ox, prefixes
from esco_graph.validation.checks import CHECKS, Check, checked_by, checks, run_check, run_checks
from esco_graph.validation.shapes import load_shapes
from esco_graph.workspace import Workspace

FILES = sorted(resource("queries/checks").glob("*.rq"))
PREFIXES = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items()) + "@prefix : <urn:x:> .\n"
RANGES = ((121, 129), (161, 179), (411, 419), (841, 849))

# A small sound classification: every check passes it.
SOUND = """
:scheme a skos:ConceptScheme ; skos:prefLabel "Scheme"@en ; skos:hasTopConcept :top .
:top a skos:Concept ; skos:prefLabel "top"@en ; skos:inScheme :scheme ; skos:topConceptOf :scheme .
:mid a skos:Concept ; skos:prefLabel "mid"@en ; skos:altLabel "middle"@en ; skos:inScheme :scheme ; skos:broader :top .
:low a skos:Concept ; skos:prefLabel "low"@en ; skos:inScheme :scheme ; skos:broader :mid .
:leaf a skos:Concept ; skos:prefLabel "leaf"@en ; skos:inScheme :scheme ; skos:broader :low ; skos:related :twig .
:twig a skos:Concept ; skos:prefLabel "twig"@en ; skos:inScheme :scheme ; skos:broader :mid .
:release a dcat:Dataset ; dct:language "en" .
:nurse a esco:Occupation ; esg:code "x" .
"""
DEFECTS: dict[str, tuple[str, set[tuple[str, str, str]]]] = {
    # code: (what is added to the sound graph, the findings as focus, path, value)
    "ESG126": (
        ':a a skos:Concept ; skos:prefLabel "leaf"@en ; skos:inScheme :scheme ; skos:broader :top .',
        {(":a", "skos:prefLabel", ":leaf"), (":leaf", "skos:prefLabel", ":a")},
    ),
    "ESG127": (':twig skos:altLabel "leaf"@en .', {(":twig", "skos:altLabel", ":leaf")}),
    "ESG128": (
        ':twig skos:notation "4.2" . :leaf skos:notation "4.2" .',
        {(":leaf", "skos:notation", ":twig"), (":twig", "skos:notation", ":leaf")},
    ),
    "ESG161": (
        ":top skos:broader :leaf .",
        {
            (f":{a}", "skos:broader", f":{b}")
            for a, b in (("leaf", "low"), ("low", "mid"), ("mid", "top"), ("top", "leaf"))
        },
    ),
    "ESG162": (":leaf skos:broader :top .", {(":leaf", "skos:broader", ":top")}),
    "ESG163": (":top skos:related :leaf .", {(":leaf", "skos:related", ":top")}),
    "ESG164": (':a a skos:Concept ; skos:prefLabel "a"@en ; skos:inScheme :scheme .', {(":a", "", "")}),
    "ESG165": (
        ':a a skos:Concept ; skos:prefLabel "a"@en ; skos:inScheme :scheme .\n'
        ':b a skos:Concept ; skos:prefLabel "b"@en ; skos:inScheme :scheme ; skos:broader :a .',
        {(":a", "skos:inScheme", ":scheme")},
    ),
    "ESG411": (
        ':leaf skos:preferedLabel "x"@en ; <https://data.europa.eu/esco/model#skillType> :x .\n:b esg:skil :x .',
        {
            (":leaf", "skos:preferedLabel", ""),
            (":leaf", "https://data.europa.eu/esco/model#skillType", ""),
            (":b", "esg:skil", ""),
        },
    ),
    "ESG412": (
        ":b a esco:Ocupation . :c a <http://w3id.org/esco-graph/ns#SkillStatement> .",
        {(":b", "rdf:type", "esco:Ocupation"), (":c", "rdf:type", "<http://w3id.org/esco-graph/ns#SkillStatement>")},
    ),
    "ESG841": (':release dct:language "de" .', {(":release", "dct:language", '"de"')}),
    "ESG842": (
        ':release dct:language "DE" . :leaf skos:prefLabel "Blatt"@de .',
        {(":release", "dct:language", '"DE"')},
    ),
}
# What looks like a defect and is none, or is the affair of another rule.
INNOCENT = {
    "named as its own broader concept": ':leaf skos:broader :a . :a a skos:Concept ; skos:prefLabel "leaf"@en ; '
    "skos:inScheme :scheme ; skos:broader :top .",
    "the same label in another scheme": ':b a skos:Concept ; skos:prefLabel "leaf"@en ; skos:altLabel "low"@en ; '
    "skos:inScheme :other ; skos:broader :b2 .",
    "the same code in another scheme": ':leaf skos:notation "4" . :b skos:notation "4" ; skos:inScheme :other .',
    "the same code in another system": ':leaf skos:notation "4" . :twig skos:notation "4"^^:system .',
    "the same words in another language": ':twig skos:altLabel "leaf"@de .',
    "above itself, which ESG151 finds": ":leaf skos:broader :leaf .",
    "related to its broader concept, which ESG152 finds": ":leaf skos:related :low .",
    "the concept of a profile, for ESG212": ':a a skos:Concept ; skos:prefLabel "a"@en ; '
    "rdfs:isDefinedBy :profile . :profile a esg:OccupationProfile .",
    "nothing beside it but a mapping": ':a a skos:Concept ; skos:prefLabel "a"@en ; skos:closeMatch :there .'
    ':b a skos:Concept ; skos:prefLabel "b"@en . :there skos:exactMatch :b .',
    "an ESCO class with https, for ESG404": ":b a <https://data.europa.eu/esco/model#Occupation> .",
    "a scheme without top concepts": ":a a skos:Concept ; skos:inScheme :flat ; skos:broader :b .",
    "a way up to a top that only the scheme names": ":a skos:broader :out ; skos:inScheme :flat . "
    ":out skos:broader :peak . :flat skos:hasTopConcept :peak .",
    "a way up through another scheme": ":a skos:broader :out ; skos:inScheme :scheme . :out skos:broader :top .",
}


def graph_of(more: str = "", sound: str = SOUND) -> Graph:
    return Graph.memory(ox.parse(PREFIXES + sound + more, ox.RdfFormat.TURTLE))


def rows(check: Check, graph: Graph) -> set[tuple[str, str, str]]:
    return {
        tuple("" if term is None else _short(str(term)) for term in (one.focus, one.path, one.value))  # type: ignore[misc]
        for one in run_check(check, graph)
    }


def _short(text: str) -> str:
    text = re.sub(r"^<urn:x:(.*)>$", r":\1", text)
    for name, space in prefixes().items():
        text = re.sub(rf"^<{re.escape(space)}(\w+)>$", rf"{name}:\1", text)
    return text


class TestFiles:
    def test_each_file_is_read(self) -> None:
        assert len(checks()) == len(FILES) >= 11

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_each_header_says_what_a_rule_must_say(self, path: Path) -> None:
        check = Check.read(path)
        assert check.shape == CHECKS + path.stem
        assert any(low <= int(check.code.removeprefix("ESG")) <= high for low, high in RANGES)
        assert check.see_also.startswith("http")
        assert check.roots == ()
        first, *advice = re.split(r"(?<=[.]) (?=[A-Z])", check.message)
        assert advice, "the message does not say what to do"
        assert first.endswith(".")
        assert not check.summary.endswith(".")

    def test_codes_are_of_one_rule_only(self) -> None:
        assert not checks().keys() & load_shapes().rules.keys()
        assert not checks().keys() & set(CODES.values())

    def test_each_code_has_a_graph_that_fails_it(self) -> None:
        assert DEFECTS.keys() == checks().keys()

    def test_names_in_the_queries_exist(self) -> None:
        """What ESG411 and ESG412 take for known of our own vocabulary is all that the ontology has."""
        ontology = rdflib.Graph().parse(ROOT / "ontology" / "esco_graph.ttl")
        kinds = {
            str(node).rpartition("#")[2]: {
                str(kind).rpartition("#")[2] for kind in ontology.objects(node, rdflib.RDF.type)
            }
            for node in ontology.subjects(rdflib.RDF.type)
            if "/ns#" in str(node)
        }
        for name, wanted in (("unknown-property", "Property"), ("unknown-class", "Class")):
            listed = set(re.findall(r"\besg:(\w+)", (FILES[0].parent / f"{name}.rq").read_text(encoding="utf-8")))
            there = {term for term, kind in kinds.items() if any(one.endswith(wanted) for one in kind)}
            assert listed == there

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("severity: violation", "severity: Violation", "the severity is 'Violation'"),
            ("severity: violation", "sevrity: violation", "sevrity"),
            ("#+ code: ESG161\n", "", "code"),
            ("#+ code: ESG161\n", "#+ code: ''\n", "an empty one"),
            ("#+ code: ESG161\n", "#+ code: [\n", "not YAML"),
            ("?focus skos:broader ?broad", "?focus skos:broader", "does not parse"),
            ("?focus skos:broader ?broad", "?focus sko:broader ?broad", "does not parse"),
            (
                "SELECT DISTINCT ?focus ?path ?value",
                "SELECT DISTINCT ?focus ?value",
                "columns are not focus, path, value",
            ),
            ("FILTER EXISTS", "FILTR EXISTS", "does not parse"),
        ],
    )
    def test_a_slip_is_refused_with_the_file(self, tmp_path: Path, old: str, new: str, says: str) -> None:
        text = checks()["ESG161"].path.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "hierarchy-cycle.rq"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(QueryError, match=re.escape(says)) as caught:
            Check.read(path)
        assert "hierarchy-cycle.rq" in str(caught.value)

    def test_remarks_of_an_import_have_a_code_of_a_shape_or_of_their_own(self) -> None:
        assert CODES.keys() <= REMARKS.keys()
        own = {code for code in CODES.values() if 851 <= int(code.removeprefix("ESG")) <= 899}
        assert set(CODES.values()) - own <= load_shapes().rules.keys()
        assert len(own) == sum(code in own for code in CODES.values())


class TestFindings:
    def test_a_sound_graph_has_none(self) -> None:
        assert list(run_checks(graph_of())) == []

    def test_an_empty_graph_has_none(self) -> None:
        assert list(run_checks(Graph.memory())) == []
        assert all(checked_by(check, Graph.memory()) == 0 for check in checks().values())

    @pytest.mark.parametrize("code", sorted(DEFECTS))
    def test_a_defect_is_found_by_its_code_and_only_by_it(self, code: str) -> None:
        more, expected = DEFECTS[code]
        graph = graph_of(more)
        assert rows(checks()[code], graph) == expected
        assert {finding.code for finding in run_checks(graph)} - _WAKE.get(code, set()) == {code}

    @pytest.mark.parametrize("name", sorted(INNOCENT))
    def test_what_is_no_defect_is_not_found(self, name: str) -> None:
        assert [finding.code for finding in run_checks(graph_of(INNOCENT[name]))] == []

    @pytest.mark.parametrize("code", sorted(DEFECTS))
    def test_two_engines_give_the_same_rows(self, code: str) -> None:
        check = checks()[code]
        for more in (DEFECTS[code][0], "\n".join(more for more, _ in DEFECTS.values())):
            graph = graph_of(more)
            found = {tuple(None if term is None else from_ox(term) for term in row) for row in graph.select(check.text)}
            assert {tuple(row) for row in graph.to_rdflib().query(check.text)} == found  # type: ignore[arg-type]

    @pytest.mark.parametrize("code", sorted(DEFECTS))
    def test_a_graph_in_two_named_graphs_gives_each_finding_once(self, code: str) -> None:
        """The union of Oxigraph is a bag: a triple in two graphs is met twice."""
        quads = list(graph_of(DEFECTS[code][0]).quads())
        doubled = Graph.memory(
            ox.Quad(*quad.triple, ox.NamedNode(name)) for quad in quads for name in ("urn:one", "urn:two")
        )
        assert len(list(run_check(checks()[code], doubled))) == len(DEFECTS[code][1])

    def test_a_long_cycle_and_a_long_way_round(self) -> None:
        chain = "\n".join(f":c{n} skos:broader :c{n + 1} ." for n in range(12))
        graph = graph_of(f"{chain} :c0 skos:broader :c12 .")
        assert rows(checks()["ESG162"], graph) == {(":c0", "skos:broader", ":c12")}
        assert rows(checks()["ESG161"], graph) == set()
        assert len(rows(checks()["ESG161"], graph_of(f"{chain} :c12 skos:broader :c0 ."))) == 13

    @pytest.mark.parametrize(
        "steps",
        [
            ":a skos:narrower :b . :b skos:narrower :c .",
            ":c skos:broaderTransitive :a .",
            ":b skos:narrower :c ; skos:broader :a .",
        ],
    )
    def test_what_is_higher_up_may_be_said_in_any_way(self, steps: str) -> None:
        more = f"{steps} :c skos:related :a . :a skos:prefLabel 'a'@en . :c skos:prefLabel 'c'@en ."
        assert rows(checks()["ESG163"], graph_of(more)) == {(":c", "skos:related", ":a")}

    def test_many_of_one_name_give_one_finding_each(self) -> None:
        many = "\n".join(
            f':m{n} skos:prefLabel "same"@en ; skos:inScheme :scheme ; skos:broader :top .' for n in range(300)
        )
        found = rows(checks()["ESG126"], graph_of(many))
        assert len(found) == 300
        assert (":m0", "skos:prefLabel", ":m99") in found
        assert (":m5", "skos:prefLabel", ":m0") in found

    def test_a_finding_has_all_but_labels(self) -> None:
        (finding,) = run_check(checks()["ESG162"], graph_of(DEFECTS["ESG162"][0]))
        assert (finding.severity, str(finding.path), finding.focus_label) == ("info", "skos:broader", "")
        assert finding.shape == CHECKS + "redundant-broader"
        assert finding.component.endswith("SPARQLConstraintComponent")

    def test_blank_nodes_are_no_trouble(self) -> None:
        graph = graph_of(
            '[] a skos:Concept ; skos:prefLabel "leaf"@en ; skos:altLabel "low"@en ; skos:inScheme :scheme .'
        )
        found = {finding.code for finding in run_checks(graph) if isinstance(finding.focus, ox.BlankNode)}
        assert found == {"ESG126", "ESG127", "ESG164"}

    def test_nodes_limit_the_findings_and_the_count(self) -> None:
        graph = graph_of("\n".join(more for more, _ in DEFECTS.values()))
        assert {str(finding.focus) for finding in run_checks(graph, {"urn:x:leaf"})} == {"<urn:x:leaf>"}
        assert list(run_checks(graph, frozenset())) == []
        assert checked_by(checks()["ESG164"], graph_of()) == 5
        assert checked_by(checks()["ESG164"], graph_of(), {"urn:x:leaf", "urn:x:release"}) == 1


# In the ring of ESG161 everything is above everything, and so above what it is related to.
_WAKE = {"ESG161": {"ESG163"}}


class TestCommands:
    def test_a_build_says_what_is_wrong_in_the_source_and_in_the_graph(self, tmp_path: Path) -> None:
        files = [*map(str, sample_paths()), "--release", "1.1.1-sample"]
        said = CliRunner().invoke(main, ["build", *files, "--store", str(tmp_path)])
        assert said.exit_code == 0, said.output
        assert "Known to be wrong in ESCO 1.1.1-sample itself" in said.output
        assert re.search(r"ESG302 +3 +3 skills +kept", said.output)
        assert "ESG165" in said.output.partition("Checks of the graph")[2]
        assert "For information: ESG162 48 (" in said.output
        assert "built all the same" in said.output

    def test_an_import_checks_the_nodes_of_its_profile(self, tmp_path: Path) -> None:
        workspace = Workspace(tmp_path / "store")
        build(workspace, sample_paths(), version="1.1.1-sample")
        page = next(resource("examples").glob("*.txt"))
        (summary,) = import_pages(workspace, [page])
        assert summary.generation
        assert summary.checks == ()
        assert len(workspace.current().about["checks"]) == len(checks())


class TestRealReleases:
    """Samples of each number were looked at by hand: true facts of the release, at no severity above a warning."""

    def test_v111(self, graph_111: Graph) -> None:
        n = {check.code: len(list(run_check(check, graph_111))) for check in checks().values()}
        assert {code: count for code, count in n.items() if count} == {
            "ESG126": 4, "ESG127": 552, "ESG162": 1906, "ESG165": 51
        }  # fmt: skip
        assert checked_by(checks()["ESG164"], graph_111) == 18_162
