"""What is found in the space as blocks, with a button for each entry that is named."""

from __future__ import annotations

from bot.latent.phrases import entries_of, in_common, lines_of, ranks_of, table_of, title_of
from bot.slack.answer_blocks import OPEN
from bot.slack.elements import Block, button, section
from bot.slack.mrkdwn import fitted, markup
from index.space.latent.results import Explored, Models
from index.text import one_line, shorten

OPENED = 5  # entries that have a button
LONGEST = 2_500  # characters of the lines
LISTED = 1_200  # characters of the list of one model


def latent_blocks(reply: Explored) -> list[Block]:
    """The answer in bold, what stands below it, a table where there is one, and Open buttons."""
    lines = [line for line in lines_of(reply) if line]
    blocks = [section(f"*{fitted(title_of(reply), 400)}*\n{fitted(chr(10).join(lines), LONGEST)}")]
    if isinstance(reply, Models):
        blocks.append(_side_by_side(reply))
    if table := table_of(reply):
        blocks.append(section("```\n" + "\n".join(table) + "\n```"))
    opened = [
        button(one_line(term), f"{OPEN}_{at}", entry_id)
        for at, (entry_id, term) in enumerate(entries_of(reply)[:OPENED])
    ]
    return [*blocks, *([{"type": "actions", "elements": opened}] if opened else [])]


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
