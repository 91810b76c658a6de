"""Clustering unanswered questions: with the real model on questions of known terms, and with the
toy embedder."""

import json
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedding.embedder import SentenceEmbedder
from index.search.gaps.clustering import MOST, Group, clusters, distinct_texts, group_questions
from index.storage.db.usage_stats import MissedQuestion
from tests.support.toy import ToyEmbedder

# Ten questions about each of thirty terms that no entry has. The parts "develop" and "held-out"
# were used during development; "unseen" was used once, at the end.
JUDGED = [
    json.loads(line)
    for line in (Path(__file__).parent / "gaps-questions.jsonl").read_text("utf-8").splitlines()
]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def missed(texts: list[str], people: int = 1) -> list[MissedQuestion]:
    """Each text asked by `people` users, the first text most recently."""
    return [
        MissedQuestion(text, f"U{person}", NOON - timedelta(minutes=at))
        for at, text in enumerate(texts)
        for person in range(people)
    ]


def groups_of(asked: list[MissedQuestion]) -> list[Group]:
    texts = distinct_texts(asked)
    return group_questions(asked, texts, ToyEmbedder().queries(texts))


@pytest.fixture(scope="module")
def vectors(real_embedder: SentenceEmbedder) -> NDArray[np.float32]:
    return real_embedder.queries([row["question"] for row in JUDGED])


@pytest.mark.model
@pytest.mark.parametrize("part", ["develop", "held-out", "unseen"])
def test_questions_about_missing_terms_form_clusters(
    vectors: NDArray[np.float32], part: str
) -> None:
    from sklearn.metrics import adjusted_rand_score  # slow to import

    rows = [at for at, row in enumerate(JUDGED) if row["half"] == part]
    found = clusters([JUDGED[at]["question"] for at in rows], vectors[rows])
    assert adjusted_rand_score([JUDGED[at]["term"] for at in rows], found) >= 0.65


@pytest.mark.model
def test_the_largest_clusters_are_named_after_the_missing_terms(
    vectors: NDArray[np.float32],
) -> None:
    rows = [at for at, row in enumerate(JUDGED) if row["half"] != "unseen"]
    texts = [JUDGED[at]["question"] for at in rows]
    terms = {row["term"].casefold().replace("-", " ") for row in JUDGED}
    asked = missed(texts)
    place = dict(zip(texts, rows, strict=True))
    groups = group_questions(
        asked, distinct_texts(asked), vectors[[place[text] for text in distinct_texts(asked)]]
    )
    titles = [group.title.casefold().replace("-", " ") for group in groups[:10]]
    named = [title for title in titles if any(title in term or term in title for term in terms)]
    assert len(named) >= 9, titles
    assert all(len(group.examples) == 2 for group in groups[:10])


def test_a_repeated_question_is_counted_once_per_user() -> None:
    asked = missed(["What is a capstan?", "what is a  CAPSTAN"], people=3)
    asked += missed(["roast chicken"], people=1)
    first, second = groups_of(asked)
    assert (first.title, first.questions, first.people) == ("Capstan", 6, 3)
    assert (second.title, second.questions, second.people) == ("Roast chicken", 1, 1)


def test_titles_preserve_case_and_wordless_questions_are_their_own_titles() -> None:
    titles = {group.title for group in groups_of(missed(["what is nDCG", "why?", "???", "😀"]))}
    assert titles == {"nDCG", "Why", "???", "😀"}


def test_only_the_latest_questions_are_clustered() -> None:
    rng, numbers = random.Random(1), np.random.default_rng(1)
    words = [f"w{at}x{at * 7 % 13}" for at in range(3_000)]
    texts = list(dict.fromkeys(" ".join(rng.choices(words, k=5)) for _ in range(MOST + 100)))
    asked = missed(texts)
    kept = distinct_texts(asked)
    assert kept == texts[:MOST]
    places = numbers.standard_normal((MOST, 384), dtype=np.float32)
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    begun = time.process_time()
    assert sum(group.questions for group in group_questions(asked, kept, places)) == MOST
    assert time.process_time() - begun < 10  # 2 s on an idle machine
