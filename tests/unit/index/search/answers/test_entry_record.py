"""Questions about the record of an entry: its owner, date, origin and status."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from index.entry import Detail, Entry, Question
from index.indexing.reindex import SourceContent, reindex
from index.search.answers.answer import answer
from index.search.answers.conversation import NO_THREAD
from index.search.answers.entry_record import HEADING
from index.search.near import near
from index.search.results import Answer
from index.sources.source import BUNDLED, WRITTEN
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

PLAN = Entry(
    id="port/berth-plan",
    term="Berth plan",
    definition="A list of ships and where they lie.",
    aliases=("BP",),
    updated=date(2025, 3, 9),
    reviewed=date(2025, 4, 1),
    status="draft",
    source="port",
    path="plans.csv",
    url="https://port.example/plans",
)
SLUICE = Entry(
    id="written/sluice",
    term="Sluice",
    definition="A gate that lets water through.",
    updated=date(2024, 12, 24),
    status="approved",
    source=WRITTEN,
    owner="Ana Lima, Port Office",
    details=(Detail("Zanzibar", "quixotic marmalade"),),
)
WINCH = Entry(
    id="port/winch",
    term="Winch",
    definition="A drum that hauls in a rope.",
    faq=(Question("Who maintains the winch?", "The yard in the north."),),
    source="port",
)
DATES = "Berth plan was last updated on 9 March 2025 and last reviewed on 1 April 2025."
ORIGIN = 'Berth plan is from the source "port" (plans.csv). https://port.example/plans'
NO_OWNER = "No owner is recorded for Berth plan."
OWNER = "The owner of Sluice is Ana Lima, Port Office."

Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """The harbour as the bundled encyclopedia, and own entries with and without a record."""
    bundled = [replace(one, source=BUNDLED, reviewed=date(2025, 1, 2)) for one in harbour()]
    store = Store(tmp_path_factory.mktemp("record"))
    content = SourceContent([*bundled, PLAN, SLUICE, WINCH], encyclopedia="digest")
    reindex(store, content, ToyEmbedder())
    with store.reading() as generation:
        yield generation
    store.close()


@pytest.fixture
def ask(generation: Generation) -> Ask:
    """Ask lines, separated by " / ", in one thread, and return the last answer."""

    def ask_lines(lines: str) -> Answer:
        thread = NO_THREAD
        for line in lines.split(" / "):
            reply = answer(generation, ToyEmbedder(), line, thread)
            thread = thread.after(reply)
        return reply

    return ask_lines


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("who owns the berth plan?", NO_OWNER),
        ("ok, and who maintains BP?", NO_OWNER),
        ("Who's the contact for berth plans", NO_OWNER),
        ("who is in charge of the “Berth plan”?", NO_OWNER),
        ("who owns the sluice?", OWNER),
        ("Who's responsible for the sluice?", OWNER),
        ("when was the berth plan last updated?", DATES),
        ("is the definition of berth plan up to date?", DATES),
        ("is the berth plan entry out of date", DATES),
        ("how recent is the entry on sluice?", "Sluice was last updated on 24 December 2024."),
        ("when was the winch changed?", "No date is recorded for Winch."),
        ("when was the anchor last reviewed?", "Anchor was last reviewed on 2 January 2025."),
        ("where does the definition of berth plan come from?", ORIGIN),
        ("which glossary is the berth plan from?", ORIGIN),
        ("what's the source of the winch definition?", 'Winch is from the source "port".'),
        ("where is the sluice entry from?", "Sluice was written in Nearsay."),
        (
            "what is the source for the anchor entry?",
            "Anchor is from the bundled encyclopedia.",
        ),
        ("what is the status of the berth plan", "The status of Berth plan is: draft."),
        ("is the sluice approved?", "The status of Sluice is: approved."),
        ("is the winch official?", "No status is recorded for Winch."),
    ],
)
def test_a_question_about_the_record_of_an_entry_is_answered_from_it(
    ask: Ask, asked: str, text: str
) -> None:
    reply = ask(asked)
    assert (reply.text, reply.confidence) == (text, "sure")
    assert [place.heading for place in reply.citations] == [HEADING]
    assert [item.id for item in reply.nearest] == [reply.citations[0].id]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("what is a berth plan? / who owns it?", NO_OWNER),
        ("what is a sluice? / who owns it?", OWNER),
        ("what is a berth plan? / when was this last updated?", DATES),
        ("what is a berth plan? / where does this definition come from?", ORIGIN),
        ("what is a berth plan? / and is it final?", "The status of Berth plan is: draft."),
        ("what is a berth plan? / is the sluice final?", "The status of Sluice is: approved."),
        (
            "what is a berth plan? / who owns it? / what is the status of it?",
            "The status of Berth plan is: draft.",
        ),
    ],
)
def test_a_pronoun_stands_for_the_topic_of_the_thread(ask: Ask, asked: str, text: str) -> None:
    assert ask(asked).text == text


def test_a_question_of_the_entry_itself_gets_its_answer(ask: Ask) -> None:
    reply = ask("who maintains the winch?")
    assert reply.text.endswith("The yard in the north.")
    assert [place.heading for place in reply.citations] == ["Who maintains the winch?"]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("who owns the whale?", id="no such entry"),
        pytest.param("when was the whale last updated?", id="no date of no entry"),
        pytest.param("is it approved?", id="no topic"),
        pytest.param("who owns the anchor?", id="the encyclopedia has no owners"),
        pytest.param("is the anchor official?", id="the encyclopedia has no status"),
        pytest.param("who owns the ship at the berth plan of the port?", id="more than a name"),
        pytest.param("is the berth plan long?", id="another property"),
        pytest.param("when was the berth plan invented?", id="its history"),
        pytest.param("what is a berth plan?", id="its meaning"),
    ],
)
def test_another_question_is_not_answered_from_a_record(ask: Ask, asked: str) -> None:
    assert HEADING not in [place.heading for place in ask(asked).citations]


def test_owner_and_details_are_not_searched(generation: Generation) -> None:
    for words in ("quixotic marmalade", "zanzibar", "ana lima"):
        assert near(generation, ToyEmbedder(), words, 3).sparse
