"""Template macros in text: `{{Glossary("Term", "shown")}}`, `{{< shortcode >}}`, `{% tag %}`.

They are no Markdown and no HTML, so they are taken out first, each replaced by the text it shows.
"""

from __future__ import annotations

import html
import re
import string
from bisect import bisect_right
from dataclasses import dataclass

from index.sources.wordlist import words
from index.text import clean

# The shown text of a macro must not be read as markup (`<length>`, `a_b`), so its punctuation and
# spaces travel as private characters until the markup is parsed; a lone one keeps a line in place.
_FIRST_PRIVATE = 0xF0000
_HIDE = {ord(sign): _FIRST_PRIVATE + ord(sign) for sign in string.punctuation + " "}
_SHOW: dict[int, str | int | None] = {hidden: sign for sign, hidden in _HIDE.items()}
_SHOW[_FIRST_PRIVATE] = None
_PLACE = chr(_FIRST_PRIVATE)

_LONGEST_MACRO = 2_000  # characters
_OPENER = re.compile(r"\{\{|\{%|\{#|<!--|<(script|style|template)\b", re.IGNORECASE)
_OPENED_AGAIN = re.compile(r"\{\{|\{%")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\}\}|%\}")
_ATTRIBUTES = re.compile(r"(?:(?<![ \t])[ \t]+)?\{[ ]?[:.#][ ]?[A-Za-z.#][^{}\n]{0,200}\}")
_CONTAINER = re.compile(r"^[ \t]*(?::{3,}|[!?]{3}\+?(?=[ \t]\w)).*$", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*(?=\n)")
_WHOLE_MACRO = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}")
_NAME = re.compile(r"\A[<>%\s*-]*+(?:([\w.:-]+)|[/#!^&])")
_CLOSING = re.compile(r"\{[{%][<%\s-]*(?:/|end_?)\s*([\w.:-]+)")
_ARGUMENT = re.compile(
    r"(?:(?<![\w-])([\w-]+)\s*[=:]\s*)?(?:\"([^\"\n]*)\"|'([^'\n]*)'|“([^”\n]*)”)"
)
_UNQUOTED = re.compile(r"(?<![\w-])([\w-]+)=([^\s\"'<>%{}]+)")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});")

_TEXT_KEYS = ("text", "label", "display", "shown", "title", "name", "term", "word", "abbr")
_ID_KEYS = ("term_id", "id", "key", "termid")
_SILENT = words(
    "param var ref relref link include includes include_relative figure fig img image picture "
    "icon youtube vimeo video gist tweet toc anchor highlight raw comment feature-state "
    "listsubpages sidebar glossarysidebar compat specifications previous next previousnext "
    "code_sample codenew table tabs tab"
)
_PATH = re.compile(r"^(?:/|#|\.|\w+://|mailto:)|\.(?:md|html?|png|jpe?g|svg|gif|webp)$")


@dataclass(frozen=True, slots=True)
class Expanded:
    """Text without macros, comments, scripts and attribute lists, and where its lines came from."""

    text: str
    shifts: tuple[tuple[int, int], ...] = ()

    def line(self, number: int) -> int:
        """The line of the original text at which line `number` began; both count from 0."""
        at = bisect_right(self.shifts, number, key=lambda shift: shift[0]) - 1
        return number + (self.shifts[at][1] if at >= 0 else 0)


def expand(text: str) -> Expanded:
    """`text` with each macro as the text it shows.

    A macro that makes a paragraph by itself shows nothing (it embeds a part of a site), and so do
    the two ends of a macro that encloses text.
    """
    return _Expansion(text.translate(dict.fromkeys(_SHOW))).result()


def neutral(text: str) -> str:
    """Text that came out of a parser, with what macros showed as ordinary characters, without
    entity codes, and so that no macro or comment can begin in it."""
    text = text.translate(_SHOW)
    for _ in range(3):
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = clean(text)  # or what is invisible between two braces would hide them
    for mark in ("{{", "}}", "{%", "<!--"):
        while mark in text:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
    return text


class _Expansion:
    def __init__(self, text: str) -> None:
        text = _CONTAINER.sub("", text) if ":::" in text or "!!!" in text or "???" in text else text
        self._text = text
        self._breaks = [found.start() for found in _BLANK.finditer(text)]
        self._paired = {found[1].casefold() for found in _CLOSING.finditer(text)}
        self._lone: dict[int, bool] = {}
        self._found: dict[str, int] = {}
        self._out: list[str] = []
        self._lines = 0
        self._removed = 0
        self._shifts: list[tuple[int, int]] = []

    def result(self) -> Expanded:
        at = 0
        while found := _OPENER.search(self._text, at):
            self._keep(self._text[at : found.start()])
            end, shown = self._macro(found)
            lines = self._text.count("\n", found.start(), end)
            self._keep(shown)
            if lines:
                self._removed += lines
                self._shifts.append((self._lines + 1, self._removed))
            at = max(end, found.end())
        self._keep(self._text[at:])
        return Expanded("".join(self._out), tuple(self._shifts))

    def _keep(self, piece: str) -> None:
        if "{" in piece:
            piece = _ATTRIBUTES.sub("", piece)
        self._lines += piece.count("\n")
        self._out.append(piece)

    def _find(self, closer: str, start: int) -> int:
        """Where `closer` next stands from `start` on, or -1; no stretch is searched twice."""
        at = self._found.get(closer, 0)
        if 0 <= at < start:
            at = self._found[closer] = self._text.find(closer, start)
        return at

    def _macro(self, found: re.Match[str]) -> tuple[int, str]:
        """Where the macro or comment ends, and what it shows."""
        start, opener = found.start(), found[0].casefold()
        if opener == "<!--":
            end = self._find("-->", start)
            return (end + 3, "") if end >= 0 else (start + 4, "")
        if found[1]:
            return self._enclosed(start, f"</{found[1].casefold()}>")
        if opener == "{#":
            end = self._find("#}", start + 2)
            attributes = _ATTRIBUTES.match(self._text, start)
            if attributes:
                return attributes.end(), ""
            inside = 0 <= end < start + _LONGEST_MACRO
            return (end + 2, "") if inside else (start + 2, "{#")
        closer = "}}" if opener == "{{" else "%}"
        close = self._close(start + 2, closer)
        if close is None:
            return start + 2, ""
        inner = self._text[start + 2 : close]
        end = close + 2
        while self._text[end : end + 1] == "}" and inner.startswith("{"):
            end += 1
        name = _NAME.match(inner)
        if opener == "{%" and name and name[1] == "comment":
            after = self._find("endcomment", end)
            return (max(after, self._find("%}", after) + 2), "") if after >= 0 else (end, "")
        return end, self._shown(inner.strip("{}"), start, end).translate(_HIDE) or self._place()

    def _enclosed(self, start: int, closer: str) -> tuple[int, str]:
        end = self._find(closer, start)
        end = self._find(closer.upper(), start) if end < 0 else end
        return (end + len(closer), "") if end >= 0 else (start, self._text[start])

    def _close(self, start: int, closer: str) -> int | None:
        if self._find(closer, start) < 0:
            return None
        again = _OPENED_AGAIN.search(self._text, start, start + _LONGEST_MACRO)
        limit = again.start() if again else min(start + _LONGEST_MACRO, len(self._text))
        for found in _QUOTED.finditer(self._text, start, limit):
            if found[0] == closer:
                return found.start()
        at = self._text.find(closer, start, limit)
        return at if at >= 0 else None

    def _place(self) -> str:
        """A character that shows nothing, where a link definition would lose its address."""
        line = "".join(self._out[-2:]).rpartition("\n")[2].strip()
        return _PLACE if line.startswith("[") and line.endswith("]:") else ""

    def _shown(self, inner: str, start: int, end: int) -> str:
        named = _NAME.match(inner)
        name = (named[1] or "") if named else ""
        body = inner[named.end() :] if named and name else inner
        given, placed = _arguments(body)
        alone = self._is_alone(start)
        if "text" in given and name.casefold() not in self._paired:
            return given["text"]
        if alone or name.casefold() in self._paired or _is_silent(name):
            return ""
        if named and not name and not placed:
            return ""
        for key in _TEXT_KEYS:
            if given.get(key):
                return given[key]
        for key in _ID_KEYS:
            if given.get(key):
                return given[key].replace("-", " ")
        if placed:
            shown = placed[1] if len(placed) > 1 and len(placed[1]) <= 80 else placed[0]
            return f"RFC {shown}" if name.casefold() == "rfc" and shown.isdigit() else shown
        coded = self._text[start - 1 : start] == "`" or self._text[end : end + 1] == "`"
        return inner.strip(" <>%") if coded else ""

    def _is_alone(self, start: int) -> bool:
        """Whether the paragraph holds nothing but macros."""
        at = bisect_right(self._breaks, start)
        if at not in self._lone:
            first = self._breaks[at - 1] if at else 0
            last = self._breaks[at] if at < len(self._breaks) else len(self._text)
            self._lone[at] = not _WHOLE_MACRO.sub("", self._text[first:last]).strip()
        return self._lone[at]


def _is_silent(name: str) -> bool:
    key = name.casefold().replace("_", "").removesuffix("-")
    return (
        name.casefold() in _SILENT
        or key.startswith(("embed", "end", "livesample", "quicklinks", "if", "else", "for"))
        or key.endswith(("inline", "sidebar", "badge"))
        or name.casefold().endswith(("_header", "-header"))
    )


def _arguments(body: str) -> tuple[dict[str, str], list[str]]:
    """The named arguments, and those that have only a place; addresses are left out."""
    given: dict[str, str] = {}
    placed: list[str] = []
    for name, *values in _ARGUMENT.findall(body):
        value = "".join(values).strip()
        if name:
            given.setdefault(name.casefold(), value)
        elif value and not _PATH.search(value):
            placed.append(value)
    for name, value in _UNQUOTED.findall(_ARGUMENT.sub(" ", body)):
        given.setdefault(name.casefold(), value)
    return given, placed
