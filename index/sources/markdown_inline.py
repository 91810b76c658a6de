"""The inline part of Markdown as plain text, with what the bold words at its start say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from index.sources.macros import neutral
from index.sources.wordlist import words
from index.text import clean, is_web_address, one_line

LONGEST_INLINE = 25_000  # characters of one paragraph that are parsed; more is no text to keep
MOST_WORK = 2 * 10**8  # characters times marks, in all paragraphs: a second or so

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_BREAKING = words(
    "address article aside blockquote br center dd details div dl dt figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody thead "
    "tfoot tr ul"
)
_BOLD = frozenset({"b", "strong"})
# What stays behind when a link has no target, or a mark no partner.
_LEFT_LINK = re.compile(r"!?\[([^\[\]\n]*)\](?:\((?:[^()\n]|\([^()\n]*\))*\)|\[[^\[\]\n]*\])")
_LEFT_NOTE = re.compile(r"\[\^[^\]\s]{1,60}\]")
_LEFT_BOLD = re.compile(r"(?<=\S)(?:\*\*|__)(?=\s|$)|(?:^|(?<=\s))(?:\*\*|__)(?=\S)")
_ROLE = re.compile(r"\{[a-z][a-z:+-]*\}$")
_ROLE_TARGET = re.compile(r"(?:(?<!\s)\s+)?<[^<>]*>$")


class IntricateError(ValueError):
    """The text has more marks than any that is written to be read, and would take long."""


@dataclass(frozen=True, slots=True)
class Run:
    """A paragraph: its text, the bold words it starts with, what follows them, the footnotes it
    points to, how many lines below the token's first it begins, its first web address, and `dt`
    or `dd` where it stands in an HTML list of definitions."""

    text: str
    lead: str = ""
    rest: str = ""
    notes: tuple[int, ...] = ()
    line: int = 0
    url: str | None = None
    tag: str = ""


@dataclass(slots=True)
class _Draft:
    line: int = 0
    parts: list[str] = field(default_factory=list)
    split: int | None = None  # how many of the parts are the bold words at the start
    notes: list[int] = field(default_factory=list)
    url: str | None = None
    tag: str = ""

    def run(self) -> Run:
        text = _tidy("".join(self.parts))
        if self.split is None:
            return Run(text, "", "", tuple(self.notes), self.line, self.url, self.tag)
        lead = _tidy("".join(self.parts[: self.split]))
        rest = _tidy("".join(self.parts[self.split :]))
        return Run(text, lead, rest, tuple(self.notes), self.line, self.url, self.tag)


def _tidy(text: str) -> str:
    return one_line(neutral(text))


def runs_of(token: Token | None, code: str = "") -> list[Run]:
    """The paragraphs of an inline token, several where lines each start with bold words or HTML
    ends a paragraph; or the one of a block of code, whose lines are kept."""
    if token is None:
        return [Run(clean(neutral(code)))]
    walk = _Walk()
    children = _trimmed(token.children or [])
    for at, child in enumerate(children):
        walk.take(child, children[at + 1 : at + 3])
    runs = [draft.run() for draft in walk.drafts]
    return [run for run in runs if run.text not in ("", "-")]


def _trimmed(children: Sequence[Token]) -> list[Token]:
    """The tokens without images that stand alone, and with neighbouring texts as one."""
    shown = [
        child
        for child in children
        if child.type not in ("image", "softbreak", "hardbreak", "link_open", "link_close")
        and (child.type != "text" or child.content.strip())
    ]
    kept = [child for child in children if shown or child.type != "image"]
    joined: list[Token] = []
    for child in kept:
        if child.type == "text" and not child.content:
            continue
        if child.type == "text" and joined and joined[-1].type == "text":
            joined[-1] = joined[-1].copy(content=joined[-1].content + child.content)
        else:
            joined.append(child)
    return joined


class _Walk:
    def __init__(self) -> None:
        self.drafts = [_Draft()]
        self._lines = 0
        self._bold = 0
        self._tag = ""

    def take(self, token: Token, after: Sequence[Token]) -> None:
        draft = self.drafts[-1]
        if token.type in ("softbreak", "hardbreak"):
            self._lines += 1
            ended = _starts_bold(after) and draft.split is not None
            self._start() if ended else draft.parts.append(" ")
        elif token.type in ("strong_open", "strong_close"):
            self._set_bold(1 if token.nesting == 1 else -1)
        elif token.type == "text":
            draft.parts.append(_without_marks(token.content))
        elif token.type == "code_inline":
            draft.parts.append(self._code(draft, token.content))
        elif token.type == "image":
            draft.parts.append(token.content)
        elif token.type == "footnote_ref":
            draft.notes.append(int(token.meta["id"]))
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            draft.url = draft.url or (address if is_web_address(address) else None)
        elif token.type == "html_inline":
            self._html(token.content)

    def _start(self) -> None:
        self.drafts.append(_Draft(self._lines, tag=self._tag))

    def _set_bold(self, by: int) -> None:
        draft = self.drafts[-1]
        if by > 0 and not self._bold and not "".join(draft.parts).strip():
            draft.split = -1
        self._bold = max(0, self._bold + by)
        if not self._bold and draft.split == -1:
            draft.split = len(draft.parts)

    def _code(self, draft: _Draft, content: str) -> str:
        """Code in the text; `{term}` before it names a role, whose target is not shown."""
        if draft.parts and (role := _ROLE.search(draft.parts[-1])):
            draft.parts[-1] = draft.parts[-1][: role.start()]
            return _ROLE_TARGET.sub("", content)
        return content

    def _html(self, content: str) -> None:
        self._lines += content.count("\n")
        found = _TAG.match(content)
        name = found[2].casefold() if found else ""
        if name in _BOLD:
            self._set_bold(-1 if found and found[1] else 1)
        elif name in _BREAKING:
            if name in ("dt", "dd", "dl"):
                self._tag = name if name != "dl" and found and not found[1] else ""
            self._start()
        elif name in ("td", "th"):
            self.drafts[-1].parts.append(" ")


def _starts_bold(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and (
        tokens[0].type == "strong_open" or tokens[0].content.casefold() in ("<b>", "<strong>")
    )


def _without_marks(text: str) -> str:
    text = _LEFT_NOTE.sub("", _LEFT_LINK.sub(r"\1", text)) if "[" in text else text
    return _LEFT_BOLD.sub("", text).replace("¶", "")


def inline_rules(parser: MarkdownIt) -> None:
    """Adds `[[Term|shown]]` links, and leaves paragraphs unparsed that are too long for text."""
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    parser.core.ruler.at("inline", _bounded_inline)


def _bounded_inline(state: StateCore) -> None:
    work = 0
    for token in state.tokens:
        if token.type != "inline":
            continue
        if token.children is None:
            token.children = []
        if len(token.content) > LONGEST_INLINE:
            token.children.append(Token("text", "", 0, content=token.content))
        else:
            work += len(token.content) * sum(map(token.content.count, "[<*_`~"))
            if work > MOST_WORK:
                raise IntricateError("has more marks ([, *, <, …) than can be read in good time")
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _wiki_link(state: StateInline, silent: bool) -> bool:
    start = state.pos
    embedded = state.src.startswith("![[", start)
    if not embedded and not state.src.startswith("[[", start):
        return False
    begin = start + 2 + embedded
    end = state.src.find("]]", begin, min(state.posMax, begin + 300))
    inner = state.src[begin:end] if end > begin else ""
    if not inner or any(sign in inner for sign in "[]\n") or state.src[end + 2 : end + 3] == "(":
        return False
    if not silent and not embedded:
        target, bar, shown = inner.partition("|")
        token = state.push("text", "", 0)
        token.content = shown.strip() if bar else target.rstrip("\\").partition("#")[0] or target
    state.pos = end + 2
    return True
