"""Admin commands in Slack: reindex progress, buttons, rollback, and permissions."""

import csv
import io
import itertools
import json
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.indexing import Indexer, IndexRequest
from index.build.reindex import ReindexResult
from index.sources.source import Source
from index.storage import Store
from tests.fake_slack import Call, Message, User, Workspace
from tests.fake_slack.model import JSON
from tests.slack.team import Team, serving
from tests.slack.views import opened_home, press, shown
from tests.slack.writing import direct, type_command
from tests.support.bundled import replace_bundled
from tests.support.gates import SlowEmbedder
from tests.unit.bot.slack import dangers, faults_in_markup

WORDS = {
    "Sail": "Cloth that catches wind.",
    "Mast": "A tall pole that carries sails.",
    "Keel": "The backbone of a ship.",
}
PAGE = (
    "---\nterm: {term}\ncategory: Ships\n---\n{text}\n\n## Questions\n### {question}\nThe crew.\n"
)


def write(folder: Path, term: str, text: str) -> None:
    page = PAGE.format(term=term, text=text, question=f"Who looks after the {term.casefold()}?")
    (folder / f"{term.casefold()}.md").write_text(page, encoding="utf-8")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index a folder of pages as g000001 in `data`, with a one-page encyclopedia in `bundled`."""
    base = tmp_path_factory.mktemp("ships")
    (base / "bundled").mkdir()
    (base / "words").mkdir()
    write(base / "bundled", "Anchor", "An iron hook that holds a ship.")
    for term, text in WORDS.items():
        write(base / "words", term, text)
    store = Store(base / "data")
    sources = (Source("words", str(base / "words")),)
    with pytest.MonkeyPatch.context() as patch:
        replace_bundled(base / "bundled", patch.setattr)
        done = Indexer(store, SlowEmbedder(), sources).run(IndexRequest(by="operator"))
    assert isinstance(done, ReindexResult), done
    store.close()
    return base


@pytest.fixture
def words(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide the indexed folder of pages, in a separate data directory."""
    replace_bundled(indexed / "bundled", monkeypatch.setattr)
    shutil.copytree(indexed / "data", tmp_path / "data")
    folder = indexed / "words"
    for page in folder.iterdir():
        page.unlink()
    for term, text in WORDS.items():
        write(folder, term, text)
    return folder


@pytest.fixture(scope="module")
def mode() -> str:
    return "http"


def direct_reply(team: Team, do: Callable[[], object]) -> str:
    """Perform an action, and return the ephemeral reply in ada's direct messages."""
    dm = team.workspace.dm(team.ada)
    before = len(team.workspace.ephemerals(team.ada, dm))
    do()
    return team.next_ephemeral(team.ada, before, dm).text


def current(team: Team) -> str | None:
    return team.store.ledger.generations.pointer().generation


def audit(team: Team) -> list[tuple[str, str, str, str | None]]:
    """Return the audit log, oldest entry first: user, action, outcome and generation."""
    records = team.store.ledger.audit.last(50)[::-1]
    return [(r.who, r.action, r.outcome, r.generation) for r in records]


def wait_for_audit(team: Team, *record: str | None) -> None:
    team.workspace.wait(lambda: record in audit(team))


@pytest.fixture
def team(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Team]:
    with serving(workspace, tmp_path / "data", [Source("words", str(words))]) as team:
        yield team


def reindexed(team: Team, words: Path, text: str = "Cloth of many colours.") -> Message:
    """Reindex after changing one entry, and return the message with the outcome."""
    write(words, "Sail", text)
    before = len(team.workspace.messages(team.workspace.dm(team.ada)))
    team.ask("/near-admin reindex")
    team.workspace.wait(
        lambda: len(team.workspace.messages(team.workspace.dm(team.ada))) > before, seconds=20
    )
    message = direct(team, team.ada, "is live")
    assert len(team.workspace.messages(team.workspace.dm(team.ada))) == before + 1
    return message


def gaps(calls: list[Call]) -> list[float]:
    """Return the seconds between the end of each call and the start of the next."""
    return [
        later.at - (earlier.at + earlier.seconds) for earlier, later in itertools.pairwise(calls)
    ]


def who(user: User) -> str:
    return f"{user.name} ({user.id})"


# Reindex messages.


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
    assert done.buttons == ["Keep", "Roll back to g000001"]
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
    assert reply.buttons == ["Keep", "Roll back to g000001"]
    wait_for_audit(team, who(team.ada), "reindex", "done", "g000002")
    assert "*Sail*\nChanged" in shown(opened_home(team, team.ben))


def test_dry_run_report_is_ephemeral(team: Team, words: Path) -> None:
    write(words, "Oar", "A pole with a blade.")
    (words / "bad.md").write_text("---\nterm: Red\n---\n")
    reply = team.ask("/near-admin reindex —dry-run")
    assert "1 added, 0 changed, 0 removed, 4 unchanged. Nothing was changed." in reply.text
    assert current(team) == "g000001"
    assert "words: 1 skipped, the first bad.md" in json.dumps(reply.blocks)
    assert not team.workspace.messages(team.channel)


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
    assert lines[0].startswith("g000002 (current): ")
    assert who(team.ada) in lines[0]
    assert lines[1].startswith("g000001: ")
    assert f"{who(team.ada)} · reindex · done" in team.ask("/near-admin log n=1").text
    assert len(team.workspace.messages(team.workspace.dm(team.ada))) == 1
    assert listed.buttons == ["Roll back to g000001"]
    assert "g000001 is live again" in team.pressed(team.ada, listed, "Roll back to g000001").text
    assert current(team) == "g000001"


# Buttons of a reindex message.


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


def test_edits_do_not_change_the_rollback_target(team: Team, words: Path) -> None:
    reindexed(team, words, "Cloth of one colour.")
    reindexed(team, words, "Cloth of two colours.")
    for number in range(4, 9):
        team.ask(f"/near-admin edit sail = Cloth of {number} colours.")
        team.workspace.wait(lambda: current(team) == f"g{number:06d}", seconds=20)  # noqa: B023
    listed = [
        line.partition(":")[0] for line in team.ask("/near-admin generations").text.splitlines()
    ]
    assert listed[0] == "g000008 (current)"
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
    for label, why in (
        ("Roll back to g000001", "g000002 is no longer current, g000003 is"),
        ("Keep", "g000002 is not current (g000003 is); nothing was changed."),
    ):
        assert why in team.pressed(team.ada, old, label).text
    wait_for_audit(team, who(team.ada), "rollback g000001 from=g000002", "failed", "g000003")
    payload = team.workspace.click(team.ada, done, "admin_rollback").payload
    direct(team, team.ada, "g000002 is live again")

    def send(again: JSON) -> None:
        time.sleep(1.1)  # signed again: the same signature would be a replay
        assert team.workspace.send("interactive", "block_actions", again, team.ada, "").ok

    send(payload)  # the same delivery
    reply = direct_reply(team, lambda: send(payload | {"trigger_id": "another"}))
    assert "g000003 is no longer current, g000002 is" in reply
    assert current(team) == "g000002"
    ended = [record[1:3] for record in audit(team)]
    assert ended.count(("rollback g000002 from=g000003", "done")) == 1


# Concurrent reindexes and cancelling.


def test_second_reindex_is_refused_and_the_first_continues(team: Team, words: Path) -> None:
    write(words, "Sail", "Cloth, woven slowly.")
    team.embedder.go.clear()
    type_command(team, "/near-admin reindex", team.ada)
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
    type_command(team, "/near-admin reindex", team.ada)
    assert team.embedder.waiting.wait(10)
    reply = team.ask("/near-admin reindex cancel").text
    assert f"Stopping the reindex by {who(team.ada)}" in reply
    time.sleep(1.5)  # the builder checks once a second whether to stop
    team.embedder.go.set()
    direct(team, team.ada, "The reindex was stopped; nothing has changed.")
    assert current(team) == "g000001"
    wait_for_audit(team, who(team.ada), "reindex cancel", "done", "g000001")
    wait_for_audit(team, who(team.ada), "reindex", "failed", "g000001")
    assert "No problems found." in team.ask("/near-admin status").text
    assert "No reindex is running." in team.ask("/near-admin reindex cancel").text


# Calls refused by Slack.


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
        assert done.buttons == ["Keep", "Roll back to g000001"]


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
        assert "g000003 is no longer current, g000002 is" in reply.text
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


# Escaping of entries, questions and names.


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
    press(team, team.ada, direct(team, team.ada, "is live"), "Keep")
    assert direct(team, team.ada, "g000002 stays.").buttons == []
    for verb in ("status", "generations", "log", "reindex --dry-run", "reindex <!channel>"):
        team.ask(f"/near-admin {verb}")
    for call in workspace.calls():
        if call.method in ("chat.postMessage", "chat.update", "response_url"):
            assert faults_in_markup(str(call.args.get("text", ""))) == []
            blocks = call.args.get("blocks") or "[]"
            assert dangers(json.loads(blocks) if isinstance(blocks, str) else blocks) == []
