"""The real model: equal vectors from both backends, verified weights, and the converted copy."""

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index.deadline import deadline
from index.embedding.embedder import (
    CacheStats,
    Fingerprint,
    SentenceEmbedder,
    Vectors,
    embed_documents,
)
from index.embedding.openvino import CARD, OpenVinoModel
from index.embedding.sentence_transformers import LibraryModel, Model, open_converted
from index.embedding.weights import find_weights
from index.errors import DeadlineExceeded

pytestmark = pytest.mark.model

TEXTS = [
    "dog",
    "why does the model make things up",
    "What is near this? " * 30,
    "émoji 🙂 and 漢字",
    "",
]


def opened(folder: Path) -> Model:
    """Open the converted model in a folder, or convert it."""
    return open_converted(find_weights("all-MiniLM-L6-v2"), folder)


def test_vectors_have_unit_length_and_the_order_of_the_texts(
    real_embedder: SentenceEmbedder,
) -> None:
    texts = [f"{text} {n}" for n in range(20) for text in TEXTS]
    vectors = embed_documents(real_embedder, texts)
    assert vectors.shape == (100, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[41], real_embedder.queries([texts[41]])[0], atol=1e-4)


def test_a_deadline_stops_a_long_text_and_not_the_queries_of_others(
    real_embedder: SentenceEmbedder,
) -> None:
    texts = [f"{TEXTS[2]} {number}" for number in range(40)]
    with deadline(0.0):
        for embed in (real_embedder.queries, partial(embed_documents, real_embedder)):
            with pytest.raises(DeadlineExceeded):
                embed(texts)
        with ThreadPoolExecutor(4) as others:
            assert all(map(len, others.map(real_embedder.queries, [[text] for text in texts])))


def test_openvino_and_pytorch_give_equal_vectors(model_directory: Path) -> None:
    pytest.importorskip("openvino")
    SentenceEmbedder("all-MiniLM-L6-v2", model_directory, "openvino").queries(["dog"])
    fast = SentenceEmbedder("all-MiniLM-L6-v2", model_directory, "openvino")
    assert isinstance(opened(model_directory), OpenVinoModel)  # without sentence-transformers
    plain = SentenceEmbedder("all-MiniLM-L6-v2", model_directory, "torch")
    np.testing.assert_allclose(fast.queries(TEXTS), plain.queries(TEXTS), atol=1e-4)
    passages = [f"{text} {n}" for n in range(20) for text in TEXTS]
    np.testing.assert_allclose(
        embed_documents(fast, passages), embed_documents(plain, passages), atol=1e-4
    )
    assert fast.fingerprint == plain.fingerprint


def test_a_model_without_mean_pooling_uses_sentence_transformers(
    model_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Converted, the model would give every text the vector of the first."""
    pytest.importorskip("openvino")
    shutil.copytree(model_directory, tmp_path, dirs_exist_ok=True)
    for card in tmp_path.rglob(CARD):
        card.unlink()

    def first_vector(model: OpenVinoModel, texts: Sequence[str]) -> Vectors:
        return vectors(model, texts[:1]).repeat(len(texts), axis=0)

    vectors = OpenVinoModel._vectors
    monkeypatch.setattr(OpenVinoModel, "_vectors", first_vector)
    for _ in range(2):
        assert isinstance(opened(tmp_path), LibraryModel)
    assert not list(tmp_path.rglob(CARD))


@pytest.mark.parametrize(("function", "repeated"), [("save_model", True), ("convert_model", False)])
def test_a_failed_conversion_is_repeated_unless_the_network_is_unsupported(
    function: str, repeated: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openvino = pytest.importorskip("openvino")

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(openvino, function, fails)
        assert isinstance(opened(tmp_path), LibraryModel)
    assert isinstance(opened(tmp_path), OpenVinoModel if repeated else LibraryModel)


def test_a_repeated_query_is_cached(real_embedder: SentenceEmbedder, model_directory: Path) -> None:
    embedder = SentenceEmbedder("all-MiniLM-L6-v2", model_directory)
    first = embedder.queries(["what is near a query"])
    again = embedder.queries(["what is near a query"])
    assert again.tolist() == first.tolist()
    assert embedder.cache_stats == CacheStats(hits=1, misses=1)
    with pytest.raises(ValueError, match="read-only"):
        again[0, 0] = 1


def test_a_damaged_conversion_is_repeated(tmp_path: Path, model_directory: Path) -> None:
    pytest.importorskip("openvino")
    shutil.copytree(model_directory, tmp_path, dirs_exist_ok=True)
    (converted,) = tmp_path.glob("*-openvino-*")
    weights = converted / "model.bin"
    content = bytearray(weights.read_bytes())
    content[1000] ^= 0xFF
    weights.write_bytes(content)
    again = SentenceEmbedder("all-MiniLM-L6-v2", tmp_path, "openvino")
    plain = SentenceEmbedder("all-MiniLM-L6-v2", model_directory, "torch")
    np.testing.assert_allclose(again.queries(TEXTS), plain.queries(TEXTS), atol=1e-4)
    assert weights.read_bytes() != content


def test_the_fingerprint_identifies_the_space_and_ignores_paths() -> None:
    one = Fingerprint("a", "digest", 384, 256, "", "")
    assert one.key == Fingerprint("elsewhere", "digest", 384, 256, "", "").key
    assert one.key != Fingerprint("a", "digest", 384, 256, "query: ", "").key
    assert one.key != Fingerprint("a", "other", 384, 256, "", "").key
