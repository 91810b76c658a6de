"""The model alone, as sentence-transformers runs it: its forward pass, and `encode`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.converted import CONFIGURATION, keep_openvino_to_itself
from index.weights import find_weights
from tests.benchmarks.speed.contender import Question, Ways
from tests.benchmarks.speed.place import Model, Place

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 32  # texts of a batch, the library's own default


def bare_model(place: Place) -> Ways:
    """The model with the backend that Nearsay has. Threads take turns, since OpenVINO runs one
    request of a model at a time."""
    import torch

    model = load(converted(place.model))
    turn = threading.Lock()

    def forward(question: Question) -> Callable[[], object]:
        features = model.preprocess([question.text])

        def run() -> object:
            with turn, torch.inference_mode():
                return model(features)

        return run

    def encode(question: Question) -> Callable[[], object]:
        def run() -> object:
            with turn:
                return model.encode_query([question.text], show_progress_bar=False)

        return run

    def documents(texts: Sequence[str]) -> Callable[[], object]:
        return partial(
            model.encode_document,
            list(texts),
            batch_size=BATCH,
            show_progress_bar=False,
        )

    ways: Ways = {"forward": forward, "encode": encode, "documents": documents}
    warm = Question("what is near this, when all is warm?", "", 0)
    for way in (forward, encode):
        way(warm)()
    return ways


def converted(model: Model) -> Path:
    """The folder that Nearsay loads the model from: of the converted one where it has one."""
    weights = find_weights(model.name)
    if model.backend == "torch":
        return weights.folder
    return next(model.folder.glob(f"{weights.digest[:16]}-openvino-*"), weights.folder)


def load(folder: Path | str) -> SentenceTransformer:
    """The model in a folder, by PyTorch unless it is one that has been converted."""
    from sentence_transformers import SentenceTransformer

    if "-openvino-" not in Path(folder).name:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    keep_openvino_to_itself()
    return SentenceTransformer(
        str(folder),
        backend="openvino",
        device="cpu",
        local_files_only=True,
        model_kwargs={"export": False, "ov_config": CONFIGURATION},
    )
