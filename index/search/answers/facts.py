"""Recognize questions for facts that an encyclopedia rarely contains: a price, a person, a date, a
law, a fact of the user's organization, or one that is found elsewhere, such as the news."""

import re

from index.search.answers.intents import plain
from index.search.answers.line_classifier import bundled_classifier, words_of

PARAMETERS = "facts.npz"
ANSWERABLE = "answerable"  # the label of other questions
MIN_PROBABILITY = 0.75  # that a question is for such a fact
_ORIGINATED = r"(?:introduced|published|proposed|coined|founded|developed|presented|released)"
_SAYS_ORIGIN = re.compile(rf"\b{_ORIGINATED}\b", re.IGNORECASE)
_ASKS_ORIGIN = re.compile(
    rf"\b(?:who|when|(?:what|which) year)\b.*\b(?:{_ORIGINATED}|invented|created|made)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d|\b(?:two|three|five|ten|dozens?|hundreds?|thousands?|half)\b", re.I)
_LAW = re.compile(
    r"\b(?:[Ll]aws?|(?:[Ii]l)?[Ll]egal(?:ly)?|Acts?|[Rr]egulations?|[Cc]ourts?|[Ll]icen[cs]es?|"
    r"[Cc]opyright|[Pp]rohibited)\b"
)
_ANYTHING = re.compile("")
# Patterns in texts that do contain such a fact: in the encyclopedia, and in a team's own texts.
_SAYS = {
    "price": re.compile(r"[$€£]\s?\d|\d\s?(?:dollars|euros|cents)"),
    "person": re.compile(rf"\b{_ORIGINATED} by (?:\w+ ){{0,3}}[A-Z]"),
    "date": re.compile(r"\b(?:1[89]|20)\d\d\b"),
    "law": _LAW,
}
_OWN_SAYS = {
    "price": _NUMBER,
    "person": _ANYTHING,
    "date": _NUMBER,
    "law": _LAW,
    "organization": _ANYTHING,
}


def lacks_external_fact(question: str, text: str, *, is_own: bool) -> bool:
    """Return whether `question` asks for a fact that encyclopedias rarely contain, and `text` does
    not contain one of that kind. A text that is a team's own may well say who is responsible for
    something in the organization."""
    chances = bundled_classifier(PARAMETERS).probabilities(words_of(plain(question)))
    if 1 - chances.pop(ANSWERABLE) < MIN_PROBABILITY:
        return False
    patterns = _OWN_SAYS if is_own else _SAYS
    says = patterns.get(max(chances, key=chances.__getitem__))
    return says is None or not says.search(text)


def asks_origin(question: str) -> bool:
    """Return whether a question asks who made something, or when."""
    return _ASKS_ORIGIN.search(question) is not None


def says_origin(sentence: str) -> bool:
    return _SAYS_ORIGIN.search(sentence) is not None


def has_number(text: str) -> bool:
    return bool(_NUMBER.search(text))
