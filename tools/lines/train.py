"""Train the classifiers of lines in `index.search.answers`, and write their parameters beside it.

    python -m tools.lines.train

The files of lines have {"text": …, "label": …} on each line: `moves.jsonl` follow-ups that people
write after an explanation, moves and others; `facts.jsonl` questions that an encyclopedia can
answer, and questions for facts that it rarely contains.
"""

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from index.search.answers import external_facts, line_classifier, moves
from index.search.answers.intents import plain
from index.search.answers.line_classifier import features, words_of

LINES = Path(__file__).parent
MIN_LINES = 2  # that contain a word or pair
INVERSE_PENALTY = 3.0
NAMES = (moves.PARAMETERS, external_facts.PARAMETERS)


def lines_of(name: str) -> list[dict[str, str]]:
    """Return the lines that the parameters `name` are trained on."""
    text = (LINES / name).with_suffix(".jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def train(name: str) -> dict[str, Any]:
    """Return the arrays of the parameters `name`: the labels, the features, their "weights",
    `float32[f, l]`, and "constants", `float32[l]`."""
    rows = lines_of(name)
    said = [words_of(plain(row["text"])) for row in rows]
    uses = Counter(chain.from_iterable(map(set, said)))
    known = {word for word, count in uses.items() if count >= MIN_LINES}
    counter = CountVectorizer(
        analyzer=lambda words: features(words, known), min_df=MIN_LINES, binary=True
    )
    counts = counter.fit_transform(said)
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000)
    model.fit(counts, [row["label"] for row in rows])
    return {
        "labels": model.classes_.astype(np.str_),
        "features": counter.get_feature_names_out().astype(np.str_),
        "weights": model.coef_.T.astype(np.float32),
        "constants": model.intercept_.astype(np.float32),
    }


if __name__ == "__main__":
    for name in NAMES:
        np.savez_compressed(Path(line_classifier.__file__).with_name(name), **train(name))
