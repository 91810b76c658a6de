"""Write entries in Slack: open forms, fill them in, and read the replies."""

from collections.abc import Mapping
from typing import Any

from tests.fake_slack import Channel, Message, User, View
from tests.fake_slack.model import elements_in
from tests.slack.team import Team
from tests.slack.views import modal

CAPSTAN = {
    "term": "Capstan",
    "aliases": "drum winch",
    "definition": "An upright drum that sailors turn to wind in a hawser.",
    "example": "Six sailors turned the capstan.",
    "related": "Anchor: it is raised by one",
    "questions_0": "Q: Who turns a capstan?\nA: The crew, singing.",
}


def type_command(team: Team, line: str, user: User) -> None:
    """Type a command whose answer may appear in any conversation."""
    command, _, text = line.partition(" ")
    delivery = team.workspace.command(user, team.channel, command, text)
    assert delivery.ok, delivery.error


def opened_form(team: Team, line: str, user: User, title: str) -> View:
    """Type a command that opens a form, and return the form."""
    type_command(team, line, user)
    return modal(team, user, title)


def block_of(view: View, name: str) -> str:
    """Return the block id of a field's input."""
    (found,) = [
        item["block_id"]
        for item in elements_in(view.blocks)
        if item["action_id"] == f"entry_field_{name}"
    ]
    return str(found)


def fill(team: Team, user: User, view: View, values: Mapping[str, str]) -> View:
    """Enter values in a form without submitting it."""
    boxes = {block_of(view, name): value for name, value in values.items()}
    return team.workspace.fill(user, view, boxes)


def submit(team: Team, user: User, view: View, values: Mapping[str, Any] | None = None) -> None:
    """Fill in and submit a form."""
    fill(team, user, view, values or {})
    delivery = team.workspace.submit(user, view)
    assert delivery.ok, (delivery.error, delivery.messages)


def previewed(team: Team, user: User, view: View, values: Mapping[str, str]) -> View:
    """Submit input in a form, and return its preview."""
    submit(team, user, view, values)
    return modal(team, user, "The nearest entries:")


def found(team: Team, line: str, containing: str) -> Message:
    """Repeat a command until its reply contains a text, and return the reply."""

    def look() -> Message | None:
        reply = team.ask(line)
        return reply if containing in reply.text else None

    return team.workspace.wait(look, seconds=10)


def filled(team: Team, user: User, **values: str) -> View:
    """Wait until the top form has these values, or until a form is open; return it."""

    def look() -> View | None:
        for view in team.workspace.views(user)[-1:]:
            there = values_of(view)
            if there and values.items() <= there.items():
                return view
        return None

    return team.workspace.wait(look, seconds=10)


def values_of(view: View) -> dict[str, str]:
    """Return the values in a form, by field."""
    found = {}
    for block in view.values.values():
        for action, state in block.items():
            chosen = (state.get("selected_option") or {}).get("value")
            found[action.removeprefix("entry_field_")] = str(state.get("value") or chosen or "")
    return found


def direct(team: Team, user: User, containing: str) -> Message:
    """Wait until the bot's last direct message contains a text, and return it."""
    channel: Channel = team.workspace.dm(user)

    def found() -> Message | None:
        there = [one for one in team.workspace.messages(channel) if one.bot_id]
        return there[-1] if there and containing in there[-1].text else None

    return team.workspace.wait(found, seconds=20)
