"""Check the models and report the digests of their weights."""

from collections.abc import Iterator

from bot.config import Settings
from bot.replies.base import Check
from bot.setting_values import LSA
from index.embedding.weights import find_weights
from index.errors import NearsayError


def model_checks(settings: Settings) -> Iterator[Check]:
    """Check the model of the index: its name and the SHA-256 of its weights."""
    weights = find_weights(settings.model)
    yield Check("model", "ok", f"{weights.name}, weights sha256 {weights.digest}")


def second_model_checks(settings: Settings, name: str) -> Iterator[Check]:
    """Check a model named in NEARSAY_MODELS; `lsa` is learned from the index and needs no check."""
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
    """Return the digest of a model's weights, or an empty string when they cannot be read."""
    try:
        return find_weights(model).digest
    except Exception:
        return ""
