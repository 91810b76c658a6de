"""What a line asks for: a table of patterns, each with a name.

Some kinds lean on what was said before ("more", "why 3?"); in the others, an empty subject or a
pronoun stands for the entry that the conversation is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.names import telling_words
from index.text import one_line

AskKind = Literal[
    "numbered",
    "without",
    "more",
    "simpler",
    "example",
    "difference",
    "expansion",
    "workings",
    "importance",
    "list",
    "courtesy",
    "question",
]
LEANING: frozenset[AskKind] = frozenset({"numbered", "without", "more", "simpler"})

Lean = Literal["points", "short", "alone"]

SHORT = 4  # telling words; a question with fewer leans on the conversation
LONG = 7  # telling words; a question with as many stands alone, pronouns or not
LONGEST = 300  # characters of a line that is held against the patterns


@dataclass(frozen=True, slots=True)
class Ask:
    """What a line asks for: its kind, and the two subjects that the kind has, as written."""

    kind: AskKind
    subject: str = ""
    other: str = ""


# The whole line, in which no two spaces are together, without the signs after it, and without the
# words in `_LEAD` before it where that fits any; the first that fits.
_PATTERNS: tuple[tuple[AskKind, str], ...] = (
    (
        "courtesy",
        r"hi|hello(?: there)?|hey|good (?:morning|afternoon|evening)|thanks?(?: you)?(?: so much)?|"
        r"thx|ok(?:ay)?|great|cool|nice|bye|who are you|what can you do",
    ),
    (
        "numbered",
        r"(?:closer to|nearer to|why|(?:what|how) about|tell me(?: more)? about|more (?:about|on)|"
        r"open|show(?: me)?|define|explain|what is)? ?(?:the )?(?:number|no\.?|#)? ?"
        r"(?P<a>\d{1,2}|first|second|third|fourth|fifth)(?: (?:one|entry|term|result))?",
    ),
    (
        "without",
        r"(?:without|except(?: for)?|other than|apart from|besides|leave out|leaving out|not) "
        r"(?P<a>.+)",
    ),
    (
        "more",
        r"(?:tell me |say |show me |give me )?(?:(?:a (?:bit|little)|some|any|anything) )?more"
        r"(?: details?| information| info)?(?: (?:about|on) (?:it|this|that|them))?(?: please)?|"
        r"go on|go deeper|continue|keep going|elaborate|(?:what|anything) else|next",
    ),
    (
        "simpler",
        r"(?:(?:say|explain|put|tell me) (?:(?:it|this|that) )?)?(?:in )?"
        r"(?:simpler|simple|plain|plainer|easier|simply|more simply)"
        r"(?: (?:words?|terms?|language|english))?(?: please)?|"
        r"(?:explain (?:it |this |that )?)?like i'?m (?:five|5)|eli5|tl;?dr|in short|"
        r"(?:sorry )?i (?:do not|don'?t) (?:understand|get it|get that|follow)(?: it| that| this)?",
    ),
    (
        "example",
        r"(?:(?:do you have|can i see|give(?: me)?|show(?: me)?|is there|what (?:is|would be)) )?"
        r"(?:(?:an?|the|some|one|any) )?examples?(?: please)?(?: (?:of|for) (?P<a>.+))?",
    ),
    ("example", r"like what|such as|for (?:instance|example)|what does (?:it|that|this) look like"),
    (
        "difference",
        r"(?:(?:what'?s|what is|what are|explain|tell me) )?(?:the )?differences? between "
        r"(?P<a>.+?)(?: (?:and|or|vs\.?|versus|&) (?P<b>.+))?",
    ),
    (
        "difference",
        r"(?:(?:what'?s|what is) )?(?:the )?difference (?:to|from|with) (?P<b>.+)",
    ),
    (
        "difference",
        r"how (?:does|do|is|are) (?P<a>.+?) (?:differ|different|differs|compares?|compared) "
        r"(?:from|to|with|than) (?P<b>.+)",
    ),
    ("difference", r"how (?:do|are) (?P<a>.+?) and (?P<b>.+?) (?:differ|different)"),
    ("difference", r"compare (?P<a>.+?) (?:and|with|to|vs\.?|versus) (?P<b>.+)"),
    (
        "difference",
        r"(?:is|are) (?P<a>.+?) (?:(?:not|just) )*"
        r"(?:the same(?: thing)? as|different from) (?P<b>.+)",
    ),
    (
        "difference",
        r"(?:what (?:about|is) )?(?P<a>.*?) ?\b(?:vs\b\.?|versus|"
        r"(?:as )?compared (?:to|with)|as opposed to) (?P<b>.+)",
    ),
    ("expansion", r"what (?:does|do|did) (?P<a>.+?) stand for"),
    ("expansion", r"what is (?P<a>.+?) (?:short|an? (?:acronym|abbreviation)) for"),
    (
        "workings",
        r"how (?:does|do|is|are) (?P<a>.+?) (?:actually |really )?"
        r"(?:works?|function|done|trained|made)(?: (?:exactly|inside|in practice))?",
    ),
    ("workings", r"how(?: so| exactly| come)?(?: does (?:it|that) work)?"),
    (
        "importance",
        r"why (?:does|do|is|are|should) (?P<a>.+?) "
        r"(?:matters?|important|relevant)(?: (?:to|for) .+)?",
    ),
    ("importance", r"why(?: is that| so| not)?|so what|why should (?:i|we|anyone) care"),
    (
        "list",
        r"(?:list|show|name|give|enumerate) (?:me )?(?:all |every )?(?:of )?(?:the )?"
        r"(?P<a>.+?)(?: (?:there are|you (?:know|have)))?",
    ),
    (
        "list",
        r"(?:which|what) (?:entries|terms|words|concepts|topics) "
        r"(?:are (?:there )?|do you have |deal |belong )?(?:about|on|for|with|to|in) "
        r"(?P<a>.+)",
    ),
    ("list", r"(?:which|what) (?P<a>.+?) (?:are there|do you (?:know|have)|exist)"),
)
_TABLE = tuple(
    (kind, re.compile(rf"\A(?:{pattern})", re.IGNORECASE)) for kind, pattern in _PATTERNS
)
_LEAD = re.compile(
    r"(?:(?:and|but|so|ok|okay|now|then|well|hey|hi|hello|please|thanks|great|"
    r"(?:can|could|would) you(?: please)?)\b[\s,.]*)+(?=\w)",
    re.IGNORECASE,
)
_QUOTES = str.maketrans("’‘", "''")
_PRONOUNS = frozenset(["it", "its", "they", "them", "their", "both"])
_DEMONSTRATIVES = frozenset(["this", "that", "these", "those"])
_JOINING = frozenset(["and", "but", "so", "then", "also", "or"])


def ask_of(line: str) -> Ask:
    """What `line` asks for; a plain question where no pattern fits."""
    text = one_line(line).translate(_QUOTES)[:LONGEST]
    lead = _LEAD.match(text)
    for part in (text[lead.end() :], text) if lead else (text,):
        for kind, pattern in _TABLE:
            if found := pattern.fullmatch(part.strip(' \t.?!…,;:"“”')):
                groups = found.groupdict(default="")
                return Ask(kind, (groups.get("a") or "").strip(), (groups.get("b") or "").strip())
    return Ask("question", line)


def is_pronoun(subject: str) -> bool:
    """Whether a subject stands for what the conversation is about: nothing, or "it", "this one"."""
    words = subject.casefold().split()
    pointing = _PRONOUNS | _DEMONSTRATIVES
    return not words or (words[0] in pointing and len(words) < 3) or words == ["the", "two"]


def lean_of(question: str) -> Lean:
    """How a question leans on the conversation: it `points` at what that is about, it is `short`
    (says too little by itself, or joins on to what was said), or it stands `alone`."""
    said, empty = _EMPTY_IT.subn(" ", question.translate(_QUOTES))
    words = [word.strip(".,;:?!\"'“”") for word in said.casefold().split()]
    if empty and (_PRONOUNS | _DEMONSTRATIVES).isdisjoint(words):
        return "alone"
    told = len(telling_words(question))
    if told < LONG and (not _PRONOUNS.isdisjoint(words) or _ONE.search(question)):
        return "points"
    if told < SHORT and not _DEMONSTRATIVES.isdisjoint(words):
        return "points"
    if told < SHORT or (told < LONG and words[0] in _JOINING):
        return "short"
    return "alone"


def asks_for_name(question: str) -> bool:
    """Whether a question describes something and wants to know what that is called."""
    return bool(_NAMING.search(one_line(question).translate(_QUOTES)[:LONGEST]))


def put_in(question: str, term: str) -> str:
    """`question` with `term` in place of its first pronoun, or before it where it has none."""
    named, count = _POINTING.subn(term, question, count=1)
    return named if count else f"{term}: {question}"


_ONE = re.compile(
    r"\bones?\b(?=\W*$|\s+(?:for|in|on|to|with|when|if|should|is|are|do|does)\b)", re.I
)
_NAMING = re.compile(
    r"\b(?:what(?:'?s)?|is there|how\b.*\b(?:it|this|that|these|they))\b.*\b(?:called|named)"
    r"(?:\s+(?:when|if|where|that|again|please)\b.*)?\W*$|"
    r"\b(?:what(?:'?s)?|which|is there|know|forgot|remember|looking for)\b.*"
    r"\b(?:word|term|name|expression)\s+(?:for|of)\b|"
    r"\b(?:what|how)\s+(?:do|does|did|would|should)\s+(?:you|people|one|they|we|i)\s+call\b",
    re.I,
)
# In "what is it called when the model makes things up" the pronoun stands for what follows.
_EMPTY_IT = re.compile(
    r"\b(?:(?:what|how)(?:'s|\s+is|\s+was)\s+it\s+(?:called|named)|call\s+it)"
    r"(?=\s+(?:when|if|where)\b)",
    re.I,
)
_POINTING = re.compile(rf"\b(?:it|this|that|they|them|these|those)\b|{_ONE.pattern}", re.I)
