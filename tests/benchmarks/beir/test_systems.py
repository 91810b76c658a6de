from hypothesis import given
from hypothesis import strategies as st

from index.entry import passages_of
from index.evaluation.beir import Document
from tests.benchmarks.beir.systems import LONGEST_PASSAGE, entry_from_document, passages_in


@given(st.text(alphabet="ab .!?\n", max_size=400), st.integers(1, 20))
def test_no_word_is_lost_and_no_passage_is_too_long(text: str, longest: int) -> None:
    passages = passages_in(text, longest)
    assert " ".join(passages).split() == text.split()
    assert all(0 < len(passage.split()) <= longest for passage in passages)


def test_a_document_without_title_or_text_becomes_an_entry() -> None:
    text = "First sentence. " + "word " * LONGEST_PASSAGE
    entry = entry_from_document(Document("d#1", "A title", text))
    assert (entry.id, entry.term, entry.definition) == ("d#1", "A title", "First sentence.")
    assert [section.text for section in entry.sections] == [" ".join(["word"] * LONGEST_PASSAGE)]
    assert [passage.id for passage in passages_of(entry)] == [
        *("d#1#definition", "d#1#description", "d#1#section-1"),
    ]
    untitled = entry_from_document(
        Document("d", "", "one two three four five six seven eight nine ten.")
    )
    assert untitled.term == "one two three four five six seven eight"
    empty = entry_from_document(Document("d", "A title", ""))
    assert (empty.term, empty.definition, empty.sections) == ("A title", "A title", ())
