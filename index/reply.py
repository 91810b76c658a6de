"""The base class of replies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseReply:
    """A reply as structured data.

    `generation` and `model` name the index generation and the model used for the reply, if any.
    Each subclass has a distinct `kind`. Field names are a public contract (docs/reference/json.md).
    """

    generation: str | None = None
    model: str | None = None
