"""Read the concepts of a SKOS vocabulary as entries.

| SKOS | entry |
| --- | --- |
| `prefLabel` (else `rdfs:label`) | term; in other languages, aliases |
| `altLabel`, `hiddenLabel` | aliases, search phrases |
| `definition` (else a comment or a note) | definition |
| `scopeNote`, `note`, `historyNote` | sections |
| `example`, `notation` | example, detail "Notation" |
| `broader`, `narrower`, `related` | related terms |
| a `Collection`, else the topmost `broader` concept | category |
| `dcterms:references`, `dcterms:source`, `rdfs:seeAlso` | references |
| `dcterms:modified`, `owl:deprecated` | updated, status |

Texts are those in English if the vocabulary has any, else in the language of most labels; those
without a language; else any. A note may be a resource with `rdfs:label` and `rdf:value`. `FIELDS`
is written by an export, as JSON (see `native_json`), and overrides the rest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from index.entry import (
    LONGEST_NAME,
    LONGEST_PHRASE,
    MOST_CATEGORIES,
    MOST_DETAILS,
    MOST_NAMES,
    MOST_PHRASES,
    Entry,
)
from index.errors import SourceError
from index.sources.dates import as_date
from index.sources.files import Reading, Refusal, RefusedError, SourceFile
from index.sources.native_json import entry_from_fields, fields_of
from index.sources.plain_data import ObjectNode, Value, parse_json
from index.sources.prose import LONGEST_DEFINITION, split_definition
from index.sources.skos.rdf_file import BASE, parse_rdf
from index.text import is_web_address, one_line, shorten

FIELDS = URIRef("urn:nearsay:fields")
MOST_CONCEPTS = 200_000
_PREFERRED = "en"
_MOST_LINKED = 200  # related terms or references of an entry
_DEEPEST = 20  # broader concepts above one
_DEFINITIONS = (SKOS.definition, RDFS.comment, DCTERMS.description, SKOS.scopeNote, SKOS.note)
_NOTES = ((SKOS.scopeNote, "Scope"), (SKOS.note, "Note"), (SKOS.historyNote, "History"))
_REFERENCES = (DCTERMS.references, DCTERMS.source, RDFS.seeAlso, DCTERMS.bibliographicCitation)
_LICENCES = (DCTERMS.license, DCTERMS.rights)


def read_vocabulary(file: SourceFile) -> Reading:
    """Read the entries of a .ttl, .rdf or .jsonld file, ordered by the IRIs of the concepts.

    Raises `SourceError` for a file that cannot be read or has no SKOS concepts.
    """
    vocabulary = Vocabulary(parse_rdf(file), file.path)
    concepts = vocabulary.concepts()
    if not concepts:
        raise SourceError(file.path, None, "has no SKOS concepts")
    entries: list[Entry] = []
    refused: list[Refusal] = []
    if len(concepts) > MOST_CONCEPTS:
        reason = f"has more than {MOST_CONCEPTS:,} concepts; the rest is not read"
        refused.append(Refusal(str(file.path), None, reason))
    reasons: dict[str, list[str]] = {}
    for concept in concepts[:MOST_CONCEPTS]:
        try:
            entries.append(vocabulary.entry_of(concept))
        except RefusedError as error:
            name = shorten(one_line(vocabulary.label_of(concept) or str(concept)), 60)
            reasons.setdefault(str(error), []).append(name)
    for reason, (name, *more) in reasons.items():  # most concepts of a thesaurus lack a definition
        others = f" (and {len(more):,} more)" if more else ""
        refused.append(Refusal(str(file.path), None, f'"{name}"{others}: {reason}'))
    return Reading(tuple(entries), tuple(refused), vocabulary.licence())


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The concepts in RDF statements, as entries; `path` is for messages."""

    graph: Graph
    path: Path

    @cached_property
    def language(self) -> str:
        """The language of the terms, such as "en"; "" if no label has a language."""
        labels = Counter(
            map(_language_of, self.graph.objects(predicate=SKOS.prefLabel, unique=False))
        )
        del labels[""]
        if not labels or _PREFERRED in labels:
            return _PREFERRED if labels else ""
        return min(labels, key=lambda language: (-labels[language], language))

    def concepts(self) -> list[Node]:
        """Return the concepts of the vocabulary, ordered by IRI."""
        found = set(self.graph.subjects(RDF.type, SKOS.Concept))
        found |= set(self.graph.subjects(SKOS.prefLabel))
        for kind in (SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection):
            found -= set(self.graph.subjects(RDF.type, kind))
        return sorted(found, key=str)

    def entry_of(self, concept: Node) -> Entry:
        """Return a concept as an entry with its id within the source. Raises `RefusedError`."""
        fields = dict(self._fields(concept))
        for written in self._literals(concept, FIELDS)[:1]:
            try:
                own = parse_json(written, self.path)
            except SourceError as error:
                raise RefusedError(f"nearsay:fields {error.reason}") from error
            if not isinstance(own, ObjectNode):
                raise RefusedError("nearsay:fields is not a JSON object")
            fields |= dict(own.pairs)
        given = ObjectNode(tuple((key, value) for key, value in fields.items() if value))
        return entry_from_fields(fields_of(given))

    def label_of(self, concept: Node) -> str:
        """Return the name of a concept or a collection, "" if it has none."""
        names = (self._texts(concept, name) for name in (SKOS.prefLabel, RDFS.label))
        return next((one_line(labels[0]) for labels in names if labels), "")

    def licence(self) -> str:
        """Return the licence that all concept schemes state, or ""."""
        schemes = set(self.graph.subjects(RDF.type, SKOS.ConceptScheme))
        stated = {
            next((str(value) for name in _LICENCES for value in self._sorted(scheme, name)), "")
            for scheme in schemes
        }
        return shorten(one_line(stated.pop()), 300) if len(stated) == 1 else ""

    def _fields(self, concept: Node) -> Iterator[tuple[str, Value]]:
        term = self.label_of(concept)
        yield "term", term
        definitions = next(filter(None, (self._notes(concept, of) for of in _DEFINITIONS)), [])
        first = definitions[0][1] if definitions else ""
        definition, rest = (
            split_definition(first) if len(first) > LONGEST_DEFINITION else (first, "")
        )
        yield "definition", definition
        sections = [("What it is", rest)] if rest else []
        sections += [("What it is", text) for _, text in definitions[1:]]
        for name, heading in _NOTES:
            notes = ((own or heading, text) for own, text in self._notes(concept, name))
            sections += [note for note in notes if note[1] != first]
        yield "sections", _objects(("heading", "text"), sections)
        yield "aliases", tuple(self._aliases(concept, term))[:MOST_NAMES]
        phrases = (one_line(text) for text in self._texts(concept, SKOS.hiddenLabel))
        short = [phrase for phrase in phrases if len(phrase) <= LONGEST_PHRASE]
        yield "search_phrases", tuple(short[:MOST_PHRASES])
        yield "example", "\n\n".join(text for _, text in self._notes(concept, SKOS.example))
        first_category, *more = [*self._categories(concept), ""]
        yield "category", first_category
        yield "more_categories", tuple(more[:-1][:MOST_CATEGORIES])
        related = list(dict.fromkeys(self._related(concept)))[:_MOST_LINKED]
        yield "related", _objects(("term", "why"), related)
        yield "references", _objects(("text", "url"), list(self._references(concept)))
        notations = [("Notation", text) for text in self._literals(concept, SKOS.notation)]
        yield "details", _objects(("name", "value"), notations[:MOST_DETAILS])
        yield "updated", self._updated(concept)
        deprecated = "true" in self._literals(concept, OWL.deprecated)
        yield "status", "deprecated" if deprecated else ""
        iri = str(concept)
        yield "url", iri if is_web_address(iri) and not iri.startswith(BASE) else ""

    def _aliases(self, concept: Node, term: str) -> Iterator[str]:
        names = [*self._texts(concept, SKOS.altLabel), *self._literals(concept, SKOS.prefLabel)]
        for name in dict.fromkeys(map(one_line, names)):
            if name != term and len(name) <= LONGEST_NAME:
                yield name

    def _categories(self, concept: Node) -> list[str]:
        collections = self.graph.subjects(SKOS.member, concept)
        names = [self.label_of(collection) for collection in collections]
        names = names or [self._topmost(concept)]
        return sorted({name for name in names if 0 < len(name) <= LONGEST_NAME})

    def _topmost(self, concept: Node) -> str:
        """Return the label of the topmost broader concept, also for that concept itself."""
        if not self._broader(concept) and not self._narrower(concept):
            return ""
        seen = [concept]
        while len(seen) <= _DEEPEST and (above := self._broader(seen[-1])) and above[0] not in seen:
            seen.append(above[0])
        return self.label_of(seen[-1])

    def _broader(self, concept: Node) -> list[Node]:
        above = {*self.graph.objects(concept, SKOS.broader)}
        return sorted(above | {*self.graph.subjects(SKOS.narrower, concept)}, key=str)

    def _narrower(self, concept: Node) -> set[Node]:
        below = {*self.graph.objects(concept, SKOS.narrower)}
        return below | {*self.graph.subjects(SKOS.broader, concept)}

    def _related(self, concept: Node) -> Iterator[tuple[str, str]]:
        beside = {*self.graph.objects(concept, SKOS.related)}
        beside |= {*self.graph.subjects(SKOS.related, concept)}
        for others, why in (
            (self._broader(concept), "broader term"),
            (self._narrower(concept), "narrower term"),
            (beside, "related term"),
        ):
            for name in sorted(self.label_of(other) for other in others if other != concept):
                if 0 < len(name) <= LONGEST_NAME:
                    yield name, why

    def _references(self, concept: Node) -> Iterator[tuple[str, str]]:
        values = (value for name in _REFERENCES for value in self._sorted(concept, name))
        for text in list(dict.fromkeys(one_line(str(value)) for value in values))[:_MOST_LINKED]:
            if text:
                yield text, text if is_web_address(text) else ""

    def _updated(self, concept: Node) -> str:
        dates = (as_date(text[:10]) for text in self._literals(concept, DCTERMS.modified))
        return next((day.isoformat() for day in dates if day), "")

    def _notes(self, concept: Node, name: URIRef) -> list[tuple[str, str]]:
        """Return the heading ("" if it has none) and the text of each note of one kind."""
        notes: list[tuple[str, str]] = []
        for node in self._sorted(concept, name):
            if not isinstance(node, Literal):
                text = next(iter(self._texts(node, RDF.value)), "")
                notes += [(self.label_of(node)[:LONGEST_NAME], text)] if text.strip() else []
        return notes + [("", text) for text in self._texts(concept, name)]

    def _texts(self, node: Node, name: URIRef) -> list[str]:
        """Return the texts in the best language."""
        texts = [text for text in self._sorted(node, name) if isinstance(text, Literal)]
        languages = {_language_of(text) for text in texts}
        best = next((one for one in (self.language, "") if one in languages), None)
        best = min(languages, default="") if best is None else best
        return [str(text) for text in texts if _language_of(text) == best and text.strip()]

    def _literals(self, node: Node, name: URIRef) -> list[str]:
        return [str(text) for text in self._sorted(node, name) if isinstance(text, Literal)]

    def _sorted(self, node: Node, name: URIRef) -> list[Node]:
        """Return the values of a property, in which `#x-2` is before `#x-10`."""
        values = self.graph.objects(node, name)
        return sorted(
            values,
            key=lambda value: (0 if isinstance(value, Literal) else len(str(value)), str(value)),
        )


def _language_of(node: Node) -> str:
    language = node.language if isinstance(node, Literal) else ""
    return (language or "").partition("-")[0].casefold()


def _objects(keys: Sequence[str], rows: Iterable[Sequence[str]]) -> Value:
    return tuple(ObjectNode(tuple(zip(keys, row, strict=True))) for row in rows)
