"""Answers: intents, follow-ups, and citations of an entry's own sentences.

`test_answer.yaml` has conversations and the answers to their last lines. They are about the
harbour, and the entries in `port/`: a traffic service, a line, and a term of two meanings.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from bot.assistant import Assistant
from index.entry import Entry
from index.indexing.reindex import SourceContent, reindex
from index.names import NameMatch
from index.search.answers.answer import answer
from index.search.answers.context import QuestionContext
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.answers.read import NOTHING
from index.search.results import Answer
from index.sources.entry_page import parse_page
from index.sources.source import BUNDLED
from index.storage import Generation, Store
from index.storage.entry_table import EntryTable
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

CASES = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


def port_entries() -> list[Entry]:
    pages = Path(__file__).with_name("port").iterdir()
    entries = [parse_page(page.read_text("utf-8"), page, page.stem) for page in sorted(pages)]
    return [*harbour(), *entries]


@contextmanager
def indexed(folder: Path, entries: Sequence[Entry], encyclopedia: str = "") -> Iterator[Generation]:
    store = Store(folder)
    reindex(store, SourceContent(entries, encyclopedia=encyclopedia), ToyEmbedder())
    with store.reading() as generation:
        yield generation
    store.close()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """The harbour and the entries in `port/`."""
    with indexed(tmp_path_factory.mktemp("port"), port_entries()) as generation:
        yield generation


@pytest.fixture(scope="module")
def bundled_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """The same entries as the bundled encyclopedia."""
    entries = [replace(entry, source=BUNDLED) for entry in port_entries()]
    with indexed(tmp_path_factory.mktemp("bundled"), entries, "digest") as generation:
        yield generation


Ask = Callable[..., Answer]


@pytest.fixture
def ask(port: Generation, bundled_port: Generation) -> Ask:
    """Ask lines in one thread, and return the last answer."""

    def ask_lines(*lines: str, bundled: bool = False) -> Answer:
        thread = NO_THREAD
        for line in lines:
            reply = answer(bundled_port if bundled else port, ToyEmbedder(), line, thread)
            thread = thread.after(reply)
        return reply

    return ask_lines


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_last_line_of_a_conversation_gets_the_expected_answer(
    ask: Ask, case: dict[str, Any]
) -> None:
    for asked in case["asked"]:
        reply = ask(*asked.split(" / "), bundled=case.get("bundled", False))
        found = {
            "text": reply.text,
            "cites": [" › ".join(filter(None, (it.id, it.heading))) for it in reply.citations],
            "answered": reply.answered,
            "confidence": reply.confidence,
            "sparse": reply.sparse,
            "follow_ups": list(reply.follow_ups),
            "nearest": [item.id for item in reply.nearest],
        }
        expected = {name: case[name] for name in found if name in case}
        assert {name: found[name] for name in expected} == expected, asked


def test_a_word_that_many_entries_contain_is_no_subject_of_a_question(port: Generation) -> None:
    question = "does the pilot wait at the quay?"
    context = QuestionContext(port, ToyEmbedder(), question, NO_THREAD)
    assert [entry.id for entry in context.entries_in(question)] == ["pilot", "quay"]
    assert [entry.id for entry in context.subjects_in(question)] == ["pilot"]


def test_a_pasted_list_costs_the_same_in_a_large_glossary() -> None:
    entries = [Entry(f"e{at}", f"Mooring number{at} line", "A rope.") for at in range(5_000)]
    table = cast("Generation", EntryTable(entries))
    parts = [f"mooring rope{at}" for at in range(200)]
    context = QuestionContext(table, ToyEmbedder(), ", ".join(parts), NO_THREAD)
    assert context.resolve_name("mooring number7") == NameMatch(
        "e7", "Mooring number7 line", "alias"
    )
    before = time.thread_time()
    assert not any(map(context.resolve_name, parts))
    assert time.thread_time() - before < 0.4


def test_repeated_more_follow_ups_show_the_whole_entry(ask: Ask) -> None:
    replies = [ask("what is VTS?", *["more"] * count) for count in range(1, 8)]
    assert [place.heading for reply in replies[:6] for place in reply.citations] == [
        "What it is",
        "How it works",
        "Why it matters",
        "Example",
        "Who pays the watchkeepers?",
        "How is the watch different from a pilot?",
    ]
    assert not replies[6].answered
    assert replies[6].text == "The entry on Vessel traffic service says no more."


@pytest.mark.parametrize("bundled", [False, True])
def test_an_out_of_domain_question_is_declined_with_the_nearest_entries(
    ask: Ask, bundled: bool
) -> None:
    reply = ask("how long should I roast marzipan with rosemary?", bundled=bundled)
    assert (reply.answered, reply.sparse, reply.confidence) == (False, True, "none")
    assert reply.text == NOTHING
    assert reply.citations == ()
    assert len(reply.nearest) == 3


def test_a_question_is_suggested_only_once_in_a_thread(ask: Ask) -> None:
    lines = ["what is VTS?", "more", "why?", "what is a pilot?", "what is VTS?", "more"]
    turns = [lines[: count + 1] for count in range(len(lines))]
    suggested = [question for said in turns for question in ask(*said).follow_ups]
    assert len(suggested) == len(set(suggested)) >= 3


def test_more_after_a_long_list_lists_the_rest(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [item.id for item in ask("list all signs").citations]
    monkeypatch.setattr("index.search.answers.lists.MAX_TERMS", len(whole) - 1)
    assert [item.id for item in ask("list all signs", "the rest").citations] == whole[-1:]
    assert ask("list all signs", "more", "more").text == "Which one? Write its number."


def test_a_follow_up_about_a_removed_entry_is_not_answered(port: Generation) -> None:
    thread = Conversation("what is a whale?", ("whale",), ("Definition",))
    assert not answer(port, ToyEmbedder(), "more", thread).answered


@pytest.mark.model
@pytest.mark.parametrize(
    ("lines", "entries"),
    [
        (["chunking", "and how large should they be?"], ["chunking"]),
        (
            ["chunking", "it invents sources that do not exist, how do I stop that?"],
            ["hallucination"],
        ),
        (
            ["top-p sampling", "what if I want it to always answer in valid JSON?"],
            ["json-mode"],
        ),
        (["deepfake", "what do you call hidden marks in a picture?"], ["watermarking"]),
        (["sparse autoencoder", "limits?"], ["sparse-autoencoder"]),
        (["RAG", "what are its limits?"], ["retrieval-augmented-generation"]),
        (["temperature", "what are sensible values?"], ["temperature"]),
        (["RAG", "how does an agent keep its memory?"], ["agent-memory"]),
        (["fine-tuning", "how many examples do I need?"], ["fine-tuning"]),
        (
            ['our tool says it is "RAG based", what does that mean'],
            ["retrieval-augmented-generation"],
        ),
        (["can someone explain mcp to a non developer"], ["model-context-protocol"]),
        (["what problem does Corrective RAG solve?"], ["corrective-rag"]),
        (["who invented top-p sampling?"], ["top-p-sampling"]),
        (["what is the transformer?", "when was it published?"], ["transformer-architecture"]),
    ],
)
def test_a_question_is_about_the_named_entry_the_topic_or_the_nearest_entry(
    real_desk: Assistant, lines: list[str], entries: list[str]
) -> None:
    thread = NO_THREAD
    for line in lines:
        reply = real_desk.ask(line, thread=thread)
        thread = thread.after(reply)
    assert isinstance(reply, Answer)
    assert set(entries) <= {place.id for place in reply.citations}


@pytest.mark.model
def test_why_after_a_name_explains_how_the_thing_works(real_desk: Assistant) -> None:
    first = real_desk.ask("what is hallucination?")
    second = real_desk.ask("why?", thread=NO_THREAD.after(first))
    assert isinstance(second, Answer)
    assert [(one.id, one.heading) for one in second.citations] == [
        ("hallucination", "How it works")
    ]


def test_the_plural_of_an_abbreviation_is_read_as_its_singular(port: Generation) -> None:
    assert port.corrected("Two NICEs, two nices, NICEs.txt") == "Two NICE, two nices, NICEs.txt"
