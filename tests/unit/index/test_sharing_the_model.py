"""Sharing the model between threads: small batches, and waits of at most one batch."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from index.embedding.embedder import BATCH, CHARACTERS, Fingerprint, SentenceEmbedder, Vectors
from index.embedding.openvino import ModelCard
from index.embedding.sentence_transformers import Model
from tests.support.waiting import wait_until

DIMENSIONS = 4


class CountingModel:
    """A model that records its batches, and can wait for a signal in each batch."""

    card = ModelCard(DIMENSIONS, 256, 0, "", "")

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.may_go_on = threading.Semaphore(0)
        self._alone = threading.Lock()

    def queries(self, texts: Sequence[str]) -> Vectors:
        assert self._alone.acquire(blocking=False), "two batches ran at once"
        self.batches.append(list(texts))
        assert self.may_go_on.acquire(timeout=5)
        self._alone.release()
        lengths = np.array([len(text) for text in texts], dtype=np.float32)
        return np.repeat(lengths[:, np.newaxis], DIMENSIONS, axis=1)

    documents = queries


@pytest.fixture
def model() -> CountingModel:
    return CountingModel()


@pytest.fixture
def embedder(model: CountingModel, tmp_path: Path) -> SentenceEmbedder:
    embedder = SentenceEmbedder("counting", tmp_path)
    fingerprint = Fingerprint("counting", "weights", DIMENSIONS, 256, "", "")
    embedder._loaded = cast("Model", model), fingerprint
    return embedder


@pytest.mark.parametrize(
    ("length", "sizes"),
    [(10, [12, 8]), (CHARACTERS // 4, [4] * 5), (CHARACTERS, [1] * 20), (9_000, [1] * 20)],
)
def test_queries_are_embedded_in_small_batches_and_returned_in_order(
    embedder: SentenceEmbedder, model: CountingModel, length: int, sizes: list[int]
) -> None:
    model.may_go_on.release(100)
    texts = ["x" * (length - number % 3) for number in range(20)]
    vectors = embedder.queries(texts)
    assert vectors[:, 0].tolist() == [len(text) for text in texts]
    assert [len(batch) for batch in model.batches] == sizes
    assert max(sizes) <= BATCH


@pytest.mark.parametrize("kind", ["queries", "passages"])
def test_a_query_waits_for_at_most_one_batch_of_a_large_job(
    embedder: SentenceEmbedder, model: CountingModel, kind: str
) -> None:
    many = ["a long text " * 400] * 6

    def embed_many() -> None:
        if kind == "queries":
            embedder.queries(many)
        else:
            list(embedder.documents(many))

    busy = threading.Thread(target=embed_many)
    busy.start()
    for asked in range(4):
        question = threading.Thread(target=embedder.queries, args=([f"question {asked}"],))
        wait_until(lambda: len(model.batches) == 2 * asked + 1)  # noqa: B023
        question.start()
        wait_until(embedder._model_lock._next.locked)
        model.may_go_on.release(2)
        question.join(5)
        assert not question.is_alive()
        assert model.batches[2 * asked + 1] == [f"question {asked}"]
    model.may_go_on.release(100)
    busy.join(5)
