"""Divide a message into its questions, and find what they describe or define, and whether they ask
for a number."""

import re

from index.names import content_words
from index.search.answers.intents import QUOTES, SHORT, dependence_of, plain, without_lead
from index.text import one_line

# What precedes or follows the description of a term whose name is asked for.
_NAMING_WORD = r"(?:call(?:ed)?|named?|term|word|expression)"
_AROUND_DESCRIPTION = re.compile(
    r"^(?:(?:what|how) (?:do|does|would|should) \w+ call (?:it |this |that )?(?:when |if |where )?|"
    r"what(?:'?s| is) (?:it|this|that) called (?:when|if|where) |"
    r"(?:what(?:'?s| is) the|is there an?|which) (?:\w+ )?(?:word|term|name|expression) "
    r"(?:for|of|when|that) (?:it |this |that )?(?:when |if )?)|"
    r"[,.;:?!-]\s*(?:and |so )?(?:what(?:'?s| is| are| do)?|how(?:'s)?|is there|does|do)\b"
    rf"[^,.;:?!]{{0,40}}\b{_NAMING_WORD}(?: (?:for )?(?:it|this|that|these|those|them|again))*\W*$",
    re.IGNORECASE,
)
_WHAT_IS_CALLED = re.compile(
    r"what(?:'?s| is| are) (?P<a>.+) (?:called|named)(?: again)?\W*", re.IGNORECASE
)
# "What is a good value?" asks for a fact about a thing, not for a definition.
_PROPERTY = (
    r" (?:an?|the) (?:best|good|right|ideal|typical|usual|common|maximum|minimum|point|purpose|use|"
    r"benefit|advantage|downside|drawback|risk|reason|cause|limit)s?\b"
)
# "Bloom filter" in "what is a bloom filter?". What begins with "the" may belong to the topic, and
# so may several things: "what are common mistakes?"
_DEFINED = re.compile(
    rf"(?:what(?:'?s| is| was)(?!{_PROPERTY})|define|explain|tell me(?: about)?) "
    r"(?:an? )?(?P<a>(?!(?:the|an?|my|our|your|to|if|wh\w+|how)\b).+)|"
    r"what do(?:es)? (?:an? )?(?P<b>(?!(?:the|my|our|your)\b).+) mean",
    re.IGNORECASE,
)
# A message without any of these words is the description of a term, not a question.
_ASKING = re.compile(
    r"\b(?:what'?s?|why|how|when|which|who|whose|where|can|could|should|shall|may|must|do|does|did|is|"
    r"are|was|were|will|would|has|have|help)\b",
    re.IGNORECASE,
)
# Beginnings of a question. After a comma or "and", only with a subject: in "a bot that takes calls
# and can book rooms", no question begins with "can".
_VERB = r"(?:is|are|can|could|should|do|does|did|will|would|must|may|has|have)(?:n't)?"
_SUBJECT = r"(?:it|they|we|i|you|one|that|this|these|those|there|the|an?|my|our)"
_BEGINNING = (
    r"(?:(?:what'?s?|why|how|which|who|whose|where)\b(?! (?:they|it|he|she|the|to|not)\b)|"
    rf"when {_VERB}\b|{_VERB} {_SUBJECT}\b|any\b)"
)
_BETWEEN_QUESTIONS = re.compile(
    rf"\?+ |[.!;:] |(?:, ?| )(?:and|or) (?:also |if so,? ?)?(?={_BEGINNING})|, ?(?={_BEGINNING})",
    re.IGNORECASE,
)
_BEGINS_QUESTION = re.compile(
    rf"(?:(?:and|or|but|so|also|if so)\W+)*(?:{_BEGINNING}|{_VERB}\b)", re.IGNORECASE
)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much(?! should)|old|long|often|big|large|small|fast)\b|\bpercentage\b",
    re.IGNORECASE,
)


def asks_number(message: str) -> bool:
    """Return whether a message, or the first of the questions in it, asks for a number."""
    text = plain(message)
    return bool(_ASKS_NUMBER.search(next(iter(questions_in(text)), text)))


def is_statement(message: str) -> bool:
    """Return whether a message asks nothing, such as the description of a term."""
    return not message.rstrip().endswith("?") and not _ASKING.search(plain(message))


def questions_in(message: str) -> list[str]:
    """Return the questions in a message of several sentences or clauses: "What is it called" and
    "is it safe?" for "What is it called and is it safe?". A single word ("why?") is no question."""
    parts = _BETWEEN_QUESTIONS.split(one_line(message))
    return [part for part in parts if " " in part and _BEGINS_QUESTION.match(part)]


def described_in(question: str) -> str:
    """Return the description in a question for a name: "a model makes things up" in "what do you
    call it when a model makes things up?". Other questions are returned unchanged."""
    text = question.translate(QUOTES).strip()
    called = _WHAT_IS_CALLED.fullmatch(text)
    described = called["a"] if called else _AROUND_DESCRIPTION.sub("", text)
    return described if described != text and len(described.split()) > 2 else question


def defined_in(question: str) -> str:
    """Return the thing whose definition a question asks for: "bloom filter" in "what is a bloom
    filter?". Return an empty string for other questions, and for those that may refer to a topic,
    like "what are these filters?", "what is the first filter?" and "explain limits"."""
    found = _DEFINED.fullmatch(without_lead(plain(question)))
    if not found or dependence_of(question) == "refers":
        return ""
    subject: str = found["a"] or found["b"]
    words = content_words(subject)
    is_plural = len(words) == 1 and subject.endswith("s") and not found["b"]
    return "" if is_plural or len(words) > SHORT else subject
