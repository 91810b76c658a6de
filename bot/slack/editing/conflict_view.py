"""Two people edited one entry: what the other changed, field by field, as a modal."""

from __future__ import annotations

from collections.abc import Collection

from bot.admin.editing_phrases import LABELS, conflict_line, labels
from bot.admin.editing_replies import Conflict, Difference
from bot.slack.editing.purpose import Purpose
from bot.slack.elements import Block, actions, button, section
from bot.slack.modals import View, view
from bot.slack.mrkdwn import fitted, plain
from index.editing.fields import FieldName

CONFLICT = "entry_conflict"
TAKE_THEIRS = "take_theirs"
LONGEST_SIDE = 700  # characters of either text of a field


def conflict_view(conflict: Conflict, purpose: Purpose, stays: Collection[FieldName] = ()) -> View:
    """What the other changed, beside what was to be saved; `purpose` is that of saving it on top.
    What they changed of the fields that `stays` names stays in either case."""
    blocks: list[Block] = [section(f"*{fitted(conflict_line(conflict), 400)}*")]
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


def _difference(difference: Difference) -> Block:
    theirs, yours = (
        fitted(text, LONGEST_SIDE) or "(nothing)" for text in (difference.theirs, difference.yours)
    )
    return section(f"*{LABELS[difference.field]}*\n_Theirs:_ {theirs}\n_Yours:_ {yours}")
