"""Train the parameters of `index.search.answers.moves`, and write them beside it.

    python -m tools.moves.train

`lines.jsonl` has {"say": …, "kind": …} on each line: follow-ups that people write after an
explanation, and their kind, a move or "other". The loss is that of a logistic regression.
"""

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from index.search.answers import moves
from index.search.answers.intents import plain

LINES = Path(__file__).with_name("lines.jsonl")
OTHER = "other"
MIN_LINES = 2  # that contain a word or pair
INVERSE_PENALTY = 3.0  # of the squared weights


def train() -> dict[str, Any]:
    """Train on the lines; return the arrays of the file of parameters."""
    rows = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]
    said = [moves.words_of(plain(row["say"])) for row in rows]
    uses = Counter(chain.from_iterable(map(set, said)))
    known = {word for word, count in uses.items() if count >= MIN_LINES}
    counter = CountVectorizer(
        analyzer=lambda words: moves.features(words, known), min_df=MIN_LINES, binary=True
    )
    counts = counter.fit_transform(said)
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000)
    model.fit(counts, [row["kind"] for row in rows])
    order = [list(model.classes_).index(kind) for kind in (*moves.MOVES, OTHER)]
    return {
        "features": counter.get_feature_names_out().astype(np.str_),
        "weights": model.coef_[order].T.astype(np.float32),
        "constants": model.intercept_[order].astype(np.float32),
    }


if __name__ == "__main__":
    np.savez_compressed(Path(moves.__file__).with_name(moves.PARAMETERS), **train())
