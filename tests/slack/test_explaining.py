"""The message shortcut "Explain this message", and a mention that asks for the same."""

import pytest

from tests.fake_slack import Channel, Message, View
from tests.fake_slack.model import texts_in
from tests.slack.talking import answers, bot_replies, mention
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


def shown_in(message: Message) -> str:
    return "\n".join(texts_in(message.blocks))


def typed_values(form: View) -> list[object]:
    """Return what the inputs of a form contain."""
    inputs = (block["element"] for block in form.blocks if block["type"] == "input")
    return [element.get("initial_value") for element in inputs]


def test_an_explained_term_opens_and_an_undefined_one_is_suggested(
    team: Team, quay: Channel
) -> None:
    said = team.workspace.say(team.ada, quay, SAID)
    assert team.workspace.shortcut(team.ben, "explain_message", said).ok
    press(team, team.ben, modal(team, team.ben, "Not defined"), "Define VTS")
    form = modal(team, team.ben, "Suggest a definition")
    link = f"https://loopback.slack.com/archives/{quay.id}/p{said.ts.replace('.', '')}"
    assert {"VTS", link} <= set(typed_values(form))
    assert SAID not in str(form.blocks)
    assert team.workspace.shortcut(team.ada, "explain_message", said).ok
    press(team, team.ada, modal(team, team.ada, "Not defined"), "Open Hawser")
    assert "A thick rope for mooring" in shown(modal(team, team.ada, "Every harbour needs"))


@pytest.mark.parametrize("line", ["explain this", "please explain this message", "explain:"])
def test_a_mention_in_a_thread_explains_the_message_above_it(
    team: Team, quay: Channel, line: str
) -> None:
    root = team.workspace.say(team.ben, quay, "we need a crane")
    said = team.workspace.say(team.ben, quay, SAID, root)
    mention(team, quay, line, root)
    (answer,) = answers(team, root)
    assert "*tug (Tugboat)*: A small strong boat" in shown_in(answer)
    assert "Not defined: VTS, AIS" in shown_in(answer)
    assert "Crane" not in shown_in(answer)
    assert team.workspace.click(team.ben, answer, "Define AIS").ok
    form = modal(team, team.ben, "Suggest a definition")
    link = f"https://loopback.slack.com/archives/{quay.id}/p{said.ts.replace('.', '')}"
    assert {"AIS", link} <= set(typed_values(form))
    team.assistant.question_log.delete_user_data("nobody")  # wait for pending writes
    assert team.assistant.question_log.delete_user_data(team.ada.id).questions == 0


def test_after_an_answer_the_same_words_are_about_the_answer(team: Team, quay: Channel) -> None:
    root = mention(team, quay, "what is a tugboat?")
    answers(team, root)
    mention(team, quay, "explain this", root)
    assert "Not defined" not in shown_in(answers(team, root, 2)[1])
    team.workspace.say(team.ben, quay, SAID, root)
    mention(team, quay, "explain this", root)
    assert "Not defined: VTS, AIS" in shown_in(answers(team, root, 3)[2])


def test_outside_a_thread_the_mention_points_to_the_shortcut(team: Team, quay: Channel) -> None:
    root = mention(team, quay, "explain this")
    (answer,) = answers(team, root)
    assert 'Use the shortcut "Explain this message"' in answer.text


def test_without_a_mention_nothing_is_explained(team: Team, quay: Channel) -> None:
    root = team.workspace.say(team.ben, quay, SAID)
    team.workspace.say(team.ada, quay, "explain this", root)
    team.quiet()
    assert not bot_replies(team, root)
