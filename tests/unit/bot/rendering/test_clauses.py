import pytest

from bot.rendering.clauses import first_clauses, first_sentences


def test_a_text_that_fits_is_not_cut() -> None:
    assert first_clauses("A line\non a ship.", 40) == "A line on a ship."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A rope that holds a ship at a quay; it is thick.", "A rope that holds a ship at a quay…"),
        ("A rope that holds the ship, which lies at a quay.", "A rope that holds the ship…"),
        ("The place at the quay where the ships are lying.", "The place at the quay…"),
        (
            "A rope to hold ships at the quay, in storms or not.",
            "A rope to hold ships at the quay…",
        ),
        ("A thick rope. It holds a ship at a quay in a storm.", "A thick rope. It holds a ship…"),
        ("A thick rope for big ships. It holds them at a quay.", "A thick rope for big ships."),
    ],
)
def test_a_long_text_ends_at_a_sentence_a_clause_or_a_phrase(text: str, shown: str) -> None:
    assert first_clauses(text, 34) == shown


def test_a_text_of_one_long_word_is_cut_within_the_room() -> None:
    assert len(first_clauses("x" * 500, 40)) == 40


def test_a_cut_text_never_ends_in_a_word_that_needs_the_next_one() -> None:
    text = "The upper limit, counted in tokens, at which a model's reply is cut off, by a program"
    for room in range(10, len(text)):
        last = first_clauses(text, room).removesuffix("…").split()[-1]
        assert last not in {"at", "in", "of", "a", "by"} or room < 30


def test_sentences_are_kept_whole() -> None:
    text = "A ship lies at a quay.\nIts first rope holds.\nThe second rope breaks in the storm."
    assert first_sentences(text, 60) == "A ship lies at a quay.\nIts first rope holds. …"
    assert first_sentences(text, len(text)) == text
    assert first_sentences("A rope that holds the ship, which lies at a quay. x", 34).endswith("…")
