"""Chroma with its own default embedding function, and a query of its collection alone.

The only module besides `index.store.vectors` that imports chromadb: here it is a peer.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bot.terminal.progress import Report
from index.weights import find_weights
from tests.benchmarks.speed.contender import Question, Ways
from tests.benchmarks.speed.onnx_file import export
from tests.benchmarks.speed.place import Place

COLLECTION = "texts"
NEIGHBOURS = 10
BATCH = 1_000  # rows that are added together
SAME = 1e-4  # the most that two vectors of one text differ where the weights are the same


def raw_chroma(place: Place) -> Ways:
    """A query by a vector that is known, for ids and distances."""
    client = _client(place.folder / "chroma")
    collection = client.get_collection(COLLECTION, embedding_function=None)

    def find(question: Question, **within: Any) -> Callable[[], object]:
        point = place.asked[question.row % len(place.asked)]
        return partial(
            collection.query,
            query_embeddings=[point],
            n_results=NEIGHBOURS,
            include=["distances"],
            **within,
        )

    return _ways(find)


def default_chroma(place: Place) -> Ways:
    """A query by its text, with whatever Chroma gives and embeds with when nothing is said."""
    _make_embedding_function(place)
    collection = _client(place.folder / "chroma").get_collection(COLLECTION)

    def find(question: Question, **within: Any) -> Callable[[], object]:
        return partial(
            collection.query, query_texts=[question.text], n_results=NEIGHBOURS, **within
        )

    return _ways(find)


def fill(place: Place, report: Report) -> None:
    """Puts the texts of a place, their categories and their vectors into a collection of Chroma's
    defaults, unless they are there."""
    folder = place.folder / "chroma"
    if folder.exists():
        return
    making = place.folder / "chroma-in-the-making"
    shutil.rmtree(making, ignore_errors=True)
    client = _client(making)
    collection = client.create_collection(COLLECTION)
    texts = place.texts
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        collection.add(
            ids=[text.id for text in part],
            documents=[text.text for text in part],
            metadatas=[{"category": text.category} for text in part],
            embeddings=place.vectors[start : start + BATCH],
        )
        report("Filling Chroma", start + len(part), len(texts))
    client.close()
    making.rename(folder)


def _ways(find: Callable[..., Callable[[], object]]) -> Ways:
    """The two ways to find, each of which has been asked once."""

    def filtered(question: Question) -> Callable[[], object]:
        return find(question, where={"category": question.category})

    ways: Ways = {"plain": find, "filtered": filtered}
    for way in ways.values():
        way(Question("what is near this, when all is warm?", "Design", 0))()
    return ways


def _make_embedding_function(place: Place) -> None:
    """Puts a file made from the same weights where Chroma's default embedding function looks for
    the one that it fetches. Raises `ValueError` when its vectors are not those of the model."""
    from chromadb.utils.embedding_functions import DefaultEmbeddingFunction, ONNXMiniLM_L6_V2

    home = place.folder.parent / "onnx"
    export(find_weights(place.model.name).folder, home / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME)
    ONNXMiniLM_L6_V2.DOWNLOAD_PATH = home
    embed = DefaultEmbeddingFunction()
    some = [text.text for text in place.texts[:5]]
    apart = float(np.abs(np.asarray(embed(some)) - place.vectors[:5]).max())
    if apart > SAME:
        raise ValueError(f"its vectors differ from the model's by {apart:.4f}")


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False)
    )
