"""Hostile text from users and glossaries never becomes active markup anywhere in the app."""

import json
from pathlib import Path

import pytest

from index.entry import Entry, Question, Reference, Related, Section, link
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from tests.fake_slack import Call, Message, View
from tests.slack.team import Team
from tests.support.server_mode import ServerMode
from tests.support.toy import ToyEmbedder
from tests.unit.bot.slack import NASTIES, dangers, faults_in_markup

# Files and forms cannot contain a lone surrogate. Twenty lines are enough.
SENT = [nasty for nasty in NASTIES if not any("\ud800" <= c <= "\udfff" for c in nasty)][::3]
ADDRESS = "https://docs.example.test/?a=1&b=2"


def nasty_entry(number: int, nasty: str) -> Entry:
    """Build an unchecked entry with hostile text; NUL is removed for PostgreSQL."""
    if ServerMode.active is not None:
        nasty = nasty.replace("\0", "")
    return Entry(
        id=f"entry-{number}",
        term=f"Rope {number} {nasty}",
        definition=f"A rope, {nasty} and {nasty}",
        category=f"Ropes {nasty}",
        aliases=(f"cable {number} {nasty}",),
        sections=(Section(f"About {nasty}", f"Rope {nasty} rope."),),
        example=f"For {nasty} example",
        related=(Related(f"Rope 1 {SENT[1]}", nasty), Related("Whale", nasty)),
        faq=(Question(f"What is {nasty}?", f"{nasty} is"),),
        references=(Reference(nasty, ADDRESS), Reference(nasty)),
        source=f"glossary {nasty}",
    )


@pytest.fixture(scope="module")
def harbour_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an index with hostile text in every field, instead of the harbour index."""
    directory = tmp_path_factory.mktemp("nasty")
    entries = link(nasty_entry(number, nasty) for number, nasty in enumerate(SENT))
    reindex(Store(directory), SourceContent(entries), ToyEmbedder())
    return directory


def dangers_of(call: Call) -> list[str]:
    """Return the active markup in a payload sent by the app."""
    args = {
        name: json.loads(value) if name in ("blocks", "view") and isinstance(value, str) else value
        for name, value in call.args.items()
        if name not in ("token", "trigger_id", "view_id")
    }
    return faults_in_markup(str(args.get("text", ""))) + dangers(args, {ADDRESS})


def assert_harmless(team: Team) -> None:
    sent = [c for c in team.workspace.calls() if c.method in ("response_url", "views.open")]
    sent += team.workspace.calls("views.update")
    assert sent
    for call in sent:
        assert call.error is None, (call.method, call.answer)
        assert dangers_of(call) == []
    # If Slack had refused blocks, the text would have been sent again.
    assert all(call.args.get("blocks") for call in sent if call.method == "response_url")
    assert all(delivery.ok for delivery in team.workspace.deliveries())


def test_queries_are_escaped(team: Team) -> None:
    for number, nasty in enumerate(SENT):
        team.ask(f"/near {nasty}" if number % 2 else f"/near thick {nasty} rope n=2")
        team.ask(f"/define {nasty}")
    assert_harmless(team)


def open_entry(team: Team, message: Message) -> View:
    """Click "Open", and wait until the modal is filled."""
    before = len(team.workspace.calls("views.update"))
    assert team.workspace.click(team.ada, message, "open_entry").ok
    team.workspace.wait(lambda: len(team.workspace.calls("views.update")) > before)
    return team.workspace.views(team.ada)[-1]


def test_entry_fields_are_escaped(team: Team) -> None:
    for number in range(len(SENT)):
        view = open_entry(team, team.ask(f"/define entry-{number}"))
        assert f"Rope {number}" in view.title
        team.workspace.close(team.ada, view)
    assert_harmless(team)


def test_neighbours_are_escaped_when_listed_opened_or_shared(team: Team) -> None:
    for shared, query in enumerate(("rope n=20", "rope 1 n=20"), start=1):
        answer = team.ask(f"/near {query}")
        team.workspace.close(team.ada, open_entry(team, answer))
        assert team.workspace.click(team.ada, answer, "Share in channel").ok
        wait_for_shared(team, shared)
    assert "whale" in team.ask("/near whale <!here>").text  # nothing is near
    assert_harmless(team)


def test_sharers_name_is_escaped(team: Team) -> None:
    names = ["<!channel>", "*ada* <@U1>", "\u202eada", "&lt;!here&gt;", "<http://evil.test|ada>"]
    for shared, name in enumerate(names, start=1):
        with team.workspace.state.change():
            team.workspace.state.users[team.ada.id].name = name
        answer = team.ask("/near rope")
        assert team.workspace.click(team.ada, answer, "Share in channel").ok
        assert "Shared by" in json.dumps(wait_for_shared(team, shared)[-1].blocks)
    assert_harmless(team)
    with team.workspace.state.change():
        team.workspace.state.users[team.ada.id].name = "ada"


def wait_for_shared(team: Team, count: int) -> list[Message]:
    return team.workspace.wait(
        lambda: found if len(found := team.workspace.messages(team.channel)) == count else None,
        seconds=10,
    )
