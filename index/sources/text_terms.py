"""Find the terms in lines of text: "Term - text", "Term: text", or a term above its text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from index.entry import LONGEST_NAME
from index.names import name_key
from index.sources.columns import field_of
from index.sources.page_notes import is_navigation, is_notice
from index.text import shorten, word_set

Form = Literal["tab", "colon", "dash", "equals", "gap", "block"]

GLOSSARY = re.compile(
    r"\b(?:glossary|glossaries|terms|terminology|definitions|vocabulary|acronyms|abbreviations|"
    r"dictionary|jargon|lexicon|cheat ?sheet|a-z|a to z)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"(?P<tab> *\t\s*)|(?P<colon> ?::? )|(?P<dash> +(?:-{1,3}|[–—−]) +|(?<=[\w)\"”])[–—] )"
    r"|(?P<equals> +(?:=>?|->|→) +)|(?P<gap> {3,})"
)
_BULLET = re.compile(r"^\s*(?:[-*+•·▪◦‣●]\s+|\d{1,4}[.)]\s+)")
_SENTENCE = re.compile(r"[.!?]\s|[.!?,;:]$")
_QUESTION = re.compile(r"(?<=^what)(?=\W).+\?$", re.IGNORECASE)
_DIVIDER = re.compile(r"^\W*(?:\w|[A-Z0-9]\s*[-–—/&]\s*[A-Z0-9]|[#0-9]+)\W*$")
_LABELS = word_set(
    "note|notes|example|examples|see also|source|sources|warning|tip|important|e.g|i.e|contact|"
    "licence|license|copyright|last updated|updated|version|author|owner|status|contributing|"
    "contents|table of contents|to|from|cc|subject|re|attention",
    "|",
)
_MOST_WORDS = 10
_REPEATED = 3  # a name at the start of so many lines is a label
_SHARE = 0.6  # of the lines or paragraphs that have to begin with a term
_FEWEST: dict[Form, int] = {"tab": 3, "dash": 3, "equals": 3, "gap": 3, "colon": 8, "block": 8}
_LONG_TEXT = 6  # words of a text in a paragraph of its own


@dataclass(frozen=True, slots=True)
class TermLine:
    """A line of text, or a heading. `apart` says that a blank line or the start of the text
    precedes it."""

    number: int
    text: str
    apart: bool = False
    indented: bool = False
    heading: bool = False

    @property
    def is_divider(self) -> bool:
        """Whether it is a heading, navigation, or only a letter or a range of letters."""
        return self.heading or bool(_DIVIDER.match(self.text)) or is_navigation(self.text)


@dataclass(slots=True)
class FoundTerm:
    """A term, its line, and the paragraphs of its text."""

    line: int
    name: str
    paragraphs: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(slots=True)
class Listing:
    """The terms in a text, and (line, reason) of each skipped part."""

    terms: list[FoundTerm] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


def lines_in(text: str) -> list[TermLine]:
    """Return the lines of a text that are not blank; `number` counts from 1."""
    found: list[TermLine] = []
    apart = True
    for number, row in enumerate(text.split("\n"), start=1):
        if row.strip():
            indented = row[:1] == "\t" or row.startswith("  ")
            found.append(TermLine(number, row.strip(), apart, indented and not _BULLET.match(row)))
        apart = not row.strip()
    return found


def terms_of(lines: Sequence[TermLine], title: str = "") -> Listing | None:
    """Return the terms in a text, or None if most of its lines or paragraphs name no term.

    Few terms are enough if `title`, or the first line, says that the text is a glossary.
    """
    splits = [_split(line) for line in lines]
    times = Counter(name_key(split[1]) for split in splits if split)
    splits = [
        split if split and times[name_key(split[1])] < _REPEATED else None for split in splits
    ]
    counts: Counter[Form] = Counter(split[0] for split in splits if split)
    form, count = counts.most_common(1)[0] if counts else ("dash", 0)
    starts = {
        at: (split[1], split[2]) for at, split in enumerate(splits) if split and split[0] == form
    }
    blocks = {at: start for at, start in _blocks(lines) if at not in starts}
    if len(blocks) > count:
        form, starts = "block", blocks
    by_paragraph = form == "block" or _is_by_paragraph(lines, starts)
    if by_paragraph:
        starts = {at: start for at, start in starts.items() if lines[at].apart}
    names = [name_key(name) for name, _ in starts.values()]
    top = lines[0].text[:200] if lines and 0 not in starts else ""
    named = bool(GLOSSARY.search(f"{title} {top}"))
    if not _is_glossary(names, form, named):
        return None
    if len(starts) < _SHARE * _units(lines, form, starts, by_paragraph=by_paragraph):
        return None
    return _collect(lines, starts, by_paragraph=by_paragraph)


def name_at_start(text: str) -> str:
    """Return what is before the first separator of a text, such as a colon, or all of it."""
    row = _BULLET.sub("", text)
    found = _SEPARATOR.search(row[: LONGEST_NAME + 10])
    return row[: found.start()].strip() if found else row.partition("\n")[0].strip()


def _split(line: TermLine) -> tuple[Form, str, str] | None:
    """Split a line at the first separator outside brackets, into form, term and text."""
    row = _BULLET.sub("", line.text)
    for found in _SEPARATOR.finditer(row[: LONGEST_NAME + 10]):
        before = row[: found.start()]
        if before.count("(") > before.count(")"):
            continue
        name, text = before.strip(), row[found.end() :].strip()
        if line.indented or line.heading or is_notice(row) or not text or not is_name(name):
            return None
        form: Form = found.lastgroup  # type: ignore[assignment]  # the groups have these names
        return form, name, text
    return None


def is_name(text: str) -> bool:
    """Return whether a text can be a term: a few words, and not a sentence or a label."""
    return (
        0 < len(text) <= LONGEST_NAME
        and len(text.split()) <= _MOST_WORDS
        and any(map(str.isalpha, text))
        and not _SENTENCE.search(_QUESTION.sub("", text))
        and text.casefold() not in _LABELS
    )


def _blocks(lines: Sequence[TermLine]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the positions of lines that begin a paragraph and are a term above its text."""
    for at, (line, after) in enumerate(pairwise(lines)):
        name = _BULLET.sub("", line.text).rstrip(" :")
        if not line.apart or not is_name(name) or line.is_divider or after.heading:
            continue
        if not GLOSSARY.search(name) and (not after.apart or _is_long(after.text)):
            yield at, (name, "")


def _is_long(text: str) -> bool:
    return len(text.split()) >= _LONG_TEXT or text.endswith((".", "!", "?"))


def _is_by_paragraph(lines: Sequence[TermLine], starts: dict[int, tuple[str, str]]) -> bool:
    """Return whether terms begin paragraphs, so that one inside a paragraph belongs to its text."""
    first = sum(lines[at].apart for at in starts)
    return first > len(starts) - first


def _is_glossary(keys: Sequence[str], form: Form, named: bool) -> bool:
    count = len(set(keys))
    if count < _SHARE * len(keys) or sum(map(_is_field, keys)) * 2 > len(keys):
        return False
    rises = sum(first <= then for first, then in pairwise(keys))
    ordered = count >= 4 and rises >= 0.85 * (len(keys) - 1)
    return count >= (2 if named else 4 if ordered else _FEWEST[form])


def _is_field(key: str) -> bool:
    return field_of(key) is not None


def _units(
    lines: Sequence[TermLine],
    form: Form,
    starts: dict[int, tuple[str, str]],
    *,
    by_paragraph: bool,
) -> int:
    """Count the lines, or paragraphs, that could begin with a term."""
    texts = {at + 1 for at in starts} if form == "block" else set()  # below their terms
    return sum(
        (line.apart if by_paragraph else not line.indented)
        and at not in texts
        and not line.is_divider
        for at, line in enumerate(lines)
    )


def _collect(
    lines: Sequence[TermLine], starts: dict[int, tuple[str, str]], *, by_paragraph: bool
) -> Listing:
    found = Listing()
    current: FoundTerm | None = None
    stray = False
    for at, line in enumerate(lines):
        if at in starts:
            name, text = starts[at]
            current, stray = FoundTerm(line.number, name, [text] if text else []), False
            found.terms.append(current)
        elif is_notice(line.text):
            current, stray = None, True
            reason = f"is about the page, not a term: {shorten(line.text, 60)}"
            found.skipped.append((line.number, reason))
        elif line.is_divider or _is_title(lines, at, starts):
            current, stray = None, False
        elif current and not line.apart and current.paragraphs:
            between = "\n" if _BULLET.match(line.text) else " "
            current.paragraphs[-1] += between + line.text
        elif current and (by_paragraph or line.indented or not line.apart):
            current.paragraphs.append(line.text)
        else:
            current = None
            if not stray and (line.number > 3 or len(line.text) > LONGEST_NAME):
                reason = f"belongs to no term: {shorten(line.text, 60)}"
                found.skipped.append((line.number, reason))
            stray = True
    return found


def _is_title(lines: Sequence[TermLine], at: int, starts: dict[int, tuple[str, str]]) -> bool:
    """Return whether a line is a heading: a short line apart, right above a term."""
    line = lines[at]
    return line.apart and at + 1 in starts and lines[at + 1].apart and is_name(line.text)
