"""Read excerpts: how well each of them answers a question."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.search.answers.parameters import reading_parameters
from index.search.near import embed_query
from index.search.question_adapter import adapted_to_parts
from index.storage import Generation

# Of a cosine, which spreads over excerpts four times as widely as a similarity by late interaction.
COSINE_SHARE = 0.25


class Reader(Protocol):
    """Judges excerpts of a generation, given by their numbers."""

    def read(
        self, question: str, excerpts: Sequence[int], completed: str = ""
    ) -> NDArray[np.float32]:
        """Return the log-odds that each excerpt answers the question, up to a constant,
        `float32[n]`. `completed` is the question with the topic of the conversation in it."""


class LateInteractionReader:
    """Adds two similarities of a question to an excerpt: by late interaction, and the cosine of the
    completed question to the nearest passage of the excerpt, for bundled entries as adapted. In an
    index without token vectors, a share of the cosine of the question stands for the first."""

    def __init__(self, generation: Generation, embedder: Embedder) -> None:
        self._generation = generation
        self._embedder = embedder

    def read(
        self, question: str, excerpts: Sequence[int], completed: str = ""
    ) -> NDArray[np.float32]:
        weights = reading_parameters().reader
        similarities = self.similarities(question, excerpts, completed)
        return similarities @ np.array([weights["tokens"], weights["cosine"]], dtype=np.float32)

    def similarities(
        self, question: str, excerpts: Sequence[int], completed: str = ""
    ) -> NDArray[np.float32]:
        """Return the similarities by late interaction and the cosines, `float32[n, 2]`."""
        generation = self._generation
        point = embed_query(generation, self._embedder, completed or question)
        moved = adapted_to_parts(generation, point)
        adapted = moved / np.linalg.norm(moved)
        found = np.zeros((len(excerpts), 2), dtype=np.float32)
        has_tokens = generation.excerpt_tokens is not None
        if generation.excerpt_tokens is not None and len(excerpts):
            text = generation.expanded(generation.corrected(question))
            found[:, 0] = generation.excerpt_tokens.similarities(text, excerpts)
        alone = point if has_tokens else embed_query(generation, self._embedder, question)
        for at, excerpt in enumerate(generation.excerpts[number] for number in excerpts):
            is_bundled = generation.bundled[generation.number_of[excerpt.entry_id]]
            vectors = generation.matrix[generation.rows(excerpt.passages)]
            found[at, 1] = (vectors @ (adapted if is_bundled else point)).max()
            if not has_tokens:
                found[at, 0] = COSINE_SHARE * (vectors @ alone).max()
        return found
