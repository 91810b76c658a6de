"""Admins in Slack: a reindex that tells how far it is, its buttons, going back, and who may."""

from __future__ import annotations

import csv
import io
import itertools
import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.indexing import Indexer, IndexRequest
from index.build.reindex import Reindexed
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
    """A folder of pages, `words`, indexed in `data` as g000001 beside an encyclopedia of one page,
    `bundled`."""
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
    assert isinstance(done, Reindexed), done
    store.close()
    return base


@pytest.fixture
def words(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of pages as it was indexed, in a data directory of one's own."""
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
class Desk:
    """A team at work, and a channel that the bot is in."""

    team: Team
    crew: Channel

    @property
    def direct(self) -> Channel:
        """The direct messages of ada with the bot."""
        return self.team.workspace.dm(self.team.ada)

    def type(self, line: str, user: User | None = None, channel: Channel | None = None) -> None:
        """Types a command; its answer may come anywhere."""
        command, _, text = line.partition(" ")
        who, where = user or self.team.ada, channel or self.crew
        delivery = self.team.workspace.command(who, where, command, text)
        assert delivery.ok, delivery.error

    def told(self, line: str, user: User | None = None, channel: Channel | None = None) -> str:
        """What its author alone is told after a command."""
        before = len(self.alone(user, channel))
        self.type(line, user, channel)
        return self.next_alone(before, user, channel)

    def alone(self, user: User | None = None, channel: Channel | None = None) -> list[Message]:
        return self.team.workspace.ephemerals(user or self.team.ada, channel or self.crew)

    def next_alone(
        self, before: int, user: User | None = None, channel: Channel | None = None
    ) -> str:
        found = self.team.workspace.wait(lambda: self.alone(user, channel)[before:], seconds=20)
        return found[0].text

    def message(self, containing: str, where: Channel | None = None, at: int = -1) -> Message:
        """A message in a channel, or in ada's direct messages, once it contains a text."""

        def found() -> Message | None:
            there = self.team.workspace.messages(where or self.direct)
            return there[at] if there and containing in there[at].text else None

        return self.team.workspace.wait(found, seconds=20)

    def told_directly(self, do: Callable[[], object]) -> str:
        """What ada alone is told among her direct messages after something was done."""
        before = len(self.alone(channel=self.direct))
        do()
        return self.next_alone(before, channel=self.direct)

    def press(self, message: Message, label: str, user: User | None = None) -> None:
        assert self.team.workspace.click(user or self.team.ada, message, label).ok

    def current(self) -> str | None:
        return self.team.store.ledger.generations.pointer().generation

    def audit(self) -> list[tuple[str, str, str, str | None]]:
        """Who did what, how it ended, and the generation, the oldest first."""
        records = self.team.store.ledger.audit.last(50)[::-1]
        return [(r.who, r.action, r.outcome, r.generation) for r in records]

    def noted(self, *record: str | None) -> None:
        self.team.workspace.wait(lambda: record in self.audit())


@pytest.fixture
def desk(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Desk]:
    with serving(workspace, tmp_path / "data", [Source("words", str(words))]) as team:
        yield Desk(team, workspace.add_channel("crew", [team.ada, team.ben]))


def reindexed(desk: Desk, words: Path, text: str = "Cloth of many colours.") -> Message:
    """The message of a reindex that changed one entry."""
    write(words, "Sail", text)
    before = len(desk.team.workspace.messages(desk.direct))
    desk.told("/near-admin reindex")
    desk.team.workspace.wait(
        lambda: len(desk.team.workspace.messages(desk.direct)) > before, seconds=20
    )
    message = desk.message("is live")
    assert len(desk.team.workspace.messages(desk.direct)) == before + 1
    return message


def gaps(calls: list[Call]) -> list[float]:
    """The seconds between calls, from the end of one to the beginning of the next."""
    return [
        later.at - (earlier.at + earlier.seconds) for earlier, later in itertools.pairwise(calls)
    ]


def who(user: User) -> str:
    return f"{user.name} ({user.id})"


# What a reindex tells.


def test_a_reindex_is_one_message_that_tells_how_far_it_is_and_what_changed(
    desk: Desk, words: Path
) -> None:
    workspace = desk.team.workspace
    for number in range(20):
        write(words, f"Rope {number}", f"Rope number {number} is coiled slowly.")
    (words / "keel.md").unlink()
    write(words, "Sail", "Cloth of many colours.")
    desk.team.embedder.go.clear()
    desk.type("/near-admin reindex")
    desk.team.embedder.waiting.wait(10)
    began = desk.message("Reindexing: embedding passages ")
    assert " of " in began.text
    assert "▰" in began.text
    assert desk.current() == "g000001", "it answers while the next one is built"
    desk.team.embedder.go.set()
    done = desk.message("g000002 is live. 20 added, 1 changed, 1 removed, 2 unchanged")
    assert done.ts == began.ts
    assert "passages embedded" in done.text
    assert "test questions" in done.text
    assert 'Most changed: "Who looks after the ' in done.text
    assert done.buttons == ["Keep", "Roll back to g000001"]
    calls = [c for c in workspace.calls() if c.method in ("chat.postMessage", "chat.update")]
    assert [c.method for c in calls].count("chat.postMessage") == 1
    assert min(gaps(calls)) >= 0.99
    assert len(desk.alone()) == 1


@pytest.mark.parametrize("member", [True, False])
def test_a_reindex_is_told_to_the_asker_alone_whether_or_not_the_bot_is_in_the_channel(
    desk: Desk, words: Path, member: bool
) -> None:
    where = desk.crew if member else desk.team.channel
    write(words, "Sail", "Cloth, woven slowly.")
    desk.team.embedder.go.clear()
    told = desk.told("/near-admin reindex", channel=where)
    assert "A direct message tells you" in told, "told at once, not when it has ended"
    desk.team.embedder.go.set()
    done = desk.message("g000002 is live")
    assert done.buttons == ["Keep", "Roll back to g000001"]
    assert len(desk.team.workspace.messages(desk.direct)) == 1
    assert not desk.team.workspace.messages(where)
    assert len(desk.alone(channel=where)) == 1


def test_a_reindex_with_nothing_to_do_offers_nothing(desk: Desk) -> None:
    team = desk.team
    desk.type("/near-admin reindex")
    assert desk.message("Nothing changed: g000001 stays live, with 4 entries").buttons == []
    press(team, team.ada, opened_home(team, team.ada), "Reindex")
    team.workspace.wait(lambda: len(team.workspace.messages(desk.direct)) == 2, seconds=10)
    desk.message("Nothing changed: g000001 stays live")
    team.quiet()


def test_a_reindex_from_home_tells_in_a_direct_message_how_far_it_is(
    desk: Desk, words: Path
) -> None:
    team = desk.team
    write(words, "Sail", "Cloth of many colours.")
    press(team, team.ada, opened_home(team, team.ada), "Reindex")
    told = desk.message("g000002 is live. 0 added, 1 changed", team.workspace.dm(team.ada))
    assert told.buttons == ["Keep", "Roll back to g000001"]
    desk.noted(who(team.ada), "reindex", "done", "g000002")
    assert "*Sail*\nChanged" in shown(opened_home(team, team.ben))


def test_a_dry_run_is_told_to_the_asker_alone(desk: Desk, words: Path) -> None:
    write(words, "Oar", "A pole with a blade.")
    (words / "bad.md").write_text("---\nterm: Red\n---\n")
    told = desk.told("/near-admin reindex —dry-run")
    assert "1 added, 0 changed, 0 removed, 4 unchanged. Nothing was changed." in told
    assert desk.current() == "g000001"
    shown = json.dumps(desk.alone()[-1].blocks)
    assert "words: 1 skipped, the first bad.md" in shown
    assert not desk.team.workspace.messages(desk.crew)


def test_status_generations_and_log_are_told_to_the_asker_alone(desk: Desk, words: Path) -> None:
    reindexed(desk, words)
    status = desk.told("/near-admin status")
    assert status.startswith("g000002 answers: 4 entries, ")
    for part in (
        "by toy",
        "Built ",
        "0 added, 1 changed, 0 removed",
        "on disk",
        "No problems found.",
    ):
        assert part in status
    lines = desk.told("/near-admin generations").splitlines()
    assert lines[0].startswith("g000002 (current): ")
    assert who(desk.team.ada) in lines[0]
    assert lines[1].startswith("g000001: ")
    assert f"{who(desk.team.ada)} · reindex · done" in desk.told("/near-admin log n=1")
    assert len(desk.team.workspace.messages(desk.direct)) == 1
    desk.told("/near-admin generations")
    listed = desk.alone()[-1]
    assert listed.buttons == ["Roll back to g000001"]
    before = len(desk.alone())
    desk.press(listed, "Roll back to g000001")
    assert "g000001 is live again" in desk.next_alone(before)
    assert desk.current() == "g000001"


# Its buttons.


def test_roll_back_brings_the_texts_back_and_the_message_says_so(desk: Desk, words: Path) -> None:
    done = reindexed(desk, words)
    assert "many colours" in desk.told("/define sail")
    desk.press(done, "Roll back to g000001")
    settled = desk.message("g000001 is live again, with 4 entries, in place of g000002.")
    assert settled.ts == done.ts
    assert settled.buttons == []
    assert "g000002 is live" in settled.text
    assert "catches wind" in desk.told("/define sail")
    assert "Scheduled reindexing is paused" in desk.told("/near-admin status")


def test_edits_leave_what_can_be_gone_back_to(desk: Desk, words: Path) -> None:
    reindexed(desk, words, "Cloth of one colour.")
    reindexed(desk, words, "Cloth of two colours.")
    for number in range(4, 9):
        desk.told(f"/near-admin edit sail = Cloth of {number} colours.")
        desk.team.workspace.wait(lambda: desk.current() == f"g{number:06d}", seconds=20)  # noqa: B023
    listed = [line.partition(":")[0] for line in desk.told("/near-admin generations").splitlines()]
    assert listed[0] == "g000008 (current)"
    assert listed[1:6] == ["g000007", "g000006", "g000003", "g000002", "g000001"]
    desk.team.workspace.wait(
        lambda: "is live again" in desk.told("/near-admin rollback g000001") or None, seconds=20
    )
    assert "catches wind" in desk.told("/define sail")


def test_keep_ends_the_waiting_and_the_choice(desk: Desk, words: Path) -> None:
    done = reindexed(desk, words)
    desk.press(done, "Keep")
    assert desk.message("g000002 stays.").buttons == []
    assert desk.current() == "g000002"


def test_who_is_no_admin_is_refused_by_command_and_by_button_and_it_is_noted(
    desk: Desk, words: Path
) -> None:
    team, workspace = desk.team, desk.team.workspace
    done = reindexed(desk, words)
    shown = workspace.calls("chat.update")
    for line in ("status", "reindex", "reindex cancel", "generations", "rollback", "keep", "log"):
        told = desk.told(f"/near-admin {line}", team.ben)
        assert told.startswith("Only admins of Nearsay can do that.")
        desk.noted(who(team.ben), line, "refused", "g000002")
    assert "Only admins" in desk.told("/near-admin export as=csv", team.ben)
    for action_id, action in (
        ("admin_rollback", "rollback g000001 from=g000002"),
        ("admin_keep", "keep g000002"),
        ("more", "rollback g000001"),
        ("share", "rollback"),
    ):
        before = len(desk.alone(team.ben, desk.direct))
        assert workspace.forge(team.ben, done, action_id, f"/near-admin {action}").ok
        assert "Only admins" in desk.next_alone(before, team.ben, desk.direct)
        desk.noted(who(team.ben), action, "refused", "g000002")
    assert desk.current() == "g000002"
    assert workspace.calls("chat.update") == shown, "the message stays as it was"


def test_what_an_admins_line_gives_is_never_shared_with_a_channel(desk: Desk, words: Path) -> None:
    done = reindexed(desk, words)
    told = desk.told_directly(
        lambda: desk.team.workspace.forge(desk.team.ada, done, "share", "/near-admin log")
    )
    assert "reindex · done" in told
    assert len(desk.team.workspace.messages(desk.direct)) == 1


def test_an_old_button_does_nothing_and_the_same_one_pressed_twice_goes_back_once(
    desk: Desk, words: Path
) -> None:
    team = desk.team
    old = reindexed(desk, words, "Cloth of one colour.")
    done = reindexed(desk, words, "Cloth of two colours.")
    for label, why in (
        ("Roll back to g000001", "g000002 is not current any more, g000003 is; nothing was"),
        ("Keep", "g000002 is not current, g000003 is; nothing was changed."),
    ):
        assert why in desk.told_directly(lambda: desk.press(old, label))  # noqa: B023
    desk.noted(who(team.ada), "rollback g000001 from=g000002", "failed", "g000003")
    payload = team.workspace.click(team.ada, done, "admin_rollback").payload
    desk.message("g000002 is live again")

    def send(again: JSON) -> None:
        time.sleep(1.1)  # so that it is signed again; with the same signature it is a replay
        assert team.workspace.send("interactive", "block_actions", again, team.ada, "").ok

    send(payload)  # the very same delivery
    told = desk.told_directly(lambda: send(payload | {"trigger_id": "another"}))
    assert "g000003 is not current any more, g000002 is" in told
    assert desk.current() == "g000002"
    ended = [record[1:3] for record in desk.audit()]
    assert ended.count(("rollback g000002 from=g000003", "done")) == 1


# Several at once, and stopping.


def test_a_second_reindex_is_told_who_builds_and_the_first_goes_on(desk: Desk, words: Path) -> None:
    write(words, "Sail", "Cloth, woven slowly.")
    desk.team.embedder.go.clear()
    desk.type("/near-admin reindex")
    assert desk.team.embedder.waiting.wait(10)
    told = desk.told("/near-admin reindex")
    assert f"The index is being built already, by {who(desk.team.ada)}" in told
    rolled = desk.told("/near-admin rollback g000001")
    assert "The index is being built already" in rolled
    assert "Reindexing for " in desk.told("/near-admin status")
    desk.team.embedder.go.set()
    desk.message("g000002 is live")
    assert len(desk.team.workspace.messages(desk.direct)) == 1


def test_cancel_stops_a_reindex_and_nothing_has_changed(desk: Desk, words: Path) -> None:
    for number in range(20):
        write(words, f"Rope {number}", f"Rope number {number} is coiled slowly.")
    desk.team.embedder.go.clear()
    desk.type("/near-admin reindex")
    assert desk.team.embedder.waiting.wait(10)
    told = desk.told("/near-admin reindex cancel")
    assert f"Stopping the reindex by {who(desk.team.ada)}" in told
    time.sleep(1.5)  # the builder looks once a second whether it is to stop
    desk.team.embedder.go.set()
    desk.message("The reindex was stopped; nothing has changed.")
    assert desk.current() == "g000001"
    desk.noted(who(desk.team.ada), "reindex cancel", "done", "g000001")
    desk.noted(who(desk.team.ada), "reindex", "failed", "g000001")
    assert "No problems found." in desk.told("/near-admin status")
    assert "No reindex is running." in desk.told("/near-admin reindex cancel")


# When Slack does not take what we send.


def test_while_slack_limits_updates_they_wait_and_the_result_comes(desk: Desk, words: Path) -> None:
    fault = desk.team.workspace.fault("chat.update", status=429, retry_after=2)
    reindexed(desk, words)
    assert fault.hits == 1
    after_the_refusal, *later = gaps(desk.team.workspace.calls("chat.update"))
    assert after_the_refusal >= 1.9
    assert all(gap >= 0.99 for gap in later), "as often as ever, where a reindex takes longer"


def test_what_slack_does_not_take_is_told_in_another_way(desk: Desk, words: Path) -> None:
    workspace = desk.team.workspace
    workspace.fault("chat.update", status=503, times=2)
    reindexed(desk, words)
    with workspace.fault("chat.update", error="invalid_blocks", times=None):
        write(words, "Sail", "Cloth of no colour.")
        desk.type("/near-admin reindex")
        desk.message("g000003 is live")
    with workspace.fault("chat.postMessage", error="restricted_action", times=None):
        write(words, "Sail", "Cloth of many colours.")
        before = len(desk.alone())
        desk.type("/near-admin reindex")
        workspace.wait(
            lambda: [m for m in desk.alone()[before:] if "g000004 is live" in m.text], seconds=20
        )


# A process that dies.


@pytest.mark.one_bot  # it lets the process of the bot crash
def test_a_reindex_that_a_crash_cut_short_is_taken_up_in_the_same_message(
    workspace: Workspace, words: Path, tmp_path: Path
) -> None:
    sources = [Source("words", str(words))]
    write(words, "Sail", "Cloth, woven slowly.")
    dying = SlowEmbedder()
    dying.dies = True
    dying.go.clear()
    with serving(workspace, tmp_path / "data", sources, embedder=dying) as team:
        crew = workspace.add_channel("crew", [team.ada, team.ben])
        desk = Desk(team, crew)
        desk.type("/near-admin reindex")
        begun = desk.message("Reindexing")
        dying.go.set()
        desk.noted(who(team.ada), "reindex", "failed", "g000001")
    with serving(workspace, tmp_path / "data", sources) as team:
        done = Desk(team, crew).message("g000002 is live")
        assert done.ts == begun.ts
        assert len(workspace.messages(workspace.dm(team.ada))) == 1
        assert done.buttons == ["Keep", "Roll back to g000001"]


@pytest.mark.one_bot  # it lets the process of the bot crash
def test_going_back_that_was_done_before_a_crash_is_not_done_again(
    workspace: Workspace, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [Source("words", str(words))]
    with serving(workspace, tmp_path / "data", sources) as team:
        desk = Desk(team, workspace.add_channel("crew", [team.ada, team.ben]))
        reindexed(desk, words, "Cloth of one colour.")
        reindexed(desk, words, "Cloth of two colours.")
        with monkeypatch.context() as patch:
            patch.setattr(
                "bot.slack.handlers.command.send", lambda *_, **__: 60.0
            )  # the answer is lost
            before = len(desk.alone())
            desk.type("/near-admin rollback")
            desk.noted(who(team.ada), "rollback from=g000003", "done", "g000002")
    with serving(workspace, tmp_path / "data", sources) as team:
        desk = Desk(team, desk.crew)
        assert "g000003 is not current any more, g000002 is" in desk.next_alone(before)
        assert desk.current() == "g000002"


# Taking entries out.


def test_an_export_is_a_file_in_a_direct_message(desk: Desk, tmp_path: Path) -> None:
    workspace = desk.team.workspace
    for count, form in enumerate(("markdown", "csv"), start=1):
        told = desk.told(f"/near-admin export words as={form}")
        assert told == "3 entries of g000001: sent to you as a direct message."
        shared = workspace.wait(
            lambda: [m for m in workspace.messages(desk.direct) if m.files][count - 1 :]  # noqa: B023
        )
        content = workspace.state.files[shared[0].files[0]["id"]].content
        if form == "csv":
            rows = list(csv.DictReader(io.StringIO(content.decode())))
            assert {row["term"] for row in rows} == set(WORDS)
        else:
            with zipfile.ZipFile(io.BytesIO(content)) as pages:
                assert sum(name.endswith(".md") for name in pages.namelist()) == 3
        assert list((tmp_path / "data" / "exports").iterdir()) == [], "what was sent does not stay"
        desk.noted(who(desk.team.ada), f"export words as={form}", "done", "g000001")


def test_an_export_that_cannot_be_sent_says_where_it_is(desk: Desk, tmp_path: Path) -> None:
    desk.team.workspace.fault("files.completeUploadExternal", error="internal_error")
    told = desk.told("/near-admin export as=jsonl")
    assert told.startswith("The export could not be sent to you.")
    (file,) = (tmp_path / "data" / "exports").glob("*/*")
    assert str(file) in told


# Admins of the workspace.


@pytest.fixture
def many_admins(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Desk]:
    """The workspace's own admins count too."""
    with serving(workspace, tmp_path / "data", workspace_admins=True) as team:
        yield Desk(team, workspace.add_channel("crew"))


def person(desk: Desk, *true: str) -> User:
    """Somebody of whom these are true."""
    user = desk.team.workspace.add_user("-".join(["cat", *true]))
    with desk.team.workspace.state.change():
        for name in true:
            setattr(desk.team.workspace.state.users[user.id], name, True)
        desk.team.workspace.state.channels[desk.crew.id].members.append(user.id)
    return user


@pytest.mark.one_bot  # each process asks Slack for itself
def test_admins_of_the_workspace_are_admins_where_that_is_set(many_admins: Desk) -> None:
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
        told = many_admins.told("/near-admin status", cat)
        assert told.startswith("g000001 answers" if admin else "Only admins"), true
        many_admins.told("/near-admin log", cat)
        assert len(calls("users.info")) == before + 1, "what Slack said holds for a while"


@pytest.mark.one_bot
def test_when_slack_does_not_say_nobody_is_an_admin_and_it_is_asked_again(
    many_admins: Desk,
) -> None:
    cat = person(many_admins, "is_admin")
    many_admins.team.workspace.fault("users.info", error="internal_error")
    assert many_admins.told("/near-admin status", cat).startswith("Only admins")
    assert many_admins.told("/near-admin status", cat).startswith("g000001 answers")
    many_admins.team.workspace.fault("users.info", status=503)
    assert many_admins.told("/near-admin status").startswith("g000001"), "named in the settings"


def test_admins_of_the_workspace_are_nobody_where_it_is_not_set(desk: Desk) -> None:
    assert desk.told("/near-admin status", person(desk, "is_owner")).startswith("Only admins")
    assert not desk.team.workspace.calls("users.info")


# What is written in entries, questions and names.


def test_nothing_of_entries_questions_and_names_comes_out_live(desk: Desk, words: Path) -> None:
    evil = "<!channel> <@U1> &lt;!here&gt; <http://evil.test|a>"
    workspace, ada = desk.team.workspace, desk.team.ada
    with workspace.state.change():
        workspace.state.users[ada.id].name = "<!here> *ada*"
    for number in range(3):
        write(words, f"Sail {number}", f"Cloth {evil}")
        page = PAGE.format(term=f"Sail {number}", text=evil, question=f"Sail {number} {evil}?")
        (words / f"sail {number}.md").write_text(page)
    (words / "<!channel>.md").write_text(f"---\nterm: {evil}\n---\n")
    desk.type("/near-admin reindex")
    desk.press(desk.message("is live"), "Keep")
    desk.message("stays.")
    for verb in ("status", "generations", "log", "reindex --dry-run", "reindex <!channel>"):
        desk.told(f"/near-admin {verb}")
    for call in workspace.calls():
        if call.method in ("chat.postMessage", "chat.update", "response_url"):
            assert faults_in_markup(str(call.args.get("text", ""))) == []
            blocks = call.args.get("blocks") or "[]"
            assert dangers(json.loads(blocks) if isinstance(blocks, str) else blocks) == []
