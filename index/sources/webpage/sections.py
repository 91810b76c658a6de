"""Split a saved page at its headings, and remove the website's boilerplate."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.sources.markdown.term_names import alias_line
from index.sources.webpage.boilerplate import (
    bare,
    ends_page,
    heading_text,
    is_boilerplate,
    is_byline,
)
from index.sources.webpage.header import back_to, date_in
from index.sources.webpage.headings import (
    PLAIN,
    PROSE,
    Kind,
    heading_kind,
    inline_heading,
    is_sentence,
)
from index.sources.webpage.lines import TextLine

_ARROWS = frozenset("›»>/→❯|")
_LISTING: frozenset[Kind] = frozenset(("faq", "related", "references", "dropped"))


@dataclass(slots=True)
class Part:
    """The lines under one heading; the part before the first heading has the kind "head"."""

    kind: Kind
    heading: str = ""
    level: int = 0
    lines: list[TextLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PageContent:
    """The parts of a page, and the aliases and the date found on separate lines. `back` is the
    category in a "Back to" link."""

    parts: list[Part]
    aliases: tuple[str, ...]
    updated: str
    updated_at: int | None
    back: str = ""


def content_of(lines: Sequence[TextLine]) -> PageContent:
    """Split the lines of a page into its parts."""
    aliases: list[str] = []
    updated: str | None = None  # "" while the date is expected on the next line
    updated_at: int | None = None
    back = ""
    kept: list[TextLine] = []
    for line in _joined_trail(lines):
        if updated == "":
            updated = line.text
            continue
        if line.kind != "code":
            if dated := date_in(line.text):
                if updated is None:
                    updated, updated_at = dated[1], line.number
                line = replace(line, text=dated[0])
            names = alias_line(bare(line.text))
            aliases += names
            back = back or back_to(line.text)
            if names or not line.text:
                continue
        kept.append(line)
    return PageContent(_split(kept), tuple(aliases), updated or "", updated_at, back)


def _joined_trail(lines: Sequence[TextLine]) -> list[TextLine]:
    """Join the steps of a breadcrumb whose arrows are on separate lines."""
    found: list[TextLine] = []
    joining = False
    for at, line in enumerate(lines):
        arrow = at < 40 and line.text.strip() in _ARROWS
        if found and (joining or arrow) and len(found[-1].text) <= 200:
            text = "›" if arrow else line.text
            found[-1] = replace(found[-1], text=f"{found[-1].text} {text}")
        else:
            found.append(line)
        joining = arrow
    return found


def _split(lines: Sequence[TextLine]) -> list[Part]:
    splitter = _Splitter(lines)
    parts = splitter.parts
    for line, after in zip(lines, (*lines[1:], None), strict=False):
        in_head = parts[-1].kind == "head"
        about_page = line.kind != "code" and (ends_page(line.text) or is_byline(line.text))
        if about_page:
            if not in_head:
                parts.append(Part("dropped", level=line.level))
        elif kind := splitter.opened(line, after):
            parts.append(Part(kind, heading_text(line.text), line.level))
        elif inline := _inline_parts(line, parts):
            parts += inline
        elif in_head or line.kind in ("code", "question") or not is_boilerplate(line.text):
            parts[-1].lines.append(line)
    return [part for part in parts if part.kind != "dropped"]


def _inline_parts(line: TextLine, parts: list[Part]) -> list[Part]:
    """Return the parts opened by a line with a heading and its text (“Related terms: A, B”).

    After an inline "Related terms" line, the part above it continues.
    """
    cut = inline_heading(line.text) if line.kind == "text" and not line.level else None
    kind = heading_kind(cut[0]) if cut else None
    here = parts[-1]
    if cut is None or kind is None or here.kind == "example":
        return []
    if kind == "definition" and any(part.kind in (kind, "faq") for part in parts):
        return []
    part = Part(kind, cut[0], lines=[replace(line, text=cut[1], lead="")])
    if kind == "related" and here.kind in PROSE:
        return [part, Part(here.kind, here.heading, here.level)]
    return [part]


class _Splitter:
    """Decides which lines are headings, by their words and by the markup of other headings."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self.parts = [Part("head")]
        marked = [
            (line.level, kind) for line in lines if line.level and (kind := heading_kind(line.text))
        ]
        levels = Counter(level for level, _ in marked)
        self.level = levels.most_common(1)[0][0] if levels else 0
        self.marked = len({kind for _, kind in marked}) >= 3

    def opened(self, line: TextLine, after: TextLine | None) -> Kind | None:
        """Return the kind of part that `line` opens, or None if it is not a heading."""
        if line.kind in ("code", "question"):
            return None
        kind = heading_kind(line.text)
        here = self.parts[-1]
        if line.level:
            return self._marked(line, kind, here)
        if kind in PLAIN:
            item = line.kind == "item" and (here.kind == "related" or self.marked)
            return None if item else kind
        return None if self.marked else self._unmarked(line, kind, here, after)

    def _is_new(self, kind: Kind | None) -> bool:
        return all(part.kind != kind for part in self.parts)

    def _marked(self, line: TextLine, kind: Kind | None, here: Part) -> Kind | None:
        deeper = bool(here.level) and line.level > here.level
        if here.kind == "head" and (kind is None or self.level > line.level):
            lead = any(is_sentence(other.text) for other in here.lines)
            return "section" if lead and 1 < line.level == self.level else None
        if here.kind == "faq" and (deeper or bare(line.text).endswith("?")):
            alike = not here.lines or any(other.level == line.level for other in here.lines)
            if deeper or kind is None or alike or not self._is_new(kind):
                return None
        if here.kind in ("related", "references", "example", "dropped") and deeper:
            return "dropped" if kind == "dropped" else None
        if kind and (kind == "dropped" or line.level <= max(self.level, 1) + 1):
            return kind
        below = self.level and line.level <= self.level
        return "section" if below or (here.kind in PROSE and len(line.text) <= 120) else None

    def _unmarked(
        self, line: TextLine, kind: Kind | None, here: Part, after: TextLine | None
    ) -> Kind | None:
        text = heading_text(line.text)
        if kind == "section" and here.kind not in PROSE:  # "Key takeaways" ends any other part
            return kind if here.kind != "head" and len(text.split()) <= 2 else None
        if here.kind == "faq" and kind in ("what", "how", "why"):
            words = [word for word in text.split() if len(word) > 3]
            titled = len(words) > 1 and all(word[:1].isupper() for word in words)
            return kind if self._is_new(kind) and (titled or "it " in text) else None
        if line.kind == "item" and here.kind in _LISTING:
            return None
        if kind == "what" and not text.endswith("?"):
            return None
        if kind == "example" and line.text.rstrip().endswith(":"):
            return None
        alone = here.kind in PROSE and line.kind == "text" and line.apart and after is not None
        if not kind and alone and after and is_sentence(after.text):
            named = text[:1].isupper() and not re.search(r"[.,;:!?…]$", line.text)
            return "section" if named and len(text) <= 60 else None
        return kind
