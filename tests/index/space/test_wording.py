from __future__ import annotations

import pytest

from index.entry import Entry, Question
from index.space.wording import share_of_words

PILOT = Entry(
    "pilot",
    "Pilot",
    "A sailor who guides ships into the harbour.",
    aliases=("helmsman",),
    faq=(Question("Who pays?", "The port, out of its dues."),),
)


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("who guides ships?", 1),
        ("what is the guiding of a ship?", 1),  # in whatever form
        ("what dues does a helmsman have?", 1),
        ("which ship overtakes?", 0.5),
        ("harbor", 1),  # by its beginning
        ("a roasted chicken", 0),
        ("…", 0),
    ],
)
def test_words_of_a_question_count_where_an_entry_has_them(question: str, share: float) -> None:
    assert share_of_words(question, PILOT) == share
