"""Who is no admin cannot write, decide or look behind the scenes, by whatever route."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.slack.admin_blocks import DEFINE
from bot.slack.editing.edit_blocks import RUN
from bot.slack.editing.form_view import ENTRY_FORM, fields_in
from bot.slack.editing.preview_view import (
    CONFLICT,
    DECLINE_FORM,
    MAKE_ALIAS,
    PREVIEW,
    REVIEW,
    TAKE_THEIRS,
)
from bot.slack.editing.purpose import Purpose
from bot.slack.editing.review_message import APPROVE, DECLINE, MEND, REVIEW_ALL
from bot.slack.entry_modal import EDIT_ENTRY
from bot.slack.manifest import ADD_ENTRY
from index.editing.fields import digest_of
from index.store.ledger.drafts import Draft
from tests.scenarios.slack.conftest import LIMITS, Team, serving
from tests.scenarios.slack.test_reviewing import review, suggested
from tests.scenarios.slack.views import modal, shown
from tests.scenarios.slack.writing import (
    CAPSTAN,
    direct,
    fill,
    opened_form,
    previewed,
    submit,
    type_command,
    values_of,
)
from tests.workspace import View, Workspace, payloads

REFUSED = "Only admins of Nearsay can do that."


@dataclass
class Scene:
    """A suggestion of ben's that waits, one change of ada's, and how everything was then."""

    team: Team
    suggestion: str
    change: int
    draft: Purpose
    before: tuple[object, ...] = ()

    def state(self) -> tuple[object, ...]:
        """All that somebody without rights could have changed."""
        ledger = self.team.store.ledger
        found = ledger.suggestions.get(self.suggestion)
        current = ledger.generations.pointer().generation
        return ledger.edits.last(), found.state, found.fields, current


@pytest.fixture(scope="module")
def scene(harbour_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    data = tmp_path_factory.mktemp("rights") / "data"
    shutil.copytree(harbour_directory, data)
    with Workspace(mode="http", settings=LIMITS) as workspace, serving(workspace, data) as team:
        suggested(team)
        review(team)
        view = opened_form(team, "/near-admin edit hawser", team.ada, "Edit an entry")
        submit(team, team.ada, previewed(team, team.ada, view, {"definition": "A rope."}))
        direct(team, team.ada, "live")
        view = opened_form(team, "/near-admin add", team.ada, "Term")
        previewed(team, team.ada, view, CAPSTAN | {"term": "Windlass"})
        draft = Purpose.from_json(team.workspace.views(team.ada)[-1].content["private_metadata"])
        (waiting,) = team.store.ledger.suggestions.open(5)
        made = Scene(team, waiting.id, team.store.ledger.edits.last(), draft)
        made.before = made.state()
        yield made


COMMANDS = (
    "add Winch",
    "add Winch = A drum.",
    "edit hawser",
    "edit hawser = Nothing.",
    "remove hawser",
    "remove hawser --yes",
    "undo",
    "undo hawser",
    "alias cable = hawser",
    "phrase hawser = what ties a ship",
    "history hawser",
    "history hawser restore={change}",
    "put-back hawser",
    "suggestions",
    "approve {suggestion}",
    "decline {suggestion} because",
    "gaps",
    "stats",
    "log",
    "export",
)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_is_refused(scene: Scene, line: str) -> None:
    team = scene.team
    line = line.format(change=scene.change, suggestion=scene.suggestion)
    if line in ("add Winch", "edit hawser"):
        type_command(team, f"/near-admin {line}", team.ben)
        assert values_of(modal(team, team.ben, REFUSED)) == {}
    else:
        told = team.ask(f"/near-admin {line}", team.ben)
        assert told.text.startswith(REFUSED)
        assert told.buttons == []
    assert scene.state() == scene.before
    noted = team.store.ledger.audit.last(1)[0]
    assert (noted.who, noted.outcome) == (f"ben ({team.ben.id})", "refused")


def pressed(scene: Scene, action: str, value: str, **more: Any) -> str:
    """What ben is told when he presses a button that he was never shown."""
    team = scene.team
    before = len(team.workspace.ephemerals(team.ben, team.channel))
    for view in team.workspace.views(team.ben):
        team.workspace.close(team.ben, view, everything=True)
    payload = {
        "type": "block_actions",
        "user": {"id": team.ben.id, "name": "ben"},
        "channel": {"id": team.channel.id},
        "trigger_id": team.workspace.state.new_trigger(team.ben.id, 3),
        "actions": [{"type": "button", "action_id": action, "value": value}],
    } | more
    if "response_url" not in more:
        payload["response_url"] = payloads.new_response_url(
            team.workspace, team.ben, team.channel, None
        )
    assert team.workspace.send(
        "interactive", "block_actions", payload, team.ben, team.channel.id
    ).ok

    def told() -> str | None:
        views = [shown(view) for view in team.workspace.views(team.ben)]
        found = [m.text for m in team.workspace.ephemerals(team.ben, team.channel)[before:]]
        return next((text for text in (*found, *views) if REFUSED in text), None)

    return team.workspace.wait(told, seconds=5)


BUTTONS = {
    "approve": (APPROVE, "/near-admin approve {suggestion}"),
    "approve by another button": ("more", "/near-admin approve {suggestion}"),
    "share what an admin sees": ("share", "/near-admin history hawser"),
    "approve what was shown": (APPROVE, "/near-admin approve {suggestion} digest=0"),
    "review all": (REVIEW_ALL, "{suggestion}"),
    "mend": (MEND, "{suggestion}"),
    "review in the list": (f"{MEND}_0", "{suggestion}"),
    "edit": (EDIT_ENTRY, "hawser"),
    "define": (f"{DEFINE}_0", "Winch"),
    "undo": (f"{RUN}_undo", "/near-admin undo hawser change={change}"),
    "restore": (f"{RUN}_0", "/near-admin history hawser restore={change}"),
    "remove": (f"{RUN}_remove", "/near-admin remove hawser --yes"),
}


@pytest.mark.parametrize("name", BUTTONS)
def test_a_replayed_button_is_refused(scene: Scene, name: str) -> None:
    action, value = BUTTONS[name]
    value = value.format(change=scene.change, suggestion=scene.suggestion)
    assert REFUSED in pressed(scene, action, value)
    assert scene.state() == scene.before


def own_form(scene: Scene) -> View:
    """A form of ben's, for a suggestion, filled in."""
    team = scene.team
    for view in team.workspace.views(team.ben):
        team.workspace.close(team.ben, view, everything=True)
    assert team.workspace.shortcut(team.ben, ADD_ENTRY).ok
    view = team.workspace.wait(
        lambda: next((v for v in team.workspace.views(team.ben) if values_of(v)), None)
    )
    return fill(team, team.ben, view, CAPSTAN | {"term": "Windlass"})


def forged(scene: Scene, view: View, callback: str, purpose: Purpose) -> str:
    """What ben sees once he has sent a view with another name and other metadata."""
    team = scene.team
    payload = payloads.view_submission(team.workspace, team.ben, view)
    payload["view"] |= {"callback_id": callback, "private_metadata": purpose.to_json()}
    assert team.workspace.send("interactive", "view_submission", payload, team.ben, view.id)

    def told() -> str | None:
        found = team.workspace.views(team.ben)
        said = [shown(one) + json.dumps(one.errors) for one in found]
        return next((text for text in said if REFUSED in text or "not what is kept" in text), None)

    return team.workspace.wait(told, seconds=5)


def kept(scene: Scene, purpose: Purpose) -> Purpose:
    """That purpose, with a draft of ben's own as if he had looked at its preview."""
    given = {"state": {"values": {"b": {"entry_field_term": {"value": "Winch"}}}}}
    fields = fields_in(given)
    assert fields is not None
    purpose = replace(purpose, typed=digest_of(fields))
    draft = Draft(purpose.draft, fields, purpose.version, datetime.now(UTC))
    scene.team.store.ledger.drafts.keep(scene.team.ben.id, draft)
    return purpose


PURPOSES: dict[str, Callable[[Scene], Purpose]] = {
    "a new entry": lambda _: Purpose("write"),
    "another's entry": lambda _: Purpose("write", entry="hawser", version="0" * 64),
    "an entry at its version": lambda scene: Purpose(
        "write",
        entry="hawser",
        version=scene.team.store.ledger.edits.get("hawser").version,  # type: ignore[union-attr]
    ),
    "a suggestion": lambda scene: Purpose("review", suggestion=scene.suggestion),
    "what does not fit into a form": lambda _: Purpose(
        "write", entry="hawser", kept=("definition",)
    ),
}


@pytest.mark.parametrize("name", PURPOSES)
@pytest.mark.parametrize("callback", [ENTRY_FORM, PREVIEW, CONFLICT])
def test_a_forged_submission_is_refused(scene: Scene, callback: str, name: str) -> None:
    view, purpose = own_form(scene), kept(scene, PURPOSES[name](scene))
    assert REFUSED in forged(scene, view, callback, purpose)
    assert scene.state() == scene.before


def test_a_forged_decline_is_refused(scene: Scene) -> None:
    purpose = Purpose("review", suggestion=scene.suggestion)
    assert REFUSED in forged(scene, own_form(scene), DECLINE_FORM, purpose)
    assert scene.state() == scene.before


def test_a_forged_approval_is_refused(scene: Scene) -> None:
    waiting = scene.team.store.ledger.suggestions.get(scene.suggestion)
    shown = digest_of(waiting.fields)
    purpose = Purpose("review", suggestion=scene.suggestion, typed=shown)
    assert REFUSED in forged(scene, own_form(scene), REVIEW, purpose)
    assert scene.state() == scene.before


def test_another_persons_draft_is_not_there(scene: Scene) -> None:
    """Not even with the very metadata of their form: a draft belongs to who typed it."""
    for purpose in (scene.draft, replace(scene.draft, mode="suggest")):
        told = forged(scene, own_form(scene), PREVIEW, purpose)
        assert "not what is kept" in told
    assert scene.state() == scene.before
    assert scene.team.store.ledger.suggestions.waiting() == 1


def test_an_alias_in_a_forged_preview_is_refused(scene: Scene) -> None:
    view, purpose = own_form(scene), kept(scene, Purpose("write"))
    team = scene.team
    payload = payloads.in_view(team.workspace, team.ben, view)
    payload |= payloads.common(team.workspace, team.ben) | {"type": "block_actions"}
    payload["actions"] = [{"type": "button", "action_id": f"{MAKE_ALIAS}_0", "value": "hawser"}]
    payload["view"] |= {"callback_id": PREVIEW, "private_metadata": purpose.to_json()}
    assert team.workspace.send("interactive", "block_actions", payload, team.ben, view.id).ok
    assert REFUSED in shown(modal(team, team.ben, REFUSED))
    assert scene.state() == scene.before


def test_the_reason_of_a_decline_can_be_given_by_nobody_else(scene: Scene) -> None:
    team = scene.team
    for view in team.workspace.views(team.ben):
        team.workspace.close(team.ben, view, everything=True)
    payload = {
        "type": "block_actions",
        "user": {"id": team.ben.id, "name": "ben"},
        "trigger_id": team.workspace.state.new_trigger(team.ben.id, 3),
        "actions": [{"type": "button", "action_id": DECLINE, "value": scene.suggestion}],
    }
    assert team.workspace.send("interactive", "block_actions", payload, team.ben, "").ok
    view = modal(team, team.ben, "Decline a suggestion")
    assert team.workspace.submit(team.ben, view, {"decline_reason": "because"}).ok
    assert modal(team, team.ben, REFUSED)
    assert scene.state() == scene.before


def test_a_form_of_a_suggestion_stays_one(scene: Scene) -> None:
    """Draft buttons of a forged form give nothing away either."""
    view = own_form(scene)
    team = scene.team
    for action in ("use_draft", "discard_draft", TAKE_THEIRS):
        payload = payloads.in_view(team.workspace, team.ben, view)
        payload |= payloads.common(team.workspace, team.ben) | {"type": "block_actions"}
        payload["actions"] = [{"type": "button", "action_id": action, "value": "draft"}]
        secret = Purpose("review", suggestion=scene.suggestion)
        payload["view"] |= {"private_metadata": secret.to_json()}
        assert team.workspace.send("interactive", "block_actions", payload, team.ben, view.id).ok
        told = modal(team, team.ben, "Theirs stays" if action == TAKE_THEIRS else REFUSED)
        assert CAPSTAN["definition"] not in shown(told)
    assert scene.state() == scene.before
