"""Names of blank nodes that last from one reading of a file to the next."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from esco_graph.terms import RDF
from esco_graph.validation.blank_nodes import lasting_name, lasting_names
from esco_graph.validation.finding import Finding
from test_positions import EX, PREFIXES, TRIPLES, finding, node

HOLDINGS = "[ a e:Holding ; e:skill e:x ; e:in [ e:q 1 ] ] ,\n [ e:skill e:x ]"


class TestNamesThatLast:
    def names(self, data: str, format_: ox.RdfFormat = ox.RdfFormat.TURTLE) -> list[str]:
        quads = lasting_names(ox.parse(data, format_))
        return list(dict.fromkeys(q.subject.value for q in quads if isinstance(q.subject, ox.BlankNode)))

    @pytest.mark.parametrize(
        ("turtle", "names"),
        [
            (f"e:anna e:holds {HOLDINGS} .", ["anna.holds.1", "anna.holds.1.in.1", "anna.holds.2"]),
            ("<http://example.org/team/anna#me> e:holds [ e:p 1 ] .", ["anna-me.holds.1"]),
            ("[] a e:Person ; e:holds [ e:p 1 ] . [ e:p 1 ] e:q 2 .", ["Person.1", "Person.1.holds.1", "node.1"]),
            ("_:b0 e:p _:c . _:c e:q [ e:p 1 ] .", ["b0", "c", "c.q.1"]),
            ("_:anna.holds.1 e:p 1 . e:anna e:holds [ e:p 1 ] .", ["anna.holds.1", "anna.holds.2"]),
            ("e:a e:list ( [ e:p 1 ] [ e:p 2 ] ) .", [f"a.list.{number}" for number in (2, 1, 4, 3)]),
            ("<urn:\u00e9> <urn:\u00e9> [ e:p 1 ] .", ["urn.node.1"]),
        ],
    )
    def test_turtle(self, turtle: str, names: list[str]) -> None:
        found = self.names(PREFIXES + turtle)
        assert sorted(found) == sorted(names)
        assert found == self.names(PREFIXES + turtle)

    def test_json_ld_and_rdf_xml(self) -> None:
        json = f'{{"@id": "{EX}anna", "{EX}holds": [{{"{EX}p": 1}}, {{"@id": "_:b", "{EX}p": 2}}, {{"{EX}p": 1}}]}}'
        assert self.names(json, ox.RdfFormat.JSON_LD) == ["anna.holds.1", "b", "anna.holds.2"]
        xml = (
            f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="{EX}"><rdf:Description rdf:about="{EX}anna">'
            '<e:holds rdf:parseType="Resource"><e:p>1</e:p></e:holds></rdf:Description></rdf:RDF>'
        )
        assert self.names(xml, ox.RdfFormat.RDF_XML) == ["anna.holds.1"]

    def test_deep_and_round(self) -> None:
        names = self.names("<http://e/a> <http://e/p> " + "[ <http://e/p> " * 20_000 + "1" + " ]" * 20_000 + " .")
        assert len(set(names)) == 20_000
        assert max(map(len, names)) < 100
        one, other = "a" * 32, "b" * 32
        assert sorted(self.names(f"_:{one} <http://e/p> _:{other} . _:{other} <http://e/p> _:{one} .")) == [
            "p.1",
            "p.1.p.1",
        ]

    @given(TRIPLES)
    @settings(deadline=None, max_examples=50)
    def test_the_graph_stays_the_same(self, triples: list[ox.Triple]) -> None:
        hidden = {name: ox.BlankNode() for name in "ab"}  # two of three labels become random names

        def change(term: object) -> object:
            return hidden.get(term.value, term) if isinstance(term, ox.BlankNode) else term

        quads = [ox.Quad(change(t.subject), t.predicate, change(t.object)) for t in triples]  # type: ignore[arg-type]
        before, after = ox.Dataset(quads), ox.Dataset(lasting_names(quads))
        for one in (before, after):
            one.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        assert before == after

    def test_the_first_of_those_that_are_alike_is_the_known_one(self) -> None:
        made = [finding(ox.BlankNode(f"anna.holds.{number}"), "skill", node("x")) for number in range(1, 12)]
        assert sorted(made[5:] + made[:5], key=Finding.order) == made
        assert {one.lasting()[1] for one in made} == {"_:anna.holds"}
        assert [lasting_name(name) for name in ("x", "b12", "0a1b" * 8)] == ["", "", ""]
