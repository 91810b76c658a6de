"""Run models with sentence-transformers, or convert them once for OpenVINO.

Only this module imports sentence_transformers. The import is deferred, since it takes seconds.
"""

import logging
import math
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding.openvino import (
    MODEL,
    ModelCard,
    OpenVinoModel,
    Vectors,
    disable_openvino_telemetry,
    is_intact,
    write_digests,
)
from index.embedding.weights import Weights

logger = logging.getLogger(__name__)

UNSUPPORTED = "unlike"  # marks a model that OpenVINO cannot trace, or whose vectors differ there
TOLERANCE = 1e-5  # maximum difference between two vectors of the same text
# Texts for the comparison of two backends: short and long ones, and unusual characters.
SAMPLE_TEXTS = [
    "dog",
    "",
    "  Why does it make things up?\n",
    "émoji 🙂, 漢字 and \u00ad",
    "What is near this? " * 20,
    "A text that is longer than the input limit of any such model. " * 100,
]


class LibraryModel:
    """A model in a folder, run by sentence-transformers. Not thread-safe."""

    def __init__(self, folder: Path) -> None:
        with _silenced():
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        prompts = self._model.prompts or {}
        # Infinite when there is no limit, as in a static model.
        longest = self._model.max_seq_length or 0
        self.card = ModelCard(
            dimensions=int(self._model.get_embedding_dimension() or 0),
            max_tokens=int(longest) if math.isfinite(longest) else 0,
            padding=int(getattr(self._model.tokenizer, "pad_token_id", None) or 0),
            query_prompt=prompts.get("query", ""),
            document_prompt=prompts.get("document", ""),
        )

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(self._model.encode_query, texts)

    def documents(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(self._model.encode_document, texts)

    def convert(self, folder: Path) -> None:
        """Convert the model for `OpenVinoModel` and write it to `folder`. Raises `OSError` if it
        cannot be written, and any other error if OpenVINO cannot trace the network."""
        import openvino
        import torch

        class Tokens(torch.nn.Module):
            """The network without its pooling layer, with a padding mask OpenVINO can trace."""

            def __init__(self, network: torch.nn.Module) -> None:
                super().__init__()
                self.network = network

            def forward(
                self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None
            ) -> Any:
                padding = 1.0 - attention_mask[:, None, None, :].to(torch.float32)
                masked = padding * torch.finfo(torch.float32).min
                types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
                return self.network(
                    input_ids=input_ids, attention_mask=masked, **types
                ).last_hidden_state

        with _silenced():
            example = dict(
                self._model.tokenizer(SAMPLE_TEXTS[:3], padding=True, return_tensors="pt")
            )
            converted = openvino.convert_model(
                Tokens(self._model[0].auto_model).eval(), example_input=example
            )
        try:
            openvino.save_model(converted, folder / MODEL, compress_to_fp16=False)
        except RuntimeError as error:
            raise OSError("OpenVINO could not write the model") from error
        self._model.tokenizer.save_pretrained(str(folder))

    def _vectors(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


Model = LibraryModel | OpenVinoModel


def open_converted(weights: Weights, folder: Path, *, read_only: bool = False) -> Model:
    """Open a model with OpenVINO, converting it on first use; `folder` caches converted models.

    Falls back to sentence-transformers if the conversion fails or changes the vectors, and if the
    model is not converted yet and `folder` is `read_only`.
    """
    home = folder / f"{weights.digest[:16]}-openvino-{version('openvino')}"
    if (home / MODEL).exists() and is_intact(home):
        return OpenVinoModel(home, ModelCard.load(home))
    disable_openvino_telemetry()
    model = LibraryModel(weights.folder)
    if read_only or (home / UNSUPPORTED).exists():
        return model
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="converting-") as scratch:
        made = Path(scratch) / "model"
        made.mkdir()
        try:
            converted = _convert(model, made)
        except (OSError, MemoryError):
            logger.warning("Could not convert the model; the next start tries again", exc_info=True)
            return model
        if converted is None:
            (made / UNSUPPORTED).touch()
        shutil.rmtree(home, ignore_errors=True)
        with suppress(OSError):  # another process has converted the model
            made.rename(home)
    return converted or model


def _convert(model: LibraryModel, folder: Path) -> OpenVinoModel | None:
    try:
        model.convert(folder)
        converted = OpenVinoModel(folder, model.card)
    except (OSError, MemoryError):
        raise
    except Exception:  # an unsupported network or tokenizer
        logger.info("OpenVINO cannot run the model; using sentence-transformers", exc_info=True)
        return None
    if not _agree(converted, model):
        return None
    model.card.save(folder)
    write_digests(folder)
    return converted


def _agree(one: Model, other: Model) -> bool:
    return all(
        np.allclose(ours(texts), theirs(texts), rtol=0, atol=TOLERANCE)
        for ours, theirs in ((one.queries, other.queries), (one.documents, other.documents))
        for texts in (SAMPLE_TEXTS, *([text] for text in SAMPLE_TEXTS))
    )


@contextmanager
def _silenced() -> Iterator[None]:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils import logging as transformers_logging

    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
