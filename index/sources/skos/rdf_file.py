"""Parse an RDF file without fetching anything from elsewhere and without expanding entities."""

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.sax import ContentHandler

import rdflib
from defusedxml import DefusedXmlException, sax

from index.errors import SourceError
from index.sources.files import LARGEST_TEXT, SourceFile, check_count
from index.sources.plain_data import ObjectNode, Value, parse_json
from index.text import one_line, shorten

BASE = "https://vocabulary.invalid/"  # of relative IRIs; no address can be in this domain
MOST_STATEMENTS = 2_000_000
_TYPES = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}


def parse_rdf(file: SourceFile) -> rdflib.Graph:
    """Return the statements of a file.

    Raises `SourceError` for a file that is invalid or too large, that declares entities in its
    XML, or whose JSON-LD has its context elsewhere.
    """
    form = _TYPES[file.path.suffix.casefold()]
    content = file.data if form == "xml" else file.text.encode()
    check_count(len(file.data), LARGEST_TEXT, "bytes of text", file.path)
    if form == "xml":
        _check_xml(file)
    elif form == "json-ld":
        _check_contexts(parse_json(file.text, file.path), file.path)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it logs each odd IRI and literal
    rdflib.NORMALIZE_LITERALS = False  # "1e999999999" would become a number of a billion digits
    graph = rdflib.Graph()
    try:
        graph.parse(BytesIO(content), format=form, publicID=BASE)
    except RecursionError as error:
        raise SourceError(file.path, None, "is nested too deeply") from error
    except MemoryError:
        raise
    except Exception as error:  # the parsers raise many kinds
        reason = shorten(one_line(str(error)), 200) or "unreadable"
        raise SourceError(file.path, None, f"is not valid RDF: {reason}") from error
    check_count(len(graph), MOST_STATEMENTS, "statements", file.path)
    return graph


def _check_xml(file: SourceFile) -> None:
    try:
        sax.parseString(file.data, ContentHandler())
    except DefusedXmlException as error:
        hint = "Save it as Turtle (.ttl), or write the entities out."
        raise SourceError(file.path, None, "declares XML entities", hint) from error
    except Exception as error:  # SAXParseException, and errors of decoding
        reason = shorten(one_line(str(error)), 200)
        raise SourceError(file.path, None, f"is not valid XML: {reason}") from error


def _check_contexts(value: Value, path: Path) -> None:
    for key, item in _pairs(value):
        elsewhere = key == "@import" or (key == "@context" and _has_text(item))
        if elsewhere:
            reason = "refers to a JSON-LD context elsewhere, which is not fetched"
            raise SourceError(path, None, reason, "Write the context into the file.")


def _pairs(value: Value) -> Iterator[tuple[str, Value]]:
    """Yield the keys and values of all objects in a JSON value."""
    if isinstance(value, ObjectNode):
        for key, item in value.pairs:
            yield key, item
            yield from _pairs(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _pairs(item)


def _has_text(context: Value) -> bool:
    items = context if isinstance(context, tuple) else (context,)
    return any(isinstance(item, tuple) or (isinstance(item, str) and item) for item in items)
