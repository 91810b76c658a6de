"""Sends the picture of a map to a conversation, or to one user as a direct message."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from slack_sdk import WebClient

from bot.rendering.explore import title_of
from bot.slack.api_errors import FAILURES, error_code
from bot.slack.blocks.admin import note
from bot.slack.blocks.mrkdwn import truncate
from bot.slack.progress_message import post
from index.search.explore.explorations import Map
from index.text import one_line

logger = logging.getLogger(__name__)

# Slack's error codes for conversations in which the bot cannot post.
CANNOT_POST = (
    "not_in_channel",
    "channel_not_found",
    "is_archived",
    "restricted_action",
    "no_permission",
)
MISSING_SCOPE_NOTICE = (
    "The picture could not be sent: the app lacks the scope files:write. "
    "Unless NEARSAY_FILES is none, update the app from `nearsay manifest` and install it again."
)
TIMEOUT_NOTICE = "The upload of the picture timed out; it may still arrive. If not, ask again."


@dataclass(frozen=True, eq=False)
class MapHandler:
    """Uploads pictures of maps. Thread-safe."""

    client: WebClient

    def send(
        self,
        reply: Map,
        person: str,
        channel: str,
        thread: str = "",
        *,
        name: str = "",
        alone: bool = False,
    ) -> str:
        """Upload the picture, then delete the file. Return the sentence that reports the outcome.

        The picture goes to `channel`, or to `person` if `alone` or the bot cannot post there.
        """
        file = Path(reply.image)
        try:
            if channel and not alone:
                try:
                    self._upload(reply, file, channel, thread, name)
                except FAILURES as error:
                    if error_code(error) not in CANNOT_POST:
                        raise
                else:
                    return "The picture is in this conversation."
            place = post(self.client, person, note(one_line(title_of(reply))))
            if place is None:
                raise OSError("no direct message could be opened")
            if place[0] == channel:
                channel = ""
            self._upload(reply, file, place[0], "", "")
        except FAILURES as error:
            logger.warning("a map could not be sent: %s", error_code(error))
            return _why(error)
        finally:
            with suppress(OSError):
                file.unlink()
        if alone or not channel:
            return "The picture was sent to you as a direct message."
        return "Nearsay is not a member here, so the picture was sent to the user who asked."

    def _upload(self, reply: Map, file: Path, channel: str, thread: str, name: str) -> None:
        asker = f" {truncate(f'· requested by {one_line(name)}', 100)}" if name else ""
        comment = truncate(one_line(title_of(reply)), 500) + asker
        self.client.files_upload_v2(
            channel=channel,
            thread_ts=thread or None,
            file=str(file),
            filename="map.png",
            title="Map",  # the picture and the message have its title
            alt_txt=reply.alt,
            initial_comment=comment if name else None,
        )


def _why(error: Exception) -> str:
    code = error_code(error)
    if code == "missing_scope":
        return MISSING_SCOPE_NOTICE
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return TIMEOUT_NOTICE
    return f"The picture could not be sent: Slack rejected it ({code}). Ask again in a moment."
