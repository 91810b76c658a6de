"""Spellings of names, and words of the language, which are no misspellings."""

import pytest

from index.spelling import is_english, nearest_spellings, nearest_word


@pytest.mark.parametrize("word", ["merger", "Merger", "coral", "THE", "thats", "its"])
def test_a_common_word_in_any_case_or_with_an_s_is_english(word: str) -> None:
    assert is_english(word)


@pytest.mark.parametrize("word", ["lighthuose", "temprature", "ancor", "xyz", "##ing", "ab", ""])
def test_a_misspelling_or_a_piece_of_a_word_is_not_english(word: str) -> None:
    assert not is_english(word)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        pytest.param("mergd", ["merged"], id="a missing letter"),
        pytest.param("mergde", ["merged"], id="two swapped letters"),
        pytest.param("merger", [], id="another English word"),
        pytest.param("mrg", [], id="too short"),
        pytest.param("merged cels", ["merged cells"], id="one of two words"),
        pytest.param("merged bells", [], id="an English word beside another"),
        pytest.param("merqed cells", ["merged cells"], id="an English word that is right"),
        pytest.param("mergedcells", ["merged cells"], id="a missing space"),
    ],
)
def test_the_nearest_names_are_those_of_which_each_word_is_misspelt(
    written: str, found: list[str]
) -> None:
    assert nearest_spellings(written, ["merged", "merged cells"]) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [("mergde", "merged"), ("dredgr", "dredger"), ("merger", None), ("zzz", None)],
)
def test_an_english_word_has_no_nearest_word(written: str, found: str | None) -> None:
    assert nearest_word(written, ["dredger", "merged"]) == found
