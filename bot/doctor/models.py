"""Check the models and report the digests of their weights."""

from collections.abc import Iterator

from bot.config import Settings
from bot.replies.base import Check
from bot.setting_values import LSA
from index.embedding.weights import find_weights
from index.errors import NearsayError


def model_checks(settings: Settings) -> Iterator[Check]:
    """Check the model of the index and those in NEARSAY_MODELS. `lsa` needs no check, since it is
    learned from the index."""
    weights = find_weights(settings.model)
    yield Check("model", "ok", f"{weights.name}, weights sha256 {weights.digest}")
    for name in settings.models:
        if name != LSA:
            yield _second_model(name, weights.digest)


def _second_model(name: str, first: str) -> Check:
    cure = "Name another model in NEARSAY_MODELS, or unset it."
    try:
        digest = find_weights(name).digest
    except NearsayError as error:
        return Check("second model", "error", f"NEARSAY_MODELS names {name}. {error.message}", cure)
    if digest == first:
        message = f"NEARSAY_MODELS names {name}, which is the model of the index itself."
        return Check("second model", "error", message, cure)
    return Check("second model", "ok", f"{name}, weights sha256 {digest[:12]}…")
