"""Make training pairs of short texts from WordNet, without human judgements.

- *synonyms*, apart or sharing a word: two terms of one synset.
- *related sharing*: two phrases with a word in the same sense, and with similar glosses.
- *other senses*: two phrases with a word in senses of different fields, and with dissimilar
  glosses.
- *unrelated*: texts drawn at random that share no word.

A phrase is a term of two or three words, or an example sentence of at most `LONGEST` words. The
sense of a word in a term is the nearest hypernym that has the word (a savings bank is a bank), else
the sense whose gloss is clearly the most similar to the term's. In an example the sense is given.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from index.embedding.embedder import Vectors
from index.evaluation.similarity import KINDS, Kind
from index.names import name_key
from index.search import text_similarity
from index.search.text_similarity import words_in
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
LOOKED_AT = 400  # maximum pairs of phrases considered for one word
LEVELS = 5  # of hypernyms searched

# Cosines between glosses, chosen by inspecting samples of the resulting pairs.
SENSE, SENSE_LEAD = 0.35, 0.08  # for a word's sense, and its lead over the second
NEAR, NEAR_SISTERS = 0.4, 0.3  # for related phrases, and for those with a common hypernym
FAR, FAR_SENSES, FAR_UNKNOWN = 0.15, 0.25, 0.08  # for phrases, senses, and an unknown sense

_PLANTS_AND_ANIMALS = (5, 20)  # fields whose capitalized words are scientific names
_DETERMINERS = frozenset(["a", "an", "the", "his", "her", "my", "their", "your", "its"])
_HAS_DIGIT = re.compile(r"\d")

stems = cache(text_similarity.stems)  # the same texts recur often


@dataclass(frozen=True, slots=True)
class Lesson:
    """Two texts and their relation. `source` is the synset or the word that gave the pair; "" for
    unrelated pairs."""

    kind: Kind
    a: str
    b: str
    source: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A text of a synset, and the id of the sense of a word in it, or None if unknown."""

    text: str
    synset: str
    sense: str | None


def lessons(
    synsets: Mapping[str, Synset], embed: Embed, judged: Sequence[tuple[str, str]], seed: int = 0
) -> list[Lesson]:
    """Return pairs of each kind, up to the number in `MOST`; the same `seed` gives the same pairs.

    Judged pairs are left out, and so are all synonyms of a synset that contains one, so that they
    are not memorized.
    """
    draw = random.Random(seed)  # noqa: S311
    kept_out = {_pair_key(a, b) for a, b in judged}
    found = [
        *_synonyms(synsets, kept_out, draw),
        *_sharing(_Senses(synsets, embed), kept_out, draw),
    ]
    draw.shuffle(found)
    chosen = []
    for kind in KINDS:
        chosen += [lesson for lesson in found if lesson.kind == kind][: MOST[kind]]
    return chosen + _unrelated(chosen, kept_out, draw)


def fields_of(synsets: Mapping[str, Synset]) -> dict[str, int]:
    """Return the field of each term that is in one field only."""
    fields: dict[str, set[int]] = defaultdict(set)
    for synset in synsets.values():
        for term in synset.words:
            fields[term].add(synset.field)
    return {term: min(own) for term, own in fields.items() if len(own) == 1}


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
                by_kind["synonyms apart"].append(Lesson("synonyms apart", a, b, synset.id))
            elif min(len(words_in(a)), len(words_in(b))) > 1:
                by_kind["synonyms sharing"].append(Lesson("synonyms sharing", a, b, synset.id))
        for kind, made in by_kind.items():
            yield from draw.sample(made, min(EACH[kind], len(made)))


class _Senses:
    """The phrases that share a word, by its stem, and the senses of that word."""

    def __init__(self, synsets: Mapping[str, Synset], embed: Embed) -> None:
        self.synsets = synsets
        self._senses: dict[str, list[str]] = defaultdict(list)
        for synset in synsets.values():
            for stem in _single(synset):
                self._senses[stem].append(synset.id)
        phrases: dict[str, list[_Phrase]] = defaultdict(list)
        for synset in synsets.values():
            for stem, phrase in (*self._of_terms(synset), *_of_examples(synset)):
                phrases[stem].append(phrase)
        self.phrases = {stem: made for stem, made in sorted(phrases.items()) if len(made) > 1}
        needed = sorted(
            {
                synset
                for stem, made in self.phrases.items()
                for synset in (*(phrase.synset for phrase in made), *self._senses[stem])
            }
        )
        self._row = {synset: row for row, synset in enumerate(needed)}
        self._glosses = embed([synsets[synset].gloss for synset in needed])

    def nearness(self, one: str, other: str) -> float:
        """Return the cosine between the glosses of two synsets."""
        return float(self._glosses[self._row[one]] @ self._glosses[self._row[other]])

    def sisters(self, one: str, other: str) -> bool:
        """Whether two synsets are equal, one is a direct hypernym of the other, or they share
        one."""
        return not {one, *self.synsets[one].above}.isdisjoint({other, *self.synsets[other].above})

    def sense(self, stem: str, phrase: _Phrase) -> str | None:
        """Return the id of the sense of a word in a phrase, or None if it is unclear."""
        senses = self._senses[stem]
        if phrase.sense is not None or not senses:
            return phrase.sense
        rows = [self._row[sense] for sense in senses]
        cosines = self._glosses[rows] @ self._glosses[self._row[phrase.synset]]
        order = np.argsort(-cosines, kind="stable")
        best = float(cosines[order[0]])
        lead = best - float(cosines[order[1]]) if len(order) > 1 else best
        return senses[order[0]] if best > SENSE and lead > SENSE_LEAD else None

    def _of_terms(self, synset: Synset) -> Iterator[tuple[str, _Phrase]]:
        """Yield the multi-word terms of a noun synset, once for each of their words that has
        a synset of its own."""
        if not synset.id.startswith("n"):
            return
        for term in _terms(synset)[:2]:
            if not 2 <= len(words_in(term)) < LONGEST:
                continue
            last = stems(term.split()[-1])
            for stem in sorted(stems(term)):
                if stem in self._senses:
                    sense = self._above(synset, stem) if stem in last else None
                    yield stem, _Phrase(term, synset.id, sense)

    def _above(self, synset: Synset, stem: str) -> str | None:
        """Return the nearest hypernym that has a word, or None."""
        level: list[str] = [synset.id]
        for _ in range(LEVELS):
            level = [above for below in level for above in self.synsets[below].above]
            for above in level:
                if stem in _single(self.synsets[above]):
                    return above
        return None


def _of_examples(synset: Synset) -> Iterator[tuple[str, _Phrase]]:
    """Yield the short examples of a synset that contain one of its words."""
    own = _single(synset)
    for example in synset.examples:
        words = example.strip(" .!?,;").split()
        while words and words[0].casefold() in _DETERMINERS:
            del words[0]
        text = " ".join(words)
        said = stems(text)
        if 2 <= len(words) <= LONGEST and len(said) > 1:
            for stem in sorted(own & said)[:1]:
                yield stem, _Phrase(text, synset.id, synset.id)


def _sharing(
    senses: _Senses, kept_out: set[frozenset[str]], draw: random.Random
) -> Iterator[Lesson]:
    """Yield pairs of phrases that share a word, in the same sense or in different senses."""
    for stem, phrases in senses.phrases.items():
        known = {phrase: senses.sense(stem, phrase) for phrase in phrases}
        pairs = list(combinations(phrases, 2))
        by_kind: dict[Kind, list[Lesson]] = defaultdict(list)
        for one, other in draw.sample(pairs, min(LOOKED_AT, len(pairs))):
            if stems(one.text) == stems(other.text) or _pair_key(one.text, other.text) in kept_out:
                continue
            kind = _kind(senses, one, other, known[one], known[other])
            if kind is not None:
                by_kind[kind].append(Lesson(kind, one.text, other.text, stem))
        for kind, made in by_kind.items():
            yield from made[: EACH_WORD[kind]]


def _kind(
    senses: _Senses, one: _Phrase, other: _Phrase, sense: str | None, other_sense: str | None
) -> Kind | None:
    """Return the relation of two phrases, or None if it is unclear."""
    nearness = senses.nearness(one.synset, other.synset)
    sisters = senses.sisters(one.synset, other.synset)
    if sense is not None and sense == other_sense:
        near = nearness >= (NEAR_SISTERS if sisters else NEAR)
        synonyms = one.synset == other.synset and one.sense != one.synset
        return "related sharing" if near and not synonyms else None
    if sisters or nearness >= FAR:
        return None
    if sense is None or other_sense is None:
        return "other senses" if nearness < FAR_UNKNOWN else None
    fields = {senses.synsets[sense].field, senses.synsets[other_sense].field}
    far = len(fields) == 2 and senses.nearness(sense, other_sense) < FAR_SENSES
    return "other senses" if far else None


def _unrelated(
    chosen: Sequence[Lesson], kept_out: set[frozenset[str]], draw: random.Random
) -> list[Lesson]:
    """Return random pairs of texts from other lessons that share no word."""
    texts = [text for lesson in chosen for text in (lesson.a, lesson.b)]
    made: list[Lesson] = []
    for _ in range(2 * MOST["unrelated"]):
        a, b = draw.choice(texts), draw.choice(texts)
        if not stems(a) & stems(b) and _pair_key(a, b) not in kept_out:
            made.append(Lesson("unrelated", a, b, ""))
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


def _single(synset: Synset) -> frozenset[str]:
    return frozenset(
        stem for word in synset.words if " " not in word and len(word) > 2 for stem in stems(word)
    )


def _pair_key(a: str, b: str) -> frozenset[str]:
    return frozenset((name_key(a), name_key(b)))
