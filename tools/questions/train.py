"""Train the parameters of `index.search.question_adapter`, and write them beside it.

    python -m tools.questions.train

`questions.jsonl` has {"question": …, "entry": …} on each line: a question that people would ask,
and the id of the bundled entry that answers it; "also" lists further entries that do. The matrix
raises the probability of the entry, a softmax over the scores of all entries as
`index.search.ranking` computes them.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.weights import DEFAULT_MODEL
from index.evaluation.golden import encyclopedia
from index.progress import no_progress
from index.search import question_adapter
from index.search.near import embed_query
from index.search.ranking import BM25_WEIGHT, CENTRE_WEIGHT, PASSAGE_WEIGHT
from index.storage import Generation

QUESTIONS = Path(__file__).with_name("questions.jsonl")
PASSES, BATCH, RATE = 5, 64, 1e-3
TEMPERATURE = 0.5  # of the softmax over the scores
PENALTY = 1e-3  # of the squares of the matrix


@dataclass(frozen=True, slots=True)
class AskedEntry:
    """A question, and the ids of the entries that answer it, the best first."""

    question: str
    entries: tuple[str, ...]


def asked_entries() -> list[AskedEntry]:
    rows = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [AskedEntry(row["question"], (row["entry"], *row.get("also", ()))) for row in rows]


def train(
    generation: Generation, embedder: Embedder, asked: Sequence[AskedEntry]
) -> NDArray[np.float32]:
    """Return the matrix, `float32[d, d]`. Deterministic."""
    torch.manual_seed(0)
    texts = [generation.corrected(one.question) for one in asked]
    points = torch.tensor(np.stack([embed_query(generation, embedder, text) for text in texts]))
    words = torch.tensor(np.stack([generation.words.scores(text) for text in texts]))
    words = (words - words.mean(1, keepdim=True)) / words.std(1, keepdim=True).clamp_min(1e-6)
    right = torch.tensor([generation.number_of[one.entries[0]] for one in asked])
    passages = torch.tensor(np.array(generation.matrix))
    centres = torch.tensor(np.array(generation.centres))
    owners = torch.tensor(generation.owners)
    matrix = torch.zeros(points.shape[1], points.shape[1], requires_grad=True)
    optimizer = torch.optim.Adam([matrix], lr=RATE)
    for _ in range(PASSES):
        for batch in torch.randperm(len(points)).split(BATCH):
            moved = torch.nn.functional.normalize(points[batch] + points[batch] @ matrix)
            cosines = moved @ passages.T
            lowest = torch.full((len(batch), len(centres)), -1.0)
            nearest = lowest.scatter_reduce(1, owners.expand(len(batch), -1), cosines, "amax")
            near = (nearest - cosines.mean(1, keepdim=True)) / cosines.std(1, keepdim=True)
            places = moved @ centres.T
            of_centres = (places - places.mean(1, keepdim=True)) / places.std(1, keepdim=True)
            scores = (
                PASSAGE_WEIGHT * near + CENTRE_WEIGHT * of_centres + BM25_WEIGHT * words[batch]
            )
            loss = torch.nn.functional.cross_entropy(scores / TEMPERATURE, right[batch])
            optimizer.zero_grad()
            (loss + PENALTY * matrix.square().sum()).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return np.asarray(matrix.detach().numpy(), dtype=np.float32)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as models:
        model = SentenceEmbedder(DEFAULT_MODEL, Path(models))
        with encyclopedia(model, no_progress) as read:
            np.savez_compressed(
                Path(question_adapter.__file__).with_name(question_adapter.PARAMETERS),
                space=np.array(model.fingerprint.key),
                matrix=train(read, model, asked_entries()).astype(np.float16),
            )
