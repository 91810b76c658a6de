"""What is found in the space as blocks, with a button for each entry that is named."""

from __future__ import annotations

from bot.latent.phrases import entries_of, lines_of, table_of, title_of
from bot.slack.answer_blocks import OPEN
from bot.slack.elements import Block, button, section
from bot.slack.mrkdwn import fitted
from index.space.latent.results import Explored
from index.text import one_line

OPENED = 5  # entries that have a button
LONGEST = 2_500  # characters of the lines


def latent_blocks(reply: Explored) -> list[Block]:
    """The answer in bold, what stands below it, a table where there is one, and Open buttons."""
    lines = [line for line in lines_of(reply) if line]
    blocks = [section(f"*{fitted(title_of(reply), 400)}*\n{fitted(chr(10).join(lines), LONGEST)}")]
    if table := table_of(reply):
        blocks.append(section("```\n" + "\n".join(table) + "\n```"))
    opened = [
        button(one_line(term), f"{OPEN}_{at}", entry_id)
        for at, (entry_id, term) in enumerate(entries_of(reply)[:OPENED])
    ]
    return [*blocks, *([{"type": "actions", "elements": opened}] if opened else [])]
