"""Titles for groups of questions that no entry answers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import Stemmer

from index.names import name_key
from index.text import one_line, shorten, words_in

MAX_TITLE_CHARACTERS = 60
MAX_PHRASE_WORDS = 3
PHRASE_WEIGHTS = (1.0, 2.2, 2.4)  # how much more a phrase of one, two or three words tells
WHOLE_WEIGHT = 2.5  # how much more a question tells that asks for nothing but the phrase
MIN_RARITY = 0.1  # what a phrase tells that stands in all groups alike
MIN_SHARE = 0.2  # of the questions that a title should stand in; else a question is the title
Phrase = tuple[str, ...]  # stems

# Words of questions, and words that people ask with whatever they ask about.
_ASKING = """
a able about actually after again all allowed already also always am an and another any anybody
anyone anything are aren't around as ask at be because been before being better between both but by
call called can can't cannot company compared could define definition describe did differ difference
different do does doesn't doing don't done e each either else even ever every example examples
exactly explain explained explanation few first for from g get gets getting give go goes going good
got had happen happens has have having he hello help her here hi how i i'd i'm i've if in instead
into is isn't it it's its just know let like long look made make makes making many may me mean
meaning means meant might more most much must my need needed needs never new no not now of off often
ok okay on once one only or other our ourselves out over own people please put rather really same
say see set she should show so some somebody someone something still such sure take tell than thank
thanks that that's the their them then there these they thing things this those to together too try
two under until up us use used useful uses using very vs versus want was wasn't way we well were
what what's when where whether which while who who's whom whose why will with without won't work
working works would wouldn't yes yet you your
"""
ASKING = frozenset(_ASKING.split())
_STEMMER = Stemmer.Stemmer("english")


def telling_text(text: str) -> str:
    """The content words of a question; the whole text if it has none."""
    words = [word for word in map(_bare, text.split()) if word]
    return " ".join(word for word in words if word not in ASKING) or " ".join(words) or text


def titles(groups: Sequence[Sequence[tuple[str, int]]]) -> list[str]:
    """A title for each group of questions, given with how often each was asked: the phrase that is
    in many of its questions and in few of the others', or else the question asked most."""
    everywhere = Counter(
        phrase for group in groups for text, _ in group for phrase in phrases_of(text)
    )
    total = sum(map(len, groups))
    return [_title(group, everywhere, total) for group in groups]


def _title(group: Sequence[tuple[str, int]], everywhere: Counter[Phrase], total: int) -> str:
    support: defaultdict[Phrase, float] = defaultdict(float)
    forms: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
    for text, asked in group:
        whole = len(telling_text(text).split())
        for phrase, form in phrases_of(text).items():
            weight = WHOLE_WEIGHT if len(phrase) == whole else 1.0
            support[phrase] += weight * (1 + math.log(max(asked, 1)))
            forms[phrase][form] += 1

    def score(phrase: Phrase) -> float:
        elsewhere = everywhere[phrase] - forms[phrase].total()
        rarity = math.log((total + 1) / (elsewhere + 1)) + MIN_RARITY
        return support[phrase] * PHRASE_WEIGHTS[len(phrase) - 1] * rarity

    least = MIN_SHARE * sum(1 + math.log(max(asked, 1)) for _, asked in group)
    common = [phrase for phrase in sorted(support) if support[phrase] >= least]
    if common:
        title = forms[max(common, key=score)].most_common(1)[0][0]
    else:
        text = max(group, key=lambda question: (question[1], -len(question[0])))[0]
        title = text.strip(" ?!.") or text
    title = shorten(one_line(title), MAX_TITLE_CHARACTERS)
    first = title.partition(" ")[0]
    return title if first != first.lower() else title[:1].upper() + title[1:]


def phrases_of(text: str, longest: int = MAX_PHRASE_WORDS) -> dict[Phrase, str]:
    """The phrases of a text, of up to so many words, by their stems, each as it is written."""
    words = [match.group() for match in words_in(text)]
    bare = [_bare(word) for word in words]
    found: dict[Phrase, str] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            if not bare[end - 1] or bare[end - 1] in ASKING:
                break
            found[tuple(_STEMMER.stemWords(bare[start:end]))] = " ".join(words[start:end])
    return found


def _bare(word: str) -> str:
    """A word in lower case, without the marks around it."""
    word = name_key(word).strip("'’\".,;:!?()[]{}<>*~|")
    return word.removesuffix("'s").removesuffix("’s")
