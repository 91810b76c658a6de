"""Modals that show a reply, and the "Ask Nearsay" modal with an answer above an input."""

import hashlib
from dataclasses import replace
from typing import Any

from bot.replies.base import Reply
from bot.slack.blocks.elements import Block, context, heading, section, text_input
from bot.slack.blocks.entry import LONGEST_TITLE, entry_blocks
from bot.slack.blocks.mrkdwn import plain
from bot.slack.blocks.reply import RequestContext, message_of
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.explore.explorations import Map
from index.search.results import EntryReply, Neighbours
from index.text import clean, one_line, shorten

View = dict[str, Any]

ASK_MODAL, QUESTION = "ask_nearsay", "question"
TITLE = "Ask Nearsay"
MOST_BLOCKS = 100
LOOKING = "Looking it up …"
STALLED = "If nothing comes within a minute, close this and ask again."
WENT_WRONG = "Something went wrong in Nearsay. Please try again."
NO_PICTURE = "The picture is not shown here. To get it, use the slash command."


def modal_of(
    reply: Reply,
    prefix: str = "",
    page: int = 1,
    *,
    editor: bool = False,
    question: str = "",
    explained: str = "",
) -> View:
    """Build the modal for a reply; `page` and `editor` only apply to entries. `question` is the id
    that votes refer to, or "" if voting is off. `explained` refers to the message that is
    explained, if there is one."""
    if isinstance(reply, EntryReply):
        return view(reply.entry.term, entry_blocks(reply, prefix, page, editor=editor))
    title = f"Near {reply.query}" if isinstance(reply, Neighbours) else "Nearsay"
    asked = replace(modal_context(reply, prefix), question=question, explained=explained)
    return view(title, list(message_of(reply, asked).blocks))


def modal_context(reply: Reply, prefix: str) -> RequestContext:
    picture = NO_PICTURE if isinstance(reply, Map) else ""
    return RequestContext(prefix=prefix, in_modal=True, picture=picture)


def view(title: str, blocks: list[Block]) -> View:
    """Build a modal; blocks beyond `MOST_BLOCKS` are dropped."""
    return {
        "type": "modal",
        "callback_id": "nearsay",
        "title": plain(shorten(one_line(title), LONGEST_TITLE)),
        "close": plain("Close"),
        "blocks": blocks[:MOST_BLOCKS],
    }


def ask_modal() -> View:
    return _with_input([section("Ask in your own words, or type a term.")], "", NO_THREAD)


def loading_modal(question: str, why: str = LOOKING) -> View:
    return view(TITLE, [_asked(question), section(why), context(STALLED)])


def failed_modal(question: str) -> View:
    return _with_input([_asked(question), section(WENT_WRONG)], question, NO_THREAD)


def text_only(made: View) -> View:
    """Build a modal with only the texts of another one, in case Slack rejects its blocks."""
    texts = [block["text"] for block in made["blocks"] if "text" in block]
    return view(made["title"]["text"], [{"type": "section", "text": text} for text in texts])


def answer_modal(question: str, reply: Reply, now: Conversation, asked: RequestContext) -> View:
    """Build the modal with an answer; `now` is the conversation state after it."""
    blocks = list(message_of(reply, asked).blocks)
    return _with_input([_asked(question), *blocks], question, now)


def _with_input(blocks: list[Block], question: str, thread: Conversation) -> View:
    block = f"{QUESTION}_{hashlib.sha256(clean(question).encode()).hexdigest()[:16]}"
    label = "Ask something else" if question else "Your question"
    hint = plain("why do I get a different answer each time?")
    line = text_input(label, QUESTION, block, placeholder=hint)
    return view(TITLE, [*blocks, line]) | {
        "callback_id": ASK_MODAL,
        "submit": plain("Ask"),
        "private_metadata": thread.to_json(),
    }


def _asked(question: str) -> Block:
    return heading("You asked: ", shorten(one_line(question), 300) or "…")
