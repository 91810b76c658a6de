"""Bolt middleware for external users: people from other workspaces in shared channels.

Messages and button presses name the user's workspace (docs: "Apps in Slack Connect channels"). If
a message in a shared channel does not, its user counts as external.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from slack_bolt import BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.admin.entry_commands import split_definition
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.slack.blocks.answer import ASK, NEAR, OPEN
from bot.slack.blocks.elements import MENU
from bot.slack.blocks.entry import TURN
from bot.slack.blocks.feedback import HELPFUL, NOT_HELPFUL, VOTE
from bot.slack.blocks.reply import MORE_OF, WHY
from bot.slack.ephemeral import EphemeralNotices
from bot.slack.events import as_command, is_direct, plain_text
from bot.slack.payloads import OUTSIDE, Body, id_of
from bot.slack.queue.worker_pool import WorkerPool

ExternalUserPolicy = Literal["deny", "ask"]

DAY = 24 * 3600.0  # seconds between two notices to the same user
NOTICES = {
    "deny": "Nearsay only answers members of the workspace in which it is installed. Please ask a "
    "member to ask for you.",
    "ask": "You can ask Nearsay questions here. All other functions are for members of the "
    "workspace in which it is installed.",
}
# The buttons and menus that ask a question, explain or continue a reply, or record a vote.
_ASKING = re.compile(
    rf"({ASK}|{NEAR}|{OPEN}|{TURN})(_\d+)?|{MENU}|{MORE_OF}|{WHY}|{VOTE}|{HELPFUL}|{NOT_HELPFUL}"
)


@dataclass(frozen=True, eq=False)
class ExternalUserMiddleware:
    """Drops requests from external users unless `guests` allows them."""

    who: AuthorizeResult
    guests: ExternalUserPolicy
    notices: EphemeralNotices
    work: WorkerPool
    prefix: str = ""

    def screen(self, body: dict[str, Any], next_: Callable[[], None]) -> BoltResponse | None:
        """Pass on an allowed request; acknowledge and drop any other."""
        ours = {self.who.team_id, self.who.enterprise_id} - {None}
        body[OUTSIDE] = is_external(body, ours)
        if not body[OUTSIDE] or self._is_allowed(body):
            next_()
            return None
        if "event" not in body or self._is_addressed_to_bot(body["event"]):
            self._notify(body)
        return BoltResponse(status=200, body="")

    def _is_allowed(self, body: Body) -> bool:
        if self.guests == "deny":
            return False
        if "event" in body:
            line = as_command(plain_text(_text(body["event"])), self.prefix)
            request = parse(line, self.prefix)
            is_definition = isinstance(request, Request) and request.command == "define"
            return not (is_definition and split_definition(request.text)[1])
        actions = [str((action or {}).get("action_id")) for action in body.get("actions") or ()]
        return bool(actions) and all(map(_ASKING.fullmatch, actions))

    def _is_addressed_to_bot(self, event: Body) -> bool:
        if event.get("subtype") in ("message_changed", "message_deleted"):
            return False
        return f"<@{self.who.bot_user_id}>" in _text(event) or is_direct(
            str(event.get("channel") or "")
        )

    def _notify(self, body: Body) -> None:
        event = body.get("event") or {}
        person = str(event.get("user") or "") or id_of(body, "user")
        channel = str(event.get("channel") or "") or id_of(body, "channel")
        thread = str(event.get("thread_ts") or "")
        self.work.submit(
            lambda: self.notices.post(
                person, "guests", NOTICES[self.guests], channel, thread, every=DAY
            )
        )


def is_external(body: Body, ours: set[str | None]) -> bool:
    """Return whether a request's user is outside the bot's workspace and organization (`ours`)."""
    event = body.get("event")
    if isinstance(event, Mapping):
        if not body.get("is_ext_shared_channel"):
            return False
        message = _message(event)
        teams = {message.get(name) for name in ("user_team", "source_team", "team")} - {None, ""}
        return not teams or not teams <= ours
    user = body.get("user")
    team = user.get("team_id") if isinstance(user, Mapping) else body.get("user_team")
    return bool(team) and team not in ours


def _message(event: Body) -> Body:
    inner = event.get("message") or event.get("previous_message")
    return inner if isinstance(inner, Mapping) else event


def _text(event: Body) -> str:
    return str(_message(event).get("text") or "")
