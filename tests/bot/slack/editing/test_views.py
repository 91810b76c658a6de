"""The views and messages in which entries are written keep to Slack's limits at the worst."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.admin.editing_phrases import conflict_line
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.slack.blocks import Asked, message_of
from bot.slack.editing.form_courier import term_in
from bot.slack.editing.form_view import (
    FormShown,
    errors_in,
    fields_in,
    form_view,
    purpose_in,
)
from bot.slack.editing.preview_view import (
    CONFLICT,
    conflict_view,
    decline_view,
    looking_view,
    preview_view,
    reason_in,
    review_view,
    told_view,
    working_view,
)
from bot.slack.editing.purpose import Purpose
from bot.slack.editing.review_message import review_message
from bot.slack.modals import View
from index.editing.fields import NAMES, Fields
from index.entry import Question, Related
from tests.bot.slack import NASTIES, WORST, buttons, dangers
from tests.bot.slack.editing.samples import (
    INPUTS,
    Text,
    conflict,
    fits,
    preview,
    replies,
    suggestion,
    usual,
    written,
)
from tests.workspace.blockkit_rules import check_message
from tests.workspace.element_state import initial_values
from tests.workspace.model import texts_in

SHORT = WORST["short"]
LONG = Purpose("review", "e" * 400, "v" * 400, "s" * 400, NAMES, "0" * 8, "t" * 400)
WRITTEN = Fields(
    term="Capstan",
    aliases=("winch", "drum"),
    category="Deck",
    definition="A drum that winds a rope.",
    example="Six sailors turned it.",
    related=(Related("Hawser", "it is wound"), Related("ISO: a guide", "")),
    questions=(Question("Who turns it?", "The crew.\n\nA: or the pilot"),),
)


def given(view: View) -> View:
    """A view as Slack gives it when nothing was changed in it."""
    return view | {"state": {"values": initial_values(view["blocks"])}}


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize("fill", [written, usual])
def test_a_form_is_within_slacks_limits_and_has_nothing_live(
    name: str, fill: Callable[[Text], Fields]
) -> None:
    text = WORST[name]
    categories = [f"{at} {text(140)}" for at in range(150)]
    shown = FormShown(LONG, fill(text), categories, text(2_000), 1_000.0, text(120))
    fits(form_view(shown))
    fits(form_view(FormShown(Purpose(), Fields())))


def test_what_stands_in_a_form_is_read_as_it_is() -> None:
    for categories in ([], ["Deck", "Quay"], ["Quay"]):
        view = form_view(FormShown(Purpose("write"), WRITTEN, categories))
        assert fields_in(given(view)) == WRITTEN


def test_many_questions_are_in_several_boxes() -> None:
    answer = " ".join(["word"] * 200)
    questions = tuple(Question(f"question {at}?", answer) for at in range(9))
    fields = Fields(term="x", questions=questions)
    view = form_view(FormShown(Purpose("write"), fields))
    assert sum("questions_" in block.get("block_id", "") for block in view["blocks"]) > 1
    assert fields_in(given(view)) == fields
    assert purpose_in(view).kept == ()


def test_what_is_too_long_for_a_form_is_left_as_it_is() -> None:
    view = form_view(FormShown(Purpose("write"), written(WORST["words"])))
    assert set(purpose_in(view).kept) == {
        *("aliases", "definition", "example", "related", "questions")
    }
    told = " ".join(texts_in(view["blocks"]))
    assert "Definition: too long for this form. It stays as it is." in told


@pytest.mark.parametrize(
    "state",
    [{}, {"values": {}}, {"values": {"b": {"question": {"value": "x"}}}}, {"values": {"b": {}}}],
)
def test_what_is_no_form_has_no_fields(state: object) -> None:
    assert fields_in({"state": state}) is None


def test_faults_are_said_at_their_boxes_and_those_without_one_at_the_first() -> None:
    view = form_view(FormShown(Purpose("write"), written(WORST["words"], term="x")))
    term = view["blocks"][0]["block_id"]
    told = errors_in(view, {"definition": "It is too long.", "term": "It is taken."})
    assert told == {term: "Definition: It is too long. It is taken."}
    view = form_view(FormShown(Purpose("write"), WRITTEN))
    told = errors_in(view, dict.fromkeys(NAMES, "Wrong."))
    assert [block.partition(":")[0] for block in told] == [
        *("term", "aliases", "new_category", "definition", "example", "related", "questions_0")
    ]


def test_a_form_replaced_by_another_shows_what_that_holds() -> None:
    views = [form_view(FormShown(Purpose(), Fields(term=term))) for term in ("a", "b")]
    ids = [{block.get("block_id") for block in view["blocks"]} for view in views]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("name", WORST)
def test_a_preview_is_within_slacks_limits_and_has_nothing_live(name: str) -> None:
    text = WORST[name]
    fits(preview_view(written(text), preview(text), LONG))
    fits(preview_view(usual(text), None, LONG))
    fits(review_view(suggestion(text, fields=usual(text)), 2, text(2_000)))
    fits(looking_view(LONG))
    fits(working_view(text(100), text(5_000)))
    fits(told_view(text(100), text(5_000)))


def test_only_a_new_entry_can_be_made_an_alias() -> None:
    def labels(purpose: Purpose) -> list[str]:
        shown = preview_view(WRITTEN, preview(SHORT), purpose)
        return [item["text"]["text"] for item in buttons(shown)]

    assert labels(Purpose("write"))[0] == "Make it an alias of x"
    assert labels(Purpose("write", entry="capstan")) == []
    assert labels(Purpose("suggest")) == []


@pytest.mark.parametrize("name", WORST)
def test_a_conflict_is_within_slacks_limits_and_has_nothing_live(name: str) -> None:
    view = conflict_view(conflict(WORST[name]), LONG)
    assert view["callback_id"] == CONFLICT
    fits(view)


def test_a_conflict_says_who_and_when() -> None:
    found = conflict(SHORT)
    gone = conflict_line(replace(found, removed=True, at=None, by=""))
    assert gone == "Its source removed x after you opened it. Nothing was saved."
    told = "x changed x 5 minutes ago, after you opened it. Nothing was saved."
    assert conflict_line(found) == told


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize("state", ["open", "declined"])
def test_a_review_is_within_slacks_limits_and_has_nothing_live(name: str, state: str) -> None:
    text = WORST[name]
    message = review_message(suggestion(text, state=state), preview(text), "dev-", text(500))
    assert list(check_message(list(message.blocks))) == []
    found = [one for one in dangers(message.blocks) if not any(f"'{i}'" in one for i in INPUTS)]
    assert found == []
    assert len(message.text) <= 3_900
    first = "Approve" if text is SHORT else "Review all"
    labels = [item["text"]["text"] for item in buttons(message.blocks)]
    assert labels == ([first, "Edit", "Decline"] if state == "open" else [])


def test_what_was_told_can_be_done_by_the_lines_of_its_buttons() -> None:
    found = replies(SHORT)
    verbs = {"saved": "undo", "removal": "remove", "history": "history"}
    for kind, verb in verbs.items():
        first = buttons(message_of(found[kind], Asked()).blocks)[0]
        request = parse(first["value"])
        assert isinstance(request, Request)
        assert (request.verb, request.text) == (verb, "e" * 140)
        assert request.options


def test_nothing_nasty_is_live() -> None:
    for nasty in NASTIES:

        def text(_: int, nasty: str = nasty) -> str:
            return nasty

        fits(form_view(FormShown(Purpose(), usual(text), [nasty], nasty)))
        fits(preview_view(usual(text), preview(text), LONG))
        fits(conflict_view(conflict(text), LONG))
        message = review_message(suggestion(text, fields=usual(text)), preview(text))
        assert list(check_message(list(message.blocks))) == []
        assert dangers(message.blocks) == []


def test_the_reason_of_a_decline_is_read() -> None:
    view = decline_view("0123abcd")
    fits(view)
    assert purpose_in(view).suggestion == "0123abcd"
    assert reason_in(given(view)) == ""
    state = {"values": {"b": {"decline_reason": {"value": " there is one "}}}}
    assert reason_in({"state": state}) == "there is one"


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "[]",
        "null",
        "{",
        '{"mode": "owner", "entry": 7, "kept": "all", "slot": null}',
        '{"kept": ["everything", 3, {"a": []}]}',
    ],
)
def test_metadata_that_is_none_of_ours_is_a_suggestion_of_nothing(metadata: str) -> None:
    purpose = Purpose.from_json(metadata)
    assert (purpose.mode, purpose.entry, purpose.suggestion, purpose.kept) == (
        "suggest",
        "",
        "",
        (),
    )


def test_metadata_comes_back_and_has_a_limit() -> None:
    assert Purpose.from_json(LONG.to_json()) == LONG
    forged = Purpose.from_json(LONG.to_json().replace("eeee", "\x00" * 20 + "<!channel>" * 50))
    assert len(forged.to_json()) <= 3_000
    assert len(forged.draft) <= 200


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("RAG", "RAG"),
        ("  “prompt cache” ", "prompt cache"),
        ("what is a prompt cache?", ""),
        ("one two three four five six", ""),
        ("x" * 80, ""),
    ],
)
def test_what_was_asked_is_the_term_where_it_may_be_one(asked: str, term: str) -> None:
    assert term_in(asked) == term
