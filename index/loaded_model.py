"""A model that is loaded: run by sentence-transformers, or converted once and run by OpenVINO.

The only module that imports sentence_transformers, which takes seconds; so it does that late.
"""

from __future__ import annotations

import logging
import math
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.converted import (
    CONFIGURATION,
    Card,
    ConvertedModel,
    Vectors,
    is_whole,
    keep_openvino_to_itself,
    write_digests,
)
from index.weights import Weights

logger = logging.getLogger(__name__)

SAME = 1e-5  # by which vectors of the same text may differ
# Texts by which two ways to run a model are compared: of all lengths, and of odd ones.
TRIED = [
    "dog",
    "",
    "  Why does it make things up?\n",
    "émoji 🙂, 漢字 and \u00ad",
    "What is near this? " * 20,
    "A text that is longer than what any model of this kind reads. " * 100,
]


class Model(Protocol):
    """A model that is loaded, for one thread at a time; rows have length 1."""

    @property
    def card(self) -> Card:
        """What it says of itself."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """`float32[n, d]` for what people ask."""

    def documents(self, texts: Sequence[str]) -> Vectors:
        """`float32[n, d]` for passages."""


class LibraryModel:
    """A model in a folder, run by sentence-transformers; `options` are what that is given."""

    def __init__(self, folder: Path, **options: Any) -> None:
        with _quiet():
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(
                str(folder), device="cpu", local_files_only=True, **options
            )
        prompts = self._model.prompts or {}
        # Infinite where there is no limit, as in a static model.
        longest = self._model.max_seq_length or 0
        self.card = Card(
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

    def save(self, folder: Path) -> None:
        self._model.save_pretrained(str(folder), create_model_card=False)

    def _vectors(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def open_converted(weights: Weights, folder: Path) -> Model:
    """The model as OpenVINO runs it, converted on first use and kept in `folder`."""
    from importlib.metadata import version

    home = folder / f"{weights.digest[:16]}-openvino-{version('openvino')}"
    whole = is_whole(home)
    card = Card.beside(home) if whole else None
    if card is not None:
        return ConvertedModel(home, card)
    keep_openvino_to_itself()
    from optimum.utils import logging as optimum_logging

    optimum_logging.set_verbosity_error()
    if not whole:
        _convert(weights, home)
    model = LibraryModel(
        home, backend="openvino", model_kwargs={"export": False, "ov_config": CONFIGURATION}
    )
    if _gives_the_same(home, model):
        with suppress(OSError):  # then it is compared again next time
            model.card.put(home)
    return model


def _convert(weights: Weights, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="converting-") as scratch:
        made = Path(scratch) / "model"
        LibraryModel(weights.folder, backend="openvino", model_kwargs={"export": True}).save(made)
        write_digests(made)
        try:
            made.rename(home)
        except OSError:  # another process was first
            if not is_whole(home):
                raise


def _gives_the_same(home: Path, model: LibraryModel) -> bool:
    """Whether the model in `home` gives the same vectors when OpenVINO alone runs it."""
    try:
        return _agree(ConvertedModel(home, model.card), model)
    except Exception:  # a model of another kind
        logger.info("the model in %s is run by sentence-transformers", home, exc_info=True)
        return False


def _agree(one: Model, other: Model) -> bool:
    """Whether two ways to run a model give the same vectors."""
    return all(
        np.allclose(ours(texts), theirs(texts), rtol=0, atol=SAME)
        for ours, theirs in ((one.queries, other.queries), (one.documents, other.documents))
        for texts in (TRIED, *([text] for text in TRIED))
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the libraries' loading bars, reports and deprecation notes off standard error."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils import logging as transformers_logging

    chatty = [logging.getLogger(name) for name in ("nncf", "sentence_transformers")]
    levels = [log.level for log in chatty]
    for log in chatty:
        log.setLevel(logging.ERROR)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for log, level in zip(chatty, levels, strict=True):
            log.setLevel(level)
