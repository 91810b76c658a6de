"""Train the parameters of `index.search.question_adapter`, and write them beside it.

    python -m tools.questions.train

`questions.jsonl` has {"question": …, "entry": …, "parts": […]} on each line: a question that people
would ask, the id of the bundled entry that answers it, and the names of its parts that do (see
`name_of`), if any. The first matrix raises the probability of the entry, a softmax over the scores
of all entries, as in `index.search.ranking`. The second raises the probability of the parts, a
softmax over the cosines of the excerpts of the entry, as in `index.search.answers.reader`.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.weights import DEFAULT_MODEL
from index.evaluation.golden import encyclopedia
from index.excerpts import Excerpt
from index.progress import no_progress
from index.search import question_adapter
from index.search.near import embed_query
from index.search.ranking import BM25_WEIGHT, CENTRE_WEIGHT, PASSAGE_WEIGHT
from index.storage import Generation

QUESTIONS = Path(__file__).with_name("questions.jsonl")
BATCH = 64
NAMED = 60  # characters of a paragraph that name it

# Returns the logarithms of the probabilities of the right answers to the questions with the numbers
# `int64[b]`, for their adapted vectors, `float[b, d]`.
Likelihood = Callable[[list[int], torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question, the id of the entry that answers it, and the names of its parts that do."""

    question: str
    entry: str
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a matrix is trained: the number of passes over the questions, the step size, the scale of
    the scores in the softmax, and the penalty of the squares of the matrix."""

    passes: int
    step: float
    scale: float
    penalty: float


# Chosen on judged questions that are not trained on. Fewer or more passes, half or double the scale
# and three times the penalty change the share of right entries and parts by less than 0.02.
ENTRIES = Fit(passes=5, step=1e-3, scale=2.0, penalty=1e-3)
PARTS = Fit(passes=20, step=4e-4, scale=8.0, penalty=3e-4)


def asked_questions() -> list[AskedQuestion]:
    rows = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [AskedQuestion(row["question"], row["entry"], frozenset(row["parts"])) for row in rows]


def name_of(excerpt: Excerpt) -> str:
    """Return the beginning of a paragraph, and the heading of any other excerpt."""
    return excerpt.text[:NAMED] if excerpt.kind == "section" else excerpt.heading


def points_of(
    generation: Generation, embedder: Embedder, asked: Sequence[AskedQuestion]
) -> NDArray[np.float32]:
    """Return the vectors of the questions, `float32[n, d]`."""
    return np.stack([embed_query(generation, embedder, one.question) for one in asked])


def entry_likelihood(generation: Generation, asked: Sequence[AskedQuestion]) -> Likelihood:
    """Return the likelihood of the entries that answer the questions."""
    texts = [generation.corrected(one.question) for one in asked]
    words = torch.tensor(np.stack([generation.words.scores(text) for text in texts]))
    words = _standardized(words)
    right = torch.tensor([generation.number_of[one.entry] for one in asked])
    passages = torch.tensor(np.array(generation.matrix))
    centres = torch.tensor(np.array(generation.centres))
    owners = torch.tensor(generation.owners)

    def likelihood(numbers: list[int], moved: torch.Tensor) -> torch.Tensor:
        points = torch.nn.functional.normalize(moved)
        cosines = points @ passages.T
        lowest = torch.full((len(numbers), len(centres)), -1.0)
        nearest = lowest.scatter_reduce(1, owners.expand(len(numbers), -1), cosines, "amax")
        near = (nearest - cosines.mean(1, keepdim=True)) / cosines.std(1, keepdim=True)
        scores = PASSAGE_WEIGHT * near + CENTRE_WEIGHT * _standardized(points @ centres.T)
        scores = ENTRIES.scale * (scores + BM25_WEIGHT * words[numbers])
        return torch.log_softmax(scores, 1)[range(len(numbers)), right[numbers]]

    return likelihood


def part_likelihood(
    generation: Generation, asked: Sequence[AskedQuestion]
) -> tuple[list[int], Likelihood]:
    """Return the numbers of the questions that an excerpt answers, and the likelihood of the
    excerpts that do, for the questions in that list."""
    answered, rows, right = [], [], []
    for number, one in enumerate(asked):
        found = [generation.excerpts[at] for at in generation.excerpts_by_entry[one.entry]]
        is_right = [name_of(excerpt) in one.parts for excerpt in found]
        if any(is_right):
            answered.append(number)
            rows.append([generation.rows(excerpt.passages) for excerpt in found])
            right.append(torch.tensor(is_right))
    vectors = torch.tensor(np.array(generation.matrix))

    def likelihood(numbers: list[int], moved: torch.Tensor) -> torch.Tensor:
        found = []
        for number, point in zip(numbers, moved, strict=True):
            cosines = [(vectors[passages] @ point).max() for passages in rows[number]]
            scores = PARTS.scale * torch.stack(cosines)
            found.append(scores[right[number]].logsumexp(0) - scores.logsumexp(0))
        return torch.stack(found)

    return answered, likelihood


def train(points: NDArray[np.float32], likelihood: Likelihood, fit: Fit) -> NDArray[np.float32]:
    """Return the matrix, `float32[d, d]`, that raises the likelihood for the vectors `points` of
    the questions, `float32[n, d]`."""
    torch.manual_seed(0)
    unmoved = torch.tensor(points)
    matrix = torch.zeros(points.shape[1], points.shape[1], requires_grad=True)
    optimizer = torch.optim.Adam([matrix], lr=fit.step)
    for _ in range(fit.passes):
        order = torch.randperm(len(unmoved))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            moved = unmoved[batch] + unmoved[batch] @ matrix
            loss = fit.penalty * matrix.square().sum() - likelihood(batch.tolist(), moved).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return np.asarray(matrix.detach().numpy(), dtype=np.float32)


def train_both(
    generation: Generation, embedder: Embedder, asked: Sequence[AskedQuestion]
) -> dict[str, NDArray[np.float32]]:
    """Return the matrices by their names in the file."""
    points = points_of(generation, embedder, asked)
    answered, of_parts = part_likelihood(generation, asked)
    return {
        "entries": train(points, entry_likelihood(generation, asked), ENTRIES),
        "parts": train(points[answered], of_parts, PARTS),
    }


def _standardized(scores: torch.Tensor) -> torch.Tensor:
    return (scores - scores.mean(1, keepdim=True)) / scores.std(1, keepdim=True).clamp_min(1e-6)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as models:
        model = SentenceEmbedder(DEFAULT_MODEL, Path(models))
        with encyclopedia(model, no_progress) as bundled:
            matrices = train_both(bundled, model, asked_questions())
        np.savez_compressed(
            Path(question_adapter.__file__).with_name(question_adapter.FILE),
            space=np.array(model.fingerprint.key),
            entries=matrices["entries"].astype(np.float16),
            parts=matrices["parts"].astype(np.float16),
        )
