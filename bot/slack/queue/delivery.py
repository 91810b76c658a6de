"""A delivery: one thing that somebody asked of the bot in Slack, and where the reply goes."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Literal

from bot.commands.spec import Request
from bot.replies.base import Problem
from index.entry_json import from_fields
from index.storage.db import Place

logger = logging.getLogger(__name__)

Kind = Literal["command", "action", "vote", "question", "reply", "edit", "deletion", "upload"]
"""A vote is a button of feedback, whose line is the action and the question. Four are
what people say: a question is put to the bot; a reply in a thread may be; an edit and a deletion
are of a message that may have been one. An upload is files that were sent to the bot; its line
says which."""
SAID = ("question", "reply", "edit", "deletion")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What somebody asks for, and where the reply goes.

    `key` is the same for a delivery and its doubles. `request` is what a command or a button asks
    for, or why its `line` asks for nothing; it is None for anything else. What people say is a
    `line`, and so is a vote.
    `shared_by` is the asker's name when the reply is for the whole channel, else None: the reply
    is then seen by the asker alone.
    `received` is in seconds of the epoch. `user` and `channel` are the ids of who asked and
    where, `user_name` what they are called. For a button whose message is to change, `message` is
    its timestamp and `told` what it says; for what somebody said, it is the timestamp of that
    message, and `thread` that of the thread to answer in, empty for a direct message outside one.
    `place` is what sort of conversation it is, where Slack said so. `posted` is the channel and
    timestamp of a message that tells how far the work is, once there is one. Where it
    `replaces`, the reply takes the place of the message that was pressed.
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
    request: Request | Problem | None = None

    @property
    def question(self) -> str:
        """What tells this question from every other in its conversation."""
        return self.message or self.key

    def to_json(self) -> str:
        """The delivery as a row has it."""
        content = {field.name: getattr(self, field.name) for field in fields(self)}
        asked = content.pop("request")
        if isinstance(asked, Request):
            named = {field.name: getattr(asked, field.name) for field in fields(asked)}
            content["request"] = named | {"options": dict(asked.options)}
        return json.dumps(content)

    @classmethod
    def from_json(cls, content: str) -> Delivery | None:
        """The delivery of a row, or None for one that this version cannot read. One that 0.1.0
        recorded has no request, only its line."""
        try:
            raw = json.loads(content)
            posted, asked = raw.get("posted"), raw.get("request")
            if asked:
                options = MappingProxyType(asked["options"])
                asked = from_fields(Request, asked | {"options": options})
            read = {"posted": tuple(posted) if posted else None, "request": asked or None}
            return from_fields(cls, raw | read)
        except (ValueError, TypeError, AttributeError, KeyError):
            logger.warning("a recorded delivery cannot be read and is passed over")
            return None
