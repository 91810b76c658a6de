"""Reindexing without being asked: at set times, and when a file of a source changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import watch

from bot.admin.admin_service import AdminService
from bot.commands.spec import Request
from bot.config import Settings
from bot.identity import User
from bot.ops import request_id
from bot.replies.base import Problem
from index.errors import NearsayError

logger = logging.getLogger(__name__)

QUIET = 500  # milliseconds without another change before changes are indexed
LONGEST = 5_000  # milliseconds that changes are waited for, when more and more come
LOOK = 2_000  # milliseconds without a change before we look for other sources
REST = 30.0  # seconds before a watch that failed is tried again
BUSY = 5.0  # seconds before a reindex is tried again while another is going on

SCHEDULE = User("schedule", admin=True, automatic=True)
WATCH = User("watch", admin=True, automatic=True)


class ReindexScheduler:
    """Keeps the index in step with its sources while the bot serves, as far as the settings ask
    for it. After a rollback it waits until an admin reindexes or keeps what is current."""

    def __init__(self, settings: Settings, administration: AdminService) -> None:
        self._every = settings.reindex_every
        self._watching = settings.watch
        self._administration = administration
        self._stopped = threading.Event()

    def start(self) -> None:
        if self._every:
            self._begin("schedule", self._at_set_times)
        if self._watching:
            self._begin("watch", self._on_change)

    def stop(self) -> None:
        """Begins nothing new; a reindex under way ends by itself, or with the process."""
        self._stopped.set()

    def _begin(self, name: str, run: Callable[[], None]) -> None:
        threading.Thread(target=run, name=name, daemon=True).start()

    def _at_set_times(self) -> None:
        while not self._stopped.wait(self._every):
            self._reindex(SCHEDULE)

    def _on_change(self) -> None:
        """Watches the sources, and begins again when there are others."""
        while not self._stopped.is_set():
            try:
                paths = self._administration.watched()
                if paths:
                    self._watch(paths)
                    continue
            except (NearsayError, OSError, RuntimeError):
                logger.exception("the sources cannot be watched; trying again")
            self._stopped.wait(REST)

    def _watch(self, paths: Sequence[Path]) -> None:
        """Reindexes after each change, until there are other paths to watch.

        What changed before the watch began is indexed once it has. A file that another is put in
        the place of is no longer watched, so that with files it begins anew after a change.
        """
        begun = False
        for changes in watch(
            *paths,
            stop_event=self._stopped,
            step=QUIET,
            debounce=LONGEST,
            rust_timeout=LOOK,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changes or not begun:
                self._reindex(WATCH)
            begun = True
            replaced = changes and any(path.is_file() for path in paths)
            if replaced or self._administration.watched() != paths:
                return

    def _reindex(self, actor: User) -> None:
        """Reindexes, as soon as nobody else does: that one may have read what changed since."""
        while not self._stopped.is_set():
            try:
                request = Request("near-admin", "", verb="reindex")
                with request_id.request_scope():
                    reply = self._administration.answer(request, actor)
            except Exception:
                logger.exception("the %s could not reindex", actor.id)
                return
            if not isinstance(reply, Problem):
                return
            logger.warning("the %s did not reindex: %s", actor.id, reply.message)
            if reply.code != "store_busy":
                return
            self._stopped.wait(BUSY)
