"""Modals: a whole entry, or the neighbours of one. Limits as in `blocks`, but 100 blocks."""

from __future__ import annotations

from typing import Any

from bot.phrases import about, footer
from bot.replies import Reply
from bot.slack.blocks import (
    NEAR,
    OPEN,
    Asked,
    Block,
    button,
    context,
    definitions,
    message_of,
    section,
    titled,
)
from bot.slack.mrkdwn import escape, fitted, plain
from index.entry import Entry
from index.space.results import EntryReply, Neighbours
from index.text import one_line, shorten

View = dict[str, Any]

LONGEST_TITLE = 24
LONGEST_TEXT = 12_000  # of all blocks together
LONGEST_SECTION = 2_900


def opening() -> View:
    """What is shown at once, before the entry has been looked up."""
    return _view("Nearsay", [section("Opening …")])


def modal_of(reply: Reply) -> View:
    """A reply as a modal: an entry whole, neighbours with ways to go on."""
    match reply:
        case EntryReply():
            return _view(reply.entry.term, _entry(reply))
        case Neighbours():
            blocks = list(message_of(reply, Asked()).blocks)
            return _view(f"Near {reply.query}", blocks)
        case _:
            return _view("Nearsay", list(message_of(reply, Asked()).blocks))


def _view(title: str, blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": "entry",
        "title": plain(shorten(one_line(title), LONGEST_TITLE)),
        "close": plain("Close"),
        "blocks": blocks[:100],
    }


def _entry(reply: EntryReply) -> list[Block]:
    """Every part of an entry, as long as there is room; what is cut is said."""
    entry = reply.entry
    blocks: list[Block] = []
    if len(entry.term) > LONGEST_TITLE:
        blocks.append({"type": "header", "text": plain(one_line(entry.term), 150)})
    blocks += [context(about(entry)), section(definitions(entry, LONGEST_SECTION))]
    parts = [titled(part.heading, part.text, LONGEST_SECTION - 200) for part in entry.sections]
    if entry.example:
        parts.append(titled("Example", entry.example, LONGEST_SECTION - 200))
    parts += [titled(item.question, item.answer, LONGEST_SECTION - 200) for item in entry.faq]
    room = LONGEST_TEXT - sum(len(item.why) + 130 for item in entry.related[:8])
    for part in parts:
        room -= len(part)
        if room < 0 or len(blocks) > 60:
            blocks.append(context("There is more than fits here: /define it in the terminal."))
            break
        blocks.append(section(part))
    blocks += _related(entry)
    if entry.references:
        blocks.append(section(_references(entry)))
    go = button("What's near it?", f"{NEAR}_0", entry.id)
    blocks.append({"type": "actions", "elements": [go]})
    return [*blocks, context(footer(reply.generation, reply.model))]


def _related(entry: Entry) -> list[Block]:
    blocks: list[Block] = [section("*Related terms*")] if entry.related else []
    for item in entry.related[:8]:
        text = f"*{fitted(one_line(item.term), 120)}*: {fitted(one_line(item.why), 400)}"
        blocks.append(section(text, button("Open", OPEN, item.id) if item.id else None))
    return blocks


def _references(entry: Entry) -> str:
    """References as links; their addresses were checked when the entry was read."""
    lines = []
    for item in entry.references[:8]:
        text = fitted(one_line(item.text), 160)
        lines.append(f"- <{escape(item.url)}|{text}>" if item.url else f"- {text}")
    return "*References*\n" + "\n".join(lines)
