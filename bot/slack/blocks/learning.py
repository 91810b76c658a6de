"""Learn which entry a question means: marks for buttons, and messages that ask its user."""

import re
from collections.abc import Iterable, Sequence

from bot.slack.blocks.elements import (
    LONGEST_OPTION,
    LONGEST_SHOWN,
    MOST_OPTIONS,
    Block,
    Message,
    actions,
    button,
    section,
)
from bot.slack.blocks.feedback import SHARE_LABEL, SHARE_QUESTION
from bot.slack.blocks.mrkdwn import escape, plain
from index.text import one_line, shorten

MEANT = "meant"  # the menu; its values are a question's id, a space and an entry's id or nothing
# Begins of the ids of blocks with buttons: with the id of the question; in a reply to a quotation.
ASKED, QUOTED = "asked", "quoted"
_ASKED_MARK = re.compile(rf"{ASKED}_([0-9a-f]{{16}})_[0-9]+")
_QUOTED_MARK = re.compile(rf"{QUOTED}_[0-9]+")
NONE_OF_THESE = "None of these"
ASKS = "What were you looking for?"
CONSENT = (
    "With your choice, the glossary's owners see this question, but not your name. It may become a "
    "way to ask for the entry."
)
OFFER = (
    "This question could become a way to ask for {term}. For that, the glossary's owners need to "
    "see it; they do not see your name."
)


def marked(blocks: Iterable[Block], mark: str) -> list[Block]:
    """Return the blocks of a reply, those with buttons with an id that begins with a mark."""
    return [
        block | {"block_id": f"{mark}_{at}"} if block["type"] == "actions" else block
        for at, block in enumerate(blocks)
    ]


def question_of(block_id: str) -> str:
    """Return the id of the question in the id of a block, or an empty string."""
    found = _ASKED_MARK.fullmatch(block_id)
    return found[1] if found else ""


def is_quoted(block_id: str) -> bool:
    """Return whether a block with this id belongs to a reply to a quotation."""
    return _QUOTED_MARK.fullmatch(block_id) is not None


def meant_message(
    question: str, entries: Sequence[tuple[str, str]], *, is_private: bool
) -> Message:
    """Ask which of the entries (pairs of id and term) a user looked for, with a menu."""
    options = [
        {"text": plain(shorten(one_line(term), LONGEST_SHOWN), LONGEST_SHOWN), "value": value}
        for entry, term in entries[: MOST_OPTIONS - 1]
        if len(value := f"{question} {entry}") <= LONGEST_OPTION
    ]
    options.append({"text": plain(NONE_OF_THESE), "value": f"{question} "})
    select = {"type": "static_select", "action_id": MEANT, "options": options}
    text = f"{ASKS}\n{CONSENT}" if is_private else ASKS
    menu = actions([select | {"placeholder": plain("Choose an entry")}])
    return Message(text, [section(text), *menu])


def consent_message(question: str, entry: str, term: str) -> Message:
    """Ask the user who asked a question for the consent to propose it, with a button."""
    offer = OFFER.format(term=escape(shorten(one_line(term), LONGEST_SHOWN)))
    value = f"{question} {entry}"
    return Message(offer, [section(offer), *actions([button(SHARE_LABEL, SHARE_QUESTION, value)])])
