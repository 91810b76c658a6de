"""Modals: a whole entry, or the neighbours of one. Limits as in `blocks`, but 100 blocks."""

from __future__ import annotations

from typing import Any

from bot.replies import Reply
from bot.slack.blocks import Asked, message_of, text_of
from bot.slack.elements import Block, section
from bot.slack.entry_modal import LONGEST_TITLE, entry_blocks
from bot.slack.mrkdwn import plain
from index.space.latent.results import Map
from index.space.results import EntryReply, Neighbours
from index.text import one_line, shorten

View = dict[str, Any]

MOST_BLOCKS = 100
LOOKING = "Looking it up …"
NO_PICTURE = "The picture is not shown in here: type the line as a command."


def opening() -> View:
    """What is shown at once, before anything has been looked up."""
    return view("Nearsay", [section(LOOKING)])


def modal_of(reply: Reply, page: int = 1, *, editor: bool = False) -> View:
    """A reply as a modal: the page of that number of an entry, neighbours with ways to go on. An
    `editor` may edit entries."""
    match reply:
        case EntryReply():
            return view(reply.entry.term, entry_blocks(reply, page, editor=editor))
        case Neighbours():
            return view(f"Near {reply.query}", list(message_of(reply, within_modal(reply)).blocks))
        case _:
            return view("Nearsay", list(message_of(reply, within_modal(reply)).blocks))


def within_modal(reply: Reply) -> Asked:
    """How a reply is shown where there is no place for a picture."""
    return Asked(in_modal=True, picture=NO_PICTURE if isinstance(reply, Map) else "")


def text_modal(reply: Reply) -> View:
    """A reply as its text alone, for when Slack refuses the blocks."""
    return view("Nearsay", [section(text_of(reply, 2_900))])


def view(title: str, blocks: list[Block]) -> View:
    """A modal of finished blocks."""
    return {
        "type": "modal",
        "callback_id": "nearsay",
        "title": plain(shorten(one_line(title), LONGEST_TITLE)),
        "close": plain("Close"),
        "blocks": blocks[:MOST_BLOCKS],
    }
