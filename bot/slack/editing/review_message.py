"""A suggestion as the message that the glossary's owners decide on, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from bot.admin.editing_phrases import decided_line, duplicate_line
from bot.commands.spec import Request
from bot.slack.editing.shown import (
    DUPLICATES,
    fields_blocks,
    landing_lines,
    missing_line,
    shown_whole,
)
from bot.slack.elements import Block, Message, actions, asking, button, context, section
from bot.slack.mrkdwn import fitted
from index.editing.fields import digest_of
from index.editing.results import Preview
from index.store.ledger.suggestions import Suggestion
from index.text import one_line

APPROVE, DECLINE, MEND = "approve_suggestion", "decline_suggestion", "mend_suggestion"
REVIEW_ALL = "review_suggestion"
LONGEST_NAME = 80


def review_message(
    suggestion: Suggestion, preview: Preview | None = None, prefix: str = "", outcome: str = ""
) -> Message:
    """The message about a suggestion: with what its entry would be like and ways to decide while
    it waits, else with who decided what. It can be approved from here where all of it is shown.
    `outcome` is what came of it, as far as it is known."""
    who = one_line(suggestion.name) or one_line(suggestion.person) or "Somebody"
    title = f"{who[:LONGEST_NAME]} suggests a definition of {one_line(suggestion.fields.term)}"
    first = context(f"{who[:LONGEST_NAME]} suggests a definition.")
    if suggestion.state == "open":
        shown, whole = shown_whole(suggestion.fields)
        blocks: list[Block] = [first, *shown]
        blocks += _preview(preview) if preview is not None else []
        blocks += actions(_ways(suggestion, prefix, whole=whole))
        return Message(fitted(title, 1_000), blocks)
    blocks = [first, *fields_blocks(suggestion.fields)]
    told = decided_line(suggestion) + (f" {outcome}" if outcome else "")
    return Message(fitted(f"{title}\n{told}", 1_500), [*blocks, section(f"*{fitted(told, 800)}*")])


def offering_review(message: Message, suggestion: str) -> Message:
    """A message with a way to look through a suggestion."""
    again = button("Review it again", REVIEW_ALL, suggestion)
    return replace(message, blocks=[*message.blocks, *actions([again])])


def _preview(preview: Preview) -> list[Block]:
    lines = [fitted(duplicate_line(item), 300) for item in preview.duplicates[:DUPLICATES]]
    lines += landing_lines(preview)
    if preview.missing:
        lines.append(missing_line(preview))
    return [section("\n".join(lines))]


def _ways(suggestion: Suggestion, prefix: str, *, whole: bool) -> list[Block]:
    shown = {"digest": digest_of(suggestion.fields)}
    approve = Request("near-admin", suggestion.id, shown, verb="approve")
    ways = asking("Approve", APPROVE, approve, prefix) if whole else []
    first, *_ = [*ways, button("Review all", REVIEW_ALL, suggestion.id)]
    return [
        first | {"style": "primary"},
        button("Edit", MEND, suggestion.id),
        button("Decline", DECLINE, suggestion.id) | {"style": "danger"},
    ]
