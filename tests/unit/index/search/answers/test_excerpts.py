"""Excerpts are understandable without the text before them."""

from index.search.answers.excerpts import LONGEST, Excerpt, sentence_windows

PICTURE = (
    "A barrister does not know every case by heart, so a clerk pulls five folders from the archive."
)
POINTING = "The barrister reads only a few and builds the whole argument from what is there."
PLAIN = "A model answers from the passages that a search put in front of it beforehand."


def test_no_excerpt_begins_with_a_dependent_sentence() -> None:
    leaning = "It then signs a green card, which the harbour master keeps for the winter."
    assert [leaning] not in sentence_windows(f"{PLAIN} {leaning}")
    assert [PLAIN, leaning] in sentence_windows(f"{PLAIN} {leaning}")


def test_no_excerpt_refers_to_a_person_introduced_before() -> None:
    text = f"{PICTURE} {POINTING} {PLAIN}"
    assert [POINTING] not in sentence_windows(text)
    assert [PICTURE, POINTING] in sentence_windows(text)
    assert [POINTING] in sentence_windows(text, "what does the barrister do?")


def test_an_excerpt_is_within_a_paragraph_and_of_moderate_length() -> None:
    text = f"Yes. {PLAIN}\n\n{PICTURE} {'word ' * 120}end."
    windows = sentence_windows(text)
    assert ["Yes."] not in windows
    assert [PLAIN, PICTURE] not in windows
    assert all(sum(map(len, one)) <= LONGEST for one in windows if len(one) > 1)


def test_an_answer_to_another_question_is_shown_with_it() -> None:
    assert Excerpt("Is it safe?", "Yes.", "Is it safe?").shown == "Is it safe?\nYes."
    assert Excerpt("Is it safe?", "Yes.", "Is it safe?", is_asked=True).shown == "Yes."
