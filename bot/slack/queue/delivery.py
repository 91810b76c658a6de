"""A delivery: a command, button press or message for the bot."""

import json
import logging
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from bot.commands.spec import Request
from bot.replies.base import Problem
from index.storage.db.questions import Place

logger = logging.getLogger(__name__)

Kind = Literal[
    "command", "action", "vote", "question", "reply", "edit", "deletion", "upload", "publication"
]
"""The kind of a delivery. `vote`: a feedback button; its line contains the action and the
question's id. `question`: a message for the bot. `reply`: a thread reply that may be for the bot.
`edit`, `deletion`: a change to either. `upload`: files sent to the bot; its line lists them.
`publication`: an edit of an entry that goes live; its line is the id of what caused the edit."""
CONVERSATION_KINDS: tuple[Kind, ...] = ("question", "reply", "edit", "deletion")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A user's request, and the destination of its reply.

    `key`: the deduplication key, equal for repeated deliveries.
    `line`: the text of a message, or the content of a vote or upload (see `Kind`).
    `request`: the request of a command or button, or a `Problem` if it is invalid; otherwise None.
    `shared_by`: the user's name if the reply is for the whole channel; None if it is ephemeral.
    `message`: the timestamp of the user's message, or of the message with the pressed button.
    `received`: the Unix time of arrival.
    `told`: the text of the message with the pressed button; in a vote, its text and blocks as JSON.
    `thread`: the timestamp of the thread to answer in; empty for a direct message outside a thread.
    `place`: the type of the conversation, if Slack gave it.
    `posted`: the channel and timestamp of the progress message, once posted.
    `outside`: whether the user is of another organization. `shared`: whether the channel is known
    to be shared with one.
    `replaces`: whether the reply replaces the message with the pressed button.
    `repeated`: whether an earlier attempt may have answered it.
    """

    key: str
    kind: Kind
    line: str
    response_url: str
    received: float
    shared_by: str | None = None
    user: str = ""
    channel: str = ""
    message: str = ""
    told: str = ""
    user_name: str = ""
    posted: tuple[str, str] | None = None
    thread: str = ""
    place: Place | None = None
    replaces: bool = False
    outside: bool = False
    shared: bool = False
    request: Request | Problem | None = None
    repeated: bool = False

    @property
    def is_new(self) -> bool:
        """Whether this is a new message: not an edit of an old one, and not `repeated`."""
        is_first = self.key == f"{self.channel}/{self.message}" and not self.repeated
        return is_first and self.kind == "question"

    @property
    def begins_thread(self) -> bool:
        """Whether this is a new message in a channel, outside threads. Its thread has no other
        messages yet."""
        return self.is_new and self.message == self.thread

    @property
    def question(self) -> str:
        """The id of the question, unique in its conversation."""
        return self.message or self.key

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, content: str) -> "Delivery | None":
        """Parse the output of `to_json`, or return None if this version cannot read it."""
        try:
            return _PARSER.validate_json(content)
        except ValidationError:
            logger.warning("skipping an unreadable recorded delivery")
            return None


_PARSER = TypeAdapter(Delivery)
