"""Promises to users who upgrade, tested on an installation of 0.1.0 with the current code.

Each test checks one promise. Tests set the index format where they need the format of 0.1.0 or a
future one.
"""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from bot import app, indexing
from bot.assistant import Assistant
from bot.slack.thread_state import parse_reply
from index.build.reindex import ReindexResult, reindex
from index.embedding.embedder import SentenceEmbedder
from index.search.answers.conversation import Conversation
from index.sources.source import Source
from index.storage import Store
from index.storage.db import Ledger, generation_records
from tests.fake_slack import Message, WaitTimeoutError, Workspace, payloads
from tests.fake_slack.model import elements_in
from tests.slack.team import LIMITS, SHORT_TIMEOUTS, Team, serving
from tests.support.command_line import run
from tests.upgrade.installation import Installation, KnownTexts, move_workspace, unpack
from tests.upgrade.written import missing_items, written_by_people

CURRENT_FORMAT = generation_records.INDEX_FORMAT
QUESTION = "Where are the prompts that I may send to tenants?"  # a question in the glossary
REWORDED = "which templates can i use without asking"  # a second heading of the same answer
TEMPLATES = "Take a template as it is, fill in the brackets, and leave the rest alone."
BEFORE_THE_INDEX_FORMAT = "0005"  # tables of 0.1.0


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return the unpacked installation, which tests copy."""
    return unpack(tmp_path_factory.mktemp("installation"))


@pytest.fixture
def installation(
    unpacked: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Installation:
    """Yield a test's own installation, with its folder as the working directory."""
    shutil.copytree(unpacked.folder, tmp_path, dirs_exist_ok=True)
    installation = replace(unpacked, folder=tmp_path)
    installation.moved_in(monkeypatch)
    monkeypatch.setattr(app, "SentenceEmbedder", lambda *_: KnownTexts(installation))
    for name in ("NEARSAY_DATA_DIR", "NEARSAY_SOURCES", "NEARSAY_ADMINS"):
        monkeypatch.delenv(name, raising=False)  # .env has them
    monkeypatch.setenv("COLUMNS", "200")
    return installation


def assert_nothing_lost(installation: Installation) -> None:
    assert list(missing_items(installation.expected, installation.written())) == []


def say(capsys: pytest.CaptureFixture[str], line: str) -> Any:
    done = run(capsys, "say", line, "--json")
    assert done.status == 0, done.output
    return done.reply


def test_upgraded_installation_answers_and_keeps_all_user_data(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    # The source may be unavailable: neither the terms nor users' edits depend on it.
    (installation.folder / "glossary").rename(installation.folder / "elsewhere")
    done = run(capsys, "say", "/define rent ledger", "--json")
    assert done.reply["entry"]["definition"].endswith("Models read it only.")
    assert "Nearsay was upgraded; rebuilding the index" in done.output
    assert "Writing the index" in done.output
    (installation.folder / "elsewhere").rename(installation.folder / "glossary")
    assert say(capsys, "/define the small hours")["entry"]["term"] == "Night batch"
    assert say(capsys, f"/near {REWORDED}")["neighbours"][0]["term"] == "Green folder"
    answer = say(capsys, QUESTION)
    assert TEMPLATES in answer["text"]
    assert run(capsys, "say", "/define parrot").status == 1, "it was removed"
    history = run(capsys, "admin", "history", "rent ledger", "--json").reply
    assert [change["change"] for change in history["changes"]] == ["edited", "added"]
    (waiting,) = run(capsys, "admin", "suggestions", "--json").reply["suggestions"]
    assert waiting["fields"]["term"] == "Echo check"
    assert_nothing_lost(installation)
    carol = next(u["id"] for u in installation.slack["users"] if u["name"] == "carol")
    now = installation.written()
    assert carol not in {row["person"] for row in now["questions"].values()}, "she is forgotten"


@pytest.mark.model
def test_upgraded_installation_answers_with_the_real_model(
    installation: Installation, real_embedder: SentenceEmbedder
) -> None:
    store = Store(installation.data)
    try:
        indexing.Indexer(store, real_embedder).upgrade()
        assistant = Assistant(store, real_embedder)
        found = assistant.ask("/near somebody has to check a letter before it goes out")
        (first, *_) = found.neighbours  # type: ignore[union-attr]
        assert first.term == "Second reader"
    finally:
        store.close()


def test_vectors_of_unchanged_texts_are_reused(installation: Installation) -> None:
    store, embedder = Store(installation.data), KnownTexts(installation)
    try:
        before = store.ledger.generations.pointer().generation
        seen: list[str] = []
        done = indexing.Indexer(store, embedder).upgrade(
            progress=lambda phase, *_: seen.append(phase)
        )
        assert isinstance(done, ReindexResult)
        assert done.before == before
        # Questions are embedded as in 0.1.0, other passages with their term prepended.
        generation = store.current()
        questions = {passage.digest for passage in generation.passages if not passage.term}
        assert done.reused >= len(questions) > 0
        assert done.reused + done.embedded == len(generation.passages)
        assert (done.added, done.changed, done.removed) == (0, 0, 0)
        assert [source.name for source in store.current().manifest.sources] == ["house"]
        assert {"writing", "verifying", "switching"} <= set(seen)
    finally:
        store.close()


def test_rollback_past_the_upgrade_is_refused_with_the_reason(
    installation: Installation,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Store(installation.data)
    kept = [record.name for record in store.ledger.generations.kept()]
    store.close()
    assert len(kept) == 3
    assert run(capsys, "say", "/define rent ledger").status == 0
    rebuilt = generations_of(capsys)
    assert not {line["name"] for line in rebuilt} & set(kept)
    refused = run(capsys, "admin", "rollback", kept[1])
    assert refused.status == 1
    assert "was built by another version of Nearsay" in refused.complaint
    assert "restore its backup" in refused.complaint
    down = run(capsys, "migrate", "--to", BEFORE_THE_INDEX_FORMAT, "--down")
    assert down.status == 1
    assert "in a format that older versions of Nearsay cannot read" in down.complaint
    assert "restore a backup from before the upgrade" in down.complaint
    # The previous version finds an index that it cannot open.
    monkeypatch.setattr(generation_records, "INDEX_FORMAT", CURRENT_FORMAT - 1)
    older = run(capsys, "say", "/define rent ledger")
    assert older.status == 1
    assert "A newer version of Nearsay built the index" in older.complaint
    assert generations_of(capsys) == rebuilt


def generations_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    reply = run(capsys, "admin", "generations", "--json").reply
    return list(reply["generations"])


def test_downgrade_before_the_rebuild_is_possible(
    installation: Installation,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(generation_records, "INDEX_FORMAT", 1)  # the format of 0.1.0
    assert run(capsys, "admin", "status").status == 0  # upgrades the tables
    done = run(capsys, "migrate", "--to", BEFORE_THE_INDEX_FORMAT, "--down")
    assert done.status == 0, done.complaint
    assert Ledger.version(installation.data) == BEFORE_THE_INDEX_FORMAT
    assert_nothing_lost(installation)


def test_backup_made_by_0_1_0_can_be_restored(
    installation: Installation,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEARSAY_DATA_DIR", str(installation.folder / "restored"))
    done = run(capsys, "restore", "backup.tar.gz")
    assert done.status == 0, done.complaint
    there = written_by_people(installation.folder / "restored" / "ledger.sqlite3")
    expected = json.loads((installation.folder / "expected.json").read_text(encoding="utf-8"))
    assert list(missing_items(expected, there)) == []
    assert say(capsys, "/define the small hours")["entry"]["term"] == "Night batch"
    assert (installation.folder / "restored" / "imports").is_dir(), "what was sent to the bot"


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
            assert not any(answered(workspace).values()), "those who waited are answered after it"
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
    """Pretend to reindex in no time; these tests do not need a new index."""
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
