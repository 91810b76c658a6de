"""Admins write entries in Slack: forms, previews, saving, and undo."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.slack.listeners.editing import RESTARTING
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from index.storage.db.questions import QuestionRecord
from tests.fake_slack import User, Workspace
from tests.fake_slack.model import elements_in
from tests.slack.team import Team, serving
from tests.slack.views import labels, modal, press, shown
from tests.slack.writing import (
    CAPSTAN,
    direct,
    found,
    opened_form,
    previewed,
    submit,
    type_command,
    values_of,
)
from tests.support.stores import open_store

ADD, EDIT = "Add to the glossary", "Edit an entry"
MODES = ["http"]
pytestmark = pytest.mark.usefixtures("shorten_timeouts")


def test_entry_added_from_a_form_can_be_found(own_team: Team) -> None:
    team = own_team
    view = opened_form(team, "/near-admin add Capstan", team.ada, ADD)
    assert values_of(view)["term"] == "Capstan"
    preview = previewed(team, team.ada, view, CAPSTAN)
    reply = shown(preview)
    assert "Hawser" in reply
    assert "0." in reply
    submit(team, team.ada, preview)
    done = direct(team, team.ada, "Capstan was added. Live in g000002")
    assert done.buttons == ["Undo"]
    assert "Saved" in shown(modal(team, team.ada, "Capstan"))
    assert "An upright drum" in team.ask("/define drum winch").text
    assert "Capstan" in team.ask("/near an upright drum that sailors turn").text


def test_entry_can_be_edited_from_its_reply(team: Team) -> None:
    reply = team.ask("/define gangway")
    assert team.workspace.click(team.ada, reply, "Edit").ok
    view = modal(team, team.ada, EDIT)
    definition = "A movable bridge by which people board a ship."
    assert values_of(view)["definition"] == definition
    preview = previewed(team, team.ada, view, {"definition": "A plank with a rail."})
    submit(team, team.ada, preview)
    direct(team, team.ada, "Gangway was changed (definition). Live")
    entry = team.ask("/define gangway")
    assert "A plank with a rail." in entry.text
    assert "Every harbour needs a gangway." in json.dumps(entry.blocks), "other fields are kept"


def test_editing_a_misspelt_term_suggests_the_entry(team: Team) -> None:
    view = opened_form(team, "/near-admin edit lighthuose", team.ada, "There is no entry")
    assert "Did you mean Lighthouse?" in shown(view)


def test_non_admin_has_no_edit_button(team: Team) -> None:
    assert "Edit" not in team.ask("/define foghorn", team.ben).buttons
    for user, may in ((team.ben, False), (team.ada, True)):
        reply = team.ask("/near a loud horn that warns ships", user)
        assert team.workspace.click(user, reply, "Open Foghorn").ok
        entry = modal(team, user, "Every harbour needs a foghorn.")
        assert ("Edit" in labels(entry)) is may
    press(team, team.ada, entry, "Edit")
    assert EDIT in shown(modal(team, team.ada, "Definition"))
    assert len(team.workspace.views(team.ada)) == 1


def test_form_shows_errors_at_its_fields_and_keeps_the_input(team: Team) -> None:
    view = opened_form(team, "/near-admin add Quay wall", team.ada, ADD)
    typed = CAPSTAN | {"term": "Foghorn", "questions_0": "Who?", "aliases": "tug"}
    submit(team, team.ada, view, typed)
    (view,) = team.workspace.views(team.ada)
    errors = {block.partition(":")[0]: text for block, text in view.errors.items()}
    assert set(errors) == {"term", "aliases", "questions_0"}
    assert "is already an entry" in errors["term"]
    assert "no answer" in errors["questions_0"]
    assert values_of(view)["definition"] == CAPSTAN["definition"]
    mended = {"term": "Quay wall", "questions_0": "", "aliases": ""}
    submit(team, team.ada, previewed(team, team.ada, view, mended))
    direct(team, team.ada, "Quay wall was added. Live")


def test_selected_terms_of_the_text_become_related_terms(team: Team) -> None:
    view = opened_form(team, "/near-admin add Windlass", team.ada, ADD)
    typed = {"definition": "It winds in a hawser."}
    preview = previewed(team, team.ada, view, typed)
    (boxes,) = [item for item in elements_in(preview.blocks) if item["type"] == "checkboxes"]
    assert [option["text"]["text"] for option in boxes["options"]] == ["Hawser"]
    team.workspace.select(team.ada, preview, boxes["action_id"], ["Hawser"])
    submit(team, team.ada, preview)
    direct(team, team.ada, "Windlass was added. Live")
    shown_entry = json.dumps(team.ask("/define windlass").blocks)
    assert "*Related terms*\\n- Hawser" in shown_entry


def test_term_with_a_duplicate_definition_can_become_an_alias(team: Team) -> None:
    view = opened_form(team, "/near-admin add Fire tower", team.ada, ADD)
    same = {"definition": "A tower whose lamp shows sailors where the coast is."}
    preview = previewed(team, team.ada, view, same)
    assert "Similarity to Lighthouse: " in shown(preview)
    press(team, team.ada, preview, "Make it an alias of Lighthouse")
    direct(team, team.ada, "Lighthouse has a new alias. Live")
    assert team.ask("/define fire tower").text.startswith("Lighthouse")


def test_helpful_question_can_be_added_as_a_search_phrase(team: Team) -> None:
    question, now = "what shouts in the mist", datetime.now(UTC)
    asked = QuestionRecord(
        id="mist",
        at=now,
        person=team.ben.id,
        place="public",
        channel=team.channel.id,
        text=question,
        outcome="answered",
        answer="A loud horn.",
        entries=("foghorn",),
    )
    team.store.ledger.questions.keep(asked)
    team.store.ledger.questions.vote("mist", team.ben.id, helpful=True, at=now)
    stats = found(team, "/near-admin stats", question)
    assert team.workspace.click(team.ada, stats, "Use as search phrase").ok
    direct(team, team.ada, "Foghorn has a new search phrase. Live")
    with team.store.reading() as generation:
        assert generation.entries["foghorn"].search_phrases == (question,)
    for line in ("/define foghorn", "/near foghorn"):
        assert "mist" not in json.dumps(team.ask(line).blocks)
    assert team.ask("/near-admin stats").buttons == []


def test_undo_reverts_only_the_last_change_to_an_entry(team: Team) -> None:
    type_command(team, "/near-admin edit crane = A hoist.", team.ada)
    first = direct(team, team.ada, "Crane was changed (definition). Live")
    form = opened_form(team, "/near-admin edit crane", team.ada, EDIT)
    submit(team, team.ada, previewed(team, team.ada, form, {"aliases": "derrick"}))
    second = direct(team, team.ada, "Crane was changed (aliases). Live")
    assert "has changed Crane since" in team.pressed(team.ada, first, "Undo").text
    found(team, "/define derrick", "A hoist.")  # the other change is kept
    assert team.workspace.click(team.ada, second, "Undo").ok
    found(team, "/define derrick", "There is no entry")


def test_removing_an_entry_asks_for_confirmation_and_can_be_undone(team: Team) -> None:
    type_command(team, "/near-admin add Bollard = A post on the quay.", team.ada)
    direct(team, team.ada, "Bollard was added. Live")
    reply = found(
        team, "/near-admin remove bollard", "Bollard, written in Nearsay, would be removed"
    )
    assert reply.buttons == ["Remove it"]
    assert team.ask("/define bollard").text.startswith("Bollard")
    assert team.workspace.click(team.ada, reply, "Remove it").ok
    done = direct(team, team.ada, "Bollard was removed. Live")
    found(team, "/define bollard", "There is no entry")
    assert team.workspace.click(team.ada, done, "Undo").ok
    again = direct(team, team.ada, "Bollard was restored. Live")
    assert again.ts == done.ts, "the same message reports the undo"
    assert team.ask("/define bollard").text.startswith("Bollard")


def test_history_lists_changes_and_can_restore_a_version(team: Team) -> None:
    for definition in ("A pond.", "A pool."):
        type_command(team, f"/near-admin edit dock = {definition}", team.ada)
        found(team, "/define dock", definition)
    reply = found(team, "/near-admin history dock", "A pond.")
    assert team.ada.id in reply.text
    (restore,) = [label for label in reply.buttons if label.startswith("Restore")]
    assert team.workspace.click(team.ada, reply, restore).ok
    found(team, "/define dock", "A pond.")


def test_entry_saved_during_a_reindex_is_live_after_it(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.editing_service.BUILD_TIMEOUT_S", 0.2)
    view = opened_form(team, "/near-admin add Slow rope", team.ada, ADD)
    slowly = {"definition": "A rope that is coiled slowly."}
    preview = previewed(team, team.ada, view, slowly)
    team.embedder.waiting.clear()
    team.embedder.go.clear()
    submit(team, team.ada, preview)
    assert team.embedder.waiting.wait(10), "the index is being built"
    direct(team, team.ada, "Saved; rebuilding the index")
    began = time.monotonic()
    view = opened_form(team, "/near-admin add Lanyard", team.ada, "Definition")
    assert time.monotonic() - began < 1
    preview = previewed(team, team.ada, view, {"definition": "A short cord."})
    submit(team, team.ada, preview)
    direct(team, team.ada, "Lanyard was added. It goes live after the running reindex")
    inbox = team.service._inbox
    team.workspace.wait(lambda: inbox.count() == 2)  # a restart would publish both edits
    team.embedder.go.set()
    direct(team, team.ada, "Lanyard was added. Live in")
    team.workspace.wait(lambda: inbox.count() == 0)
    assert "A short cord." in team.ask("/define lanyard").text


def test_slow_preview_arrives_after_the_acknowledgement(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.listeners.views.IN_TIME", 0.2)
    view = opened_form(team, "/near-admin add Bight", team.ada, ADD)
    team.embedder.go.clear()
    submit(team, team.ada, view, {"definition": "A loop that is laid slowly."})
    assert "Finding the nearest entries" in shown(team.workspace.views(team.ada)[-1])
    team.embedder.go.set()
    preview = modal(team, team.ada, "A loop that is laid slowly.")
    assert preview.content["submit"]["text"] == "Save"
    assert len(team.workspace.views(team.ada)) == 2


@pytest.mark.one_bot  # stops only the bot of this process
def test_form_and_preview_say_that_nothing_is_saved_during_shutdown(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = opened_form(team, "/near-admin add Fender", team.ada, ADD)
    preview = previewed(team, team.ada, view, {"definition": "A cushion of rope."})
    with monkeypatch.context() as stopped:
        stopped.setattr(team.service._work, "stopping", True)
        submit(team, team.ada, preview)
        assert RESTARTING in shown(team.workspace.views(team.ada)[-1])
        team.workspace.close(team.ada, team.workspace.views(team.ada)[-1])
        submit(team, team.ada, view)
        (view,) = team.workspace.views(team.ada)
        assert list(view.errors.values()) == [RESTARTING]
    assert values_of(view)["definition"] == "A cushion of rope."
    submit(team, team.ada, previewed(team, team.ada, view, {}))
    direct(team, team.ada, "Fender was added. Live")


def publication(user: User, edit: str) -> Delivery:
    """Build the delivery that a process leaves if it dies before an edit is live."""
    given = {"line": edit, "user": user.id, "response_url": "", "received": time.time()}
    return Delivery(key=f"publication {edit}", kind="publication", **given)  # type: ignore[arg-type]


def test_edit_from_a_form_is_published_after_a_restart_or_its_author_is_told(
    workspace: Workspace, data: Path
) -> None:
    ada = workspace.add_user("ada")
    store, inbox = open_store(data), Inbox.in_file(data / "inbox.sqlite3")
    with store.reading() as generation:
        gangway = replace(generation.entries["gangway"], definition="A plank with a rail.")
    store.ledger.edits.put("edited", "written", gangway, by=ada.id, delivery="form 1")
    inbox.record(publication(ada, "form 1"))
    inbox.close()
    store.close()
    with serving(workspace, data) as team:
        direct(team, ada, "Live in g000002")
        assert "A plank with a rail" in team.ask("/define gangway").text
        team.quiet()
        team.service._inbox.record(publication(ada, "form 2"))
    with serving(workspace, data) as team:
        direct(team, ada, "restarted before your change was saved")
        team.quiet()
