"""Blocks for reviewing a suggestion, and for the fields and neighbours of an unsaved entry."""

from dataclasses import replace

from bot.commands.spec import Request
from bot.rendering.common import bar
from bot.rendering.editing import decided_line, duplicate_line, labelled_fields
from bot.slack.blocks.elements import (
    LONGEST_SECTION,
    Block,
    Message,
    actions,
    button,
    context,
    paged,
    section,
)
from bot.slack.blocks.mrkdwn import split, truncate
from index.editing.draft_check import Preview
from index.entry import Mention
from index.entry_draft import EntryDraft, digest_of
from index.storage.db.suggestions import Suggestion
from index.text import one_line

APPROVE, DECLINE, EDIT_SUGGESTION = "approve_suggestion", "decline_suggestion", "mend_suggestion"
REVIEW_ALL = "review_suggestion"
LONGEST_NAME = 80  # characters
LONGEST_PAGE = 10_000  # characters; a longer suggestion is split into pages
MOST_GROUPS = 20  # groups of two blocks on a page; a message may have 50 blocks
NEAREST = 5  # entries
DUPLICATES = 3


def review_message(
    suggestion: Suggestion, preview: Preview | None = None, outcome: str = ""
) -> Message:
    """Build the review message: the first page of a suggestion, with buttons while it is open.

    The "Approve" button is left out if the suggestion has more pages.
    """
    who = one_line(suggestion.name) or one_line(suggestion.person) or "Somebody"
    title = f"{who[:LONGEST_NAME]} suggests a definition of {one_line(suggestion.fields.term)}"
    shown, *others = pages_of(suggestion.fields)
    blocks = [context(title), *shown]
    if suggestion.state == "open":
        if preview is not None:
            duplicates = preview.duplicates[:DUPLICATES]
            lines = [truncate(duplicate_line(item), 300) for item in duplicates]
            blocks.append(section("\n".join([*lines, *neighbourhood_lines(preview)])))
        blocks += actions(_review_buttons(suggestion, whole=not others))
        return Message(truncate(title, 1_000), blocks)
    decision = decided_line(suggestion) + (f" {outcome}" if outcome else "")
    return Message(
        truncate(f"{title}\n{decision}", 1_500), [*blocks, section(f"*{truncate(decision, 800)}*")]
    )


def with_review_button(message: Message, suggestion: str) -> Message:
    """Return the message with a button that opens the review of a suggestion."""
    again = button("Review it again", REVIEW_ALL, suggestion)
    return replace(message, blocks=[*message.blocks, *actions([again])])


def _review_buttons(suggestion: Suggestion, *, whole: bool) -> list[Block]:
    shown = {"digest": digest_of(suggestion.fields)}
    approve = Request("near-admin", one_line(suggestion.id), shown, verb="approve")
    review_all = button("Review all", REVIEW_ALL, suggestion.id)
    first = button("Approve", APPROVE, approve) if whole else review_all
    return [
        first | {"style": "primary"},
        button("Edit", EDIT_SUGGESTION, suggestion.id),
        button("Decline", DECLINE, suggestion.id) | {"style": "danger"},
    ]


def pages_of(fields: EntryDraft) -> list[list[Block]]:
    """Build pages that show a draft as published: plain text, and the hosts of its links."""
    groups: list[list[Block]] = []
    for label, text in labelled_fields(fields):
        for piece in split(text, LONGEST_SECTION):
            shown = {"type": "plain_text", "text": piece, "emoji": False}
            groups.append([context(label), {"type": "section", "text": shown, "expand": True}])
    return paged(groups, LONGEST_PAGE, MOST_GROUPS)


def neighbourhood_lines(preview: Preview) -> list[str]:
    """Render a draft's neighbourhood, nearest entries and missing parts as lines of markup."""
    lines = [
        f"Neighbourhood: *{truncate(one_line(preview.neighbourhood), 120)}*. The nearest entries:"
        if preview.neighbourhood
        else "Not in any neighbourhood on the map. The nearest entries:"
    ]
    lines += map(_near_line, preview.nearest[:NEAREST])
    missing = truncate(" ".join(map(one_line, preview.missing)), 600)
    return [*lines, missing] if missing else lines


def _near_line(mention: Mention) -> str:
    term = truncate(one_line(mention.term), 120)
    if mention.similarity is None:
        return term
    return f"{mention.similarity:.2f} {bar(mention.similarity)}  {term}"
