"""txtai's hybrid search as a peer; the only module that imports txtai, which is an extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.bench.data import Document
from bot.bench.measures import CUTOFF
from index.embedder import Embedder, Vectors, embed_documents

NAME = "txtai hybrid"
MISSING = "txtai is not installed; install it with: pip install -e '.[txtai]'"


def is_installed() -> bool:
    """Whether txtai can be asked."""
    return importlib.util.find_spec("txtai") is not None


@dataclass(frozen=True, slots=True)
class Txtai:
    """One vector a document (title and text) and its words, which txtai weighs half and half."""

    embeddings: Any
    asked: list[str]
    name: str = NAME

    def find(self, query: str) -> list[str]:
        self.asked.append(query)
        try:
            return [str(document_id) for document_id, _ in self.embeddings.search(query, CUTOFF)]
        finally:
            self.asked.clear()


@contextmanager
def txtai_hybrid(documents: Sequence[Document], embedder: Embedder) -> Iterator[Txtai]:
    """Indexes `documents` in memory, and releases the index in the end.

    txtai is given the vectors of `embedder`, so that it has the model, and the speed, that all
    others have; BM25, the weights and everything else are its defaults.
    """
    from txtai import Embeddings

    asked: list[str] = []  # the query that is being asked, if one is

    def place(texts: Sequence[str]) -> Vectors:
        return embedder.queries(texts) if asked else embed_documents(embedder, list(texts))

    embeddings = Embeddings(method="external", transform=place, hybrid=True)
    try:
        embeddings.index((document.id, document.whole) for document in documents)
        yield Txtai(embeddings, asked)
    finally:
        embeddings.close()


def dense(folder: Path, ids: Sequence[str], vectors: Vectors) -> Callable[[str, int], object]:
    """Search by vectors alone, with txtai's defaults; gives what finds so many for a query.

    txtai embeds the queries itself, with the model in `folder`; the texts of these `ids` have
    these `vectors` (`float32[n, d]`), which come from the same model.
    """
    from txtai import Embeddings

    own = Embeddings(path=str(folder))

    def embed(texts: Sequence[str]) -> Any:
        return own.batchtransform(texts, "query")

    embeddings = Embeddings(method="external", transform=embed)
    embeddings.index(zip(ids, vectors, strict=True))
    return lambda query, limit: embeddings.search(query, limit)
