"""Nothing that anybody writes is live in what goes to Slack, whichever field it is written in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import grammar
from bot.grammar import Request
from bot.replies import Check, Diagnosis, Problem, Reply
from bot.slack.blocks import Asked, message_of
from bot.slack.modals import modal_of
from index.entry import Entry, Question, Reference, Related, Section, Sense
from index.space.results import EntryReply, Matched, Mention, Neighbour, Neighbours
from index.text import clean, is_web_address
from tests.bot.slack import NASTIES, buttons, dangers, objects, strings

WORDS = ("rope", "a harbour", "T&M", "if a < b", "émigré", "مرحبا", "5 > 3")
NASTY = st.sampled_from(NASTIES)
WORD = st.sampled_from(WORDS)
MARKS = st.sampled_from(["*", "_", "~", "`", "```", '"', "\u202e", "\u200b"])


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("<{}|{}>".format, inner, inner),
        st.builds("&lt;{}&gt;".format, inner),
        st.builds(lambda mark, text: f"{mark}{text}{mark}", MARKS, inner),
        st.builds("{} {}".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("{}\n{}".format, inner, inner),
    )


TEXT = st.recursive(NASTY | WORD | st.text(max_size=8), nested, max_leaves=6)
ADDRESS = st.builds(
    "{}{}".format,
    st.sampled_from(["https://a.test/", "http://a.test/?q=", "https://a.test/?a=1&b=", ""]),
    TEXT,
)


def reference(text: str, address: str) -> Reference:
    """A reference as reading a page gives it: an address that is none is no link."""
    return Reference(text, address if is_web_address(address) else None)


def entry(text: Any, address: Any) -> Entry:
    """An entry in which each field is a text of its own."""
    return Entry(
        id="entry-1",
        term=text(),
        definition=text(),
        category=text(),
        aliases=(text(), text()),
        updated=date(2026, 11, 24),
        sections=(Section(text(), text()), Section(text(), text())),
        example=text(),
        related=(Related(text(), text(), "entry-2"), Related(text(), text())),
        faq=(Question(text(), text()),),
        references=(reference(text(), address()), reference(text(), address())),
        source=text(),
        url=None,
    )


def neighbour(text: Any, rank: int) -> Neighbour:
    return Neighbour(
        id=f"entry-{rank}",
        term=text(),
        category=text(),
        similarity=0.71,
        rank=rank,
        aliases=(text(),),
        cosine=0.71,
        percentile=99.7,
        band="close",
        match="meaning",
        definition=text(),
        passage=Matched("question", text(), text()),
        related=(),
        source=text(),
        url=None,
    )


def replies(text: Any, address: Any) -> list[Reply]:
    found = EntryReply(
        generation="g000001",
        model=text(),
        match="spelling",
        entry=entry(text, address),
        neighbours=(neighbour(text, 1), neighbour(text, 2)),
    )
    senses = (Sense(text(), text()), Sense(text(), text()))
    near = Neighbours(
        generation="g000001",
        model=text(),
        query=text(),
        sparse=False,
        note=text(),
        neighbours=(neighbour(text, 1), neighbour(text, 2)),
    )
    mention = Mention("entry-1", text(), text(), 0.5)
    return [
        found,
        replace(found, entry=replace(found.entry, senses=senses)),
        near,
        replace(near, sparse=True),
        Problem(code="usage", message=text(), hint=text(), suggestions=(mention,)),
        Diagnosis(checks=(Check(text(), "error", text(), text()),)),
    ]


def rendered(reply: Reply, asked: Asked) -> list[dict[str, Any]]:
    """All that can be sent of a reply, each as one payload."""
    message = message_of(reply, asked)
    top = {"type": "mrkdwn", "verbatim": True, "text": message.text}
    return [top, {"blocks": list(message.blocks)}, modal_of(reply)]


def links_of(reply: Reply) -> set[str]:
    if not isinstance(reply, EntryReply):
        return set()
    return {item.url for item in reply.entry.references if item.url}


@given(st.data())
@settings(deadline=None)
def test_no_field_of_a_reply_and_no_sharers_name_comes_out_live(data: st.DataObject) -> None:
    # Few texts in many fields: what matters is which text meets which field.
    texts = data.draw(st.lists(TEXT, min_size=4, max_size=4), label="texts")
    addresses = data.draw(st.lists(ADDRESS, min_size=2, max_size=2), label="addresses")
    turn = iter(range(10**6))
    # A request has been parsed, and thereby cleaned.
    asked = Asked(Request("near", clean(texts[0]) or "x"), "", texts[1])

    def text() -> str:
        return texts[next(turn) % len(texts)]

    def address() -> str:
        return addresses[next(turn) % len(addresses)]

    for reply in replies(text, address):
        for payload in rendered(reply, asked):
            assert dangers(payload, links_of(reply)) == []


@given(TEXT, st.sampled_from(["/near ", "/define ", "/", ""]), st.sampled_from(["", " n=3"]))
@settings(deadline=None)
def test_no_query_comes_out_live(query: str, command: str, options: str) -> None:
    request = grammar.parse(f"{command}{query}{options}")
    if isinstance(request, Problem):
        reply: Reply = request
        asked = Asked()
    else:
        asked = Asked(request)
        reply = Neighbours(
            generation="g000001",
            model="toy",
            query=request.text,
            sparse=False,
            note=f'You wrote "{request.text}"; the nearest name is Buoy.',
            neighbours=(neighbour(lambda: "x", 1), neighbour(lambda: "x", 2)),
        )
    for payload in rendered(reply, asked):
        assert dangers(payload) == []
    missing = Problem(code="not_found", message=f'There is no entry "{query}".', hint=query)
    for payload in rendered(missing, asked):
        assert dangers(payload) == []


@pytest.mark.parametrize("nasty", ["<!channel>", "&lt;!here&gt;", "a & b", "<@U1>"])
def test_what_was_written_is_still_shown_as_it_was_written(nasty: str) -> None:
    reply = Problem(code="usage", message=nasty)
    shown = message_of(reply, Asked()).text
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == nasty


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "mailto:a@evil.test", "https://a.test/|<!channel>"),
        *(
            "https://a.test/ <!here>",
            "https://a.test/><!here>",
            "https://a.test/\u202e",
            "//a.test",
        ),
    ],
    ids=ascii,
)
def test_an_address_that_would_end_or_disguise_a_link_is_no_link(address: str) -> None:
    assert not is_web_address(address)
    found = EntryReply(
        generation="g000001",
        model="toy",
        match="exact",
        entry=entry(lambda: "x", lambda: address),
        neighbours=(),
    )
    assert dangers(modal_of(found)) == []
    assert not any("a.test/" in text for text in strings(modal_of(found)))


def payload_of(kind: str, text: str, **more: object) -> dict[str, object]:
    return {"type": kind, "text": text, **more}


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(payload_of("mrkdwn", "<!here>", verbatim=True), id="bracket"),
        pytest.param(payload_of("mrkdwn", "a & b", verbatim=True), id="ampersand"),
        pytest.param(payload_of("mrkdwn", "a &lt b", verbatim=True), id="half an entity"),
        pytest.param(payload_of("mrkdwn", "a"), id="not verbatim"),
        pytest.param(payload_of("plain_text", "a\u202eb"), id="bidi"),
        pytest.param(payload_of("plain_text", "a\x00b"), id="NUL"),
        pytest.param(payload_of("plain_text", "a\ud800b"), id="surrogate"),
        pytest.param({"type": "user", "user_id": "U1"}, id="mention"),
        pytest.param({"type": "broadcast", "range": "here"}, id="broadcast"),
        pytest.param({"type": "link", "url": "https://a.test"}, id="link"),
        pytest.param(
            payload_of("mrkdwn", "<https://evil.test|a>", verbatim=True), id="unknown address"
        ),
    ],
)
def test_the_check_itself_sees_what_is_live(payload: dict[str, object]) -> None:
    assert dangers([{"blocks": [payload]}], {"https://a.test"})


def test_buttons_carry_no_addresses() -> None:
    for reply in replies(lambda: "https://evil.test", lambda: "https://a.test"):
        for payload in rendered(reply, Asked(Request("near", "https://evil.test"))):
            assert not any("url" in item for item in buttons(payload))
            assert all(item.get("type") != "link" for item in objects(payload))
