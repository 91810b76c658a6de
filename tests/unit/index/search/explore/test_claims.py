"""Claims of the documentation about the embedding space, with the real model and encyclopedia."""

from statistics import mean

import pytest

from index.embedding.embedder import SentenceEmbedder
from index.search.explore.random_walk import wander
from index.search.explore.shift import shift
from index.statistics.landmarks import Landmarks
from index.storage import Generation
from tests.unit.index.vectors import landmarks_of

pytestmark = pytest.mark.model


def test_a_higher_temperature_widens_a_walk(
    real_generation: Generation, real_embedder: SentenceEmbedder
) -> None:
    def breadth(temperature: float) -> float:
        return mean(
            wander(
                real_generation,
                real_embedder,
                "hallucination",
                temperature=temperature,
                seed=seed,
                steps=6,
            ).breadth
            for seed in range(30)
        )

    cold, mild, hot = (breadth(temperature) for temperature in (0.05, 1.0, 50.0))
    assert cold < mild < hot


@pytest.fixture(scope="module")
def landmarks(real_embedder: SentenceEmbedder) -> Landmarks:
    return landmarks_of(real_embedder)


def test_tone_words_move_a_prompt_into_another_neighbourhood(
    real_generation: Generation, real_embedder: SentenceEmbedder, landmarks: Landmarks
) -> None:
    before = "Write a product description for this moisturizer."
    after = f"{before} Premium. Clinical. Effortlessly elegant."
    reply = shift(real_generation, real_embedder, landmarks, before, after)
    assert reply.from_neighbourhood == "skincare and cosmetics"
    assert reply.to_neighbourhood == "luxury and elegance"
    assert reply.tipping is not None
    assert 0.2 < reply.tipping.share < 0.8
    assert reply.tipping.word in ("Premium", "Clinical", "Effortlessly", "elegant")
    movers = [item.word for item in reply.words if item.effect > 0]
    assert {"Premium", "Clinical", "Effortlessly"} <= set(movers)
    assert reply.towards[0].name == "luxury and elegance"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Translate this", "Translate this please"),
        ("Answer in one line", "Answer in two lines"),
        ("a short answer", "a long, careful answer"),
    ],
)
def test_an_edit_without_a_style_names_no_landmark(
    real_generation: Generation,
    real_embedder: SentenceEmbedder,
    landmarks: Landmarks,
    before: str,
    after: str,
) -> None:
    reply = shift(real_generation, real_embedder, landmarks, before, after)
    assert not reply.towards
    assert reply.to_neighbourhood == reply.from_neighbourhood
    assert reply.tipping is None


def test_the_neighbourhood_of_a_prompt_near_entries_is_their_category(
    real_generation: Generation, real_embedder: SentenceEmbedder, landmarks: Landmarks
) -> None:
    reply = shift(
        real_generation,
        real_embedder,
        landmarks,
        "what is a token in a language model",
        "what is a vector database",
    )
    assert reply.from_neighbourhood == "Foundations"
    assert reply.to_neighbourhood == "Retrieval & Knowledge"
    assert "token" in {item.id for item in reply.lost}
    assert "vector-database" in {item.id for item in reply.gained}
