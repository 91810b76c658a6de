"""Classify by patterns what a question wants to know, divide a message into its questions, and
recognize questions for facts that an encyclopedia rarely contains."""

import re
from typing import Literal

from index.names import content_words
from index.search.answers.intents import QUOTES, SHORT, dependence_of, plain, without_lead
from index.text import one_line

Aim = Literal["name", "definition", "number", "example", "method", "fact"]

_NAMING = (
    r"\b(?:what(?:'?s)?|is there|how\b.*\b(?:it|this|that|these|they))\b.*\b(?:called|named)"
    r"(?:\s+(?:when|if|where|that|again|please)\b.*)?\W*$|"
    r"\b(?:what(?:'?s)?|which|is there|know|forgot|remember|looking for)\b.*"
    r"\b(?:word|term|name|expression)\s+(?:for|of)\b|"
    r"\b(?:what|how)\s+(?:do|does|did|would|should)\s+(?:you|people|one|they|we|i)\s+call\b"
)
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
# "What is a good value?" asks for a fact about a thing, not for a definition.
_PROPERTY = (
    r" (?:an?|the) (?:best|good|right|ideal|typical|usual|common|maximum|minimum|point|purpose|use|"
    r"benefit|advantage|downside|drawback|risk|reason|cause|limit)s?\b"
)
# "How do I avoid it?" does not ask how it works.
_REMEDY = r"(?:avoid|fix|get rid of|keep|mitigate|prevent|protect|reduce|stop|work around)"
_REMEDIED = r"(?:avoided|fixed|mitigated|prevented|protected|reduced|stopped)"
_HOW = (
    rf"how (?!(?:(?:do|can|could|should|would) (?:i|we|you|one|people) |to )(?:\w+ )?{_REMEDY}\b)"
    r"(?:exactly |actually )?(?:do|does|did|can|could|should|would|to|is|are|was|were|will)"
)
_SAMPLE = r"(?:example|sample|template)s?\b(?! (?:size|rate))"
_AIM_PATTERNS: tuple[tuple[Aim, str], ...] = (
    ("name", _NAMING),
    (
        "number",
        r"\bhow (?:many|much(?! should)|old|long|often|big|large|small|fast)\b|\bpercentage\b",
    ),
    (
        "example",
        r"\b(?:(?:show|give|write) (?:me|us)|got|you have|is there)\b.{0,30}"
        rf"\b{_SAMPLE}|"
        r"\b(?:show|give|write) (?:me|us) (?:one|an? (?:\w+ )?(?:one|line|sentence|prompt))"
        r"(?= (?:that|which|i|we|to|for)\b|\W*$)|"
        rf"^(?:(?:an?|and|any|good|typical|real|life|simple) )*{_SAMPLE}",
    ),
    ("method", rf"\b(?:{_HOW}|explain (?:it |to \w+ )?how)\b(?!.*\bbe {_REMEDIED}\b)"),
    (
        "definition",
        rf"^(?:(?:and|so) )?(?:what(?:'?s| is| are| was| were)\b(?!{_PROPERTY})|define\b|"
        r"(?:(?:can|could|would) (?:you|any(?:one|body)|some(?:one|body)) )?(?:please )?"
        r"(?:explain|eli5)\b(?! (?:to \w+ )?(?:why|when|where|which|who|whether|if|how)\b))|"
        r"^what do(?:es)? .{1,60}\bmean\b",
    ),
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
_AIMS = tuple((aim, re.compile(pattern, re.IGNORECASE)) for aim, pattern in _AIM_PATTERNS)
# "Where should I look in our logs?" asks for advice, not for a fact of the organization.
_NO_ADVICE = r"(?!.*\b(?:should|can|could|need)\b).*"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PRESENT = (
    r"\b(?:right now|at the moment|today|tonight|tomorrow|yesterday|did (?:we|our)|cost us|"
    rf"(?:this|last|next) (?:morning|week|weekend|month|quarter|sprint|year|{_DAY})|on {_DAY}s?)\b"
)
_NUMBER = re.compile(r"\d|\b(?:two|three|five|ten|dozens?|hundreds?|thousands?|half)\b", re.I)
_ORIGINATED = r"(?:introduced|published|proposed|coined|founded|developed|presented|released)"
_SAYS_ORIGIN = re.compile(rf"\b{_ORIGINATED}\b", re.IGNORECASE)
_ASKS_ORIGIN = re.compile(
    rf"\b(?:who|when|(?:what|which) year)\b.*\b(?:{_ORIGINATED}|invented|created|made)\b",
    re.IGNORECASE,
)
_YEAR = r"\b(?:1[89]|20)\d\d\b"
# Questions that an encyclopedia rarely answers, and patterns in texts that do answer them, if any.
_ELSEWHERE_PATTERNS: tuple[tuple[str, str | None], ...] = (
    (
        r"\b(?:price of|cost of|fine for (?!\d|me|us|our|my)|"
        r"costs? .{0,30}\bper (?:month|year|user|seat))\b",
        r"[$€£]\s?\d|\d\s?(?:dollars|euros|cents)",
    ),
    (
        r"^who (?:founded|invented|made|is(?! (?:responsible|liable|allowed))|was|has|won|runs)\b",
        rf"\b{_ORIGINATED} by (?:\w+ ){{0,3}}(?-i:[A-Z])",
    ),
    (
        r"\bwhen (?:was|were|will|did)\b|\bwhat year\b|"
        r"\bwhen (?:is|are) .{1,60} going to (?:be )?(?:release|launch|open|come out)",
        _YEAR,
    ),
    (
        r"\b(?:salar(?:y|ies)|what do(?:es)? .{1,40} earn|share price)\b|"
        r"^(?:is|are)\b.*\b(?:right now|at the moment)\b|"
        r"^(?!why\b|how\b).*\b(?:current prices?|(?:cheaper|open|down) today)\b|"
        r"^what(?:'?s| is) [\d.,]+ ?(?:% of|[-+*/x]|plus|minus|times|divided by) ?[\d.,]+$|"
        # Work to be done, not a question.
        r"^remind (?:me|us)\b(?! (?:what|how|why|which|of)\b)|"
        r"^(?:write|draft|translate|summari[sz]e|book|send|proofread) "
        r"(?:me|us|this|my|our|(?:the )?(?:attached|meeting|thread|e?mail|call|report|minutes))\b"
        r"(?!.*\b(?:example|sample|template)s?\b)|"
        r"^(?:recommend|suggest)\b|\brecommendations? for\b|"
        r"\b(?:you|any(?:one|body)|some(?:one|body)) (?:personally )?recommend\b|"
        r"\b(?:any|some)(?:one|body) suggest\b|"
        r"^(?:what|which|who)\b.*\b(?:best(?![- ]of| way| practice)|buy|hire)\b|"
        r"\bworth the money\b|"
        r"^should (?:i|we) (?:buy|subscribe)\b|"
        r"\b(?:safe|allowed|okay?) to (?:send|share|give|upload)\b|"
        r"^(?:who|when|where|which)\b.*\b(?:our|my) (?:company|team|office|board|boss)\b|"
        r"^what\b.*\b(?:our|my) (?:company|team|office|board|boss|ceo)'s\b|"
        r"^which of our\b|\bdo (?:i|we) (?:still )?have left\b|"
        r"^what time (?:is|are|was|will|do|does|did)\b|"
        r"^(?:is|are|was|were|does|did|has|have) our\b|"
        r"^when (?:is|are|do|does) (?:our|my)\b.*\b(?:run out|expires?|ends?)\b|"
        r"^(?:did|has|have) (?:any|some)(?:one|body) (?:here|seen|tell|told)\b|"
        r"^(?:any|is there an?) (?:good|decent|cheap) (?:\w+ ){0,2}(?:book|course|tutorial)s?\b|"
        r"^(?:who|whose|which|where|when|what|am i|did|has|have|how (?:much|many))\b"
        rf"{_NO_ADVICE}{_PRESENT}|"
        rf"^(?:who|whose|where|what(?:'?s| is) the|how (?:much|many))\b{_NO_ADVICE}"
        r"\b(?:in|on|for|under) our\b(?! own\b)|"
        r"^(?:who|when)(?:'?s| is| are| was) the (?:current|latest|newest|next)\b(?! tokens?\b)",
        None,
    ),
    (
        r"\b(?:by|under|does the|does state) (?:[\w-]+ ){0,3}law\b|\bagainst the law\b|"
        r"\b(?:is|are) (?:it|this|that) (?:il)?legal\b|\b(?:il)?legally\b",
        r"\b(?:laws?|(?:il)?legal(?:ly)?|(?-i:Acts?)|regulations?|courts?|licen[cs]es?|prohibited)\b",
    ),
)
_ELSEWHERE = tuple(
    (re.compile(asked, re.IGNORECASE), has and re.compile(has, re.IGNORECASE))
    for asked, has in _ELSEWHERE_PATTERNS
)


def aim_of(question: str) -> Aim:
    """Classify the answer that a message asks for: the term for a description, a definition, a
    number, an example, a method ("how does it work?"), or another fact. A statement asks for a
    definition. Of several questions, only the first can ask for a number."""
    text = plain(question)
    first = next(iter(questions_in(text)), text)
    for aim, pattern in _AIMS:
        if pattern.search(first if aim == "number" else text):
            return aim
    asks = question.rstrip().endswith("?") or _ASKING.search(text)
    return "fact" if asks else "definition"


def questions_in(message: str) -> list[str]:
    """Return the questions in a message of several sentences or clauses: "What is it called" and
    "is it safe?" for "What is it called and is it safe?". A single word ("why?") is no question."""
    parts = _BETWEEN_QUESTIONS.split(one_line(message))
    return [part for part in parts if " " in part and _BEGINS_QUESTION.match(part)]


def described_in(question: str) -> str:
    """Return the description in a question for a name: "a model makes things up" in "what do you
    call it when a model makes things up?". Other questions are returned unchanged."""
    described, found = _AROUND_DESCRIPTION.subn("", question.translate(QUOTES).strip())
    return described if found and len(described.split()) > 2 else question


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


def asks_origin(question: str) -> bool:
    """Return whether a question asks who made something, or when."""
    return _ASKS_ORIGIN.search(question) is not None


def says_origin(sentence: str) -> bool:
    return _SAYS_ORIGIN.search(sentence) is not None


def has_number(text: str) -> bool:
    return bool(_NUMBER.search(text))


def lacks_external_fact(question: str, text: str) -> bool:
    """Return whether `text` lacks a fact that `question` asks for and encyclopedias rarely contain:
    the moment, a price, a person, a date, a law, a recommendation, or the user's organization."""
    line = without_lead(plain(question))
    return any(asked.search(line) and not (has and has.search(text)) for asked, has in _ELSEWHERE)
