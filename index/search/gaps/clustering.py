"""What people could not find, gathered by what they meant.

Questions lie together where their meanings do, and where they share rare sequences of letters: a
model that has not met a term places the questions that name it apart. How many gaps there are is
not known beforehand: questions are joined, the nearest first, until what is left lies too far apart
(average linkage, as in Kaufman and Rousseeuw, "Finding Groups in Data", 1990).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.names import name_key
from index.statistics.phrases import capitalized, phrases_of, telling_phrases, telling_text
from index.storage.db import Missed
from index.text import one_line, shorten

MEANING = 0.65  # share of the meaning in how like two questions are; the rest is their letters'
APART = 0.86  # distance, 0…2, from which two groups are two gaps
LETTERS_TOGETHER = (3, 5)  # characters that are compared at once, from and to
MOST = 3_000  # different questions that are gathered; of more, the latest
EXAMPLES = 2
MAX_TITLE_CHARACTERS = 60
WHOLE_WEIGHT = 2.5  # how much more a question tells that asks for nothing but a phrase
MIN_SHARE = 0.2  # of the questions that a title should stand in; else a question is the title


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask for one thing.

    `title` is what an entry on it might be called, `questions` how often it was asked, `people` by
    how many, `examples` up to two of the questions as they were asked. `centre` is where it lies,
    `float32[d]` of length 1.
    """

    title: str
    questions: int
    people: int
    examples: tuple[str, ...]
    centre: NDArray[np.float32]


def distinct(missed: Sequence[Missed]) -> list[str]:
    """The texts of questions, each once however it is spelled (in the form asked last), the latest
    first; `MOST` at most."""
    texts: dict[str, str] = {}
    for question in sorted(missed, key=lambda one: (one.at, one.text), reverse=True):
        texts.setdefault(name_key(question.text), question.text)
    return list(texts.values())[:MOST]


def gathered(
    missed: Sequence[Missed], texts: Sequence[str], vectors: NDArray[np.float32]
) -> list[Group]:
    """The groups of questions, the largest first. `texts` are those of `distinct`, and lie at
    `vectors` (`float32[n, d]`, each of length 1)."""
    people: dict[str, list[str]] = {}
    for question in missed:
        people.setdefault(name_key(question.text), []).append(question.person)
    by = [people[name_key(text)] for text in texts]
    numbers = clusters(texts, vectors)
    members = [np.flatnonzero(numbers == number).tolist() for number in np.unique(numbers)]
    titles = _titles([[(texts[at], len(by[at])) for at in rows] for rows in members])
    groups = []
    for title, rows in zip(titles, members, strict=True):
        centre = vectors[rows].mean(axis=0)
        centre /= max(float(np.linalg.norm(centre)), 1e-9)
        nearness = dict(zip(rows, vectors[rows] @ centre, strict=True))
        # Those say most that say more than the title, are asked most, and lie in the middle.
        best = sorted(
            rows,
            key=lambda at: (name_key(texts[at]) == name_key(title), -len(by[at]), -nearness[at]),
        )
        groups.append(
            Group(
                title=title,
                questions=sum(len(by[at]) for at in rows),
                people=len({person for at in rows for person in by[at]}),
                examples=tuple(texts[at] for at in best[:EXAMPLES]),
                centre=centre,
            )
        )
    return sorted(groups, key=lambda group: (-group.questions, -group.people, group.title))


def clusters(texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """The number of each text's group, `int64[n]`, for texts that lie at `vectors`."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(texts) < 2:
        return np.zeros(len(texts), dtype=np.int64)
    weighing = TfidfVectorizer(
        analyzer="char_wb", ngram_range=LETTERS_TOGETHER, sublinear_tf=True, dtype=np.float32
    )
    letters = weighing.fit_transform([f" {telling_text(text)} " for text in texts])
    alike = MEANING * (vectors @ vectors.T) + (1 - MEANING) * (letters @ letters.T).toarray()
    joining = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=APART
    )
    return np.asarray(joining.fit_predict(np.maximum(1 - alike, 0)), dtype=np.int64)


def _titles(groups: Sequence[Sequence[tuple[str, int]]]) -> list[str]:
    """A title for each group of questions, given with how often each was asked: the phrase that
    tells it from the others, or else the question asked most."""
    weighed = [[_weighed(text, asked) for text, asked in group] for group in groups]
    titles = []
    for group, phrases in zip(groups, telling_phrases(weighed, MIN_SHARE), strict=True):
        most = max(group, key=lambda question: (question[1], -len(question[0])))[0]
        title = phrases[0] if phrases else most.strip(" ?!.") or most
        titles.append(capitalized(shorten(one_line(title), MAX_TITLE_CHARACTERS)))
    return titles


def _weighed(text: str, asked: int) -> dict[tuple[str, ...], tuple[str, float]]:
    """The phrases of a question that was asked so often, with their weights."""
    whole, weight = len(telling_text(text).split()), 1 + math.log(max(asked, 1))
    return {
        phrase: (form, weight * (WHOLE_WEIGHT if len(phrase) == whole else 1))
        for phrase, form in phrases_of(text).items()
    }
