"""Blocks for reviewing a suggestion, and for the fields and neighbours of an unsaved entry."""

from collections.abc import Iterator
from dataclasses import replace

from bot.commands.spec import Request
from bot.rendering.common import bar
from bot.rendering.editing import LABELS, decided_line, duplicate_line, labelled_fields
from bot.slack.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    paged,
    request_button,
    section,
)
from bot.slack.blocks.mrkdwn import truncate
from index.editing.draft_check import Preview
from index.editing.plaintext import text_of
from index.entry import Mention
from index.entry_draft import EntryDraft, FieldName, digest_of
from index.storage.db.suggestions import Suggestion
from index.text import one_line

APPROVE, DECLINE, EDIT_SUGGESTION = "approve_suggestion", "decline_suggestion", "mend_suggestion"
REVIEW_ALL = "review_suggestion"
LONGEST_NAME = 80
LONGEST_DEFINITION = 1_500  # characters
LONGEST_PART = 700  # characters of each other field
LONGEST_WHOLE = 10_000  # characters; a longer suggestion is shown whole only in pages
LONGEST_PAGE = 9_000
MOST_GROUPS = 45  # groups of two blocks on a page; a modal may have 100 blocks
LONGEST_PIECE = 2_800  # characters of a section
NEAREST = 5  # entries
DUPLICATES = 3


def review_message(
    suggestion: Suggestion, preview: Preview | None = None, prefix: str = "", outcome: str = ""
) -> Message:
    """Build the review message of a suggestion, which can be approved there if shown whole."""
    who = one_line(suggestion.name) or one_line(suggestion.person) or "Somebody"
    title = f"{who[:LONGEST_NAME]} suggests a definition of {one_line(suggestion.fields.term)}"
    first = context(f"{who[:LONGEST_NAME]} suggests a definition.")
    if suggestion.state == "open":
        shown, whole = whole_or_shortened(suggestion.fields)
        blocks: list[Block] = [first, *shown]
        blocks += _preview(preview) if preview is not None else []
        blocks += actions(_review_buttons(suggestion, prefix, whole=whole))
        return Message(truncate(title, 1_000), blocks)
    blocks = [first, *fields_blocks(suggestion.fields)]
    decision = decided_line(suggestion) + (f" {outcome}" if outcome else "")
    return Message(
        truncate(f"{title}\n{decision}", 1_500), [*blocks, section(f"*{truncate(decision, 800)}*")]
    )


def with_review_button(message: Message, suggestion: str) -> Message:
    """Add a button to a message that opens the review of a suggestion."""
    again = button("Review it again", REVIEW_ALL, suggestion)
    return replace(message, blocks=[*message.blocks, *actions([again])])


def _preview(preview: Preview) -> list[Block]:
    lines = [truncate(duplicate_line(item), 300) for item in preview.duplicates[:DUPLICATES]]
    lines += neighbourhood_lines(preview)
    if preview.missing:
        lines.append(missing_line(preview))
    return [section("\n".join(lines))]


def _review_buttons(suggestion: Suggestion, prefix: str, *, whole: bool) -> list[Block]:
    shown = {"digest": digest_of(suggestion.fields)}
    approve = Request("near-admin", suggestion.id, shown, verb="approve")
    buttons = request_button("Approve", APPROVE, approve, prefix) if whole else []
    first, *_ = [*buttons, button("Review all", REVIEW_ALL, suggestion.id)]
    return [
        first | {"style": "primary"},
        button("Edit", EDIT_SUGGESTION, suggestion.id),
        button("Decline", DECLINE, suggestion.id) | {"style": "danger"},
    ]


def fields_blocks(fields: EntryDraft) -> list[Block]:
    about = [one_line(fields.category)] if fields.category else []
    if fields.aliases:
        about.append(f"also: {one_line(', '.join(fields.aliases))}")
    blocks = [section(f"*{truncate(one_line(fields.term), 150) or '…'}*")]
    if about:
        blocks.append(context(" · ".join(about)))
    blocks.append(section(truncate(fields.definition, LONGEST_DEFINITION) or "…"))
    parts: tuple[FieldName, ...] = ("example", "related", "questions")
    for name in parts:
        if text := text_of(fields, name):
            shown = truncate(text, LONGEST_PART) or "…"
            blocks.append(section(f"*{LABELS[name]}*\n{shown}"))
    return blocks


def _whole(fields: EntryDraft) -> list[list[Block]]:
    """Build the whole draft as it would be published, as plain text with the hosts of links."""
    groups: list[list[Block]] = []
    for label, text in labelled_fields(fields):
        for piece in _pieces(text):
            shown = {"type": "plain_text", "text": piece, "emoji": False}
            groups.append([context(label), {"type": "section", "text": shown, "expand": True}])
    return groups


def whole_or_shortened(fields: EntryDraft) -> tuple[list[Block], bool]:
    """Build the whole draft if it fits, else truncated fields. Also return whether it fits."""
    whole = _whole(fields)
    if sum(len(text["text"]["text"]) for _, text in whole) <= LONGEST_WHOLE:
        return [block for group in whole for block in group], True
    return fields_blocks(fields), False


def pages_of(fields: EntryDraft) -> list[list[Block]]:
    return paged(_whole(fields), LONGEST_PAGE, MOST_GROUPS)


def _pieces(text: str) -> Iterator[str]:
    while text:
        end = LONGEST_PIECE
        if len(text) > end:
            end = max(text.rfind(blank, end // 2, end) for blank in " \n") + 1 or end
        yield text[:end]
        text = text[end:]


def neighbourhood_lines(preview: Preview) -> list[str]:
    """Render the neighbourhood and nearest entries of a draft as lines of markup."""
    lines = [
        f"Neighbourhood: *{truncate(one_line(preview.neighbourhood), 120)}*. The nearest entries:"
        if preview.neighbourhood
        else "Not in any neighbourhood on the map. The nearest entries:"
    ]
    return [*lines, *map(_near_line, preview.nearest[:NEAREST])]


def missing_line(preview: Preview) -> str:
    return truncate(" ".join(map(one_line, preview.missing)), 600)


def _near_line(mention: Mention) -> str:
    term = truncate(one_line(mention.term), 120)
    if mention.similarity is None:
        return term
    return f"{mention.similarity:.2f} {bar(mention.similarity)}  {term}"
