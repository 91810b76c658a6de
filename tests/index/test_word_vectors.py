from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.weights import DEFAULT_MODEL, find_weights
from index.word_vectors import TOKENIZER, WEIGHTS, word_vectors
from tests.support.static_model import save_static_model

WORDS = ["car", "vehicle", "banana", "fruit"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    save_static_model(folder, WORDS)
    return folder


def test_a_word_lies_where_the_model_has_it(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    found = word_vectors(folder, ["banana", "car"])
    assert found is not None
    assert found.dtype == np.float32
    expected = SentenceTransformer(str(folder), device="cpu").encode(["banana", "car"])
    assert np.allclose(found, expected, atol=1e-6)


def test_a_word_of_several_pieces_lies_in_their_middle(folder: Path) -> None:
    both, one, other = _of(folder, ["car banana", "car", "banana"])
    assert np.allclose(both, (one + other) / 2, atol=1e-6)


def test_a_word_of_no_pieces_lies_nowhere(folder: Path) -> None:
    assert not _of(folder, [""]).any()


def test_no_words_have_no_vectors(folder: Path) -> None:
    assert _of(folder, []).shape[0] == 0


def test_rows_are_read_a_part_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = _of(folder, WORDS)
    monkeypatch.setattr("index.word_vectors.AT_ONCE", 2)
    assert np.array_equal(_of(folder, WORDS), at_once)


def test_the_default_model_knows_what_words_mean() -> None:
    vectors = _of(find_weights(DEFAULT_MODEL).folder, WORDS)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > cosines[0, 2]
    assert cosines[2, 3] > cosines[2, 1]


@pytest.mark.parametrize("file", [WEIGHTS, TOKENIZER])
def test_a_model_without_its_files_has_none(folder: Path, tmp_path: Path, file: str) -> None:
    other = shutil.copytree(folder, tmp_path / "model")
    (other / file).unlink()
    assert word_vectors(other, WORDS) is None


def test_a_model_without_a_row_for_each_piece_has_none(folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    other = shutil.copytree(folder, tmp_path / "model")
    save_file({"layer.weight": np.zeros((2, 4), dtype=np.float32)}, other / WEIGHTS)
    assert word_vectors(other, WORDS) is None


def test_weights_that_cannot_be_read_give_none(folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "model")
    (other / WEIGHTS).write_bytes(b"no weights")
    assert word_vectors(other, WORDS) is None


def _of(folder: Path, words: list[str]) -> np.ndarray:
    found = word_vectors(folder, words)
    assert found is not None
    return found
