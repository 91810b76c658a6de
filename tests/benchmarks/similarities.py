"""Compare the similarities of judged pairs of short texts: `python -m
tests.benchmarks.similarities`.

Prints how often a pair of a near class is more similar than one of a far class, with and without
Nearsay's correction of the model's cosine, and the 95% bootstrap intervals of these shares.
"""

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.weights import DEFAULT_MODEL
from index.evaluation.golden_questions import take_half
from index.evaluation.measures import Values, interval, roc_area
from index.search.text_similarity import text_similarities
from tools.likeness.judged_pairs import FAR, KINDS, NEAR, Kind, judged_pairs


def similarities(embedder: Embedder) -> list[dict[Kind, Values]]:
    """Return the similarities of the judged pairs in the reporting half, by class: Nearsay's, and
    the model's cosines."""
    pairs = take_half(judged_pairs(), "reporting")
    vectors = embedder.queries([text for pair in pairs for text in (pair.a, pair.b)])
    vectors = vectors.reshape(len(pairs), 2, -1)
    corrected = text_similarities(embedder, [(pair.a, pair.b) for pair in pairs], vectors)
    cosines = (vectors[:, 0] * vectors[:, 1]).sum(-1)
    kinds = np.array([pair.kind for pair in pairs])
    return [
        {kind: np.asarray(values, dtype=np.float64)[kinds == kind] for kind in KINDS}
        for values in (corrected, cosines)
    ]


def main() -> int:
    with TemporaryDirectory() as folder:
        found = similarities(SentenceEmbedder(DEFAULT_MODEL, Path(folder)))
    print(f"{'nearer':<18}{'than':<14}{'nearsay':>22}{'cosine alone':>24}")
    for near, far in product(NEAR, FAR):
        shares = [
            "{:.3f} ({:.3f} to {:.3f})".format(
                roc_area(values[near], values[far]), *interval(roc_area, values[near], values[far])
            )
            for values in found
        ]
        print(f"{near:<18}{far:<14}{shares[0]:>22}{shares[1]:>24}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
