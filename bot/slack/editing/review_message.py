"""A suggestion as the message that the glossary's owners decide on, and what became of it."""

from __future__ import annotations

from bot.grammar import Request, line_of
from bot.slack.editing.shown import (
    DUPLICATES,
    duplicate_line,
    fields_blocks,
    landing_lines,
    missing_line,
)
from bot.slack.elements import Block, Message, button, context, section
from bot.slack.mrkdwn import fitted
from index.editing.results import Preview
from index.store.ledger.suggestions import Suggestion
from index.text import one_line

APPROVE, DECLINE, MEND = "approve_suggestion", "decline_suggestion", "mend_suggestion"
LONGEST_NAME = 80
DECIDED = {"approved": "Approved", "declined": "Declined"}


def review_message(
    suggestion: Suggestion, preview: Preview | None = None, prefix: str = "", outcome: str = ""
) -> Message:
    """The message about a suggestion: with what its entry would be like and ways to decide while
    it waits, else with who decided what. `outcome` is what came of it, as far as it is known."""
    who = one_line(suggestion.name) or one_line(suggestion.person) or "Somebody"
    title = f"{who[:LONGEST_NAME]} suggests a definition of {one_line(suggestion.fields.term)}"
    first = context(f"{who[:LONGEST_NAME]} suggests a definition.")
    blocks: list[Block] = [first, *fields_blocks(suggestion.fields)]
    if suggestion.state == "open":
        blocks += _preview(preview) if preview is not None else []
        blocks.append({"type": "actions", "elements": _ways(suggestion, prefix)})
        return Message(fitted(title, 1_000), blocks)
    told = decided_line(suggestion) + (f" {outcome}" if outcome else "")
    return Message(fitted(f"{title}\n{told}", 1_500), [*blocks, section(f"*{fitted(told, 800)}*")])


def decided_line(suggestion: Suggestion) -> str:
    """Who decided what of a suggestion, and why."""
    line = f"{DECIDED.get(suggestion.state, 'Decided')} by {one_line(suggestion.reviewer)}."
    reason = one_line(suggestion.note)
    return f"{line} The reason: {reason}" if reason else line


def _preview(preview: Preview) -> list[Block]:
    lines = [duplicate_line(item) for item in preview.duplicates[:DUPLICATES]]
    lines += landing_lines(preview)
    if preview.missing:
        lines.append(missing_line(preview))
    return [section("\n".join(lines))]


def _ways(suggestion: Suggestion, prefix: str) -> list[Block]:
    approve = Request("near-admin", suggestion.id, verb="approve")
    return [
        button("Approve", APPROVE, line_of(approve, prefix)) | {"style": "primary"},
        button("Edit", MEND, suggestion.id),
        button("Decline", DECLINE, suggestion.id) | {"style": "danger"},
    ]
