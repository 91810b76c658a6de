"""What one would build without Nearsay or Chroma: sentence-transformers' `semantic_search`, and
txtai."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from index.weights import find_weights
from tests.benchmarks.speed.bare import converted, load
from tests.benchmarks.speed.chroma import NEIGHBOURS
from tests.benchmarks.speed.contender import Question, Ways
from tests.benchmarks.speed.place import Place

if TYPE_CHECKING:
    from pathlib import Path


def semantic_search(place: Place) -> Ways:
    """With the model as it loads by itself: by PyTorch."""
    return _semantic_search(place, find_weights(place.model.name).folder)


def semantic_search_as_ours(place: Place) -> Ways:
    """With the model as Nearsay loads it."""
    return _semantic_search(place, converted(place.model))


def txtai(place: Place) -> Ways:
    """txtai's dense search with its own defaults; the vectors of the texts are given."""
    folder = find_weights(place.model.name).folder
    from txtai import Embeddings

    own = Embeddings(path=str(folder))  # embeds the queries, with the model of the vectors
    embeddings = Embeddings(
        method="external", transform=lambda texts: own.batchtransform(texts, "query")
    )
    embeddings.index(zip([text.id for text in place.texts], place.vectors, strict=True))

    def plain(question: Question) -> Callable[[], object]:
        return lambda: embeddings.search(question.text, NEIGHBOURS)

    plain(Question("what is near this, when all is warm?", "", 0))()
    return {"plain": plain}


def _semantic_search(place: Place, folder: Path) -> Ways:
    """Exact, over all vectors; of a category, over those of its texts."""
    import torch
    from sentence_transformers.util import semantic_search

    model = load(folder)
    corpus = torch.from_numpy(place.vectors)
    categories = np.array([text.category for text in place.texts])
    rows = {name: torch.from_numpy(np.flatnonzero(categories == name)) for name in set(categories)}

    def find(question: Question, within: torch.Tensor) -> object:
        point = model.encode_query(question.text, convert_to_tensor=True, show_progress_bar=False)
        return semantic_search(point, within, top_k=NEIGHBOURS)

    def plain(question: Question) -> Callable[[], object]:
        return lambda: find(question, corpus)

    def filtered(question: Question) -> Callable[[], object]:
        return lambda: find(question, corpus[rows[question.category]])

    plain(Question("what is near this, when all is warm?", "", 0))()
    return {"plain": plain, "filtered": filtered}
