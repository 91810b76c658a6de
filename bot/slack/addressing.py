"""Whether a line in a thread of a channel that does not mention the bot is meant for the bot.

Checked against threads that were judged by hand: `python -m tests.benchmarks.manners`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SOON = 1_800.0  # seconds after its answer in which the bot's partner need not name the topic
LATEST = 24 * 3600.0  # seconds after its answer in which a line can follow it
LONGEST = 500  # characters of a line that can be for the bot
NAMING = 4  # words of a line that may name a topic and say nothing more

_VERB = r"(?:can|could|does|do|did|is|are|should|would|will)"
# Words before what a line says; the patterns of beginnings are held against what follows them.
_LEAD = re.compile(
    r"\A(?:(?:and|but|so|ok|okay|then|now|well|hmm?|an?|sorry|wait|also|just|roughly|hey|hi)[\s,]{1,3}){0,4}",
    re.IGNORECASE,
)
# The bot is called by its name.
_CALLS = re.compile(
    rf"\A@?nearsay(?:\s?[,:]|\s(?:why|how|which|what|what'?s|explain|define|{_VERB})\b)"
    r"|,\s?@?nearsay\s?[?!.]?\Z",
    re.IGNORECASE,
)
# A question, with or without its mark, or a wish.
_ASKS = re.compile(
    rf"\?|\A(?:why|how|which|what|what'?s|who|when|where|{_VERB}|more|another|examples?|simpler"
    r"|shorter|longer|explain|define|compare|list|show me|give me|tell me"
    r"|the (?:first|second|third|other)|in (?:simpler|plain|other|fewer) words"
    r"|i don'?t (?:get|understand))\b",
    re.IGNORECASE,
)
# What can only follow the bot's answer, whoever says it.
_FOLLOWS = re.compile(
    r"\A(?:why|how so|(?:another )?examples?|more|simpler|in plain words)[?!. ]{0,3}\Z",
    re.IGNORECASE,
)
# A question for a term: "what is nDCG?"
_DEFINES = re.compile(
    r"\A(?:what(?:'?s| is| are) (?!(?:the|this|that|it|wrong|next|left|new|up|going)\b)"
    r"|what does \S{1,40} mean\b)",
    re.IGNORECASE,
)
# "Can you explain" and "how do you choose one" may be said to the bot.
_GENERAL = re.compile(
    r"\b(?:can|could|would|will|do|did) you (?:please |also |maybe |just )?(?:explain|show|give"
    r"|tell|compare|define|list|mean|say|repeat|rephrase|simplify|elaborate|expand|describe)\b"
    r"|\bare you sure\b"
    r"|\b(?:how|when|why|what|which)(?: \w{1,20})? (?:do|can|would|should) (?:you|we)\b",
    re.IGNORECASE,
)
# The world of the people: each other, their days and their work.
_PEOPLE = re.compile(
    r"\b(?:you(?:rs?)?|(?-i:us)|let'?s|he|him|his|she|hers?|(?:any|some|every)(?:one|body)|guys"
    r"|folks|btw|lol|ha(?:ha)?|to(?:day|night|morrow)|yesterday|weekend|lunch|coffee|meeting|sync"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|demo|launch|pr|prod|production|staging|repo|git"
    r"|ticket|release|vendor)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:we|ours?|my|mine|did|was|were)\b", re.IGNORECASE)
# "Is the index back" is of an index that people have, and "it" is what they speak of. A question
# about the term says "an index" or "indexes".
_IS_THE = re.compile(r"\A\w{1,20} (?:the|this|that)\b(?! (?:the same|differ))", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:the (?!same|differences?|best)|this|that|its?|they|them|these|those)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The position of a line in its thread: whether the bot answered its author last (`partner`)
    or at any time (`asked`), whether people have spoken since the bot's last answer, the seconds
    since then, and whether the line names a topic of the thread or an entry."""

    partner: bool
    asked: bool
    interrupted: bool
    seconds: float
    on_topic: bool


def is_addressed(line: str, standing: Standing) -> bool:
    """Whether the bot should answer. When in doubt it is silent."""
    if not line or len(line) > LONGEST or standing.seconds > LATEST:
        return False
    said = _LEAD.sub("", line)
    if _CALLS.search(said):
        return True
    of_people = _GENERAL.sub("", line)
    if _PEOPLE.search(of_people):
        return False
    asks = bool(_ASKS.search(said))
    if standing.partner and not standing.interrupted:  # the bot spoke last, and to them
        if standing.on_topic:
            return asks or len(line.split()) <= NAMING
        return asks and standing.seconds <= SOON
    if not standing.interrupted and _FOLLOWS.match(said):
        return standing.seconds <= SOON
    if not asks or _OURS.search(of_people):
        return False
    defines = bool(_DEFINES.match(said))
    if standing.asked:
        return (standing.on_topic or defines) and not _IS_THE.match(said)
    # From somebody else two of three signs are enough.
    return sum((standing.on_topic, defines, not _POINTS.search(line))) >= 2


def could_be_addressed(line: str, seconds: float, *, names_entry: bool) -> bool:
    """Whether a line in an unknown thread could be addressed to the bot, if the bot has not posted
    there for `seconds`."""
    best = Standing(
        partner=True, asked=True, interrupted=False, seconds=seconds, on_topic=names_entry
    )
    return is_addressed(line, best)
