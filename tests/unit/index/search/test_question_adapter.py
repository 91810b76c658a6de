"""The adapter of questions: what it is trained on, what it changes, and what it leaves alone."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from index.embedding.embedder import SentenceEmbedder
from index.evaluation.golden_questions import BUNDLED as GOLDEN
from index.excerpts import excerpts_of
from index.names import name_key
from index.search import ranking
from index.search.near import embed_query
from index.search.question_adapter import adapted_to_entries, adapted_to_parts
from index.search.ranking import Candidate, rank
from index.storage import Generation
from tests.support.toy import ToyEmbedder
from tools.questions.train import Fit, asked_questions, name_of, train

JUDGED = Path(__file__).parents[3] / "benchmarks" / "answers" / "questions.jsonl"
QUESTIONS = ["why does the bot invent papers", "how do we keep a chat from getting too long"]


@pytest.mark.model
def test_the_questions_are_about_bundled_entries_and_their_parts(
    real_generation: Generation,
) -> None:
    asked = asked_questions()
    names = {
        entry.id: set(map(name_of, excerpts_of(entry)))
        for entry in real_generation.entries.values()
    }
    assert {one.entry for one in asked} == names.keys()
    assert not [one.question for one in asked if not one.parts <= names[one.entry]]


def test_no_judged_question_is_trained_on() -> None:
    files = [JUDGED, *GOLDEN.glob("*.jsonl")]
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    judged = {name_key(row["question"]) for row in rows}
    assert not judged & {name_key(one.question) for one in asked_questions()}


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("are examples always needed or will a plain request do", "zero-shot-prompting"),
    ],
)
def test_a_question_finds_its_entry_only_if_it_is_adapted(
    real_generation: Generation,
    real_embedder: SentenceEmbedder,
    question: str,
    entry_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    point = embed_query(real_generation, real_embedder, question)
    assert rank(real_generation, question, point, 1).found[0].entry_id == entry_id
    monkeypatch.setattr(ranking, "adapted_to_entries", lambda _, unchanged: unchanged)
    assert rank(real_generation, question, point, 1).found[0].entry_id != entry_id


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_vectors_of_another_model_are_left_alone(
    generation: Generation, toy: ToyEmbedder, question: str
) -> None:
    point = embed_query(generation, toy, question)
    assert adapted_to_entries(generation, point) is point
    assert adapted_to_parts(generation, point) is point


@pytest.mark.model
@pytest.mark.parametrize("question", QUESTIONS)
def test_only_bundled_entries_are_compared_with_the_adapted_vector(
    real_generation: Generation,
    real_embedder: SentenceEmbedder,
    question: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    point = embed_query(real_generation, real_embedder, question)
    assert np.linalg.norm(adapted_to_entries(real_generation, point)) == pytest.approx(1, abs=1e-5)

    def found(*, adapt: bool) -> list[Candidate]:
        with monkeypatch.context() as patch:
            if not adapt:
                patch.setattr(ranking, "adapted_to_entries", lambda _, unchanged: unchanged)
            return rank(real_generation, question, point, 10).found

    assert found(adapt=True) != found(adapt=False)
    parts = [replace(part, name="own") for part in real_generation.parts]
    monkeypatch.setitem(vars(real_generation), "parts", parts)
    assert found(adapt=True) == found(adapt=False)


def test_training_raises_the_likelihood() -> None:
    points = np.eye(3, 4, dtype=np.float32)
    right = torch.tensor(np.roll(points, 1, axis=0))

    def likelihood(numbers: list[int], moved: torch.Tensor) -> torch.Tensor:
        scores = moved @ right.T
        return torch.log_softmax(scores, 1)[range(len(numbers)), numbers]

    def mean(matrix: NDArray[np.float32]) -> float:
        moved = torch.tensor(points + points @ matrix)
        return float(likelihood([0, 1, 2], moved).mean())

    matrix = train(points, likelihood, Fit(passes=20, step=0.05, scale=1.0, penalty=0.0))
    assert mean(matrix) > mean(np.zeros((4, 4), dtype=np.float32)) + 0.5
