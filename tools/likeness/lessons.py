"""Make training pairs of short texts from WordNet, without human judgements.

- *synonyms*, apart or sharing a word: two terms of one synset.
- *related sharing*: two terms that share a word, with similar glosses.
- *other senses*: two terms that share a word, with dissimilar glosses.
- *unrelated*: terms drawn at random that share no word.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from index.embedding.embedder import Vectors
from index.names import name_key
from index.search import text_similarity
from index.search.text_similarity import words_in
from tools.likeness.judged_pairs import KINDS, Kind
from tools.likeness.wordnet import Synset

Embed = Callable[[Sequence[str]], Vectors]  # texts -> float32[n, d], unit rows

LONGEST = 4  # words of a text
MOST = {
    "synonyms apart": 42_000,
    "synonyms sharing": 30_000,
    "related sharing": 30_000,
    "other senses": 30_000,
    "unrelated": 42_000,
}
EACH = {"synonyms apart": 3, "synonyms sharing": 2}  # maximum pairs from one synset
EACH_WORD = {"related sharing": 10, "other senses": 6}  # maximum pairs that share one word
LOOKED_AT = 400  # maximum pairs of terms considered for one word
NEAR, FAR = 0.4, 0.08  # cosines between the glosses of related terms and of other senses

_PLANTS_AND_ANIMALS = (5, 20)  # fields whose capitalized words are scientific names
_HAS_DIGIT = re.compile(r"\d")

stems = cache(text_similarity.stems)  # the same texts recur often


@dataclass(frozen=True, slots=True)
class Lesson:
    """Two texts and their relation."""

    kind: Kind
    a: str
    b: str


def lessons(
    synsets: Mapping[str, Synset], embed: Embed, judged: Sequence[tuple[str, str]], seed: int = 0
) -> list[Lesson]:
    """Return pairs of each kind, up to the number in `MOST`; the same `seed` gives the same pairs.

    Judged pairs are left out, and so are all synonyms of a synset that contains one, so that they
    are not memorized.
    """
    draw = random.Random(seed)  # noqa: S311
    kept_out = {_pair_key(a, b) for a, b in judged}
    found = [*_synonyms(synsets, kept_out, draw), *_sharing(synsets, embed, kept_out, draw)]
    draw.shuffle(found)
    chosen = []
    for kind in KINDS:
        chosen += [lesson for lesson in found if lesson.kind == kind][: MOST[kind]]
    return chosen + _unrelated(chosen, kept_out, draw)


def _synonyms(
    synsets: Mapping[str, Synset], kept_out: set[frozenset[str]], draw: random.Random
) -> Iterator[Lesson]:
    for synset in synsets.values():
        pairs = list(combinations(_terms(synset), 2))
        if any(_pair_key(a, b) in kept_out for a, b in pairs):
            continue
        by_kind: dict[Kind, list[Lesson]] = defaultdict(list)
        for a, b in pairs:
            one, other = stems(a), stems(b)
            if one == other or name_key(a).replace(" ", "") == name_key(b).replace(" ", ""):
                continue  # two spellings of one name
            if not one & other:
                by_kind["synonyms apart"].append(Lesson("synonyms apart", a, b))
            elif min(len(words_in(a)), len(words_in(b))) > 1:
                by_kind["synonyms sharing"].append(Lesson("synonyms sharing", a, b))
        for kind, made in by_kind.items():
            yield from draw.sample(made, min(EACH[kind], len(made)))


def _sharing(
    synsets: Mapping[str, Synset], embed: Embed, kept_out: set[frozenset[str]], draw: random.Random
) -> Iterator[Lesson]:
    """Yield pairs of terms of nouns that share a word, in the same sense or in different senses."""
    by_stem: dict[str, list[tuple[str, Synset]]] = defaultdict(list)
    for synset in synsets.values():
        for term in _terms(synset)[:2] if synset.id.startswith("n") else ():
            for stem in stems(term) if len(words_in(term)) > 1 else ():
                by_stem[stem].append((term, synset))
    used = {synset.id: synset.gloss for terms in by_stem.values() for _, synset in terms}
    glosses = dict(zip(used, embed(list(used.values())), strict=True))
    for _, terms in sorted(by_stem.items()):
        pairs = list(combinations(terms, 2))
        by_kind: dict[Kind, list[Lesson]] = defaultdict(list)
        for (a, one), (b, other) in draw.sample(pairs, min(LOOKED_AT, len(pairs))):
            if stems(a) == stems(b) or one is other or _pair_key(a, b) in kept_out:
                continue
            nearness = float(glosses[one.id] @ glosses[other.id])
            sisters = not {one.id, *one.above}.isdisjoint({other.id, *other.above})
            if nearness >= NEAR:
                by_kind["related sharing"].append(Lesson("related sharing", a, b))
            elif nearness < FAR and not sisters:
                by_kind["other senses"].append(Lesson("other senses", a, b))
        for kind, made in by_kind.items():
            yield from made[: EACH_WORD[kind]]


def _unrelated(
    chosen: Sequence[Lesson], kept_out: set[frozenset[str]], draw: random.Random
) -> list[Lesson]:
    """Return random pairs of texts from other lessons that share no word."""
    texts = [text for lesson in chosen for text in (lesson.a, lesson.b)]
    made: list[Lesson] = []
    for _ in range(2 * MOST["unrelated"]):
        a, b = draw.choice(texts), draw.choice(texts)
        if not stems(a) & stems(b) and _pair_key(a, b) not in kept_out:
            made.append(Lesson("unrelated", a, b))
    return made[: MOST["unrelated"]]


def _terms(synset: Synset) -> list[str]:
    """Return the words of a synset without names of people and places, scientific names and
    words with digits."""
    if synset.named:
        return []
    return [
        word
        for word in synset.words
        if len(word) > 1
        and not _HAS_DIGIT.search(word)
        and len(words_in(word)) <= LONGEST
        and stems(word)
        and not (word[0].isupper() and synset.field in _PLANTS_AND_ANIMALS)
    ]


def _pair_key(a: str, b: str) -> frozenset[str]:
    return frozenset((name_key(a), name_key(b)))
