"""Baseline retrieval methods, run on the same documents and with the same model."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np

from index.embedding.embedder import Embedder, Vectors, embed_documents
from index.evaluation.beir import Document
from index.evaluation.measures import CUTOFF
from index.progress import Progress
from index.storage.chroma.vector_index import VectorIndex
from index.storage.lexical.bm25 import WordIndex, stems, words_of

RRF_K = 60  # the constant of Cormack et al.
RRF_DEPTH = 100  # ranks fused from each list
TXTAI = "txtai hybrid"
NO_TXTAI = "txtai is not installed; install it with: pip install -e '.[txtai]'"


class Method(Protocol):
    """A retrieval method."""

    @property
    def name(self) -> str: ...

    def find(self, query: str) -> list[str]:
        """Return the ids of up to ten documents, best first."""


class ModelAlone:
    """Vector search in Chroma: one vector per document (title and text), ranked by cosine."""

    name = "model alone"

    def __init__(
        self, documents: Sequence[Document], embedder: Embedder, folder: Path, report: Progress
    ) -> None:
        texts = [document.whole for document in documents]
        vectors = embed_documents(embedder, texts, partial(report, "Embedding documents"))
        self._embedder = embedder
        self._index = VectorIndex.create(folder)
        self.close = self._index.close
        self._index.put([document.id for document in documents], vectors)

    def find(self, query: str, limit: int = CUTOFF) -> list[str]:
        point = np.asarray(self._embedder.queries([query])[0])
        return [hit.passage_id for hit in self._index.nearest(point, limit)]


class Bm25:
    """BM25 ranking over titles and texts."""

    name = "BM25"

    def __init__(self, documents: Sequence[Document], folder: Path) -> None:
        tokens = stems()
        WordIndex.build((tokens(document.whole) for document in documents), folder)
        self._words = WordIndex.open(folder, tokens)
        self._ids = [document.id for document in documents]

    def find(self, query: str, limit: int = CUTOFF) -> list[str]:
        scores = self._words.scores(query)
        rows = np.argsort(-scores, kind="stable")[:limit]
        return [self._ids[row] for row in rows if scores[row] > 0]


@dataclass(frozen=True, slots=True)
class Rrf:
    """Reciprocal rank fusion of the vector search and BM25.

    A document scores the sum of 1 / (60 + rank) over both lists. Cormack, Clarke and Büttcher,
    "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods" (2009).
    """

    model: ModelAlone
    bm25: Bm25
    name: str = "RRF"

    def find(self, query: str) -> list[str]:
        rankings = (method.find(query, RRF_DEPTH) for method in (self.model, self.bm25))
        return fuse_ranks(*rankings)[:CUTOFF]


def fuse_ranks(*rankings: Sequence[str]) -> list[str]:
    """Fuse rankings by reciprocal rank; ties keep the order of first appearance."""
    scores: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, document_id in enumerate(ranking, start=1):
            scores[document_id] += 1 / (RRF_K + rank)
    return sorted(scores, key=lambda document_id: -scores[document_id])


class Substring:
    """Substring search, as in glossary bots.

    Documents with the query in their title come first, the shortest title first, then those with
    the query in their text. If there are none, documents with more than half of the query's words
    match, ranked by how many they contain. Case is ignored; ties keep the order of the corpus.
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


class Txtai:
    """txtai's hybrid search: one vector per document (title and text) and keywords, weighted
    equally.

    The vectors come from `embedder`, so that txtai uses the same model as the other methods. All
    other settings are its defaults.
    """

    name = TXTAI

    def __init__(self, documents: Sequence[Document], embedder: Embedder) -> None:
        from txtai import Embeddings

        self._embedder = embedder
        self._searching = False
        # txtai takes a function, not a method.
        self._embeddings = Embeddings(
            method="external", transform=lambda texts: self._embed(texts), hybrid=True
        )
        self.close = self._embeddings.close
        self._embeddings.index((document.id, document.whole) for document in documents)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        if self._searching:
            return self._embedder.queries(texts)
        return embed_documents(self._embedder, list(texts))

    def find(self, query: str) -> list[str]:
        self._searching = True
        try:
            return [str(document_id) for document_id, _ in self._embeddings.search(query, CUTOFF)]
        finally:
            self._searching = False


@dataclass(frozen=True, slots=True)
class SkippedBaseline:
    """A baseline that was not measured; `why` says how to install it."""

    method: str
    why: str


@contextmanager
def open_baselines(
    documents: Sequence[Document], embedder: Embedder, folder: Path, report: Progress
) -> Iterator[tuple[list[Method], tuple[SkippedBaseline, ...]]]:
    """Index `documents` in `folder` for every installed baseline. Yield the installed and the
    skipped baselines, and close the indexes on exit."""
    with closing(ModelAlone(documents, embedder, folder / "model", report)) as model:
        words = Bm25(documents, folder / "words")
        peers: list[Method] = [model, words, Rrf(model, words), Substring(documents)]
        if not find_spec("txtai"):
            yield peers, (SkippedBaseline(TXTAI, NO_TXTAI),)
            return
        with closing(Txtai(documents, embedder)) as txtai:
            yield [*peers, txtai], ()
