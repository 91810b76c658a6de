"""What kind of text answers a question, and what no entry can know."""

from __future__ import annotations

import re
from typing import Literal

from index.space.asks import plain

Aim = Literal["name", "cause", "steps", "number", "fact", "description"]

_NAMING = (
    r"\b(?:what(?:'?s)?|is there|how\b.*\b(?:it|this|that|these|they))\b.*\b(?:called|named)"
    r"(?:\s+(?:when|if|where|that|again|please)\b.*)?\W*$|"
    r"\b(?:what(?:'?s)?|which|is there|know|forgot|remember|looking for)\b.*"
    r"\b(?:word|term|name|expression)\s+(?:for|of)\b|"
    r"\b(?:what|how)\s+(?:do|does|did|would|should)\s+(?:you|people|one|they|we|i)\s+call\b"
)
_AIM_PATTERNS: tuple[tuple[Aim, str], ...] = (
    ("name", _NAMING),
    ("cause", r"\bwhy\b|\bhow come\b|\bwhat causes\b|\breasons? (?:for|why)\b"),
    (
        "steps",
        r"\bhow (?:(?:do|can|could|should|would) (?:i|we|you|one)|to|best to)\b|"
        r"\bwhat (?:should|can|could|do) (?:i|we)\b|\bwhich setting\b",
    ),
    ("number", r"\bhow (?:many|much|old|long|often|big|large)\b|\bpercentage\b"),
    (
        "fact",
        r"^(?:(?:and|but|so|ok|then),? )?(?:is|are|was|do|does|did|can|could|will|would|should|"
        r"must|may|has|have|when|who|how|which|what (?:value|number|happens|if))\b",
    ),
)
_AIMS = tuple((aim, re.compile(pattern, re.IGNORECASE)) for aim, pattern in _AIM_PATTERNS)
_NUMBER = re.compile(r"\d|\b(?:two|three|five|ten|dozens?|hundreds?|thousands?|half)\b", re.I)
# What only another place knows, and the text that tells it all the same.
_ELSEWHERE: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        re.compile(r"\b(?:price|salary|discount|refund|phone number|fine for|cost of)\b", re.I),
        re.compile(r"[$€£]\s?\d|\d\s?(?:dollars|euros|cents)", re.I),
    ),
    (
        re.compile(r"^who(?:se)?\b|\bwho (?:founded|invented|made|is|runs|owns)\b", re.I),
        re.compile(r"\b(?:introduced|invented|published|proposed|made|founded) by [A-Z]"),
    ),
    (
        re.compile(r"\bwhen (?:was|were|will|did)\b|\bwhat year\b", re.I),
        re.compile(r"\b(?:1[89]|20)\d\d\b"),
    ),
    (
        re.compile(
            r"\brecommend|\b(?:what|which|who)\b.*\b(?:best|buy|better)\b|"
            r"\b(?:safe|allowed|okay?) to (?:send|share|give|upload)\b|"
            r"\b(?:our|my) (?:company|team|office|board|colleagues?|boss|shop)\b",
            re.I,
        ),
        None,
    ),
)


def aim_of(question: str) -> Aim:
    """What kind of text answers: the name of what is described, a cause, steps to take, a number,
    another fact (a yes or no among them), or a description."""
    text = plain(question)
    return next((aim for aim, pattern in _AIMS if pattern.search(text)), "description")


def has_number(text: str) -> bool:
    """Whether `text` says how much or how many."""
    return bool(_NUMBER.search(text))


def is_elsewhere(question: str, text: str) -> bool:
    """Whether `question` asks for what only another place knows, and `text` has not: a price, a
    person, a date, a recommendation, a matter of the asker's own."""
    line = plain(question)
    return any(asked.search(line) and not (has and has.search(text)) for asked, has in _ELSEWHERE)
