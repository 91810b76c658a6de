"""Text to vectors: the embedding model, loaded when it is first needed.

The only module that imports sentence_transformers, which takes seconds; so it does that late.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import math
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.batching import Batcher, FairLock
from index.converted import (
    CONFIGURATION,
    Card,
    ConvertedModel,
    is_whole,
    keep_openvino_to_itself,
    write_digests,
)
from index.errors import ModelDamaged
from index.weights import Weights, find_weights

Backend = Literal["auto", "openvino", "torch"]
Vectors = NDArray[np.float32]

logger = logging.getLogger(__name__)

# Texts embedded together, at most, and their characters; a longer text is alone. Nobody
# else gets at the model meanwhile. Larger batches need as long for each text.
BATCH, CHARACTERS = 8, 1_000
RECENT = 512  # queries whose vectors are kept, for those who ask the same or go on from it
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


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes two vectors comparable: they share a space only if all of this is equal.

    `max_tokens` is 0 where texts of any length are read whole. The backend is not part of it:
    OpenVINO and PyTorch give the same vectors to 1e-4.
    """

    name: str
    weights: str
    dimensions: int
    max_tokens: int
    query_prompt: str
    document_prompt: str
    normalised: bool = True

    @property
    def key(self) -> str:
        """A short stable name for this space: 16 hexadecimal characters. The model's name is
        left out, since the same weights under another path are the same space."""
        return _key(self)


@cache
def _key(fingerprint: Fingerprint) -> str:
    content = {**asdict(fingerprint), "name": ""}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


class Recalled(NamedTuple):
    """Of the queries that came alone: those whose vector was known, and those that were
    embedded."""

    known: int = 0
    embedded: int = 0


class Embedder(Protocol):
    """Places texts in a latent space. Rows have length 1, so a dot product is a cosine."""

    @property
    def name(self) -> str:
        """The model's name, known before it is loaded."""

    @property
    def fingerprint(self) -> Fingerprint:
        """The identity of the space; loads the model."""

    @property
    def recalled(self) -> Recalled:
        """How often a query was embedded, and how often its vector was known."""

    def shares(self, space: Fingerprint) -> bool:
        """Whether texts are placed in that very space; loads nothing for it."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """`float32[n, d]` for what people ask."""

    def documents(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """Vectors of passages, a batch at a time, as `(positions in texts, float32[b, d])`.

        Batches hold texts of like length, so they do not come in the order of `texts`.
        """


def embed_documents(
    embedder: Embedder,
    texts: Sequence[str],
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Vectors:
    """`float32[n, d]`, row i for `texts[i]`; `progress` is told how many are done, of how many."""
    vectors = np.empty((len(texts), embedder.fingerprint.dimensions), dtype=np.float32)
    progress(0, len(texts))
    done = 0
    for positions, batch in embedder.documents(texts):
        vectors[list(positions)] = batch
        done += len(batch)
        progress(done, len(texts))
    return vectors


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


class SentenceEmbedder:
    """An `Embedder` over a sentence-transformers model.

    `model` is a name or a folder (see `index.weights`), `folder` keeps the converted model.
    Safe to use from several threads: single queries that come at the same time are embedded
    together, and wait for at most one batch of whoever embeds many texts.
    """

    def __init__(self, model: str, folder: Path, backend: Backend = "auto") -> None:
        self._name = model
        self._folder = folder
        self._backend = backend
        self._loading = threading.Lock()
        self._model_lock = FairLock()
        self._together = Batcher(self._embedded)
        self._recent = lru_cache(RECENT)(self._query)
        self._loaded: tuple[Model, Fingerprint] | None = None

    @property
    def name(self) -> str:
        return self._name.removeprefix("sentence-transformers/").rstrip("/").rpartition("/")[2]

    @property
    def fingerprint(self) -> Fingerprint:
        return self._load()[1]

    @property
    def recalled(self) -> Recalled:
        counts = self._recent.cache_info()
        return Recalled(counts.hits, counts.misses)

    def forget_queries(self) -> None:
        """Empties the cache of queries, so that what is measured next embeds them itself."""
        self._recent.cache_clear()

    def shares(self, space: Fingerprint) -> bool:
        if self._loaded is not None:
            return self._loaded[1].key == space.key
        return find_weights(self._name).digest == space.weights

    def queries(self, texts: Sequence[str]) -> Vectors:
        if len(texts) == 1:
            return self._recent(texts[0])
        return self._in_batches(texts)

    def _query(self, text: str) -> Vectors:
        """`float32[1, d]`, which is shared by all who ask for it."""
        vectors = self._together(text)
        vectors.flags.writeable = False
        return vectors

    def _embedded(self, texts: Sequence[str]) -> Sequence[Vectors]:
        """`float32[1, d]` of each of several callers' queries."""
        return np.split(self._in_batches(texts, urgent=True), len(texts))

    def _in_batches(self, texts: Sequence[str], *, urgent: bool = False) -> Vectors:
        """`float32[n, d]`; the model is given back after each batch."""
        model, fingerprint = self._load()
        vectors = np.empty((len(texts), fingerprint.dimensions), dtype=np.float32)
        for positions in _batches(texts):
            with self._model_lock.held(urgent=urgent):
                vectors[positions] = model.queries([texts[at] for at in positions])
        return vectors

    def documents(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        model, _ = self._load()
        for positions in _batches(texts):
            with self._model_lock.held():
                vectors = model.documents([texts[at] for at in positions])
            yield positions, vectors

    def _load(self) -> tuple[Model, Fingerprint]:
        if self._loaded is not None:
            return self._loaded
        with self._loading:
            if self._loaded is None:
                weights = find_weights(self._name)
                # The model's threads take all cores; those of linear algebra wait by spinning and
                # would hold the next question up, while its products here are small.
                threadpool_limits(1, user_api="blas")
                model = self._open(weights)
                self._loaded = model, _fingerprint(model.card, weights, self.name)
            return self._loaded

    def _open(self, weights: Weights) -> Model:
        if self._backend != "torch" and importlib.util.find_spec("openvino"):
            try:
                return _open_converted(weights, self._folder)
            except Exception:
                if self._backend == "openvino":
                    raise
                logger.warning("OpenVINO could not be used; PyTorch is.", exc_info=True)
        elif self._backend == "openvino":
            raise ModelDamaged(
                "NEARSAY_BACKEND is openvino, but OpenVINO is not installed.",
                "Install it with: pip install 'optimum-intel[openvino]', or unset NEARSAY_BACKEND.",
            )
        try:
            return LibraryModel(weights.folder)
        except Exception as error:
            raise ModelDamaged(
                f"The model in {weights.folder} cannot be loaded: {error}",
                "Set NEARSAY_MODEL to another sentence-transformers model, or unset it.",
            ) from error


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Positions of texts of like length, the longest first."""
    batch: list[int] = []
    longest = 0
    for at in sorted(range(len(texts)), key=lambda at: -len(texts[at])):
        longest = longest or len(texts[at])
        batch.append(at)
        if len(batch) == BATCH or (len(batch) + 1) * longest > CHARACTERS:
            yield batch
            batch, longest = [], 0
    if batch:
        yield batch


def _open_converted(weights: Weights, folder: Path) -> Model:
    """The model as OpenVINO runs it, converted on first use and kept in `folder`."""
    from importlib.metadata import version

    home = folder / f"{weights.digest[:16]}-openvino-{version('openvino')}"
    whole = is_whole(home)
    card = Card.beside(home) if whole else None
    if card is not None:
        return ConvertedModel(home, card)
    keep_openvino_to_itself()
    _silence_conversion()
    if not whole:
        _convert(weights, home)
    model = LibraryModel(
        home, backend="openvino", model_kwargs={"export": False, "ov_config": CONFIGURATION}
    )
    if _gives_the_same(home, model):
        with suppress(OSError):  # then it is compared again next time
            model.card.put(home)
    return model


def _silence_conversion() -> None:
    from optimum.utils import logging as optimum_logging

    optimum_logging.set_verbosity_error()


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


def _fingerprint(card: Card, weights: Weights, name: str) -> Fingerprint:
    return Fingerprint(
        name=name,
        weights=weights.digest,
        dimensions=card.dimensions,
        max_tokens=card.max_tokens,
        query_prompt=card.query_prompt,
        document_prompt=card.document_prompt,
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
