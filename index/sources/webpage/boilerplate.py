"""Recognize the boilerplate of a saved page: navigation, notices, decoration.

Libraries that find the article of a page (trafilatura, readability) were tried: they read no pages
saved as text, and lost breadcrumbs, dates, closed answers, or lists of links such as related terms.
"""

import re
import unicodedata
from functools import lru_cache

from index.text import one_line

_DECORATION = frozenset("•·▪◦‣●○■□►▶▸▾▼▲→←›‹»«❯❮|#✓✔＋\ufe0f\u20e3\u200d")
_NUMBER = re.compile(r"^(?:\(?\d{1,2}[.)]\s|#\d{1,2}:?\s|\[\d{1,2}\]\s|\d\ufe0f?\u20e3)\s*(?=\S)")
_MARK_AT_END = re.compile(r" ?\[[^\[\]]{1,20}\]$")  # "[edit]", "[1]"
_NAVIGATION = re.compile(
    r"""
    (?:go\ )?back(?:\ to\b.{0,60})?
  | (?:next|prev(?:ious)?)(?:\ (?:term|entry|article|page)\b.{0,60})?
  | (?:next|prev(?:ious)?)\s*[:›→»–-].{0,80} | skip\ to\b.{0,40}
  | share(?:\ (?:this|on|via|with)\b.{0,50})? | (?:log|sign)\ ?(?:in|up)(?:\ .{0,30})?
  | (?:main\ )?menu | search | home | (?:read|learn|show|see|view)\ (?:more|all)\b.{0,40}
  | \d{1,3}\ ?-?min(?:ute)?s?(?:\ read(?:ing\ time)?)?
  | was\ this\b.{0,40}\bhelpful.{0,20} | yes\W+no
  | (?:advertisement|sponsored|tags?\s*:.{1,120}|copy(?:\ (?:prompt|code|text))?|copied) | \W+
  | (?:privacy|cookies?|imprint|legal|terms)(?:\ (?:policy|settings|of\ use))?(?:\s*[|·•/].{0,80})?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOTICE = re.compile(
    r"\b(?:we|site|page) (?:and our partners )?use[sd]? (?:\w+ ){0,3}cookies\b|^accept all\b"
    r"|\b(?:subscribe|sign up|join)\b.{0,60}\b(?:newsletter|inbox|e-?mails?|mailing list)\b"
    r"|\b(?:our|weekly) newsletter\b|^(?:enter )?your e-?mail\b|\bunsubscribe any ?time\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©|\(c\) ?\d{4}|\ball rights reserved\b|^copyright\b", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?i:(?:written|reviewed|edited|authored|fact[- ]?checked|published)"
    r"(?: and (?:reviewed|edited))? by|author)\b\s*:?\s+(?:[A-ZÀ-Þ]|Dr\.)"
)


def bare(text: str) -> str:
    """Return `text` on one line, without emoji, bullets and arrows at both ends."""
    text = one_line(text)
    start, end = 0, len(text)
    while start < end and _decorates(text[start]):
        start += 1
    while end > start and _decorates(text[end - 1]):
        end -= 1
    return text[start:end]


def _decorates(character: str) -> bool:
    if character.isspace() or character in _DECORATION:
        return True
    return unicodedata.category(character) in ("So", "Cf", "Sk") and character not in "°^`´¨®™"


def heading_text(text: str) -> str:
    """Return a heading without emoji, number, bracketed mark at the end, and colon."""
    return bare(_MARK_AT_END.sub("", _NUMBER.sub("", bare(text)))).rstrip(": ")


@lru_cache(maxsize=4096)
def is_boilerplate(text: str) -> bool:
    """Return whether a line belongs to the website, not to the content of the page."""
    words = bare(text)
    if len(words) > 250:
        return False
    if _NOTICE.search(words):
        return True
    sentence = words.endswith(".") and len(words.split()) > 3
    return not sentence and bool(_NAVIGATION.fullmatch(words.rstrip(".!?… ") or "-"))


def ends_page(text: str) -> bool:
    """Return whether a line is a copyright notice, which ends the content of a page."""
    return len(text) <= 200 and bool(_COPYRIGHT.search(text))


def is_byline(text: str) -> bool:
    """Return whether a line names the author of the page."""
    return len(text) <= 600 and bool(_BYLINE.match(bare(text)))
