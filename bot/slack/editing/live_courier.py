"""Tells who changed an entry, in a direct message, that it is being built, and when it is live; and
everybody whom a suggestion concerns what became of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from slack_sdk import WebClient

from bot import request_id
from bot.actors import Actor
from bot.admin.editing_replies import Saved
from bot.replies import Reply
from bot.slack.admin_blocks import note
from bot.slack.editing.edit_blocks import saved_message
from bot.slack.editing.review_courier import ReviewCourier
from bot.slack.live_message import LiveMessage, Place, post
from index.errors import NearsayError
from index.filling import Progress
from index.store import Store

logger = logging.getLogger(__name__)

LOOK = 1.0  # seconds between two looks at whether something is live
PATIENCE = 30 * 60  # seconds for which it is looked


@dataclass(frozen=True, eq=False)
class LiveCourier:
    """Does what changes entries. Workers may share it."""

    client: WebClient
    store: Store
    reviews: ReviewCourier
    prefix: str = ""
    _stopped: threading.Event = field(default_factory=threading.Event, init=False)

    def stop(self) -> None:
        """Looks no longer whether something is live."""
        self._stopped.set()

    def run(
        self,
        actor: Actor,
        do: Callable[[Progress], Reply],
        *,
        place: Place | None = None,
        on_posted: Callable[[Place], None] = lambda _: None,
    ) -> Reply:
        """Does something of an actor's, and returns what came of it.

        A direct message, or the one at `place`, says what was saved as soon as it is being built,
        and when it is live; of what was not saved it says nothing.
        """
        saving = "Saved, and being built"
        with LiveMessage(self.client, actor.id, place, on_posted, saving) as live:
            reply = do(live.tell)
        if isinstance(reply, Saved):
            live.end(saved_message(reply, self.prefix))
            if reply.live or reply.trouble:
                self._decided(reply)
            else:
                self._watch(live, reply)
        if isinstance(reply, Saved) and reply.suggestion and not reply.live:
            self.reviews.refresh(reply.suggestion)
        return reply

    def tell(self, person: str, text: str) -> None:
        """Tells somebody something in a direct message."""
        post(self.client, person, note(text))

    def _decided(self, saved: Saved) -> None:
        if saved.suggestion:
            self.reviews.decided(saved.suggestion, saved)

    def _watch(self, live: LiveMessage, saved: Saved) -> None:
        """Waits on a thread of its own until somebody else's reindex has made it live."""
        wait = request_id.carried(self._wait)
        threading.Thread(target=wait, args=(live, saved), name="until-live", daemon=True).start()

    def _wait(self, live: LiveMessage, saved: Saved) -> None:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            if self._stopped.wait(LOOK):
                return
            try:
                generation = self.store.readable()
            except NearsayError:
                continue
            if generation is not None and generation.manifest.edits >= saved.number:
                seconds = saved.seconds + round(time.monotonic() - began, 1)
                done = replace(saved, generation=generation.id, live=True, seconds=seconds)
                live.end(saved_message(done, self.prefix))
                self._decided(done)
                return
        logger.warning("the change %d is not live yet", saved.number)
