"""Short texts that come with Nearsay and are embedded once a model, beside those of an index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class NamedText:
    """A short text that stands for the field or the landmark of that name."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal, as that of a passage (see `Passage.digest`)."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def texts_in(file: str) -> tuple[NamedText, ...]:
    """The texts of a file beside this module, those of one name together, in its order; no text is
    there twice. The file holds groups of names, each with its texts."""
    import yaml  # takes a while, and few questions need it

    content = (resources.files("index.space") / file).read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one in C is ten times as fast
    groups: dict[str, dict[str, list[str]]]
    groups = yaml.load(content, Loader=loader)  # noqa: S506  # gives strings only
    return tuple(
        NamedText(name, text)
        for names in groups.values()
        for name, texts in names.items()
        for text in texts
    )
