"""Expand template macros: `{{Glossary("Term", "shown")}}`, `{{< shortcode >}}`, `{% tag %}`.

Macros are neither Markdown nor HTML, so each is replaced with its displayed text before parsing.
"""

import html
import re
import string
from collections.abc import Collection

from index.text import clean, word_set

# The displayed text of a macro must not be parsed as markup (`<length>`, `a_b`), so punctuation
# and spaces in it are private-use characters until parsing is done. `_PLACE` keeps a line nonblank.
_FIRST_PRIVATE = 0xF0000
_HIDE = {ord(sign): _FIRST_PRIVATE + ord(sign) for sign in string.punctuation + " "}
_SHOW: dict[int, str | int | None] = {hidden: sign for sign, hidden in _HIDE.items()}
_SHOW[_FIRST_PRIVATE] = None
_PLACE = chr(_FIRST_PRIVATE)

# Each pattern stops at the next opener, so that no text is scanned twice.
_WITHIN = r'(?:(?<=[=(,\s])"[^"\n{]{0,300}"|(?!\{\{|\{%|CLOSER).){0,2000}+CLOSER'
_MACRO = re.compile(
    rf"\{{\{{{_WITHIN.replace('CLOSER', '}}')}\}}*|\{{%{_WITHIN.replace('CLOSER', '%}')}", re.DOTALL
)
_UNSEEN = re.compile(
    r"<!--(?:(?!<!--|-->).)*+-->"
    r"|<(script|style|template)\b(?:(?!</?\1\b).)*+</\1\s*>"
    r"|\{%-?\s*comment\b(?:(?!\{%-?\s*(?:end)?comment\b).)*+\{%-?\s*endcomment\s*-?%\}"
    r"|\{\#(?![A-Za-z])(?:(?!\{\#|\#\}).){0,2000}+\#\}",
    re.DOTALL | re.IGNORECASE,
)
_PARAGRAPHS = re.compile(r"(\n[ \t]*\n)")
_ATTRIBUTES = re.compile(r"(?:(?<![ \t])[ \t]+)?\{[ ]?[:.#][ ]?[A-Za-z.#][^{}\n]{0,200}\}")
_CONTAINER = re.compile(r"^[ \t]*(?::{3,}|[!?]{3}\+?(?=[ \t]\w)).*$", re.MULTILINE)
_NAME = re.compile(r"\A[<>%\s*-]*+(?:([\w.:-]+)|[/#!^&])")
_CLOSING = re.compile(r"\{[{%][<%\s-]*(?:/|end_?)\s*([\w.:-]+)")
_ARGUMENT = re.compile(
    r"(?:(?<![\w-])([\w-]+)\s*[=:]\s*)?(?:\"([^\"\n]*)\"|'([^'\n]*)'|“([^”\n]*)”)"
)
_UNQUOTED = re.compile(r"(?<![\w-])([\w-]+)=([^\s\"'<>%{}]+)")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});")

_TEXT_KEYS = ("text", "label", "display", "shown", "title", "name", "term", "word", "abbr")
_ID_KEYS = ("term_id", "id", "key", "termid")
_SILENT = word_set(
    "param var ref relref link include includes include_relative figure fig img image picture "
    "icon youtube vimeo video gist tweet toc anchor highlight code_sample table tabs tab"
)
_TERM_ID = re.compile(r"\bterm_?id\s*=\s*[\"']([\w-]{1,100})[\"']", re.IGNORECASE)
_PATH = re.compile(r"^(?:/|#|\.|\w+://|mailto:)|\.(?:md|html?|png|jpe?g|svg|gif|webp)$")


def expand(text: str) -> str:
    """Replace each macro in `text` with its displayed text, and remove comments, scripts and
    attribute lists. Line numbers do not change.

    A macro that is a whole paragraph is removed, since it embeds a part of a site. The opening and
    closing tags of a macro that encloses text are removed too.
    """
    text = text.translate(dict.fromkeys(_SHOW))
    if "<" in text or "{" in text:
        text = _UNSEEN.sub(_line_breaks, text)
    if "{" in text:
        paired = {found[1].casefold() for found in _CLOSING.finditer(text)}
        text = "".join(_expanded(part, paired) for part in _PARAGRAPHS.split(text))
        text = _ATTRIBUTES.sub("", text.replace("{{", "").replace("{%", ""))
    return _CONTAINER.sub("", text) if ":::" in text or "!!!" in text or "???" in text else text


def _line_breaks(found: re.Match[str]) -> str:
    """Return the line breaks of a removed text, to preserve line numbers. A placeholder on each
    line keeps it from being blank, which would end a paragraph."""
    return f"\n{_PLACE}" * found[0].count("\n")


def _expanded(paragraph: str, paired: Collection[str]) -> str:
    alone = "{" in paragraph and not _MACRO.sub("", paragraph).strip()

    def shown(found: re.Match[str]) -> str:
        start, end = found.span()
        inner = found[0][2:-2].strip("{}")
        text = _displayed_text(inner, paired, alone=alone)
        around = paragraph[max(0, start - 1) : start] + paragraph[end : end + 1]
        if text and (target := _TERM_ID.search(inner)) and not set(around) & set("[]()`\"'"):
            return f"[{hide(text)}](#{target[1]}){_line_breaks(found)}"
        if not text and "`" in (paragraph[start - 1 : start], paragraph[end : end + 1]):
            text = found[0].strip(" <>%{}")
        return hide(text) + _line_breaks(found)

    return _MACRO.sub(shown, paragraph)


def _displayed_text(inner: str, paired: Collection[str], *, alone: bool) -> str:
    named = _NAME.match(inner)
    name = ((named[1] or "") if named else "").casefold()
    given, placed = _arguments(inner[named.end() :] if named and name else inner)
    if "text" in given and name not in paired:
        return given["text"]
    if alone or name in paired or name in _SILENT or (named and not name and not placed):
        return ""
    for key in (*_TEXT_KEYS, *_ID_KEYS):
        if given.get(key):
            return given[key].replace("-", " ") if key in _ID_KEYS else given[key]
    if not placed:
        return ""
    return placed[1] if len(placed) > 1 and len(placed[1]) <= 80 else placed[0]


def _arguments(body: str) -> tuple[dict[str, str], list[str]]:
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


def hide(text: str) -> str:
    """Replace punctuation and spaces with private-use characters, which `reveal` restores."""
    return text.translate(_HIDE)


def reveal(text: str) -> str:
    """Restore the characters hidden by `hide`, decode entities, and clean the text. Insert a space
    into macro and comment delimiters, so that no other program expands them."""
    text = text.translate(_SHOW)
    for _ in range(3):
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = clean(text)  # first, since invisible characters between two braces would hide a macro
    for mark in ("{{", "}}", "{%", "<!--"):
        while mark in text:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
    return text
