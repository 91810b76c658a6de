"""Admin commands in Slack: status, rollback, export, roles, and escaping."""

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.sources.source import Source
from tests.fake_slack import User, Workspace
from tests.fake_slack.model import JSON
from tests.slack.reindexing import (
    PAGE,
    WORDS,
    audit,
    current,
    direct_reply,
    indexed,
    reindexed,
    team,
    wait_for_audit,
    who,
    words,
    write,
)
from tests.slack.team import Team, serving
from tests.slack.views import press
from tests.slack.writing import direct, type_command
from tests.unit.bot.slack import dangers, faults_in_markup

__all__ = ["indexed", "team", "words"]
MODES = ["http"]


def test_status_generations_and_log_replies_are_ephemeral(team: Team, words: Path) -> None:
    reindexed(team, words)
    status = team.ask("/near-admin status").text
    assert status.startswith("g000002 is live: 4 entries, ")
    for part in (
        "model toy",
        "Built ",
        "0 added, 1 changed, 0 removed",
        "on disk",
        "No problems found.",
    ):
        assert part in status
    listed = team.ask("/near-admin generations")
    lines = listed.text.splitlines()
    assert lines[0].startswith("g000002 (live): ")
    assert who(team.ada) in lines[0]
    assert lines[1].startswith("g000001: ")
    assert f"{who(team.ada)} · reindex · done" in team.ask("/near-admin log n=1").text
    assert len(team.workspace.messages(team.workspace.dm(team.ada))) == 1
    assert listed.buttons == ["Roll back to g000001"]
    assert "g000001 is live again" in team.pressed(team.ada, listed, "Roll back to g000001").text
    assert current(team) == "g000001"


def test_rollback_restores_the_texts_and_updates_the_message(team: Team, words: Path) -> None:
    done = reindexed(team, words)
    assert "many colours" in team.ask("/define sail").text
    press(team, team.ada, done, "Roll back to g000001")
    settled = direct(team, team.ada, "g000001 is live again, with 4 entries, in place of g000002.")
    assert settled.ts == done.ts
    assert settled.buttons == []
    assert "g000002 is live" in settled.text
    assert "catches wind" in team.ask("/define sail").text
    assert "Scheduled reindexing is paused" in team.ask("/near-admin status").text


@pytest.mark.one_bot  # a second one still reads a generation that would be deleted
def test_edits_do_not_change_the_rollback_target(team: Team, words: Path) -> None:
    reindexed(team, words, "Cloth of one colour.")
    reindexed(team, words, "Cloth of two colours.")
    for number in range(4, 9):
        team.ask(f"/near-admin edit sail = Cloth of {number} colours.")
        team.workspace.wait(lambda: current(team) == f"g{number:06d}", seconds=20)  # noqa: B023
    listed = [
        line.partition(":")[0] for line in team.ask("/near-admin generations").text.splitlines()
    ]
    assert listed[0] == "g000008 (live)"
    assert listed[1:6] == ["g000007", "g000006", "g000003", "g000002", "g000001"]
    team.workspace.wait(
        lambda: "is live again" in team.ask("/near-admin rollback g000001").text or None,
        seconds=20,
    )
    assert "catches wind" in team.ask("/define sail").text


def test_admin_replies_are_never_shared_with_a_channel(team: Team, words: Path) -> None:
    done = reindexed(team, words)
    reply = direct_reply(
        team, lambda: team.workspace.forge(team.ada, done, "share", "/near-admin log")
    )
    assert "reindex · done" in reply
    assert len(team.workspace.messages(team.workspace.dm(team.ada))) == 1


def test_outdated_button_does_nothing_and_double_press_rolls_back_once(
    team: Team, words: Path
) -> None:
    old = reindexed(team, words, "Cloth of one colour.")
    done = reindexed(team, words, "Cloth of two colours.")
    why = "The live generation is g000003, not g000002"
    assert why in team.pressed(team.ada, old, "Roll back to g000001").text
    wait_for_audit(team, who(team.ada), "rollback g000001 from=g000002", "failed", "g000003")
    payload = team.workspace.click(team.ada, done, "admin_rollback").payload
    direct(team, team.ada, "g000002 is live again")

    def send(again: JSON) -> None:
        time.sleep(1.1)  # signed again: the same signature would be a replay
        assert team.workspace.send("interactive", "block_actions", again, team.ada, "").ok

    send(payload)  # the same delivery
    reply = direct_reply(team, lambda: send(payload | {"trigger_id": "another"}))
    assert "The live generation is g000002, not g000003" in reply
    assert current(team) == "g000002"
    ended = [record[1:3] for record in audit(team)]
    assert ended.count(("rollback g000002 from=g000003", "done")) == 1


@pytest.mark.one_bot  # lets the bot's process crash
def test_rollback_finished_before_a_crash_is_not_repeated(
    workspace: Workspace, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [Source("words", str(words))]
    with monkeypatch.context() as patch, serving(workspace, tmp_path / "data", sources) as team:
        reindexed(team, words, "Cloth of one colour.")
        reindexed(team, words, "Cloth of two colours.")
        # The answer is lost.
        patch.setattr("bot.slack.handlers.command.send", lambda *_, **__: 60.0)
        before = len(team.workspace.ephemerals(team.ada, team.channel))
        type_command(team, "/near-admin rollback", team.ada)
        wait_for_audit(team, who(team.ada), "rollback from=g000003", "done", "g000002")
    with serving(workspace, tmp_path / "data", sources) as team:
        reply = team.next_ephemeral(team.ada, before)
        assert "The live generation is g000002, not g000003" in reply.text
        assert current(team) == "g000002"


def test_export_is_sent_as_a_file_in_a_direct_message(team: Team, tmp_path: Path) -> None:
    workspace = team.workspace
    reply = team.ask("/near-admin export words as=csv").text
    assert reply == "3 entries of g000001: sent to you as a direct message."
    (shared,) = workspace.wait(
        lambda: [m for m in workspace.messages(team.workspace.dm(team.ada)) if m.files]
    )
    content = workspace.state.files[shared.files[0]["id"]].content
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert {row["term"] for row in rows} == set(WORDS)
    assert list((tmp_path / "data" / "exports").iterdir()) == [], "files are deleted"
    wait_for_audit(team, who(team.ada), "export words as=csv", "done", "g000001")


def test_exported_log_is_sent_as_a_file_in_a_direct_message(team: Team, tmp_path: Path) -> None:
    team.ask("/near-admin status", team.ben)  # refused and audited
    reply = team.ask("/near-admin log as=csv").text
    assert reply == "1 record of the audit log: sent to you as a direct message."
    (shared,) = team.workspace.wait(
        lambda: [m for m in team.workspace.messages(team.workspace.dm(team.ada)) if m.files]
    )
    content = team.workspace.state.files[shared.files[0]["id"]].content
    assert "status" in {row["action"] for row in csv.DictReader(io.StringIO(content.decode()))}
    assert list((tmp_path / "data" / "exports").iterdir()) == [], "files are deleted"


def test_error_for_an_unsent_export_contains_its_path(team: Team, tmp_path: Path) -> None:
    team.workspace.fault("files.completeUploadExternal", error="internal_error")
    reply = team.ask("/near-admin export as=jsonl").text
    assert reply.startswith("The export could not be sent.")
    (file,) = (tmp_path / "data" / "exports").glob("*/*")
    assert str(file) in reply


@pytest.fixture
def many_admins(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Team]:
    """Provide a bot that treats the workspace's admins as its own admins."""
    with serving(workspace, tmp_path / "data", workspace_admins=True) as team:
        yield team


def person(team: Team, *true: str) -> User:
    """Add a user with the given flags."""
    user = team.workspace.add_user("-".join(["cat", *true]))
    with team.workspace.state.change():
        for name in true:
            setattr(team.workspace.state.users[user.id], name, True)
        team.workspace.state.channels[team.channel.id].members.append(user.id)
    return user


@pytest.mark.one_bot  # each process requests the roles from Slack separately
def test_workspace_admins_are_bot_admins_if_enabled(many_admins: Team) -> None:
    calls = many_admins.workspace.calls
    for true, admin in (
        (["is_admin"], True),
        (["is_owner"], True),
        ([], False),
        (["is_admin", "deleted"], False),
        (["is_admin", "external"], False),
        (["is_admin", "is_guest"], False),
    ):
        cat, before = person(many_admins, *true), len(calls("users.info"))
        reply = many_admins.ask("/near-admin status", cat).text
        assert reply.startswith("g000001 is live" if admin else "Only admins"), true
        many_admins.ask("/near-admin log", cat)
        assert len(calls("users.info")) == before + 1, "the role is cached"


@pytest.mark.one_bot
def test_failed_admin_lookup_denies_access_and_is_retried(many_admins: Team) -> None:
    cat = person(many_admins, "is_admin")
    many_admins.workspace.fault("users.info", error="internal_error")
    assert many_admins.ask("/near-admin status", cat).text.startswith("Only admins")
    assert many_admins.ask("/near-admin status", cat).text.startswith("g000001 is live")
    many_admins.workspace.fault("users.info", status=503)
    assert many_admins.ask("/near-admin status").text.startswith("g000001"), "named in the settings"


def test_workspace_admins_are_not_bot_admins_by_default(team: Team) -> None:
    assert team.ask("/near-admin status", person(team, "is_owner")).text.startswith("Only admins")
    assert not team.workspace.calls("users.info")


def test_entries_questions_and_names_are_escaped(team: Team, words: Path) -> None:
    evil = "<!channel> <@U1> &lt;!here&gt; <http://evil.test|a>"
    workspace, ada = team.workspace, team.ada
    with workspace.state.change():
        workspace.state.users[ada.id].name = "<!here> *ada*"
    for number in range(3):
        write(words, f"Sail {number}", f"Cloth {evil}")
        page = PAGE.format(term=f"Sail {number}", text=evil, question=f"Sail {number} {evil}?")
        (words / f"sail {number}.md").write_text(page)
    (words / "<!channel>.md").write_text(f"---\nterm: {evil}\n---\n")
    type_command(team, "/near-admin reindex", team.ada)
    for verb in ("status", "generations", "log", "reindex --dry-run", "reindex <!channel>"):
        team.ask(f"/near-admin {verb}")
    press(team, team.ada, direct(team, team.ada, "is live"), "Roll back to g000001")
    assert direct(team, team.ada, "g000001 is live again").buttons == []
    status = team.ask("/near-admin status")
    press(team, team.ada, status, "Resume scheduled reindexing")
    team.workspace.wait(lambda: not team.store.ledger.generations.pointer().paused or None)
    for call in workspace.calls():
        if call.method in ("chat.postMessage", "chat.update", "response_url"):
            assert faults_in_markup(str(call.args.get("text", ""))) == []
            blocks = call.args.get("blocks") or "[]"
            assert dangers(json.loads(blocks) if isinstance(blocks, str) else blocks) == []
