"""A sound graph, and how to spoil it: for each rule, cases that it must find (and with it only the codes named)."""

from __future__ import annotations

import pyoxigraph as ox

from esco_graph.graph import Graph
from esco_graph.terms import prefixes
from esco_graph.validation import Report, validate

# A sound graph that every rule has something to check in. The cases below each spoil one place of it.
SOUND = """
isco:C2 a skos:Concept ; skos:prefLabel "Professionals"@en ; skos:inScheme esco-scheme:isco ; skos:notation "2" ;
  esg:iscoSkillLevel 4 .
isco:C22 a skos:Concept ; skos:prefLabel "Health professionals"@en ; skos:inScheme esco-scheme:isco ;
  skos:notation "22" ; skos:broader isco:C2 ; esg:iscoSkillLevel 4 .
isco:C226 a skos:Concept ; skos:prefLabel "Other health professionals"@en ; skos:inScheme esco-scheme:isco ;
  skos:notation "226" ; skos:broader isco:C22 ; esg:iscoSkillLevel 4 .
isco:C2269 a skos:Concept ; skos:prefLabel "Others"@en ; skos:inScheme esco-scheme:isco ;
  skos:notation "2269" ; skos:broader isco:C226 ; esg:iscoSkillLevel 4 .
o:b a esco:Occupation, skos:Concept ; skos:prefLabel "nurse"@en ; skos:notation "2269.1" ;
  esco:memberOfISCOGroup isco:C2269 ;
  skos:broader isco:C2269 ;
  esco:relatedOptionalSkill s:talk .
o:a a esco:Occupation, skos:Concept ; skos:prefLabel "carer"@en, "Betreuerin"@de ;
  skos:altLabel "R&D <3 carer"@en, "helper"@en ; skos:hiddenLabel "caregiver"@en ;
  skos:notation "2269.10.1" ; esco:memberOfISCOGroup isco:C2269 ; skos:broader isco:C2269 ;
  esco:relatedEssentialSkill s:care ; esco:relatedOptionalSkill s:talk .
s:care a esco:Skill, skos:Concept ; skos:prefLabel "care"@en ; esco:skillType esco-skill-type:skill ;
  esco:skillReuseLevel esco-reuse:sector-specific ; esco:isEssentialSkillFor o:a .
s:talk a esco:Skill, skos:Concept ; skos:prefLabel "talk"@en ; esco:skillType esco-skill-type:knowledge ;
  esco:skillReuseLevel esco-reuse:transversal ; esco:isOptionalSkillFor o:a, o:b .
p:x a esg:OccupationProfile ; dct:title "Carer"@en ; esg:describes o:a ; esg:iscoSkillLevel 4 ;
  esg:hasStatement <http://p/x#skill-1> ; esg:hasLink <http://p/x#link-1> ;
  prov:wasDerivedFrom <http://p/x#source> ; prov:generatedAtTime "2024-01-01T00:00:00Z"^^xsd:dateTime .
<http://p/x#source> a prov:Entity ; esg:sha256 "HASH" .
<http://p/x#skill-1> a esg:SkillStatement ; esg:statedLabel "Care"@en ; esg:sourceLine 7 ;
  esg:relationType esco-relation:essential-skill ; esg:statedSkillType esco-skill-type:skill ;
  esg:skill s:care ; esg:matchedBy skos:prefLabel .
<http://p/x#link-1> a esg:OccupationLink ; esg:linkKind esg:Similar ; esg:target o:b ; esg:statedLabel "Nurse"@en ;
  esg:measure "coverage" ; esg:score 0.5 .
p:me a esg:PersonProfile ; esg:holds <http://p/me#1> .
<http://p/me#1> a esg:SkillHolding ; esg:skill s:care .

esco-scheme:isco a skos:ConceptScheme ; skos:prefLabel "ISCO-08"@en ; skos:hasTopConcept isco:C2 .
esco-scheme:occupations a skos:ConceptScheme ; dct:title "Occupations"@en ; skos:hasTopConcept isco:C2 .
esco-scheme:skills a skos:ConceptScheme ; skos:prefLabel "Skills"@en ; skos:hasTopConcept s:talk .
isco:C2 skos:topConceptOf esco-scheme:isco, esco-scheme:occupations ; skos:inScheme esco-scheme:occupations .
isco:C2269 skos:inScheme esco-scheme:occupations .
o:a skos:inScheme esco-scheme:occupations .
o:b skos:inScheme esco-scheme:occupations .
esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c a esco:Occupation, skos:Concept ; skos:prefLabel "aide"@en ;
  skos:notation "2269.1.2" ; esco:memberOfISCOGroup isco:C2269 ; skos:broader o:b ;
  skos:inScheme esco-scheme:occupations ; iso-thes:status "released" ;
  dct:modified "2024-01-16T14:23:28.476Z"^^xsd:dateTime ;
  dct:description "Helps a <5 kg child; Q&A; R&D."@en ; skos:scopeNote s:note , [ ] ;
  esco:regulatedProfessionNote esco-regulated:unregulated ; esco:hasNACECode nace:8695 , nace:C ;
  esco:relatedEssentialSkill esco-skill:0005c151-5b5a-4a66-8aac-60e734beb1ab .
esco-skill:0005c151-5b5a-4a66-8aac-60e734beb1ab a esco:Skill, skos:Concept ; skos:prefLabel "lift"@en, "heben"@de-AT ;
  skos:inScheme esco-scheme:skills ; skos:broader s:talk ; skos:related s:care ;
  esco:skillType esco-skill-type:skill ; esco:skillReuseLevel esco-reuse:cross-sector ;
  esco:isEssentialSkillFor esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c .
s:care skos:inScheme esco-scheme:skills ; skos:broader s:talk .
s:talk skos:inScheme esco-scheme:skills ; skos:narrower s:care ; skos:topConceptOf esco-scheme:skills .
s:set a skos:Collection ; skos:prefLabel "set"@en ; skos:member s:talk .
""".replace("HASH", "0123456789abcdef" * 4)

OTA, LIFT = "esco-occupation:82cbe20d-967c-4161-9ecd-eafc724d171c", "esco-skill:0005c151-5b5a-4a66-8aac-60e734beb1ab"
NOTE, SCHEME_OF_A = '"Helps a <5 kg child; Q&A; R&D."@en', "o:a skos:inScheme esco-scheme:occupations ."
TALK, IN_SKILLS = "skos:topConceptOf esco-scheme:skills", "skos:inScheme esco-scheme:skills"
CONCEPT = 'skos:prefLabel "x"@en ; a skos:Concept'
SKILL = f"{CONCEPT}, esco:Skill ; {IN_SKILLS} ; esco:skillType esco-skill-type:skill"
CODE_OF_A, PLACE_OF_A = 'skos:notation "2269.10.1" ;', "esco:memberOfISCOGroup isco:C2269 ; skos:broader isco:C2269 ;"
CLASS_OF_CARE = "s:care a esco:Skill, skos:Concept ;"
# Code, what is replaced, by what; the code must be found, and with it only the codes named after it.
CASES = [
    ("ESG101", 'skos:prefLabel "nurse"@en ; ', ""),
    ("ESG102", '"nurse"@en', '"nurse"@en, "sister"@en'),
    ("ESG103", '"helper"@en', '"helper"'),
    ("ESG104", '"helper"@en', '""@en'),
    ("ESG104", '"helper"@en', '" \\u00A0\\t"@en'),
    ("ESG105", '"helper"@en', '" helper"@en'),
    ("ESG105", '"helper"@en', '"helper "@en'),
    ("ESG105", '"helper"@en', '"helper\\n"@en'),
    ("ESG105", '"helper"@en', '"helper\\u00A0"@en'),
    ("ESG106", '"helper"@en', '"my  helper"@en'),
    ("ESG106", '"helper"@en', '"my\\thelper"@en'),
    ("ESG106", '"helper"@en', '"my\\u00A0helper"@en'),
    ("ESG106", '"helper"@en', '"my\\nhelper"@en'),
    ("ESG107", '"helper"@en', '"<b>helper"@en'),
    ("ESG107", '"helper"@en', '"helper</b>"@en'),
    ("ESG107", '"helper"@en', '"R&amp;D"@en'),
    ("ESG107", '"helper"@en', '"a & b < c &#39; d"@en'),
    ("ESG107", '"helper"@en', '"a&b<i>"@en'),
    ("ESG108", '"helper"@en', '"carer"@en'),
    ("ESG109", '"caregiver"@en', '"carer"@en'),
    ("ESG110", '"caregiver"@en', '"helper"@en'),
    ("ESG111", '"helper"@en', '"help\\u0007er"@en'),
    ("ESG111", '"helper"@en', '"help\\u00ADer"@en'),
    ("ESG111", '"helper"@en', '"help\\u0092er"@en'),
    ("ESG111", '"helper"@en', '"help\\u200Eer"@en'),
    ("ESG111", '"helper"@en', '"\\u0645\\u200B\\u0645"@ar'),
    ("ESG111", '"nurse"@en', '"n\\uFFFDrse"@en'),
    ("ESG111", '"caregiver"@en', '"\\uFEFFcaregiver"@en'),
    ("ESG111", '"caregiver"@en', '"\\uF0B7caregiver"@en'),
    ("ESG112", '"Betreuerin"@de', '"Betreuerin"@ger'),
    ("ESG112", '"Betreuerin"@de', '"Betreuerin"@english'),
    ("ESG112", '"heben"@de-AT', '"zvedat"@cz-CZ'),
    ("ESG112", '"helper"@en', '"helper"@eng'),
    ("ESG112", '"caregiver"@en', '"caregiver"@gr'),
    ("ESG112", NOTE, '"Hilft."@deu'),
    ("ESG121", NOTE, f"{NOTE}, 'Helps.'"),
    ("ESG122", NOTE, '"Helps\\u200B."@en'),
    ("ESG122", NOTE, '"Helps \\u0000"@en'),
    ("ESG122", NOTE, '"Helps \\u200Eothers."@en'),
    ("ESG123", NOTE, '"Helps <i>others</i>."@en'),
    ("ESG123", NOTE, '"Helps others.<br />"@en'),
    ("ESG123", NOTE, '"Helps <a\\nhref=x>others."@en'),
    ("ESG123", NOTE, '"Q&amp;A"@en'),
    ("ESG123", NOTE, '"caf&eacute; &#39;x"@en'),
    ("ESG124", NOTE, '" \\u00A0\\n"@en'),
    ("ESG131", 'dct:title "Occupations"@en ;', ""),
    ("ESG132", "s:set a", "s:empty a skos:ConceptScheme ; dct:title 'x'@en . s:set a"),
    ("ESG133", 'esco-scheme:skills a skos:ConceptScheme ;', 'esco-scheme:skills a skos:ConceptScheme, skos:Concept ; '
     "skos:inScheme esco-scheme:isco ; skos:notation '9' ;", "ESG508"),
    ("ESG134", "s:set a skos:Collection", "s:set a skos:Collection, skos:ConceptScheme", "ESG132"),
    ("ESG134", "s:set a skos:Collection", f"s:set a skos:OrderedCollection, skos:Concept ; {IN_SKILLS}"),
    ("ESG135", SCHEME_OF_A, "o:a skos:inScheme esco-scheme:ocupations ."),
    ("ESG135", TALK, f"{TALK}, o:none ; skos:inScheme o:none"),
    ("ESG136", "skos:hasTopConcept s:talk .", f"skos:hasTopConcept s:talk, s:gone . s:gone {TALK} ; {IN_SKILLS} ."),
    ("ESG137", "skos:hasTopConcept s:talk .", "dct:title 'Skills'@en ."),
    ("ESG137", "skos:hasTopConcept s:talk .", "skos:hasTopConcept s:talk, s:care ."),
    ("ESG138", f"s:talk {IN_SKILLS} ;", "s:talk skos:inScheme esco-scheme:isco ; skos:notation '3' ;"),
    ("ESG139", TALK, f"{TALK} ; skos:broader s:plain . s:plain {CONCEPT} ; {IN_SKILLS}"),
    ("ESG141", SCHEME_OF_A, ""),
    ("ESG142", '"2024-01-16T14:23:28.476Z"^^xsd:dateTime', '"2024-01-16"'),
    ("ESG142", '"2024-01-16T14:23:28.476Z"^^xsd:dateTime', '"2024-01-16"^^xsd:date'),
    ("ESG142", '"2024-01-16T14:23:28.476Z"^^xsd:dateTime', '"16/01/2024"^^xsd:dateTime'),
    ("ESG143", '"released"', '"Released"'),
    ("ESG151", "skos:related s:care", f"skos:related s:care, {LIFT}"),
    ("ESG151", "skos:narrower s:care", "skos:narrower s:care, s:talk"),
    ("ESG151", "s:care skos:inScheme", "s:care skos:broader s:care ; skos:inScheme"),
    ("ESG152", "skos:related s:care", "skos:related s:care, s:talk"),
    ("ESG152", "skos:narrower s:care", f"skos:narrower s:care ; skos:related {LIFT}"),
    ("ESG153", "skos:related s:care", "skos:related s:care, s:gone"),
    ("ESG153", "skos:narrower s:care", "skos:narrower s:care, s:gone"),
    ("ESG154", f"s:care {IN_SKILLS} ; skos:broader s:talk", f"s:care {IN_SKILLS}"),
    ("ESG201", "o:b a esco:Occupation, skos:Concept", "o:b a esco:Occupation", "ESG402", "ESG403"),
    ("ESG202", "o:b a esco:Occupation, skos:Concept", "o:b a skos:Concept", "ESG405", "ESG623"),
    ("ESG203", "esco:memberOfISCOGroup isco:C2269 ;", ""),
    ("ESG203", "esco:memberOfISCOGroup isco:C2269 ;", "esco:memberOfISCOGroup isco:C2269, isco:C1 ;",
     "ESG204", "ESG205", "ESG505"),
    ("ESG204", "esco:memberOfISCOGroup isco:C2269 ;", "esco:memberOfISCOGroup isco:C9999 ;", "ESG505"),
    ("ESG205", "esco:memberOfISCOGroup isco:C2269 ;", "esco:memberOfISCOGroup isco:C226 ;", "ESG214"),
    ("ESG206", '"2269.10.1"', '"2269.10."'),
    ("ESG206", '"2269.10.1"', '"2269.10.1\\n"'),
    ("ESG207", '"2269.10.1"', '"2268.10.1"'),
    ("ESG208", "esco:relatedOptionalSkill s:talk .", ".", "ESG407"),
    ("ESG209", "esco:relatedOptionalSkill s:talk .", "esco:relatedOptionalSkill s:talk, s:none .", "ESG407"),
    ("ESG209", "esco:relatedOptionalSkill s:talk .", "esco:relatedOptionalSkill s:talk, o:a .", "ESG407"),
    ("ESG210", "skos:broader isco:C2269 ;", ""),
    ("ESG210", "skos:broader isco:C2269 ;", "skos:broader isco:C2269, o:a ;", "ESG213"),
    ("ESG211", "o:b a esco:Occupation,", "o:b a esco:Occupation, esco:Skill,", "ESG219", "ESG302", "ESG305"),
    ("ESG211", "o:b a esco:Occupation,", "o:b a esco:Occupation, esco:Qualification,"),
    ("ESG212", f"{CODE_OF_A} {PLACE_OF_A}", "rdfs:isDefinedBy p:x ;"),
    ("ESG203", PLACE_OF_A, f"rdfs:isDefinedBy p:x ; esco:memberOfISCOGroup isco:C226 ; {PLACE_OF_A}", "ESG205"),
    ("ESG210", PLACE_OF_A, f"rdfs:isDefinedBy p:x ; skos:broader isco:C226 ; {PLACE_OF_A}", "ESG214"),
    ("ESG213", '"2269.1.2"', '"2269.10.2"'),
    ("ESG213", '"2269.1.2"', '"2269.1"'),
    ("ESG214", "skos:broader isco:C2269 ;", "skos:broader isco:C226 ;"),
    ("ESG215", 'skos:notation "2269.10.1" ;', ""),
    ("ESG215", 'skos:notation "2269.10.1" ;', 'skos:notation "2269.10.1", "2269.10.2" ;'),
    ("ESG216", "esco-regulated:unregulated", "esco-regulated:no"),
    ("ESG217", "nace:8695", "nace:86.95"),
    ("ESG217", "nace:8695", "<http://data.europa.eu/ux2/nace2/8695>"),
    ("ESG218", f"{OTA} a", f"esco-occupation:X {CONCEPT}, esco:Occupation ; skos:notation '2269.7' ; "
     f"{PLACE_OF_A} skos:inScheme esco-scheme:occupations ; esco:relatedOptionalSkill s:talk . "
     f"s:talk esco:isOptionalSkillFor esco-occupation:X . {OTA} a"),
    ("ESG219", "skos:broader isco:C2269 ;", "skos:broader s:talk ;"),
    ("ESG301", CLASS_OF_CARE, "s:care a esco:Skill ;", "ESG153"),
    ("ESG302", "esco:skillType esco-skill-type:skill ;", ""),
    ("ESG303", "esco-skill-type:skill ;", "esco-skill-type:skill, esco-skill-type:knowledge ;"),
    ("ESG304", "esco-skill-type:skill ;", '"skill" ;'),
    ("ESG305", "esco:skillReuseLevel esco-reuse:transversal ;", ""),
    ("ESG306", "esco-reuse:transversal", "esco-reuse:transversal, esco-reuse:cross-sector"),
    ("ESG307", "esco-reuse:transversal", "<http://data.europa.eu/snb/skill-reuse-level/c_1>"),
    ("ESG308", "esco-reuse:transversal", f"esco-reuse:cross-sector . s:up {SKILL} ; "
     "esco:skillReuseLevel esco-reuse:transversal ; skos:broader s:talk . s:talk dct:type s:talk"),
    ("ESG308", "esco-reuse:transversal", "esco-reuse:occupation-specific"),
    ("ESG308", "esco-reuse:transversal", "esco-reuse:sector-specific"),
    ("ESG309", f"{LIFT} a", f"{LIFT.upper().replace('ESCO-SKILL', 'esco-skill')} {SKILL} ; "
     f"esco:skillReuseLevel esco-reuse:cross-sector . {LIFT} a"),
    ("ESG310", "s:care skos:inScheme", "s:care skos:broader o:a ; skos:inScheme"),
    ("ESG401", "esco:relatedOptionalSkill s:talk .",
     "esco:relatedOptionalSkill s:talk ; esco:relatedEssentialSkill s:talk .", "ESG406"),
    ("ESG402", "skos:broader isco:C2269 ;", "skos:broader o:gone ;"),
    ("ESG403", "esco:isOptionalSkillFor o:a, o:b", "esco:isOptionalSkillFor o:a, o:b, o:gone", "ESG407"),
    ("ESG403", "esco:isEssentialSkillFor o:a .", "esco:isEssentialSkillFor o:a ; esco:relatedOptionalSkill s:gone .",
     "ESG407"),
    ("ESG404", "esg:skill s:care ;", "esg:skill <https://data.europa.eu/esco/skill/care> ;", "ESG616"),
    ("ESG404", "p:x a", "<https://data.europa.eu/esco/skill/x> a skos:Concept ; skos:prefLabel 'x'@en ; "
     "skos:inScheme esco-scheme:skills . p:x a"),
    ("ESG404", "s:set a skos:Collection", "s:set a <https://data.europa.eu/esco/model#Set>, skos:Collection"),
    ("ESG405", "isco:C2269 skos:inScheme", "s:talk esco:isOptionalSkillFor isco:C2269 . "
     "isco:C2269 esco:relatedOptionalSkill s:talk ; skos:inScheme"),
    ("ESG406", "esco:isEssentialSkillFor o:a", "dct:type o:a"),
    ("ESG406", "esco:relatedEssentialSkill s:care ;", ""),
    ("ESG407", "esco:isOptionalSkillFor o:a, o:b", "esco:isOptionalSkillFor o:a"),
    ("ESG407", "esco:isOptionalSkillFor o:a, o:b", "esco:isOptionalSkillFor o:a, o:b, s:care"),
    ("ESG501", 'skos:notation "226" ;', ""),
    ("ESG501", 'skos:notation "226" ;', 'skos:notation "226", "225" ;', "ESG507", "ESG509"),
    ("ESG502", 'skos:notation "22" ;', 'skos:notation "2 2" ;', "ESG507", "ESG509"),
    ("ESG503", 'skos:notation "22" ;', 'skos:notation "22" ; esg:iscoSkillLevel 3 ;'),
    ("ESG504", "esg:iscoSkillLevel 4", "esg:iscoSkillLevel 5"),
    ("ESG504", "esg:iscoSkillLevel 4", 'esg:iscoSkillLevel "4"'),
    ("ESG505", "skos:broader isco:C226 ; esg:iscoSkillLevel 4", "skos:broader isco:C226"),
    ("ESG506", "skos:broader isco:C22 ;", ""),
    ("ESG506", "skos:broader isco:C22 ;", "skos:broader isco:C22, isco:C2 ;", "ESG507"),
    ("ESG507", "skos:broader isco:C226 ;", "skos:broader isco:C22 ;"),
    ("ESG508", "isco:C2269 skos:inScheme", f"isco:X1 {CONCEPT} ; skos:inScheme esco-scheme:isco ; "
     "skos:notation '1' . isco:C2269 skos:inScheme"),
    ("ESG509", "isco:C2269 skos:inScheme", f"isco:C3 {CONCEPT} ; skos:inScheme esco-scheme:isco ; "
     "skos:notation '4' . isco:C2269 skos:inScheme"),
    ("ESG601", "esg:describes o:a ;", ""),
    ("ESG601", "esg:describes o:a ;", "esg:describes o:a, o:b ;", "ESG620"),
    ("ESG602", "esg:describes o:a ;", "esg:describes s:care ;"),
    ("ESG603", 'dct:title "Carer"@en ;', ""),
    ("ESG604", "esg:hasStatement <http://p/x#skill-1> ;", "", "ESG618"),
    ("ESG605", "esg:describes o:a ; esg:iscoSkillLevel 4", "esg:describes o:a ; esg:iscoSkillLevel 4, 3"),
    ("ESG606", "esg:describes o:a ; esg:iscoSkillLevel 4", "esg:describes o:a ; esg:iscoSkillLevel 0"),
    ("ESG607", "prov:wasDerivedFrom <http://p/x#source> ;", "", "ESG608"),
    ("ESG608", "esg:sha256", "dct:title"),
    ("ESG608", '"0123456789abcdef', '"0123456789ABCDEF'),
    ("ESG609", '"2024-01-01T00:00:00Z"^^xsd:dateTime', '"yesterday"'),
    ("ESG609", '; prov:generatedAtTime "2024-01-01T00:00:00Z"^^xsd:dateTime', ""),
    ("ESG611", 'esg:statedLabel "Care"@en ;', ""),
    ("ESG612", "esg:relationType esco-relation:essential-skill ;", ""),
    ("ESG612", "esg:relationType esco-relation:essential-skill ;", "esg:relationType esco-relation:nice-to-have ;"),
    ("ESG613", "esg:statedSkillType esco-skill-type:skill ;", "esg:statedSkillType esco-skill-type:attitude ;"),
    ("ESG614", "esg:skill s:care ; esg:matchedBy", "esg:matchedBy"),
    ("ESG615", "esg:skill s:care ; esg:matchedBy", "esg:skill s:care, s:talk ; esg:matchedBy"),
    ("ESG616", "esg:skill s:care ; esg:matchedBy", "esg:skill s:gone ; esg:matchedBy"),
    ("ESG617", "esg:matchedBy skos:prefLabel", "esg:matchedBy skos:notation"),
    ("ESG618", "p:me a", "p:y esg:hasStatement <http://p/x#skill-1> . p:me a"),
    ("ESG619", "esg:sourceLine 7", "esg:sourceLine 0"),
    ("ESG619", 'esg:statedLabel "Nurse"@en ;', 'esg:statedLabel "Nurse"@en ; esg:sourceLine "7" ;'),
    ("ESG621", "esg:linkKind esg:Similar ;", ""),
    ("ESG621", "esg:linkKind esg:Similar ;", "esg:linkKind esg:Prospects ;"),
    ("ESG622", 'esg:target o:b ; esg:statedLabel "Nurse"@en ;', "", "ESG624"),
    ("ESG623", "esg:target o:b", "esg:target s:care"),
    ("ESG624", "esg:target o:b ;", ""),
    ("ESG625", "esg:score 0.5", "esg:score 1.5"),
    ("ESG625", "esg:score 0.5", 'esg:score "0.5"'),
    ("ESG626", 'esg:measure "coverage" ;', ""),
    ("ESG631", "esg:holds <http://p/me#1>", "dct:title 'Me'@en", "ESG642"),
    ("ESG632", "esg:SkillHolding ; esg:skill s:care", "esg:SkillHolding"),
    ("ESG633", "esg:SkillHolding ; esg:skill s:care", "esg:SkillHolding ; esg:skill s:gone"),
]  # fmt: skip


def turtle(body: str) -> str:
    names = {**prefixes(), "o": "http://example.org/o/", "s": "http://example.org/s/", "p": "http://p/"}
    return "".join(f"@prefix {name}: <{space}> .\n" for name, space in names.items()) + body


def check(body: str) -> Report:
    return validate(Graph.memory(ox.parse(turtle(body), ox.RdfFormat.TURTLE)))


def spoiled(old: str, new: str, sound: str = SOUND) -> str:
    assert sound.count(old) >= 1, f"{old!r} is not in the sound graph"
    return sound.replace(old, new, 1)
