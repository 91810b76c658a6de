import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies.base import SCHEMA, Problem, as_json
from tests.unit.bot.samples import KINDS, entry_reply, neighbours, reply


def test_replies_have_the_documented_fields() -> None:
    """Check the formats of values; docs/reference/json.md has the names of the fields."""
    found = json.loads(as_json(neighbours("text")))
    assert (found["kind"], found["schema"]) == ("neighbours", SCHEMA)
    assert set(found["neighbours"][0]["passage"]) == {"kind", "heading", "text", "asked_as"}
    entry = json.loads(as_json(entry_reply("text", senses=1)))["entry"]
    assert entry["updated"] == "2026-11-24"
    assert "search_phrases" not in entry
    (mention,) = json.loads(as_json(reply("problem", "text")))["suggestions"]
    assert mention == {"id": "text", "term": "text", "category": "text", "similarity": 0.5}
    fields = json.loads(as_json(Problem(code="usage", message="No.")))
    assert (fields["generation"], fields["model"], fields["hint"]) == (None, None, "")


@given(st.sampled_from(KINDS), st.text())
def test_a_reply_is_serialized_as_one_line_of_valid_json(kind: str, text: str) -> None:
    written = as_json(reply(kind, text))
    assert not {"\n", "\r", "\x1b"} & set(written)
    json.loads(written)
    written.encode()


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x9b", "\x7f"])
def test_line_breaks_and_control_characters_in_a_reply_are_escaped(sign: str) -> None:
    written = as_json(Problem(code="usage", message=f"naïve 中文 🎉{sign}b"))
    assert written.splitlines() == [written]
    assert written.isprintable()
    assert "naïve 中文 🎉" in written
    assert json.loads(written)["message"] == f"naïve 中文 🎉{sign}b"
