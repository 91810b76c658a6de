"""Run Nearsay on a corpus: index its documents as entries, and search them like `/near`."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.embedding.embedder import Embedder
from index.entry import Entry, Section
from index.evaluation.beir import Document
from index.evaluation.measures import CUTOFF
from index.evaluation.systems import open_index
from index.indexing.reindex import SourceContent
from index.progress import Progress
from index.search.near import near
from index.storage import Store

LONGEST_PASSAGE = 120  # words; with the title, they fit in the 256 tokens of a small model
TERM_WORDS = 8  # words at the start of a text that are the term if there is no title
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Nearsay:
    """Nearsay as a retrieval method: the index in `store`, searched by `index.search.near`."""

    store: Store
    embedder: Embedder
    name: str = "nearsay"

    def find(self, query: str) -> list[str]:
        """Return the ids of up to ten documents, best first."""
        reply = near(self.store.current(), self.embedder, query, CUTOFF)
        return [neighbour.id for neighbour in reply.neighbours]


@contextmanager
def nearsay(
    documents: Sequence[Document], embedder: Embedder, folder: Path, report: Progress
) -> Iterator[Nearsay]:
    """Index `documents` in `folder`, yield Nearsay as a retrieval method, and close it on exit."""
    content = SourceContent([entry_from_document(document) for document in documents])
    with open_index(content, embedder, folder, report) as store:
        yield Nearsay(store, embedder)


def entry_from_document(document: Document) -> Entry:
    """Convert a document to an entry. Its term is the title or the first words, its definition the
    first passage; each other passage becomes a section."""
    passages = passages_in(document.text) or [document.title]
    term = document.title or " ".join(document.text.split()[:TERM_WORDS])
    return Entry(
        id=document.id,
        term=term,
        definition=passages[0],
        sections=tuple(Section(term, passage) for passage in passages[1:]),
    )


def passages_in(text: str, longest: int = LONGEST_PASSAGE) -> list[str]:
    """Split `text` into passages of whole sentences, at most `longest` words each.

    A longer sentence is split between words.
    """
    passages: list[list[str]] = []
    for sentence in _SENTENCE_ENDS.split(text):
        words = sentence.split()
        if words and passages and len(passages[-1]) + len(words) <= longest:
            passages[-1] += words
        else:
            passages += [words[at : at + longest] for at in range(0, len(words), longest)]
    return [" ".join(words) for words in passages]
