"""Blocks for a whole entry in a modal, split into pages."""

from collections.abc import Sequence

from bot.rendering.entry import (
    about_line,
    also_line,
    definition_of,
    is_team_line_cut,
    team_fields_of,
    team_line,
)
from bot.slack.blocks.answer import NEAR, OPEN
from bot.slack.blocks.elements import (
    Block,
    actions,
    button,
    context,
    header,
    page_buttons,
    paged,
    section,
)
from bot.slack.blocks.mrkdwn import chunk, escape, pack, truncate
from index.entry import Entry, group_rewordings
from index.search.results import EntryReply
from index.sources.source import BUNDLED
from index.text import one_line

TURN, EDIT_ENTRY = "turn_page", "edit_entry"
LONGEST_TITLE = 24  # characters of a modal's title
LONGEST_PAGE = 9_000  # characters of a page
MOST_PARTS = 60  # blocks of a page
MOST_PARTS_OF_MESSAGE = 38  # of the 50 blocks of a message
LONGEST_PIECE = 2_700  # characters of a section
LONGEST_LINK = 500  # characters; a longer URL is left out and its text kept


def entry_blocks(reply: EntryReply, prefix: str, page: int, *, editor: bool = False) -> list[Block]:
    """Build page `page` of an entry, or its last page; an `editor` gets an "Edit" button."""
    entry = reply.entry
    blocks = [*_parts(entry), *_details(entry), *_related(entry), *_references(entry)]
    pages = paged([[block] for block in blocks], LONGEST_PAGE, MOST_PARTS)
    page = min(max(1, page), len(pages))
    top: list[Block] = []
    if len(entry.term) > LONGEST_TITLE:
        top.append(header(entry.term))
    top.append(context(about_line(entry)))
    if team := team_line(entry):
        top.append(context(team))
    if len(pages) > 1:
        top.append(context(f"Page {page} of {len(pages)}"))
    buttons = page_buttons(page, len(pages), TURN, lambda to: f"{to} {entry_value(reply)}")
    buttons.append(button("What's near it?", f"{NEAR}_0", entry.id))
    bottom = actions([*buttons, *([edit_button(entry.id)] if editor else [])])
    if reply.also_in:
        bottom.append(context(also_line(reply, prefix)))
    return [*top, *pages[page - 1], *bottom]


def whole_entry_blocks(reply: EntryReply, prefix: str, others: Sequence[Block]) -> list[Block]:
    """Build a whole entry as a message, with the `others` among its buttons. What is too long for
    one message is behind the button "Whole entry"."""
    entry = reply.entry
    blocks = [*_parts(entry), *_details(entry), *_related(entry), *_references(entry)]
    pages = paged([[block] for block in blocks], LONGEST_PAGE, MOST_PARTS_OF_MESSAGE)
    top = [context(about_line(entry))]
    if team := team_line(entry):
        top.append(context(team))
    whole = [button("Whole entry", OPEN, entry_value(reply))] if pages[1:] else []
    near = button("What's near it?", f"{NEAR}_0", entry.id)
    also = [context(also_line(reply, prefix))] if reply.also_in else []
    return [*top, *pages[0], *actions([*whole, near, *others]), *also]


def edit_button(entry_id: str) -> Block:
    return button("Edit", EDIT_ENTRY, entry_id)


def entry_value(reply: EntryReply) -> str:
    """Return an entry's id, with its source if it is bundled and another glossary has its name."""
    entry = reply.entry
    folded = bool(reply.also_in) and entry.source == BUNDLED
    return f"{entry.id} from={entry.source}" if folded else entry.id


def parse_page(value: str) -> tuple[int, str]:
    """Parse the page number (1 if invalid) and the entry from the value of a page button."""
    number, _, entry_id = value.partition(" ")
    return (int(number) if number.isascii() and number.isdecimal() else 1), entry_id


def _parts(entry: Entry) -> list[Block]:
    parts = [("", definition_of(entry))]
    parts += [(part.heading, part.text) for part in entry.sections]
    parts += [("Example", entry.example)] if entry.example else []
    parts += [(item.question, item.answer) for item, *_ in group_rewordings(entry.faq)]
    return [block for title, text in parts for block in _part(title, text)]


def _part(title: str, text: str) -> list[Block]:
    first, *others = chunk(text, LONGEST_PIECE) or [""]
    shown = f"*{truncate(one_line(title), 200)}*\n{first}" if title else first
    return [section(piece) for piece in (shown.strip() or "…", *others)]


def _details(entry: Entry) -> list[Block]:
    """Build the list of owner, status and details, unless the line at the top has them all."""
    if not is_team_line_cut(entry):
        return []
    lines = ["*Details*", *(f"- {truncate(field, 600)}" for field in team_fields_of(entry))]
    return [section(text) for text in pack(lines, LONGEST_PIECE)]


def _related(entry: Entry) -> list[Block]:
    blocks = [section("*Related terms*")] if entry.related else []
    for item in entry.related:
        why = f": {truncate(one_line(item.why), 600)}" if item.why else ""
        text = f"*{truncate(one_line(item.term), 120)}*{why}"
        blocks.append(section(text, button("Open", OPEN, item.id) if item.id else None))
    return blocks


def _references(entry: Entry) -> list[Block]:
    """Build the list of references. Their URLs were validated when the entry was loaded."""
    lines = ["*References*"]
    for item in entry.references:
        text = truncate(one_line(item.text), 600)
        linked = item.url is not None and len(item.url) <= LONGEST_LINK
        lines.append(f"- <{escape(item.url or '')}|{text}>" if linked else f"- {text}")
    return [section(text) for text in pack(lines, LONGEST_PIECE)] if entry.references else []
