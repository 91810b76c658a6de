"""The paragraph that is shown can be understood by who did not read what stands before it."""

from __future__ import annotations

from index.search.answers.excerpts import LONGEST, Excerpt, windows_of

PICTURE = (
    "A barrister does not know every case by heart, so a clerk pulls five folders from the archive."
)
POINTING = "The barrister reads only a few and builds the whole argument from what is there."
PLAIN = "A model answers from the passages that a search put in front of it beforehand."


def test_no_window_begins_with_a_sentence_that_leans_on_another() -> None:
    leaning = "It then signs a green card, which the harbour master keeps for the winter."
    assert [leaning] not in windows_of(f"{PLAIN} {leaning}")
    assert [PLAIN, leaning] in windows_of(f"{PLAIN} {leaning}")


def test_no_window_speaks_of_who_came_in_before_it_unless_that_was_said() -> None:
    text = f"{PICTURE} {POINTING} {PLAIN}"
    assert [POINTING] not in windows_of(text)
    assert [PICTURE, POINTING] in windows_of(text)
    assert [POINTING] in windows_of(text, "what does the barrister do?")


def test_a_window_stays_within_a_paragraph_and_is_neither_tiny_nor_long() -> None:
    text = f"Yes. {PLAIN}\n\n{PICTURE} {'word ' * 120}end."
    windows = windows_of(text)
    assert ["Yes."] not in windows
    assert [PLAIN, PICTURE] not in windows
    assert all(sum(map(len, one)) <= LONGEST for one in windows if len(one) > 1)


def test_an_answer_to_another_question_stands_behind_that_question() -> None:
    assert Excerpt("Is it safe?", "Yes.", "Is it safe?").shown == "Is it safe?\nYes."
    assert Excerpt("Is it safe?", "Yes.", "Is it safe?", is_asked=True).shown == "Yes."
