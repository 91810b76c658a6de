"""The modals on the way from a form to an entry: a preview, a review, a conflict, a decline."""

from __future__ import annotations

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
    section,
    states_in,
    text_input,
    turns,
)
from bot.slack.blocks.mrkdwn import plain, truncate
from bot.slack.blocks.review import (
    DUPLICATES,
    landing_lines,
    missing_line,
    pages_of,
    shown_whole,
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
CONFLICT, TAKE_THEIRS = "entry_conflict", "take_theirs"
DECLINE_FORM, REASON = "decline_form", "decline_reason"
LONGEST_SIDE = 700  # characters of either text of a field
SUBMIT = {"write": "Save", "suggest": "Send", "review": "Approve"}
LONGEST_NAME = 30  # characters of a term on a button


def looking_view(purpose: FormState) -> View:
    """What is shown while it is looked where an entry lands; it has an `external_id`."""
    shown = _above("Preview", [section("Looking where it lands …")], purpose)
    return shown | {"external_id": f"preview-{secrets.token_hex(8)}"}


def preview_view(fields: EntryDraft, preview: Preview | None, purpose: FormState) -> View:
    """The preview, which is saved from here or gone back from. Without `preview`, what was typed
    alone: where there is no index that it could land in. A suggestion that is too long to be shown
    whole cannot be sent or approved."""
    blocks: list[Block] = []
    if preview is not None:
        alias = purpose.mode == "write" and not purpose.entry
        for at, duplicate in enumerate(preview.duplicates[:DUPLICATES]):
            blocks.append(_duplicate(duplicate, at, with_button=alias))
        blocks.append(section("\n".join(landing_lines(preview))))
        terms = [one_line(item.term) for item in preview.mentioned]
        named = [term for term in dict.fromkeys(terms) if 0 < len(term) <= LONGEST_SHOWN]
        if named:
            block = f"{RELATED_TOO}:{purpose.typed[:12]}"
            label = "Named in its text: add them as related?"
            blocks.append(checkboxes(label, RELATED_TOO, block, named))
        if preview.missing:
            blocks.append(section(missing_line(preview) or "…"))
        blocks.append({"type": "divider"})
    shown, whole = shown_whole(fields)
    blocks += shown
    if preview is not None:
        blocks.append(context(footer(preview)))
    made = _above("Preview", blocks, purpose)
    if not whole and purpose.mode != "write":
        return made
    return made | {"submit": plain(SUBMIT[purpose.mode])}


def review_view(suggestion: Suggestion, page: int = 1, note: str = "") -> View:
    """The page of that number, from 1, of a whole suggestion. Each leads to the next, and from the
    last one it can be approved."""
    pages = pages_of(suggestion.fields)
    page = min(max(1, page), len(pages))
    blocks = [section(truncate(note, 600))] if note else []
    blocks += [context(f"Page {page} of {len(pages)}"), *pages[page - 1]]
    shown = digest_of(suggestion.fields)
    made = view("A suggestion", blocks + actions(turns(page, len(pages), TURN_REVIEW, str))) | {
        "callback_id": REVIEW,
        "private_metadata": FormState("review", suggestion=suggestion.id, typed=shown).to_json(),
    }
    return made if page < len(pages) else made | {"submit": plain(SUBMIT["review"])}


def related_in(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The terms that were ticked as related, as Slack gives the modal."""
    ticked = dict(states_in(given)).get(RELATED_TOO) or {}
    return tuple(str(item.get("value")) for item in ticked.get("selected_options") or ())


def conflict_view(
    conflict: Conflict, purpose: FormState, stays: Collection[FieldName] = ()
) -> View:
    """What the other changed, beside what was to be saved; `purpose` is that of saving it on top.
    What they changed of the fields that `stays` names stays in either case."""
    blocks: list[Block] = [section(f"*{truncate(conflict_line(conflict), 400)}*")]
    blocks.append(section("Yours is kept as a draft."))
    if stays:
        untouched = "You did not touch what they changed here, so it stays"
        blocks.append(section(f"{untouched}: {labels(stays)}."))
    blocks += [_difference(difference) for difference in conflict.differences]
    take = button("Take theirs", TAKE_THEIRS, conflict.entry)
    blocks += actions([take])
    return view("Changed meanwhile", blocks) | {
        "callback_id": CONFLICT,
        "submit": plain("Save mine on top"),
        "close": plain("Close"),
        "clear_on_close": True,
        "private_metadata": purpose.to_json(),
    }


def _difference(difference: FieldDifference) -> Block:
    theirs, yours = (
        truncate(text, LONGEST_SIDE) or "(nothing)"
        for text in (difference.theirs, difference.yours)
    )
    return section(f"*{LABELS[difference.field]}*\n_Theirs:_ {theirs}\n_Yours:_ {yours}")


def decline_view(suggestion: str) -> View:
    """Asks for the reason why the suggestion of that id is declined."""
    told = "The one who suggested it is told, with your reason if you give one."
    reason = text_input("Why?", REASON, REASON, hint="Up to 500 characters.", multiline=True)
    return view("Decline a suggestion", [section(told), reason | {"optional": True}]) | {
        "callback_id": DECLINE_FORM,
        "submit": plain("Decline"),
        "close": plain("Cancel"),
        "private_metadata": FormState(mode="review", suggestion=suggestion).to_json(),
    }


def reason_in(given: Mapping[str, Any]) -> str:
    """The reason, as Slack gives the modal."""
    reason = dict(states_in(given)).get(REASON) or {}
    return str(reason.get("value") or "").strip()


def working_view(title: str, told: str) -> View:
    """What is shown once something has begun; closing it closes what lies below it."""
    blocks = [section(truncate(told, 2_900) or "…")]
    return view(title, blocks) | {"clear_on_close": True}


def told_view(title: str, told: str) -> View:
    """What came of it, in a sentence; closing it leads back to what lies below it."""
    return view(title, [section(truncate(told, 2_900) or "…")])


def _duplicate(duplicate: Duplicate, at: int, *, with_button: bool) -> Block:
    name = shorten(one_line(duplicate.term), LONGEST_NAME)
    label, action = f"Make it an alias of {name}", f"{MAKE_ALIAS}_{at}"
    own = button(label, action, duplicate.id) if with_button else None
    return section(truncate(duplicate_line(duplicate), 300), own)


def _above(title: str, blocks: list[Block], purpose: FormState) -> View:
    return view(title, blocks) | {
        "callback_id": PREVIEW,
        "close": plain("Back"),
        "private_metadata": purpose.to_json(),
    }
