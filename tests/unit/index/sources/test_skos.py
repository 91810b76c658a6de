"""SKOS vocabularies in Turtle, RDF/XML and JSON-LD become entries, without any fetching."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.entry import Detail, Entry, Reference, Related, Section
from index.errors import SourceError
from index.sources.files import Reading, SourceFile
from index.sources.registry import read_file

PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/harbour/> .
"""
HARBOUR = """
:scheme a skos:ConceptScheme ; dcterms:license <https://example.org/licence> .
:ship a skos:Concept ; skos:prefLabel "Ship"@en ; skos:definition "A large vessel."@en .
:tug a skos:Concept ;
    skos:prefLabel "Tug"@en-GB, "Schlepper"@de, "Remorqueur"@fr ;
    skos:altLabel "tugboat"@en, "towboat"@en, "Bugsierer"@de ;
    skos:hiddenLabel "tugg"@en ;
    skos:definition "Ein Schiff, das andere zieht."@de, "A ship that tows others."@en ;
    skos:scopeNote "Not for barges."@en ;
    skos:note [ rdfs:label "History"@en ; rdf:value "The first was built in 1802."@en ] ;
    skos:example "A tug docks the ferry."@en ;
    skos:notation "T-1" ;
    skos:broader :ship ; skos:related :pilot ;
    dcterms:source <https://example.org/book>, "A book" ;
    dcterms:modified "2026-02-03T10:00:00Z"^^xsd:dateTime ;
    owl:deprecated true .
:pilot a skos:Concept ; rdfs:label "Pilot" ; rdfs:comment "A guide through the harbour." .
"""


def read(text: str | bytes, name: str = "harbour.ttl") -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    return read_file(SourceFile(Path(name), name, data), {})


def by_term(reading: Reading) -> dict[str, Entry]:
    return {entry.term: entry for entry in reading.entries}


def test_concept_becomes_an_entry_in_the_preferred_language() -> None:
    reading = read(PREFIXES + HARBOUR)
    assert reading.refused == ()
    assert reading.licence == "https://example.org/licence"
    tug = by_term(reading)["Tug"]
    assert tug == Entry(
        id="tug",
        term="Tug",
        definition="A ship that tows others.",
        category="Ship",
        aliases=("towboat", "tugboat", "Remorqueur", "Schlepper"),
        updated=date(2026, 2, 3),
        sections=(
            Section("Scope", "Not for barges."),
            Section("History", "The first was built in 1802."),
        ),
        example="A tug docks the ferry.",
        related=(Related("Ship", "broader term"), Related("Pilot", "related term")),
        references=(
            Reference("A book"),
            Reference("https://example.org/book", "https://example.org/book"),
        ),
        url="https://example.org/harbour/tug",
        search_phrases=("tugg",),
        status="deprecated",
        details=(Detail("Notation", "T-1"),),
    )


def test_labels_and_comments_stand_in_and_links_go_both_ways() -> None:
    entries = by_term(read(PREFIXES + HARBOUR))
    assert entries["Pilot"].definition == "A guide through the harbour."
    assert entries["Pilot"].related == (Related("Tug", "related term"),)
    assert entries["Ship"].related == (Related("Tug", "narrower term"),)
    assert entries["Ship"].category == "Ship"


def test_without_english_the_language_of_most_labels_is_preferred() -> None:
    text = (
        ":a skos:prefLabel 'Boje'@de, 'Bouée'@fr ; skos:definition 'Schwimmt.'@de ."
        ":b a skos:Concept ; skos:prefLabel 'Anker'@de ; skos:definition 'Hält.'@de ."
    )
    entries = by_term(read(PREFIXES + text))
    assert set(entries) == {"Boje", "Anker"}
    assert entries["Boje"].aliases == ("Bouée",)


def test_collections_are_categories() -> None:
    text = (
        ":x a skos:Collection ; skos:prefLabel 'Vessels' ; skos:member :ship, :tug ."
        ":y a skos:Collection ; skos:prefLabel 'Engines' ; skos:member :tug ."
    )
    entries = by_term(read(PREFIXES + HARBOUR + text))
    assert entries["Ship"].categories == ("Vessels",)
    assert entries["Tug"].categories == ("Engines", "Vessels")


def test_circles_of_broader_concepts_end() -> None:
    text = "".join(
        f":{one} a skos:Concept ; skos:prefLabel '{one}' ; skos:definition 'x' ; "
        f"skos:broader :{other} ."
        for one, other in ("ab", "ba", "cc")
    )
    assert set(by_term(read(PREFIXES + text))) == {"a", "b", "c"}


def test_concepts_without_a_definition_are_counted_with_an_example() -> None:
    text = "".join(
        f":n{number} a skos:Concept ; skos:prefLabel 'N{number}' ." for number in range(3)
    )
    reading = read(PREFIXES + HARBOUR + text)
    assert len(reading.entries) == 3
    assert [refusal.reason for refusal in reading.refused] == [
        '"N0" (and 2 more): has no definition'
    ]


XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:skos="http://www.w3.org/2004/02/skos/core#"><skos:Concept rdf:about="#a">'
    '<skos:prefLabel xml:lang="en">Quay</skos:prefLabel>'
    "<skos:definition>{}</skos:definition></skos:Concept></rdf:RDF>"
)
CONTEXT = {"skos": "http://www.w3.org/2004/02/skos/core#"}


def json_ld(context: object, **more: object) -> str:
    concept = {"@id": "#a", "@type": "skos:Concept", "skos:prefLabel": "Quay"}
    return json.dumps({"@context": context, **concept, "skos:definition": "Ä wall.", **more})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.rdf", XML.format("Ä wall.")),
        (
            "x.rdf",
            f'<?xml version="1.0" encoding="UTF-16"?>{XML}'.format("Ä wall.").encode("utf-16"),
        ),
        ("x.jsonld", json_ld(CONTEXT)),
        ("x.jsonld", json_ld([CONTEXT, {"@language": "en"}])),
    ],
)
def test_rdf_xml_and_json_ld_are_read(name: str, text: str | bytes) -> None:
    (entry,) = read(text, name).entries
    assert (entry.id, entry.term, entry.definition) == ("quay", "Quay", "Ä wall.")
    assert entry.url is None, "a relative address leads nowhere"


@pytest.mark.parametrize(
    "text",
    [
        json_ld("https://example.org/context"),
        json_ld([CONTEXT, "https://example.org/context"]),
        json_ld({**CONTEXT, "@import": "https://example.org/context"}),
        json_ld({**CONTEXT, "n": {"@id": "skos:note", "@context": "file:///etc/hostname"}}),
        json_ld(CONTEXT, **{"skos:note": {"@context": ["x.jsonld"], "@value": "y"}}),
    ],
)
def test_context_elsewhere_is_not_fetched(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rdflib.plugins.shared.jsonld.context.source_to_json", None)
    with pytest.raises(SourceError, match="context elsewhere, which is not fetched"):
        read(text, "x.jsonld")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a SYSTEM "https://example.org/a.dtd">',
    ],
)
def test_xml_entities_are_not_expanded(doctype: str) -> None:
    with pytest.raises(SourceError, match="declares XML entities") as refused:
        read(doctype + XML.format("x"), "x.rdf")
    assert "Turtle" in refused.value.hint


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("x.ttl", "a b c", "is not valid RDF"),
        ("x.ttl", PREFIXES + ":a skos:note " + "[" * 50_000, "nested too deeply"),
        ("x.ttl", "<a> <b> <c> .", "has no SKOS concepts"),
        ("x.ttl", "", "is empty"),
        ("x.rdf", XML[:80], "is not valid XML"),
        ("x.jsonld", "{", "is not valid JSON"),
        ("x.ttl", " " * (16 * 1024 * 1024 + 1), "bytes of text"),
    ],
)
def test_damaged_empty_and_huge_files_are_refused(name: str, text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read(text, name)


def test_numbers_are_not_written_out() -> None:
    text = ":a a skos:Concept ; skos:prefLabel 'A' ; skos:definition 'x' ; skos:notation {} ."
    (entry,) = read(PREFIXES + text.format('"1e999999999"^^xsd:decimal')).entries
    assert entry.details == (Detail("Notation", "1e999999999"),)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ('{"url": "javascript:alert(1)"}', "is not a web address"),
        ('{"pasword": "x"}', "is not a field of an entry"),
        ("[", "is not valid JSON"),
        ("[]", "is not a JSON object"),
    ],
)
def test_bad_fields_refuse_their_concept_only(fields: str, reason: str) -> None:
    text = ":a skos:prefLabel 'A' ; skos:definition 'x' ; <urn:nearsay:fields> '{}' ."
    reading = read(PREFIXES + HARBOUR + text.format(fields))
    assert len(reading.entries) == 3
    (refusal,) = reading.refused
    assert refusal.reason.startswith('"A": ')
    assert reason in refusal.reason
