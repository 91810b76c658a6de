"""What a form in Slack is for, as it travels in the form itself.

Slack gives back what a view carries, and anybody may have changed it on the way. So it only says what
is meant: who may do that is decided by who sends it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from index.editing.fields import NAMES, FieldName
from index.text import one_line

Mode = Literal["suggest", "write", "review"]
"""A suggestion, by anybody; an entry that an admin writes; somebody's suggestion that an admin
mends before it is approved."""

LONGEST = 200  # characters of each part that is kept


@dataclass(frozen=True, slots=True)
class Purpose:
    """What is written with a form.

    `entry` is the id of the entry that is edited, empty for a new one; `version` is what that entry
    was when the form was opened. `suggestion` is the id of the one that is mended. `kept` names the
    fields that are too long for a form, and stay as they are. `typed` is the digest of what was
    typed, once a preview of it is shown.
    """

    mode: Mode = "suggest"
    entry: str = ""
    version: str = ""
    suggestion: str = ""
    kept: tuple[FieldName, ...] = ()
    typed: str = ""

    @property
    def form(self) -> str:
        """The name of the form among the drafts of a person."""
        return f"{self.mode} {self.suggestion or self.entry}".strip()[:LONGEST]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Purpose:
        """What `to_json` wrote; of anything else what can be understood, and else a suggestion."""
        try:
            raw = json.loads(text)
        except ValueError:
            raw = None
        given: dict[str, Any] = raw if isinstance(raw, dict) else {}
        mode = given.get("mode")
        kept = given.get("kept")
        return cls(
            mode=mode if mode in get_args(Mode) else "suggest",
            entry=_text(given.get("entry")),
            version=_text(given.get("version")),
            suggestion=_text(given.get("suggestion")),
            kept=tuple(name for name in NAMES if name in kept) if isinstance(kept, list) else (),
            typed=_text(given.get("typed")),
        )


def _text(value: object) -> str:
    return one_line(value)[:LONGEST] if isinstance(value, str) else ""
