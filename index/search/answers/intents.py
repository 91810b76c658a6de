"""Classify what a line asks for, and divide a line that asks two things.

Patterns recognize lists, comparisons and small talk; a classifier recognizes moves (see `moves`).
All other lines are questions, which are read.
"""

import re
from dataclasses import dataclass
from typing import Literal

from index.names import content_words
from index.search.answers.moves import MOVES, Move, move_of
from index.text import one_line, word_set

FollowUpKind = Literal["numbered", "other", "without"] | Move
IntentKind = (
    FollowUpKind
    | Literal["workings", "importance", "difference", "list", "near", "courtesy", "question"]
)
FOLLOW_UP_KINDS = frozenset({"numbered", "other", "without", *MOVES})

SHORT = 3  # content words up to which "this" and "that" refer to the topic
LONG = 7  # content words from which pronouns are ignored
LONGEST = 300  # characters of a message that are matched with the patterns
LAST = -1  # the number of the last one of a list
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "fifth": 5,
    "former": 1,
    "latter": 2,
    "last": LAST,
}


@dataclass(frozen=True, slots=True)
class Intent:
    """The intent of a message, and its subject as the user wrote it, if any."""

    kind: IntentKind
    subject: str = ""


# A message is a follow-up if its words, except these, all belong to that kind of follow-up.
_FILLER = word_set(
    "a about an and another any are bit can could do does did don't explain for get got have hm i "
    "in into is it it's its just know let little me no now of ok okay one please pls plz put say "
    "so some something sorry tell that that's the them then there these they this to us want was "
    "well what what's would you your"
)
_THANKS = word_set(
    "hi hello hey goodbye thanks thank thx lot much great cool nice bye good morning helped "
    "helpful useful perfect"
)
_COUNTED = word_set(
    "number entry term result closer nearer why how more on go deeper open show give detail details"
)
_EXCLUDING = ("without ", "except for ", "except ", "other than ", "apart from ", "besides ")
_LEADS = word_set(
    "and but so ok okay now then well hey hi hello please pls plz thanks great can could would you"
)
_ASKING = word_set("what which how is are was were does do can could would should")
_PRONOUNS = word_set("it its they them their both one ones")
_DEMONSTRATIVES = word_set("this that these those")
# Words that have no meaning without a topic: "what can go wrong?"
_EMPTY = _FILLER | word_set(
    "better cost costs else enough go happen happens help if instead long many much need none "
    "should use when work wrong"
)
_CHAT_SPELLINGS = {"whats": "what's", "hows": "how's", "pls": "please", "plz": "please", "u": "you"}
_SIGNS = ' \t.?!…,;:"“”'
QUOTES = str.maketrans("’‘", "''")
# Patterns for a whole message without its final punctuation. The first match wins.
_TABLE: tuple[tuple[IntentKind, str], ...] = (
    (
        "courtesy",
        r"ok(?:ay)?|sorry|many thanks|how are you(?: doing| today)?|"
        r"good (?:afternoon|evening|night)|(?:good|great|nice|helpful|perfect) answer|"
        r"who (?:are|built|made|wrote) you|what can you do|are you (?:an? )?[\w.-]+|"
        r"no|yes|stop(?: it)?|never ?mind|forget (?:it|that)|are you sure|(?:good|bad) bot|"
        r"(?:that|this|it)(?:'s| is| was) (?:wrong|not (?:true|right|what i (?:asked|meant)))",
    ),
    (
        "near",
        r"(?:show me )?(?:what(?: terms| entries| words)?|which (?:terms|entries|words)|"
        r"(?:is there )?anything)(?:'?s| is| are)?(?: else)?(?: is| are)? "
        r"(?:near(?:est to|by)?|(?:close|closest|similar|related) to)(?: (?P<a>.+))?|"
        r"(?:any |the )?(?:related|similar|nearest) (?:terms|entries|words)(?: to (?P<b>.+))?",
    ),
    ("example", r".{0,60}?\bexamples? (?:of|for) (?P<a>.+)"),
    (
        "difference",
        r"(?:.{0,45}\s)?(?:differ\w*|compare\w?|vs|versus|relate[sd]? to|"
        r"the same(?: thing)? as)\b.*|"
        r"(?:is|are|does|do|isn't|aren't|doesn't|don't)\b.{1,45}\b"
        r"the same(?: (?:thing|idea|problem|job|purpose))?",
    ),
    ("workings", r"how (?:does|do) (?P<a>.+?) (?:actually |really )?work(?: exactly)?|how"),
    ("importance", r"why (?:does|do|is|are|should) (?P<a>.+?) (?:matter|important|relevant)\b.*"),
    (
        "list",
        r"(?:list|enumerate|(?:show|give|name)(?: me)? (?:all|every|(?:a|the) list of)) (?P<a>.+)|"
        r"(?:what|which) (?:entries|terms|words|topics|categories)"
        r"(?: are there| are| do you (?:have|know))?(?: (?P<b>.+))?",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _TABLE)
_SHORTCODE = re.compile(r":[\w+-]{1,40}:")  # an emoji in Slack: ":thumbsup:"
_POINTING = re.compile(r"\b(?:it|this|that|they|them|these|those)\b|\bones?\b(?=\W*$)", re.I)
# "The second" or "the second type", but not "the second paragraph".
ORDINAL = re.compile(
    rf"\bthe ({'|'.join(name for name in ORDINALS if name != 'last')})"
    r"(?: (?:kind|one|option|term|thing|type)\b|"
    r"(?=\W*$|[,;]|\s+(?:is|are|does|do|can|has|have)\b))",
    re.IGNORECASE,
)
# "Bloom filter" in "what is a bloom filter?"; "the filter" may be the topic.
_DEFINED = re.compile(
    r"(?:what(?:'?s| is| are| was)|define|explain|tell me(?: about)?) "
    r"(?:an? )?(?P<a>(?!(?:the|an?|my|our|your|to|if|wh\w+|how)\b).+)|"
    r"what do(?:es)? (?:an? )?(?P<b>(?!(?:the|my|our|your)\b).+) mean",
    re.IGNORECASE,
)
# Where the second question of a line begins: at a question word, or at a verb with its subject.
_SECOND_QUESTION = re.compile(
    r"(?:\?+ |[.!;:] |,? (?:and|or) (?:also )?|, ?)"
    r"(?=(?:(?:and|so) )?(?:what|why|how|which|who|where|"
    r"when (?:is|are|can|should|do|does|did|will|would|to)|"
    r"(?:is|are|can|could|should|do|does|did|will|would) "
    r"(?:it|they|we|i|you|one|that|this|these|there|the|an?|my|our))\b)",
    re.IGNORECASE,
)


def plain(line: str) -> str:
    """Return the beginning of a message in one line, with chat spellings such as "pls" written out,
    and without its final punctuation."""
    text = one_line(line).translate(QUOTES)[:LONGEST].strip(_SIGNS)
    return " ".join(_CHAT_SPELLINGS.get(word.casefold(), word) for word in text.split())


def intent_of(line: str) -> Intent:
    """Classify the intent of a message. Any other message is a question."""
    text, rest = plain(line), _SHORTCODE.sub("", line).strip()
    is_picture = rest != line.strip() or not line.isascii()
    if rest == "+1" or (is_picture and not any(map(str.isalnum, rest))):
        return Intent("courtesy")
    if follow_up := _follow_up(text):
        return follow_up
    for part in dict.fromkeys((without_lead(text), text)):
        for start in _EXCLUDING:
            if part.casefold().startswith(start):
                return Intent("without", part[len(start) :].strip())
        for kind, pattern in _PATTERNS:
            if found := pattern.fullmatch(part):
                named = found.groupdict()
                return Intent(kind, (named.get("a") or named.get("b") or "").strip())
    move = move_of(text)
    return Intent(move) if move else Intent("question", line)


def _follow_up(text: str) -> Intent | None:
    words = {word.strip(_SIGNS + "#()") for word in text.casefold().split()} - _FILLER - {""}
    numbers = {word for word in words if word in ORDINALS or (word.isdecimal() and len(word) < 3)}
    if len(numbers) == 1 and words - numbers <= _COUNTED:
        return Intent("numbered", numbers.pop())
    if words == {"other"}:
        return Intent("other")
    first = next(iter(without_lead(text).casefold().split()), "").partition("'")[0]
    is_thanks = bool(words) and words <= _THANKS and first not in _ASKING  # "is it any good?"
    return Intent("courtesy") if is_thanks else None


def without_lead(text: str) -> str:
    """Return `text` without words such as "ok, and" before its question."""
    words = text.split()
    kept = words
    while len(kept) > 1 and kept[0].casefold().strip(",.!") in _LEADS:
        kept = kept[1:]
    # "Can you …" leads, "can it …" does not.
    before = [word.casefold().strip(",.!") for word in words[: len(words) - len(kept)]]
    if before and before[-1] in ("can", "could", "would"):
        kept = words[len(words) - len(kept) - 1 :]
    return " ".join(kept)


def is_pronoun(subject: str) -> bool:
    """Return whether a subject refers to the conversation: it is empty or a pronoun such as "this
    one"."""
    words = subject.casefold().split()
    pointing = _PRONOUNS | _DEMONSTRATIVES
    return not words or (words[0] in pointing and len(words) < 3) or words == ["the", "two"]


def refers_back(question: str) -> bool:
    """Return whether a question refers to the conversation: by a pronoun, unless it is long, or
    since it has a single word, or no word with a meaning of its own."""
    words = [word.strip(".,;:?!\"'“”") for word in question.translate(QUOTES).casefold().split()]
    content = content_words(question)
    if len(words) == 1 or (content and _EMPTY.issuperset(content)):
        return True
    if len(content) < LONG and not _PRONOUNS.isdisjoint(words):
        return True
    return len(content) <= SHORT and not _DEMONSTRATIVES.isdisjoint(words)


def insert_term(question: str, term: str) -> str:
    """Replace the first pronoun in `question` with `term`, or put `term` before the question."""
    named, count = _POINTING.subn(lambda _: term, question, count=1)
    return named if count else f"{term}: {question}"


def questions_in(message: str) -> list[str]:
    """Return the questions in a message of several sentences or clauses: "What is it called" and
    "is it safe?" for "What is it called and is it safe?". A single word ("why?") is no question."""
    parts = _SECOND_QUESTION.split(one_line(message))
    return [part for part in parts if " " in part and _begins_question(part)]


def _begins_question(text: str) -> bool:
    first = without_lead(text).casefold().split()[0].partition("'")[0]
    return first in _ASKING or first in ("why", "who", "where", "when", "did", "will", "whats")


def defined_in(question: str) -> str:
    """Return the thing whose definition a question asks for: "bloom filter" in "what is a bloom
    filter?". Return an empty string for other questions, and for those that may refer to a topic,
    like "what are these filters?", "what is the first filter?" and "explain limits"."""
    found = _DEFINED.fullmatch(without_lead(plain(question)))
    if not found or refers_back(question):
        return ""
    subject: str = found["a"] or found["b"]
    words = content_words(subject)
    is_plural = len(words) == 1 and subject.endswith("s") and not found["b"]
    return "" if is_plural or len(words) > SHORT else subject
