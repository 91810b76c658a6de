"""Maps of any size, for the tests of map drawing."""

from typing import Any

import numpy as np

from index.entry import Mention
from index.search.explore.explorations import Region, TextPosition
from index.search.explore.map import Chart

TERMS = (
    "Harbour",
    "Continuous integration and delivery",
    "T&M",
    "Loosely coupled architecture",
    "SaaS",
    "Retrieval-augmented generation",
)
NAMES = ("Prompting techniques", "Retrieval & knowledge", "Safety", "Training and fine-tuning")


def chart(count: int, parts: int = 8, seed: int = 1, **others: Any) -> Chart:
    """Return a map of `count` entries in `parts` neighbourhoods, without texts on it."""
    random = np.random.default_rng(seed)
    of = np.sort(random.integers(0, parts, count)).astype(np.int32)
    hearts = random.uniform(0.1, 0.9, (parts, 2))
    positions = hearts[of] + random.normal(0, 0.05, (count, 2))
    positions = ((positions - positions.min(0)) / np.maximum(np.ptp(positions, 0), 1e-9)).astype(
        np.float32
    )
    terms = tuple(f"{TERMS[at % len(TERMS)]} {at}" for at in range(count))
    regions = {
        number: Region(
            f"{NAMES[number % len(NAMES)]} {number}",
            int((of == number).sum()),
            tuple(mention(at, terms[at]) for at in np.flatnonzero(of == number)[:8].tolist()),
        )
        for number in np.argsort(-np.bincount(of, minlength=parts), kind="stable").tolist()
        if (of == number).any()
    }
    pairs = np.stack([np.arange(count - 1), np.arange(1, count)], axis=1)
    made: dict[str, Any] = {
        "model": "toy",
        "dimensions": 384,
        "query": "",
        "within": "",
        "ids": tuple(str(at) for at in range(count)),
        "terms": terms,
        "positions": positions,
        "centrality": random.uniform(0, 1, count).astype(np.float32),
        "neighbourhood_of": of,
        "shown": np.arange(count),
        "regions": regions,
        "links": pairs.astype(np.int64),
        "places": (),
    }
    return Chart(**made | others)


def mention(number: int, term: str) -> Mention:
    return Mention(str(number), term, "Harbours", 0.5)


def here(text: str, x: float = 0.5, y: float = 0.5, *, sparse: bool = False) -> TextPosition:
    """Return a text on the map, linked to the first six entries."""
    nearest = tuple(mention(at, f"{TERMS[at]} {at}") for at in range(6))
    return TextPosition("" if sparse else "Safety 2", x, y, text, sparse=sparse, nearest=nearest)
