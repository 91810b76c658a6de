"""The excerpts of an entry, and the bundled token vectors of those of the encyclopedia."""

from index.entry import Entry, Question, Section, Sense
from index.excerpts import excerpts_of
from index.sources.loader import read_sources
from index.storage.bundled_tokens import bundled_tokens

BUOY = Entry(
    "buoy",
    "Buoy",
    "A floating mark.",
    sections=(
        Section("How it floats", "Air keeps it up.\n\nIt is also painted.\n\nChains hold a buoy."),
    ),
    example="The red one by the quay.",
    faq=(
        Question("Who paints it?", "The port."),
        Question("Who is the painter?", "The port.", reworded=True),
    ),
)


def test_an_entry_has_an_excerpt_for_each_part_that_makes_sense_on_its_own() -> None:
    assert [(one.kind, one.heading, one.text) for one in excerpts_of(BUOY)] == [
        ("definition", "Definition", "Buoy: A floating mark."),
        ("section", "How it floats", "Air keeps it up."),
        ("section", "How it floats", "Chains hold a buoy."),
        ("example", "Example", "The red one by the quay."),
        ("question", "Who paints it?", "The port."),
    ]


def test_an_excerpt_has_the_passages_that_stand_for_it() -> None:
    passages = {one.heading: one.passages for one in excerpts_of(BUOY)}
    assert passages["Definition"] == ("buoy#definition", "buoy#description")
    assert passages["Who paints it?"] == ("buoy#question-1", "buoy#question-2", "buoy#answer-1")


def test_each_meaning_is_an_excerpt() -> None:
    knot = Entry("knot", "Knot", "A speed.", senses=(Sense("A speed."), Sense("A tie.", "ropes")))
    assert [(one.heading, one.text) for one in excerpts_of(knot)] == [
        ("Definition", "Knot: A speed."),
        ("Definition", "Knot: A tie. (ropes)"),
    ]


def test_a_section_under_the_term_continues_the_definition() -> None:
    entry = Entry("tug", "Tug", "A boat.", sections=(Section("Tug", "It pulls ships."),))
    assert [one.text for one in excerpts_of(entry)] == ["Tug: A boat. It pulls ships."]


def test_every_bundled_excerpt_has_bundled_token_vectors() -> None:
    texts = {one.read for entry in read_sources().entries for one in excerpts_of(entry)}
    assert bundled_tokens(texts).keys() == texts
    assert not bundled_tokens(["of no page"])
