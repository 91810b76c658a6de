"""Posts the weekly digest in a channel."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_sdk import WebClient

from bot.admin.weekly_digest import Digest
from bot.ops import request_id
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.progress_message import post
from index.errors import NearsayError

logger = logging.getLogger(__name__)

EVERY = 3_600.0  # seconds between checks for a due digest


@dataclass(frozen=True, eq=False)
class DigestHandler:
    """Posts the weekly digest of knowledge gaps in a channel."""

    digest: Digest
    client: WebClient
    channel: str
    prefix: str = ""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def run(self, stopping: threading.Event) -> None:
        while True:
            with request_id.request_scope():
                self.post_if_due()
            if stopping.wait(EVERY):
                return

    def post_if_due(self) -> bool:
        """Post the digest if it is due; return whether it was posted. Never raises."""
        try:
            due = self.digest.due(self.now())
            if due is None:
                return False
            claim, gaps = due
            message = message_of(gaps, RequestContext(None, self.prefix))
            if post(self.client, self.channel, message) is not None:
                return True
            logger.warning("the digest could not be posted in %s", self.channel)
            self.digest.release(claim)
        except NearsayError as error:
            logger.warning("the digest could not be built: %s", error.message)
        except Exception:
            logger.exception("the digest could not be built")
        return False
