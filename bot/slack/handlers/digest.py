"""Posts the weekly digest of knowledge gaps. A claim in the ledger prevents duplicate digests."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from slack_sdk import WebClient

from bot.admin.gaps import gaps_of
from bot.identity import User
from bot.ops import request_id
from bot.readers import Readers
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.progress_message import post
from index.embedding.embedder import Embedder
from index.errors import NearsayError
from index.storage import Store
from index.storage.db.scheduled_jobs import Claim

logger = logging.getLogger(__name__)

NAME = "digest of gaps"  # name of the claim
WEEK = timedelta(7)
MOST_DAYS = 90  # longest period of a digest, after a long pause
SHOWN = 5  # maximum gaps in a digest
READER = User("digest", seen_in="channel")
EVERY = 3_600.0  # seconds between checks for a due digest


@dataclass(frozen=True, eq=False)
class DigestHandler:
    """Posts the weekly digest of knowledge gaps in a channel."""

    store: Store
    embedder: Embedder
    client: WebClient
    channel: str
    prefix: str = ""
    readers: Readers = field(default_factory=Readers)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def run(self, stopping: threading.Event) -> None:
        while True:
            with request_id.request_scope():
                self.post_if_due()
            if stopping.wait(EVERY):
                return

    def post_if_due(self) -> bool:
        """Post the digest if it is due; return whether it was posted. Never raises.

        It is due when a week has passed and no other process has claimed it. Without gaps, the
        claim remains: the next digest is due a week later.
        """
        now = self.now()
        try:
            claim = self.store.ledger.claims.claim(NAME, WEEK, now)
            return claim is not None and self._post(claim, now)
        except NearsayError as error:
            logger.warning("the digest could not be built: %s", error.message)
        except Exception:
            logger.exception("the digest could not be built")
        return False

    def _post(self, claim: Claim, now: datetime) -> bool:
        """Post the gaps in public questions since the last digest, if there are any. Release the
        claim if that fails."""
        since = max(claim.before or now - WEEK, now - timedelta(MOST_DAYS))
        days = round((now - since) / timedelta(1))
        done = False
        try:
            with self.readers.reading_as(READER):
                gaps = gaps_of(
                    self.store, self.embedder, days, SHOWN, since=since, in_public_only=True
                )
            message = message_of(gaps, RequestContext(None, self.prefix))
            done = not gaps.gaps or post(self.client, self.channel, message) is not None
            if not done:
                logger.warning("the digest could not be posted in %s", self.channel)
            return done and bool(gaps.gaps)
        finally:
            if not done:
                self.store.ledger.claims.release(claim)
