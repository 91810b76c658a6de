"""Promises to Slack users of an installation of 0.1.0 that is upgraded to the current code."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from bot import indexing
from bot.slack.threads import parse_reply
from index.build.reindex import ReindexResult, reindex
from index.search.answers.conversation import Conversation
from index.sources.source import Source
from index.storage.db import generation_records
from tests.fake_slack import Message, WaitTimeoutError, Workspace, payloads
from tests.fake_slack.model import elements_in
from tests.slack.team import LIMITS, SHORT_TIMEOUTS, Team, serving
from tests.upgrade.installation import (
    CURRENT_FORMAT,
    Installation,
    KnownTexts,
    assert_nothing_lost,
    installation,
    move_workspace,
    unpacked,
)

__all__ = ["installation", "unpacked"]


@contextmanager
def current_bot(
    installation: Installation, workspace: Workspace, *, wait_until_ready: bool = True
) -> Iterator[Team]:
    """Run the current bot in the workspace of 0.1.0."""
    with serving(
        workspace,
        installation.data,
        [Source("house", "glossary")],
        embedder=KnownTexts(installation),
        retention_days=365,
        wait_until_ready=wait_until_ready,
    ) as team:
        yield team


@pytest.fixture
def workspace(installation: Installation) -> Iterator[Workspace]:
    with Workspace(mode="http", settings=LIMITS) as started:
        move_workspace(installation, started)
        yield started


def answered(workspace: Workspace) -> dict[str, int]:
    """Return the number of answers to each of the three pending deliveries."""
    letters = workspace.channel("letters")
    in_channel = [m for m in workspace.messages(letters) if not m.thread_ts or not m.is_reply]
    root = next(m for m in in_channel if "What is a hallucination?" in m.text)
    thread = next(m for m in in_channel if "Which templates" in m.text)
    replies = workspace.replies(thread)
    asked_at = next(m.ts for m in replies if "What does a second reader do?" in m.text)
    return {
        "mention": sum(bool(m.bot_id) for m in workspace.replies(root)),
        "in a thread": sum(bool(m.bot_id) and m.ts > asked_at for m in replies),
        "command": sum(
            "how much text fits into a prompt" in m.everything
            for m in workspace.ephemerals("ada", letters)
        ),
    }


def test_pending_deliveries_are_answered_once(
    installation: Installation, workspace: Workspace
) -> None:
    once = {"mention": 1, "in a thread": 1, "command": 1}
    assert not any(answered(workspace).values())
    with current_bot(installation, workspace) as team:
        workspace.wait(lambda: answered(workspace) == once or None, seconds=60)
        root = next(m for m in workspace.messages("letters") if "What is a hall" in m.text)
        (answer,) = [m for m in workspace.replies(root) if m.bot_id]
        assert "upgraded" not in answer.text
        assert "Hallucination" in answer.text
        team.quiet()
    with current_bot(installation, workspace) as team:
        team.quiet()
        assert answered(workspace) == once


def test_users_who_ask_during_the_rebuild_are_asked_to_wait(
    installation: Installation, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation_records, "INDEX_FORMAT", CURRENT_FORMAT + 1)
    go_on = threading.Event()

    def slowly(*given: Any, **options: Any) -> ReindexResult:
        with given[0].writing("the one who has the right already") as beat:
            beat.report("writing", 120, 300)
        go_on.wait(60)
        return reindex(*given, **options)

    monkeypatch.setattr(indexing, "reindex", slowly)
    with current_bot(installation, workspace, wait_until_ready=False) as team:
        try:
            assert ready(team) == (503, False)

            def progress_reply() -> Message | None:
                reply = team.ask("/near the model invents sources", team.ben)
                return reply if "120 of 300" in reply.text else None

            reply = workspace.wait(progress_reply, seconds=60)
            assert "Nearsay was upgraded, and its index is being rebuilt" in reply.text
            assert "Ask again in a minute." in reply.text
            status = team.ask("/near-admin status", team.ada).text
            assert "Nearsay was upgraded" in status
            assert not any(answered(workspace).values()), "answered only after the rebuild"
            assert ready(team) == (503, False)
        finally:
            go_on.set()
        workspace.wait(lambda: ready(team) == (200, True) or None, seconds=60)
        assert "Hallucination" in team.ask("/define hallucination", team.ben).text
        workspace.wait(lambda: all(answered(workspace).values()) or None, seconds=60)
        team.quiet()
    assert_nothing_lost(installation)


def ready(team: Team) -> tuple[int, bool]:
    answer = httpx.get(f"http://127.0.0.1:{team.service.ops_port}/readyz")
    return answer.status_code, answer.json()["warm"]


VISIBLE = ("chat.", "views.", "response_url")  # calls with a visible effect
CURRENT = (
    "admin_rollback",
    "approve_suggestion",
    "import_apply",
)  # pressed last because they change data


def test_old_buttons_work_or_explain_that_they_are_too_old(
    installation: Installation, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SHORT_TIMEOUTS.items():
        monkeypatch.setattr(name, value)
    monkeypatch.setattr(indexing.Indexer, "run", no_reindex)
    buttons = sorted(
        {e["action_id"]: (m, e) for m, e in old_buttons(installation)}.items(),
        key=lambda item: (item[0].startswith(CURRENT), item[0]),
    )
    assert len(buttons) > 30
    with current_bot(installation, workspace) as team:
        workspace.wait(lambda: all(answered(workspace).values()) or None, seconds=60)
        team.quiet()
        silent = [
            action
            for action, (message, element) in buttons
            if not press_old(team, message, element)
        ]
        assert silent == []
        message, element = buttons[0][1]
        gone = element | {"type": "button", "action_id": "gone_since_0_1_0", "value": "x"}
        assert "from an older version of Nearsay" in press_old(team, message, gone)


def test_old_answers_contain_the_context_for_follow_ups(installation: Installation) -> None:
    bot = installation.slack["users"][0]["id"]
    answers = [m for m in installation.slack["messages"] if m["metadata"]]
    assert len(answers) > 3
    for answer in answers:
        posted = parse_reply(answer, bot)
        assert posted is not None
        told_nothing = "says nothing about this" in answer["text"]
        assert (posted.thread == Conversation()) is told_nothing, answer["text"]


def old_buttons(installation: Installation) -> Iterator[tuple[Message, dict[str, Any]]]:
    """Yield every interactive element in the bot's messages, with the message."""
    for message in TypeAdapter(list[Message]).validate_python(installation.slack["messages"]):
        for element in elements_in(message.blocks) if message.bot_id else ():
            yield message, element


def press_old(team: Team, message: Message, element: dict[str, Any]) -> str:
    """Press an element of a message in its old state; return the visible result as JSON, or an
    empty string if nothing is visible."""
    workspace, state = team.workspace, team.workspace.state
    channel = state.channels[message.channel]
    who = state.users[message.ephemeral_to or channel.user or team.ada.id]
    action = {"action_ts": state.new_ts(), **element}
    if element["type"] == "static_select":
        action["selected_option"] = element["options"][-1]
    with state.lock:
        before = len(state.calls)
        payload = payloads.block_actions(workspace, who, message, [action])
    delivery = workspace.send("interactive", "block_actions", payload, who, channel.id)
    assert delivery.ok, (element["action_id"], delivery.error)

    def seen() -> str | None:
        calls = [c for c in state.calls[before:] if c.ok and c.method.startswith(VISIBLE)]
        return json.dumps([call.args for call in calls]) if calls else None

    try:
        found = workspace.wait(seen, seconds=20)
    except WaitTimeoutError:
        return ""
    team.quiet()
    found = seen() or found
    assert "Something went wrong" not in found, element["action_id"]
    return found


def no_reindex(indexer: indexing.Indexer, *_: Any, **__: Any) -> ReindexResult:
    """Stand in for a reindex; these tests do not need a new index."""
    name = indexer.store.ledger.generations.pointer().generation
    assert name is not None
    return ReindexResult(
        generation=name,
        model=indexer.embedder.name,
        before=name,
        added=0,
        changed=0,
        removed=0,
        unchanged=9,
        embedded=0,
        reused=258,
        seconds=0.1,
    )
