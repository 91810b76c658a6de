"""Fairness between users: expensive commands are queued, and others are answered meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.slack.listeners import views
from bot.slack.manifest import ASK_NEARSAY
from bot.slack.queue.worker_pool import EXPENSIVE_WAITING, OWN_RUNNING
from tests.fake_slack import User, View, Workspace
from tests.fake_slack.model import elements_in
from tests.slack.talking import answers
from tests.slack.team import Team, serving
from tests.slack.test_ask import ask, open_ask_modal
from tests.slack.views import modal, shown

MODES = ["http"]
pytestmark = pytest.mark.one_bot

PEOPLE = ("ada", "ben", "cyd")
ANSWERED = "(similarity "  # in every answer


def ephemerals_with(team: Team, user: User, text: str) -> list[str]:
    """Return a user's ephemeral messages that contain `text`."""
    found = [message.text for message in team.workspace.ephemerals(user, team.channel)]
    return [shown for shown in found if text in shown]


def type_shift(team: Team, user: User, text: str) -> None:
    assert team.workspace.command(user, team.channel, "/latent", f"shift {text}").ok


def test_users_of_queued_expensive_commands_are_notified(team: Team) -> None:
    team.embedder.go.clear()
    cyd = team.workspace.add_user("cyd")
    team.channel.members.append(cyd.id)
    people = dict(zip(PEOPLE, (team.ada, team.ben, cyd), strict=True))

    def who_wait_for_others() -> list[User]:  # any of the three: their commands may overtake
        notice = "Two other commands"
        return [user for user in people.values() if ephemerals_with(team, user, notice)]

    for number in range(3):
        for name, user in people.items():
            type_shift(team, user, f"slowly a rope of {name} {number} + for towing")
    assert len(team.workspace.wait(who_wait_for_others, seconds=10)) == 1
    team.embedder.go.set()
    team.quiet()
    assert [len(ephemerals_with(team, user, ANSWERED)) for user in people.values()] == [3, 3, 3]
    assert sum(len(ephemerals_with(team, user, OWN_RUNNING)) for user in people.values()) == 6


def test_queue_of_one_user_is_bounded_and_does_not_delay_other_users(team: Team) -> None:
    team.embedder.go.clear()
    for number in range(40):
        type_shift(team, team.ada, f"slowly {number} + for towing")
    refused = 40 - 1 - EXPENSIVE_WAITING
    team.workspace.wait(
        lambda: len(ephemerals_with(team, team.ada, "already waiting")) == refused or None,
        seconds=10,
    )
    assert len(ephemerals_with(team, team.ada, OWN_RUNNING)) == EXPENSIVE_WAITING
    assert "Hawser" in team.ask("/near thick rope", team.ben).text
    work = team.service._work
    team.workspace.wait(lambda: (work.running, work.waiting) == (1, EXPENSIVE_WAITING))
    team.embedder.go.set()
    team.quiet()
    assert len(ephemerals_with(team, team.ada, ANSWERED)) == 1 + EXPENSIVE_WAITING


def test_expensive_commands_in_conversations_are_queued(team: Team) -> None:
    workspace = team.workspace
    channels = [workspace.add_channel(name, [team.ada]) for name in ("one", "two", "three")]
    team.embedder.go.clear()
    said = f"{workspace.mention} latent shift slowly + for towing"
    roots = [workspace.say(team.ada, channel, said) for channel in channels]

    def notes() -> list[str]:
        private = [workspace.ephemerals(team.ada, channel) for channel in channels]
        return [message.text for messages in private for message in messages]

    assert workspace.wait(notes, seconds=10) == [OWN_RUNNING]
    team.embedder.go.set()
    assert [ANSWERED in answers(team, root)[0].text for root in roots] == [True] * 3


def test_expensive_commands_in_the_ask_modal_are_queued(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "IN_TIME", 0.2)
    monkeypatch.setattr(views, "SETTLED", 0.1)
    team.embedder.go.clear()
    type_shift(team, team.ben, "slowly a rope + for towing")
    ask(team, open_ask_modal(team), "latent shift a rope + for a tug")
    assert OWN_RUNNING in shown(team.workspace.views(team.ben)[0])
    team.embedder.go.set()
    modal(team, team.ben, ANSWERED)
    team.quiet()


def test_questions_in_modals_do_not_delay_the_acknowledgements_of_others(team: Team) -> None:
    workspace, modals = team.workspace, list[tuple[User, View]]()
    for number in range(24):
        user = workspace.add_user(f"user-{number}")
        assert workspace.shortcut(user, ASK_NEARSAY).ok
        modals.append((user, workspace.wait(lambda user=user: workspace.views(user))[0]))  # type: ignore[misc]
    view = modals[0][1]
    (line,) = [item for item in elements_in(view.blocks) if item["type"] == "plain_text_input"]
    team.embedder.go.clear()

    def submit(modal: tuple[User, View]) -> bool:
        typed = {line["block_id"]: f"which ropes are coiled slowly by {modal[0].name}?"}
        return workspace.submit(*modal, typed).ok

    with ThreadPoolExecutor(len(modals)) as people:
        submitted = people.map(submit, modals)
        workspace.wait(lambda: team.service._work.waiting or None)
        before = time.monotonic()
        assert workspace.command(team.ada, team.channel, "/near", "help").ok
        took = time.monotonic() - before
        assert took < 1
        assert all(submitted)
    team.embedder.go.set()
    team.quiet()


def test_queued_command_is_answered_once_after_a_restart(workspace: Workspace, data: Path) -> None:
    with serving(workspace, data) as team:
        team.embedder.go.clear()
        for number in range(3):
            type_shift(team, team.ada, f"slowly a rope + rope{number}")
        workspace.wait(
            lambda: len(ephemerals_with(team, team.ada, OWN_RUNNING)) == 2 or None, seconds=10
        )
        team.service._work.drain(0)
    assert len(ephemerals_with(team, team.ada, ANSWERED)) == 1, (
        "the running command was answered during shutdown"
    )
    with serving(workspace, data) as team:
        team.quiet()
        answered = ephemerals_with(team, team.ada, ANSWERED)
    assert [sum(f"rope{number}" in text for text in answered) for number in range(3)] == [1, 1, 1]
