"""The state of a form, stored in the metadata of its view.

The metadata is not trusted: permissions depend on the user of the signed request.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import Literal

from index.entry_draft import FieldName
from index.entry_json import from_fields

Mode = Literal["suggest", "write", "review"]
"""`suggest`: a suggestion, by anybody. `write`: an entry, by an admin. `review`: a suggestion that
an admin edits before approving it."""


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
    slot: str = field(default_factory=lambda: secrets.token_hex(4))
    typed: str = ""

    @property
    def same(self) -> str:
        """The common prefix of the draft names of all forms for one entry or suggestion."""
        digest = hashlib.sha256(f"{self.suggestion}/{self.entry}".encode()).hexdigest()[:16]
        return f"slack {self.mode} {digest} "

    @property
    def draft(self) -> str:
        return self.same + self.slot

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> FormState:
        """Parse the output of any version's `to_json`; other text gives the default state."""
        try:
            given = json.loads(text)
            return from_fields(cls, given | {"kept": tuple(given["kept"])})
        except (ValueError, TypeError, KeyError):
            return cls()
