"""Reindexing in Slack: progress, results, concurrent reindexes, and interruptions."""

import itertools
import json
import time
from functools import partial
from pathlib import Path

import pytest

from bot.admin.scheduler import SCHEDULE
from bot.commands.spec import Request
from bot.replies.base import Problem
from index.sources.source import Source
from tests.fake_slack import Call, Workspace
from tests.slack.reindexing import (
    current,
    indexed,
    reindexed,
    team,
    wait_for_audit,
    who,
    words,
    write,
)
from tests.slack.team import Team, serving
from tests.slack.views import opened_home, press, shown
from tests.slack.writing import direct, type_command
from tests.support.gates import SlowEmbedder

__all__ = ["indexed", "team", "words"]
MODES = ["http"]


def gaps(calls: list[Call]) -> list[float]:
    """Return the seconds between the end of each call and the start of the next."""
    return [
        later.at - (earlier.at + earlier.seconds) for earlier, later in itertools.pairwise(calls)
    ]


def test_reindex_updates_one_message_with_progress_and_changes(team: Team, words: Path) -> None:
    workspace = team.workspace
    for number in range(20):
        write(words, f"Rope {number}", f"Rope number {number} is coiled slowly.")
    (words / "keel.md").unlink()
    write(words, "Sail", "Cloth of many colours.")
    team.embedder.go.clear()
    type_command(team, "/near-admin reindex", team.ada)
    team.embedder.waiting.wait(10)
    began = direct(team, team.ada, "Reindexing: embedding passages ")
    assert " of " in began.text
    assert "▰" in began.text
    assert current(team) == "g000001", "the current index answers during the build"
    team.embedder.go.set()
    done = direct(team, team.ada, "g000002 is live. 20 added, 1 changed, 1 removed, 2 unchanged")
    assert done.ts == began.ts
    assert "passages embedded" in done.text
    assert "test questions" in done.text
    assert 'Most changed: "Who looks after the ' in done.text
    assert done.buttons == ["Roll back to g000001"]
    calls = [c for c in workspace.calls() if c.method in ("chat.postMessage", "chat.update")]
    assert [c.method for c in calls].count("chat.postMessage") == 1
    assert min(gaps(calls)) >= 0.99
    assert len(team.workspace.ephemerals(team.ada, team.channel)) == 1


def test_reindex_without_changes_has_no_buttons(team: Team) -> None:
    type_command(team, "/near-admin reindex", team.ada)
    done = direct(team, team.ada, "Nothing changed: g000001 stays live, with 4 entries")
    assert done.buttons == []


def test_reindex_from_the_home_tab_reports_progress_in_a_direct_message(
    team: Team, words: Path
) -> None:
    write(words, "Sail", "Cloth of many colours.")
    press(team, team.ada, opened_home(team, team.ada), "Reindex")
    reply = direct(team, team.ada, "g000002 is live. 0 added, 1 changed")
    assert reply.buttons == ["Roll back to g000001"]
    wait_for_audit(team, who(team.ada), "reindex", "done", "g000002")
    assert "*Sail*\nChanged" in shown(opened_home(team, team.ben))


def test_dry_run_report_is_ephemeral(team: Team, words: Path) -> None:
    write(words, "Oar", "A pole with a blade.")
    (words / "bad.md").write_text("---\nterm: Red\n---\n")
    reply = team.ask("/near-admin reindex —dry-run")
    assert "1 added, 0 changed, 0 removed, 4 unchanged. This was a dry run." in reply.text
    assert current(team) == "g000001"
    assert "words: 1 skipped, the first bad.md" in json.dumps(reply.blocks)
    assert not team.workspace.messages(team.channel)


def test_second_reindex_is_refused_and_the_first_continues(team: Team, words: Path) -> None:
    write(words, "Sail", "Cloth, woven slowly.")
    team.embedder.go.clear()
    team.ask("/near-admin reindex")  # its reply must not be taken for the second one
    assert team.embedder.waiting.wait(10)
    reply = team.ask("/near-admin reindex").text
    assert f"The index is already being built by {who(team.ada)}" in reply
    rolled = team.ask("/near-admin rollback g000001").text
    assert "The index is already being built" in rolled
    assert "Reindexing for " in team.ask("/near-admin status").text
    team.embedder.go.set()
    direct(team, team.ada, "g000002 is live")
    assert len(team.workspace.messages(team.workspace.dm(team.ada))) == 1


def test_cancelled_reindex_changes_nothing(team: Team, words: Path) -> None:
    for number in range(20):
        write(words, f"Rope {number}", f"Rope number {number} is coiled slowly.")
    team.embedder.go.clear()
    team.ask("/near-admin reindex")
    assert team.embedder.waiting.wait(10)
    reply = team.ask("/near-admin reindex cancel").text
    assert f"Stopping the reindex by {who(team.ada)}" in reply
    time.sleep(1.5)  # the builder checks once a second whether to stop
    team.embedder.go.set()
    direct(team, team.ada, "The reindex was stopped; no source was updated.")
    assert current(team) == "g000001"
    wait_for_audit(team, who(team.ada), "reindex cancel", "done", "g000001")
    wait_for_audit(team, who(team.ada), "reindex", "failed", "g000001")
    assert "No problems found." in team.ask("/near-admin status").text
    assert "No reindex is running." in team.ask("/near-admin reindex cancel").text


def test_reindex_result_arrives_despite_refused_calls(team: Team, words: Path) -> None:
    workspace = team.workspace
    workspace.fault("chat.update", status=503, times=2)
    reindexed(team, words)
    with workspace.fault("chat.update", error="invalid_blocks", times=None):
        write(words, "Sail", "Cloth of no colour.")
        type_command(team, "/near-admin reindex", team.ada)
        direct(team, team.ada, "g000003 is live")
    with workspace.fault("chat.postMessage", error="restricted_action", times=None):
        write(words, "Sail", "Cloth of many colours.")
        type_command(team, "/near-admin reindex", team.ada)
        ephemerals = partial(workspace.ephemerals, team.ada, team.channel)
        workspace.wait(lambda: [m for m in ephemerals() if "g000004 is live" in m.text], seconds=20)


@pytest.mark.one_bot  # lets the bot's process crash
def test_reindex_interrupted_by_a_crash_resumes_in_the_same_message(
    workspace: Workspace, words: Path, tmp_path: Path
) -> None:
    sources = [Source("words", str(words))]
    write(words, "Sail", "Cloth, woven slowly.")
    dying = SlowEmbedder()
    dying.dies = True
    dying.go.clear()
    with serving(workspace, tmp_path / "data", sources, embedder=dying) as team:
        type_command(team, "/near-admin reindex", team.ada)
        begun = direct(team, team.ada, "Reindexing")
        dying.go.set()
        wait_for_audit(team, who(team.ada), "reindex", "failed", "g000001")
    with serving(workspace, tmp_path / "data", sources) as team:
        done = direct(team, team.ada, "g000002 is live")
        assert done.ts == begun.ts
        assert len(workspace.messages(workspace.dm(team.ada))) == 1
        assert done.buttons == ["Roll back to g000001"]


def test_admins_are_told_that_a_reindex_was_held_back_and_can_confirm_it(
    team: Team, words: Path
) -> None:
    for file in words.glob("*.md"):
        file.unlink()
    held = team.assistant.answer(Request("near-admin", "", verb="reindex"), SCHEDULE)
    assert isinstance(held, Problem)
    team.assistant.administration.notify_held(held)
    told = direct(team, team.ada, "words would lose")
    assert "/near-admin reindex --confirm" in told.text
    assert current(team) == "g000001"
    type_command(team, "/near-admin reindex --confirm", team.ada)
    direct(team, team.ada, "g000002 is live")
