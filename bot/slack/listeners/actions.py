"""Listeners for buttons and menus under replies. Their values are often command lines."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App

from bot.commands.parser import parse, validate
from bot.commands.spec import Request
from bot.slack.blocks.admin import CANCEL, IMPORT, KEEP, ROLL_BACK, note
from bot.slack.blocks.answer import NEAR
from bot.slack.blocks.editing import RUN
from bot.slack.blocks.elements import MENU
from bot.slack.blocks.explore import MAP, TONE, tone_request
from bot.slack.blocks.feedback import HELPFUL, NOT_HELPFUL, SHARE_QUESTION, VOTE
from bot.slack.blocks.mrkdwn import unescape
from bot.slack.blocks.reply import MORE_OF, SHARE, WHY
from bot.slack.blocks.review import APPROVE
from bot.slack.home import REINDEX
from bot.slack.listeners.views import ViewListeners
from bot.slack.payloads import Body, delivery_of, id_of, user_name, value_of, vote_of
from bot.slack.queue.intake import Intake
from bot.slack.queue.worker_pool import WorkerPool
from index.names import ENTRY_SUFFIX

TOO_OLD = "This button is from an older version of Nearsay and no longer works. Please ask again."


@dataclass(frozen=True, eq=False)
class ActionListeners:
    intake: Intake
    work: WorkerPool
    views: ViewListeners
    prefix: str = ""

    def register(self, app: App) -> None:
        app.action(re.compile(rf"^{NEAR}_\d+$"))(self.more_like)
        for action in (MORE_OF, WHY, re.compile(rf"^{MAP}_\d+$")):
            app.action(action)(self.take)
        app.action(MENU)(self.choose_from_menu)
        app.action(re.compile(rf"^{TONE}"))(self.tone)
        app.action(SHARE)(self.share)
        for action in (VOTE, HELPFUL, NOT_HELPFUL, SHARE_QUESTION):
            app.action(action)(self.vote)
        rolls_back, runs = re.compile(rf"^{ROLL_BACK}(_\d+)?$"), re.compile(rf"^{RUN}_\w+$")
        for action in (KEEP, APPROVE, rolls_back, runs):
            app.action(action)(self.run_in_place)
        app.action(REINDEX)(self.reindex)
        for action in (IMPORT, CANCEL):
            app.action(action)(self.decide_import)
        app.action(re.compile(""))(self.reject_old)  # last: matches any other action

    def more_like(self, ack: Ack, body: Body) -> None:
        """Handle "More like …": show an entry's neighbours, in the open modal if there is one."""
        entry_id = value_of(body)
        text = f"{entry_id}{ENTRY_SUFFIX}" if entry_id else ""
        request = validate(Request("near", text), self.prefix)
        if body.get("view"):
            self.views.fill(ack, body, request)
        else:
            self.intake.take(ack, delivery_of(body, request))

    def choose_from_menu(self, ack: Ack, body: Body) -> None:
        """Handle the menu under a reply, which opens an entry or runs a command line."""
        if value_of(body).startswith("/"):
            self.take(ack, body)
        else:
            self.views.open_entry(ack, body)

    def tone(self, ack: Ack, body: Body) -> None:
        request = tone_request(body)
        if request is not None:
            self.intake.take(ack, delivery_of(body, request, replaces=True))
        else:
            self.reject_old(ack, body)

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
        """Handle a button such as "Undo" or "Approve": run its command and update its message."""
        if body.get("view"):
            self.views.fill(ack, body, parse(value_of(body), self.prefix))
        else:
            self.take(ack, body, **_shown(body))

    def reindex(self, ack: Ack, body: Body) -> None:
        """Handle "Reindex" on the Home tab, and show the progress in a direct message."""
        request = Request("near-admin", "", verb="reindex")
        self.intake.take(ack, delivery_of(body, request))

    def decide_import(self, ack: Ack, body: Body) -> None:
        """Handle "Import" and "Cancel" under an import report."""
        hidden = (body.get("container") or {}).get("is_ephemeral")
        self.take(ack, body, **({"replaces": True} if hidden else _shown(body)))

    def reject_old(self, ack: Ack, body: Body) -> None:
        """Notify the user that a button of an older version no longer works."""
        ack()
        self.work.submit(lambda: self.views.modals.notify(body, note(TOO_OLD)))

    def take(self, ack: Ack, body: Body, **others: Any) -> None:
        line = value_of(body)
        self.intake.take(ack, delivery_of(body, parse(line, self.prefix), line=line, **others))


def _shown(body: Body) -> dict[str, str]:
    message = body.get("message") or {}
    text = unescape(str(message.get("text") or ""))
    return {"message": str(message.get("ts") or ""), "told": text}
