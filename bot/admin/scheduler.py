"""Scheduled reindexing."""

import logging
import threading

from bot.admin.admin_service import AdminService
from bot.commands.spec import Request
from bot.config import Settings
from bot.identity import User
from bot.ops import request_id
from bot.replies.base import Problem
from index.errors import RemovalHeld

logger = logging.getLogger(__name__)

BUSY_RETRY_S = 5.0  # seconds between attempts while another reindex runs

SCHEDULE = User("schedule", admin=True, automatic=True)


class ReindexScheduler:
    """Reindexes while the bot serves, on a schedule, as configured.

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

    def stop(self) -> None:
        """Stop scheduling reindexes; a running reindex finishes, or ends with the process."""
        self._stopped.set()

    def _at_set_times(self) -> None:
        while not self._stopped.wait(self._settings.reindex_every):
            self._reindex()

    def _reindex(self) -> None:
        while not self._stopped.is_set():
            try:
                request = Request("near-admin", "", verb="reindex")
                with request_id.request_scope():
                    reply = self._administration.answer(request, SCHEDULE)
            except Exception:
                logger.exception("the scheduled reindex failed")
                return
            if not isinstance(reply, Problem):
                self._held = ""
                return
            logger.warning("the scheduled reindex was refused: %s", reply.message)
            if reply.code == RemovalHeld.code and reply.message != self._held:
                self._held = reply.message
                self._administration.notify_held(reply)
            if reply.code != "store_busy":
                return
            self._stopped.wait(BUSY_RETRY_S)
