"""Importing in Slack: an admin sends a file to the bot, sees what would come of it, and decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.admin.uploads import LARGEST
from tests.fake_slack import Message, User, Workspace
from tests.slack.conftest import Team, serving
from tests.slack.talking import quiet
from tests.slack.test_admin import Desk, indexed, mode, who, words
from tests.unit.bot.slack import dangers

__all__ = ["indexed", "mode", "words"]

GLOSSARY = b"term,definition\nCapstan,A drum that hauls ropes.\nBollard,A post <!channel>.\n,x\n"


@pytest.fixture
def desk(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "import").mkdir()
    (tmp_path / "import" / "ropes.csv").write_bytes(GLOSSARY)
    with serving(workspace, tmp_path / "data", import_dir=tmp_path / "import") as team:
        yield Desk(team, workspace.add_channel("crew", [team.ada, team.ben]))


def sent(desk: Desk, content: bytes = GLOSSARY, name: str = "ropes.csv", **given: User) -> Message:
    """What the bot says to a file that somebody sends to it."""
    user = given.get("user", desk.team.ada)
    direct = desk.team.workspace.dm(user)
    before = len(answers(desk.team, user))
    desk.team.workspace.upload(user, direct, name, content, "the new one")
    return desk.team.workspace.wait(lambda: answers(desk.team, user)[before:], seconds=10)[0]


def answers(team: Team, user: User) -> list[Message]:
    return [m for m in team.workspace.messages(team.workspace.dm(user)) if m.bot_id]


def test_a_file_is_looked_at_and_imported(desk: Desk, tmp_path: Path) -> None:
    team = desk.team
    report = sent(desk)
    assert report.text.startswith("ropes.csv (CSV) would be the source ropes, with 2 entries")
    assert "2 added, 0 changed, 0 removed, 0 unchanged. Nothing was changed." in report.text
    assert "ropes.csv:4: " in report.text
    assert report.buttons == ["Apply", "Cancel"]
    (planned,) = re.findall(r"(\d+) passages would be embedded", report.text)
    assert dangers(report.blocks) == []
    assert desk.current() == "g000001"
    desk.press(report, "Apply")
    done = desk.message("ropes is live in g000002, with 2 entries", team.workspace.dm(team.ada))
    assert done.ts == report.ts
    assert f"{planned} passages embedded" in done.text
    assert done.buttons == []
    assert dangers(done.blocks) == []
    assert "hauls ropes" in desk.told("/define capstan")
    assert len(answers(team, team.ada)) == 1
    assert len(list((tmp_path / "data" / "imports" / "ropes").glob("*/ropes.csv"))) == 1
    assert desk.audit()[-1][0] == who(team.ada)
    assert desk.audit()[-1][1].startswith("import --apply digest=")
    apply = value(report, "Apply")  # pressed again, as a button that is still shown somewhere
    assert "imported already" in desk.told_directly(
        lambda: team.workspace.forge(team.ada, report, "import_apply", apply)
    )
    assert desk.current() == "g000002"


def value(message: Message, label: str) -> str:
    """The value of a button."""
    elements = [item for block in message.blocks for item in block.get("elements", ())]
    return next(str(one["value"]) for one in elements if one.get("text", {}).get("text") == label)


def test_a_file_is_cancelled_and_gone(desk: Desk, tmp_path: Path) -> None:
    report = sent(desk)
    desk.press(report, "Cancel")
    done = desk.message("ropes.csv is not imported.", desk.team.workspace.dm(desk.team.ada))
    assert (done.ts, done.buttons) == (report.ts, [])
    assert not list((tmp_path / "data" / "imports").glob("**/*.csv"))
    assert desk.current() == "g000001"


def test_who_is_no_admin_imports_nothing_by_any_route(desk: Desk, tmp_path: Path) -> None:
    team = desk.team
    assert sent(desk, user=team.ben).text.startswith("Only admins of Nearsay can do that.")
    assert not (tmp_path / "data" / "imports").exists()
    assert not [call for call in team.workspace.calls() if "files-pri" in call.method]
    report = sent(desk)
    for number, label in enumerate(("Apply", "Cancel")):
        action = f"import_{label.casefold()}"
        assert team.workspace.forge(team.ben, report, action, value(report, label)).ok
        told = desk.next_alone(number, team.ben, desk.direct)
        assert told.startswith("Only admins")
    quiet(team)
    assert "Only admins" in desk.told("/near-admin import ropes.csv --apply", team.ben)
    assert desk.current() == "g000001"
    assert desk.message("Nothing was changed.", team.workspace.dm(team.ada)).buttons
    assert {outcome for _, _, outcome, _ in desk.audit()} == {"refused"}
    assert all(team.ben.id in name for name, *_ in desk.audit())


def test_a_file_on_the_server_is_looked_at_and_imported_by_its_path(
    desk: Desk, tmp_path: Path
) -> None:
    told = desk.told("/near-admin import ropes.csv")
    assert told.startswith("ropes.csv (CSV) would be the source ropes, with 2 entries")
    report = desk.alone()[-1]
    (tmp_path / "import" / "ropes.csv").write_bytes(GLOSSARY + b"Cleat,Holds a rope.\n")
    before = len(desk.alone())
    desk.press(report, "Apply")
    assert "has changed since it was looked at" in desk.next_alone(before)
    desk.told("/near-admin import ropes.csv")
    desk.press(desk.alone()[-1], "Apply")
    desk.team.workspace.wait(lambda: desk.current() == "g000002", seconds=20)
    live = desk.team.workspace.wait(lambda: [m for m in desk.alone() if "is live in" in m.text])
    assert live[0].buttons == []
    assert not desk.team.workspace.messages(desk.crew)
    assert "There is no" in desk.told("/near-admin import ../data/ledger.sqlite3")


UNFIT = {
    "big.csv": (b"x" * (LARGEST + 1), "is too large: up to 10 MB"),
    "none.csv": (b"term,definition\n,nameless\n", "with 0 entries"),
    "bad.json": (b"{", "refused:"),
    "encyclopedia.csv": (GLOSSARY, 'There is a source "encyclopedia" already.'),
}


def test_what_cannot_be_imported_is_told_with_why(desk: Desk) -> None:
    for name, (content, told) in UNFIT.items():
        report = sent(desk, content, name)
        assert told in report.text
        assert "Apply" not in report.buttons


def test_any_other_file_is_no_glossary_and_a_question_beside_it_is_answered(desk: Desk) -> None:
    team = desk.team
    direct = team.workspace.dm(team.ada)
    team.workspace.upload(team.ada, direct, "photo.png", b"PNG", "what is a sail?")
    told = team.workspace.wait(lambda: answers(team, team.ada), seconds=10)
    assert "wind" in told[0].text
    team.workspace.upload(team.ada, desk.crew, "ropes.csv", GLOSSARY, "look at this")
    quiet(team)
    assert not [m for m in team.workspace.messages(desk.crew) if m.bot_id]


def test_without_the_right_to_read_files_the_admin_is_told_which_is_missing(desk: Desk) -> None:
    app = desk.team.workspace.app
    desk.team.workspace.app = replace(app, scopes=app.scopes - {"files:read"})
    report = sent(desk)
    assert "does not let the bot read" in report.text
    assert "files:read" in report.text
