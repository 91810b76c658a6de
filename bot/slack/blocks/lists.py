"""Blocks for an explanation of a text: its terms with buttons, and its undefined abbreviations."""

from bot.rendering.common import many
from bot.rendering.lists import MEANING, name_of
from bot.slack.blocks.answer import open_button
from bot.slack.blocks.elements import LONGEST_SECTION, Block, actions, button, section
from bot.slack.blocks.mrkdwn import pack, truncate
from index.search.results import Explanation
from index.text import one_line, shorten

OPENED, DEFINED = 5, 3  # entries and abbreviations with a button
DEFINE_TERM = "define_term"  # its value is the abbreviation, and the message with it


def explanation_blocks(reply: Explanation, message: str = "") -> list[Block]:
    """Build one line for each term, with buttons to open the first entries, and to define the
    first abbreviations. `message` refers to the message that is explained, if there is one."""
    lines = [
        f"*{truncate(name_of(term), 200)}*: "
        f"{truncate(shorten(one_line(term.definition), MEANING), 600)}"
        for term in reply.terms
    ]
    lines = lines or ["This text names no entry."]
    if reply.more:
        lines.append(f"… and {many(reply.more, 'more entry', 'more entries')}")
    blocks = [section(text) for text in pack(lines, LONGEST_SECTION)]
    shown = enumerate(reply.terms[:OPENED])
    blocks += actions([open_button(term.id, term.term, at) for at, term in shown])
    if reply.undefined:
        listed = ", ".join(map(one_line, reply.undefined))
        blocks.append(section(f"Not defined: {truncate(listed, 1_000)}"))
        first = enumerate(map(one_line, reply.undefined[:DEFINED]))
        blocks += actions(
            [
                button(f"Define {name}", f"{DEFINE_TERM}_{at}", f"{name} {message}".rstrip())
                for at, name in first
            ]
        )
    return blocks


def parse_define_term(value: str) -> tuple[str, str]:
    """Return the abbreviation of such a button, and the reference to the message with it."""
    name, _, message = value.partition(" ")
    return name, message
