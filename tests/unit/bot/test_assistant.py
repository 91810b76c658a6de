"""The assistant answers every line and never raises."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.assistant import Assistant
from bot.identity import OPERATOR, User
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


class Slow(ToyEmbedder):
    """Embeds a text in 0.1 s."""

    def queries(self, texts):  # type: ignore[no-untyped-def]
        time.sleep(0.1 * len(texts))
        return super().queries(texts)


@pytest.mark.parametrize(
    "line",
    [
        "/near a rope that holds",
        "/latent path rope of boats -> quay of ships",
        "/latent wander a rope that holds steps=12",
        "/latent map a rope that holds | a quay of ships | a blue whale",
        "what differs between a rope and a whale?",
        "explain: the tug, the quay and the rope",
    ],
)
def test_work_beyond_the_deadline_is_stopped_and_the_next_request_is_answered(
    harbour_store: Store, line: str
) -> None:
    desk = Assistant(harbour_store, Slow())
    desk.deadline_s = 0.0
    stopped = desk.ask(line, User("U1"))
    assert isinstance(stopped, Problem)
    assert stopped.code == "deadline"
    assert "longer than 0 seconds" in stopped.message
    desk.deadline_s = 30.0
    assert not isinstance(desk.ask("/near a rope that holds", User("U1")), Problem)


def test_a_long_request_stops_between_its_steps(harbour_store: Store) -> None:
    embedder = Slow()
    desk = Assistant(harbour_store, embedder)
    desk.deadline_s = 0.25
    texts = " | ".join(f"a rope of {number} boats" for number in range(6))
    stopped = desk.ask(f"/latent map {texts}", User("U1"))
    assert isinstance(stopped, Problem)
    assert stopped.code == "deadline"
    assert 1 <= embedder.asked < 6


def test_admin_commands_and_the_operator_have_no_deadline(harbour_store: Store) -> None:
    desk = Assistant(harbour_store, ToyEmbedder())
    desk.deadline_s = 0.0
    assert not isinstance(desk.ask("/near a rope that holds", OPERATOR), Problem)
    assert not isinstance(desk.ask("/near-admin status", User("U1", admin=True)), Problem)


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
