"""The base class of replies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseReply:
    """A reply as data.

    `generation` and `model` are those that answered, if any. Each subclass has a distinct `kind`.
    Field names are a public contract (docs/reference/json.md).
    """

    generation: str | None = None
    model: str | None = None
