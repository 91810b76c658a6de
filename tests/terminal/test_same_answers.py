"""The same question always has the same answer: identical bytes in all processes, and the same
entries in the same order in all batches and backends. `-s` shows the results."""

import json
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.assistant import Assistant
from bot.replies.base import as_json
from index.embedding.embedder import SentenceEmbedder
from index.evaluation.golden_questions import BUNDLED
from index.search.near import near
from index.search.results import Neighbours
from index.storage import Generation, Store
from tests.support.child_process import run_nearsay

pytestmark = pytest.mark.model

SHOWN = 10
MIN_SAME_SHARE = 0.995  # required share of questions with the same ids in the same order
MAX_DIFFERENCE = 0.001  # largest allowed difference in similarity
BATCH = 32


def evaluation_questions() -> list[str]:
    """Return the bundled evaluation questions, answerable and unanswerable."""
    return [
        json.loads(line)["question"]
        for file in sorted(BUNDLED.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def reworded(generation: Generation) -> Iterator[str]:
    """Yield the first words of passages in random order, each with a word dropped and two
    swapped."""
    random = np.random.default_rng(0)
    for row in random.permutation(len(generation.passages)):
        words = generation.passages[row].text.split()[: int(random.integers(5, 20))]
        if len(words) >= 5:
            del words[int(random.integers(len(words)))]
            at = int(random.integers(len(words) - 1))
            words[at : at + 2] = reversed(words[at : at + 2])
            yield " ".join(words)


def questions(generation: Generation, count: int) -> list[str]:
    """Return `count` different texts, of which about one in three is an evaluation question."""
    asked = evaluation_questions()[:: max(1, round(3 * len(evaluation_questions()) / count))]
    texts = dict.fromkeys(asked)
    for text in reworded(generation):
        if len(texts) == count:
            break
        texts[text] = None
    return list(texts)


def assert_same_answers(
    generation: Generation, fast: SentenceEmbedder, plain: SentenceEmbedder, count: int
) -> None:
    """Assert that `count` questions have the same answers alone, concurrently, in batches, and with
    PyTorch."""
    texts = questions(generation, count)
    assert len(texts) == count

    def answered(embedder: SentenceEmbedder, batch: int) -> list[Neighbours]:
        corrected = [unicodedata.normalize("NFKC", generation.corrected(text)) for text in texts]
        starts = range(0, len(texts), batch)
        points = np.concatenate([embedder.queries(corrected[at : at + batch]) for at in starts])
        return [
            near(generation, embedder, text, SHOWN, point=point)
            for text, point in zip(texts, points, strict=True)
        ]

    usual = answered(fast, 1)
    with ThreadPoolExecutor(BATCH) as pool:
        at_once = list(pool.map(lambda text: near(generation, fast, text, SHOWN), texts))
    for how, others in (
        ("at once", at_once),
        ("in batches", answered(fast, BATCH)),
        ("by PyTorch", answered(plain, 1)),
        ("by PyTorch in batches", answered(plain, BATCH)),
    ):
        different, apart = [], 0.0
        for one, other in zip(usual, others, strict=True):
            similar = {found.id: found.similarity for found in one.neighbours}
            if list(similar) != [found.id for found in other.neighbours]:
                different.append(one.query)
            for found in other.neighbours:
                apart = max(apart, abs(found.similarity - similar.get(found.id, found.similarity)))
        print(
            f"\n{count:,} questions {how}: {len(different)} differ, by {apart:.4f}: {different[:3]}"
        )
        assert len(different) <= (1 - MIN_SAME_SHARE) * count
        assert apart <= MAX_DIFFERENCE


@pytest.fixture(scope="module")
def fast(model_directory: Path) -> SentenceEmbedder:
    pytest.importorskip("openvino")
    return SentenceEmbedder("all-MiniLM-L6-v2", model_directory, "openvino")


@pytest.fixture(scope="module")
def plain(model_directory: Path) -> SentenceEmbedder:
    return SentenceEmbedder("all-MiniLM-L6-v2", model_directory, "torch")


@pytest.mark.slow
def test_answers_are_identical_across_processes_and_after_reopening_the_index(
    real_directory: Path,
    real_embedder: SentenceEmbedder,
    real_generation: Generation,
    tmp_path: Path,
) -> None:
    texts = questions(real_generation, 40)
    lines = [f"/near {text} n=10" for text in texts]
    stdin = "\n".join(lines) + "\n"
    first, second = (
        run_nearsay("chat", "--json", folder=tmp_path, stdin=stdin, data=real_directory)
        for _ in "ab"
    )
    replies = first.stdout.splitlines()
    assert len(replies) == len(texts)
    assert {json.loads(reply)["kind"] for reply in replies} == {"neighbours"}
    assert second.stdout == first.stdout
    alone = run_nearsay("say", lines[7], "--json", folder=tmp_path, data=real_directory)
    assert alone.stdout.splitlines() == [replies[7]]
    for _ in range(2):
        store = Store(real_directory)
        assistant = Assistant(store, real_embedder)
        assert [as_json(assistant.ask(line)) for line in lines] == replies
        store.close()


@pytest.mark.slow
def test_answers_are_the_same_across_batches_and_backends(
    real_generation: Generation, fast: SentenceEmbedder, plain: SentenceEmbedder
) -> None:
    assert_same_answers(real_generation, fast, plain, 1_000)
