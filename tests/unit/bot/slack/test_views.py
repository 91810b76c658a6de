"""Tests of modals, forms and the Home tab, and of the values that Slack returns."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.overview import Overview
from bot.replies.base import Problem
from bot.slack.blocks.entry import TURN, parse_page
from bot.slack.home import MAX_CATEGORIES, home_view, page_in, page_value
from bot.slack.views.entry_form import FormContent, errors_in, fields_in, form_state_in, form_view
from bot.slack.views.form_state import FormState
from bot.slack.views.modal import View, modal_of
from index.entry import Question, Reference, Related, Section
from index.entry_draft import NAMES, EntryDraft
from index.search.browse import CategorySize, Contents, PageRef
from index.search.results import EntryReply
from tests.fake_slack.element_state import initial_values
from tests.fake_slack.model import texts_in
from tests.unit.bot.slack import WORST, buttons, faults_of, labels
from tests.unit.bot.slack.samples import entry_reply, written
from tests.unit.bot.slack.test_payloads import EMPTY, PURPOSE

SHORT = WORST["short"]
WRITTEN = EntryDraft(
    term="Capstan",
    aliases=("winch", "drum"),
    category="Deck",
    definition="A drum that winds a rope.",
    example="Six sailors turned it.",
    related=(Related("Hawser", "it is wound"), Related("ISO: a guide", "")),
    questions=(Question("Who turns it?", "The crew.\n\nA: or the pilot"),),
    owner="Deck crew",
)


def given_back(view: View) -> View:
    """Return a view as Slack returns it without changes."""
    return view | {"state": {"values": initial_values(view["blocks"])}}


def test_references_are_links_with_escaped_text() -> None:
    references = (
        Reference("A & <B>", "https://example.test/?a=1&b=2"),
        Reference("No address <!here>"),
    )
    view = modal_of(entry_reply(SHORT, **EMPTY | {"references": references}))
    shown = next(text for text in texts_in(view) if text.startswith("*References*"))
    assert shown.splitlines()[1:] == [
        "- <https://example.test/?a=1&amp;b=2|A &amp; &lt;B&gt;>",
        "- No address &lt;!here&gt;",
    ]


def turns(view: View) -> dict[str, str]:
    """Return the values of the page buttons, by label."""
    ways = [item for item in buttons(view) if item["action_id"].startswith(TURN)]
    return {item["text"]["text"]: item["value"] for item in ways}


def pages(found: EntryReply) -> list[View]:
    """Return every page of an entry, following the buttons."""
    views = [modal_of(found)]
    while onward := turns(views[-1]).get("Next page"):
        assert parse_page(onward) == (len(views) + 1, found.entry.id)
        views.append(modal_of(found, page=len(views) + 1))
    return views


def test_long_entry_is_shown_in_full_over_several_pages() -> None:
    words = iter(f"w{number}" for number in range(10**6))

    def text(count: int) -> str:
        return " ".join(next(words) for _ in range(count))

    parts = {
        "definition": text(900),
        "sections": tuple(Section(text(5), text(2_000)) for _ in range(3)),
        "example": text(2_000),
        "faq": tuple(Question(text(8), text(800)) for _ in range(8)),
        "related": tuple(Related(text(2), text(20), f"term-{at}") for at in range(40)),
        "references": tuple(Reference(text(20)) for _ in range(40)),
    }
    views = pages(entry_reply(SHORT, **EMPTY | parts))
    assert f"Page 1 of {len(views)}" in texts_in(views[0])
    assert len(views) > 5
    shown = set(re.findall(r"w\d+", " ".join(texts_in([view["blocks"] for view in views]))))
    assert {f"w{number}" for number in range(int(next(words)[1:]))} <= shown


def small_overview(**changes: Any) -> Overview:
    sizes = (CategorySize("Quay", 3), CategorySize("", 1))
    contents = Contents(12, sizes, ())
    return replace(Overview(contents=contents, leaf=None, news=(), recent=()), **changes)


def test_home_tab_says_what_this_is_and_suggests_questions() -> None:
    view = home_view(small_overview(suggested=("What is a quay?", "Why?")), prefix="dev-")
    first, *_ = texts_in(view["blocks"])
    assert first.startswith("Nearsay answers questions")
    assert "/dev-near" in first
    assert first.count(".") == 1
    assert labels(view)[:2] == ["What is a quay?", "Why?"]


def test_home_tab_shows_the_largest_categories_and_the_number_of_others() -> None:
    sizes = tuple(CategorySize(f"{at:03}", at) for at in range(MAX_CATEGORIES + 5))
    view = home_view(small_overview(contents=Contents(12, sizes, ())))
    assert labels(view)[:MAX_CATEGORIES] == [
        f"{at:03} ({at})" for at in range(5, MAX_CATEGORIES + 5)
    ]
    assert any(text.startswith("5 more are not shown") for text in texts_in(view["blocks"]))


def test_home_tab_without_an_index_shows_the_problem() -> None:
    problem = Problem(code="no_index", message="Nothing has been indexed yet.", hint="Build it.")
    view = home_view(problem, problem)
    assert faults_of(view) == []
    assert "Nothing has been indexed yet. Build it." in texts_in(view["blocks"])
    assert labels(view) == ["Reindex", "Generations", "Delete my data"]
    assert labels(home_view(problem)) == ["Delete my data"]


KINDS = st.sampled_from(["category", "letter", "all"])


@given(st.builds(PageRef, KINDS, st.text(max_size=50), st.integers(1, 10**8)) | st.none())
def test_page_reference_survives_encoding_as_a_button_value(place: PageRef | None) -> None:
    assert page_in(page_value(place)) == place


@pytest.mark.parametrize("categories", [[], ["Deck", "Quay"], ["Quay"]])
def test_form_values_are_read_unchanged(categories: list[str]) -> None:
    view = form_view(FormContent(FormState("write"), WRITTEN, categories))
    assert fields_in(given_back(view)) == WRITTEN


def test_many_questions_are_split_over_several_inputs() -> None:
    answer_text = " ".join(["word"] * 200)
    questions = tuple(Question(f"question {at}?", answer_text) for at in range(9))
    fields = EntryDraft("x", questions=questions, owner="")
    view = form_view(FormContent(FormState("write"), fields))
    assert sum("questions_" in block.get("block_id", "") for block in view["blocks"]) > 1
    assert fields_in(given_back(view)) == fields
    assert form_state_in(view).kept == ()


def test_text_that_is_too_long_for_a_form_is_kept_unchanged() -> None:
    view = form_view(FormContent(FormState("write"), written(WORST["words"])))
    assert set(form_state_in(view).kept) == set(NAMES) - {"term", "category", "owner"}
    shown = " ".join(texts_in(view["blocks"]))
    assert "Definition: too long for this form, so it stays unchanged." in shown


def test_errors_are_shown_at_their_input_or_at_the_first_input() -> None:
    view = form_view(FormContent(FormState("write"), written(WORST["words"], term="x")))
    errors = errors_in(view, {"definition": "It is too long.", "term": "It is taken."})
    assert errors == {view["blocks"][0]["block_id"]: "Definition: It is too long. It is taken."}
    view = form_view(FormContent(FormState("write"), WRITTEN))
    errors = errors_in(view, dict.fromkeys(NAMES, "Wrong."))
    assert [block.partition(":")[0] for block in errors] == [
        *(
            "term",
            "aliases",
            "new_category",
            "definition",
            "example",
            "related",
            "questions_0",
            "owner",
        )
    ]


def test_error_of_a_category_is_shown_where_it_was_written() -> None:
    ids = ["category:1", "new_category:1"]
    blocks = [{"type": "input", "block_id": block} for block in ids]
    values = {ids[0]: {"x": {"selected_option": None}}, ids[1]: {"x": {"value": "Ropes"}}}
    view = {"blocks": blocks, "state": {"values": values}}
    assert errors_in(view, {"category": "Too long."}) == {ids[1]: "Too long."}


def test_replaced_form_has_new_block_ids() -> None:
    views = [form_view(FormContent(FormState(), EntryDraft(term=term))) for term in ("a", "b")]
    ids = [{block.get("block_id") for block in view["blocks"]} for view in views]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("metadata", ["", "[]", "null", "{"])
def test_invalid_form_metadata_is_read_as_an_empty_suggestion(metadata: str) -> None:
    purpose = FormState.from_json(metadata)
    assert replace(purpose, slot="") == FormState("suggest", slot="")


def test_form_metadata_survives_serialization_and_is_bounded() -> None:
    assert FormState.from_json(PURPOSE.to_json()) == PURPOSE
    forged = FormState.from_json(PURPOSE.to_json().replace("eeee", "\x00" * 20 + "<!channel>" * 50))
    assert len(forged.to_json()) <= 3_000
    assert len(forged.draft) <= 200
