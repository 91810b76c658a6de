"""Baselines: other retrieval methods over the same documents, with the same model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.embedding.embedder import Embedder, Vectors, embed_documents
from index.evaluation.beir import Document
from index.evaluation.measures import CUTOFF
from index.progress import Progress
from index.storage.chroma.vector_index import VectorIndex
from index.storage.lexical.bm25 import WordIndex, number_tokens, stems, words_of

RRF_K = 60  # the constant of Cormack et al.
RRF_DEPTH = 100  # ranks fused from each list
TXTAI = "txtai hybrid"
NO_TXTAI = "txtai is not installed; install it with: pip install -e '.[txtai]'"


class Method(Protocol):
    """A retrieval method."""

    @property
    def name(self) -> str:
        """The name in the report."""

    def find(self, query: str) -> list[str]:
        """Return the ids of up to ten documents, the best first."""


@dataclass(frozen=True, slots=True)
class ModelAlone:
    """One vector per document (title and text) in Chroma, ranked by cosine."""

    vectors: VectorIndex
    embedder: Embedder
    name: str = "model alone"

    def find(self, query: str, limit: int = CUTOFF) -> list[str]:
        point = np.asarray(self.embedder.queries([query])[0])
        return [hit.passage_id for hit in self.vectors.nearest(point, limit)]


@contextmanager
def model_alone(
    documents: Sequence[Document], embedder: Embedder, folder: Path, report: Progress
) -> Iterator[ModelAlone]:
    """Index `documents` into `folder`, and close the index on exit."""
    texts = [document.whole for document in documents]
    vectors = embed_documents(
        embedder, texts, lambda done, total: report("Embedding documents", done, total)
    )
    index = VectorIndex.create(folder)
    try:
        index.put([document.id for document in documents], vectors)
        yield ModelAlone(index, embedder)
    finally:
        index.close()


@dataclass(frozen=True, slots=True)
class Bm25:
    """BM25 over title and text; `ids[i]` is the document in row i of `words`."""

    words: WordIndex
    ids: Sequence[str]
    name: str = "BM25"

    def find(self, query: str, limit: int = CUTOFF) -> list[str]:
        scores = self.words.scores(query)
        rows = np.argsort(-scores, kind="stable")[:limit]
        return [self.ids[row] for row in rows if scores[row] > 0]


def bm25(documents: Sequence[Document], folder: Path) -> Bm25:
    """Index `documents` into `folder`."""
    tokens = stems()
    WordIndex.build(*number_tokens(tokens(document.whole) for document in documents), folder)
    return Bm25(WordIndex.open(folder, tokens), [document.id for document in documents])


@dataclass(frozen=True, slots=True)
class Rrf:
    """Reciprocal rank fusion of the model alone and BM25.

    A document scores the sum of 1 / (60 + rank) over both lists. Cormack, Clarke and Büttcher,
    "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods" (2009).
    """

    model: ModelAlone
    bm25: Bm25
    name: str = "RRF"

    def find(self, query: str) -> list[str]:
        return fused_by_rank(self.model.find(query, RRF_DEPTH), self.bm25.find(query, RRF_DEPTH))[
            :CUTOFF
        ]


def fused_by_rank(*rankings: Sequence[str]) -> list[str]:
    """Fuse rankings by reciprocal rank; ties keep the order of first appearance."""
    scores: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, document_id in enumerate(ranking, start=1):
            scores[document_id] += 1 / (RRF_K + rank)
    return sorted(scores, key=lambda document_id: -scores[document_id])


class Substring:
    """Substring search, as in glossary bots.

    Documents with the query in their title come first (the shortest title first), then those with
    it in their text. If there are none, documents with more than half of the query's words match,
    ranked by the number of words. Case does not matter; ties keep the order of the corpus.
    """

    name = "substring"

    def __init__(self, documents: Sequence[Document]) -> None:
        self._ids = [document.id for document in documents]
        self._titles = [document.title.casefold() for document in documents]
        self._texts = [document.text.casefold() for document in documents]
        self._words = [frozenset(words_of(document.whole)) for document in documents]

    def find(self, query: str) -> list[str]:
        wanted = query.casefold()
        rows = range(len(self._ids))
        titled = [row for row in rows if wanted in self._titles[row]]
        titled.sort(key=lambda row: len(self._titles[row]))
        texted = [row for row in rows if wanted in self._texts[row] and row not in titled]
        found = titled + texted or self._most_words(set(words_of(query)))
        return [self._ids[row] for row in found[:CUTOFF]]

    def _most_words(self, wanted: set[str]) -> list[int]:
        shared = [len(wanted & words) for words in self._words]
        rows = [row for row, count in enumerate(shared) if count > len(wanted) / 2]
        return sorted(rows, key=lambda row: -shared[row])


@dataclass(frozen=True, slots=True)
class Txtai:
    """Hybrid search of txtai: one vector per document (title and text) and its words, weighted
    equally. `asked` has the query while a search runs."""

    embeddings: Any
    asked: list[str]
    name: str = TXTAI

    def find(self, query: str) -> list[str]:
        self.asked.append(query)
        try:
            return [str(document_id) for document_id, _ in self.embeddings.search(query, CUTOFF)]
        finally:
            self.asked.clear()


@contextmanager
def txtai_hybrid(documents: Sequence[Document], embedder: Embedder) -> Iterator[Txtai]:
    """Index `documents` in memory, and close the index on exit.

    txtai gets its vectors from `embedder`, so that it has the same model and speed as the others.
    BM25, the weights and all other settings are its defaults.
    """
    from txtai import Embeddings

    asked: list[str] = []  # the query while a search runs, to embed it as a query

    def transform(texts: Sequence[str]) -> Vectors:
        return embedder.queries(texts) if asked else embed_documents(embedder, list(texts))

    embeddings = Embeddings(method="external", transform=transform, hybrid=True)
    try:
        embeddings.index((document.id, document.whole) for document in documents)
        yield Txtai(embeddings, asked)
    finally:
        embeddings.close()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A baseline that was not measured, and how to install it."""

    method: str
    why: str


@contextmanager
def lineup(
    documents: Sequence[Document], embedder: Embedder, folder: Path, report: Progress
) -> Iterator[tuple[list[Method], tuple[LeftOut, ...]]]:
    """Index `documents` into `folder` for every installed baseline; yield these and the others.
    Close the indexes on exit."""
    with ExitStack() as stack:
        model = stack.enter_context(model_alone(documents, embedder, folder / "model", report))
        words = bm25(documents, folder / "words")
        peers: list[Method] = [model, words, Rrf(model, words), Substring(documents)]
        if not find_spec("txtai"):
            yield peers, (LeftOut(TXTAI, NO_TXTAI),)
            return
        peers.append(stack.enter_context(txtai_hybrid(documents, embedder)))
        yield peers, ()
