"""Scheduled reindexing, and reindexing when a file of a source changes."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from watchfiles import watch

from bot.admin.admin_service import AdminService
from bot.commands.spec import Request
from bot.config import Settings
from bot.identity import User
from bot.ops import request_id
from bot.replies.base import Problem
from index.errors import NearsayError, RemovalHeld

logger = logging.getLogger(__name__)

DEBOUNCE_MS = 500  # milliseconds without a change before changes are indexed
MAX_DEBOUNCE_MS = 5_000  # maximum milliseconds to wait while files keep changing
SOURCES_CHECK_MS = 2_000  # milliseconds between two checks of the list of sources
WATCH_RETRY_S = 30.0  # seconds before a failed watch is restarted
BUSY_RETRY_S = 5.0  # seconds between attempts while another reindex runs

SCHEDULE = User("schedule", admin=True, automatic=True)
WATCH = User("watch", admin=True, automatic=True)


class ReindexScheduler:
    """Reindexes while the bot serves, on a schedule and on file changes, as configured.

    After a rollback it pauses until an admin reindexes or keeps the live generation.
    """

    def __init__(self, settings: Settings, administration: AdminService) -> None:
        self._settings = settings
        self._administration = administration
        self._stopped = threading.Event()
        self._held = ""  # why the last reindex was held back

    def start(self) -> None:
        if self._settings.reindex_every:
            threading.Thread(target=self._at_set_times, name="schedule", daemon=True).start()
        if self._settings.watch:
            threading.Thread(target=self._on_change, name="watch", daemon=True).start()

    def stop(self) -> None:
        """Stop scheduling reindexes; a running reindex finishes, or ends with the process."""
        self._stopped.set()

    def _at_set_times(self) -> None:
        while not self._stopped.wait(self._settings.reindex_every):
            self._reindex(SCHEDULE)

    def _on_change(self) -> None:
        while not self._stopped.is_set():
            try:
                paths = self._administration.watched_paths()
                if paths:
                    self._watch(paths)
                    continue
            except (NearsayError, OSError, RuntimeError):
                logger.exception("watch failed; retrying")
            self._stopped.wait(WATCH_RETRY_S)

    def _watch(self, paths: Sequence[Path]) -> None:
        """Reindex after each change, until the paths to watch change.

        Changes from before the watch started are indexed when it starts. A file that is replaced by
        another is no longer watched, so a watch on files ends after each change and is restarted.
        """
        begun = False
        for changes in watch(
            *paths,
            stop_event=self._stopped,
            step=DEBOUNCE_MS,
            debounce=MAX_DEBOUNCE_MS,
            rust_timeout=SOURCES_CHECK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changes or not begun:
                self._reindex(WATCH)
            begun = True
            replaced = changes and any(path.is_file() for path in paths)
            if replaced or self._administration.watched_paths() != paths:
                return

    def _reindex(self, actor: User) -> None:
        while not self._stopped.is_set():
            try:
                request = Request("near-admin", "", verb="reindex")
                with request_id.request_scope():
                    reply = self._administration.answer(request, actor)
            except Exception:
                logger.exception("reindex by %s failed", actor.id)
                return
            if not isinstance(reply, Problem):
                self._held = ""
                return
            logger.warning("reindex by %s refused: %s", actor.id, reply.message)
            if reply.code == RemovalHeld.code and reply.message != self._held:
                self._held = reply.message
                self._administration.notify_held(reply)
            if reply.code != "store_busy":
                return
            self._stopped.wait(BUSY_RETRY_S)
