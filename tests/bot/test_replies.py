from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.replies import SCHEMA, Problem, as_json
from tests.bot.samples import KINDS, entry_reply, neighbours, reply

COUNTS = {"added", "changed", "removed", "unchanged"}
REINDEXED = {"before", "embedded", "reused", "seconds", "churn", "sources"}


@pytest.mark.parametrize(
    ("kind", "name", "names"),
    [
        ("neighbours", "neighbours", {"query", "sparse", "note", "neighbours", "why"}),
        ("entry", "entry", {"entry", "match", "neighbours", "also_in", "whole"}),
        ("plan", "plan", COUNTS | {"sources", "embedded"}),
        ("reindexed", "reindexed", COUNTS | REINDEXED),
        ("problem", "problem", {"code", "message", "hint", "suggestions", "fields"}),
        ("help", "help", {"commands"}),
    ],
    ids=["neighbours", "entry", "plan", "reindexed", "problem", "help"],
)
def test_a_reply_has_the_fields_of_its_kind(kind: str, name: str, names: set[str]) -> None:
    fields = json.loads(as_json(reply(kind, "text")))
    assert fields["kind"] == name
    assert set(fields) == names | {"kind", "schema", "generation", "model"}
    assert fields["schema"] == SCHEMA


def test_a_neighbour_has_the_fields_of_the_contract() -> None:
    (first, _) = json.loads(as_json(neighbours("text")))["neighbours"]
    assert set(first) == (
        {"id", "term", "category", "similarity", "rank", "aliases", "cosine", "percentile"}
        | {"band", "match", "definition", "passage", "related", "source", "url"}
    )
    assert set(first["passage"]) == {"kind", "heading", "text"}


def test_an_entry_has_the_fields_of_the_contract_and_a_plain_date() -> None:
    entry = json.loads(as_json(entry_reply("text", senses=1)))["entry"]
    assert entry["updated"] == "2026-11-24"
    assert "search_phrases" not in entry
    assert set(entry["related"][0]) == {"id", "term", "why", "outside"}
    assert set(entry["faq"][0]) == {"question", "answer", "reworded"}
    assert set(entry["sections"][0]) == {"heading", "text"}
    assert set(entry["senses"][0]) == {"definition", "context"}


def test_a_mention_has_the_fields_of_the_contract() -> None:
    (mention,) = json.loads(as_json(reply("problem", "text")))["suggestions"]
    assert mention == {"id": "text", "term": "text", "category": "text", "similarity": 0.5}


def test_a_problem_of_its_own_has_no_generation_and_no_model() -> None:
    fields = json.loads(as_json(Problem(code="usage", message="No.")))
    assert (fields["generation"], fields["model"], fields["hint"]) == (None, None, "")


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.text())
def test_a_reply_is_one_line_that_reads_back(kind: str, text: str) -> None:
    written = as_json(reply(kind, text))
    assert "\n" not in written
    assert "\r" not in written
    assert "\x1b" not in written
    json.loads(written)


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x9b", "\x7f"])
def test_no_sign_in_a_reply_breaks_its_line_or_commands_a_terminal(sign: str) -> None:
    written = as_json(Problem(code="usage", message=f"a{sign}b"))
    assert written.splitlines() == [written]
    assert written.isprintable()
    assert json.loads(written)["message"] == f"a{sign}b"


def test_a_lone_surrogate_in_a_reply_can_be_written_as_utf_8() -> None:
    as_json(Problem(code="usage", message="a\ud800b")).encode()


def test_letters_stay_readable() -> None:
    assert "naïve 中文 🎉" in as_json(Problem(code="usage", message="naïve 中文 🎉"))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_json_does_not_know_is_no_reply(number: float) -> None:
    broken = reply("reindexed", "g000001")
    object.__setattr__(broken, "seconds", number)
    with pytest.raises(ValueError, match="JSON"):
        as_json(broken)


def test_replies_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Problem(code="usage", message="No.").message = "Yes."  # type: ignore[misc]
