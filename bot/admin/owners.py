"""What the glossary's owners ask for: what people could not find."""

from __future__ import annotations

from bot.admin.gaps import SHOWN, gaps_of
from bot.admin.insights import Gaps
from bot.admin.periods import days_of
from bot.grammar import Request
from bot.indexing import Indexer
from bot.replies import Problem

VERBS = ("gaps",)


class Owners:
    """Does what is asked for by the verbs of `VERBS`. Threads may share it."""

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._store = indexer.store

    def do(self, request: Request) -> Gaps | Problem:
        """The reply to an admin, whose right to it has been looked at. Raises `NearsayError`."""
        days = days_of(request.text, request.verb)
        if isinstance(days, Problem):
            return days
        shown = int(request.options.get("n", SHOWN))
        return gaps_of(self._store, self._indexer.embedder, days, shown)
