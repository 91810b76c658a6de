"""Classify lines by their words and pairs of successive words, with linear models that are trained
by `python -m tools.lines.train`."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|\?")


@dataclass(frozen=True, slots=True)
class LineClassifier:
    """A multinomial logistic regression: the labels, the rows of the features in the weights
    (`float32[f, l]`), and a constant for each label (`float32[l]`)."""

    labels: tuple[str, ...]
    rows: dict[str, int]
    weights: NDArray[np.float32]
    constants: NDArray[np.float32]

    def probabilities(self, words: Sequence[str]) -> dict[str, float]:
        """Return the probability of each label for a line of `words` (see `words_of`)."""
        found = set(features(words, self.rows))
        rows = [self.rows[one] for one in found if one in self.rows]
        scores = self.constants + self.weights[rows].sum(axis=0)
        chances = np.exp(scores - scores.max())
        return dict(zip(self.labels, (chances / chances.sum()).tolist(), strict=True))


def words_of(line: str) -> list[str]:
    """Return the words and question marks of a line, with 0 for a number."""
    return ["0" if word.isdigit() else word for word in _WORD.findall(line.casefold())]


def features(words: Sequence[str], known: Container[str]) -> list[str]:
    """Return words, with * for those that are not `known`, and the pairs of successive words, start
    and end included: `features(["why", "red"], {"why"}) == ["why", "*", "^ why", "why *", "* $"]`.
    """
    shown = [word if word in known else "*" for word in words]
    pairs = zip(["^", *shown], [*shown, "$"], strict=True)
    return [*shown, *(f"{one} {other}" for one, other in pairs)]


@cache
def bundled_classifier(name: str) -> LineClassifier:
    """Return the classifier of the file `name`, which is beside this module."""
    with np.load(Path(__file__).parent / name) as arrays:
        rows = {str(feature): row for row, feature in enumerate(arrays["features"])}
        labels = tuple(arrays["labels"].tolist())
        return LineClassifier(labels, rows, arrays["weights"], arrays["constants"])
