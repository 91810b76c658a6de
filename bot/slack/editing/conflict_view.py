"""Two people edited one entry: what the other changed, field by field, as a modal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from bot.admin.editing_replies import Conflict, Difference
from bot.slack.editing.form_view import LABELS, ago
from bot.slack.editing.purpose import Purpose
from bot.slack.elements import Block, button, section
from bot.slack.modals import View, view
from bot.slack.mrkdwn import fitted, plain
from index.editing.fields import FieldName
from index.text import one_line

CONFLICT = "entry_conflict"
TAKE_THEIRS = "take_theirs"
LONGEST_SIDE = 700  # characters of either text of a field


def conflict_view(conflict: Conflict, purpose: Purpose, stays: Collection[FieldName] = ()) -> View:
    """What the other changed, beside what was to be saved; `purpose` is that of saving it on top.
    What they changed of the fields that `stays` names stays in either case."""
    blocks: list[Block] = [section(f"*{fitted(changed_line(conflict), 400)}*")]
    blocks.append(section("Nothing was saved, and nothing is lost: yours is kept as a draft."))
    if stays:
        names = ", ".join(LABELS[name].casefold() for name in stays)
        blocks.append(section(f"You did not touch what they changed here, so it stays: {names}."))
    blocks += [_difference(difference) for difference in conflict.differences]
    take = button("Take theirs", TAKE_THEIRS, conflict.entry)
    blocks.append({"type": "actions", "elements": [take]})
    return view("Changed meanwhile", blocks) | {
        "callback_id": CONFLICT,
        "submit": plain("Save mine on top"),
        "close": plain("Close"),
        "clear_on_close": True,
        "private_metadata": purpose.to_json(),
    }


def changed_line(conflict: Conflict, now: datetime | None = None) -> str:
    """Who changed an entry and when, as text."""
    who = one_line(conflict.by) or "Its source"
    did = "removed" if conflict.removed else "changed"
    line = f'{who} {did} "{one_line(conflict.term)}"'
    if conflict.at is None:
        return f"{line} after you opened it."
    seconds = ((now or datetime.now(UTC)) - conflict.at).total_seconds()
    return f"{line} {ago(seconds)}, after you opened it."


def _difference(difference: Difference) -> Block:
    theirs, yours = (
        fitted(text, LONGEST_SIDE) or "(nothing)" for text in (difference.theirs, difference.yours)
    )
    return section(f"*{LABELS[difference.field]}*\n_Theirs:_ {theirs}\n_Yours:_ {yours}")
