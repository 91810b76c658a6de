"""Examples of commands without the bundled encyclopedia: terms of the team's glossary."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.admin.admin_service import AdminService
from bot.assistant import Assistant
from bot.commands.catalog import COMMANDS
from bot.commands.examples import example_terms
from bot.commands.spec import Request
from bot.indexing import Indexer, IndexRequest
from bot.replies.base import Help, Problem
from index.indexing.reindex import ReindexResult
from index.sources.source import Source

AI_TERMS = (
    *("RAG", "embedding", "hallucination", "fine-tuning", "token", "chunking", "retrieval"),
    *("training data", "the model", "the bot", "document"),
)
FORMS = tuple(
    form
    for command in COMMANDS
    for form in (command.name, *(f"{command.name} {verb.name}" for verb in command.verbs))
)


@pytest.fixture
def own(indexer: Indexer, tmp_path: Path) -> Assistant:
    """Return an assistant without the encyclopedia, with a glossary of three terms."""
    file = tmp_path / "words.csv"
    rows = "Mast,A tall pole.\nKeel,The spine of a ship.\nBoom / spar (x),A pole.\nRudder,A fin.\n"
    file.write_text(f"term,definition\n{rows}")
    alone = replace(indexer, encyclopedia=False)
    done = alone.run(IndexRequest(extra=[Source("words", str(file))]))
    assert isinstance(done, ReindexResult)
    return Assistant(alone.store, alone.embedder, "x-", AdminService(alone))


def examples(assistant: Assistant, line: str) -> list[str]:
    reply = assistant.answer(Request("help", line))
    assert isinstance(reply, Help), reply
    return [example for command in reply.commands for example in command.examples]


def test_no_example_has_a_term_of_the_encyclopedia(own: Assistant) -> None:
    shown = [example for line in ("", *FORMS) for example in examples(own, line)]
    named = [one for one in shown if any(term.casefold() in one.casefold() for term in AI_TERMS)]
    assert not named
    assert "/x-define Mast" in shown
    assert "/x-latent path Mast -> Keel" in shown
    assert "/x-near-admin decline 1f2e3d4c It exists as Mast." in shown


def test_with_the_encyclopedia_the_examples_have_its_terms(indexer: Indexer) -> None:
    assistant = Assistant(indexer.store, indexer.embedder, "", AdminService(indexer))
    assert "/define RAG" in examples(assistant, "")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/x-define", "For example: /x-define Mast"),
        ("/x-near", "For example: /x-near Mast"),
        ("/x-latent path Mast", "For example: /x-latent path Mast -> Keel"),
        ("", "For example: what is Mast?"),
    ],
)
def test_a_wrong_line_gets_an_example_with_an_own_term(
    own: Assistant, line: str, hint: str
) -> None:
    reply = own.ask(line)
    assert isinstance(reply, Problem)
    assert reply.hint == hint


def test_questions_about_own_terms_are_suggested(own: Assistant) -> None:
    found = own.suggested_questions(4)
    assert found[:2] == ["What is Mast?", "What is Keel?"]
    assert found[-1] == "What is the difference between Mast and Keel?"


def test_the_terms_of_examples_are_short_plain_and_spread() -> None:
    terms = ["a{b}", "x" * 31, "<b>", *map("Term {}".format, range(9)), "Term 1"]
    assert example_terms(terms) == ("Term 0", "Term 3", "Term 6")
    assert example_terms(["Mast"]) == ("Mast",)
    assert example_terms([]) == ()
