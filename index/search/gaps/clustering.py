"""Cluster unanswered questions into gaps in the encyclopedia.

The distance between two questions combines their embeddings with character n-grams (TF-IDF). By
their embeddings alone, questions with a term unknown to the model are far apart. Agglomerative
clustering with average linkage and a distance threshold (Kaufman and Rousseeuw, "Finding Groups in
Data", 1990) does not need the number of clusters in advance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.names import name_key
from index.statistics.phrases import capitalize_title, content_text, distinctive_phrases, phrases_of
from index.storage.db.usage_stats import MissedQuestion
from index.text import one_line, shorten

MEANING_WEIGHT = 0.65  # weight of the embeddings in the similarity; the rest is for n-grams
MIN_DISTANCE = 0.86  # minimum distance (0…2) between separate clusters
NGRAM_RANGE = (3, 5)  # characters
MOST = 3_000  # maximum number of distinct questions to cluster; the latest are chosen
EXAMPLES = 2
MAX_TITLE_CHARACTERS = 60
WHOLE_WEIGHT = 2.5  # factor for a phrase that contains all content words of its question
MIN_SHARE = 0.2  # minimum share of the questions that contain the title phrase


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster of questions on one subject. `title` is a possible term for a new entry, `people`
    the number of users who asked, and `examples` up to two of the questions. `centre` is the mean
    direction of the questions' vectors, `float32[d]`, a unit vector."""

    title: str
    questions: int
    people: int
    examples: tuple[str, ...]
    centre: NDArray[np.float32]


def distinct_texts(missed: Sequence[MissedQuestion]) -> list[str]:
    """Return the latest spelling of up to `MOST` distinct questions, latest first."""
    texts: dict[str, str] = {}
    for question in sorted(missed, key=lambda one: (one.at, one.text), reverse=True):
        texts.setdefault(name_key(question.text), question.text)
    return list(texts.values())[:MOST]


def group_questions(
    missed: Sequence[MissedQuestion], texts: Sequence[str], vectors: NDArray[np.float32]
) -> list[Group]:
    """Cluster questions; return the largest cluster first. `texts` are from `distinct_texts`, and
    `vectors` (`float32[n, d]`) are their unit vectors."""
    people: dict[str, list[str]] = {}
    for question in missed:
        people.setdefault(name_key(question.text), []).append(question.person)
    askers = [people[name_key(text)] for text in texts]
    numbers = clusters(texts, vectors)
    members = [np.flatnonzero(numbers == number).tolist() for number in np.unique(numbers)]
    titles = _titles([[(texts[at], len(askers[at])) for at in rows] for rows in members])
    groups = []
    for title, rows in zip(titles, members, strict=True):
        centre = vectors[rows].mean(axis=0)
        centre /= max(float(np.linalg.norm(centre)), 1e-9)
        nearness = dict(zip(rows, vectors[rows] @ centre, strict=True))
        # Prefer frequent examples near the centre that differ from the title.
        rank = {
            at: (name_key(texts[at]) == name_key(title), -len(askers[at]), -nearness[at])
            for at in rows
        }
        examples = tuple(texts[at] for at in sorted(rows, key=rank.__getitem__)[:EXAMPLES])
        questions = sum(len(askers[at]) for at in rows)
        users = len({person for at in rows for person in askers[at]})
        groups.append(Group(title, questions, users, examples, centre))
    return sorted(groups, key=lambda group: (-group.questions, -group.people, group.title))


def clusters(texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the cluster number of each text, `int64[n]`. `vectors` (`float32[n, d]`) are the unit
    vectors of the texts."""
    from sklearn.cluster import AgglomerativeClustering  # slow import
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(texts) < 2:
        return np.zeros(len(texts), dtype=np.int64)
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=NGRAM_RANGE, sublinear_tf=True, dtype=np.float32
    )
    ngrams = vectorizer.fit_transform([f" {content_text(text)} " for text in texts])
    alike = MEANING_WEIGHT * (vectors @ vectors.T)
    alike += (1 - MEANING_WEIGHT) * (ngrams @ ngrams.T).toarray()
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=MIN_DISTANCE
    )
    return np.asarray(clustering.fit_predict(np.maximum(1 - alike, 0)), dtype=np.int64)


def _titles(groups: Sequence[Sequence[tuple[str, int]]]) -> list[str]:
    """Return a title for each group of (question, count): the most distinctive phrase of the group,
    or else its most frequent question."""
    weighted = [[_weighted_phrases(text, asked) for text, asked in group] for group in groups]
    titles = []
    for group, phrases in zip(groups, distinctive_phrases(weighted, MIN_SHARE), strict=True):
        most = max(group, key=lambda question: (question[1], -len(question[0])))[0]
        title = phrases[0] if phrases else most.strip(" ?!.") or most
        titles.append(capitalize_title(shorten(one_line(title), MAX_TITLE_CHARACTERS)))
    return titles


def _weighted_phrases(text: str, asked: int) -> dict[tuple[str, ...], tuple[str, float]]:
    whole, weight = len(content_text(text).split()), 1 + math.log(max(asked, 1))
    return {
        phrase: (form, weight * (WHOLE_WEIGHT if len(phrase) == whole else 1))
        for phrase, form in phrases_of(text).items()
    }
