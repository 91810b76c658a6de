"""What an entry might be called that answers a group of questions."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.space.gap_words import Wording, cut, stem_of, tells
from index.text import one_line, shorten, words_in

LONGEST = 60  # characters of a title
PHRASE = 3  # words of one, at most
LONGER = (1.0, 2.2, 2.4)  # how much more a phrase of one, two or three words tells
WHOLE = 1.5  # how much more a question tells that asks for nothing but the phrase
ANYWHERE = 0.1  # what a phrase tells that stands in all groups alike
NAMED = 0.2  # share of the questions that a title should stand in; else a question is the title
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is written, and what it is the same as: `A/B` is the stems of a and b. It
    `tells` what a question is about, or belongs to how one asks; it is `right` where it is neither
    misspelt nor short for others."""

    written: str
    stems: Phrase
    tells: bool
    right: bool


def titles(groups: Sequence[Sequence[tuple[str, int]]], wording: Wording) -> list[str]:
    """A title for each group of questions, given with how often each was asked: the phrase that is
    in many of its questions and in few of the others', or else the question asked most."""
    read = [[_Question.read(text, asked, wording) for text, asked in group] for group in groups]
    everywhere: Counter[Phrase] = Counter()
    for group in read:
        for question in group:
            everywhere.update(question.phrases.keys())
    total = sum(map(len, read))
    return [_title(group, everywhere, total) for group in read]


@dataclass(frozen=True, slots=True)
class _Question:
    """A question: what it counts, its phrases, each with how it is written there and whether that
    is right, and all of it that tells."""

    text: str
    weight: float
    phrases: dict[Phrase, tuple[str, bool]]
    whole: Phrase

    @classmethod
    def read(cls, text: str, asked: int, wording: Wording) -> _Question:
        words = _words(text, wording)
        whole = tuple(stem for word in words if word.tells for stem in word.stems)
        return cls(text, 1 + math.log(max(asked, 1)), dict(_phrases(words)), whole)


def _title(group: Sequence[_Question], everywhere: Counter[Phrase], total: int) -> str:
    support: defaultdict[Phrase, float] = defaultdict(float)
    forms: defaultdict[Phrase, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for question in group:
        for phrase, form in question.phrases.items():
            support[phrase] += question.weight * (1 + WHOLE * (phrase == question.whole))
            forms[phrase][form] += 1
    least = NAMED * sum(question.weight for question in group)
    best, highest = "", 0.0
    for phrase in sorted(support):
        here = forms[phrase].total()
        if support[phrase] < least:
            continue
        rare = math.log((total + 1) / (everywhere[phrase] - here + 1)) + ANYWHERE
        score = support[phrase] * LONGER[min(len(phrase), PHRASE) - 1] * rare
        if score > highest:
            best, highest = _form(forms[phrase]), score
    if not best:
        asked = max(group, key=lambda question: (question.weight, -len(question.text)))
        best = asked.text.strip(" ?!.") or asked.text
    best = shorten(one_line(best), LONGEST)
    first = best.split(maxsplit=1)[0] if best else ""
    return best if first != first.lower() else best[:1].upper() + best[1:]


def _form(forms: Counter[tuple[str, bool]]) -> str:
    """How a phrase is mostly written, where it is written rightly and out."""
    form, _ = min(forms, key=lambda form: (not form[1], -forms[form], form))
    return form


def _words(text: str, wording: Wording) -> list[_Word]:
    found = []
    for match in words_in(text):
        written = match.group()
        parts = cut(written)
        right = [one for part in parts for one in wording.of(part)]
        telling = len(parts) > 1 or any(map(tells, parts))
        found.append(_Word(written, tuple(map(stem_of, right)), telling, right == parts))
    return found


def _phrases(words: Sequence[_Word]) -> Iterator[tuple[Phrase, tuple[str, bool]]]:
    """The phrases in a question, each by its stems, as it is written, and whether that
    is right."""
    for start in range(len(words)):
        stems: Phrase = ()
        for end in range(start, min(start + PHRASE, len(words))):
            if not words[end].tells:
                break
            stems += words[end].stems
            part = words[start : end + 1]
            written = " ".join(word.written for word in part)
            yield stems, (written, all(word.right for word in part))
