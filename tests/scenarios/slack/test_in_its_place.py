"""What is said where: nothing is posted without the question it answers, and nothing twice."""

from __future__ import annotations

import json

from bot.slack.queue.intake import SHARED
from tests.scenarios.slack.conftest import Team
from tests.scenarios.slack.talking import QUESTION, answers, mention


def test_a_press_on_a_suggestion_posts_the_question_and_who_asked_with_the_answer(
    shared: Team,
) -> None:
    crew = shared.workspace.add_channel("crew", [shared.ada, shared.ben])
    root = mention(shared, crew, "what is a hawser?")
    (first,) = answers(shared, root)
    assert shared.workspace.click(shared.ben, first, QUESTION).ok
    second = answers(shared, root, 2)[1]
    assert second.text.startswith(f'ben asks: "{QUESTION}"\nThe harbour master.')
    shown = json.dumps(second.blocks[0])
    assert "ben asks: " in shown
    assert QUESTION in shown


def test_a_reply_is_shared_once_however_often_the_button_is_pressed(shared: Team) -> None:
    workspace = shared.workspace
    reply = shared.ask("/near thick rope for towing")
    before = len(workspace.messages(shared.channel))
    assert workspace.click(shared.ada, reply, "Share in channel").ok
    workspace.wait(lambda: len(workspace.messages(shared.channel)) > before)
    told = len(workspace.ephemerals(shared.ada, shared.channel))
    for _ in range(2):
        assert workspace.click(shared.ada, reply, "Share in channel").ok
    workspace.wait(lambda: len(workspace.ephemerals(shared.ada, shared.channel)) == told + 2)
    alone = workspace.ephemerals(shared.ada, shared.channel)[told:]
    assert [message.text for message in alone] == [SHARED] * 2
    shared.quiet()
    assert len(workspace.messages(shared.channel)) == before + 1
    again = shared.ask("/near thick rope for towing")
    assert workspace.click(shared.ada, again, "Share in channel").ok
    workspace.wait(lambda: len(workspace.messages(shared.channel)) == before + 2)
