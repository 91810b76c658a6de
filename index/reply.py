"""What every reply has in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseReply:
    """A reply, as data: `generation` and `model` are what answered, where anything did. Each kind
    of reply has a `kind` that tells it from the others; field names are a public contract
    (docs/reference/json.md)."""

    generation: str | None = None
    model: str | None = None
