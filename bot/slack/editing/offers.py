"""The buttons that lead to a form: suggest a definition, edit an entry."""

from __future__ import annotations

from bot.commands.spec import Request
from bot.phrases import is_remark
from bot.replies import Problem, Reply
from bot.slack.elements import Block, button
from index.space.results import Answer, Neighbours
from index.text import one_line, shorten

SUGGEST, EDIT_ENTRY = "suggest_definition", "edit_entry"
LONGEST_ASKED = 300  # characters of what was asked that go along
LONGEST_TERM = 60  # characters of what may be a term
WORDS = 5  # of a term, at most


def suggest_button(asked: str) -> Block:
    """A button to suggest a definition of what was asked for."""
    return button("Suggest a definition", SUGGEST, shorten(one_line(asked), LONGEST_ASKED) or "…")


def edit_button(entry_id: str) -> Block:
    """A button to edit an entry, for admins."""
    return button("Edit", EDIT_ENTRY, entry_id)


def offer_of(reply: Reply, request: Request | None) -> Block | None:
    """The offer under a reply that found no entry for what was asked."""
    match reply:
        case Problem(code="not_found") if request is not None and request.command == "define":
            return suggest_button(request.text)
        case Neighbours(sparse=True):
            return suggest_button(reply.query)
        case Answer(answered=False) if not is_remark(reply):
            return suggest_button(reply.question)
    return None


def term_in(asked: str) -> str:
    """What was asked for, where it may be a term and is no question; else nothing."""
    text = one_line(asked).strip(" ?!.…\"'“”")
    is_question = asked.rstrip().endswith("?") or len(text.split()) > WORDS
    return "" if is_question or len(text) > LONGEST_TERM else text
