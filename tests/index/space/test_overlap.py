from __future__ import annotations

import pytest

from index.space.likeness import Overlap, overlap, stems, words_in


def test_words_in_common_are_taken_out_of_both() -> None:
    found = Overlap("bank account", "river banks", "account", "river", "bank")
    assert overlap("bank account", "river banks") == found
    assert overlap("river banks", "bank account") == found


def test_texts_without_a_common_word_are_left_whole() -> None:
    assert overlap("joyful", "elated") == Overlap("elated", "joyful", "elated", "joyful", "")
    assert overlap("fear of spiders", "head of state").shared == ""


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
def test_what_is_left(a: str, b: str, rests: set[str]) -> None:
    found = overlap(a, b)
    assert {found.first_rest, found.second_rest} == rests


def test_words_of_a_phrase() -> None:
    assert stems("The banks of a river") == {"bank", "river"}
    assert stems("of the") == frozenset()
    assert (words_in("re-rank the list"), words_in("R.A.G."), words_in("")) == (4, 1, 0)
