"""Recognize questions for facts that an encyclopedia rarely contains: a price, a person, a date, a
law, a fact of the user's organization, or one that is found elsewhere, such as the news."""

import re

from index.search.answers.intents import plain
from index.search.answers.line_classifier import bundled_classifier, words_of

PARAMETERS = "facts.npz"
ANSWERABLE = "answerable"  # the label of other questions
MIN_PROBABILITY = 0.85  # that a question is for such a fact
_ORIGINATED = (
    r"(?:introduced|published|proposed|coined|founded|developed|presented|released|described|"
    r"measured|wrote|written|maintain(?:s|ed)|created|invented|discovered)"
)
_SAYS_ORIGIN = re.compile(rf"\b{_ORIGINATED}\b", re.IGNORECASE)
_ASKS_ORIGIN = re.compile(
    rf"\b(?:who|when|(?:what|which) year)\b.*\b(?:{_ORIGINATED}|made)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\d|\b(?:two|three|five|ten|dozens?|hundreds?|thousands?|half)\b", re.I)
# Patterns in texts that do contain such a fact. No text contains an "elsewhere".
_SAYS = {
    "price": re.compile(r"[$€£]\s?\d|\d\s?(?:dollars|euros|cents)"),
    "person": re.compile(
        rf"\b{_ORIGINATED} (?:[\w-]+ ){{0,6}}by (?:\w+ ){{0,3}}[A-Z]|"
        rf"\b[A-Z][\w-]{{0,30}} (?:\(\d+\) )?{_ORIGINATED}\b|\bet al\b"
    ),
    "date": re.compile(r"\b(?:1[89]|20)\d\d\b"),
    "law": re.compile(
        r"\b(?:(?i:laws?|(?:il)?legal(?:ly)?|regulations?|courts?|licen[cs]es?|copyright|prohibited)|"
        r"Acts?)\b"
    ),
}


def lacks_external_fact(question: str, text: str) -> bool:
    """Return whether `question` asks for a fact that encyclopedias rarely contain, and `text` does
    not contain one of that kind. Of persons, a text can only name the one who made something."""
    chances = bundled_classifier(PARAMETERS).probabilities(words_of(plain(question)))
    if 1 - chances.pop(ANSWERABLE) < MIN_PROBABILITY:
        return False
    wanted = max(chances, key=chances.__getitem__)
    if wanted == "person" and not asks_origin(question):
        return True
    return wanted not in _SAYS or not _SAYS[wanted].search(text)


def asks_origin(question: str) -> bool:
    """Return whether a question asks who made something, or when."""
    return _ASKS_ORIGIN.search(question) is not None


def says_origin(sentence: str) -> bool:
    return _SAYS_ORIGIN.search(sentence) is not None


def has_number(text: str) -> bool:
    return bool(_NUMBER.search(text))
