"""Run converted models with OpenVINO, without sentence-transformers.

sentence-transformers and PyTorch take seconds to import. For most models, these libraries only
tokenize, run the network, average over the tokens and normalize; this module does the same without
importing them. A converted model that was verified to give the same vectors has a card (see
`ModelCard`); any other model is run by sentence-transformers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding.weights import sha256

Vectors = NDArray[np.float32]

CARD, DIGESTS, MODEL = "card.json", "digests.json", "model.xml"
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
CONFIGURATION: dict[str, Any] = {
    # Some processors default to 16 bits, which changes the third digit of vectors.
    "INFERENCE_PRECISION_HINT": "f32",
    "PERFORMANCE_HINT": "LATENCY",
    # A pinned thread waits for a busy core while another core is idle.
    "ENABLE_CPU_PINNING": False,
}


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The parameters needed to run a converted model.

    `dimensions` is the length of a vector, `max_tokens` the longest input in tokens, and `padding`
    the id of the padding token. The prompts are prepended to queries and passages.
    """

    dimensions: int
    max_tokens: int
    padding: int
    query_prompt: str
    document_prompt: str

    @classmethod
    def load(cls, home: Path) -> ModelCard:
        """Load the card of the intact model in `home`."""
        return cls(**json.loads((home / CARD).read_text(encoding="utf-8")))

    def save(self, home: Path) -> None:
        """Write the card into the model's folder."""
        (home / CARD).write_text(json.dumps(asdict(self)), encoding="utf-8")


class OpenVinoModel:
    """A converted model in the folder `home` (`tokenizer.json`, `model.xml`). Not thread-safe."""

    def __init__(self, home: Path, card: ModelCard) -> None:
        disable_openvino_telemetry()
        import openvino
        from tokenizers import Tokenizer

        self.card = card
        self._tokenizer = Tokenizer.from_file(str(home / "tokenizer.json"))
        self._tokenizer.enable_padding(pad_id=card.padding)
        self._tokenizer.enable_truncation(card.max_tokens)
        core = openvino.Core()
        model = core.read_model(home / MODEL)
        self._run = core.compile_model(model, "CPU", CONFIGURATION)
        self._inputs = {name for put in self._run.inputs for name in put.names} & {*INPUTS}

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries: `float32[n, d]`, unit-norm rows."""
        return self._vectors([self.card.query_prompt + text for text in texts])

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages: `float32[n, d]`, unit-norm rows."""
        return self._vectors([self.card.document_prompt + text for text in texts])

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(texts)
        ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        types = np.array([encoding.type_ids for encoding in encodings], dtype=np.int64)
        given = dict(zip(INPUTS, (ids, mask, types), strict=True))
        tokens = self._run({name: given[name] for name in self._inputs}, share_inputs=True)[0]
        weights = mask.astype(np.float32)
        means = np.matmul(weights[:, np.newaxis], tokens)[:, 0] / weights.sum(axis=1, keepdims=True)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.maximum(lengths, 1e-12), dtype=np.float32)


def disable_openvino_telemetry() -> None:
    """Disable OpenVINO's usage reports, which it sends even on import.

    No environment variable does this, and the official opt-out writes a file into the user's home.
    """
    from openvino_telemetry.utils.opt_in_checker import ConsentCheckResult, OptInChecker

    OptInChecker.check = lambda *_args, **_options: ConsentCheckResult.DECLINED


def write_digests(home: Path) -> None:
    """Write the digests of all files of a converted model, including its card."""
    files = [file for file in sorted(home.rglob("*")) if file.is_file()]
    digests = {file.relative_to(home).as_posix(): sha256(file) for file in files}
    (home / DIGESTS).write_text(json.dumps(digests, indent=1), encoding="utf-8")


def is_intact(home: Path) -> bool:
    """Return whether the files of a converted model match its digests; False without digests."""
    try:
        digests = json.loads((home / DIGESTS).read_text(encoding="utf-8"))
        return bool(digests) and all(
            sha256(home / relative) == digest for relative, digest in digests.items()
        )
    except (OSError, ValueError, AttributeError):
        return False
