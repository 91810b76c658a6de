"""Train the classifiers of lines in `index.search.answers`, and write their parameters beside it.

    python -m tools.lines.train

The files of lines have {"text": …, "label": …} on each line: `moves.jsonl` follow-ups that people
write after an explanation, moves and others; `facts.jsonl` questions that an encyclopedia can
answer, and questions for facts that it rarely contains; `parts.jsonl` questions that a page
answers, with the part that is the likeliest to have the answer, and the "second" likeliest.
"""

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import vstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from index.search.answers import facts, line_classifier, moves, parts
from index.search.answers.intents import plain
from index.search.answers.line_classifier import features, words_of

LINES = Path(__file__).parent
MIN_LINES = 2  # that contain a word or pair
INVERSE_PENALTIES = {moves.PARAMETERS: 3.0, facts.PARAMETERS: 3.0, parts.PARAMETERS: 0.3}
SECOND_WEIGHT = 0.3  # of a line with its second label
NAMES = tuple(INVERSE_PENALTIES)


def lines_of(name: str) -> list[dict[str, str]]:
    """Return the lines that the parameters `name` are trained on."""
    text = (LINES / name).with_suffix(".jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    if name == facts.PARAMETERS:  # what a page answers needs no such fact
        answered = (row["text"] for row in lines_of(parts.PARAMETERS))
        rows += [{"text": line, "label": facts.ANSWERABLE} for line in answered]
    return rows


def train(name: str) -> dict[str, Any]:
    """Return the arrays of the parameters `name`: the labels, the features, their "weights",
    `float32[f, l]`, and "constants", `float32[l]`. A line with two labels is trained on twice."""
    rows = lines_of(name)
    said = [words_of(plain(row["text"])) for row in rows]
    uses = Counter(chain.from_iterable(map(set, said)))
    known = {word for word, count in uses.items() if count >= MIN_LINES}
    counter = CountVectorizer(
        analyzer=lambda words: features(words, known), min_df=MIN_LINES, binary=True
    )
    counts = counter.fit_transform(said)
    model = LogisticRegression(C=INVERSE_PENALTIES[name], max_iter=1_000)
    twice = [at for at, row in enumerate(rows) if "second" in row]
    labels = [row["label"] for row in rows] + [rows[at]["second"] for at in twice]
    shares = [1.0] * len(rows) + [SECOND_WEIGHT] * len(twice)
    model.fit(vstack([counts, counts[twice]]), labels, sample_weight=shares)
    return {
        "labels": model.classes_.astype(np.str_),
        "features": counter.get_feature_names_out().astype(np.str_),
        "weights": model.coef_.T.astype(np.float32),
        "constants": model.intercept_.astype(np.float32),
    }


if __name__ == "__main__":
    for name in NAMES:
        np.savez_compressed(Path(line_classifier.__file__).with_name(name), **train(name))
