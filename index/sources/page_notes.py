"""Recognize the lines of a page that are about the page: navigation, licence, contributing."""

import re

_NAVIGATION = re.compile(
    r"^\W*(?:(?:back|return|go|jump|skip) to (?:the )?(?:top|contents?|index|list|start|glossary|"
    r"beginning|table of contents)|(?:next|previous|prev)(?: (?:page|term|letter|section))?|top)"
    r"\W*$",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"^\W*\w(?:\W+\w){3,}\W*$")  # A | B | C | D
_NOTICE = re.compile(
    r"^\W*(?:(?:this|the|all|our)\s(?:[\w’'-]+\s){0,6}?(?:is|are)\s(?:[\w’'-]+\s){0,3}?"
    r"(?:licen[cs]ed|distributed|released|published|available)\sunder\b"
    r"|(?:licen[cs]ed|released|distributed)\sunder\b|SPDX-License-Identifier:"
    r"|(?:copyright|©)\s*(?:\(c\)|©)?\s*\d{4}"
    r"|(?:all\s)?(?:contributions?|pull\srequests?|suggestions?|corrections?)\s(?:are|is)\s"
    r"(?:\w+\s)?welcome"
    r"|(?:to\scontribute|want\sto\scontribute|would\syou\slike\sto\scontribute"
    r"|if\syou\s(?:want|wish|would\slike)\sto\s(?:contribute|add|suggest))\b"
    r"|(?:please|feel\sfree\sto)\s(?:[\w’'-]+\s){0,3}?(?:contribute|open|submit|create|send|raise)\s"
    r"(?:an?\s|your\s)?(?:issue|pull\srequest|PR|merge\srequest|edit|suggestion)\b)",
    re.IGNORECASE,
)
_HEADINGS = re.compile(
    r"^(?:how\sto\scontribute|contributing\s(?:to|guidelines)\b.*|contributions?\sguidelines|"
    r"code\sof\sconduct|licen[cs](?:e|ing)\s(?:and|&|information|notice|terms)\b.*|"
    r"copyright\s(?:and|&|notice|information)\b.*|back\sto\stop|quick\s(?:links|navigation)|"
    r"on\sthis\spage|jump\sto\b.*|navigation\smenu|about\sthis\s(?:page|list|document|wiki)|"
    r"how\sto\suse\sthis\b.*)$",
    re.IGNORECASE,
)
_LONGEST = 400  # characters of a note


def is_navigation(text: str) -> bool:
    """Return whether a paragraph only leads to other places: "Back to top", "A | B | C | D"."""
    return len(text) <= _LONGEST and bool(_NAVIGATION.match(text) or _LETTERS.match(text))


def is_notice(text: str) -> bool:
    """Return whether a paragraph is about the licence of the page, or how to contribute to it."""
    return len(text) <= _LONGEST and bool(_NOTICE.match(text))


def is_note_heading(text: str) -> bool:
    """Return whether a heading is about the page, such as "How to contribute"."""
    return len(text) <= _LONGEST and bool(_HEADINGS.match(text.strip(" :.?!")))
