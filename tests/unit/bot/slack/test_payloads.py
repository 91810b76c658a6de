"""Messages and views respect Slack's limits and have no active markup, whatever their texts."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.commands.help import help_for
from bot.commands.spec import Request
from bot.overview import Overview
from bot.replies.base import Problem, Reply
from bot.replies.editing import Review
from bot.replies.insights import Gaps, Stats
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.blocks.review import review_message
from bot.slack.home import home_view
from bot.slack.views.entry_form import FormContent, form_view
from bot.slack.views.form_state import FormState
from bot.slack.views.modal import View, answer_modal, ask_modal, loading_modal, modal_of
from bot.slack.views.preview import (
    conflict_view,
    decline_view,
    loading_view,
    message_view,
    preview_view,
    review_view,
)
from index.entry import Entry, Mention, Reference, Related, Section, Sense
from index.entry_draft import NAMES
from index.indexing.reindex import ReindexResult
from index.search.answers.conversation import NO_THREAD
from index.search.browse import (
    LONGEST_NAME,
    PAGE_SIZE,
    CategorySize,
    Contents,
    EntryPage,
    PageRef,
    RecentChange,
)
from index.search.results import Citation, EntryReply
from tests.unit.bot.samples import EXPLORED, KINDS, reply
from tests.unit.bot.slack import NASTIES, WORST, faults_of
from tests.unit.bot.slack.samples import (
    Text,
    answer,
    conflict,
    entry_reply,
    mentions,
    neighbour,
    neighbours,
    preview,
    suggestion,
    usual,
    written,
)

ADDRESS = f"https://example.test/{'p' * 1_800}?a=1&b=2"
LINKS = {ADDRESS, *(f"https://example.test/{at}?a=1&b=2" for at in range(30))}
NOTHING = dict.fromkeys(("aliases", "sections", "related", "faq"), ())
OTHERS = ("neighbours", "sparse", "entry", "senses", "answer", "declined", "problem", "help")
ADMIN = [kind for kind in KINDS if kind not in {*OTHERS, *EXPLORED}]
PURPOSE = FormState("review", "e" * 400, "v" * 400, "s" * 400, NAMES, "0" * 8, "t" * 400)


def many(text: Text) -> list[str]:
    return [f"{at} {text(140)}" for at in range(150)]


REPLIES: dict[str, Callable[[Text], Reply]] = {
    "neighbours": neighbours,
    "one neighbour": lambda text: neighbours(text, 1, note=""),
    "no neighbours": lambda text: neighbours(text, 0),
    "sparse": lambda text: neighbours(text, sparse=True),
    "named": lambda text: neighbours(text, neighbours=(neighbour(text, 1, match="exact"),)),
    "entry": entry_reply,
    "senses": lambda text: entry_reply(
        text, senses=tuple(Sense(text(3_000), text(300)) for _ in range(20)), faq=()
    ),
    "long addresses": lambda text: entry_reply(
        text, **NOTHING, references=tuple(Reference(text(160), ADDRESS) for _ in range(8))
    ),
    "long reasons": lambda text: entry_reply(
        text, related=tuple(Related(text(300), text(3_000)) for _ in range(60)), faq=()
    ),
    "answer": answer,
    "short questions": lambda text: answer(text, 1, follow_ups=tuple(text(60) for _ in range(3))),
    "list": lambda text: answer(
        text, citations=tuple(Citation(f"entry-{at}", text(300), "") for at in range(25))
    ),
    "decline": lambda text: answer(text, 0, follow_ups=()),
    "decline, nothing at all": lambda text: answer(text, 0, follow_ups=(), nearest=()),
    "problem": lambda text: Problem(
        code="usage", message=text(8_000), hint=text(8_000), suggestions=mentions(text)
    ),
}
FORMS: dict[str, Callable[[Text], View]] = {
    "long form": lambda text: form_view(
        FormContent(PURPOSE, written(text), many(text), text(2_000), 1_000.0, text(120))
    ),
    "form": lambda text: form_view(FormContent(FormState(), usual(text), [text(140)], text(140))),
    "preview": lambda text: preview_view(written(text), preview(text), PURPOSE),
    "preview of a new one": lambda text: preview_view(
        usual(text), preview(text), FormState("write")
    ),
    "review": lambda text: review_view(suggestion(text, fields=usual(text)), 2, text(2_000)),
    "review of all": lambda text: review_view(suggestion(text)),
    "looking": lambda _: loading_view(PURPOSE),
    "told": lambda text: message_view(text(100), text(5_000)),
    "conflict": lambda text: conflict_view(conflict(text), PURPOSE),
    "decline": lambda _: decline_view("0123abcd"),
    "to ask in": lambda _: ask_modal(),
    "asked": lambda text: loading_modal(text(3_000)),
}


def admins(kind: str, text: str) -> Reply:
    """Build a reply with `text` in every field that users write."""
    found = reply(kind, text)
    if isinstance(found, ReindexResult):
        return replace(found, generation="g000002", before="g000001")
    if isinstance(found, Gaps):
        known = replace(found.gaps[0], entry=Mention("an-id", text, text, 1.0))
        return replace(found, gaps=(known, *found.gaps[1:]))
    if isinstance(found, Review):
        return replace(found, suggestion=replace(found.suggestion, id="1f2e3d4c"))
    if isinstance(found, Stats):
        one = replace(found.phrase_candidates[0], entry=Mention("an-id", text, text, None))
        return replace(found, phrase_candidates=(one,) * 5)
    return found


def overview(text: Text, place: PageRef | None = None, count: int = 200) -> Overview:
    """Build the largest overview, opened at `place`, with `text` in every user field."""
    names = (f"{at} {text(300)}"[:LONGEST_NAME] for at in range(count))
    categories = tuple(CategorySize(name, count - at) for at, name in enumerate(names))
    letters = tuple(CategorySize(chr(0x4E00 + at), count - at) for at in range(count))
    entries = tuple(
        Entry(id=f"entry-{at}", term=text(300), definition=text(5_000)) for at in range(PAGE_SIZE)
    )
    return Overview(
        contents=Contents(10**8, categories, letters),
        leaf=None if place is None else EntryPage(place, entries, 10**6, 10**8, 10**7),
        news=tuple(RecentChange(f"entry-{at}", text(300), "changed") for at in range(5)),
        recent=tuple(text(1_000) for _ in range(5)),
    )


def homes(text: Text) -> Iterator[View]:
    """Yield the Home tab in each of its states."""
    status = reply("status", text(300))
    for place in (None, PageRef("all", number=7), PageRef("category", "x" * 3_000, 7)):
        yield home_view(overview(text, place), status, "Done.")  # type: ignore[arg-type]


def messages(text: Text) -> Iterator[tuple[str, Message]]:
    shared = RequestContext(
        Request("near", text(8_000), {"n": 5}), "", text(300), question="0" * 16
    )
    in_thread = RequestContext(Request("ask", text(8_000)), in_thread=True, asked_by=text(300))
    for kind, make in REPLIES.items():
        made = make(text)
        yield kind, message_of(made, shared)
        yield f"{kind}, in a thread", message_of(made, in_thread)
    for kind in ADMIN:
        yield (
            kind,
            message_of(
                admins(kind, text(3_000)), RequestContext(Request("near-admin", "", {}, "log"))
            ),
        )
    for state in ("open", "declined"):
        suggested = suggestion(text, state=state)
        yield f"{state} suggestion", review_message(suggested, preview(text), text(500))


def views(text: Text) -> Iterator[tuple[str, View]]:
    for kind, make in REPLIES.items():
        made = make(text)
        if not isinstance(made, EntryReply):
            yield kind, modal_of(made)
            continue
        pages = [modal_of(made, page=page) for page in (1, 2, 10**9)]
        yield from ((f"page of {kind}", page) for page in pages)
    for kind, fill in FORMS.items():
        yield kind, fill(text)
    yield from (("home", view) for view in homes(text))
    shown = RequestContext(question="0" * 16, in_modal=True)
    yield "answered", answer_modal(text(3_000), answer(text, 1), NO_THREAD, shown)


@pytest.mark.parametrize("name", WORST)
def test_messages_respect_slacks_limits_and_have_no_active_markup(name: str) -> None:
    for kind, message in messages(WORST[name]):
        assert (kind, faults_of(message)) == (kind, [])


@pytest.mark.parametrize("name", WORST)
def test_views_respect_slacks_limits_and_have_no_active_markup(name: str) -> None:
    for kind, view in views(WORST[name]):
        assert (kind, faults_of(view, LINKS)) == (kind, [])


@pytest.mark.parametrize("nasty", NASTIES, ids=ascii)
def test_hostile_text_does_not_become_active_markup(nasty: str) -> None:
    def text(_: int) -> str:
        return nasty

    for kind in ("form", "preview", "conflict"):
        assert (kind, faults_of(FORMS[kind](text))) == (kind, [])
    made = suggestion(text, fields=usual(text))
    assert faults_of(review_message(made, preview(text))) == []


@pytest.mark.parametrize("prefix", ["", "dev-", "a" * 25])
@pytest.mark.parametrize("about", ["", "near", "define", "help"])
def test_help_respects_slacks_limits(prefix: str, about: str) -> None:
    asked = Request("help", about)
    assert faults_of(message_of(help_for(asked, prefix), RequestContext(asked, prefix))) == []


EMPTY = {**NOTHING, "references": (), **dict.fromkeys(("category", "example", "source"), "")}


@pytest.mark.parametrize(
    "found",
    [
        entry_reply(WORST["short"], **EMPTY),
        entry_reply(WORST["short"], **EMPTY | {"senses": (Sense("a"), Sense("b"))}),
        entry_reply(WORST["short"], **EMPTY | {"related": (Related("Buoy", ""),)}),
        entry_reply(WORST["short"], **EMPTY | {"sections": (Section("", "x"),)}),
        neighbours(WORST["short"], 1, note="", model=""),
        Problem(code="usage", message="No."),
    ],
)
def test_missing_fields_produce_no_empty_block(found: Reply) -> None:
    assert faults_of(message_of(found, RequestContext(Request("near", "x")))) == []
