"""Listeners for buttons and menus under replies. Their values are often requests."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App

from bot.commands.catalog import is_known
from bot.commands.parser import parse, validate
from bot.commands.spec import Request
from bot.replies.base import Problem
from bot.slack.blocks.admin import CANCEL, IMPORT, RESUME, ROLL_BACK
from bot.slack.blocks.answer import NEAR
from bot.slack.blocks.editing import RUN
from bot.slack.blocks.elements import MENU, REQUEST_JSON
from bot.slack.blocks.explore import TONE, tone_request
from bot.slack.blocks.feedback import HELPFUL, NOT_HELPFUL, SHARE_QUESTION, VOTE
from bot.slack.blocks.learning import MEANT
from bot.slack.blocks.mrkdwn import unescape
from bot.slack.blocks.reply import SHARE
from bot.slack.blocks.review import APPROVE
from bot.slack.blocks.ways import DECIDE_WAYS, with_ticked
from bot.slack.home import REINDEX
from bot.slack.listeners.views import ViewListeners
from bot.slack.payloads import Body, delivery_of, id_of, user_name, value_of, vote_of
from bot.slack.queue.intake import Intake
from index.names import ENTRY_SUFFIX

TOO_OLD = Problem(
    code="outdated",
    message="This button is from an older version of Nearsay and no longer works.",
    hint="Please ask again.",
)


@dataclass(frozen=True, eq=False)
class ActionListeners:
    intake: Intake
    views: ViewListeners
    prefix: str = ""

    def register(self, app: App) -> None:
        app.action(re.compile(rf"^{NEAR}_\d+$"))(self.more_like)
        app.action(MENU)(self.choose_from_menu)
        app.action(re.compile(rf"^{TONE}"))(self.tone)
        app.action(SHARE)(self.share)
        rolls_back, runs = re.compile(rf"^{ROLL_BACK}(_\d+)?$"), re.compile(rf"^{RUN}_\w+$")
        for action in (RESUME, APPROVE, rolls_back, runs):
            app.action(action)(self.run_in_place)
        for action in (VOTE, HELPFUL, NOT_HELPFUL, SHARE_QUESTION, MEANT):
            app.action(action)(self.vote)
        app.action(REINDEX)(self.reindex)
        app.action(DECIDE_WAYS)(self.decide_ways)
        for action in (IMPORT, CANCEL):
            app.action(action)(self.decide_import)
        app.action(re.compile(""))(self.take)  # last: matches any other action

    def more_like(self, ack: Ack, body: Body) -> None:
        """Handle "More like …": show an entry's neighbours, in the open modal if there is one."""
        entry_id = value_of(body)
        text = f"{entry_id}{ENTRY_SUFFIX}" if entry_id else ""
        self._fill(ack, body, validate(Request("near", text), self.prefix))

    def choose_from_menu(self, ack: Ack, body: Body) -> None:
        """Handle the menu under a reply, which opens an entry or makes a request."""
        if value_of(body).startswith(("{", "/")):
            self.take(ack, body)
        else:
            self.views.open_entry(ack, body)

    def tone(self, ack: Ack, body: Body) -> None:
        self.intake.take(ack, delivery_of(body, tone_request(body) or TOO_OLD, replaces=True))

    def share(self, ack: Ack, body: Body) -> None:
        """Handle "Share in channel": post the reply to the channel once."""
        at = (body.get("container") or {}).get("message_ts")
        digest = hashlib.sha256(value_of(body).encode()).hexdigest()[:16]
        key = f"share/{id_of(body, 'channel')}/{at}/{digest}"
        self.take(ack, body, shared_by=user_name(body) or "a member", key=key)

    def vote(self, ack: Ack, body: Body) -> None:
        if body.get("view"):
            self.views.vote(ack, body)
        else:
            self.intake.take(ack, vote_of(body))

    def run_in_place(self, ack: Ack, body: Body) -> None:
        """Handle a button such as "Undo" or "Approve": run its request and update its message."""
        self._fill(ack, body, self._request(body), **_shown(body))

    def reindex(self, ack: Ack, body: Body) -> None:
        """Handle "Reindex" on the Home tab, and show the progress in a direct message."""
        self.intake.take(ack, delivery_of(body, Request("near-admin", "", verb="reindex")))

    def decide_ways(self, ack: Ack, body: Body) -> None:
        """Handle the button under proposed ways to ask: refuse the ticked ones, accept the others,
        and replace the list by the outcome and the next list."""
        request = with_ticked(self._request(body), body)
        self.intake.take(ack, delivery_of(body, request, replaces=True))

    def decide_import(self, ack: Ack, body: Body) -> None:
        """Handle "Import" and "Cancel" under an import report."""
        hidden = (body.get("container") or {}).get("is_ephemeral")
        self.take(ack, body, **({"replaces": True} if hidden else _shown(body)))

    def take(self, ack: Ack, body: Body, **others: Any) -> None:
        """Queue the request in a button's value."""
        self.intake.take(ack, delivery_of(body, self._request(body), **others))

    def _fill(self, ack: Ack, body: Body, request: Request | Problem, **others: Any) -> None:
        """Show the reply in the open modal, or queue the request if there is none."""
        if body.get("view"):
            self.views.fill(ack, body, request)
        else:
            self.intake.take(ack, delivery_of(body, request, **others))

    def _request(self, body: Body) -> Request | Problem:
        """Return the request in a button's value: JSON, or a line if it is old or a long option."""
        value = value_of(body)
        if value.startswith("/"):
            return parse(value, self.prefix)
        try:
            request = REQUEST_JSON.validate_json(value)
        except ValueError:
            return TOO_OLD
        return validate(request, self.prefix) if is_known(request) else TOO_OLD


def _shown(body: Body) -> dict[str, str]:
    message = body.get("message") or {}
    text = unescape(str(message.get("text") or ""))
    return {"message": str(message.get("ts") or ""), "told": text}
