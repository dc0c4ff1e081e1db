"""Sound data and cases for the rules on profiles, persons, mappings and releases; `test_shapes` runs them."""

from __future__ import annotations

SSSOM, SEMAPV = "https://w3id.org/sssom/", "https://w3id.org/semapv/vocab/"
X, Y = "http://example.org/x/", "http://example.org/y/"
OTA = "esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c"
RELEASE = "https://w3id.org/esco-graph/graph/release/1.1.1/en"

# Stands after the sound graph of `test_shapes`; speaks of its occupations o:a and o:b and its skills s:care and s:talk.
SOUND_MORE = f"""
p:page a esg:OccupationProfile ; dct:title "Ward nurse"@en ; dct:description "Cares on a ward."@en ; esg:describes o:a ;
  esg:otherTitle "ward sister"@en ; esg:minimumQualification "A course."@en ;
  esg:hasStatement <http://p/page#skill-1>, <http://p/page#skill-2> ; esg:hasLink <http://p/page#link-1> ;
  prov:wasDerivedFrom <http://p/page#source> ; prov:generatedAtTime "2024-01-01T00:00:00Z"^^xsd:dateTime .
<http://p/page#source> a prov:Entity ; esg:sha256 "{"0123456789abcdef" * 4}" .
<http://p/page#skill-1> a esg:SkillStatement ; esg:statedLabel "Caring"@en ; esg:statedText "Care for them."@en ;
  esg:relationType esco-relation:essential-skill ; esg:skill s:care .
<http://p/page#skill-2> a esg:SkillStatement ; esg:statedLabel "Tending"@en ;
  esg:relationType esco-relation:optional-skill ; esg:skill s:talk ; esg:candidate s:talk .
<http://p/page#link-1> a esg:OccupationLink ; esg:linkKind esg:Prospect ; esg:target o:b ; esg:statedLabel "Ward"@en .

p:you a esg:PersonProfile ; dct:title "What you can do"@en ; esg:holds <http://p/you#1>, <http://p/you#2> .
<http://p/you#1> a esg:SkillHolding ; esg:skill s:care ; esg:proficiency <http://data.europa.eu/snb/eqf/4> ;
  esg:heldSince "2019"^^xsd:gYear ; esg:statedLabel "to care"@en .
<http://p/you#2> a esg:SkillHolding ; esg:skill s:talk ; esg:heldSince "2020-02-29"^^xsd:date .
<http://p/you#3> a esg:SkillHolding ; esg:skill s:talk ; esg:heldSince "2020-02"^^xsd:gYearMonth .
p:they a esg:PersonProfile ; esg:holds <http://p/you#3> ;
  esg:hasHeld <http://p/they#job> ; esg:aimsAt <http://p/they#aim> .
<http://p/they#job> a esg:OccupationHolding ; esg:occupation o:a ; schema:startDate "2019-05"^^xsd:gYearMonth ;
  schema:endDate "2019"^^xsd:gYear .
<http://p/they#aim> a esg:Aim ; esg:occupation o:b ; esg:statedLabel "wanted"@en .

<{X}> a skos:ConceptScheme ; dct:title "X"@en ; skos:prefLabel "X"@en ; skos:hasTopConcept <{X}1> .
<{X}1> a skos:Concept ; skos:prefLabel "x one"@en ; skos:topConceptOf <{X}> ;
  skos:inScheme <{X}> ;
  skos:exactMatch <{Y}1> ; skos:closeMatch o:b .
<{Y}> a skos:ConceptScheme ; dct:title "Y"@en ; skos:prefLabel "Y"@en ; skos:hasTopConcept <{Y}1> .
<{Y}1> a skos:Concept ; skos:prefLabel "y one"@en ; skos:topConceptOf <{Y}> ; skos:inScheme <{Y}> .
<http://p/map#1> a owl:Axiom, <{SSSOM}Mapping> ;
  owl:annotatedSource <{X}1> ;
  owl:annotatedProperty skos:exactMatch ;
  owl:annotatedTarget <{Y}1> ;
  <{SSSOM}confidence> "0.9"^^xsd:double ; <{SSSOM}similarity_score> 0.75 ;
  <{SSSOM}mapping_justification> <{SEMAPV}ManualMappingCuration> .
<http://p/map#2> a owl:Axiom ; owl:annotatedSource <{X}1> ; owl:annotatedProperty rdfs:label ;
  owl:annotatedTarget "x one" .
<http://p/map> a <{SSSOM}MappingSet> ; dct:license <https://creativecommons.org/publicdomain/zero/1.0/> .

<{RELEASE}> a dcat:Dataset ; dct:title "ESCO 1.1.1"@en ; dcat:version "1.1.1" ; dct:language "en", "pt-br" ;
  dct:rights "This service uses the ESCO classification of the European Commission."@en ;
  dct:license <http://data.europa.eu/eli/dec/2011/833/oj> ;
  skos:changeNote "Adapted from the ESCO download."@en ;
  prov:wasDerivedFrom <{RELEASE}#source-1> ;
  prov:wasAttributedTo <{RELEASE}#software> .
<{RELEASE}#source-1> a prov:Entity ; dct:title "occupations_en.csv" ; esg:sha256 "{"fedcba9876543210" * 4}" .
<{RELEASE}#software> a prov:SoftwareAgent ; dct:title "esco-graph" ; schema:softwareVersion "0.1.0" .
<http://example.org/other> a dcat:Dataset .

esg-overlap:1 esg:between o:a, o:b ; esg:score 0.25 ; prov:wasGeneratedBy esg-overlap:comparison .
esg-overlap:2 esg:between o:b, {OTA} ; esg:score 1.0 ; prov:wasGeneratedBy esg-overlap:comparison .
esg-overlap:comparison a esg:Comparison ; esg:measure "affinity" ; esg:method esg:Affinity ; prov:used <{RELEASE}> .
s:care esg:idf 0.405465 .
s:talk esg:idf 0.0 .
"""

JOB = "a esg:OccupationHolding ; esg:occupation o:a ;"
HOLDING = "<http://p/you#2> a esg:SkillHolding ; esg:skill s:talk ;"
SCHEME_OF_X, CLOSE_OF_X = f"skos:inScheme <{X}> ;", "skos:closeMatch o:b"
AXIOM = f"<http://p/map#1> a owl:Axiom, <{SSSOM}Mapping> ;"
JUSTIFIED = f"<{SSSOM}mapping_justification> <{SEMAPV}ManualMappingCuration>"
ESCO_GONE = "http://data.europa.eu/esco/occupation/gone"

# Code, what is replaced, by what; the code must be found, and with it only the codes named after it.
CASES_MORE = [
    ("ESG610", 'dct:title "Ward nurse"@en', 'dct:title "Ward nurse"'),
    ("ESG610", '"Cares on a ward."@en', '"Cares on a ward."'),
    ("ESG610", '"ward sister"@en', '"ward sister"'),
    ("ESG610", '"A course."@en', '"A course."'),
    ("ESG610", '"Caring"@en', '"Caring"'),
    ("ESG610", '"Care for them."@en', '"Care for them."'),
    ("ESG610", '"Ward"@en', '"Ward"'),
    ("ESG620", "esg:linkKind esg:Prospect ; esg:target o:b", "esg:linkKind esg:Prospect ; esg:target o:a"),
    ("ESG627", "esg:skill s:talk ; esg:candidate s:talk", "esg:skill s:care ; esg:candidate s:talk"),
    ("ESG628", "esg:candidate s:talk", "esg:candidate s:gone"),
    ("ESG629", "p:page a", "o:b owl:deprecated true . p:page a", "ESG709"),
    ("ESG629", "p:page a", 'o:a iso-thes:status "obsolete" . p:page a'),
    ("ESG631", "esg:holds <http://p/you#3>", 'dct:title "They"@en', "ESG642"),
    ("ESG632", HOLDING, "<http://p/you#2> a esg:SkillHolding ;"),
    ("ESG632", HOLDING, "<http://p/you#2> a esg:SkillHolding ; esg:skill s:talk, s:care ;", "ESG635"),
    ("ESG633", HOLDING, "<http://p/you#2> a esg:SkillHolding ; esg:skill s:gone ;"),
    ("ESG633", HOLDING, f"<http://p/you#2> a esg:SkillHolding ; esg:skill <{X}1> ;"),
    ("ESG634", "esg:holds <http://p/you#3>", "esg:holds <http://p/you#3>, s:care"),
    ("ESG635", HOLDING, "<http://p/you#2> a esg:SkillHolding ; esg:skill s:care ;"),
    ("ESG636", '"What you can do"@en', '"What you can do"'),
    ("ESG636", '"to care"@en', '"to care"'),
    ("ESG637", HOLDING, "<http://p/you#2> a esg:SkillHolding ; esg:skill o:a ;"),
    ("ESG638", "p:you a", "s:talk owl:deprecated true . p:you a", "ESG629"),
    ("ESG638", "p:you a", 's:talk iso-thes:status "obsolete" . p:you a', "ESG629"),
    ("ESG639", "<http://data.europa.eu/snb/eqf/4>", '"good"'),
    ("ESG639", "eqf/4>", "eqf/4>, <http://data.europa.eu/snb/eqf/5>"),
    ("ESG640", '"2019"^^xsd:gYear', '"2019"'),
    ("ESG640", '"2020-02-29"^^xsd:date', '"2020-02-29"'),
    ("ESG640", '"2020-02-29"^^xsd:date', '"2020-02-29"^^xsd:date, "2021"^^xsd:gYear'),
    ("ESG641", '"2019"^^xsd:gYear', '"2999"^^xsd:gYear'),
    ("ESG641", '"2020-02-29"^^xsd:date', '"2999-01-01"^^xsd:date'),
    ("ESG641", '"2020-02"^^xsd:gYearMonth', '"2999-01"^^xsd:gYearMonth'),
    ("ESG642", "esg:holds <http://p/you#1>, <http://p/you#2>", "esg:holds <http://p/you#1>"),
    ("ESG642", "esg:holds <http://p/you#3>", "esg:holds <http://p/you#3>, <http://p/you#1>"),
    ("ESG643", JOB, "a esg:OccupationHolding ;"),
    ("ESG643", JOB, "a esg:OccupationHolding ; esg:occupation o:a, o:b ;"),
    ("ESG644", JOB, "a esg:OccupationHolding ; esg:occupation s:care ;"),
    ("ESG644", JOB, "a esg:OccupationHolding ; esg:occupation o:gone ;"),
    ("ESG645", "esg:hasHeld <http://p/they#job>", "esg:hasHeld <http://p/they#job>, o:a"),
    ("ESG646", "esg:aimsAt <http://p/they#aim>", "esg:aimsAt <http://p/they#aim>, o:b"),
    ("ESG647", '"2019"^^xsd:gYear .\n<http://p/they#aim>', '"2019" .\n<http://p/they#aim>'),
    ("ESG647", '"2019-05"^^xsd:gYearMonth', '"May"'),
    ("ESG648", '"2019-05"^^xsd:gYearMonth', '"2020-05"^^xsd:gYearMonth'),
    ("ESG649", "a esg:Aim ; esg:occupation o:b", "a esg:Aim"),
    ("ESG650", "a esg:Aim ; esg:occupation o:b", "a esg:Aim ; esg:occupation isco:C9999"),
    ("ESG701", f"skos:exactMatch <{Y}1>", f"skos:exactMatch <{Y}1> ; skos:broadMatch <{Y}1>"),
    ("ESG701", f"skos:exactMatch <{Y}1>", f"skos:exactMatch <{Y}1> ; skos:narrowMatch <{Y}1>"),
    ("ESG701", f"skos:exactMatch <{Y}1>", f"skos:exactMatch <{Y}1> ; skos:relatedMatch <{Y}1>"),
    ("ESG702", f"<{Y}1> a skos:Concept ;", f"<{Y}1> a skos:Concept ; skos:broadMatch <{X}1> ;"),
    ("ESG702", f"<{Y}1> a skos:Concept ;", f"<{Y}1> a skos:Concept ; skos:relatedMatch <{X}1> ;"),
    ("ESG703", CLOSE_OF_X, f"skos:closeMatch <{X}1>"),
    ("ESG704", SCHEME_OF_X, f"skos:inScheme <{X}>, <{Y}> ;"),
    ("ESG705", CLOSE_OF_X, 'skos:closeMatch "2269.1"'),
    ("ESG706", SCHEME_OF_X, f"skos:inScheme <{X}> ; skos:exactMatch o:a . o:a skos:inScheme <{Y}> . <{X}1>"),
    ("ESG707", CLOSE_OF_X, "skos:closeMatch <https://data.europa.eu/esco/occupation/x>"),
    ("ESG708", CLOSE_OF_X, f"skos:closeMatch <{ESCO_GONE}>"),
    ("ESG708", CLOSE_OF_X, "skos:broadMatch isco:C9999"),
    ("ESG709", f"<{Y}1> a skos:Concept ;", f"<{Y}1> a skos:Concept ; owl:deprecated true ;"),
    ("ESG709", f"<{Y}1> a skos:Concept ;", f'<{Y}1> a skos:Concept ; iso-thes:status "obsolete" ;'),
    ("ESG710", AXIOM, f"<{ESCO_GONE}> skos:closeMatch <{Y}1> . {AXIOM}"),
    ("ESG711", f"owl:annotatedSource <{X}1> ;\n", ""),
    ("ESG711", f"owl:annotatedSource <{X}1> ;\n", f"owl:annotatedSource <{X}1>, o:a ;"),
    ("ESG712", "owl:annotatedProperty skos:exactMatch ;", ""),
    ("ESG713", f"owl:annotatedTarget <{Y}1> ;", ""),
    ("ESG713", f"owl:annotatedTarget <{Y}1> ;", f"owl:annotatedTarget <{Y}1>, o:a ;"),
    ("ESG714", "owl:annotatedProperty skos:exactMatch", "owl:annotatedProperty rdfs:seeAlso"),
    ("ESG715", JUSTIFIED, f"{JUSTIFIED}, <{SEMAPV}LexicalMatching>"),
    ("ESG715", JUSTIFIED, "rdfs:comment 'by hand'", "ESG716"),
    ("ESG716", "owl:annotatedProperty rdfs:label", "owl:annotatedProperty skos:closeMatch"),
    ("ESG717", f"<{SEMAPV}ManualMappingCuration>", f"<{SEMAPV}Stemming>"),
    ("ESG717", f"<{SEMAPV}ManualMappingCuration>", '"semapv:ManualMappingCuration"'),
    ("ESG718", '"0.9"^^xsd:double', '"1.1"^^xsd:double'),
    ("ESG718", '"0.9"^^xsd:double', '"high"'),
    ("ESG718", '"0.9"^^xsd:double', "0.9, 0.8"),
    ("ESG719", "0.75", "-0.75"),
    ("ESG720", "dct:license <https://creativecommons.org/publicdomain/zero/1.0/>", "dct:title 'A set'@en"),
    ("ESG801", 'dct:title "ESCO 1.1.1"@en ;', ""),
    ("ESG801", 'dct:title "ESCO 1.1.1"@en ;', 'dct:title "ESCO 1.1.1" ;'),
    ("ESG801", 'dct:title "ESCO 1.1.1"@en ;', 'dct:title "ESCO 1.1.1"@en, "ESCO"@en ;'),
    ("ESG802", 'dcat:version "1.1.1" ;', ""),
    ("ESG802", 'dcat:version "1.1.1" ;', 'dcat:version "1.1.1", "1.2.0" ;'),
    ("ESG803", 'dcat:version "1.1.1" ;', 'dcat:version "v 1.1.1/en" ;'),
    ("ESG804", 'dct:language "en", "pt-br" ;', ""),
    ("ESG805", 'dct:language "en", "pt-br" ;', 'dct:language "en_GB" ;'),
    ("ESG805", 'dct:language "en", "pt-br" ;', "dct:language <http://lexvo.org/id/iso639-1/en> ;"),
    ("ESG806", "uses the ESCO classification of the European Commission", "is based on ESCO"),
    ("ESG807", "dct:license <http://data.europa.eu/eli/dec/2011/833/oj> ;", ""),
    ("ESG807", "dct:license <http://data.europa.eu/eli/dec/2011/833/oj> ;", 'dct:license "free" ;'),
    ("ESG808", 'skos:changeNote "Adapted from the ESCO download."@en ;', ""),
    ("ESG808", '"Adapted from the ESCO download."@en', '"Adapted from the ESCO download."'),
    ("ESG809", f"prov:wasDerivedFrom <{RELEASE}#source-1> ;", ""),
    ("ESG810", f'"{"fedcba9876543210" * 4}"', '"FEDC"'),
    ("ESG810", f'"{"fedcba9876543210" * 4}"', f'"{"fedcba9876543210" * 4}", "{"0" * 64}"'),
    ("ESG811", 'dct:title "occupations_en.csv" ;', ""),
    ("ESG812", 'schema:softwareVersion "0.1.0"', 'rdfs:comment "new"'),
    ("ESG812", f"prov:wasAttributedTo <{RELEASE}#software>", "dct:creator <http://example.org/us>"),
    ("ESG901", "esg:score 0.25 ;", ""),
    ("ESG901", "esg:score 0.25", "esg:score 1.25"),
    ("ESG901", "esg:score 0.25", "esg:score -0.25"),
    ("ESG901", "esg:score 0.25", "esg:score 0.25, 0.5"),
    ("ESG901", "esg:score 0.25", "esg:score 25e-2"),
    ("ESG902", "esg:between o:a, o:b", "esg:between o:a"),
    ("ESG902", "esg:between o:a, o:b", f"esg:between o:a, o:b, {OTA}"),
    ("ESG903", "esg:between o:a, o:b", "esg:between o:a, s:care"),
    ("ESG903", "esg:between o:a, o:b", "esg:between o:a, o:gone"),
    ("ESG904", "esg:score 0.25 ; prov:wasGeneratedBy esg-overlap:comparison", "esg:score 0.25"),
    ("ESG904", "prov:wasGeneratedBy esg-overlap:comparison", "prov:wasGeneratedBy p:page"),
    ("ESG905", 'esg:measure "affinity" ;', ""),
    ("ESG905", 'esg:measure "affinity"', 'esg:measure "affinity", "jaccard"'),
    ("ESG905", 'esg:measure "affinity"', "esg:measure esg:Affinity"),
    ("ESG906", "esg:method esg:Affinity ;", ""),
    ("ESG906", "esg:method esg:Affinity", 'esg:method "affinity"'),
    ("ESG907", f"; prov:used <{RELEASE}>", ""),
    ("ESG907", f"prov:used <{RELEASE}>", 'prov:used "1.1.1"'),
    ("ESG908", "esg:idf 0.405465", "esg:idf -0.405465"),
    ("ESG908", "esg:idf 0.405465", "esg:idf 0.405465, 0.5"),
    ("ESG908", "esg:idf 0.405465", 'esg:idf "0.405465"'),
]
