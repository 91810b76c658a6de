"""Render the Markdown of entries as safe HTML."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SAFE_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_LOWEST = 6  # the deepest level of heading in HTML


class _Markdown(MarkdownIt):
    """Markdown without HTML, and with links to web and mail addresses only."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return bool(_SAFE_LINK.match(url))


_MARKDOWN = _Markdown("commonmark", {"html": False, "breaks": True}).enable("table")


def _image(tokens: Sequence[Token], index: int, *_: Any) -> str:
    """Render a picture as a link to it: a page loads nothing from elsewhere."""
    link = Token("link_open", "a", 1, attrs={"href": tokens[index].attrs["src"]})
    text = tokens[index].content or str(tokens[index].attrs["src"])
    return str(_MARKDOWN.renderer.render([link, _text(text), _CLOSE], _MARKDOWN.options, {}))


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


_CLOSE = Token("link_close", "a", -1)
_MARKDOWN.renderer.rules["image"] = _image  # type: ignore[attr-defined]


def render_block(text: str, level: int) -> str:
    """Render a text of several paragraphs as HTML. Its highest headings become `h{level}`."""
    tokens = _MARKDOWN.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    levels = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(_LOWEST, level + levels.index(token.tag))}"
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def render_line(text: str) -> str:
    """Render a text of one line, such as a definition, as HTML without a block element."""
    return str(_MARKDOWN.renderInline(text))
