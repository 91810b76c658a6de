"""Random walks through the entries. A higher temperature gives longer steps."""

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.search.explore.explorations import RandomWalk
from index.search.explore.points import DIGITS, Point, locate, similarity_to
from index.search.neighbours import mention_of
from index.storage import Generation

UNIT = 0.5  # in standard deviations of the cosine; multiplies the odds by e at temperature 1


def wander(
    generation: Generation,
    embedder: Embedder,
    query: str,
    *,
    temperature: float,
    seed: int,
    steps: int,
) -> RandomWalk:
    """Walk from `query` through up to `steps` different entries. The probability of the next entry
    is softmax(cosine / temperature). Cosines are divided by half their standard deviation over all
    entries, so that a temperature has the same effect for every model."""
    place = locate(generation, embedder, query)
    random = np.random.default_rng(seed)
    point = place.point
    left = generation.entries_shown(None, None)
    if place.entry_id is not None:
        left[generation.number_of[place.entry_id]] = False
    stops, numbers = [], []
    for _ in range(min(steps, int(left.sum()))):
        cosines = generation.centres @ point
        number = int(random.choice(len(left), p=_chances(cosines, left, temperature)))
        entry_id = generation.ids[number]
        stops.append(mention_of(generation, entry_id, similarity_to(generation, place, entry_id)))
        numbers.append(number)
        left[number] = False
        point = generation.centres[number]
        place = Point(generation.entries[entry_id].term, point, entry_id)
    points = generation.centres[numbers]
    apart = 1 - (points @ points.T)[np.triu_indices(len(numbers), 1)]
    return RandomWalk(
        query=query,
        temperature=temperature,
        seed=seed,
        stops=tuple(stops),
        breadth=round(float(apart.mean()), DIGITS) if len(apart) else 0.0,
    )


def _chances(
    cosines: NDArray[np.float32], left: NDArray[np.bool_], temperature: float
) -> NDArray[np.float64]:
    unit = max(UNIT * float(cosines.std()), 1e-6)
    scores = cosines.astype(np.float64) / unit / temperature
    scores = np.where(left, scores, -np.inf)
    chances = np.exp(scores - scores.max())
    return np.asarray(chances / chances.sum())
