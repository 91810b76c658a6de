"""Recognize the boilerplate of a saved page: navigation, notices, authors, decoration."""

import re
import unicodedata
from functools import lru_cache

from index.text import one_line

SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[›»❯→]\s*|(?<!\s)\s+[>/]\s+")
_DECORATION = frozenset("•·▪◦‣●○■□►▶▸▾▼▲→←›‹»«❯❮|#✓✔＋\ufe0f\u20e3\u200d")
_KEYCAP = re.compile("^[0-9#*]\ufe0f?\u20e3")
_NUMBER = re.compile(r"^(?:\(?\d{1,2}[.)]|#\d{1,2}:?|\[\d{1,2}\])\s+(?=\S)")
_ICON = re.compile(r"^(?:(?:icon|image|illustration|logo)\s*(?:of|:)\s*\S+|(?:[\w'’-]+ ){0,4}"
                   r"(?:icon|emoji|logo)) *:? *(?=[A-Z])")  # fmt: skip
_ICON_LINE = re.compile(
    r"\A(?:(?:an? |the )?(?:[\w'’-]+ ){0,6}(?:icon|logo|avatar|emoji|portrait|thumbnail|headshot)"
    r"|(?:icon|image|illustration|photo|picture|logo|avatar|alt)(?: of\b|:).{0,80})",
    re.IGNORECASE,
)
_SHARE = frozenset((
    "share", "tweet", "copy", "link", "email", "e-mail", "print", "facebook", "linkedin",
    "whatsapp", "reddit", "pinterest", "x", "twitter", "mastodon", "bluesky", "telegram", "pin",
    "save", "bookmark", "like", "copied", "on", "this", "via", "url", "instagram", "youtube",
    "rss", "follow", "us", "mail",
))  # fmt: skip
_LINES = re.compile(
    r"""\A(?:
    back\ to\b.{0,60} | (?:go\ )?back
  | (?:(?:up\ )?next|prev(?:ious)?)(?:\ (?:term|entry|article|page|up))?(?:\s*[:›→»–-].{0,80})?
  | (?:next|previous)\ (?:term|entry|article|page)\b.{0,60}
  | share\ (?:this|on|via|with)\b.{0,50}
  | skip\ to\b.{0,40} | (?:toggle|open|close|main|site)?\ ?(?:menu|navigation|search)
  | (?:log|sign)\ ?(?:in|out|up)(?:\ .{0,30})? | register | my\ account | dark\ mode | light\ mode
  | home(?:page)? | encyclop(?:a|æ)?edia | glossary | blog | pricing
  | contact(?:\ us)? | about(?:\ us)?
  | (?:read|learn|show|see|view|load)\ (?:more|less|all)\b.{0,40}
  | (?:about\ )?\d+\ ?-?(?:min(?:ute)?s?)(?:\ read(?:ing\ time)?)?
  | (?:estimated\ )?reading\ time\b.{0,30} | [\d.,k]+\ (?:views?|shares?|comments?|likes?)
  | (?:was|did|is)\ (?:this|you\ find\ this)\b.{0,40}\b(?:helpful|useful|answer\ your\ question)
    .{0,20}
  | yes\W{1,3}no | rate\ this\b.{0,40} | (?:send|give)\ (?:us\ )?feedback
  | (?:report|suggest|edit)\ (?:an?|this)\ (?:error|mistake|edit|page|change|entry)
  | (?:advert(?:isement|ising)?|sponsored|promoted|ad)(?:\ .{0,30})? | loading\b.{0,20}
  | (?:expand|collapse|open|close)(?:\ all)? | \W+ | copy(?:\ (?:prompt|code|text))? | copied!?
  | (?:privacy|cookie|terms)\b[\w\ ]{0,20}\b
    (?:policy|notice|settings|preferences|use|service|conditions)
    (?:\s*[|·•/-].{0,100})?
  | (?:cookies?|privacy|imprint|impressum|legal|terms|sitemap|careers|press)(?:\s*[|·•/]\s*.{0,80})?
  | (?:accept|reject|decline|manage|allow)\ (?:all|cookies|settings|preferences)\b.{0,40}
  | got\ it!?
  | tags?\s*:.{1,120}
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTICES = re.compile(
    r"\b(?:we|our (?:web)?site|this (?:web)?site|this page) (?:and our partners )?use[sd]? "
    r"(?:\w+ ){0,3}cookies\b|\byour (?:cookie|privacy) (?:settings|preferences|choices)\b"
    r"|\b(?:subscribe|sign up|join)\b.{0,60}\b(?:newsletter|inbox|e-?mails?|mailing list|readers|"
    r"subscribers|updates)\b|\b(?:in|to) your inbox\b|\b(?:our|free|weekly|the) newsletter\b"
    r"|^(?:enter )?your e-?mail(?: address)?\b|\bno spam\b|\bunsubscribe (?:at )?any ?time\b"
    r"|^subscribe\b.{0,40}$|^newsletter\b.{0,60}$",
    re.IGNORECASE,
)
_END = re.compile(r"©|\(c\) ?\d{4}|\ball rights reserved\b|^copyright\b", re.IGNORECASE)
_BY = re.compile(
    r"^(?i:(?:written|reviewed|edited|authored|contributed|fact[- ]?checked|posted|published)"
    r"(?: and (?:reviewed|edited|written))? by|author|editor|reviewer|by)(?:\s*:\s*|\s+)"
    r"(?P<name>(?:(?:Dr|Prof|Mr|Ms|Mrs)\.? )?[A-ZÀ-Þ][\w'’.-]*"
    r"(?: (?:(?:de|van|von|der|den|la|al|bin|di|da) )*[A-ZÀ-Þ][\w'’.-]*){0,4})(?P<rest>.*)$"
)
_BIO = re.compile(
    r"^(?:[A-ZÀ-Þ][\w'’.-]* ){1,4}(?:is|was|has been|works as|writes|leads|teaches)\b.{0,120}\b"
    r"(?:writer|editor|author|researcher|engineer|journalist|consultant|founder|co-founder|"
    r"professor|trainer|teacher|strategist|specialist|lecturer|scientist|columnist)\b"
)
_PRONOUN = re.compile(
    r"^(?:she|he|they|her|his|their|follow|connect with|contact|linkedin)\b", re.I
)


def bare(text: str) -> str:
    """Return `text` on one line, without emoji, bullets and arrows at both ends."""
    text = _KEYCAP.sub("", one_line(text).strip())
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
    """Return a heading without emoji, alternative text of icons, number and colon."""
    text = _NUMBER.sub("", bare(text))
    return bare(_ICON.sub("", bare(text))).rstrip(": ")


@lru_cache(maxsize=4096)
def is_boilerplate(text: str) -> bool:
    """Return whether a line belongs to the website, not to the content of the page."""
    words = bare(text)
    if len(words) > 400:
        return False
    if _NOTICES.search(words):
        return len(words) <= 250
    if words.endswith(".") and len(words.split()) > 3:
        return False
    line = words.rstrip(".!… ")
    if not line or _LINES.fullmatch(line) or _ICON_LINE.fullmatch(line):
        return True
    tokens = re.findall(r"[\w-]+", line.casefold())
    return len(line) <= 90 and bool(tokens) and all(token in _SHARE for token in tokens)


def ends_page(text: str) -> bool:
    """Return whether a line is a copyright notice, which ends the content of a page."""
    return len(text) <= 200 and bool(_END.search(text))


def author_of(text: str) -> str | None:
    """Return the name on a byline, with or without a biography, or None for any other line."""
    words = bare(text)
    found = _BY.match(words)
    if not found or len(words) > 600:
        return None
    rest = found["rest"].strip()
    if words[:3].casefold() == "by " and (len(words) > 60 or words.endswith(".")):
        return None
    biography = re.match(r"^,? ?(?:is|was|has|who|an?|the)\b", rest)
    return found["name"] if (len(rest) <= 60 and not rest.endswith(".")) or biography else None


def is_biography(text: str, authors: list[str]) -> bool:
    """Return whether a line describes one of `authors`, or a person by a profession such as
    editor."""
    words = bare(text)
    if any(words.startswith(part) for name in authors for part in (name, name.split()[0])):
        return True
    return bool(_BIO.match(words) or (authors and _PRONOUN.match(words)))
