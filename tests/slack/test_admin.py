"""Admin commands in Slack: reindex progress, buttons, rollback, and permissions."""

import csv
import io
import itertools
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.indexing import Indexer, IndexRequest
from index.build.reindex import ReindexResult
from index.sources.source import Source
from index.storage import Store
from tests.fake_slack import Call, Channel, Message, User, Workspace
from tests.fake_slack.model import JSON
from tests.slack.conftest import Team, serving
from tests.slack.views import opened_home, press, shown
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


@dataclass
class AdminTeam:
    """A team, and a channel with the bot."""

    team: Team
    crew: Channel

    @property
    def direct(self) -> Channel:
        """Ada's direct-message channel with the bot."""
        return self.team.workspace.dm(self.team.ada)

    def type(self, line: str, user: User | None = None, channel: Channel | None = None) -> None:
        """Type a command whose answer may appear in any conversation."""
        command, _, text = line.partition(" ")
        who, where = user or self.team.ada, channel or self.crew
        delivery = self.team.workspace.command(who, where, command, text)
        assert delivery.ok, delivery.error

    def ephemeral_reply(
        self, line: str, user: User | None = None, channel: Channel | None = None
    ) -> str:
        """Type a command and return its ephemeral reply."""
        before = len(self.ephemerals(user, channel))
        self.type(line, user, channel)
        return self.next_ephemeral(before, user, channel)

    def ephemerals(self, user: User | None = None, channel: Channel | None = None) -> list[Message]:
        return self.team.workspace.ephemerals(user or self.team.ada, channel or self.crew)

    def next_ephemeral(
        self, before: int, user: User | None = None, channel: Channel | None = None
    ) -> str:
        found = self.team.workspace.wait(
            lambda: self.ephemerals(user, channel)[before:], seconds=20
        )
        return found[0].text

    def message(self, containing: str, where: Channel | None = None, at: int = -1) -> Message:
        """Wait for a message with a text, in a channel or in ada's direct messages."""

        def found() -> Message | None:
            there = self.team.workspace.messages(where or self.direct)
            return there[at] if there and containing in there[at].text else None

        return self.team.workspace.wait(found, seconds=20)

    def direct_reply(self, do: Callable[[], object]) -> str:
        """Perform an action, and return the ephemeral reply in ada's direct messages."""
        before = len(self.ephemerals(channel=self.direct))
        do()
        return self.next_ephemeral(before, channel=self.direct)

    def press(self, message: Message, label: str, user: User | None = None) -> None:
        assert self.team.workspace.click(user or self.team.ada, message, label).ok

    def current(self) -> str | None:
        return self.team.store.ledger.generations.pointer().generation

    def audit(self) -> list[tuple[str, str, str, str | None]]:
        """Return the audit log, oldest entry first: user, action, outcome and generation."""
        records = self.team.store.ledger.audit.last(50)[::-1]
        return [(r.who, r.action, r.outcome, r.generation) for r in records]

    def wait_for_audit(self, *record: str | None) -> None:
        self.team.workspace.wait(lambda: record in self.audit())


@pytest.fixture
def admins(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[AdminTeam]:
    with serving(workspace, tmp_path / "data", [Source("words", str(words))]) as team:
        yield AdminTeam(team, workspace.add_channel("crew", [team.ada, team.ben]))


def reindexed(admins: AdminTeam, words: Path, text: str = "Cloth of many colours.") -> Message:
    """Reindex after changing one entry, and return the message with the outcome."""
    write(words, "Sail", text)
    before = len(admins.team.workspace.messages(admins.direct))
    admins.ephemeral_reply("/near-admin reindex")
    admins.team.workspace.wait(
        lambda: len(admins.team.workspace.messages(admins.direct)) > before, seconds=20
    )
    message = admins.message("is live")
    assert len(admins.team.workspace.messages(admins.direct)) == before + 1
    return message


def gaps(calls: list[Call]) -> list[float]:
    """Return the seconds between the end of each call and the start of the next."""
    return [
        later.at - (earlier.at + earlier.seconds) for earlier, later in itertools.pairwise(calls)
    ]


def who(user: User) -> str:
    return f"{user.name} ({user.id})"


# Reindex messages.


def test_reindex_updates_one_message_with_progress_and_changes(
    admins: AdminTeam, words: Path
) -> None:
    workspace = admins.team.workspace
    for number in range(20):
        write(words, f"Rope {number}", f"Rope number {number} is coiled slowly.")
    (words / "keel.md").unlink()
    write(words, "Sail", "Cloth of many colours.")
    admins.team.embedder.go.clear()
    admins.type("/near-admin reindex")
    admins.team.embedder.waiting.wait(10)
    began = admins.message("Reindexing: embedding passages ")
    assert " of " in began.text
    assert "▰" in began.text
    assert admins.current() == "g000001", "the current index answers during the build"
    admins.team.embedder.go.set()
    done = admins.message("g000002 is live. 20 added, 1 changed, 1 removed, 2 unchanged")
    assert done.ts == began.ts
    assert "passages embedded" in done.text
    assert "test questions" in done.text
    assert 'Most changed: "Who looks after the ' in done.text
    assert done.buttons == ["Keep", "Roll back to g000001"]
    calls = [c for c in workspace.calls() if c.method in ("chat.postMessage", "chat.update")]
    assert [c.method for c in calls].count("chat.postMessage") == 1
    assert min(gaps(calls)) >= 0.99
    assert len(admins.ephemerals()) == 1


def test_reindex_in_any_channel_is_reported_only_to_its_user(
    admins: AdminTeam, words: Path
) -> None:
    where = admins.team.channel  # without the bot
    write(words, "Sail", "Cloth, woven slowly.")
    admins.team.embedder.go.clear()
    reply = admins.ephemeral_reply("/near-admin reindex", channel=where)
    assert "are in a direct message to you" in reply, "sent immediately, not at the end"
    admins.team.embedder.go.set()
    done = admins.message("g000002 is live")
    assert done.buttons == ["Keep", "Roll back to g000001"]
    assert len(admins.team.workspace.messages(admins.direct)) == 1
    assert not admins.team.workspace.messages(where)
    assert len(admins.ephemerals(channel=where)) == 1


def test_reindex_without_changes_has_no_buttons(admins: AdminTeam) -> None:
    admins.type("/near-admin reindex")
    assert admins.message("Nothing changed: g000001 stays live, with 4 entries").buttons == []


def test_reindex_from_the_home_tab_reports_progress_in_a_direct_message(
    admins: AdminTeam, words: Path
) -> None:
    team = admins.team
    write(words, "Sail", "Cloth of many colours.")
    press(team, team.ada, opened_home(team, team.ada), "Reindex")
    reply = admins.message("g000002 is live. 0 added, 1 changed", team.workspace.dm(team.ada))
    assert reply.buttons == ["Keep", "Roll back to g000001"]
    admins.wait_for_audit(who(team.ada), "reindex", "done", "g000002")
    assert "*Sail*\nChanged" in shown(opened_home(team, team.ben))


def test_dry_run_report_is_ephemeral(admins: AdminTeam, words: Path) -> None:
    write(words, "Oar", "A pole with a blade.")
    (words / "bad.md").write_text("---\nterm: Red\n---\n")
    reply = admins.ephemeral_reply("/near-admin reindex —dry-run")
    assert "1 added, 0 changed, 0 removed, 4 unchanged. Nothing was changed." in reply
    assert admins.current() == "g000001"
    shown = json.dumps(admins.ephemerals()[-1].blocks)
    assert "words: 1 skipped, the first bad.md" in shown
    assert not admins.team.workspace.messages(admins.crew)


def test_status_generations_and_log_replies_are_ephemeral(admins: AdminTeam, words: Path) -> None:
    reindexed(admins, words)
    status = admins.ephemeral_reply("/near-admin status")
    assert status.startswith("g000002 is live: 4 entries, ")
    for part in (
        "model toy",
        "Built ",
        "0 added, 1 changed, 0 removed",
        "on disk",
        "No problems found.",
    ):
        assert part in status
    lines = admins.ephemeral_reply("/near-admin generations").splitlines()
    assert lines[0].startswith("g000002 (current): ")
    assert who(admins.team.ada) in lines[0]
    assert lines[1].startswith("g000001: ")
    assert f"{who(admins.team.ada)} · reindex · done" in admins.ephemeral_reply(
        "/near-admin log n=1"
    )
    assert len(admins.team.workspace.messages(admins.direct)) == 1
    admins.ephemeral_reply("/near-admin generations")
    listed = admins.ephemerals()[-1]
    assert listed.buttons == ["Roll back to g000001"]
    before = len(admins.ephemerals())
    admins.press(listed, "Roll back to g000001")
    assert "g000001 is live again" in admins.next_ephemeral(before)
    assert admins.current() == "g000001"


# Buttons of a reindex message.


def test_rollback_restores_the_texts_and_updates_the_message(
    admins: AdminTeam, words: Path
) -> None:
    done = reindexed(admins, words)
    assert "many colours" in admins.ephemeral_reply("/define sail")
    admins.press(done, "Roll back to g000001")
    settled = admins.message("g000001 is live again, with 4 entries, in place of g000002.")
    assert settled.ts == done.ts
    assert settled.buttons == []
    assert "g000002 is live" in settled.text
    assert "catches wind" in admins.ephemeral_reply("/define sail")
    assert "Scheduled reindexing is paused" in admins.ephemeral_reply("/near-admin status")


def test_edits_do_not_change_the_rollback_target(admins: AdminTeam, words: Path) -> None:
    reindexed(admins, words, "Cloth of one colour.")
    reindexed(admins, words, "Cloth of two colours.")
    for number in range(4, 9):
        admins.ephemeral_reply(f"/near-admin edit sail = Cloth of {number} colours.")
        admins.team.workspace.wait(lambda: admins.current() == f"g{number:06d}", seconds=20)  # noqa: B023
    listed = [
        line.partition(":")[0]
        for line in admins.ephemeral_reply("/near-admin generations").splitlines()
    ]
    assert listed[0] == "g000008 (current)"
    assert listed[1:6] == ["g000007", "g000006", "g000003", "g000002", "g000001"]
    admins.team.workspace.wait(
        lambda: "is live again" in admins.ephemeral_reply("/near-admin rollback g000001") or None,
        seconds=20,
    )
    assert "catches wind" in admins.ephemeral_reply("/define sail")


def test_admin_replies_are_never_shared_with_a_channel(admins: AdminTeam, words: Path) -> None:
    done = reindexed(admins, words)
    reply = admins.direct_reply(
        lambda: admins.team.workspace.forge(admins.team.ada, done, "share", "/near-admin log")
    )
    assert "reindex · done" in reply
    assert len(admins.team.workspace.messages(admins.direct)) == 1


def test_outdated_button_does_nothing_and_double_press_rolls_back_once(
    admins: AdminTeam, words: Path
) -> None:
    team = admins.team
    old = reindexed(admins, words, "Cloth of one colour.")
    done = reindexed(admins, words, "Cloth of two colours.")
    for label, why in (
        ("Roll back to g000001", "g000002 is no longer current, g000003 is"),
        ("Keep", "g000002 is not current (g000003 is); nothing was changed."),
    ):
        assert why in admins.direct_reply(lambda: admins.press(old, label))  # noqa: B023
    admins.wait_for_audit(who(team.ada), "rollback g000001 from=g000002", "failed", "g000003")
    payload = team.workspace.click(team.ada, done, "admin_rollback").payload
    admins.message("g000002 is live again")

    def send(again: JSON) -> None:
        time.sleep(1.1)  # signed again: the same signature would be a replay
        assert team.workspace.send("interactive", "block_actions", again, team.ada, "").ok

    send(payload)  # the same delivery
    reply = admins.direct_reply(lambda: send(payload | {"trigger_id": "another"}))
    assert "g000003 is no longer current, g000002 is" in reply
    assert admins.current() == "g000002"
    ended = [record[1:3] for record in admins.audit()]
    assert ended.count(("rollback g000002 from=g000003", "done")) == 1


# Concurrent reindexes and cancelling.


def test_second_reindex_is_refused_and_the_first_continues(admins: AdminTeam, words: Path) -> None:
    write(words, "Sail", "Cloth, woven slowly.")
    admins.team.embedder.go.clear()
    admins.type("/near-admin reindex")
    assert admins.team.embedder.waiting.wait(10)
    reply = admins.ephemeral_reply("/near-admin reindex")
    assert f"The index is already being built by {who(admins.team.ada)}" in reply
    rolled = admins.ephemeral_reply("/near-admin rollback g000001")
    assert "The index is already being built" in rolled
    assert "Reindexing for " in admins.ephemeral_reply("/near-admin status")
    admins.team.embedder.go.set()
    admins.message("g000002 is live")
    assert len(admins.team.workspace.messages(admins.direct)) == 1


def test_cancelled_reindex_changes_nothing(admins: AdminTeam, words: Path) -> None:
    for number in range(20):
        write(words, f"Rope {number}", f"Rope number {number} is coiled slowly.")
    admins.team.embedder.go.clear()
    admins.type("/near-admin reindex")
    assert admins.team.embedder.waiting.wait(10)
    reply = admins.ephemeral_reply("/near-admin reindex cancel")
    assert f"Stopping the reindex by {who(admins.team.ada)}" in reply
    time.sleep(1.5)  # the builder checks once a second whether to stop
    admins.team.embedder.go.set()
    admins.message("The reindex was stopped; nothing has changed.")
    assert admins.current() == "g000001"
    admins.wait_for_audit(who(admins.team.ada), "reindex cancel", "done", "g000001")
    admins.wait_for_audit(who(admins.team.ada), "reindex", "failed", "g000001")
    assert "No problems found." in admins.ephemeral_reply("/near-admin status")
    assert "No reindex is running." in admins.ephemeral_reply("/near-admin reindex cancel")


# Calls refused by Slack.


def test_reindex_result_arrives_despite_refused_calls(admins: AdminTeam, words: Path) -> None:
    workspace = admins.team.workspace
    workspace.fault("chat.update", status=503, times=2)
    reindexed(admins, words)
    with workspace.fault("chat.update", error="invalid_blocks", times=None):
        write(words, "Sail", "Cloth of no colour.")
        admins.type("/near-admin reindex")
        admins.message("g000003 is live")
    with workspace.fault("chat.postMessage", error="restricted_action", times=None):
        write(words, "Sail", "Cloth of many colours.")
        before = len(admins.ephemerals())
        admins.type("/near-admin reindex")
        workspace.wait(
            lambda: [m for m in admins.ephemerals()[before:] if "g000004 is live" in m.text],
            seconds=20,
        )


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
        crew = workspace.add_channel("crew", [team.ada, team.ben])
        admins = AdminTeam(team, crew)
        admins.type("/near-admin reindex")
        begun = admins.message("Reindexing")
        dying.go.set()
        admins.wait_for_audit(who(team.ada), "reindex", "failed", "g000001")
    with serving(workspace, tmp_path / "data", sources) as team:
        done = AdminTeam(team, crew).message("g000002 is live")
        assert done.ts == begun.ts
        assert len(workspace.messages(workspace.dm(team.ada))) == 1
        assert done.buttons == ["Keep", "Roll back to g000001"]


@pytest.mark.one_bot  # lets the bot's process crash
def test_rollback_finished_before_a_crash_is_not_repeated(
    workspace: Workspace, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [Source("words", str(words))]
    with monkeypatch.context() as patch, serving(workspace, tmp_path / "data", sources) as team:
        admins = AdminTeam(team, workspace.add_channel("crew", [team.ada, team.ben]))
        reindexed(admins, words, "Cloth of one colour.")
        reindexed(admins, words, "Cloth of two colours.")
        # The answer is lost.
        patch.setattr("bot.slack.handlers.command.send", lambda *_, **__: 60.0)
        before = len(admins.ephemerals())
        admins.type("/near-admin rollback")
        admins.wait_for_audit(who(team.ada), "rollback from=g000003", "done", "g000002")
    with serving(workspace, tmp_path / "data", sources) as team:
        admins = AdminTeam(team, admins.crew)
        assert "g000003 is no longer current, g000002 is" in admins.next_ephemeral(before)
        assert admins.current() == "g000002"


def test_export_is_sent_as_a_file_in_a_direct_message(admins: AdminTeam, tmp_path: Path) -> None:
    workspace = admins.team.workspace
    reply = admins.ephemeral_reply("/near-admin export words as=csv")
    assert reply == "3 entries of g000001: sent to you as a direct message."
    (shared,) = workspace.wait(lambda: [m for m in workspace.messages(admins.direct) if m.files])
    content = workspace.state.files[shared.files[0]["id"]].content
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert {row["term"] for row in rows} == set(WORDS)
    assert list((tmp_path / "data" / "exports").iterdir()) == [], "files are deleted"
    admins.wait_for_audit(who(admins.team.ada), "export words as=csv", "done", "g000001")


def test_error_for_an_unsent_export_contains_its_path(admins: AdminTeam, tmp_path: Path) -> None:
    admins.team.workspace.fault("files.completeUploadExternal", error="internal_error")
    reply = admins.ephemeral_reply("/near-admin export as=jsonl")
    assert reply.startswith("The export could not be sent.")
    (file,) = (tmp_path / "data" / "exports").glob("*/*")
    assert str(file) in reply


@pytest.fixture
def many_admins(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[AdminTeam]:
    """Provide a bot that treats the workspace's admins as its own admins."""
    with serving(workspace, tmp_path / "data", workspace_admins=True) as team:
        yield AdminTeam(team, workspace.add_channel("crew"))


def person(admins: AdminTeam, *true: str) -> User:
    """Add a user with the given flags."""
    user = admins.team.workspace.add_user("-".join(["cat", *true]))
    with admins.team.workspace.state.change():
        for name in true:
            setattr(admins.team.workspace.state.users[user.id], name, True)
        admins.team.workspace.state.channels[admins.crew.id].members.append(user.id)
    return user


@pytest.mark.one_bot  # each process requests the roles from Slack separately
def test_workspace_admins_are_bot_admins_if_enabled(many_admins: AdminTeam) -> None:
    calls = many_admins.team.workspace.calls
    for true, admin in (
        (["is_admin"], True),
        (["is_owner"], True),
        ([], False),
        (["is_admin", "deleted"], False),
        (["is_admin", "external"], False),
        (["is_admin", "is_guest"], False),
    ):
        cat, before = person(many_admins, *true), len(calls("users.info"))
        reply = many_admins.ephemeral_reply("/near-admin status", cat)
        assert reply.startswith("g000001 is live" if admin else "Only admins"), true
        many_admins.ephemeral_reply("/near-admin log", cat)
        assert len(calls("users.info")) == before + 1, "the role is cached"


@pytest.mark.one_bot
def test_failed_admin_lookup_denies_access_and_is_retried(many_admins: AdminTeam) -> None:
    cat = person(many_admins, "is_admin")
    many_admins.team.workspace.fault("users.info", error="internal_error")
    assert many_admins.ephemeral_reply("/near-admin status", cat).startswith("Only admins")
    assert many_admins.ephemeral_reply("/near-admin status", cat).startswith("g000001 is live")
    many_admins.team.workspace.fault("users.info", status=503)
    assert many_admins.ephemeral_reply("/near-admin status").startswith("g000001"), (
        "named in the settings"
    )


def test_workspace_admins_are_not_bot_admins_by_default(admins: AdminTeam) -> None:
    assert admins.ephemeral_reply("/near-admin status", person(admins, "is_owner")).startswith(
        "Only admins"
    )
    assert not admins.team.workspace.calls("users.info")


# Escaping of entries, questions and names.


def test_entries_questions_and_names_are_escaped(admins: AdminTeam, words: Path) -> None:
    evil = "<!channel> <@U1> &lt;!here&gt; <http://evil.test|a>"
    workspace, ada = admins.team.workspace, admins.team.ada
    with workspace.state.change():
        workspace.state.users[ada.id].name = "<!here> *ada*"
    for number in range(3):
        write(words, f"Sail {number}", f"Cloth {evil}")
        page = PAGE.format(term=f"Sail {number}", text=evil, question=f"Sail {number} {evil}?")
        (words / f"sail {number}.md").write_text(page)
    (words / "<!channel>.md").write_text(f"---\nterm: {evil}\n---\n")
    admins.type("/near-admin reindex")
    admins.press(admins.message("is live"), "Keep")
    assert admins.message("g000002 stays.").buttons == []
    for verb in ("status", "generations", "log", "reindex --dry-run", "reindex <!channel>"):
        admins.ephemeral_reply(f"/near-admin {verb}")
    for call in workspace.calls():
        if call.method in ("chat.postMessage", "chat.update", "response_url"):
            assert faults_in_markup(str(call.args.get("text", ""))) == []
            blocks = call.args.get("blocks") or "[]"
            assert dangers(json.loads(blocks) if isinstance(blocks, str) else blocks) == []
