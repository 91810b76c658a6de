"""Answers: intents, follow-ups, and citations of an entry's own sentences."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.build.reindex import SourceContent, reindex
from index.entry import Entry, Question, Related, Section, Sense
from index.search.answers.answer import answer
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.answers.semantic import NOTHING
from index.search.results import Answer
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

WATCH = Entry(
    id="vessel-traffic-service",
    term="Vessel traffic service",
    definition="People ashore who watch every ship by radar and tell it when to wait.",
    category="People",
    aliases=("VTS",),
    sections=(
        Section("What it is", "A room with screens above the harbour."),
        Section("How it works", "Radar feeds the screens. A watchkeeper calls each ship by radio."),
        Section("Why it matters", "Two ferries once met in fog because nobody watched."),
    ),
    example="The watch told a tanker to wait for the ferry.",
    related=(
        Related("Pilot", "the pilot is aboard, the watch is ashore"),
        Related("Foghorn", "what warned ships before radar"),
    ),
    faq=(
        Question("Who pays the watchkeepers?", "The port does, out of its dues."),
        Question("How is the watch different from a pilot?", "A pilot steers, the watch advises."),
    ),
    source="harbour",
)
SPRING = Entry(
    id="spring-line",
    term="Spring line",
    definition="A line that keeps a ship from moving along the quay.",
    category="Mooring",
    faq=(
        Question("Can a line from the bow lead aft the wrong way?", "Yes, around a bollard."),
        Question("What do you call the line from the bow that leads aft?", "It is a spring line."),
        Question("aft from the bow", "It is a spring line.", reworded=True),
    ),
    source="harbour",
)
KNOT = Entry(
    id="knot",
    term="Knot",
    definition="One nautical mile in an hour.",
    category="Water",
    senses=(Sense("One nautical mile in an hour.", "speed"), Sense("A tie in a rope.", "ropes")),
    source="harbour",
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """The harbour with a traffic service and a term of two meanings."""
    directory: Path = tmp_path_factory.mktemp("port")
    store = Store(directory)
    reindex(store, SourceContent([*harbour(), WATCH, KNOT, SPRING]), ToyEmbedder())
    with store.reading() as generation:
        yield generation
    store.close()


Ask = Callable[..., Answer]


@pytest.fixture
def ask(port: Generation) -> Ask:
    """Ask lines in one thread, and return the last answer."""

    def ask_lines(*lines: str) -> Answer:
        thread = NO_THREAD
        for line in lines:
            reply = answer(port, ToyEmbedder(), line, thread)
            thread = thread.after(reply)
        return reply

    return ask_lines


def places(reply: Answer) -> list[tuple[str, str]]:
    return [(place.id, place.heading) for place in reply.citations]


@pytest.mark.parametrize("line", ["buoy", "define Buoy", "and what does buoy mean"])
def test_a_name_is_answered_by_its_definition(ask: Ask, line: str) -> None:
    reply = ask(line)
    assert reply.text == "Buoy: A floating mark moored to show a channel or a danger."
    assert places(reply) == [("buoy", "Definition")]
    assert (reply.answered, reply.confidence, reply.sparse) == (True, "sure", False)
    assert (reply.nearest[0].id, reply.nearest[0].similarity) == ("buoy", 1.0)
    assert len(reply.nearest) == 3


def test_a_misspelt_name_is_answered_with_less_confidence(ask: Ask) -> None:
    reply = ask("what is a lighthuose")
    assert places(reply) == [("lighthouse", "Definition")]
    assert reply.confidence == "quite sure"


@pytest.mark.parametrize("line", ["What does VTS stand for?", "VTS", "what is vts short for"])
def test_an_abbreviation_is_spelt_out(ask: Ask, line: str) -> None:
    first, second = ask(line).text.splitlines()
    assert first.casefold() == "vts stands for vessel traffic service."
    assert second == f"{WATCH.term}: {WATCH.definition}"


def test_a_term_with_several_meanings_is_answered_with_all_of_them(ask: Ask) -> None:
    assert ask("what is a knot?").text.splitlines() == [
        "Knot has 2 meanings:",
        "1. One nautical mile in an hour. (speed)",
        "2. A tie in a rope. (ropes)",
    ]


@pytest.mark.parametrize(
    ("line", "heading", "text"),
    [
        ("how does the vts work?", "How it works", WATCH.sections[1].text),
        ("why does VTS matter?", "Why it matters", WATCH.sections[2].text),
        ("can you show me an example of vts", "Example", WATCH.example),
        ("who pays the watchkeepers?", WATCH.faq[0].question, WATCH.faq[0].answer),
    ],
)
def test_a_question_is_answered_by_a_section(ask: Ask, line: str, heading: str, text: str) -> None:
    reply = ask(line)
    assert reply.text == text
    assert places(reply) == [(WATCH.id, heading)]


def test_a_description_is_answered_by_meaning_from_one_entry(ask: Ask) -> None:
    reply = ask("which tower has a lamp that shows sailors where the coast is")
    assert places(reply) == [("lighthouse", "Definition")]
    assert reply.text == "Lighthouse: A tower whose lamp shows sailors where the coast is."
    assert reply.answered


def test_a_difference_question_is_answered_with_both_entries_and_their_contrast(ask: Ask) -> None:
    reply = ask("what is the difference between VTS and a pilot?")
    lines = reply.text.split("\n\n")
    assert lines[0] == f"{WATCH.term}: {WATCH.definition}"
    assert lines[1].startswith("Pilot: A sailor who knows the harbour")
    assert lines[2:] == [f"{WATCH.faq[1].question}\n{WATCH.faq[1].answer}"]
    assert places(reply) == [
        (WATCH.id, "Definition"),
        ("pilot", "Definition"),
        (WATCH.id, WATCH.faq[1].question),
    ]
    other = next(item for item in reply.nearest if item.id == "pilot")
    assert other.similarity is not None
    assert 0 <= other.similarity < 1


@pytest.mark.parametrize("line", ["list all signs", "which entries are about signs?"])
def test_listing_a_category_returns_a_numbered_list(ask: Ask, line: str) -> None:
    reply = ask(line)
    assert reply.text.splitlines() == ["Signs (3):", "1. Buoy", "2. Foghorn", "3. Lighthouse"]
    assert places(reply) == [("buoy", ""), ("foghorn", ""), ("lighthouse", "")]
    assert reply.follow_ups == ("What is Buoy?", "What is Foghorn?")


def test_follow_ups_are_the_entrys_questions_and_related_terms(ask: Ask) -> None:
    assert ask("what is VTS?").follow_ups == ("Who pays the watchkeepers?", "What is Pilot?")
    assert ask("who pays the watchkeepers?").follow_ups == (
        "How is the watch different from a pilot?",
        "What is Pilot?",
    )
    assert ask("what is a pilot?", "what is VTS?").follow_ups[-1] == "What is Foghorn?"


# Follow-ups.


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (("what is VTS?", "example?"), (WATCH.id, "Example")),
        (("VTS vs pilot", "give me an example of the first"), (WATCH.id, "Example")),
        (("what is VTS?", "how does it work?"), (WATCH.id, "How it works")),
        (("what is VTS?", "why does it matter?"), (WATCH.id, "Why it matters")),
        (("what is VTS?", "why?"), (WATCH.id, "How it works")),
        (("what is a tugboat?", "who looks after it?"), ("tugboat", "Who looks after a tugboat?")),
        (("list all signs", "closer to 2"), ("foghorn", "Definition")),
        (("list all signs", "what is #2?"), ("foghorn", "Definition")),
        (("list all signs", "number 2", "example", "the first"), ("buoy", "Definition")),
        (("VTS vs foghorn",), (WATCH.id, "Related terms")),
        (("what is VTS?", "vs foghorn"), (WATCH.id, "Related terms")),
        (
            ("what is VTS?", "and how does it differ from a pilot?"),
            (WATCH.id, WATCH.faq[1].question),
        ),
        (("what is VTS?", "is it the same as a pilot?"), (WATCH.id, WATCH.faq[1].question)),
    ],
)
def test_a_follow_up_is_answered_in_its_thread(
    ask: Ask, lines: tuple[str, ...], place: tuple[str, str]
) -> None:
    assert places(ask(*lines))[-1] == place


def test_repeated_more_follow_ups_show_the_whole_entry(ask: Ask) -> None:
    replies = [ask("what is VTS?", *["more"] * count) for count in range(1, 8)]
    assert [place for reply in replies[:6] for _, place in places(reply)] == [
        "What it is",
        "How it works",
        "Why it matters",
        "Example",
        "Who pays the watchkeepers?",
        "How is the watch different from a pilot?",
    ]
    assert not replies[6].answered
    assert replies[6].text == "The entry on Vessel traffic service says no more."


@pytest.mark.parametrize("line", ["in simpler words", "I don't understand", "eli5"])
def test_a_request_for_simpler_words_shows_the_first_section(ask: Ask, line: str) -> None:
    assert ask("what is VTS?", line).text == WATCH.sections[0].text
    assert ask("what is VTS?", line, line).text == (
        "The entry on Vessel traffic service has no plainer text than its definition."
    )


def test_a_pronoun_may_refer_to_the_last_two_entries(ask: Ask) -> None:
    reply = ask("what is VTS?", "what is a pilot?", "what is the difference between them?")
    assert {place for place, _ in places(reply)} == {WATCH.id, "pilot"}


def test_the_other_one_is_resolved_or_choices_are_offered(ask: Ask) -> None:
    assert places(ask("VTS vs pilot", "and the other one?")) == [("pilot", "Definition")]
    reply = ask("list all signs", "the first", "and the other one?")
    assert (reply.answered, reply.text) == (False, "Which one: Foghorn or Lighthouse?")
    assert reply.follow_ups == ("What is Foghorn?", "What is Lighthouse?")


def test_a_list_number_out_of_range_is_reported(ask: Ask) -> None:
    reply = ask("list all signs", "number 7")
    assert not reply.answered
    assert reply.text == "There is no number 7 in the list, which ends at 3."


def test_a_without_follow_up_repeats_the_question_excluding_that_entry(ask: Ask) -> None:
    question = "a small strong boat that pulls large ships to a port, or a thick rope for towing"
    assert places(ask(question))[0][0] == "tugboat"
    assert [place for place, _ in places(ask(question, "without tugboat"))] == ["hawser"]


@pytest.mark.parametrize("line", ["more", "in simpler words"])
def test_a_follow_up_without_an_earlier_question_gets_an_explanation(ask: Ask, line: str) -> None:
    reply = ask(line)
    assert (reply.answered, reply.confidence, reply.citations) == (False, "none", ())
    assert reply.text == "There is no earlier question to follow up on. Ask a question first."


# Abstentions.


def test_an_out_of_domain_question_is_declined_with_the_nearest_entries(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search.ranking.is_out_of_domain", lambda *_: True)
    reply = ask("which quay is best for roasting a chicken with rosemary")
    assert (reply.answered, reply.sparse, reply.confidence) == (False, True, "none")
    assert reply.text == NOTHING
    assert reply.citations == ()
    assert len(reply.nearest) == 3


@pytest.mark.parametrize(
    ("line", "returned"),
    [
        ("hello", "Hello."),
        ("thank you so much", "You are welcome."),
        ("what can you do?", "I explain terms"),
    ],
)
def test_small_talk_gets_a_polite_reply(ask: Ask, line: str, returned: str) -> None:
    reply = ask("what is a buoy?", line)
    assert not reply.answered
    assert reply.text.startswith(returned)


@pytest.mark.parametrize(
    "line",
    ["what is the price of a buoy in the harbour shop", "recommend a good captain for a tugboat"],
)
def test_a_question_about_external_facts_is_declined(ask: Ask, line: str) -> None:
    reply = ask(line)
    assert (reply.answered, reply.text) == (False, NOTHING)
    assert reply.nearest


def test_a_question_for_a_name_is_answered_with_the_term_and_definition(ask: Ask) -> None:
    described = "a line from the bow that leads aft the wrong way"
    for line in (f"what is {described} called?", f"what's the word for {described}"):
        assert ask(line).text == f"{SPRING.term}: {SPRING.definition}"


def test_the_definition_precedes_an_answer_unless_the_question_names_the_term(ask: Ask) -> None:
    reply = ask("is it out of the dues of the port that screens and radar are paid?")
    definition, answered = reply.text.split("\n\n")
    assert definition == f"{WATCH.term}: {WATCH.definition}"
    assert answered == f"{WATCH.faq[0].question}\n{WATCH.faq[0].answer}"
    assert [place.heading for place in reply.citations] == ["Definition", WATCH.faq[0].question]
    assert ask(WATCH.faq[0].question).text == WATCH.faq[0].answer
    assert WATCH.definition not in ask("what is VTS?", "are screens and radar out of dues?").text


def test_a_question_is_suggested_only_once_in_a_thread(ask: Ask) -> None:
    lines = ["what is VTS?", "more", "why?", "what is a pilot?", "what is VTS?", "more"]
    turns = [lines[: count + 1] for count in range(len(lines))]
    suggested = [question for said in turns for question in ask(*said).follow_ups]
    assert len(suggested) == len(set(suggested)) > 3


def test_a_follow_up_about_a_removed_entry_is_not_answered(port: Generation) -> None:
    thread = Conversation("what is a whale?", ("whale",), ("Definition",))
    assert not answer(port, ToyEmbedder(), "more", thread).answered
