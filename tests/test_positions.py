"""Where findings stand: lines of RDF files, rows of a release."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_graph.errors import SourceError
from esco_graph.sources.csv_release import open_release
from esco_graph.sources.data_file import read_file
from esco_graph.terms import ESCO, RDF, SH, SKOS, XSD
from esco_graph.validation.finding import Finding, Term
from esco_graph.validation.paths import Path as PropertyPath
from esco_graph.validation.positions import Positions
from esco_graph.validation.turtle_lines import is_anonymous, scan_lines, scan_turtle, term_key
from releases import copy_sample, edit, zipped

EX = "http://example.org/"
BASE = "file:///base/data.ttl"
ANONYMOUS = "[]"
PREFIXES = f"@prefix e: <{EX}> .\n@prefix skos: <{SKOS}> .\n"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def step(iri: str) -> PropertyPath:
    return PropertyPath("iri", iri if ":" in iri else EX + iri)


def finding(focus: Term | str, path: PropertyPath | str | None = None, value: Term | None = None) -> Finding:
    return Finding(
        "ESG101",
        "violation",
        "",
        node(focus) if isinstance(focus, str) else focus,
        path=step(path) if isinstance(path, str) else path,
        value=value,
    )


def at(place: str) -> int:
    return int(place.rpartition(":")[2])


TURTLE = '''@prefix e: <http://example.org/> . # e:comment e:p 1 .
@prefix : <http://example.org/> .
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
@base <http://example.org/> .

e:long e:text """one # no comment ; e:not e:a e:statement .
two "quoted" and \\"escaped\\" \\u00e9
""" , """a ""b"" c""" ;
  e:other 'it\\'s ; . , [ ] ( )'@EN-gb , "typed"^^e:type ,
    "x" ^^ <rel> ;
  ;
  a e:Thing .
<rel#frag> :p.q <> , true,-1.50,1e3 , 007 .
e:esc\\~aped e:p e:a.b , e:%41 , :
  .
[ e:anon 1 ; e:nested [ e:deep "deep"; e:list ( "in" ( e:a ) [] ) ] ]
  e:after "anon" .
_:label.x e:p _:other , _:label.x.
[] e:alone "here" .
'''


class TestTurtle:
    def places(self, text: str) -> dict[tuple[str, str, str], int]:
        def key(text: str) -> str:
            return ANONYMOUS if is_anonymous(text) else text

        return {(key(p.subject), p.predicate, key(p.object)): p.line for p in scan_turtle(text, BASE)}

    def test_every_statement_of_a_hard_file_is_found_and_none_is_invented(self) -> None:
        quads = list(ox.parse(TURTLE, ox.RdfFormat.TURTLE, base_iri=BASE))
        labels = {"_:label.x", "_:other"}

        def key(term: object) -> str:
            text = term_key(term)
            return ANONYMOUS if text.startswith("_:") and text not in labels else text

        rest = f"<{RDF}rest>"
        assert {
            triple for q in quads if (triple := (key(q.subject), key(q.predicate), key(q.object)))[1] != rest
        } == set(self.places(TURTLE))

    @pytest.mark.parametrize(
        ("focus", "path", "value", "line"),
        [
            (
                node("long"),
                "text",
                ox.Literal('one # no comment ; e:not e:a e:statement .\ntwo "quoted" and "escaped" é\n'),
                6,
            ),
            (node("long"), "text", ox.Literal('a ""b"" c'), 8),
            (node("long"), "other", ox.Literal("it's ; . , [ ] ( )", language="en-GB"), 9),
            (node("long"), "other", ox.Literal("x", datatype=node("rel")), 10),
            (node("long"), RDF + "type", node("Thing"), 12),
            (node("long"), "other", None, 9),
            (node("long"), None, None, 6),
            (node("rel#frag"), "p.q", ox.NamedNode(EX), 13),
            (node("rel#frag"), "p.q", ox.Literal("7", datatype=ox.NamedNode(XSD + "integer")), 13),
            (node("rel#frag"), "p.q", ox.Literal("-1.5", datatype=ox.NamedNode(XSD + "decimal")), 13),
            (node("esc~aped"), "p", node("%41"), 14),
            (ox.BlankNode("label.x"), "p", ox.BlankNode("other"), 18),
            (ox.BlankNode("0123"), "anon", None, 16),
            (ox.BlankNode("0123"), "deep", ox.Literal("deep"), 16),
            (ox.BlankNode("0123"), "after", ox.Literal("anon"), 17),
            (ox.BlankNode("0123"), "alone", None, 19),
            (node("Thing"), None, None, 12),
        ],
    )
    def test_lines(self, tmp_path: Path, focus: Term, path: str | None, value: Term | None, line: int) -> None:
        (tmp_path / "a.ttl").write_text(TURTLE, encoding="utf-8")
        positions = Positions([tmp_path / "a.ttl"])
        assert positions.of(finding(focus, path, value)) == f"{tmp_path / 'a.ttl'}:{line}"

    def test_what_is_not_there_has_no_place(self, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(TURTLE, encoding="utf-8")
        positions = Positions([tmp_path / "a.ttl"])
        for focus in (node("comment"), node("not"), ox.BlankNode("0123"), ox.Literal("deep")):
            assert positions.of(finding(focus, "p", ox.Literal("1"))) == ""

    def test_nodes_without_a_name_are_known_by_the_parse_that_named_them(self, tmp_path: Path) -> None:
        holdings = ["[ e:skill e:x ]", "[ e:skill e:y ; e:since '2019' ]", "[ e:skill e:x ; e:in [ e:skill e:x ] ]"]
        listed = ["e:list ( e:x", "[ e:skill e:z ]", ") ."]
        text = "\n".join(["@prefix e: <http://example.org/> .", "e:me e:holds", " ,\n".join(holdings), ";", *listed])
        (tmp_path / "me.ttl").write_text(text)
        positions = Positions([tmp_path / "me.ttl"])
        quads = list(positions.follow(tmp_path / "me.ttl", read_file(tmp_path / "me.ttl")))
        lines = text.split("\n")
        skill = [quad for quad in quads if quad.predicate == node("skill")]
        assert len({quad.subject for quad in skill}) == 5
        found = [at(positions.of(finding(quad.subject, "skill"))) for quad in skill]  # type: ignore[arg-type]
        assert sorted(found) == [3, 4, 5, 5, 8]
        for quad, line in zip(skill, found, strict=True):
            assert f"e:{quad.object.value[-1]}" in lines[line - 1]  # type: ignore[union-attr]
        held = [quad for quad in quads if quad.predicate == node("holds")]
        places = [at(positions.of(finding("me", "holds", quad.object))) for quad in held]  # type: ignore[arg-type]
        assert sorted(places) == [3, 4, 5]

    def test_a_label_that_looks_like_a_name_of_the_parser_is_found(self, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(f"{PREFIXES}e:a e:p 1 ;\n e:q _:{'ab' * 16} .\n_:{'ab' * 16} e:r 1 .")
        positions = Positions([tmp_path / "a.ttl"])
        list(positions.follow(tmp_path / "a.ttl", read_file(tmp_path / "a.ttl")))
        assert at(positions.of(finding(ox.BlankNode("a.q.1"), "r"))) == 5

    def test_two_nodes_without_a_name_that_say_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(
            "@prefix e: <http://example.org/> .\n[] e:p 1 .\n[] e:p 1 .\n[] e:p 2 .\n[] e:p 1 ."
        )
        positions = Positions([tmp_path / "a.ttl"])
        integer = ox.NamedNode(XSD + "integer")
        assert positions.of(finding(ox.BlankNode("a"), "p", ox.Literal("1", datatype=integer))) == ""
        assert at(positions.of(finding(ox.BlankNode("a"), "p", ox.Literal("2", datatype=integer)))) == 4

    def test_relative_iris_follow_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text("<>\n <http://example.org/p> <#b> .")
        quad = next(iter(read_file(tmp_path / "a.ttl")))
        assert at(Positions([tmp_path / "a.ttl"]).of(finding(quad.subject, "p", quad.object))) == 2  # type: ignore[arg-type]

    def test_trig(self, tmp_path: Path) -> None:
        graphs = ("e:g { e:a e:p 1 .", "e:b e:p 2 }", "GRAPH e:h {", "e:c e:p 3 ; e:q 4 }", "{ e:d", "e:p 5 }")
        text = "\n".join(("@prefix e: <http://example.org/> .", *graphs))
        (tmp_path / "a.trig").write_text(text)
        positions = Positions([tmp_path / "a.trig"])
        assert [at(positions.of(finding(name, "p"))) for name in "abcd"] == [2, 3, 5, 7]
        assert at(positions.of(finding("d"))) == 6
        assert positions.of(finding("g")) == ""

    def test_a_prefix_may_change_on_the_way(self) -> None:
        text = "@prefix e: <http://a/> .\ne:x e:p 1 .\n@prefix e: <http://b/> .\ne:x e:p 1 ."
        assert [(p.subject, p.line) for p in scan_turtle(text)] == [("<http://a/x>", 2), ("<http://b/x>", 4)]

    def test_deep_nesting_is_no_matter(self) -> None:
        deep = "[ <http://e/p> " * 20_000 + "1" + " ]" * 20_000
        assert len(list(scan_turtle(f"<http://e/a> <http://e/p> {deep} ."))) == 20_001
        assert len(list(scan_turtle(f"<http://e/a> <http://e/p> {'(' * 20_000}{')' * 20_000} ."))) == 20_000

    @pytest.mark.parametrize(
        "broken",
        ['"never closed', "<< e:a e:b e:c >> e:p 1 .", "] ) . ;", "e:a e:b \x00", "^^", "select", "a." * 20_000],
    )
    def test_what_cannot_be_scanned_ends_the_scan(self, broken: str) -> None:
        text = f"@prefix e: <http://example.org/> .\ne:a e:p 1 .\n{broken}"
        places = list(scan_turtle(text))
        assert places[0].line == 2
        assert not [place for place in places if place.subject == f"<{EX}select>"]

    def test_line_ends_and_byte_order_marks(self, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_bytes(
            b"\xef\xbb\xbf@prefix e: <http://example.org/> .\r\n# \xff\r\ne:a e:p '''x\r\n''' .\r\n"
        )
        assert at(Positions([tmp_path / "a.ttl"]).of(finding("a", "p", ox.Literal("x\r\n")))) == 3


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
TAME = st.from_regex(r"[a-z][a-z0-9./~-]{0,5}(#?[a-z0-9])", fullmatch=True)
TERMS = st.one_of(
    TAME.map(node),
    st.sampled_from("abc").map(ox.BlankNode),
    TEXTS.map(ox.Literal),
    st.builds(lambda text, lang: ox.Literal(text, language=lang), TEXTS, st.sampled_from(["en", "de-AT"])),
    st.integers(-99, 99).map(lambda n: ox.Literal(str(n), datatype=ox.NamedNode(XSD + "integer"))),
    TEXTS.map(lambda text: ox.Literal(text, datatype=node("type"))),
)
TRIPLES = st.lists(
    st.builds(ox.Triple, st.one_of(TAME.map(node), st.sampled_from("abc").map(ox.BlankNode)), TAME.map(node), TERMS),
    min_size=1,
    max_size=8,
)


class TestStatementToChange:
    """A position is that of the statement that the message asks to change."""

    def place(self, folder: Path, lines: str, one: Finding) -> int:
        (folder / "a.ttl").write_text(PREFIXES + lines)
        return at(Positions([folder / "a.ttl"]).of(one))

    def pair(self, name: str, path: PropertyPath | str | None, value: Term, message: str = "") -> Finding:
        component = f"{SH}{name}ConstraintComponent"
        return replace(finding("a", path, value), component=component, message=message)

    @pytest.mark.parametrize("line", [3, 4])
    def test_of_two_labels_that_are_one_the_other_propertys(self, tmp_path: Path, line: int) -> None:
        labels = ['e:a skos:prefLabel "x"@en .', 'e:a skos:prefLabel "y"@en .']
        labels.insert(line - 3, 'e:a skos:altLabel "x"@en .')
        one = self.pair("Disjoint", SKOS + "prefLabel", ox.Literal("x", language="en"))
        assert self.place(tmp_path, "\n".join(labels), one) == line

    def test_the_property_that_the_message_names_goes_before_a_later_line(self, tmp_path: Path) -> None:
        lines = 'e:a skos:prefLabel "x" ;\n skos:altLabel "x" ;\n skos:hiddenLabel "x" .'
        for message, line in (("Remove the skos:altLabel.", 4), ("Remove it.", 5)):
            one = self.pair("Disjoint", SKOS + "prefLabel", ox.Literal("x"), message)
            assert self.place(tmp_path, lines, one) == line

    def test_the_other_one_is_not_in_the_file(self, tmp_path: Path) -> None:
        one = self.pair("Disjoint", SKOS + "prefLabel", ox.Literal("x"))
        assert self.place(tmp_path, 'e:a skos:altLabel "y" ;\n skos:prefLabel "x" .', one) == 4

    def test_a_node_that_is_related_to_itself(self, tmp_path: Path) -> None:
        lines = "e:a skos:broader e:b ;\n skos:related\n e:a ."
        assert self.place(tmp_path, lines, self.pair("Disjoint", None, node("a"))) == 5
        assert self.place(tmp_path, lines, finding("a", SKOS + "related", node("a"))) == 5

    @pytest.mark.parametrize("said", ["e:a e:needs e:x ,\n e:s .", "e:s e:neededBy e:x ,\n e:a ."])
    def test_an_inverse_that_is_missing(self, tmp_path: Path, said: str) -> None:
        inverse = PropertyPath("inversePath", parts=(step("neededBy"),))
        assert self.place(tmp_path, f"e:a a e:T .\n{said}", self.pair("Equals", inverse, node("s"))) == 5

    def test_what_the_other_side_says(self, tmp_path: Path) -> None:
        lines = "e:a skos:related e:c .\ne:b skos:related e:a ."
        assert self.place(tmp_path, lines, finding("a", SKOS + "related", node("b"))) == 4

    def test_any_of_several_properties(self, tmp_path: Path) -> None:
        path = PropertyPath("alternativePath", parts=tuple(step(SKOS + name) for name in ("prefLabel", "altLabel")))
        lines = 'e:a skos:prefLabel "x" ;\n skos:altLabel "z" ,\n "y " .'
        assert self.place(tmp_path, lines, finding("a", path, ox.Literal("y "))) == 5

    def test_what_has_no_value_is_where_the_subject_is(self, tmp_path: Path) -> None:
        assert self.place(tmp_path, "e:b e:p e:a .\ne:a a e:T .", finding("a", "q")) == 4

    def test_how_many_had_a_place(self, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text(PREFIXES + "e:a e:p 1 .")
        positions = Positions([tmp_path / "a.ttl"])
        assert [bool(positions.of(finding(name))) for name in "aba"] == [True, False, True]
        assert positions.found == 2


class TestLines:
    def test_n_triples_and_n_quads(self, tmp_path: Path) -> None:
        quads = [
            ox.Quad(node("a"), node("p"), ox.Literal('tab\t "q" \\ \u2028 \x85 é', language="en-GB"), node("g")),
            ox.Quad(node("a"), node("p"), ox.Literal("x"), node("g")),
            ox.Quad(ox.BlankNode("b.c"), node("p"), ox.BlankNode("d"), node("g")),
            ox.Quad(node("é"), node("p"), ox.Literal("007", datatype=ox.NamedNode(XSD + "integer")), node("g")),
        ]
        for name, kind in (("a.nt", ox.RdfFormat.N_TRIPLES), ("a.nq", ox.RdfFormat.N_QUADS)):
            given = [q if kind == ox.RdfFormat.N_QUADS else q.triple for q in quads]
            (tmp_path / name).write_bytes(b"# a note\n\n" + (ox.serialize(given, format=kind) or b""))  # type: ignore[arg-type]
            positions = Positions([tmp_path / name])
            found = [positions.of(finding(q.subject, step(q.predicate.value), q.object)) for q in quads]  # type: ignore[arg-type]
            assert found == [f"{tmp_path / name}:{line}" for line in (3, 4, 5, 6)]

    def test_a_full_stop_right_after_a_blank_node(self) -> None:
        assert [p.object for p in scan_lines(["_:a <http://e/p> _:b.", "_:a<http://e/p>_:b.c ."])] == ["_:b", "_:b.c"]

    def test_compressed(self, tmp_path: Path) -> None:
        lines = b"\n<http://e/a> <http://e/p> 'x' .\n\n<http://example.org/a> <http://e/p> \"x\" ."
        (tmp_path / "a.nt.gz").write_bytes(gzip.compress(lines))
        assert at(Positions([tmp_path / "a.nt.gz"]).of(finding("a"))) == 4
        (tmp_path / "b.nt.gz").write_bytes(b"\x1f\x8bbroken")
        with pytest.raises(SourceError, match="cannot be read"):
            Positions([tmp_path / "b.nt.gz"]).of(finding("a"))

    def test_paths_of_every_kind(self, tmp_path: Path) -> None:
        lines = ("a p b", "b q c", "c p a", "a r c")
        (tmp_path / "a.nt").write_text(
            "".join("<{0}{1}> <{0}{2}> <{0}{3}> .\n".format(EX, *line.split()) for line in lines)
        )
        positions = Positions([tmp_path / "a.nt"])
        p, q, r = (step(name) for name in "pqr")
        cases = {
            PropertyPath("sequence", parts=(p, q)): 1,
            PropertyPath("alternativePath", parts=(q, r)): 4,
            PropertyPath("inversePath", parts=(p,)): 3,
            PropertyPath("zeroOrMorePath", parts=(p,)): 1,
            PropertyPath("inversePath", parts=(PropertyPath("sequence", parts=(p, q)),)): 3,
        }
        for path, line in cases.items():
            assert at(positions.of(finding("a", path, node("c")))) == line, path

    def test_the_first_of_several_files_wins(self, tmp_path: Path) -> None:
        (tmp_path / "a.nt").write_text(f"\n<{EX}a> <{EX}p> <{EX}b> .\n")
        (tmp_path / "b.nt").write_text(f"<{EX}a> <{EX}p> <{EX}b> .\n<{EX}c> <{EX}p> <{EX}b> .\n")
        positions = Positions([tmp_path / "a.nt", tmp_path / "b.nt"])
        assert positions.of(finding("a")) == f"{tmp_path / 'a.nt'}:2"
        assert positions.of(finding("c")) == f"{tmp_path / 'b.nt'}:2"

    def test_formats_without_lines_give_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonld").write_text("{}")
        assert Positions([tmp_path / "a.jsonld"]).of(finding("a")) == str(tmp_path / "a.jsonld")
        (tmp_path / "b.rdf").write_text("<rdf/>")
        assert Positions([tmp_path / "a.jsonld", tmp_path / "b.rdf"]).of(finding("a")) == ""

    def test_nothing_is_read_before_the_first_question(self, tmp_path: Path) -> None:
        positions = Positions([tmp_path / "none.ttl"])
        with pytest.raises(SourceError, match=r"none\.ttl"):
            positions.of(finding("a"))


class TestAnyGraph:
    """The scanner and the parser agree, and the line that is found holds what it should."""

    @given(TRIPLES, st.sampled_from(["ox", "rdflib"]))
    @settings(deadline=None, max_examples=150)
    def test_turtle_of_two_writers(self, triples: list[ox.Triple], writer: str) -> None:
        if writer == "ox":
            data = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"e": EX}) or b""
            text = data.decode()
        else:
            graph = rdflib.Graph()
            graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
            graph.bind("e", EX)
            text = graph.serialize(format="turtle")
        places = list(scan_turtle(text, BASE))
        parsed = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
        labels = {place.subject for place in places} | {place.object for place in places}

        def key(term: object) -> str:
            text = term_key(term)
            return ANONYMOUS if text.startswith("_:") and text not in labels else text

        found = [(p.subject, p.predicate, p.object) for p in places]
        assert sorted(tuple(ANONYMOUS if is_anonymous(one) else one for one in triple) for triple in found) == sorted(
            tuple(map(key, (t.subject, t.predicate, t.object)))
            for t in parsed  # type: ignore[misc]
        )
        lines = text.split("\n")
        for place in places:
            assert _written(place.object) in lines[place.line - 1], place

    @given(TRIPLES)
    @settings(deadline=None)
    def test_n_triples(self, triples: list[ox.Triple]) -> None:
        lines = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode().split("\n")
        places = {(p.subject, p.predicate, p.object): p.line for p in scan_lines(lines)}
        for triple in triples:
            line = lines[places[tuple(map(term_key, (triple.subject, triple.predicate, triple.object)))] - 1]  # type: ignore[index]
            assert next(iter(ox.parse(line, ox.RdfFormat.N_TRIPLES))).triple == triple


def _written(key: str) -> str:
    """Give a piece of text that the line of an object must hold, whatever the writer."""
    if is_anonymous(key):
        return "["
    if key.startswith("_:"):
        return key
    if key.startswith("<"):
        return key[1:-1].removeprefix(EX).rstrip("/").rpartition("/")[2].rpartition("#")[2].partition("~")[0]
    words = [word for word in key[1:].rpartition('"')[0].split() if word.isascii() and word.isalnum()]
    return words[0] if words and key[1 : 1 + len(words[0])] == words[0] else ""


class TestRelease:
    SKILL_OF = ESCO + "isEssentialSkillFor"

    def line_of(self, file: Path, number: int) -> str:
        return file.read_text(encoding="utf-8-sig").split("\n")[number - 1]

    def test_rows_of_concepts_relations_and_hierarchy(self, tmp_path: Path) -> None:
        folder = copy_sample(tmp_path)
        positions = Positions([folder])
        relations = next(folder.glob("occupationSkillRelations*.csv"))
        cells = relations.read_text(encoding="utf-8").split("\n")[40].split(",")
        occupation, skill = (ox.NamedNode(cell.strip()) for cell in cells if cell.strip().startswith("http"))
        kind = next(cell for cell in cells if cell in ("essential", "optional"))
        path = f"{ESCO}related{kind.capitalize()}Skill"
        back = f"{ESCO}is{kind.capitalize()}SkillFor"
        assert positions.of(finding(occupation, path, skill)) == f"{relations}:41"
        assert positions.of(finding(skill, back, occupation)) == f"{relations}:41"
        inverse = PropertyPath("inversePath", parts=(step(back),))
        assert positions.of(finding(occupation, inverse, skill)) == f"{relations}:41"
        place = positions.of(finding(occupation, SKOS + "prefLabel"))
        assert Path(place.rpartition(":")[0]).name.startswith("occupations")
        assert occupation.value in self.line_of(Path(place.rpartition(":")[0]), at(place))
        broader = positions.of(finding(occupation, SKOS + "broader"))
        assert Path(broader.rpartition(":")[0]).name.startswith("broaderRelationsOccPillar")
        assert occupation.value in self.line_of(Path(broader.rpartition(":")[0]), at(broader))

    def test_every_statement_of_a_release_is_found_in_a_row_that_names_it(self, tmp_path: Path) -> None:
        folder = copy_sample(tmp_path)
        positions = Positions([folder])
        lines = {path: path.read_text(encoding="utf-8-sig").split("\n") for path in folder.glob("*.csv")}
        count = 0
        for quad in open_release([folder], partial=True).quads("http://example.org/graph"):
            file, _, number = positions.of(finding(quad.subject, quad.predicate.value, quad.object)).rpartition(":")  # type: ignore[arg-type]
            row = lines[Path(file)][int(number) - 1]
            assert quad.subject.value in row or quad.object.value in row, (quad, file, number)  # type: ignore[union-attr]
            count += 1
        assert count > 5_000

    def test_cells_of_several_lines_do_not_shift_the_rows_after_them(self, tmp_path: Path) -> None:
        folder = copy_sample(tmp_path)
        file = next(folder.glob("skills_*.csv"))
        seen: list[str] = []

        def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
            rows[0]["description"] = 'one\ntwo, "three"\r\n\nfour'
            seen.extend(row["conceptUri"] for row in rows[:2])
            return rows

        edit(file, change)
        positions = Positions([file])
        for iri in seen:
            place = positions.of(finding(ox.NamedNode(iri)))
            assert iri in self.line_of(file, at(place))
        first, second = (at(positions.of(finding(ox.NamedNode(iri)))) for iri in seen)
        assert second - first >= 4

    def test_a_concept_that_has_no_row_is_found_where_it_is_mentioned(self, tmp_path: Path) -> None:
        folder = copy_sample(tmp_path)
        relations = next(folder.glob("occupationSkillRelations*.csv"))
        lost = "http://data.europa.eu/esco/occupation/00000000-0000-0000-0000-000000000000"

        def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
            rows[9]["occupationUri"] = lost
            return rows

        edit(relations, change)
        assert at(Positions([folder]).of(finding(ox.NamedNode(lost)))) == 11

    def test_a_zip_names_its_members(self, tmp_path: Path) -> None:
        folder = copy_sample(tmp_path)
        archive = zipped(folder, tmp_path / "ESCO dataset - v1.1.1 - classification - en - csv.zip")
        iri = ox.NamedNode("http://data.europa.eu/esco/isco/C2269")
        assert Positions([archive]).of(finding(iri)).startswith("ISCOGroups")

    def test_the_language_of_a_text_chooses_the_file(self, tmp_path: Path) -> None:
        folder = copy_sample(tmp_path)
        english = next(folder.glob("occupations_en.csv"))
        (folder / "occupations_de.csv").write_bytes(english.read_bytes())
        iri = ox.NamedNode("http://data.europa.eu/esco/occupation/82cbe20d-967c-4161-9ecd-eafc724d171c")
        positions = Positions([folder])
        for lang in ("en", "de"):
            place = positions.of(finding(iri, SKOS + "prefLabel", ox.Literal("x", language=lang)))
            assert f"occupations_{lang}.csv:" in place

    def test_a_broken_release_says_where(self, tmp_path: Path) -> None:
        folder = copy_sample(tmp_path)
        with next(folder.glob("skills_*.csv")).open("a") as stream:
            stream.write("one,two\n")
        with pytest.raises(SourceError, match=r"skills_en\.csv:\d+: the row has 2 cells"):
            Positions([folder]).of(finding("a"))
