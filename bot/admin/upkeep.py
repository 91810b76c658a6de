"""Reindexing without being asked: at set times, and when a file of a source changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from watchfiles import watch

from bot.actors import Actor
from bot.admin.administration import Administration
from bot.grammar import Request
from bot.replies import Problem
from bot.settings import Settings

logger = logging.getLogger(__name__)

QUIET = 2_000  # milliseconds without another change before changes are indexed
REST = 30.0  # seconds before a watch that failed is tried again

SCHEDULE = Actor("schedule", admin=True)
WATCH = Actor("watch", admin=True)


class Upkeep:
    """Keeps the index in step with its sources while the bot serves, as far as the settings ask
    for it. After a rollback it waits until an admin reindexes or keeps what is current."""

    def __init__(self, settings: Settings, administration: Administration) -> None:
        self._every = settings.reindex_every
        self._watching = settings.watch
        self._administration = administration
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        if self._every:
            self._begin("schedule", self._at_set_times)
        if self._watching:
            self._begin("watch", self._on_change)

    def stop(self) -> None:
        """Begins nothing new; a reindex under way ends by itself, or with the process."""
        self._stopped.set()

    def _begin(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _at_set_times(self) -> None:
        while not self._stopped.wait(self._every):
            self._reindex(SCHEDULE)

    def _on_change(self) -> None:
        """Watches the sources; begins again after each change, since they may be others then."""
        while not self._stopped.is_set():
            paths = self._administration.watched()
            if not paths:
                self._stopped.wait(REST)
                continue
            try:
                changed = next(
                    watch(
                        *paths,
                        stop_event=self._stopped,
                        step=QUIET // 4,
                        debounce=QUIET,
                        raise_interrupt=False,
                    ),
                    None,
                )
            except (OSError, RuntimeError):
                logger.exception("the sources cannot be watched; trying again")
                self._stopped.wait(REST)
                continue
            if changed:
                self._reindex(WATCH)

    def _reindex(self, actor: Actor) -> None:
        try:
            if self._administration.paused:
                logger.info("nothing is reindexed: an admin went back to an earlier generation")
                return
            reply = self._administration.answer(Request("near-admin", "", verb="reindex"), actor)
        except Exception:
            logger.exception("the %s could not reindex", actor.id)
            return
        if isinstance(reply, Problem):
            logger.error("the %s could not reindex: %s", actor.id, reply.message)
