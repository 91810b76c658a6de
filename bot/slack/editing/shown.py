"""An entry that is written, and where it lands, as blocks: what previews and reviews share."""

from __future__ import annotations

from bot.phrases import bar
from bot.slack.elements import Block, context, section
from bot.slack.mrkdwn import fitted
from index.editing.fields import Fields
from index.editing.forms import text_of
from index.editing.results import Duplicate, Preview
from index.space.results import Mention
from index.text import one_line

LONGEST_DEFINITION = 1_500  # characters
LONGEST_PART = 700  # characters of each other part
NEAREST = 5  # entries
DUPLICATES = 3


def fields_blocks(fields: Fields) -> list[Block]:
    """What was written, shortened where it is long."""
    about = [one_line(fields.category)] if fields.category else []
    if fields.aliases:
        about.append(f"also: {one_line(', '.join(fields.aliases))}")
    blocks = [section(f"*{fitted(one_line(fields.term), 150) or '…'}*")]
    if about:
        blocks.append(context(" · ".join(about)))
    blocks.append(section(fitted(fields.definition, LONGEST_DEFINITION) or "…"))
    if fields.example:
        blocks.append(_part("Example", fields.example))
    if fields.related:
        blocks.append(_part("Related terms", text_of(fields, "related")))
    if fields.questions:
        blocks.append(_part("Questions", text_of(fields, "questions")))
    return blocks


def landing_lines(preview: Preview) -> list[str]:
    """Where it lands, as markup, a line each."""
    lines = [
        f"It lands in *{fitted(one_line(preview.neighbourhood), 120)}*, nearest to:"
        if preview.neighbourhood
        else "It stands alone on the map. The nearest, all the same:"
    ]
    return [*lines, *map(_near_line, preview.nearest[:NEAREST])]


def duplicate_line(duplicate: Duplicate) -> str:
    """That another entry says the same, as markup."""
    term = fitted(one_line(duplicate.term), 120)
    if duplicate.reason == "name":
        return f"Its name is nearly that of *{term}* ({duplicate.similarity:.2f}): an alias?"
    return f"This is {duplicate.similarity:.2f} like *{term}*: an alias?"


def missing_line(preview: Preview) -> str:
    """What it has not, in one line of markup; empty for nothing."""
    return fitted(" ".join(map(one_line, preview.missing)), 600)


def _near_line(mention: Mention) -> str:
    term = fitted(one_line(mention.term), 120)
    if mention.similarity is None:
        return term
    return f"{mention.similarity:.2f} {bar(mention.similarity)}  {term}"


def _part(title: str, text: str) -> Block:
    return section(f"*{title}*\n{fitted(text, LONGEST_PART) or '…'}")
