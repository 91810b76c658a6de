"""The adapter of questions: what it is trained on, what it changes, and what it leaves alone."""

import json
from pathlib import Path

import numpy as np
import pytest

from index.embedding.embedder import SentenceEmbedder
from index.entry import Entry
from index.evaluation.golden_questions import BUNDLED as GOLDEN
from index.names import name_key
from index.search.near import embed_query
from index.search.question_adapter import adapted_to_entries, adapted_to_parts
from index.search.ranking import rank
from index.storage import Generation
from index.text import paragraphs
from tests.support.toy import ToyEmbedder
from tools.questions.train import NAMED, asked_questions

JUDGED = Path(__file__).parents[3] / "benchmarks" / "answers" / "questions.jsonl"
QUESTIONS = ["why does the bot invent papers", "how do we keep a chat from getting too long"]


def names_of_parts(entry: Entry) -> set[str]:
    written = (text[:NAMED] for one in entry.sections for text in paragraphs(one.text))
    return {"Definition", "Example", *(item.question for item in entry.faq), *written}


@pytest.mark.model
def test_the_questions_are_about_bundled_entries_and_their_parts(
    real_generation: Generation,
) -> None:
    asked = asked_questions()
    names = {entry.id: names_of_parts(entry) for entry in real_generation.entries.values()}
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
        ("what do you call it when a model makes things up", "hallucination"),
        ("we built two versions of the bot greeting, how do we test them on users", "ab-testing"),
    ],
)
def test_a_question_finds_its_entry_only_if_it_is_adapted(
    real_generation: Generation, real_embedder: SentenceEmbedder, question: str, entry_id: str
) -> None:
    point = embed_query(real_generation, real_embedder, question)
    adapted = adapted_to_entries(real_generation, point)
    assert np.linalg.norm(adapted) == pytest.approx(1, abs=1e-5)
    assert rank(real_generation, question, point, 1).found[0].entry_id == entry_id
    assert rank(real_generation, question, point, 1, adapt=False).found[0].entry_id != entry_id


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_vectors_of_another_model_are_left_alone(
    generation: Generation, toy: ToyEmbedder, question: str
) -> None:
    point = embed_query(generation, toy, question)
    assert adapted_to_entries(generation, point) is point
    assert adapted_to_parts(generation, point) is point


@pytest.mark.model
@pytest.mark.parametrize("question", QUESTIONS)
def test_entries_of_other_sources_are_compared_with_the_vector_as_it_is(
    real_generation: Generation,
    real_embedder: SentenceEmbedder,
    question: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    point = embed_query(real_generation, real_embedder, question)
    wanted = rank(real_generation, question, point, 5, adapt=False)
    monkeypatch.setitem(
        real_generation.__dict__, "bundled", np.zeros(len(real_generation.ids), dtype=np.bool_)
    )
    assert rank(real_generation, question, point, 5) == wanted
