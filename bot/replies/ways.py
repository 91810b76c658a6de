"""The replies about ways to ask."""

from dataclasses import dataclass
from typing import Literal

from index.evaluation.first_entries import FirstEntries
from index.reply import BaseReply
from index.storage.db.way_ledger import WayOrigin
from index.ways.assistant_reply import DroppedWay


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysRequest(BaseReply):
    """A request for ways to ask was written to the file `path`, with `entries` of `source`, in
    `batches`."""

    kind: Literal["ways_request"] = "ways_request"
    source: str
    path: str
    entries: int
    batches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysRead(BaseReply):
    """Ways to ask were read and checked: `proposed` counts the new ones that passed. `dropped` has
    the others with reasons.

    If a server was asked, `asked` counts the entries in the answered batches, `left` the entries of
    the source for which no way was read, and `tokens` the tokens of requests and replies. If it
    stopped early, `trouble` is the reason, and `stopped_by` is what stopped it: the budget of
    tokens, the user, or the server.
    """

    kind: Literal["ways_read"] = "ways_read"
    source: str
    proposed: int
    dropped: tuple[DroppedWay, ...]
    asked: int = 0
    left: int = 0
    trouble: str = ""
    tokens: int = 0
    stopped_by: Literal["", "budget", "user", "server"] = ""


@dataclass(frozen=True, slots=True)
class ProposedWay:
    """A proposed way to ask. Its number does not change. A way with a `reason` was accepted before
    the text of its entry changed, and the reason is why it no longer fits. `origin` says whether a
    language model worded it, or a user in a question."""

    number: int
    entry: str
    term: str
    text: str
    reason: str = ""
    origin: WayOrigin = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayList(BaseReply):
    """The oldest proposed ways to ask; `waiting` counts all of `source`. `dropped` are those that
    ended just now, since their entry has changed or was removed."""

    kind: Literal["ways"] = "ways"
    source: str
    ways: tuple[ProposedWay, ...]
    waiting: int
    dropped: tuple[DroppedWay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysDecided(BaseReply):
    """Proposed ways were accepted or refused; `waiting` counts the others.

    `terms` are the entries with new ways. If `live`, these are in `generation`; otherwise they go
    live with the running reindex, or `trouble` is the reason why they are not live. `dropped` has
    ways that could not be accepted, with reasons. `earlier` counts those that had been decided
    before. `changes` is the effect on public questions, if known, and `following` the next list.
    """

    kind: Literal["ways_decided"] = "ways_decided"
    source: str
    accepted: int
    refused: int
    waiting: int
    terms: tuple[str, ...] = ()
    live: bool = False
    trouble: str = ""
    dropped: tuple[DroppedWay, ...] = ()
    earlier: int = 0
    changes: FirstEntries | None = None
    following: WayList | None = None
