"""A SKOS export says to other programs what SKOS has words for."""

from dataclasses import replace

from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef

from index.entry import Related
from index.export.skos import to_skos
from tests.unit.index.export.support import WHOLE, plain

BASE = "https://example.org/terms"
DOCK = replace(plain("rag", "Dock", "Where ships go.", "encyclopedia"), category="Harbour")
LOCK = replace(WHOLE, related=(*WHOLE.related, Related("Sea lock", "is itself.")))


def graph() -> Graph:
    return Graph().parse(data=to_skos([DOCK, LOCK]), format="turtle", publicID=BASE)


def test_labels_definitions_and_relations_are_skos() -> None:
    read, lock, dock = graph(), URIRef(f"{BASE}#team/sea-lock"), URIRef(f"{BASE}#rag")
    assert set(read.subjects(RDF.type, SKOS.Concept)) == {lock, dock}
    assert list(read.objects(lock, SKOS.prefLabel)) == [Literal("Sea lock")]
    assert list(read.objects(dock, SKOS.prefLabel)) == [Literal("Dock", lang="en")]
    assert set(map(str, read.objects(lock, SKOS.altLabel))) == set(LOCK.aliases)
    assert set(map(str, read.objects(lock, SKOS.hiddenLabel))) == set(LOCK.search_phrases)
    assert [str(text) for text in read.objects(lock, SKOS.definition)] == [LOCK.definition]
    assert list(read.objects(lock, SKOS.related)) == [dock], "and not itself"
    assert len(list(read.objects(lock, SKOS.note))) == len(LOCK.sections)
    assert str(read.value(lock, DCTERMS.modified)) == "2026-11-24"


def test_categories_are_collections_and_glossaries_are_schemes() -> None:
    read = graph()
    members = {
        str(read.value(collection, SKOS.prefLabel)): set(read.objects(collection, SKOS.member))
        for collection in read.subjects(RDF.type, SKOS.Collection)
    }
    assert len(members["Harbour"]) == 2
    assert members.keys() == set(LOCK.categories)
    schemes = set(read.subjects(RDF.type, SKOS.ConceptScheme))
    assert {str(read.value(scheme, DCTERMS.title)) for scheme in schemes} == {
        "encyclopedia",
        "team",
    }


def test_same_entries_give_the_same_text_in_any_order() -> None:
    assert to_skos([DOCK, LOCK]) == to_skos([LOCK, DOCK])
