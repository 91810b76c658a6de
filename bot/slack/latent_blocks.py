"""What is found in the space as blocks, with buttons to go on from there: each entry that is named
can be opened, what is near it can be looked at, and the texts can be put on the map."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.parser import line_of
from bot.latent.onward import entries_of, map_request
from bot.latent.phrases import in_common, lines_of, ranks_of, table_of, title_of
from bot.slack.answer_blocks import NEAR, OPEN
from bot.slack.elements import LONGEST_VALUE, MENU, Block, actions, button, menu, section
from bot.slack.mrkdwn import fitted, markup
from index.space.latent.results import Explored, Models
from index.text import one_line, shorten

MAP = "map"
OTHERS = 5  # entries of the menu
LONGEST = 2_500  # characters of the lines
LISTED = 1_200  # characters of the list of one model
LONGEST_TERM = 60  # characters of a term on a button


def latent_blocks(reply: Explored, prefix: str = "", shared: Sequence[Block] = ()) -> list[Block]:
    """The answer in bold, what stands below it, a table where there is one, and buttons, `shared`
    among them: one entry to open and go on from, the others in a menu."""
    lines = [line for line in lines_of(reply) if line]
    blocks = [section(f"*{fitted(title_of(reply), 400)}*\n{fitted(chr(10).join(lines), LONGEST)}")]
    if isinstance(reply, Models):
        blocks.append(_side_by_side(reply))
    if table := table_of(reply):
        blocks.append(section("```\n" + "\n".join(table) + "\n```"))
    first, others = entries_of(reply)[:1], entries_of(reply)[1 : 1 + OTHERS]
    ways = [button(f"Open {one_line(term)}", f"{OPEN}_0", entry_id) for entry_id, term in first]
    ways += [
        button(f"More like {shorten(one_line(term), LONGEST_TERM)}", f"{NEAR}_0", entry_id)
        for entry_id, term in first
    ]
    request = map_request(reply)
    line = line_of(request, prefix) if request is not None else ""
    if line and len(line) <= LONGEST_VALUE:
        ways.append(button("On the map", f"{MAP}_0", line))
    options = [(f"Open {one_line(term)}", entry_id) for entry_id, term in others]
    return [*blocks, *actions([*ways, *shared, *menu(MENU, options, "Open another")])]


def _side_by_side(reply: Models) -> Block:
    """The list of each model, two beside each other."""
    everywhere = in_common(reply)
    fields = []
    for view in reply.models:
        rows = [
            f"{rank} {shorten(term, 60)} {cosine}"
            for rank, term, cosine in ranks_of(view, everywhere)
        ]
        name = fitted(one_line(view.model), 100)
        fields.append(markup(f"*{name}*\n{fitted(chr(10).join(rows), LISTED) or '–'}"))
    return {"type": "section", "fields": fields}
