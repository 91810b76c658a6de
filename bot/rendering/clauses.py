"""Shorten a text so that it ends at a sentence or a clause."""

import re

from index.text import one_line, sentence_ends, shorten, split_sentences

MIN_SHARE = 0.6  # of the room; a shorter beginning says too little
MIN_SHARE_OF_SENTENCES = 0.4  # of the room; fewer sentences say less than clauses
MAX_SHARE = 1.2  # of the room, if a clause ends there
_CLAUSE_END = re.compile(
    r"""[;:](?=\s)
    | ,(?=\s(?:and|but|or|so|such|which|who|whose|where|when|while|whether|with|without|from|by
        |as|in|for|because|until|if|not|instead|then)\b)
    | \s(?=(?:that|which|who|whose|where|when|while|because|until|if|so\ that|instead\ of
        |(?:in|by|from|to|with|for|at|of|on)\ which|according\ to|rather\ than|such\ as)\b)
    | \s(?=[(–])
    """,
    re.VERBOSE,
)
_PHRASE_END = re.compile(
    r",?\s(?=(?:and|or|of|from|by|with|without|for|to|in|into|on|at|between|as|before|after|under|over"
    r"|through|during|against|about|across|using)\b)"
)

_MARKS = " ,;:(–-"
_JOINING_WORDS = """
a an the and but or of from by with for to in on at as than before after is are e.g
"""
_JOINING = frozenset(_JOINING_WORDS.split())


def first_clauses(text: str, room: int) -> str:
    """Return the beginning of a text, of about `room` characters, with an ellipsis if it was cut.

    It ends at the last sentence or clause that fits, or else at the first clause that is a little
    too long, at a phrase, or at a word.
    """
    text = one_line(text)
    if len(text) <= room:
        return text
    low, high = int(room * MIN_SHARE), int(room * MAX_SHARE)
    if len(first := split_sentences(text)[0]) in range(low, high):
        return first
    if len(text) <= high:
        return text
    ends = [found.start() for found in _CLAUSE_END.finditer(text, low, high)]
    fitting = [end for end in ends if end < room]
    if end := max(fitting, default=0) or min(ends, default=0):
        return _cut(text, end)
    phrases = [found.start() for found in _PHRASE_END.finditer(text, low, room)]
    return _cut(text, phrases[-1]) if phrases else shorten(text, room)


def first_sentences(text: str, room: int) -> str:
    """Return as many whole sentences of a text as fit in `room` characters, or else its first
    clauses. The lines of a text that is not cut are kept."""
    if len(text) <= room:
        return text
    end = max((end for end in sentence_ends(text[: room + 1]) if end <= room), default=0)
    if end < room * MIN_SHARE_OF_SENTENCES:
        return first_clauses(text, room)
    return f"{text[:end].rstrip()} …"


def _cut(text: str, end: int) -> str:
    """Return `text` up to `end`, without words that need the next one."""
    kept = text[:end].rstrip(_MARKS)
    while (last := kept.rpartition(" ")[2]).casefold() in _JOINING:
        kept = kept.removesuffix(last).rstrip(_MARKS)
    return f"{kept}…"
