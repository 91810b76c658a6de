"""The state of a form, stored in the metadata of its view.

The metadata is not trusted: permissions depend on the user of the signed request.
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
"""`suggest`: a suggestion, by anybody. `write`: an entry, by an admin. `review`: a suggestion that
an admin edits before approving it."""

LONGEST = 400  # characters of each field
SLOT = 8  # characters


@dataclass(frozen=True, slots=True)
class FormState:
    """The state of a form.

    `entry`: the id of the edited entry, empty for a new one; `version`: its version at opening.
    `suggestion`: the id of the edited suggestion.
    `kept`: the fields that are too long for a form and stay unchanged.
    `slot`: a random id, so that forms for the same entry have separate drafts.
    `typed`: the digest of the previewed fields.
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
        """The common prefix of the draft names of all forms for one entry or suggestion."""
        digest = hashlib.sha256(f"{self.suggestion}/{self.entry}".encode()).hexdigest()[:16]
        return f"slack {self.mode} {digest} "

    @property
    def draft(self) -> str:
        return self.same + self.slot[:SLOT]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> FormState:
        """Parse the output of `to_json`. Missing or invalid fields get their defaults."""
        try:
            raw = json.loads(text)
        except ValueError:
            raw = None
        given: dict[str, Any] = raw if isinstance(raw, dict) else {}
        mode: Mode = next((one for one in get_args(Mode) if one == given.get("mode")), "suggest")
        kept = given.get("kept")
        known = tuple(name for name in NAMES if name in kept) if isinstance(kept, list) else ()
        texts = ("entry", "version", "suggestion", "slot", "typed")
        return cls(mode, kept=known, **{name: _text(given.get(name)) for name in texts})


def _text(value: object) -> str:
    return one_line(value)[:LONGEST] if isinstance(value, str) else ""
