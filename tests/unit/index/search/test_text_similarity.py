from itertools import product

import pytest

from index.embedding.embedder import SentenceEmbedder
from index.evaluation.golden_questions import take_half
from index.evaluation.measures import roc_area
from index.search.text_similarity import overlap, text_similarities
from tests.benchmarks.similarities import similarities
from tests.support.toy import ToyEmbedder
from tools.likeness.judged_pairs import FAR, NEAR, judged_pairs


def test_similarity_for_another_model_is_the_uncorrected_cosine(toy: ToyEmbedder) -> None:
    one, other = toy.queries(["bank account", "river bank"])
    pairs = [("bank account", "river bank"), ("bank account", "Bank  account")]
    assert text_similarities(toy, pairs) == [round(float(one @ other), 4), 1]
    assert text_similarities(toy, []) == []


@pytest.mark.model
def test_synonyms_are_more_similar_than_senses_of_a_word(real_embedder: SentenceEmbedder) -> None:
    joyful, puppy, bank = text_similarities(
        real_embedder, [("joyful", "elated"), ("dog", "puppy"), ("bank account", "river bank")]
    )
    assert min(joyful, puppy) > bank + 0.05


@pytest.mark.model
def test_judged_near_pairs_are_more_similar_than_far_ones(real_embedder: SentenceEmbedder) -> None:
    corrected, _ = similarities(real_embedder)
    for near, far in product(NEAR, FAR):
        assert roc_area(corrected[near], corrected[far]) >= 0.9, (near, far)


@pytest.mark.model
def test_similarity_is_symmetric_and_independent_of_other_texts(
    real_embedder: SentenceEmbedder,
) -> None:
    pairs = [(pair.a, pair.b) for pair in take_half(judged_pairs(), "reporting")[::9]]
    found = text_similarities(real_embedder, pairs)
    assert text_similarities(real_embedder, [(b, a) for a, b in pairs]) == found
    alone = [text_similarities(real_embedder, [pair])[0] for pair in pairs]
    assert alone == pytest.approx(found, abs=2e-4)
    assert all(-1 <= similarity <= 1 for similarity in found)


@pytest.mark.model
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("temperature", "sampling temperature"),  # one contains the other
        ("happy", "not happy"),
        ("banks", "bank"),
        ("", "of the"),
        ("why does the model make things up", "made-up answer"),  # long
    ],
)
def test_similarity_of_long_or_nested_texts_is_the_uncorrected_cosine(
    real_embedder: SentenceEmbedder, a: str, b: str
) -> None:
    one, other = real_embedder.queries([a, b])
    assert text_similarities(real_embedder, [(a, b)])[0] == pytest.approx(
        float(one @ other), abs=1e-3
    )


def test_common_words_are_removed_from_both_texts() -> None:
    assert overlap("bank account", "river banks") == ("account", "river", "bank")
    assert overlap("river banks", "bank account") == ("river", "account", "bank")


@pytest.mark.parametrize(
    ("a", "b", "rests"),
    [
        ("loss", "training loss", {"loss", "training"}),
        ("take a nap", "take a snooze", {"a nap", "a snooze"}),
        ("high-speed train", "train station", {"high-speed", "station"}),
        ("Bank's vault", "the BANK", {"vault", "the BANK"}),
        ("😀", "!", {"😀", "!"}),
    ],
)
def test_texts_without_their_common_words_are_never_empty(a: str, b: str, rests: set[str]) -> None:
    assert set(overlap(a, b)[:2]) == rests
