"""The message shortcut "Explain this message"."""

from tests.fake_slack import Channel
from tests.slack.team import Team
from tests.slack.views import labels, modal, press, shown

SAID = "the tug left https://example.com/quay with the mooring rope; ask the VTS & FYI the AIS"


def test_a_message_is_explained_to_its_reader_only_and_nothing_is_stored(
    team: Team, quay: Channel
) -> None:
    said = team.workspace.say(team.ada, quay, SAID)
    before = len(team.workspace.messages(quay))
    assert team.workspace.shortcut(team.ben, "explain_message", said).ok
    view = modal(team, team.ben, "Not defined")
    text = shown(view)
    assert "*tug (Tugboat)*: A small strong boat that pulls large ships." in text
    assert "*mooring rope (Hawser)*:" in text
    assert "Not defined: VTS, AIS" in text
    assert labels(view) == ["Open Tugboat", "Open Hawser", "Define VTS", "Define AIS"]
    team.quiet()
    assert len(team.workspace.messages(quay)) == before
    assert not team.workspace.ephemerals(team.ben, quay)
    team.assistant.question_log.delete_user_data("nobody")  # wait for pending writes
    assert team.assistant.question_log.delete_user_data(team.ben.id).questions == 0


def test_an_explained_term_opens_and_an_undefined_one_is_suggested(
    team: Team, quay: Channel
) -> None:
    said = team.workspace.say(team.ada, quay, SAID)
    assert team.workspace.shortcut(team.ben, "explain_message", said).ok
    press(team, team.ben, modal(team, team.ben, "Not defined"), "Define VTS")
    form = modal(team, team.ben, "Suggest a definition")
    values = [
        block["element"].get("initial_value") for block in form.blocks if block["type"] == "input"
    ]
    assert "VTS" in values
    assert team.workspace.shortcut(team.ada, "explain_message", said).ok
    press(team, team.ada, modal(team, team.ada, "Not defined"), "Open Hawser")
    assert "A thick rope for mooring" in shown(modal(team, team.ada, "Every harbour needs"))
