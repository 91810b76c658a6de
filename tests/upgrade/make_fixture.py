"""Makes the installation of 0.1.0 that the tests of this folder open.

It was run once, with the code of 0.1.0 (commit 65e06a0), and is kept to say how the archive came
to be; with newer code it would make another one. Everything is done through the bot itself, in the
loopback workspace: `python -m tests.upgrade.make_fixture`, from the root of the repository.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot import __main__, app, indexing
from bot.assistant import Assistant
from index.embedding.embedder import SentenceEmbedder
from index.sources import loader
from index.sources.source import Source, bundled
from index.statistics.landmarks import landmark_texts
from tests.fake_slack import Channel, Message, User, Workspace
from tests.fake_slack.model import elements_in
from tests.slack.conftest import HURRIED, LIMITS, Team, serving
from tests.slack.views import modal
from tests.slack.writing import fill, opened_form
from tests.upgrade.written import written_by_people

ARCHIVE = Path(__file__).with_name("installation-0.1.0.tar.xz")
HOME = Path("/opt/nearsay")  # where it is made; nothing of the archive depends on it
PAGES = ("context-window", "hallucination", "retrieval-augmented-generation", "temperature")
LEFT_OUT = ("models", "nearsay.log", "writing.lock", "writing.by", "maps", "exports", "fetching")

GLOSSARY = {
    "green-folder": """---
term: Green folder
aliases: [approved prompts]
category: House words
---
The shared folder of prompt templates that somebody other than their author has tried and approved.

## What it is
Every template in the green folder names its author, the person who tried it, and the date. What is
older than a year goes back to be tried again.

## Questions
### Where are the prompts that I may send to tenants?
### which templates can i use without asking
### Is there a place with prompts that somebody has checked already?
In the green folder. Take a template as it is, fill in the brackets, and leave the rest alone.

### How does a template get into the green folder?
### who approves a new prompt
A second reader tries it on ten old cases and signs it.
""",
    "second-reader": """---
term: Second reader
category: House words
---
The colleague who reads what a model wrote before it leaves the house.

## Questions
### Do I have to have every letter read by somebody?
### may a drafted reply go out unread
### What must never be sent without a second pair of eyes?
Everything that names an amount, a date or a person needs a second reader. Room bookings do not.

### What does the second reader look for?
Amounts, names and promises: each of them is compared with the file.
""",
    "night-batch": """---
term: Night batch
aliases: [overnight run]
category: House words
---
The run at two in the morning in which a model sums up the letters of the day.

## Questions
### Why is my letter not summed up yet?
### when do yesterday's summaries come
Letters that arrive after midnight wait for the next night batch.
""",
    "house-tone": """---
term: House tone
category: House words
---
How letters to tenants sound: short sentences, no threats, the next step first.

## Questions
### How should a reply to an angry tenant sound?
### what style do our letters have
Begin with what happens next, then say why. One idea a sentence.
""",
}

ENV = """SLACK_BOT_TOKEN=xoxb-made-up-for-a-test
SLACK_APP_TOKEN=xapp-made-up-for-a-test
SLACK_SIGNING_SECRET=made-up-for-a-test
NEARSAY_DATA_DIR=data
NEARSAY_SOURCES=house=glossary
NEARSAY_ADMINS={admins}
NEARSAY_RETENTION_DAYS=365
"""


Found = TypeVar("Found")


class Embedder(SentenceEmbedder):
    """The default model, as the workspace of the scenarios wants an embedder."""

    go = threading.Event()


class PatientWorkspace(Workspace):
    """A workspace for a slow machine."""

    def wait(self, condition: Callable[[], Found | None], seconds: float = 5.0) -> Found:
        return super().wait(condition, max(seconds, 300.0))


def answering_stops() -> None:
    """From here on nobody is answered."""
    setattr(Assistant, "handle", lambda *_, **__: time.sleep(1_000))  # noqa: B010


def main() -> None:
    assert not HOME.exists(), f"{HOME} is there already"
    HOME.mkdir(parents=True)
    (HOME / "pages").mkdir()
    (HOME / "glossary").mkdir()
    for name in PAGES:
        shutil.copy(bundled() / f"{name}.md", HOME / "pages")
    for name, text in GLOSSARY.items():
        (HOME / "glossary" / f"{name}.md").write_text(text, encoding="utf-8")
    os.chdir(HOME)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "bundled", lambda: Path("pages"))
        patch.setattr(indexing, "bundled", lambda: Path("pages"))
        for name, value in HURRIED.items():
            patch.setattr(name, value)
        models = Path(os.environ.get("MODELS", HOME / "models"))
        embedder = Embedder("all-MiniLM-L6-v2", models)
        patch.setattr(app, "SentenceEmbedder", lambda *_: embedder)
        patch.setenv("NEARSAY_DATA_DIR", "data")
        patch.setenv("NEARSAY_SOURCES", "house=glossary")
        run("index")
        run("say", "/define green folder")
        with (
            PatientWorkspace(mode="http", settings=LIMITS) as workspace,
            serving(
                workspace,
                Path("data"),
                [Source("house", "glossary")],
                embedder=embedder,  # type: ignore[arg-type]
                retention_days=365,
            ) as team,
        ):
            lived_in(team)
            without_landmarks()
            run("backup", "backup.tar.gz")
            leave(team)
            write_down(team)
            pack()
            sys.stdout.write(f"{ARCHIVE}: {ARCHIVE.stat().st_size:,} bytes\n")
            sys.stdout.flush()
            os._exit(0)  # some are still waiting to be answered


def run(*arguments: str) -> None:
    assert __main__.main(arguments) == 0, arguments


def lived_in(team: Team) -> None:
    """What people did in their first days with the bot."""
    workspace = team.workspace
    carol = workspace.add_user("carol")
    quay = workspace.add_channel("letters", [team.ada, team.ben, carol])
    board = workspace.add_channel("board", [team.ada, team.ben], private=True)

    # Questions in public and in private, with votes; and one who wanted hers deleted.
    root, answer = ask(team, team.ben, quay, "Which templates may I send to tenants?")
    press(team, team.ben, answer, "Helpful")
    press(team, team.ada, answer, "Not helpful")
    ask(team, team.ben, quay, "And who approves a new one?", root)
    ask(team, team.ada, board, "Why does it make up paragraphs of the law?")
    _, nothing = ask(team, team.ben, quay, "How long does a roast chicken need in the oven?")
    if "Tell the glossary's owners" in nothing.buttons:
        press(team, team.ben, nothing, "Tell the glossary's owners")
    ask(team, carol, quay, "What is the night batch?")
    assert workspace.command(carol, quay, "/near", "delete my data").ok
    team.quiet()

    near = team.ask("/near the model invents sources", team.ben)
    press(team, team.ben, near, "Helpful")
    for line in (
        "/define temperature",
        "/near something about whaling stations in 1850",
        "/latent compare hallucination | temperature",
        "/latent shift Write a reply to a tenant. tone=formal",
        "/latent map hallucination",
    ):
        team.ask(line, team.ben)
    team.ask("/define second reader", team.ada)

    # Entries: added, edited twice, another name, removed, and put back.
    admin(team, "add Rent ledger = The list of what each flat owes, which no model may change.")
    admin(team, "edit rent ledger = The list of what each flat owes. Models read it only.")
    admin(team, "edit temperature = How freely a model draws its next word. Here it stays at 0.2.")
    admin(team, "remove house tone --yes")
    admin(team, "add Parrot = A reply that repeats the letter it answers.")
    admin(team, "remove parrot --yes")

    # Suggestions: one approved, one declined, one waiting.
    suggest(team, team.ben, "Yellow card = A reply that had to be taken back.")
    review = last_direct(team, team.ada, "suggests a definition of Yellow card")
    assert workspace.click(team.ada, review, "Approve").ok
    last_direct(team, team.ben, 'is in the glossary: "Yellow card"')
    suggest(team, carol, "Whisper = A prompt that nobody has written down.")
    review = last_direct(team, team.ada, "suggests a definition of Whisper")
    assert workspace.click(team.ada, review, "Decline").ok
    view = modal(team, team.ada, "Decline a suggestion")
    assert workspace.submit(team.ada, view, {"decline_reason": "We call it a draft."}).ok
    last_direct(team, carol, '"Whisper" was declined')
    suggest(team, team.ben, "Echo check = Asking a model the same thing twice and comparing.")
    last_direct(team, team.ada, "suggests a definition of Echo check")

    # Drafts, of an entry that is there and of a new one.
    form = opened_form(team, "/near-admin edit second reader", team.ada, "Edit an entry")
    fill(team, team.ada, form, {"example": "Rosa read the letter about the lift twice."})
    time.sleep(1)
    workspace.close(team.ada, form, everything=True)
    form = opened_form(team, "/near-admin add Lift list", team.ada, "Add to the glossary")
    fill(team, team.ada, form, {"definition": "The list of lifts that are out of order."})
    time.sleep(1)
    workspace.close(team.ada, form, everything=True)

    # Another name, and a reindex that tells how far it is, with its buttons. Neither changes a
    # passage, so that the last three generations are alike, and take little room in the archive.
    admin(team, "alias the small hours = night batch")
    page = Path("glossary/second-reader.md")
    page.write_text(page.read_text().replace("category:", "aliases: [proofreader]\ncategory:"))
    assert workspace.command(team.ada, quay, "/near-admin", "reindex").ok
    workspace.wait(lambda: any("is live" in m.text for m in workspace.messages(quay)), seconds=60)
    team.quiet()
    workspace.upload(
        team.ada,
        workspace.dm(team.ada),
        "lifts.csv",
        b"term,definition\nLift book,The book in which a lift's repairs are written.\n",
        "the new one",
    )
    last_direct(team, team.ada, "lifts.csv")
    # Lists, and what may not be.
    for line in ("generations", "history rent ledger", "status", "gaps", "remove rent ledger"):
        team.ask(f"/near-admin {line}", team.ada)
    team.ask("/near-admin status", team.ben)
    workspace.open_home(team.ada)
    team.quiet()
    time.sleep(2)  # what is kept of questions is written behind the answers


def without_landmarks() -> None:
    """Deletes the vectors of the landmarks, a third of the archive; whoever misses them embeds
    them again."""
    with closing(sqlite3.connect("data/ledger.sqlite3", timeout=60)) as ledger, ledger:
        ledger.execute("PRAGMA secure_delete = ON")
        digests = [(text.digest,) for text in landmark_texts()]
        ledger.executemany("DELETE FROM vectors WHERE digest = ?", digests)


def admin(team: Team, line: str) -> None:
    """What ada asks for, once it is live."""
    before = team.store.ledger.generations.pointer().generation
    assert team.workspace.command(team.ada, team.channel, "/near-admin", line).ok
    team.workspace.wait(
        lambda: team.store.ledger.generations.pointer().generation != before or None, seconds=60
    )
    team.quiet()


def ask(
    team: Team, who: User, channel: Channel, text: str, thread: Message | None = None
) -> tuple[Message, Message]:
    """A mention, and the answer to it."""
    workspace = team.workspace
    root = workspace.say(who, channel, f"{workspace.mention} {text}", thread)
    start = thread or root

    def found() -> Message | None:
        there = [m for m in workspace.replies(start) if m.bot_id and m.ts > root.ts]
        return there[0] if there else None

    return root, workspace.wait(found, seconds=20)


def press(team: Team, who: User, message: Message, label: str) -> None:
    assert team.workspace.click(who, message, label).ok
    team.quiet()


def suggest(team: Team, who: User, line: str) -> None:
    channel = team.workspace.channel("letters")
    assert team.workspace.command(who, channel, "/define", line).ok
    team.quiet()


def last_direct(team: Team, who: User, containing: str) -> Message:
    """The newest direct message of the bot, once one contains a text."""

    def found() -> Message | None:
        there = team.workspace.messages(team.workspace.dm(who))
        return next((m for m in there[::-1] if m.bot_id and containing in m.text), None)

    return team.workspace.wait(found, seconds=60)


def leave(team: Team) -> None:
    """Stops the bot while three people wait for their answers."""
    workspace, letters = team.workspace, team.workspace.channel("letters")
    thread = next(m for m in workspace.messages(letters) if "Which templates" in m.text)
    answering_stops()
    workspace.say(team.ben, letters, f"{workspace.mention} What is a hallucination?")
    assert workspace.command(team.ada, letters, "/near", "how much text fits into a prompt").ok
    workspace.say(team.ben, letters, f"{workspace.mention} What does a second reader do?", thread)
    inbox = team.service._inbox
    workspace.wait(lambda: inbox.count() == 3 or None, seconds=10)
    assert not team.service.stop(0.5)


def write_down(team: Team) -> None:
    """The messages that stand in Slack, and everything that people wrote."""
    state = team.workspace.state
    with state.lock:
        content: dict[str, Any] = {
            "made": time.time(),
            "users": [asdict(user) for user in state.users.values()],
            "channels": [asdict(channel) for channel in state.channels.values()],
            "messages": [
                asdict(message) for several in state.messages.values() for message in several
            ],
        }
    for message in content["messages"]:
        message["files"] = []
    Path("messages.json").write_text(json.dumps(content, indent=1, ensure_ascii=False))
    Path(".env").write_text(ENV.format(admins=team.ada.id))
    shutil.copytree(
        "data",
        "kept",
        ignore=shutil.ignore_patterns(*LEFT_OUT, "readers", "*.sqlite3-wal", "*.sqlite3-shm"),
    )
    for name in ("ledger.sqlite3", "inbox.sqlite3"):
        (Path("kept") / name).unlink()
        with (
            closing(sqlite3.connect(Path("data") / name)) as source,
            closing(sqlite3.connect(Path("kept") / name)) as target,
        ):
            source.backup(target)
    written = written_by_people(Path("kept/ledger.sqlite3"))
    Path("expected.json").write_text(json.dumps(written, indent=1, ensure_ascii=False))
    kinds = sorted({e["action_id"] for m in content["messages"] for e in elements_in(m["blocks"])})
    sys.stdout.write(f"buttons: {kinds}\n")


def pack() -> None:
    names = {"kept": "data"}
    # What a backup and the ledger have in common is in the archive once, when it is not compressed.
    Path("backup.tar").write_bytes(gzip.decompress(Path("backup.tar.gz").read_bytes()))
    with tarfile.open(ARCHIVE, "w:xz", preset=9) as archive:
        for name in (
            *(".env", "kept", "glossary", "pages", "backup.tar"),
            *("messages.json", "expected.json"),
        ):
            archive.add(name, names.get(name, name), filter=_plain)


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


if __name__ == "__main__":
    main()
