"""Find the terms on a Markdown page with many entries: in headings, bold text, lists or tables."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from index.entry import LONGEST_NAME
from index.names import name_key
from index.sources.markdown.blocks import Block
from index.sources.markdown.entry_parser import DraftEntry
from index.sources.markdown.naming import pointing, term_of
from index.sources.markdown.tables import row_draft
from index.sources.markdown.term_names import split_name, trimmed
from index.sources.page_notes import is_navigation, is_note_heading, is_notice
from index.text import shorten, word_set

Form = Literal["headings", "bold", "list", "table", ""]

_DIVIDER = re.compile(r"^(?:[^\W_]|[#&@*]|\d[\s–-]+\d|[A-Z]\s*[-–—/&]\s*[A-Z]|[0-9#]+)$")
_GENERIC = word_set(
    "introduction|overview|contents|table of contents|contributing|contribute|acknowledgements|"
    "acknowledgments|references|see also|further reading|resources|license|licence|related|"
    "related terms|credits|about|about this glossary|how to use|how to use this glossary|"
    "sources|index|notes|changelog|authors|contributors|glossary|bibliography",
    "|",
)
_LABELS = _GENERIC | word_set(
    "note|notes|example|examples|warning|tip|important|caution|definition|meaning|description|"
    "summary|synonyms|synonym|aliases|alias|also known as|aka|acronym|abbreviation|source|"
    "usage|use case|use cases|context|category|tags|pros|cons|why it matters|how it works|"
    "what it is|key points|in practice|formula|updated|last updated|author|version|status",
    "|",
)
_SEPARATOR = re.compile(r"^\s*(?::|–|—|-{1,2}(?=\s)|=(?=\s)|→)\s*")
_IN_BRACKETS = re.compile(r"^\(([^()]{1,100})\)\s*")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on a page, their form, the skipped parts as (line, reason) pairs, and the number of
    `dividers` (see `is_divider`)."""

    form: Form
    drafts: tuple[DraftEntry, ...]
    skipped: tuple[tuple[int, str], ...] = ()
    dividers: int = 0

    @property
    def in_order(self) -> bool:
        """Whether the terms (at least four) are nearly in alphabetical order."""
        keys = [name_key(draft.name) for draft in self.drafts]
        rises = sum(first <= then for first, then in pairwise(keys))
        return len(keys) >= 4 and rises >= 0.85 * (len(keys) - 1)


def terms_in(blocks: Sequence[Block]) -> Terms:
    """Return the terms on a page. Only terms in the prevailing form, such as headings, count."""
    level, headed = _heading_level(blocks)
    depth, bold = _bold_depth(blocks)
    listed = len({name_key(block.text) for block in blocks if block.kind == "term"})
    rows = sum(block.kind == "row" and row_draft(block) is not None for block in blocks)
    most = max(bold, listed, rows)
    if headed >= 2 and headed * 3 >= most:
        found = _Collector("headings", level, depth)
    elif not most:
        found = _Collector("headings", level, depth) if headed else _Collector("", 0, depth)
    elif rows == most:
        found = _Collector("table", 7, depth)
    else:
        found = _Collector("list" if listed == most else "bold", 7, depth)
    return found.collect(blocks)


def _heading_level(blocks: Sequence[Block]) -> tuple[int, int]:
    counts: Counter[int] = Counter()
    every: Counter[int] = Counter()
    labels = Counter(name_key(block.text) for block in blocks if block.kind == "heading")

    def is_part(block: Block) -> bool:
        """Return whether a heading names a part of several entries, such as "Definition"."""
        repeated = _is_label(block) and labels[name_key(block.text)] > 1
        return block.kind == "heading" and (repeated or _is_generic(block.text))

    for block, after in pairwise(blocks):
        if block.kind == "heading" and not is_divider(block.text) and not is_part(block):
            every[block.level] += 1
            plain = after.kind in ("text", "item", "code") and _lead_of(after) is None
            counts[block.level] += plain or is_part(after)
    best = max(counts, key=lambda level: (counts[level], -level), default=0)
    return best, counts[best] if counts[best] * 2 >= every[best] else 0


def _bold_depth(blocks: Sequence[Block]) -> tuple[tuple[str, int], int]:
    found: dict[tuple[str, int], set[str]] = {}
    for block in blocks:
        if lead := _lead_of(block):
            found.setdefault((block.kind, block.level), set()).add(name_key(lead[0]))
    best = max(found, key=lambda place: len(found[place]), default=("", 0))
    return best, len(found.get(best, ()))


def is_divider(heading: str) -> bool:
    """Return whether a heading is only a letter or a range of letters."""
    return bool(_DIVIDER.match(heading.strip()))


def _is_generic(heading: str) -> bool:
    return heading.casefold().strip(" :.?!") in _GENERIC or is_note_heading(heading)


def _is_label(heading: Block) -> bool:
    """Return whether a heading names a part of an entry, such as "Definition", not a term."""
    return heading.text.casefold().strip(" :.?!") in _LABELS


def _lead_of(block: Block) -> tuple[str, str] | None:
    """Return the term and text of a block that begins with a bold term, else None."""
    lead = trimmed(block.lead)
    if block.kind not in ("text", "item") or not lead:
        return None
    rest = block.rest
    is_sentence = lead.endswith((".", "!", "?")) or (len(lead) > LONGEST_NAME and not rest)
    if is_sentence or lead.casefold() in _LABELS:
        return None
    if bracket := _IN_BRACKETS.match(rest):
        name = f"{lead} ({bracket[1]})"
        if split_name(name)[1]:
            lead, rest = name, rest[bracket.end() :]
    separated = _SEPARATOR.match(rest)
    rest = rest[separated.end() :] if separated else rest
    ended = bool(separated) or block.lead.rstrip().endswith((":", "–", "—"))
    if not ended and rest[:1].islower():
        return lead, block.text
    return lead, rest.strip()


class _Collector:
    def __init__(self, form: Form, level: int, depth: tuple[str, int]) -> None:
        self._form: Form = form
        self._level = level
        self._depth = depth
        self._drafts: list[DraftEntry] = []
        self._open: DraftEntry | None = None
        self._body: list[Block] = []
        self._category = ""
        self._skipped: list[tuple[int, str]] = []
        self._dividers = 0
        self._stray = False

    def collect(self, blocks: Sequence[Block]) -> Terms:
        for block in blocks:
            if block.kind == "note" or self._is_about_page(block):
                continue
            if block.kind == "heading" and block.level <= self._level:
                self._heading(block)
            elif not self._starts_entry(block):
                self._continue(block)
        self._close()
        return Terms(self._form, tuple(self._drafts), tuple(self._skipped), self._dividers)

    def _is_about_page(self, block: Block) -> bool:
        """Return whether a paragraph is navigation, or a notice about the page, which is skipped.
        The first paragraph of an entry is not."""
        if block.kind not in ("text", "item", "row") or (self._open and not self._body):
            return False
        if is_notice(block.text) and _lead_of(block) is None:
            reason = f"is about the page, not a term: {shorten(block.text, 60)}"
            self._skipped.append((block.line, reason))
            return True
        return is_navigation(block.text)

    def _heading(self, block: Block) -> None:
        self._close()
        self._stray = False
        if is_divider(block.text):
            self._dividers += 1
            self._category = ""
        elif self._form == "headings" and block.level == self._level:
            if _is_generic(block.text):
                reason = f'"{shorten(block.text, 60)}" is a section, not a term'
                self._skipped.append((block.line, reason))
                self._stray = True
            else:
                self._start(DraftEntry(block.text, block.line, category=self._category))
        elif block.level > 1:
            self._category = block.text

    def _starts_entry(self, block: Block) -> bool:
        if self._form == "bold" and (block.kind, block.level) == self._depth:
            lead = _lead_of(block)
            if lead:
                body = (replace(block, text=lead[1]),) if lead[1] else ()
                self._start(DraftEntry(lead[0], block.line, body, category=self._category))
                return True
        elif self._form == "list" and block.kind == "term":
            if self._open and not self._body:
                self._open = replace(self._open, aliases=(*self._open.aliases, block.text))
            else:
                self._start(DraftEntry(block.text, block.line, category=self._category))
            return True
        elif self._form == "table" and block.kind == "row":
            draft = row_draft(block)
            if draft:
                self._start(replace(draft, category=draft.category or self._category))
                self._close()
                return True
        return False

    def _start(self, draft: DraftEntry) -> None:
        self._close()
        self._open = replace(draft, blocks=())
        self._body = list(draft.blocks)

    def _continue(self, block: Block) -> None:
        outside = (
            self._open is None
            or (self._form == "list" and block.kind in ("text", "row") and block.level == 0)
            or (self._form == "bold" and self._depth[0] == "item" and block.level < self._depth[1])
        )
        if not outside:
            self._body.append(block)
            return
        self._close()
        if block.kind != "heading" and not self._stray:
            self._stray = True
            self._skipped.append((block.line, f"belongs to no term: {shorten(block.text, 60)}"))

    def _close(self) -> None:
        if self._open is not None:
            self._drafts.append(replace(self._open, blocks=tuple(self._body)))
        self._open = None


def resolve(drafts: Sequence[DraftEntry]) -> list[DraftEntry]:
    """Replace each draft that only says "X" or "See X" with an alias of X, if there is a draft of
    X."""
    names = [list(_names(draft)) for draft in drafts]
    targets = pointing(names, list(map(_text, drafts)))
    kept = list(drafts)
    for at, to in targets.items():
        kept[to] = replace(kept[to], aliases=(*kept[to].aliases, *names[at]))
    return [draft for at, draft in enumerate(kept) if at not in targets]


def _text(draft: DraftEntry) -> str:
    texts = [block.text for block in draft.blocks] + ([draft.short] if draft.short else [])
    return texts[0] if len(texts) == 1 else ""


def _names(draft: DraftEntry) -> Iterator[str]:
    term, aliases = term_of(draft.name)
    yield from (term, *aliases, *draft.aliases)
