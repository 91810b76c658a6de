"""Parse Markdown, and convert its inline tokens to paragraphs of plain text."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from index.sources.files import RefusedError
from index.sources.markdown.shortcodes import reveal
from index.text import is_web_address, one_line, word_set

LONGEST_INLINE = 25_000  # characters; longer paragraphs are not parsed
# Maximum sum over all paragraphs of characters times markup characters; about a second of parsing.
MOST_WORK = 2 * 10**8

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_BREAKING = word_set(
    "address article aside blockquote br center dd details div dl dt figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody thead "
    "tfoot tr ul"
)
_BOLD = frozenset({"b", "strong"})
# Markup that the parser leaves as text: links without a target, unpaired marks.
_LEFT_LINK = re.compile(r"!?\[([^\[\]\n]*)\](?:\((?:[^()\n]|\([^()\n]*\))*\)|\[[^\[\]\n]*\])")
_BARE = re.compile(r"(?<![\]\w])\[([^\[\]\n^]{2,100})\](?![(\[:])")
_TARGET = re.compile(r"\bhref\s*=\s*[\"']([^\"'<>\s]{1,500})[\"']", re.IGNORECASE)
_LEFT_NOTE = re.compile(r"\[\^[^\]\s]{1,60}\]")
_LEFT_BOLD = re.compile(r"(?<=\S)(?:\*\*|__)(?=\s|$)|(?:^|(?<=\s))(?:\*\*|__)(?=\S)")


@dataclass(slots=True)
class Run:
    """A paragraph within an inline token.

    `line` counts from 0 at the token's start. `tag` is `dt`, `dd` or `li` in an HTML list, else "".
    `url` is the first web address, `notes` are the numbers of the footnotes referenced. `links` are
    the targets and texts of the links to other places.
    """

    line: int = 0
    tag: str = ""
    url: str | None = None
    notes: list[int] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    split: int | None = None  # the number of parts of the bold text at the start

    @property
    def text(self) -> str:
        return _tidy(self.parts)

    @property
    def lead(self) -> str:
        """The bold text at the start."""
        return _tidy(self.parts[: self.split]) if self.split is not None else ""

    @property
    def rest(self) -> str:
        """The text after `lead`."""
        return _tidy(self.parts[self.split :]) if self.split is not None else ""


def _tidy(parts: list[str]) -> str:
    return one_line(reveal("".join(parts)))


def runs_of(token: Token) -> list[Run]:
    """Split an inline token into paragraphs, at lines that start with bold text and at HTML block
    tags. Images are dropped."""
    children = token.children or []
    kept = [child for child in children if child.type != "text" or child.content]
    walk = _Walk()
    for at, child in enumerate(kept):
        walk.take(child, kept[at + 1 : at + 3])
    return [run for run in walk.runs if run.text not in ("", "-")]


def runs_in(text: str) -> list[Run]:
    """Parse one line of Markdown into paragraphs."""
    return [run for token in MARKDOWN.parseInline(text) for run in runs_of(token)]


class _Walk:
    def __init__(self) -> None:
        self.runs = [Run()]
        self._lines = 0
        self._bold = 0
        self._tag = ""
        self._link: tuple[str, Run, int] | None = None  # target, run and start of an open link

    def take(self, token: Token, after: Sequence[Token]) -> None:
        run = self.runs[-1]
        if token.type in ("softbreak", "hardbreak"):
            self._lines += 1
            ended = _starts_bold(after) and run.split is not None
            self._start() if ended else run.parts.append(" ")
        elif token.type in ("strong_open", "strong_close"):
            self._set_bold(1 if token.nesting == 1 else -1)
        elif token.type == "text":
            run.parts.append(_without_marks(token.content))
            if "[" in token.content:
                run.links += (("", name) for name in _BARE.findall(token.content))
        elif token.type == "wiki_link":
            run.parts.append(token.content)
            run.links.append((str(token.meta["link"]), token.content))
        elif token.type == "code_inline":
            run.parts.append(token.content)
        elif token.type == "footnote_ref":
            run.notes.append(int(token.meta["id"]))
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            self._open_link(address)
        elif token.type == "link_close":
            self._close_link()
        elif token.type == "html_inline":
            self._html(token.content)

    def _open_link(self, target: str) -> None:
        run = self.runs[-1]
        run.url = run.url or (target if is_web_address(target) else None)
        self._link = (target, run, len(run.parts))

    def _close_link(self) -> None:
        if self._link is not None:
            target, run, start = self._link
            if not is_web_address(target):
                run.links.append((target, _tidy(run.parts[start:])))
        self._link = None

    def _start(self) -> None:
        self.runs.append(Run(self._lines, self._tag))

    def _set_bold(self, by: int) -> None:
        run = self.runs[-1]
        if by > 0 and not self._bold and not "".join(run.parts).strip():
            run.split = -1
        self._bold = max(0, self._bold + by)
        if not self._bold and run.split == -1:
            run.split = len(run.parts)

    def _html(self, content: str) -> None:
        self._lines += content.count("\n")
        found = _TAG.match(content)
        name = found[2].casefold() if found else ""
        if name == "a":
            target = _TARGET.search(content)
            if found and found[1]:
                self._close_link()
            elif target:
                self._open_link(html.unescape(target[1]))
        elif name in _BOLD:
            self._set_bold(-1 if found and found[1] else 1)
        elif name in _BREAKING:
            if name in ("dt", "dd", "li", "dl", "ul", "ol"):
                opens = name in ("dt", "dd", "li") and found and not found[1]
                self._tag = name if opens else ""
            self._start()
        elif name in ("td", "th"):
            self.runs[-1].parts.append(" ")


def _starts_bold(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and (
        tokens[0].type == "strong_open" or tokens[0].content.casefold() in ("<b>", "<strong>")
    )


def _without_marks(text: str) -> str:
    text = _LEFT_NOTE.sub("", _LEFT_LINK.sub(r"\1", text)) if "[" in text else text
    return _LEFT_BOLD.sub("", text).replace("¶", "")


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
                raise RefusedError("has too many markup characters ([, *, <, …) to parse")
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
        token = state.push("wiki_link", "", 0)  # another type, since texts are joined
        token.meta = {"link": target.rstrip("\\")}
        token.content = shown.strip() if bar else target.rstrip("\\").partition("#")[0] or target
    state.pos = end + 2
    return True


def _parser() -> MarkdownIt:
    # HTML blocks and indented code are disabled, so that the Markdown in them is parsed.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 40})
    parser.enable(["table", "strikethrough"]).disable(["html_block", "code"])
    parser.use(deflist_plugin).use(footnote_plugin, inline=False)
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    parser.core.ruler.at("inline", _bounded_inline)
    setattr(parser, "validateLink", lambda url: True)  # noqa: B010, ARG005  # only text is kept
    return parser


MARKDOWN = _parser()
