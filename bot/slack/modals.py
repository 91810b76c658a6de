"""Modals: a whole entry, or the neighbours of one. Limits as in `blocks`, but 100 blocks."""

from __future__ import annotations

from typing import Any

from bot.phrases import about, footer
from bot.replies import Reply
from bot.slack.answer_blocks import OPEN
from bot.slack.blocks import NEAR, Asked, definitions, message_of, titled
from bot.slack.elements import Block, button, context, section
from bot.slack.mrkdwn import escape, fitted, plain
from index.entry import Entry
from index.space.results import EntryReply, Neighbours
from index.text import one_line, shorten

View = dict[str, Any]

LONGEST_TITLE = 24
LONGEST_TEXT = 12_000  # of all blocks together
LONGEST_SECTION = 2_900
LONGEST_LINK = 500  # a longer address is left out, its text stays
MOST_REFERENCES = 2_000  # characters of all references
MOST_PARTS = 60  # sections and questions


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
    top: list[Block] = []
    if len(entry.term) > LONGEST_TITLE:
        top.append({"type": "header", "text": plain(one_line(entry.term), 150)})
    top += [context(about(entry)), section(definitions(entry, 1_800))]
    end = _related(entry)
    if entry.references:
        end.append(section(_references(entry)))
    go = button("What's near it?", f"{NEAR}_0", entry.id)
    end += [{"type": "actions", "elements": [go]}, context(footer(reply.generation, reply.model))]
    room = LONGEST_TEXT - sum(_length(block) for block in (*top, *end))
    return [*top, *_body(entry, room), *end]


def _body(entry: Entry, room: int) -> list[Block]:
    """Sections, example and questions in at most `room` characters."""
    parts = [(part.heading, part.text) for part in entry.sections]
    parts += [("Example", entry.example)] if entry.example else []
    parts += [(item.question, item.answer) for item in entry.faq]
    blocks: list[Block] = []
    for title, text in parts:
        shown = titled(title, text, LONGEST_SECTION - 200)
        room -= len(shown)
        if room < 0 or len(blocks) >= MOST_PARTS:
            blocks.append(context("There is more than fits here: /define it in the terminal."))
            break
        blocks.append(section(shown))
    return blocks


def _length(block: Block) -> int:
    """The characters of text that a block shows."""
    texts = [block.get("text"), block.get("accessory", {}).get("text")]
    texts += [
        item if "text" in item and isinstance(item["text"], str) else item.get("text")
        for item in block.get("elements", ())
    ]
    return sum(len(text["text"]) for text in texts if text)


def _related(entry: Entry) -> list[Block]:
    blocks: list[Block] = [section("*Related terms*")] if entry.related else []
    for item in entry.related[:8]:
        text = f"*{fitted(one_line(item.term), 120)}*: {fitted(one_line(item.why), 240)}"
        blocks.append(section(text, button("Open", OPEN, item.id) if item.id else None))
    return blocks


def _references(entry: Entry) -> str:
    """References as links; their addresses were checked when the entry was read."""
    lines = []
    for item in entry.references[:8]:
        text = fitted(one_line(item.text), 160)
        linked = item.url is not None and len(item.url) <= LONGEST_LINK
        lines.append(f"- <{escape(item.url or '')}|{text}>" if linked else f"- {text}")
    while sum(map(len, lines)) > MOST_REFERENCES and len(lines) > 1:
        lines.pop()
    return "*References*\n" + "\n".join(lines)
