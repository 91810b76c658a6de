"""The modals shown after the entry form: preview, review, conflict and decline."""

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from bot.rendering.common import footer
from bot.rendering.editing import LABELS, conflict_line, duplicate_line, labels
from bot.replies.editing import Conflict, FieldDifference
from bot.slack.blocks.elements import (
    LONGEST_SHOWN,
    Block,
    actions,
    button,
    checkboxes,
    context,
    page_buttons,
    section,
    states_in,
    text_input,
)
from bot.slack.blocks.mrkdwn import plain, truncate
from bot.slack.blocks.review import (
    DUPLICATES,
    neighbourhood_lines,
    pages_of,
)
from bot.slack.views.form_state import FormState
from bot.slack.views.modal import View, view
from index.editing.draft_check import Duplicate, Preview
from index.entry_draft import EntryDraft, FieldName, digest_of
from index.storage.db.suggestions import Suggestion
from index.text import one_line, shorten

PREVIEW = "entry_preview"
REVIEW, TURN_REVIEW = "suggestion_review", "turn_review"
MAKE_ALIAS = "make_alias"
RELATED_TOO = "related_too"
CONFLICT = "entry_conflict"
DECLINE_FORM, REASON = "decline_form", "decline_reason"
LONGEST_SIDE = 700  # characters of each version of a field in a conflict
SUBMIT = {"write": "Save", "suggest": "Send", "review": "Approve"}
LONGEST_NAME = 30  # characters of a term on a button


def loading_view(purpose: FormState) -> View:
    """Build the placeholder for a preview. The caller updates it by its random `external_id`."""
    shown = _preview_modal([section("Finding the nearest entries …")], purpose)
    return shown | {"external_id": f"preview-{secrets.token_hex(8)}"}


def preview_view(fields: EntryDraft, preview: Preview, purpose: FormState) -> View:
    """Build the preview of an entry. A suggestion of several pages has no submit button."""
    alias = purpose.mode == "write" and not purpose.entry
    blocks = [
        _duplicate(duplicate, at, with_button=alias)
        for at, duplicate in enumerate(preview.duplicates[:DUPLICATES])
    ]
    blocks.append(section("\n".join(neighbourhood_lines(preview))))
    terms = [one_line(item.term) for item in preview.mentioned]
    named = [term for term in dict.fromkeys(terms) if 0 < len(term) <= LONGEST_SHOWN]
    if named:
        block = f"{RELATED_TOO}:{purpose.typed[:12]}"
        label = "Terms in the text: add them as related?"
        blocks.append(checkboxes(label, RELATED_TOO, block, named))
    shown, *others = pages_of(fields)
    blocks += [{"type": "divider"}, *shown, context(footer(preview))]
    made = _preview_modal(blocks, purpose)
    if others and purpose.mode != "write":
        return made
    return made | {"submit": plain(SUBMIT[purpose.mode])}


def review_view(suggestion: Suggestion, page: int = 1, note: str = "") -> View:
    """Build page `page` (from 1) of a suggestion. Only the last page has the "Approve" button."""
    pages = pages_of(suggestion.fields)
    page = min(max(1, page), len(pages))
    blocks = [section(truncate(note, 600))] if note else []
    blocks += [context(f"Page {page} of {len(pages)}"), *pages[page - 1]]
    shown = digest_of(suggestion.fields)
    made = view(
        "A suggestion", blocks + actions(page_buttons(page, len(pages), TURN_REVIEW, str))
    ) | {
        "callback_id": REVIEW,
        "private_metadata": FormState("review", suggestion=suggestion.id, typed=shown).to_json(),
    }
    return made if page < len(pages) else made | {"submit": plain(SUBMIT["review"])}


def related_in(given: Mapping[str, Any]) -> tuple[str, ...]:
    ticked = dict(states_in(given)).get(RELATED_TOO) or {}
    return tuple(str(item.get("value")) for item in ticked.get("selected_options") or ())


def conflict_view(
    conflict: Conflict, purpose: FormState, stays: Collection[FieldName] = ()
) -> View:
    """Build the modal that compares another user's changes with this user's.

    Closing it leaves the other user's changes. This user's are already stored as a draft.
    `stays`: the fields that only the other user has changed.
    """
    blocks: list[Block] = [section(f"*{truncate(conflict_line(conflict), 400)}*")]
    blocks.append(section("Your version is kept as a draft."))
    if stays:
        unchanged = "They changed these fields and you did not, so their text stays"
        blocks.append(section(f"{unchanged}: {labels(stays)}."))
    blocks += [_difference(difference) for difference in conflict.differences]
    return view("Edit conflict", blocks) | {
        "callback_id": CONFLICT,
        "submit": plain("Save mine"),
        "close": plain("Take theirs"),
        "clear_on_close": True,
        "private_metadata": purpose.to_json(),
    }


def _difference(difference: FieldDifference) -> Block:
    theirs, yours = (
        truncate(text, LONGEST_SIDE) or "(empty)" for text in (difference.theirs, difference.yours)
    )
    return section(f"*{LABELS[difference.field]}*\n_Theirs:_ {theirs}\n_Yours:_ {yours}")


def decline_view(suggestion: str) -> View:
    notice = "The author will be notified, with your reason if you give one."
    reason = text_input("Why?", REASON, REASON, hint="Up to 500 characters.", multiline=True)
    return view("Decline a suggestion", [section(notice), reason | {"optional": True}]) | {
        "callback_id": DECLINE_FORM,
        "submit": plain("Decline"),
        "close": plain("Cancel"),
        "private_metadata": FormState(mode="review", suggestion=suggestion).to_json(),
    }


def working_view(title: str, text: str) -> View:
    """Build a modal with a message. Closing it also closes the views below it."""
    return message_view(title, text) | {"clear_on_close": True}


def message_view(title: str, text: str) -> View:
    """Build a modal with a message. Closing it returns to the view below it."""
    return view(title, [section(truncate(text, 2_900) or "…")])


def _duplicate(duplicate: Duplicate, at: int, *, with_button: bool) -> Block:
    label = f"Make it an alias of {shorten(one_line(duplicate.term), LONGEST_NAME)}"
    own = button(label, f"{MAKE_ALIAS}_{at}", duplicate.id) if with_button else None
    return section(truncate(duplicate_line(duplicate), 300), own)


def _preview_modal(blocks: list[Block], purpose: FormState) -> View:
    return view("Preview", blocks) | {
        "callback_id": PREVIEW,
        "close": plain("Back"),
        "private_metadata": purpose.to_json(),
    }
