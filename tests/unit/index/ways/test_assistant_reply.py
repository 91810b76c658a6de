"""Reading the ways to ask from a language model's reply."""

import json

import pytest

from index.ways.assistant_reply import LONGEST_REPLY, MOST_WAYS, Way, WaysReply, read_reply
from tests.support.entries import harbour

ENTRIES = {entry.id: entry for entry in harbour()}
ANCHOR = {"entry": "anchor", "ways": ["what keeps a boat in place", "the heavy iron thing"]}
BUOY = {"entry": "buoy", "ways": ["the float that marks a channel"]}
LINES = f"{json.dumps(ANCHOR)}\n{json.dumps(BUOY)}"
KEPT = (
    Way("anchor", "what keeps a boat in place"),
    Way("anchor", "the heavy iron thing"),
    Way("buoy", "the float that marks a channel"),
)


def read(*ways: object, entry: object = "anchor") -> WaysReply:
    return read_reply(json.dumps({"entry": entry, "ways": list(ways)}), ENTRIES)


def reasons(reply: WaysReply) -> list[str]:
    return [item.reason for item in reply.dropped]


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        f"\ufeff{LINES}\n",
        f"```json\n{LINES}\n```",
        f"~~~\n{LINES}\n~~~\n",
        json.dumps([ANCHOR, BUOY]),
        json.dumps([ANCHOR, BUOY], indent=2),
        json.dumps({"entries": [ANCHOR, BUOY]}),
        f"```\n{json.dumps(ANCHOR, indent=2)}\n```\n```\n{json.dumps([BUOY])}\n```",
        LINES.replace("\n", ",\n"),
        f"[\n{LINES}\n]".replace("}\n{", "},\n{"),
        f"Here they are:\n{json.dumps([ANCHOR, BUOY], indent=1)}\nDone.",
    ],
)
def test_reply_is_read_in_every_usual_form(text: str) -> None:
    assert read_reply(text, ENTRIES).ways == KEPT


def test_prose_between_lines_of_json_is_dropped() -> None:
    found = read_reply(f"Sure!\n{LINES}\nHope this {{helps}}", ENTRIES)
    assert found.ways == KEPT
    assert [(item.text, item.reason) for item in found.dropped] == [
        ("Sure!", "not a line of JSON"),
        ("Hope this {helps}", "not a line of JSON"),
    ]


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        (7, "not a text"),
        (None, "not a text"),
        (["a way to ask"], "not a text"),
        ("wide " * 41, "longer than 200 characters"),
        ("iron", "fewer than 2 words"),
        ("…", "fewer than 2 words"),
        ("Anchor", "a name of the entry"),
        (" “HOOK” ", "a name of the entry"),
    ],
)
def test_unusable_way_is_dropped_with_a_reason(way: object, reason: str) -> None:
    found = read(way, "what holds a ship")
    assert found.ways == (Way("anchor", "what holds a ship"),)
    assert reasons(found) == [reason]


@pytest.mark.parametrize("text", ["什么能把船固定住", "船を固定するもの"])
def test_language_without_spaces_has_words(text: str) -> None:
    assert read(text).ways == (Way("anchor", text),)


@pytest.mark.parametrize("entry", ["whale", "Anchor", "", "../../etc/passwd"])
def test_unknown_entry_is_dropped(entry: str) -> None:
    found = read("what holds a ship", entry=entry)
    assert not found.ways
    assert reasons(found) == ["no such entry was asked for"]


@pytest.mark.parametrize("item", [{"entry": 3, "ways": ["a b"]}, {"ways": ["a b"]}, [], 5, "x", {}])
def test_item_of_another_form_is_dropped(item: object) -> None:
    found = read_reply(json.dumps([item, ANCHOR]), ENTRIES)
    assert found.ways == KEPT[:2]
    assert reasons(found) == ['not of the form {"entry": …, "ways": […]}']


def test_same_line_forty_times_gives_one_way() -> None:
    found = read_reply("\n".join([json.dumps(BUOY)] * 40), ENTRIES)
    assert found.ways == KEPT[2:]
    assert set(reasons(found)) == {"repeated"}


def test_same_way_for_two_entries_is_kept_once() -> None:
    other = {"entry": "crane", "ways": ["What keeps a boat in place?"]}
    found = read_reply(f"{LINES}\n{json.dumps(other)}", ENTRIES)
    assert found.ways == KEPT
    assert reasons(found) == ["also given for anchor"]


def test_more_than_ten_ways_are_dropped() -> None:
    found = read(*(f"way number {number}" for number in range(12)))
    assert len(found.ways) == MOST_WAYS
    assert reasons(found) == ["more than 10 for this entry"] * 2


def test_way_is_put_on_one_line_without_invisible_characters() -> None:
    assert read("what holds\n\x1b[31ma  ship\u202e?\u200b").ways[0].text == "what holds [31ma ship?"


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[" * 100_000, '{"a":' * 50_000, "9" * 9_999, "NaN", "\ud800", "]["]
)
def test_text_that_is_no_reply_gives_no_way(text: str) -> None:
    assert read_reply(text, ENTRIES).ways == ()


def test_reply_that_is_too_long_is_not_read() -> None:
    found = read_reply(LINES + " " * LONGEST_REPLY, ENTRIES)
    assert not found.ways
    assert "are read" in reasons(found)[0]


def test_way_with_a_link_is_dropped() -> None:
    reply = read("see HTTPS://evil.example for anchors", "go to www.evil.example", "node.js anchor")
    assert reasons(reply) == ["has a link", "has a link"]
    assert [way.text for way in reply.ways] == ["node.js anchor"]
