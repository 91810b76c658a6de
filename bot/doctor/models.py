"""Whether the models are there, and what they are by their digests."""

from __future__ import annotations

from collections.abc import Iterator

from bot.config import LSA, Settings
from bot.replies.base import Check
from index.embedding.weights import find_weights
from index.errors import NearsayError


def model_checks(settings: Settings) -> Iterator[Check]:
    """The model of the index: its name and the SHA-256 of its weights, whole."""
    weights = find_weights(settings.model)
    yield Check("model", "ok", f"{weights.name}, weights sha256 {weights.digest}")


def second_model_checks(settings: Settings, name: str) -> Iterator[Check]:
    """A model of NEARSAY_MODELS; nothing can be wrong with what is learned from the index."""
    cure = "Name another model in NEARSAY_MODELS, or unset it."
    if name == LSA:
        return
    try:
        weights = find_weights(name)
    except NearsayError as error:
        yield Check("second model", "error", f"NEARSAY_MODELS names {name}. {error.message}", cure)
        return
    if weights.digest == digest_of_model(settings.model):
        message = f"NEARSAY_MODELS names {name}, which is the model of the index itself."
        yield Check("second model", "error", message, cure)
        return
    yield Check("second model", "ok", f"{name}, weights sha256 {weights.digest[:12]}…")


def digest_of_model(model: str) -> str:
    """The digest of a model's weights; empty when they cannot be read, which is told elsewhere."""
    try:
        return find_weights(model).digest
    except Exception:
        return ""
