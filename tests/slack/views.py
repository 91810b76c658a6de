"""Read and use a user's open Slack views: the Home tab and modals."""

import json

from tests.fake_slack import Message, User, View
from tests.fake_slack.model import elements_in, texts_in
from tests.slack.team import Team


def home(team: Team, user: User, containing: str = "") -> View:
    """Wait until a person's Home tab contains a text, and return it."""

    def found() -> View | None:
        view = team.workspace.home(user)
        return view if view and containing in shown(view) else None

    return team.workspace.wait(found, seconds=10)


def opened_home(team: Team, user: User) -> View:
    """Open the Home tab as a person, and return it."""
    before = team.workspace.home(user)
    assert team.workspace.open_home(user) is not None
    return changed_home(team, user, before)


def changed_home(team: Team, user: User, before: View | None) -> View:
    """Wait until a person's Home tab differs from `before`, and return it."""

    def published() -> View | None:
        view = team.workspace.home(user)
        return view if view and (before is None or view.hash != before.hash) else None

    return team.workspace.wait(published, seconds=10)


def modal(team: Team, user: User, containing: str) -> View:
    """Wait until the top modal contains a text, and return it."""

    def found() -> View | None:
        views = team.workspace.views(user)
        return views[-1] if views and containing in shown(views[-1]) else None

    return team.workspace.wait(found, seconds=10)


def shown(view: View) -> str:
    """Return all text of a view, including its title."""
    title = view.content.get("title", {}).get("text", "")
    return "\n".join([title, *texts_in(view.blocks)])


def labels(view: View) -> list[str]:
    """Return the labels of all buttons, in order."""
    return [item["text"]["text"] for item in elements_in(view.blocks) if item["type"] == "button"]


def press(
    team: Team, user: User, target: Message | View, label: str, value: str | None = None
) -> None:
    """Press a button by its label."""
    delivery = team.workspace.click(user, target, label, value)
    assert delivery.ok, (delivery.error, json.dumps(delivery.messages))
