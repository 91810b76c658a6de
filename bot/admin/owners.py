"""What the glossary's owners ask for: what people could not find, and what was
asked in numbers; and glossaries that are imported."""

from __future__ import annotations

from pathlib import Path

from bot.actors import Actor
from bot.admin.gaps import SHOWN, gaps_of
from bot.admin.import_replies import Import
from bot.admin.imports import Imports
from bot.admin.insights import Gaps, Stats
from bot.admin.periods import days_of
from bot.admin.stats import stats_of
from bot.commands.spec import Request
from bot.indexing import Indexer
from bot.replies import Problem
from index.filling import Progress

VERBS = ("gaps", "stats", "import")


class Owners:
    """Does what is asked for by the verbs of `VERBS`. Threads may share it."""

    def __init__(self, indexer: Indexer, import_folder: Path | None = None) -> None:
        self._indexer = indexer
        self._store = indexer.store
        self.imports = Imports(indexer, import_folder)

    def do(
        self, request: Request, actor: Actor, progress: Progress
    ) -> Gaps | Stats | Import | Problem:
        """The reply to an admin, whose right to it has been looked at. Raises `NearsayError`."""
        if request.verb == "import":
            return self.imports.do(request, actor, progress)
        days = days_of(request.text, request.verb)
        if isinstance(days, Problem):
            return days
        if request.verb == "stats":
            return stats_of(self._store, days)
        shown = int(request.options.get("n", SHOWN))
        return gaps_of(self._store, self._indexer.embedder, days, shown)
