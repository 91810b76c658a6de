"""Classify the intent of a question and its dependence on the conversation.

Patterns recognize the intents, except wishes such as "more" and "why?" (see `moves`). These always
depend on the conversation. Other questions may depend on it too (see `dependence_of`).
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

ContextDependence = Literal["refers", "short", "standalone", "long"]

SHORT = 3  # content words up to which "this" and "that" refer to the topic
LONG = 7  # content words from which pronouns are ignored; longer questions are independent
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
_FOLLOW_UPS: dict[IntentKind, frozenset[str]] = {
    "courtesy": word_set(
        "hi hello hey goodbye thanks thank thx lot much great cool nice bye good morning "
        "helped helpful useful perfect"
    ),
    "other": word_set("other"),
}
_COUNTED = word_set(
    "number entry term result closer nearer why how more on go deeper open show give detail details"
)
# Patterns for a whole message without its final punctuation. The first match wins.
_TABLE: tuple[tuple[IntentKind, str], ...] = (
    (
        "courtesy",
        r"ok(?:ay)?|sorry|many thanks|how are you(?: doing| today)?|"
        r"good (?:afternoon|evening|night)|(?:good|great|nice|helpful|perfect) answer|"
        r"who (?:are|built|made|wrote) you|what can you do|"
        r"are you (?:an? )?[\w.-]+|"
        r"no|yes|stop(?: it)?|never ?mind|forget (?:it|that)|are you sure|(?:good|bad) bot|"
        r"(?:that|this|it)(?:'s| is| was) (?:wrong|not (?:true|right|what i (?:asked|meant)))",
    ),
    (
        "near",
        r"(?:show me )?(?:what(?: terms| entries| words)?|which (?:terms|entries|words)|"
        r"(?:is there )?anything)"
        r"(?:'?s| is| are)?(?: else)?(?: is| are)? "
        r"(?:near(?:est to|by)?|(?:close|closest|similar|related) to)(?: (?P<a>.+))?",
    ),
    (
        "near",
        r"(?:any |the )?(?:related|similar|nearest) (?:terms|entries|words)(?: to (?P<a>.+))?",
    ),
    ("without", r"(?:without|except(?: for)?|other than|apart from|besides) (?P<a>.+)"),
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
        r"(?:list|enumerate|(?:show|give|name)(?: me)? (?:all|every|(?:a|the) list of)) (?P<a>.+)",
    ),
    (
        "list",
        r"(?:what|which) (?:entries|terms|words|topics|categories)"
        r"(?: are there| are| do you (?:have|know))?(?: (?P<a>.+))?",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _TABLE)
_IS_QUESTION = re.compile(
    r"(?:what|which|how|is|are|was|were|does|do|can|could|would|should)\b(?! an?\b)", re.IGNORECASE
)
_SHORTCODE = re.compile(r":[\w+-]{1,40}:")  # an emoji in Slack: ":thumbsup:"
_LEAD = re.compile(
    r"(?:(?:and|but|so|ok|okay|now|then|well|hey|hi|hello|please|pls|plz|thanks|great|"
    r"(?:can|could|would) you(?: please)?)\b[\s,.]*)+(?=\w)",
    re.IGNORECASE,
)
QUOTES = str.maketrans("’‘", "''")
_CHAT_SPELLINGS = {
    "whats": "what's",
    "hows": "how's",
    "pls": "please",
    "plz": "please",
    "u": "you",
}
_CHAT = re.compile(rf"(?<![^\s,;:(])(?:{'|'.join(_CHAT_SPELLINGS)})(?![^\s,;:?!.)])", re.IGNORECASE)
_SIGNS = ' \t.?!…,;:"“”'
_PRONOUNS = word_set("it its they them their both")
_DEMONSTRATIVES = word_set("this that these those")
# Words that have no meaning without a topic: "what can go wrong?"
_EMPTY = _FILLER | word_set(
    "better cost costs else enough go happen happens help if instead long many much need none "
    "should use when work wrong"
)


def plain(line: str) -> str:
    """Return the beginning of a message in one line, with chat spellings such as "pls" written out,
    and without its final punctuation."""
    text = one_line(line).translate(QUOTES)[:LONGEST].strip(_SIGNS)
    return _CHAT.sub(lambda found: _CHAT_SPELLINGS[found[0].casefold()], text)


def intent_of(line: str) -> Intent:
    """Classify the intent of a message. Any other message is a question."""
    text, rest = plain(line), _SHORTCODE.sub("", line).strip()
    is_picture = rest != line.strip() or not line.isascii()
    if rest == "+1" or (is_picture and not re.search(r"\w", rest)):
        return Intent("courtesy")
    if follow_up := _follow_up(text):
        return follow_up
    for part in dict.fromkeys((without_lead(text), text)):
        for kind, pattern in _PATTERNS:
            if found := pattern.fullmatch(part):
                return Intent(kind, (found.groupdict().get("a") or "").strip())
    move = move_of(text)
    return Intent(move) if move else Intent("question", line)


def _follow_up(text: str) -> Intent | None:
    words = {word.strip(_SIGNS + "#()") for word in text.casefold().split()} - _FILLER - {""}
    numbers = {word for word in words if word in ORDINALS or re.fullmatch(r"\d{1,2}", word)}
    if len(numbers) == 1 and words - numbers <= _COUNTED:
        return Intent("numbered", numbers.pop())
    kinds = (kind for kind, known in _FOLLOW_UPS.items() if words and words <= known)
    kind = next(kinds, None)
    if kind == "courtesy" and _IS_QUESTION.match(without_lead(text)):
        return None  # "is it any good?"
    return Intent(kind) if kind else None


def without_lead(text: str) -> str:
    """Return `text` without words such as "ok, and" before its question."""
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead else text


def is_pronoun(subject: str) -> bool:
    """Return whether a subject refers to the conversation: it is empty or a pronoun such as "this
    one"."""
    words = subject.casefold().split()
    pointing = _PRONOUNS | _DEMONSTRATIVES
    return not words or (words[0] in pointing and len(words) < 3) or words == ["the", "two"]


def dependence_of(question: str) -> ContextDependence:
    """Classify how a question depends on the conversation: "refers" if it refers to the topic, as
    a single word ("limits?") does, else "short", "standalone" or "long" by its number of content
    words. A question for the name of what it describes is "standalone"."""
    rest, expletives = _EXPLETIVE_IT.subn(" ", question.translate(QUOTES))
    words = [word.strip(".,;:?!\"'“”") for word in rest.casefold().split()]
    if expletives and (_PRONOUNS | _DEMONSTRATIVES).isdisjoint(words):
        return "standalone"
    content = content_words(question)
    if len(words) == 1 or (content and _EMPTY.issuperset(content)):
        return "refers"
    count = len(content)
    if count < SHORT and _WHICH.match(question):
        return "refers"
    if count < LONG and (not _PRONOUNS.isdisjoint(words) or _ONE.search(question)):
        return "refers"
    if count <= SHORT and not _DEMONSTRATIVES.isdisjoint(words):
        return "refers"
    if count < SHORT:
        return "short"
    return "long" if count > LONG else "standalone"


def is_return(question: str) -> bool:
    """Return whether a question returns to an earlier topic ("back to the merges, who picks
    them?")."""
    return _RETURN.search(without_lead(plain(question))) is not None


def insert_term(question: str, term: str) -> str:
    """Replace the first pronoun in `question` with `term`, or put `term` before the question."""
    named, count = _POINTING.subn(lambda _: term, question, count=1)
    return named if count else f"{term}: {question}"


_ONE = re.compile(
    r"\bones?\b(?=\W*$|\s+(?:for|in|on|to|with|when|if|should|is|are|do|does)\b)", re.I
)
# In "what is it called when the model makes things up", "it" is an expletive.
_EXPLETIVE_IT = re.compile(
    r"\b(?:(?:what|how)(?:'s|\s+is|\s+was)\s+it\s+(?:called|named)|call\s+it)"
    r"(?=\s+(?:when|if|where)\b)",
    re.I,
)
# "Back to the merges, …", "the merges again, …", "those merges from before", "once more on …"
_RETURN = re.compile(
    r"^(?:let's |to )?(?:(?:go|going|come|coming|get|getting) )?(?:back|return) to "
    r"(?:the|that|those|these|this)\b|"
    r"^(?:about )?(?:the|that|those|these) (?:[\w'/-]+ ){1,4}(?:again|once more) ?[,:;]|"
    r"\b(?:the|that|those|these) (?:[\w'-]+ ){1,3}from (?:before|the (?:start|beginning))"
    r"(?= ?[,:;]|$)|\b(?:once|one) more (?:on|about)\b",
    re.IGNORECASE,
)
# "Which is cheaper?" compares what the topic compares.
_WHICH = re.compile(
    r"(?:(?:and|but|so|ok|okay)[\s,]+)*which (?:is|are|has|have|costs?|needs?)\b", re.I
)
# "The second" or "the second type" in a longer question, but not "the second paragraph".
ORDINAL = re.compile(
    rf"\bthe ({'|'.join(name for name in ORDINALS if name != 'last')})"
    r"(?: one\b|(?: (?:kind|option|term|thing|type)\b)?(?=\W*$|[,;]|\s+(?:better|cheaper|worse)\b|"
    r"\s+(?:is|are|was|does|do|can|could|would|should|has|have|needs?|costs?|helps?|wins?|works?)\b))",
    re.I,
)
_POINTING = re.compile(rf"\b(?:it|this|that|they|them|these|those)\b|{_ONE.pattern}", re.I)
