"""Split a saved page at its headings, and remove the website's boilerplate."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.names import name_key
from index.sources.markdown.term_names import alias_line
from index.sources.webpage.boilerplate import (
    author_of,
    bare,
    ends_page,
    heading_text,
    is_biography,
    is_boilerplate,
)
from index.sources.webpage.header import back_to, date_in, trail
from index.sources.webpage.headings import (
    PLAIN,
    PROSE,
    Kind,
    heading_kind,
    inline_heading,
    is_sentence,
)
from index.sources.webpage.lines import TextLine

_EVERYWHERE = re.compile(
    r"(?:key |main )?takeaways?|key points|summary|conclusion|best practices|common (?:mistakes|"
    r"pitfalls|misconceptions)|limitations",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Part:
    """The lines under one heading; the part before the first heading has the kind "head"."""

    kind: Kind
    heading: str
    number: int | None
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
    updated, updated_at = "", None
    back = ""
    kept: list[TextLine] = []
    waiting = False  # whether the last line was "Latest update" without a date
    for line in _without_contents(_joined_trail(lines)):
        if waiting:
            updated, waiting = line.text, False
            continue
        if line.kind == "code":
            kept.append(line)
            continue
        if dated := date_in(line.text):
            if not updated:
                updated, updated_at = dated[1], line.number
                waiting = not updated
            line = replace(line, text=dated[0])
        names = alias_line(bare(line.text))
        aliases += names
        back = back or back_to(line.text)
        if line.text and not names:
            kept.append(line)
    parts = _split(_without_authors(kept))
    return PageContent(parts, tuple(aliases), updated, updated_at, back)


def _joined_trail(lines: Sequence[TextLine]) -> list[TextLine]:
    found: list[TextLine] = []
    joining = False
    for at, line in enumerate(lines):
        arrow = at < 40 and line.text.strip() in ("›", "»", ">", "/", "→", "❯", "|")
        if found and arrow and len(found[-1].text) <= 200:
            found[-1] = replace(found[-1], text=f"{found[-1].text} ›")
            joining = True
        elif joining:
            found[-1] = replace(found[-1], text=f"{found[-1].text} {line.text}")
            joining = False
        else:
            found.append(line)
    return found


def _without_contents(lines: list[TextLine]) -> list[TextLine]:
    for at, line in enumerate(lines[:80]):
        if heading_kind(line.text) != "contents" or at + 1 == len(lines):
            continue
        keys = [name_key(heading_text(other.text)) for other in lines]
        end = next((to for to in range(at + 2, len(lines)) if keys[to] == keys[at + 1]), None)
        if end and all(len(other.text) <= 100 for other in lines[at:end]):
            return [*lines[:at], *lines[end:]]
    return lines


def _without_authors(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    authors: list[str] = []
    telling = False
    for line in lines:
        author = author_of(line.text) if line.kind != "code" else None
        if author:
            authors.append(author)
            telling = True
        elif telling and not line.level and is_biography(line.text, authors):
            continue
        else:
            telling = False
            yield line


def _split(lines: Iterable[TextLine]) -> list[Part]:
    rows = list(lines)
    splitter = _Splitter(rows)
    for at, line in enumerate(rows):
        above = splitter.parts[-1].kind == "head"
        if line.kind != "code" and ends_page(line.text) and not above:
            splitter.parts.append(Part("end", "", line.number))
            continue
        kind = splitter.opened(line, rows[at + 1] if at + 1 < len(rows) else None)
        inline = [] if kind else _inline_parts(line, splitter.parts)
        if inline:
            splitter.parts += inline
        elif kind:
            splitter.parts.append(Part(kind, heading_text(line.text), line.number, line.level))
            splitter.seen.add(kind)
        elif not _is_noise(line, splitter.parts[-1].kind):
            splitter.parts[-1].lines.append(line)
    return [part for part in splitter.parts if part.kind not in ("author", "contents", "end")]


def _is_noise(line: TextLine, kind: Kind) -> bool:
    if line.kind in ("code", "question") or not is_boilerplate(line.text):
        return kind == "head" and line.kind != "code" and ends_page(line.text)
    return kind != "head" or (line.level != 1 and not trail(line.text))


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
    part = Part(kind, cut[0], line.number, lines=[replace(line, text=cut[1], lead="")])
    if kind == "related" and here.kind in PROSE:
        return [part, Part(here.kind, here.heading, here.number, here.level)]
    return [part]


class _Splitter:
    """Decides which lines are headings, by their words and by the markup of other headings."""

    def __init__(self, lines: list[TextLine]) -> None:
        self.parts = [Part("head", "", None)]
        self.seen: set[Kind] = set()
        levels = Counter(line.level for line in lines if line.level and heading_kind(line.text))
        known = {heading_kind(line.text) for line in lines if line.level} - {None}
        self.level = levels.most_common(1)[0][0] if levels else 0
        self.marked = len(known) >= 3

    def opened(self, line: TextLine, after: TextLine | None) -> Kind | None:
        """Return the kind of part that `line` opens, or None if it is not a heading."""
        if line.kind in ("code", "question"):
            return None
        kind = heading_kind(line.text)
        here = self.parts[-1]
        if line.level:
            return self._marked(line, kind, here)
        if kind in PLAIN:
            bare_item = line.kind == "item" and (here.kind == "related" or self.marked)
            label = kind == "definition" and " " in heading_text(line.text) and self.marked
            return None if bare_item or label else kind
        if self.marked:
            return None
        return self._unmarked(line, kind, here, after)

    def _marked(self, line: TextLine, kind: Kind | None, here: Part) -> Kind | None:
        deeper = bool(here.level) and line.level > here.level
        if here.kind == "head" and (kind is None or self.level > line.level):
            return None
        if here.kind == "faq":
            asks = bare(line.text).endswith("?") or deeper
            if asks and (deeper or not self._leaves_questions(line, kind, here)):
                return kind if kind in PLAIN and not deeper else None
        if kind in ("author", "end"):
            return kind
        if here.kind in ("related", "references", "example", "author", "end") and deeper:
            return None
        if kind and line.level <= max(self.level, 1) + 1:
            return kind
        if self.level and line.level <= self.level:
            return "section"
        return "section" if here.kind in PROSE and len(line.text) <= 120 else None

    def _leaves_questions(self, line: TextLine, kind: Kind | None, here: Part) -> bool:
        """Return whether a heading with a question mark ends the FAQ part `here`: its kind has not
        occurred yet, and its level differs from that of the questions before it."""
        alike = not here.lines or any(other.level == line.level for other in here.lines)
        return kind in ("what", "how", "why") and kind not in self.seen and not alike

    def _unmarked(
        self, line: TextLine, kind: Kind | None, here: Part, after: TextLine | None
    ) -> Kind | None:
        text = heading_text(line.text)
        if kind == "example" and line.text.rstrip().endswith(":") and here.kind in PROSE:
            return None
        if here.kind in ("faq", "related", "references", "author", "end"):
            if line.kind == "item" and here.kind != "faq":
                return None
            if kind in ("what", "how", "why") and text.endswith("?") and here.kind == "faq":
                titled = all(word[:1].isupper() for word in text.split() if len(word) > 3)
                titled = titled and len(text.split()) > 1 and text.split()[1][:1].isupper()
                named = re.match(r"how does it work|why (?:does )?it matters?", text, re.IGNORECASE)
                return kind if kind not in self.seen and (titled or named) else None
            return kind if kind != "section" or _EVERYWHERE.fullmatch(text) else None
        if kind == "section" and here.kind == "example":
            return kind if _EVERYWHERE.fullmatch(text) else None
        if (
            kind == "what"
            and not text.endswith("?")
            and not re.match(r"what (it|they) ", text, re.I)
        ):
            return None
        if kind and not (kind == "section" and here.kind == "head"):
            return kind
        if here.kind in PROSE and line.kind == "text" and line.apart and after is not None:
            alone = (
                len(text) <= 60 and text[:1].isupper() and not re.search(r"[.,;:!?…]$", line.text)
            )
            if alone and len(text.split()) <= 8 and is_sentence(after.text) and line.level == 0:
                return "section"
        return None
