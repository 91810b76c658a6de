"""Imports in Slack: an admin sends a file to the bot, previews the changes, and decides."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.admin.uploads import LARGEST
from tests.fake_slack import Message, User, Workspace
from tests.slack.reindexing import audit, current, direct_reply, indexed, who, words
from tests.slack.talking import quiet
from tests.slack.team import Team, serving
from tests.slack.views import press
from tests.slack.writing import direct
from tests.unit.bot.slack import dangers

__all__ = ["indexed", "words"]
MODES = ["http"]

GLOSSARY = b"term,definition\nCapstan,A drum that hauls ropes.\nBollard,A post <!channel>.\n,x\n"


@pytest.fixture
def team(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Team]:
    (tmp_path / "import").mkdir()
    (tmp_path / "import" / "ropes.csv").write_bytes(GLOSSARY)
    with serving(workspace, tmp_path / "data", import_dir=tmp_path / "import") as team:
        yield team


def answer_to_file(
    team: Team, content: bytes = GLOSSARY, name: str = "ropes.csv", **given: User
) -> Message:
    """Upload a file to the bot as a user, and return the bot's first answer."""
    user = given.get("user", team.ada)
    before = len(answers(team, user))
    team.workspace.upload(user, team.workspace.dm(user), name, content, "the new one")
    return team.workspace.wait(lambda: answers(team, user)[before:], seconds=10)[0]


def answers(team: Team, user: User) -> list[Message]:
    return [m for m in team.workspace.messages(team.workspace.dm(user)) if m.bot_id]


def test_file_is_previewed_and_imported(team: Team, tmp_path: Path) -> None:
    report = answer_to_file(team)
    assert report.text.startswith("ropes.csv (CSV) would be the source ropes, with 2 entries")
    assert "2 added, 0 changed, 0 removed, 0 unchanged. This is a preview." in report.text
    assert "The first entry: Capstan: A drum that hauls ropes." in report.text
    assert "ropes.csv:4: " in report.text
    assert report.buttons == ["Import", "Cancel"]
    (planned,) = re.findall(r"(\d+) passages would be embedded", report.text)
    assert dangers(report.blocks) == []
    assert current(team) == "g000001"
    press(team, team.ada, report, "Import")
    done = direct(team, team.ada, "ropes is live in g000002, with 2 entries")
    assert done.ts == report.ts
    assert f"{planned} passages embedded" in done.text
    assert done.buttons == []
    assert dangers(done.blocks) == []
    assert "hauls ropes" in team.ask("/define capstan").text
    assert len(answers(team, team.ada)) == 1
    assert len(list((tmp_path / "data" / "imports" / "ropes").glob("*/ropes.csv"))) == 1
    assert audit(team)[-1][0] == who(team.ada)
    assert audit(team)[-1][1].startswith("import name=ropes upload=")
    apply = value(report, "Import")  # pressed again in a client that still shows the button
    assert "already been imported" in direct_reply(
        team, lambda: team.workspace.forge(team.ada, report, "import_apply", apply)
    )
    assert current(team) == "g000002"


def value(message: Message, label: str) -> str:
    """Return the value of a button."""
    elements = [item for block in message.blocks for item in block.get("elements", ())]
    return next(str(one["value"]) for one in elements if one.get("text", {}).get("text") == label)


def test_report_is_sent_again_if_slack_fails(team: Team) -> None:
    refused = team.workspace.fault("chat.postMessage", status=503, times=2)
    assert "would be the source ropes" in answer_to_file(team).text
    quiet(team)
    assert (refused.hits, len(answers(team, team.ada))) == (2, 1)


def test_cancelled_file_is_deleted(team: Team, tmp_path: Path) -> None:
    report = answer_to_file(team)
    press(team, team.ada, report, "Cancel")
    done = direct(team, team.ada, "ropes.csv was cancelled; the index was not changed.")
    assert (done.ts, done.buttons) == (report.ts, [])
    assert not list((tmp_path / "data" / "imports").glob("**/*.csv"))
    assert current(team) == "g000001"


def test_non_admin_cannot_import_by_any_route(team: Team, tmp_path: Path) -> None:
    told = answer_to_file(team, user=team.ben).text
    assert told.startswith("Only admins of Nearsay can do that.")
    assert "To ask a question, send it without a file." in told
    assert not (tmp_path / "data" / "imports").exists()
    assert not [call for call in team.workspace.calls() if "files-pri" in call.method]
    report = answer_to_file(team)
    actions = {"Import": "import_apply", "Cancel": "import_cancel"}
    for number, (label, action) in enumerate(actions.items()):
        assert team.workspace.forge(team.ben, report, action, value(report, label)).ok
        reply = team.next_ephemeral(team.ben, number, team.workspace.dm(team.ada)).text
        assert reply.startswith("Only admins")
    quiet(team)
    assert "Only admins" in team.ask("/near-admin import ropes.csv --apply", team.ben).text
    assert current(team) == "g000001"
    assert direct(team, team.ada, "This is a preview.").buttons
    assert {outcome for _, _, outcome, _ in audit(team)} == {"refused"}
    assert all(team.ben.id in name for name, *_ in audit(team))


def test_server_file_is_previewed_and_imported_by_path(team: Team, tmp_path: Path) -> None:
    report = team.ask("/near-admin import ropes.csv")
    assert report.text.startswith("ropes.csv (CSV) would be the source ropes, with 2 entries")
    (tmp_path / "import" / "ropes.csv").write_bytes(GLOSSARY + b"Cleat,Holds a rope.\n")
    assert "has changed since the preview" in team.pressed(team.ada, report, "Import").text
    press(team, team.ada, team.ask("/near-admin import ropes.csv"), "Import")
    team.workspace.wait(lambda: current(team) == "g000002", seconds=20)
    live = team.workspace.wait(
        lambda: [
            m for m in team.workspace.ephemerals(team.ada, team.channel) if "is live in" in m.text
        ]
    )
    assert live[0].buttons == []
    assert not team.workspace.messages(team.channel)
    assert "There is no" in team.ask("/near-admin import ../data/ledger.sqlite3").text


UNFIT = {
    "big.csv": (b"x" * (LARGEST + 1), "is too large: the limit is 10 MB"),
    "none.csv": (b"term,definition\n,nameless\n", "with 0 entries"),
    "bad.json": (b"{", "skipped or changed on import:"),
    "encyclopedia.csv": (GLOSSARY, 'There is already a source "encyclopedia".'),
}


def test_unreadable_file_is_refused_with_the_reason(team: Team) -> None:
    for name, (content, expected) in UNFIT.items():
        report = answer_to_file(team, content, name)
        assert expected in report.text
        assert "Import" not in report.buttons


def test_file_of_another_type_is_refused_with_the_types_that_can_be_read(team: Team) -> None:
    expected = (
        "ropes.pdf cannot be read.\nSend CSV, TSV, Excel (.xlsx), Word (.docx), JSON, YAML, "
        "Markdown, SKOS, HTML or plain text."
    )
    for user in (team.ada, team.ben):
        assert answer_to_file(team, b"%PDF", "ropes.pdf", user=user).text == expected


def test_picture_is_ignored_and_its_question_is_answered(team: Team) -> None:
    direct = team.workspace.dm(team.ada)
    team.workspace.upload(team.ada, direct, "photo.png", b"PNG", "what is a sail?")
    reply = team.workspace.wait(lambda: answers(team, team.ada), seconds=10)
    assert "wind" in reply[0].text
    quay = team.workspace.add_channel("quay", [team.ada])
    team.workspace.upload(team.ada, quay, "ropes.csv", GLOSSARY, "look at this")
    quiet(team)
    assert not [m for m in team.workspace.messages(quay) if m.bot_id]


def test_admin_is_notified_of_the_missing_file_scope(team: Team) -> None:
    app = team.workspace.app
    team.workspace.app = replace(app, scopes=app.scopes - {"files:read"})
    report = answer_to_file(team)
    assert "is not allowed to read" in report.text
    assert "files:read" in report.text
