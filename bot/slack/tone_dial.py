"""The dial under a moved prompt: a menu of tones, each of which asks again in the same place.

An ephemeral message is not delivered with what is chosen in it, so the prompt travels in the ids of
the menu and of its block, which are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands.spec import Request
from bot.slack.elements import Block
from bot.slack.mrkdwn import plain
from index.space.latent.results import Shift
from index.space.latent.tones import TONES
from index.text import one_line

TONE = "tone:"  # what both ids begin with; a colon ends them, since spaces there may be cut off
PIECE = 240  # characters of a prompt in each of the two, of 255
LONGEST = 2 * PIECE


def tone_dial(reply: Shift) -> list[Block]:
    """The menu, with the tone that was chosen; none for a prompt that is too long for it."""
    prompt = one_line(reply.before)
    if not prompt or len(prompt) > LONGEST:
        return []
    options = {tone: {"text": plain(tone, 75), "value": tone} for tone in TONES}
    menu: Block = {
        "type": "static_select",
        "action_id": f"{TONE}{prompt[PIECE:]}:",
        "placeholder": plain("Tone", 150),
        "options": list(options.values()),
    }
    if reply.tone in options:
        menu["initial_option"] = options[reply.tone]
    return [{"type": "actions", "block_id": f"{TONE}{prompt[:PIECE]}:", "elements": [menu]}]


def toned(body: Mapping[str, Any]) -> Request | None:
    """What a chosen tone asks for; None for what no dial sends."""
    action: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
    tone = str((action.get("selected_option") or {}).get("value") or "")
    prompt = "".join(
        str(action.get(name) or "").removeprefix(TONE).removesuffix(":")
        for name in ("block_id", "action_id")
    )
    if tone not in TONES or not prompt:
        return None
    return Request("latent", prompt, {"tone": tone}, verb="shift")
