"""The modal to ask in: a line to type, and above it what was asked and what is said to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.replies import Reply
from bot.slack.blocks import Asked, message_of, text_of
from bot.slack.elements import Block, heading, section, text_input
from bot.slack.modals import LOOKING, View, view
from bot.slack.mrkdwn import plain
from index.space.thread import NO_THREAD, Thread
from index.text import clean, one_line, shorten

ASK_MODAL, QUESTION = "ask_nearsay", "question"
TITLE = "Ask Nearsay"


def ask_modal() -> View:
    """The modal before anything was asked."""
    return _with_input([section("Ask in your own words, or type a term.")], "", NO_THREAD)


def working_modal(question: str, why: str = LOOKING) -> View:
    """What is shown while an answer takes its time, and why."""
    return view(TITLE, [_asked(question), section(why)])


def failed_modal(question: str) -> View:
    """What is shown where an answer failed; the log says why."""
    told = "Something went wrong here, not with what you wrote. Trying again may help."
    return _with_input([_asked(question), section(told)], question, NO_THREAD)


def answer_modal(question: str, reply: Reply, now: Thread, asked: Asked) -> View:
    """What is said to a question, after which the conversation stands at `now`."""
    blocks = list(message_of(reply, asked).blocks)
    return _with_input([_asked(question), *blocks], question, now)


def answer_text_modal(question: str, reply: Reply, now: Thread) -> View:
    """The same without the reply's blocks, for when Slack refuses them."""
    return _with_input([_asked(question), section(text_of(reply, 2_900))], question, now)


def question_in(given: Mapping[str, Any]) -> str:
    """What was typed into a modal, as Slack gives the modal."""
    for block in ((given.get("state") or {}).get("values") or {}).values():
        if QUESTION in block:
            return str(block[QUESTION].get("value") or "").strip()
    return ""


def thread_in(given: Mapping[str, Any]) -> Thread:
    """Where the conversation in a modal stands, as Slack gives the modal."""
    return Thread.from_json(str(given.get("private_metadata") or ""))


def _with_input(blocks: list[Block], question: str, thread: Thread) -> View:
    """A modal with a line to type at its end, which is empty after each question."""
    block = f"{QUESTION}_{hashlib.sha256(clean(question).encode()).hexdigest()[:16]}"
    label = "Ask something else" if question else "Your question"
    line = text_input(label, "why do I get a different answer each time?", QUESTION, block)
    return view(TITLE, [*blocks, line]) | {
        "callback_id": ASK_MODAL,
        "submit": plain("Ask"),
        "private_metadata": thread.to_json(),
    }


def _asked(question: str) -> Block:
    return heading("You asked: ", shorten(one_line(question), 300) or "…")
