"""The modal in which a suggestion is declined, with a reason or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.editing.purpose import Purpose
from bot.slack.elements import section, states_in, text_input
from bot.slack.modals import View, view
from bot.slack.mrkdwn import plain

DECLINE_FORM = "decline_form"
REASON = "decline_reason"


def decline_view(suggestion: str) -> View:
    """Asks for the reason why the suggestion of that id is declined."""
    told = "The one who suggested it is told, with your reason if you give one."
    reason = text_input("Why?", REASON, REASON, hint="Up to 500 characters.", multiline=True)
    return view("Decline a suggestion", [section(told), reason | {"optional": True}]) | {
        "callback_id": DECLINE_FORM,
        "submit": plain("Decline"),
        "close": plain("Cancel"),
        "private_metadata": Purpose(mode="review", suggestion=suggestion).to_json(),
    }


def reason_in(given: Mapping[str, Any]) -> str:
    """The reason, as Slack gives the modal."""
    reason = dict(states_in(given)).get(REASON) or {}
    return str(reason.get("value") or "").strip()
