"""Fit the parameters of reading, and write them beside `index.search.answers.parameters`.

    python -m tools.reading.train

First the weights of the candidates' signals: a softmax over all candidates of a line, for those
that answer it. Then the weights of the one number: a logistic regression for whether the best
candidate answers. Then the thresholds, on numbers that were predicted without their own fold.
README.md says which sets are used.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.weights import DEFAULT_MODEL
from index.evaluation.golden import encyclopedia
from index.evaluation.golden_questions import BUNDLED, read_golden
from index.progress import no_progress
from index.search.answers import parameters
from index.search.answers.candidates import ExcerptCandidate, candidates_for, number_of
from index.search.answers.context import QuestionContext
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.answers.excerpt_reader import LateInteractionReader
from index.search.answers.intents import intent_of
from index.search.answers.parameters import reading_parameters
from index.storage import Generation
from tools.reading.judged import JudgedLine, read_conversations, read_questions

HERE = Path(__file__).parent
TESTS = HERE.parents[1] / "tests"
READER = ("tokens", "cosine")
SIGNALS = (
    *READER,
    "similarity",
    "named",
    "topic",
    "alone",
    "earlier",
    "refers",
    "short",
    "own",
    "names another",
)
PENALTY = 3e-3
# Thresholds: the share of answerable lines that may be declined, and the shares of replies without
# a hedge, and of sure ones, that are to answer.
LOST, RIGHT, SURE = 0.06, 0.87, 0.92
NAMING = ("name", "alias", "acronym")  # kinds of golden questions
TWO = 0.35  # of the replies show two excerpts


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A judged line with its candidates, best first, and their signals, `float[n, s]`."""

    line: JudgedLine
    candidates: list[ExcerptCandidate]
    signals: np.ndarray

    @property
    def is_read(self) -> bool:
        return all(heading for _, heading in self.line.places)

    def rights(self) -> np.ndarray:
        found = (one.excerpt for one in self.candidates)
        return np.array([self.line.is_answered_by(one.entry_id, one.heading) for one in found])


def judged_lines(generation: Generation) -> Iterator[JudgedLine]:
    """Yield the lines to fit on. Each question is asked twice: alone, and in a conversation about
    something else."""
    golden = read_golden(BUNDLED, lambda one: one).half("tuning")
    questions = [
        JudgedLine(
            asked.text,
            asked.kind,
            1,
            NO_THREAD,
            (frozenset((one, "") for one in asked.right),) if asked.right else (),
        )
        for asked in (*golden.answerable, *golden.unanswerable)
    ]
    questions += read_questions(HERE / "questions.jsonl")
    questions += _tuning(TESTS / "benchmarks" / "answers" / "questions.jsonl")
    yield from (*questions, *_elsewhere(questions, generation))
    yield from _turns(generation)


def _turns(generation: Generation) -> Iterator[JudgedLine]:
    """Yield the follow-ups that are read."""
    answers = TESTS / "benchmarks" / "answers" / "conversations.jsonl"
    halves = [json.loads(row)["half"] for row in answers.read_text(encoding="utf-8").splitlines()]
    tuning = [
        lines
        for half, lines in zip(halves, read_conversations(answers, generation), strict=True)
        if half == "tuning"
    ]
    files = (HERE / "conversations.jsonl", TESTS / "terminal" / "conversations.jsonl")
    others = chain.from_iterable(read_conversations(one, generation) for one in files)
    for line in chain.from_iterable((*tuning, *others)):
        if line.turn > 1 and intent_of(line.text).kind == "question":
            yield line


def _elsewhere(lines: Sequence[JudgedLine], generation: Generation) -> Iterator[JudgedLine]:
    """Yield the lines in conversations about random entries."""
    topics = np.random.default_rng(0).integers(len(generation.ids), size=len(lines))
    for line, topic in zip(lines, topics.tolist(), strict=True):
        yield replace(line, turn=2, state=Conversation(entries=(generation.ids[topic],)))


def _tuning(file: Path) -> Iterator[JudgedLine]:
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    halves = [row["half"] for row in rows]
    for half, line in zip(halves, read_questions(file), strict=True):
        if half == "tuning":
            yield line


def read_all(generation: Generation, embedder: Embedder, lines: Sequence[JudgedLine]) -> list[Read]:
    reader, found = LateInteractionReader(generation, embedder), []
    for line in lines:
        context = QuestionContext(generation, embedder, line.text, line.state)
        if context.resolve_name(line.text) is not None:  # it is defined
            continue
        candidates = candidates_for(context, line.text)
        rows = [
            [
                *reader.similarities(line.text, [one.number], one.interpretation.text)[0],
                *(one.signals.get(name, 0.0) for name in SIGNALS[len(READER) :]),
            ]
            for one in candidates
        ]
        if rows:
            found.append(Read(line, candidates, np.array(rows)))
    return found


def fit_candidates(read: Sequence[Read]) -> dict[str, float]:
    """Return the weights of the signals."""
    rows = [every.signals for every in read if every.rights().any()]
    rights = [torch.tensor(one.rights()) for one in read if one.rights().any()]
    spread = np.maximum(np.concatenate(rows).std(0), 1e-6)
    inputs = [torch.tensor(row / spread, dtype=torch.float32) for row in rows]
    weights = torch.zeros(len(SIGNALS), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=100)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        scores = [row @ weights for row in inputs]
        likelihood = [
            torch.logsumexp(score[right], 0) - torch.logsumexp(score, 0)
            for score, right in zip(scores, rights, strict=True)
        ]
        loss = -torch.stack(likelihood).mean() + PENALTY * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    found = weights.detach().numpy() / spread
    return {name: round(float(value), 3) for name, value in zip(SIGNALS, found, strict=True)}


def rescored(read: Read, weights: dict[str, float]) -> Read:
    """Return a line with its candidates in the order of other weights."""
    scores = read.signals @ np.array([weights[name] for name in SIGNALS])
    order = np.argsort(-scores)
    found = [replace(read.candidates[at], score=float(scores[at])) for at in order]
    return Read(read.line, found, read.signals[order])


def fit(generation: Generation, embedder: Embedder) -> dict[str, Any]:
    """Return the parameters, and print how often the judged lines get a right reply with them."""
    found = read_all(generation, embedder, list(judged_lines(generation)))
    # A golden question tells its entry only, so the scores are fitted only on those that name it.
    weights = fit_candidates(
        [one for one in found if one.line.turn > 1 or one.is_read or one.line.kind in NAMING]
    )
    read = [rescored(one, weights) for one in found]
    signals = [number_of(one.line.text, one.candidates) for one in read]
    names = tuple(reading_parameters().number)
    inputs = np.array([[one[name] for name in names] for one in signals])
    answerable = np.array([bool(one.line.places) for one in read])
    margins = np.array([one["margin"] for one in signals])
    margin = round(float(np.quantile(margins[answerable], TWO)), 3)
    right = np.array(
        [one.rights()[: 1 + (at < margin)].any() for one, at in zip(read, margins, strict=True)]
    )
    regression = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1_000)
    numbers = cross_val_predict(regression, inputs, right, cv=10, method="predict_proba")[:, 1]
    regression.fit(inputs, right)
    fitted = {
        "reader": {name: weights[name] for name in READER},
        "score": {name: weights[name] for name in SIGNALS[len(READER) :]},
        "number": dict(zip(names, regression.coef_[0].round(3).tolist(), strict=True)),
        "answered": round(float(np.quantile(numbers[answerable], LOST)), 3),
        "unhedged": threshold(numbers, right, RIGHT),
        "sure": threshold(numbers, right, SURE),
        "margin": margin,
    }
    report(read, numbers, right, answerable, fitted)
    return fitted


def threshold(numbers: np.ndarray, right: np.ndarray, share: float) -> float:
    """Return the least number from which on this share of the replies answers."""
    order = np.argsort(-numbers)
    precise = np.flatnonzero(np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= share)
    return round(float(numbers[order[precise[-1]]]), 3)


def report(read, numbers, right, answerable, found) -> None:  # type: ignore[no-untyped-def]
    print(json.dumps(found, indent=2))
    later = np.array([one.line.turn > 1 for one in read])
    for name, mask in (("first", ~later), ("later", later)):
        asked, none = mask & answerable, mask & ~answerable
        wrong = ~right[mask] & (numbers[mask] >= found["unhedged"])
        print(
            f"{name}: {asked.sum()} answerable, right {right[asked].mean():.3f}; "
            f"declined {np.mean(numbers[asked] < found['answered']):.3f}, "
            f"of {none.sum()} unanswerable {np.mean(numbers[none] < found['answered']):.3f}; "
            f"unhedged {np.mean(numbers[asked] >= found['unhedged']):.3f}, wrong {wrong.mean():.3f}"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as models:
        model = SentenceEmbedder(DEFAULT_MODEL, Path(models))
        with encyclopedia(model, no_progress) as bundled:
            text = json.dumps(fit(bundled, model), indent=2)
    file = Path(parameters.__file__).with_name(parameters.FILE)
    file.write_text(f"{text}\n", encoding="utf-8")
