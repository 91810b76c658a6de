"""What a form in Slack is for, as it travels in the form itself.

Slack gives back what a view carries, and anybody may have changed it on the way. So it only says
what is meant: who may do that is decided by who sends it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from index.entry_draft import NAMES, FieldName
from index.text import one_line

Mode = Literal["suggest", "write", "review"]
"""A suggestion, by anybody; an entry that an admin writes; somebody's suggestion that an admin
mends before it is approved."""

LONGEST = 400  # characters of each part
SLOT = 8  # characters of the name that a form has among the drafts of a person


@dataclass(frozen=True, slots=True)
class FormState:
    """What is written with a form.

    `entry` is the id of the entry that is edited, empty for a new one; `version` is what that entry
    was when the form was opened. `suggestion` is the id of the one that is mended. `kept` names the
    fields that are too long for a form, and stay as they are. `slot` tells the form from others for
    the same, so that no draft takes the place of another. `typed` is the digest of what was typed,
    once a preview of it is shown.
    """

    mode: Mode = "suggest"
    entry: str = ""
    version: str = ""
    suggestion: str = ""
    kept: tuple[FieldName, ...] = ()
    slot: str = field(default_factory=lambda: secrets.token_hex(SLOT // 2))
    typed: str = ""

    @property
    def same(self) -> str:
        """What the names of the drafts of all forms for the same begin with."""
        digest = hashlib.sha256(f"{self.suggestion}/{self.entry}".encode()).hexdigest()[:16]
        return f"slack {self.mode} {digest} "

    @property
    def draft(self) -> str:
        """The name of the draft of this form."""
        return self.same + self.slot[:SLOT]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> FormState:
        """What `to_json` wrote; of anything else what can be understood, and else a suggestion."""
        try:
            raw = json.loads(text)
        except ValueError:
            raw = None
        given: dict[str, Any] = raw if isinstance(raw, dict) else {}
        mode: Mode = next((one for one in get_args(Mode) if one == given.get("mode")), "suggest")
        kept = given.get("kept")
        return cls(
            mode=mode,
            entry=_text(given.get("entry")),
            version=_text(given.get("version")),
            suggestion=_text(given.get("suggestion")),
            kept=tuple(name for name in NAMES if name in kept) if isinstance(kept, list) else (),
            slot=_text(given.get("slot")),
            typed=_text(given.get("typed")),
        )


def _text(value: object) -> str:
    return one_line(value)[:LONGEST] if isinstance(value, str) else ""
