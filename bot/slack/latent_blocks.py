"""What is found in the space as blocks, with buttons to go on from there: each entry that is named
can be opened, what is near it can be looked at, and the texts can be put on the map."""

from __future__ import annotations

from bot.grammar import line_of
from bot.latent.onward import map_request
from bot.latent.phrases import entries_of, in_common, lines_of, ranks_of, table_of, title_of
from bot.slack.answer_blocks import NEAR, OPEN
from bot.slack.elements import LONGEST_VALUE, Block, button, section
from bot.slack.mrkdwn import fitted, markup
from index.space.latent.results import Explored, Models
from index.text import one_line, shorten

MAP = "map"
OPENED = 3  # entries that have a button to open them
HOPS = 2  # entries that have a button to go there
LONGEST = 2_500  # characters of the lines
LISTED = 1_200  # characters of the list of one model
LONGEST_TERM = 60  # characters of a term on a button


def latent_blocks(reply: Explored, prefix: str = "") -> list[Block]:
    """The answer in bold, what stands below it, a table where there is one, and buttons."""
    lines = [line for line in lines_of(reply) if line]
    blocks = [section(f"*{fitted(title_of(reply), 400)}*\n{fitted(chr(10).join(lines), LONGEST)}")]
    if isinstance(reply, Models):
        blocks.append(_side_by_side(reply))
    if table := table_of(reply):
        blocks.append(section("```\n" + "\n".join(table) + "\n```"))
    entries = entries_of(reply)
    opened = [
        button(one_line(term), f"{OPEN}_{at}", entry_id)
        for at, (entry_id, term) in enumerate(entries[:OPENED])
    ]
    onward = [
        button(f"Near {shorten(one_line(term), LONGEST_TERM)}", f"{NEAR}_{at}", entry_id)
        for at, (entry_id, term) in enumerate(entries[:HOPS])
    ]
    request = map_request(reply)
    line = line_of(request, prefix) if request is not None else ""
    if line and len(line) <= LONGEST_VALUE:
        onward.append(button("On the map", f"{MAP}_0", line))
    rows = [{"type": "actions", "elements": row} for row in (opened, onward) if row]
    return [*blocks, *rows]


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
