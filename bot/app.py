"""The parts of an installation, put together by its settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from rich.console import Console

from bot.admin.admin_service import Administration
from bot.assistant import Desk
from bot.cli.chat import deliver
from bot.cli.progress import progress_bars
from bot.config import LSA, Settings, SettingsError
from bot.identity import OPERATOR
from bot.indexing import Indexer
from bot.ops.rate_limit import Limits
from bot.question_log import Memory
from bot.replies.base import Problem
from index.embedding.embedder import SentenceEmbedder
from index.errors import NearsayError
from index.search.explore.compare_models import EmbeddedSpace, LexicalSpace, Space
from index.storage import Store
from index.text import one_line

WRITING = 6.0  # seconds that leaving waits for what is still to be kept


class App:
    """An installation: its index, and who answers from it. No model is loaded until it is used."""

    def __init__(self, settings: Settings, *, brief: bool = False) -> None:
        """One that is `brief` asks the index a question at most."""
        self.settings = settings
        self.store = Store(settings.data_dir, settings.database, settings.chroma, brief=brief)
        self.embedder = self.embedder_of(settings.model)
        self.indexer = Indexer(self.store, self.embedder, settings.sources, settings.encyclopedia)

    def embedder_of(self, model: str) -> SentenceEmbedder:
        folder = self.settings.data_dir / "models"
        return SentenceEmbedder(model, folder, self.settings.backend)

    @cached_property
    def administration(self) -> Administration:
        """What admins may do. Raises `SettingsError` when the team's questions cannot be read."""
        return Administration(self.indexer, self._golden(), self.settings.import_dir)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Who answers; questions are kept until the block is left."""
        settings = self.settings
        memory = Memory(self.store, settings.retention_days)
        try:
            desk = Desk(
                self.store,
                self.embedder,
                settings.command_prefix,
                self.administration,
                memory,
                self._other_spaces(),
            )
            desk.limits = Limits(settings.person_rate, settings.workspace_rate)
            yield desk
        finally:
            memory.stop(WRITING)

    def bring_up_to_date(self, *, json: bool, serving: bool = False) -> bool:
        """Build the index when there is none, an older version of Nearsay built it, or the
        encyclopedia has changed since; return whether there is one that answers.

        An index that is merely older still answers, so failing to renew it is only said. A service
        rebuilds what an older version built when it has connected, so that it can say so.
        """
        console = Console(stderr=True, highlight=False)
        try:
            if self.store.outdated() is not None:
                if serving:
                    return True
                console.print("Nearsay was upgraded; rebuilding the index …")
                with progress_bars(console) as progress:
                    rebuilt = self.indexer.upgrade(by=OPERATOR.words, progress=progress)
                if isinstance(rebuilt, Problem):
                    return deliver(rebuilt, json=json)
            if not self.indexer.is_stale():
                return True
            first = not self.store.exists
        except NearsayError as error:
            return deliver(Problem.of(error), json=json)
        console.print(
            "Building the index of the bundled encyclopedia (first use only) …"
            if first
            else "The encyclopedia has changed; bringing the index up to date …"
        )
        with progress_bars(console) as progress:
            reply = self.indexer.run(progress=progress)
        if isinstance(reply, Problem):
            deliver(reply, json=json and first)
            return not first
        return True

    def _other_spaces(self) -> list[Space]:
        """The spaces that are set beside that of the index."""
        return [
            LexicalSpace() if name == LSA else EmbeddedSpace(self.embedder_of(name), self.store)
            for name in self.settings.models
        ]

    def _golden(self) -> list[str]:
        """The questions of the team's own file, when there is one."""
        file = self.settings.golden
        if file is None:
            return []
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            problem = f"NEARSAY_GOLDEN names {file}, which cannot be read: {why}."
            raise SettingsError([problem]) from error
        return [question for line in lines if (question := one_line(line))]
