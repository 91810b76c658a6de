"""Decides whether a thread message without a mention is addressed to the bot.

`python -m tests.benchmarks.manners` measures the accuracy on hand-labelled threads.
"""

import re
from dataclasses import dataclass

FOLLOW_UP_S = 1_800.0  # seconds after an answer in which a follow-up need not name the topic
MAX_AGE_S = 24 * 3600.0  # seconds after an answer in which a line can follow it up
MAX_LINE_LENGTH = 500  # characters; longer lines are never addressed to the bot
MAX_NAME_WORDS = 4  # words; a line up to this length may be just the name of a topic

_VERB = r"(?:can|could|does|do|did|is|are|should|would|will)"
# Filler words at the start of a line, removed before the patterns below are matched.
_LEAD = re.compile(
    r"\A(?:(?:and|but|so|ok|okay|then|now|well|hmm?|an?|sorry|wait|also|just|roughly|hey|hi)[\s,]{1,3}){0,4}",
    re.IGNORECASE,
)
# Calls the bot by name.
_CALLS = re.compile(
    rf"\A@?nearsay(?:\s?(?:[,:]|\?\Z)|\s(?:why|how|which|what|what'?s|explain|define|please"
    rf"|compare (?=.*\b(?:and|with|to|vs)\b)|list (?:all|the)|(?:show|give|tell) me|{_VERB})\b)"
    r"|,\s?@?nearsay\s?[?!.]?\Z",
    re.IGNORECASE,
)
# A question, with or without a question mark, or a request.
_ASKS = re.compile(
    rf"\?|\A(?:why|how|which|what|what'?s|who|when|where|{_VERB}|more|another|examples?|simpler"
    r"|shorter|longer|explain|define|compare|list|show me|give me|tell me"
    r"|the (?:first|second|third|other)|in (?:simpler|plain|other|fewer) words"
    r"|i don'?t (?:get|understand))\b",
    re.IGNORECASE,
)
# Lines that only make sense right after an answer from the bot, whoever writes them.
_FOLLOWS = re.compile(
    r"\A(?:why|how so|(?:another )?examples?|more|simpler|in plain words)[?!. ]{0,3}\Z",
    re.IGNORECASE,
)
# Asks for a definition: "what is nDCG?"
_DEFINES = re.compile(
    r"\A(?:what(?:'?s| is| are) (?!(?:the|this|that|it|wrong|next|left|new|up|going)\b)"
    r"|what does \S{1,40} mean\b)",
    re.IGNORECASE,
)
# Uses "you" or "we" but may be addressed to the bot: "can you explain", "how do you choose one".
_GENERAL = re.compile(
    r"\b(?:can|could|would|will|do|did) you (?:please |also |maybe |just )?(?:explain|show|give"
    r"|tell|compare|define|list|mean|say|repeat|rephrase|simplify|elaborate|expand|describe)\b"
    r"|\bare you sure\b"
    r"|\b(?:how|when|why|what|which)(?: \w{1,20})? (?:do|can|would|should) (?:you|we)\b",
    re.IGNORECASE,
)
# Words about people, dates and work, which suggest that the line is for a colleague.
_PEOPLE = re.compile(
    r"\b(?:you(?:rs?)?|(?-i:us)|let'?s|he|him|his|she|hers?|(?:any|some|every)(?:one|body)|guys"
    r"|folks|btw|lol|ha(?:ha)?|to(?:day|night|morrow)|yesterday|weekend|lunch|coffee|meeting|sync"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|demo|launch|pr|prod|production|staging|repo|git"
    r"|ticket|release|vendor)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:we|ours?|my|mine|did|was|were)\b", re.IGNORECASE)
# "Is the index back" asks about a particular index, and "it" refers to the thread's topic. A
# question about the term says "an index" or "indexes".
_IS_THE = re.compile(r"\A\w{1,20} (?:the|this|that)\b(?! (?:the same|differ))", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:the (?!same|differences?|best)|this|that|its?|they|them|these|those)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class LineContext:
    """The context of a message in its thread.

    `partner`: whether the bot's last answer was to this author. `asked`: whether this author has
    asked the bot before. `interrupted`: whether users have written since the bot's last answer.
    `seconds`: the time since that answer. `on_topic`: whether the message names an entry or a topic
    of the thread.
    """

    partner: bool
    asked: bool
    interrupted: bool
    seconds: float
    on_topic: bool


def is_called(line: str) -> bool:
    """Return whether a message calls the bot by its name."""
    return _CALLS.search(_LEAD.sub("", line)) is not None


def is_addressed(line: str, context: LineContext) -> bool:
    """Return whether a message is clearly addressed to the bot."""
    if not line or len(line) > MAX_LINE_LENGTH or context.seconds > MAX_AGE_S:
        return False
    text = _LEAD.sub("", line)
    if is_called(line):
        return True
    of_people = _GENERAL.sub("", line)
    if _PEOPLE.search(of_people):
        return False
    asks = bool(_ASKS.search(text))
    if context.partner and not context.interrupted:  # the bot wrote last, to this author
        if context.on_topic:
            return asks or len(line.split()) <= MAX_NAME_WORDS
        return asks and context.seconds <= FOLLOW_UP_S
    if not context.interrupted and _FOLLOWS.match(text):
        return context.seconds <= FOLLOW_UP_S
    if not asks or _OURS.search(of_people):
        return False
    defines = bool(_DEFINES.match(text))
    if context.asked:
        return (context.on_topic or defines) and not _IS_THE.match(text)
    # If the bot has not answered this author, two of these three signs are enough.
    return sum((context.on_topic, defines, not _POINTS.search(line))) >= 2
