"""The assistant answers every line and never raises."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.assistant import Assistant
from bot.identity import User
from bot.replies.base import Problem, as_json
from index.search.results import EntryReply, Neighbours
from index.storage import Store
from tests.support.toy import ToyEmbedder


def test_concurrent_requests_each_get_their_own_reply(desk: Assistant) -> None:
    lines = [
        line
        for number in range(24)
        for line in (
            f"/near a rope that holds {number} boats n={number % 4 + 1}",
            f"/near ships of {number} in=quay",
            f"what is rope number {number}?",
            "/define tug",
        )
    ]
    alone = [as_json(desk.ask(line)) for line in lines]
    with ThreadPoolExecutor(32) as pool:
        at_once = [as_json(reply) for reply in pool.map(desk.ask, lines)]
    assert at_once == alone


def test_an_unexpected_error_is_reported_with_its_reference_in_the_log(
    harbour_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(ToyEmbedder):
        def queries(self, texts):  # type: ignore[no-untyped-def]
            raise ZeroDivisionError("secret detail")

    with caplog.at_level(logging.ERROR):
        reply = Assistant(harbour_store, Broken()).ask("/near ships")
    assert isinstance(reply, Problem)
    assert reply.code == "internal"
    assert "secret detail" not in as_json(reply)
    reference = reply.message.rstrip(").").rpartition(" ")[2]
    assert reference in caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(("value", "shown"), [("yes", True), ("On", True), ("no", False)])
def test_why_and_whole_are_yes_or_no(desk: Assistant, value: str, shown: bool) -> None:
    near, entry = desk.ask(f"/near ships why={value}"), desk.ask(f"/define tug whole={value}")
    assert isinstance(near, Neighbours)
    assert isinstance(entry, EntryReply)
    assert (near.why, entry.whole) == (shown, shown)
    assert "why must be yes or no" in as_json(desk.ask("/near ships why=because"))


def test_without_an_index_the_reply_explains_how_to_build_one(tmp_path, toy: ToyEmbedder) -> None:  # type: ignore[no-untyped-def]
    desk = Assistant(Store(tmp_path), toy)
    reply = desk.ask("/near ships")
    assert isinstance(reply, Problem)
    assert (reply.code, "nearsay index" in reply.hint) == ("no_index", True)
    assert isinstance(desk.overview(User("ada")), Problem)
    assert desk.suggested_questions(4) == []
