"""The installation of 0.1.0 in `installation-0.1.0.tar.xz`, unpacked as if it had just stopped.

Timestamps are shifted accordingly: records with a retention time and deliveries with a deadline are
as old as they were when it stopped.
"""

import gzip
import hashlib
import json
import shutil
import sqlite3
import tarfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot import app
from index.embedding.embedder import Fingerprint, Vectors
from index.sources import loader, source
from index.storage.db import generation_records
from index.storage.db.ledger import Ledger
from tests.fake_slack import Channel, Message, User, Workspace
from tests.fake_slack.model import JSON
from tests.fake_slack.payloads import new_response_url
from tests.support.gates import SlowEmbedder
from tests.upgrade.written import Written, missing_items, written_by_people

CURRENT_FORMAT = generation_records.INDEX_FORMAT
ARCHIVE = Path(__file__).with_name("installation-0.1.0.tar.xz")
SHIFTED = {"questions": "at", "votes": "at", "drafts": "at"}


@dataclass(frozen=True)
class Installation:
    """The bot's working folder: `.env`, its data directory, and a glossary of the team.

    `pages` is the encyclopedia bundled with 0.1.0, `expected` contains everything users had written
    by then, and `slack` the users, channels and messages of their workspace.
    """

    folder: Path
    expected: Written
    slack: JSON

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def pages(self) -> Path:
        return self.folder / "pages"

    def written(self) -> Written:
        """Return everything that users have written so far."""
        return written_by_people(self.data / "ledger.sqlite3")

    def moved_in(self, patch: pytest.MonkeyPatch) -> None:
        """Change into the installation's folder and use its encyclopedia."""
        patch.chdir(self.folder)
        patch.setattr(loader, "bundled", lambda: self.pages)
        patch.setattr(source, "bundled", lambda: self.pages)
        source.bundled_phrases().write_text("{}", encoding="utf-8")


def unpack(folder: Path) -> Installation:
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    backup = folder / "backup.tar"
    (folder / "backup.tar.gz").write_bytes(gzip.compress(backup.read_bytes(), 1))
    backup.unlink()
    slack = json.loads((folder / "messages.json").read_text(encoding="utf-8"))
    expected: Written = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    later = time.time() - slack["made"]
    with closing(sqlite3.connect(folder / "data" / "ledger.sqlite3")) as ledger, ledger:
        for table, column in SHIFTED.items():
            ledger.execute(f"UPDATE {table} SET {column} = {column} + ?", (later,))
            for row in expected[table].values():
                row[column] += later
    with closing(sqlite3.connect(folder / "data" / "inbox.sqlite3")) as inbox, inbox:
        for key, content in inbox.execute("SELECT key, content FROM deliveries").fetchall():
            if content:
                delivery = json.loads(content)
                content = json.dumps(delivery | {"received": delivery["received"] + later})
            inbox.execute(
                "UPDATE deliveries SET content = ?, received = received + ? WHERE key = ?",
                (content, later, key),
            )
    return Installation(folder, expected, slack)


def move_workspace(installation: Installation, workspace: Workspace) -> None:
    """Fill a new workspace with the state of the workspace in which the 0.1.0 bot ran, including
    all messages, so that pending deliveries can be answered there. Fields that the loopback Slack
    no longer has are ignored."""
    slack, state = installation.slack, workspace.state
    with state.change():
        for user in TypeAdapter(list[User]).validate_python(slack["users"]):
            state.users[user.id] = user
        for channel in TypeAdapter(list[Channel]).validate_python(slack["channels"]):
            state.channels[channel.id] = channel
        for message in TypeAdapter(list[Message]).validate_python(slack["messages"]):
            state.messages[message.channel].append(message)
        state._counter += 10_000  # ids that neither workspace has used
    assert state.users[workspace.bot_user_id].is_bot, "the bot keeps its id"
    with closing(sqlite3.connect(installation.data / "inbox.sqlite3")) as inbox, inbox:
        for key, content in inbox.execute("SELECT key, content FROM deliveries").fetchall():
            delivery = json.loads(content or "{}")
            if delivery.get("response_url"):
                user, channel = state.users[delivery["user"]], state.channels[delivery["channel"]]
                delivery["response_url"] = new_response_url(workspace, user, channel, None)
                inbox.execute(
                    "UPDATE deliveries SET content = ? WHERE key = ?", (json.dumps(delivery), key)
                )


class KnownTexts(SlowEmbedder):
    """A fast stand-in for the default model, with the same fingerprint. It returns the stored
    vector of a text embedded when the installation was made, and an arbitrary one for other
    texts."""

    def __init__(self, installation: Installation) -> None:
        super().__init__()
        with closing(sqlite3.connect(installation.data / "ledger.sqlite3")) as ledger:
            current = "SELECT manifest FROM generations JOIN pointer ON generation = name"
            (manifest,) = ledger.execute(current).fetchone()
        self.fingerprint = Fingerprint(**json.loads(manifest)["fingerprint"])
        self.name = self.fingerprint.name
        self._ledger = Ledger.open(installation.data)

    def queries(self, texts: Sequence[str]) -> Vectors:
        vectors = super().queries(texts)
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = self._ledger.vectors.get(self.fingerprint.key, digests)
        for row, digest in enumerate(digests):
            if digest in known:
                vectors[row] = known[digest]
        return vectors


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return the unpacked installation, which tests copy."""
    return unpack(tmp_path_factory.mktemp("installation"))


@pytest.fixture
def installation(
    unpacked: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Installation:
    """Return an installation for one test, with its folder as the working directory."""
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
