"""Blocks for the replies to /latent, with buttons to open entries, neighbours and the map."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.commands.spec import Request
from bot.explore.next_steps import entries_of, map_request
from bot.rendering.explore import in_common, lines_of, ranks_of, table_of, title_of
from bot.slack.blocks.answer import near_button, open_button
from bot.slack.blocks.elements import Block, actions, button, menu, section
from bot.slack.blocks.mrkdwn import markup, plain, truncate
from index.search.explore.explorations import Explored, Models, Shift
from index.search.explore.tones import TONES
from index.text import one_line, shorten

MAP = "map"
OTHERS = 5  # entries in the menu
LONGEST = 2_500  # characters of the lines
LISTED = 1_200  # characters of one model's list
TONE = "tone:"  # prefix of a tone menu's block id and action id, which contain the prompt
PIECE = 240  # maximum characters of the prompt in each id; Slack allows 255 per id


def latent_blocks(reply: Explored, shared: Sequence[Block] = ()) -> list[Block]:
    """Build the title, text, table and buttons of a reply, including the `shared` buttons."""
    lines = [line for line in lines_of(reply) if line]
    shown = truncate("\n".join(lines), LONGEST)
    blocks = [section(f"*{truncate(title_of(reply), 400)}*\n{shown}")]
    if isinstance(reply, Models):
        blocks.append(_side_by_side(reply))
    if table := table_of(reply):
        blocks.append(section("```\n" + "\n".join(table) + "\n```"))
    first, others = entries_of(reply)[:1], entries_of(reply)[1 : 1 + OTHERS]
    buttons = [make(*entry) for entry in first for make in (open_button, near_button)]
    request = map_request(reply)
    buttons += [button("On the map", f"{MAP}_0", request)] if request else []
    options = [(f"Open {one_line(term)}", entry_id) for entry_id, term in others]
    return [*blocks, *actions([*buttons, *shared, *menu(options)])]


def _side_by_side(reply: Models) -> Block:
    everywhere = in_common(reply)
    fields = []
    for view in reply.models:
        rows = [
            f"{rank} {shorten(term, 60)} {cosine}"
            for rank, term, cosine in ranks_of(view, everywhere)
        ]
        name = truncate(one_line(view.model), 100)
        fields.append(markup(f"*{name}*\n{truncate(chr(10).join(rows), LISTED) or '–'}"))
    return {"type": "section", "fields": fields}


def tone_menu(reply: Shift) -> list[Block]:
    """Build a menu of tones, with the prompt in its block id and action id.

    The payload for an ephemeral message does not contain its text. The colon at the end of an id
    protects trailing spaces. Returns [] if the prompt is empty or too long.
    """
    prompt = one_line(reply.before)
    if not prompt or len(prompt) > 2 * PIECE:
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


def tone_request(body: Mapping[str, Any]) -> Request | None:
    """Return the request for the tone chosen in a menu, or None if the payload is invalid."""
    action: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
    tone = str((action.get("selected_option") or {}).get("value") or "")
    prompt = "".join(
        str(action.get(name) or "").removeprefix(TONE).removesuffix(":")
        for name in ("block_id", "action_id")
    )
    if tone not in TONES or not prompt:
        return None
    return Request("latent", prompt, {"tone": tone}, verb="shift")
