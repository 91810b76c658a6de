"""Find the distinctive phrases in groups of texts."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import Stemmer

from index.names import name_key
from index.text import words_in

MAX_PHRASE_WORDS = 3
LENGTH_WEIGHTS = (1.0, 2.2, 2.4)  # for phrases of one, two and three words
MIN_RARITY = 0.1  # rarity of a phrase that is equally common in all groups
Phrase = tuple[str, ...]  # stems
WeightedPhrases = Mapping[Phrase, tuple[str, float]]
"""The phrases in a text by their stems, each as written in the text and with its weight."""

# Stop words: the words in ordinary questions on any subject.
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
QUESTION_WORDS = frozenset(_ASKING.split())
_STEMMER = Stemmer.Stemmer("english")


def content_text(text: str) -> str:
    """Return the content words of a question, or the whole text if it has none."""
    words = [word for word in map(_bare, text.split()) if word]
    return " ".join(word for word in words if word not in QUESTION_WORDS) or " ".join(words) or text


def phrases_of(text: str) -> dict[Phrase, str]:
    """Return the phrases in a text, as written there, keyed by their stems."""
    words = [match.group() for match in words_in(text)]
    bare = [_bare(word) for word in words]
    found: dict[Phrase, str] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + MAX_PHRASE_WORDS, len(words)) + 1):
            if not bare[end - 1] or bare[end - 1] in QUESTION_WORDS:
                break
            found[tuple(_STEMMER.stemWords(bare[start:end]))] = " ".join(words[start:end])
    return found


def distinctive_phrases(
    groups: Sequence[Sequence[WeightedPhrases]], least: float
) -> list[list[str]]:
    """Rank the phrases in each group of texts, the most distinctive first, in their most common
    form. A phrase must occur in at least the fraction `least` of the texts in its group. Phrases
    that occur in several texts and in few texts of other groups come first."""
    everywhere = Counter(phrase for group in groups for text in group for phrase in text)
    total = sum(map(len, groups))
    found = []
    for group in groups:
        forms: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
        weights: defaultdict[Phrase, float] = defaultdict(float)
        for text in group:
            for phrase, (form, weight) in text.items():
                forms[phrase][form] += 1
                weights[phrase] += weight
        scores: dict[Phrase, tuple[bool, float]] = {}
        for phrase, weight in sorted(weights.items()):
            uses = forms[phrase].total()
            rarity = math.log((total + 1) / (everywhere[phrase] - uses + 1)) + MIN_RARITY
            if uses >= least * len(group):
                scores[phrase] = uses > 1, weight * LENGTH_WEIGHTS[len(phrase) - 1] * rarity
        best = sorted(scores, key=scores.__getitem__, reverse=True)
        found.append([forms[phrase].most_common(1)[0][0] for phrase in best])
    return found


def capitalize_title(title: str) -> str:
    """Capitalize the first letter of a title, unless its first word contains capitals."""
    first = title.partition(" ")[0]
    return title if first != first.lower() else title[:1].upper() + title[1:]


def _bare(word: str) -> str:
    word = name_key(word).strip("'’\".,;:!?()[]{}<>*~|")
    return word.removesuffix("'s").removesuffix("’s")
