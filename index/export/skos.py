"""Export entries as a SKOS vocabulary in Turtle (see `index.sources.skos.vocabulary`).

What SKOS has a property for is written with it. The fields that an import would not restore from
that, such as the reasons of related terms and the questions, are in `nearsay:fields`, as JSON. IRIs
are relative to the address of the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from urllib.parse import quote

from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from index.entry import Entry, link, unlinked
from index.export.jsonl import as_json, id_within, select_fields
from index.export.roundtrip import LOCATION_FIELDS
from index.sources.files import RefusedError
from index.sources.skos.vocabulary import FIELDS, Vocabulary
from index.sources.source import BUNDLED

_LANGUAGES = {BUNDLED: "en"}  # of other glossaries it is not known
_CC_BY = URIRef("https://creativecommons.org/licenses/by/4.0/")
_JSON = RDF.JSON


def concept_iri(entry: Entry) -> str:
    """Return the relative IRI of an entry's concept. It contains no colon."""
    return f"#{quote(entry.id)}"


def to_skos(entries: Sequence[Entry]) -> str:
    """Format entries as Turtle, with a concept scheme for each source and a collection for each
    category."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (("skos", SKOS), ("dcterms", DCTERMS), ("rdf", RDF), ("rdfs", RDFS)):
        graph.bind(prefix, namespace)
    graph.bind("xsd", XSD)
    graph.bind("nearsay", Namespace(FIELDS.removesuffix("fields")))
    for source in {entry.source for entry in entries}:
        _add_scheme(graph, source)
    iris = {entry.id: URIRef(concept_iri(entry)) for entry in entries}
    for entry in link(entries):
        for name, value in _statements(entry, graph):
            graph.add((iris[entry.id], name, value))
        for item in entry.related:
            if item.id in iris and item.id != entry.id:
                graph.add((iris[entry.id], SKOS.related, iris[item.id]))
    vocabulary = Vocabulary(graph, Path("entries.ttl"))
    left = {entry.id: _unrestored(entry, vocabulary) for entry in map(unlinked, entries)}
    for entry in entries:
        if names := left[entry.id]:
            written = as_json(select_fields(entry, names))
            graph.add((iris[entry.id], FIELDS, Literal(written, datatype=_JSON, normalize=False)))
    return graph.serialize(format="turtle")


def _add_scheme(graph: Graph, source: str) -> None:
    scheme = _scheme(source)
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal(source or "glossary")))
    if source == BUNDLED:
        graph.add((scheme, DCTERMS.license, _CC_BY))


def _statements(entry: Entry, graph: Graph) -> Iterator[tuple[URIRef, Node]]:
    """Yield the statements about an entry's concept, and add those about its notes and categories
    to `graph`."""

    def text(value: str) -> Literal:
        return Literal(value, lang=_LANGUAGES.get(entry.source))

    yield RDF.type, SKOS.Concept
    yield SKOS.inScheme, _scheme(entry.source)
    yield SKOS.prefLabel, text(entry.term)
    yield SKOS.definition, text(entry.definition)
    yield from ((SKOS.altLabel, text(name)) for name in entry.aliases)
    yield from ((SKOS.hiddenLabel, text(phrase)) for phrase in entry.search_phrases)
    if entry.example:
        yield SKOS.example, text(entry.example)
    for number, section in enumerate(entry.sections, start=1):
        note = URIRef(f"{concept_iri(entry)}:section-{number}")
        graph.add((note, RDFS.label, text(section.heading)))
        graph.add((note, RDF.value, text(section.text)))
        yield SKOS.note, note
    for name in entry.categories:
        collection = URIRef(f"#category:{quote(name)}")
        graph.add((collection, RDF.type, SKOS.Collection))
        graph.add((collection, SKOS.prefLabel, text(name)))
        graph.add((collection, SKOS.member, URIRef(concept_iri(entry))))
    for reference in entry.references:
        yield DCTERMS.bibliographicCitation, text(reference.text)
        if reference.url:
            yield DCTERMS.references, URIRef(quote(reference.url, safe=_KEPT))
    if entry.updated:
        yield DCTERMS.modified, Literal(entry.updated.isoformat(), datatype=XSD.date)


_KEPT = "%/:?#[]@!$&'()*+,;=~"  # of the characters of a web address


def _scheme(source: str) -> URIRef:
    return URIRef(f"#scheme:{quote(source)}")


def _unrestored(entry: Entry, vocabulary: Vocabulary) -> list[str]:
    """Return the fields that an import would not restore from the statements."""
    try:
        read = vocabulary.entry_of(URIRef(concept_iri(entry)))
    except RefusedError:
        return []  # nothing restores it: the losses of the export say why
    names = [field.name for field in fields(Entry) if field.name not in LOCATION_FIELDS]
    changed = [name for name in names if getattr(read, name) != getattr(entry, name)]
    return [*changed, *(["id"] if read.id != id_within(entry) else [])]
