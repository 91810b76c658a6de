"""Non-admins cannot write, decide or read internals by any route."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.slack.blocks.admin import DEFINE
from bot.slack.blocks.editing import RUN
from bot.slack.blocks.entry import EDIT_ENTRY
from bot.slack.blocks.review import APPROVE, DECLINE, EDIT_SUGGESTION, REVIEW_ALL
from bot.slack.manifest import ADD_ENTRY
from bot.slack.views.entry_form import ENTRY_FORM, fields_in
from bot.slack.views.form_state import FormState
from bot.slack.views.preview import (
    CONFLICT,
    DECLINE_FORM,
    MAKE_ALIAS,
    PREVIEW,
    REVIEW,
)
from index.entry_draft import digest_of
from index.storage.db.drafts import SavedDraft
from tests.fake_slack import View, payloads
from tests.slack.team import Team
from tests.slack.test_reviewing import review, suggest
from tests.slack.views import modal, shown
from tests.slack.writing import (
    CAPSTAN,
    direct,
    fill,
    opened_form,
    previewed,
    submit,
    type_command,
    values_of,
)

REFUSED = "Only admins of Nearsay can do that."
MODES = ["http"]


@dataclass
class Scene:
    """A pending suggestion by ben, a change by ada, and the state after both."""

    team: Team
    suggestion: str
    change: int
    draft: FormState
    before: tuple[object, ...] = ()

    def state(self) -> tuple[object, ...]:
        """Return the state that a user without permission must not change."""
        ledger = self.team.store.ledger
        found = ledger.suggestions.get(self.suggestion)
        current = ledger.generations.pointer().generation
        return ledger.edits.last(), found.state, found.fields, current


@pytest.fixture(scope="module")
def scene(crew: Team) -> Scene:
    team = crew
    suggest(team)
    review(team)
    view = opened_form(team, "/near-admin edit hawser", team.ada, "Edit an entry")
    submit(team, team.ada, previewed(team, team.ada, view, {"definition": "A rope."}))
    direct(team, team.ada, "Live")
    view = opened_form(team, "/near-admin add", team.ada, "Term")
    previewed(team, team.ada, view, CAPSTAN | {"term": "Windlass"})
    draft = FormState.from_json(team.workspace.views(team.ada)[-1].content["private_metadata"])
    (waiting,) = team.store.ledger.suggestions.open(5)
    made = Scene(team, waiting.id, team.store.ledger.edits.last(), draft)
    made.before = made.state()
    return made


COMMANDS = (
    "add Winch",
    "add Winch = A drum.",
    "edit hawser",
    "edit hawser = Nothing.",
    "remove hawser",
    "remove hawser --yes",
    "undo",
    "undo hawser",
    "phrase hawser = what ties a ship",
    "history hawser",
    "history hawser restore={change}",
    "history hawser restore=0",
    "suggestions",
    "approve {suggestion}",
    "decline {suggestion} because",
    "gaps",
    "stats",
    "log",
    "export",
    "status",
    "reindex",
    "reindex cancel",
    "generations",
    "rollback",
    "reindex --resume",
)


@pytest.mark.parametrize("line", COMMANDS)
def test_command_of_a_non_admin_is_refused(scene: Scene, line: str) -> None:
    team = scene.team
    line = line.format(change=scene.change, suggestion=scene.suggestion)
    if line in ("add Winch", "edit hawser"):
        type_command(team, f"/near-admin {line}", team.ben)
        assert values_of(modal(team, team.ben, REFUSED)) == {}
    else:
        reply = team.ask(f"/near-admin {line}", team.ben)
        assert reply.text.startswith(REFUSED)
        assert reply.buttons == []
    assert scene.state() == scene.before
    noted = team.store.ledger.audit.last(1)[0]
    assert (noted.who, noted.outcome) == (f"ben ({team.ben.id})", "refused")


def close_views(scene: Scene) -> Team:
    """Close all open modals of ben, and return the team."""
    for view in scene.team.workspace.views(scene.team.ben)[:1]:
        scene.team.workspace.close(scene.team.ben, view, everything=True)
    return scene.team


BUTTONS = {
    "approve": (APPROVE, "/near-admin approve {suggestion}"),
    "approve by another button": ("more", "/near-admin approve {suggestion}"),
    "share what an admin sees": ("share", "/near-admin history hawser"),
    "share the gaps": ("share", "/near-admin gaps"),
    "list the gaps": ("more", "/near-admin gaps"),
    "approve what was shown": (APPROVE, "/near-admin approve {suggestion} digest=0"),
    "review all": (REVIEW_ALL, "{suggestion}"),
    "mend": (EDIT_SUGGESTION, "{suggestion}"),
    "review in the list": (f"{EDIT_SUGGESTION}_0", "{suggestion}"),
    "edit": (EDIT_ENTRY, "hawser"),
    "define": (f"{DEFINE}_0", "Winch"),
    "undo": (f"{RUN}_undo", "/near-admin undo hawser change={change}"),
    "restore": (f"{RUN}_0", "/near-admin history hawser restore={change}"),
    "remove": (f"{RUN}_remove", "/near-admin remove hawser --yes"),
    "roll back": ("admin_rollback", "/near-admin rollback g000001 from=g000002"),
    "resume": ("admin_resume", "/near-admin reindex --resume"),
    "roll back by another button": ("share", "/near-admin rollback"),
    "undo as JSON": (
        f"{RUN}_undo",
        '{{"command":"near-admin","text":"hawser","options":{{"change":{change}}},"verb":"undo"}}',
    ),
    "roll back as JSON": ("why", '{{"command":"near-admin","text":"","verb":"rollback"}}'),
}


@pytest.mark.parametrize("name", BUTTONS)
def test_replayed_button_is_refused(scene: Scene, name: str) -> None:
    action, value = BUTTONS[name]
    team = close_views(scene)
    before = len(team.workspace.ephemerals(team.ben, team.channel))
    value = value.format(change=scene.change, suggestion=scene.suggestion)
    assert team.workspace.forge(team.ben, team.channel, action, value).ok

    def refusal() -> bool:
        views = [shown(view) for view in team.workspace.views(team.ben)]
        found = [m.text for m in team.workspace.ephemerals(team.ben, team.channel)[before:]]
        return any(REFUSED in text for text in (*found, *views))

    team.workspace.wait(refusal, seconds=5)
    assert scene.state() == scene.before
    if value.startswith(("/", "{")):
        noted = team.store.ledger.audit.last(1)[0]
        assert (noted.who, noted.outcome) == (f"ben ({team.ben.id})", "refused")


def own_form(scene: Scene) -> View:
    """Return a filled-in suggestion form of ben."""
    team = close_views(scene)
    assert team.workspace.shortcut(team.ben, ADD_ENTRY).ok
    view = team.workspace.wait(
        lambda: next((v for v in team.workspace.views(team.ben) if values_of(v)), None)
    )
    return fill(team, team.ben, view, CAPSTAN | {"term": "Windlass"})


def submit_forged(scene: Scene, view: View, callback: str, purpose: FormState) -> str:
    """Submit ben's view with another callback id and metadata; return the text shown to him."""
    team = scene.team
    payload = payloads.view_submission(team.workspace, team.ben, view)
    payload["view"] |= {"callback_id": callback, "private_metadata": purpose.to_json()}
    assert team.workspace.send("interactive", "view_submission", payload, team.ben, view.id)

    def refusal() -> str | None:
        found = team.workspace.views(team.ben)
        said = [shown(one) + json.dumps(one.errors) for one in found]
        return next(
            (text for text in said if REFUSED in text or "preview is out of date" in text), None
        )

    return team.workspace.wait(refusal, seconds=5)


def save_draft(scene: Scene, purpose: FormState) -> FormState:
    """Save a draft by ben for `purpose`, as a preview does; return `purpose` with its digest."""
    given = {"state": {"values": {"b": {"entry_field_term": {"value": "Winch"}}}}}
    fields = fields_in(given)
    assert fields is not None
    purpose = replace(purpose, typed=digest_of(fields))
    draft = SavedDraft(purpose.draft, fields, purpose.version, datetime.now(UTC))
    scene.team.store.ledger.drafts.keep(scene.team.ben.id, draft)
    return purpose


PURPOSES: dict[str, Callable[[Scene], FormState]] = {
    "a new entry": lambda _: FormState("write"),
    "an entry at another version": lambda _: FormState("write", entry="hawser", version="0" * 64),
    "an entry at its current version": lambda scene: FormState(
        "write",
        entry="hawser",
        version=scene.team.store.ledger.edits.get("hawser").version,  # type: ignore[union-attr]
    ),
    "a suggestion": lambda scene: FormState("review", suggestion=scene.suggestion),
    "a field too long for the form": lambda _: FormState(
        "write", entry="hawser", kept=("definition",)
    ),
}


@pytest.mark.parametrize("name", PURPOSES)
@pytest.mark.parametrize("callback", [ENTRY_FORM, PREVIEW, CONFLICT])
def test_forged_submission_is_refused(scene: Scene, callback: str, name: str) -> None:
    view, purpose = own_form(scene), save_draft(scene, PURPOSES[name](scene))
    assert REFUSED in submit_forged(scene, view, callback, purpose)
    assert scene.state() == scene.before


def test_forged_decision_is_refused(scene: Scene) -> None:
    waiting = scene.team.store.ledger.suggestions.get(scene.suggestion)
    purpose = FormState("review", suggestion=scene.suggestion)
    assert REFUSED in submit_forged(scene, own_form(scene), DECLINE_FORM, purpose)
    purpose = replace(purpose, typed=digest_of(waiting.fields))
    assert REFUSED in submit_forged(scene, own_form(scene), REVIEW, purpose)
    assert scene.state() == scene.before


def test_draft_of_another_user_is_not_found(scene: Scene) -> None:
    """A draft is visible only to its author, even with its metadata in a forged form."""
    for purpose in (scene.draft, replace(scene.draft, mode="suggest")):
        reply = submit_forged(scene, own_form(scene), PREVIEW, purpose)
        assert "preview is out of date" in reply
    assert scene.state() == scene.before
    assert scene.team.store.ledger.suggestions.count_open() == 1


def press_in_view(scene: Scene, view: View, action: str, value: str, **changes: str) -> None:
    """Press a button in a view with another callback id and other metadata."""
    team = scene.team
    payload = payloads.block_actions(
        team.workspace, team.ben, view, [{"type": "button", "action_id": action, "value": value}]
    )
    payload["view"] |= changes
    assert team.workspace.send("interactive", "block_actions", payload, team.ben, view.id).ok


def test_alias_in_a_forged_preview_is_refused(scene: Scene) -> None:
    view, metadata = own_form(scene), save_draft(scene, FormState("write")).to_json()
    changes = {"callback_id": PREVIEW, "private_metadata": metadata}
    press_in_view(scene, view, f"{MAKE_ALIAS}_0", "hawser", **changes)
    assert modal(scene.team, scene.team.ben, REFUSED)
    assert scene.state() == scene.before


def test_non_admin_cannot_decline_a_suggestion_with_a_reason(scene: Scene) -> None:
    team = close_views(scene)
    assert team.workspace.forge(team.ben, team.channel, DECLINE, scene.suggestion).ok
    view = modal(team, team.ben, "Decline a suggestion")
    assert team.workspace.submit(team.ben, view, {"decline_reason": "because"}).ok
    assert modal(team, team.ben, REFUSED)
    assert scene.state() == scene.before


def test_buttons_of_a_forged_form_do_not_reveal_a_suggestion(scene: Scene) -> None:
    view, team = own_form(scene), scene.team
    secret = FormState("review", suggestion=scene.suggestion).to_json()
    for action in ("use_draft", "discard_draft"):
        press_in_view(scene, view, action, "draft", private_metadata=secret)
        assert CAPSTAN["definition"] not in shown(modal(team, team.ben, REFUSED))
    assert scene.state() == scene.before
