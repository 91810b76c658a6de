"""Imports in Slack: an admin sends a file to the bot, previews the changes, and decides."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.admin.uploads import LARGEST
from tests.fake_slack import Message, User, Workspace
from tests.slack.conftest import Team, serving
from tests.slack.talking import quiet
from tests.slack.test_admin import AdminTeam, indexed, mode, who, words
from tests.unit.bot.slack import dangers

__all__ = ["indexed", "mode", "words"]

GLOSSARY = b"term,definition\nCapstan,A drum that hauls ropes.\nBollard,A post <!channel>.\n,x\n"


@pytest.fixture
def admins(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[AdminTeam]:
    (tmp_path / "import").mkdir()
    (tmp_path / "import" / "ropes.csv").write_bytes(GLOSSARY)
    with serving(workspace, tmp_path / "data", import_dir=tmp_path / "import") as team:
        yield AdminTeam(team, workspace.add_channel("crew", [team.ada, team.ben]))


def answer_to_file(
    admins: AdminTeam, content: bytes = GLOSSARY, name: str = "ropes.csv", **given: User
) -> Message:
    """Upload a file to the bot as a user, and return the bot's first answer."""
    user = given.get("user", admins.team.ada)
    direct = admins.team.workspace.dm(user)
    before = len(answers(admins.team, user))
    admins.team.workspace.upload(user, direct, name, content, "the new one")
    return admins.team.workspace.wait(lambda: answers(admins.team, user)[before:], seconds=10)[0]


def answers(team: Team, user: User) -> list[Message]:
    return [m for m in team.workspace.messages(team.workspace.dm(user)) if m.bot_id]


def test_file_is_previewed_and_imported(admins: AdminTeam, tmp_path: Path) -> None:
    team = admins.team
    report = answer_to_file(admins)
    assert report.text.startswith("ropes.csv (CSV) would be the source ropes, with 2 entries")
    assert "2 added, 0 changed, 0 removed, 0 unchanged. Nothing was changed." in report.text
    assert "ropes.csv:4: " in report.text
    assert report.buttons == ["Apply", "Cancel"]
    (planned,) = re.findall(r"(\d+) passages would be embedded", report.text)
    assert dangers(report.blocks) == []
    assert admins.current() == "g000001"
    admins.press(report, "Apply")
    done = admins.message("ropes is live in g000002, with 2 entries", team.workspace.dm(team.ada))
    assert done.ts == report.ts
    assert f"{planned} passages embedded" in done.text
    assert done.buttons == []
    assert dangers(done.blocks) == []
    assert "hauls ropes" in admins.ephemeral_reply("/define capstan")
    assert len(answers(team, team.ada)) == 1
    assert len(list((tmp_path / "data" / "imports" / "ropes").glob("*/ropes.csv"))) == 1
    assert admins.audit()[-1][0] == who(team.ada)
    assert admins.audit()[-1][1].startswith("import --apply digest=")
    apply = value(report, "Apply")  # pressed again in a client that still shows the button
    assert "already been imported" in admins.direct_reply(
        lambda: team.workspace.forge(team.ada, report, "import_apply", apply)
    )
    assert admins.current() == "g000002"


def value(message: Message, label: str) -> str:
    """Return the value of a button."""
    elements = [item for block in message.blocks for item in block.get("elements", ())]
    return next(str(one["value"]) for one in elements if one.get("text", {}).get("text") == label)


def test_cancelled_file_is_deleted(admins: AdminTeam, tmp_path: Path) -> None:
    report = answer_to_file(admins)
    admins.press(report, "Cancel")
    done = admins.message("ropes.csv was not imported.", admins.team.workspace.dm(admins.team.ada))
    assert (done.ts, done.buttons) == (report.ts, [])
    assert not list((tmp_path / "data" / "imports").glob("**/*.csv"))
    assert admins.current() == "g000001"


def test_non_admin_cannot_import_by_any_route(admins: AdminTeam, tmp_path: Path) -> None:
    team = admins.team
    assert answer_to_file(admins, user=team.ben).text.startswith(
        "Only admins of Nearsay can do that."
    )
    assert not (tmp_path / "data" / "imports").exists()
    assert not [call for call in team.workspace.calls() if "files-pri" in call.method]
    report = answer_to_file(admins)
    for number, label in enumerate(("Apply", "Cancel")):
        action = f"import_{label.casefold()}"
        assert team.workspace.forge(team.ben, report, action, value(report, label)).ok
        reply = admins.next_ephemeral(number, team.ben, admins.direct)
        assert reply.startswith("Only admins")
    quiet(team)
    assert "Only admins" in admins.ephemeral_reply("/near-admin import ropes.csv --apply", team.ben)
    assert admins.current() == "g000001"
    assert admins.message("Nothing was changed.", team.workspace.dm(team.ada)).buttons
    assert {outcome for _, _, outcome, _ in admins.audit()} == {"refused"}
    assert all(team.ben.id in name for name, *_ in admins.audit())


def test_server_file_is_previewed_and_imported_by_path(admins: AdminTeam, tmp_path: Path) -> None:
    reply = admins.ephemeral_reply("/near-admin import ropes.csv")
    assert reply.startswith("ropes.csv (CSV) would be the source ropes, with 2 entries")
    report = admins.ephemerals()[-1]
    (tmp_path / "import" / "ropes.csv").write_bytes(GLOSSARY + b"Cleat,Holds a rope.\n")
    before = len(admins.ephemerals())
    admins.press(report, "Apply")
    assert "has changed since the preview" in admins.next_ephemeral(before)
    admins.ephemeral_reply("/near-admin import ropes.csv")
    admins.press(admins.ephemerals()[-1], "Apply")
    admins.team.workspace.wait(lambda: admins.current() == "g000002", seconds=20)
    live = admins.team.workspace.wait(
        lambda: [m for m in admins.ephemerals() if "is live in" in m.text]
    )
    assert live[0].buttons == []
    assert not admins.team.workspace.messages(admins.crew)
    assert "There is no" in admins.ephemeral_reply("/near-admin import ../data/ledger.sqlite3")


UNFIT = {
    "big.csv": (b"x" * (LARGEST + 1), "is too large: the limit is 10 MB"),
    "none.csv": (b"term,definition\n,nameless\n", "with 0 entries"),
    "bad.json": (b"{", "refused:"),
    "encyclopedia.csv": (GLOSSARY, 'There is already a source "encyclopedia".'),
}


def test_unreadable_file_is_refused_with_the_reason(admins: AdminTeam) -> None:
    for name, (content, expected) in UNFIT.items():
        report = answer_to_file(admins, content, name)
        assert expected in report.text
        assert "Apply" not in report.buttons


def test_unsupported_file_is_refused_and_its_question_is_answered(admins: AdminTeam) -> None:
    team = admins.team
    direct = team.workspace.dm(team.ada)
    team.workspace.upload(team.ada, direct, "photo.png", b"PNG", "what is a sail?")
    reply = team.workspace.wait(lambda: answers(team, team.ada), seconds=10)
    assert "wind" in reply[0].text
    team.workspace.upload(team.ada, admins.crew, "ropes.csv", GLOSSARY, "look at this")
    quiet(team)
    assert not [m for m in team.workspace.messages(admins.crew) if m.bot_id]


def test_admin_is_notified_of_the_missing_file_scope(admins: AdminTeam) -> None:
    app = admins.team.workspace.app
    admins.team.workspace.app = replace(app, scopes=app.scopes - {"files:read"})
    report = answer_to_file(admins)
    assert "is not allowed to read" in report.text
    assert "files:read" in report.text
