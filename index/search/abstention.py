"""Abstention: detect queries that are out of domain.

Each source of an index is judged for itself, by its own passages (see `source_statistics`). A query
is out of domain if no source covers it.
"""

import numpy as np
from numpy.typing import NDArray

from index.search.retrieval import Cosines
from index.storage import Generation
from index.storage.generation import SourcePart


def part_evidence(
    generation: Generation,
    part: SourcePart,
    cosines: Cosines,
    within: NDArray[np.bool_] | None = None,
) -> float:
    """Return the evidence that a source covers the text of `cosines`, minus the threshold of the
    source. With a mask `within` of all entries (`bool[e]`), only those entries count."""
    numbers = cosines.compared(part)
    if within is not None:
        numbers = numbers[within[numbers]]
    if not len(numbers):
        return -1.0
    nearest = cosines.nearest(numbers).max()
    centre = (generation.centres[numbers] @ cosines.point).max()
    return part.statistics.evidence(cosines.point, float(nearest), float(centre))


def evidence_of(generation: Generation, point: NDArray[np.float32]) -> float:
    """Return the evidence that the index covers `point` (`float32[d]`): the largest of a source,
    above 0 if it is enough."""
    cosines = Cosines(generation, point)
    return max(part_evidence(generation, part, cosines) for part in generation.parts)


def is_sparse(generation: Generation, point: NDArray[np.float32]) -> bool:
    """Return whether `point` is in a sparse region, which no source covers."""
    return evidence_of(generation, point) < 0


def is_out_of_domain(generation: Generation, text: str, point: NDArray[np.float32]) -> bool:
    """Return whether `text` is out of domain: its vector `point` is in a sparse region, and the
    text does not mainly consist of entry names."""
    return is_sparse(generation, point) and not generation.names.mainly_names(text)
