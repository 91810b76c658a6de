"""Whether a reply in a thread is meant for the bot, when nobody is named in it."""

from __future__ import annotations

import re

SHORT = 8  # words of an instruction, such as "closer to the second"

_ASKING = re.compile(
    r"(?:(?:and|but|so|ok|okay|then|well|hm+)[\s,]+)*"
    r"(?:why|how|which|when|where|who|what(?!\s+an?\b)|what's"
    r"|(?:can|could|does|do|did|is|are|should|would|will)\s"
    r"(?:it|that|this|they|these|one|i|we|you|there|the|an?)\b)",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"(?:and\s+|but\s+|now\s+)?(?:an?\s+)?(?:more|another|closer|further|without|with|examples?"
    r"|simpler|shorter|longer|explain|define|compare|list|show|tell me|give me|the (?:first|second"
    r"|third|other)|in (?:simpler|plain|other|fewer) words)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a text is a question, or one of the short instructions that follow an answer."""
    text = text.strip()
    if "?" in text or _ASKING.match(text):
        return True
    return _INSTRUCTION.match(text) is not None and len(text.split()) <= SHORT
