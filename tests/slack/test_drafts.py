"""Unsaved input in Slack: drafts, edit conflicts, and failures to save."""

import json
from dataclasses import replace

import pytest

from bot.slack.manifest import ADD_ENTRY
from bot.slack.views.entry_form import fields_in
from index.entry_draft import EntryDraft
from tests.slack.team import Team
from tests.slack.views import modal, press, shown
from tests.slack.writing import (
    CAPSTAN,
    direct,
    fill,
    filled,
    found,
    opened_form,
    previewed,
    submit,
    type_command,
    values_of,
)

ADD, EDIT = "Add to the glossary", "Edit an entry"
MODES = ["http"]
pytestmark = pytest.mark.usefixtures("shorten_timeouts")


def test_conflict_view_shows_the_other_change_and_can_save_over_it(team: Team) -> None:
    view = opened_form(team, "/near-admin edit buoy", team.ada, EDIT)
    mine = previewed(team, team.ada, view, {"definition": "Mine.", "example": "Mine, too."})
    with team.store.reading() as generation:
        buoy = generation.entries["buoy"]
    named = replace(buoy, aliases=(*buoy.aliases, "float"))
    team.store.ledger.edits.put("edited", "written", named, by="bob (U2)", imported=buoy)
    type_command(team, "/near-admin edit buoy = Theirs.", team.ada)
    direct(team, team.ada, "Buoy was changed")
    submit(team, team.ada, mine)
    reply = shown(modal(team, team.ada, "Edit conflict"))
    assert f"ada ({team.ada.id}) changed" in reply
    assert "_Theirs:_ Theirs." in reply
    assert "_Yours:_ Mine." in reply
    assert "so their text stays: aliases." in reply
    submit(team, team.ada, team.workspace.views(team.ada)[-1])
    entry = found(team, "/define float", "Mine.")
    assert "Mine, too." in json.dumps(entry.blocks)


def test_resolving_a_conflict_with_their_version_keeps_mine_as_a_draft(team: Team) -> None:
    view = opened_form(team, "/near-admin edit pilot", team.ada, EDIT)
    mine = previewed(team, team.ada, view, {"definition": "Mine."})
    type_command(team, "/near-admin edit pilot = Theirs.", team.ada)
    direct(team, team.ada, "Pilot was changed")
    submit(team, team.ada, mine)
    conflict = modal(team, team.ada, "Your version is kept as a draft.")
    assert conflict.content["close"]["text"] == "Take theirs"
    team.workspace.close(team.ada, conflict)
    assert not team.workspace.views(team.ada)
    view = opened_form(team, "/near-admin edit pilot", team.ada, "You have an unsaved draft")
    assert values_of(view)["definition"] == "Theirs."
    press(team, team.ada, view, "Use it")
    assert "unsaved draft" not in shown(filled(team, team.ada, definition="Mine."))


def test_owner_is_set_in_a_form_and_kept_by_a_draft_without_the_field(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = opened_form(team, "/near-admin edit buoy", team.ada, EDIT)
    submit(team, team.ada, previewed(team, team.ada, view, {"owner": "Harbour office"}))
    direct(team, team.ada, "Buoy was changed (owner)")
    team.workspace.close(team.ada, team.workspace.views(team.ada)[-1])

    view = opened_form(team, "/near-admin edit buoy", team.ada, EDIT)
    with monkeypatch.context() as patch:
        patch.setattr(
            "bot.slack.handlers.entry_form.fields_in",
            lambda given: replace(fields_in(given) or EntryDraft(), owner=None),
        )
        fill(team, team.ada, view, {"definition": "A mark that floats."})
        team.workspace.close(team.ada, view)
        view = opened_form(team, "/near-admin edit buoy", team.ada, "You have an unsaved draft")
    press(team, team.ada, view, "Use it")
    used = filled(team, team.ada, definition="A mark that floats.")
    assert values_of(used)["owner"] == "Harbour office"
    submit(team, team.ada, previewed(team, team.ada, used, {}))
    direct(team, team.ada, "Buoy was changed (definition)")
    with team.store.reading() as generation:
        assert generation.entries["buoy"].owner == "Harbour office"


def test_content_of_a_closed_form_is_offered_as_a_draft(team: Team) -> None:
    view = opened_form(team, "/near-admin add", team.ada, ADD)
    view = filled(team, team.ada)
    fill(team, team.ada, view, CAPSTAN)
    team.workspace.close(team.ada, view)
    assert team.workspace.shortcut(team.ada, ADD_ENTRY).ok
    again = modal(team, team.ada, 'You have an unsaved draft of "Capstan" from just now.')
    fill(team, team.ada, again, {"term": "Fairlead"})
    press(team, team.ada, again, "Use it")
    used = filled(team, team.ada, term="Capstan")
    assert CAPSTAN.items() <= values_of(used).items()
    team.workspace.close(team.ada, used)
    assert team.workspace.shortcut(team.ada, ADD_ENTRY).ok
    offered = modal(team, team.ada, "You have an unsaved draft")
    press(team, team.ada, offered, "Discard it")
    first, second = '"Capstan"', '"Fairlead"'
    modal(team, team.ada, second if first in shown(offered) else first)


def test_name_and_input_with_lone_surrogates_do_not_stop_an_edit(team: Team) -> None:
    view = opened_form(team, "/near-admin edit crane", team.ada, EDIT)
    team.ada.name, name = "a\ud800da", team.ada.name
    try:
        preview = previewed(team, team.ada, view, {"example": "A \ud800crane."})
        submit(team, team.ada, preview)
        direct(team, team.ada, "Crane was changed (example)")
    finally:
        team.ada.name = name
    record = team.store.ledger.edits.history("crane")[-1]
    assert (record.by, record.content.example) == (f"ada ({team.ada.id})", "A crane.")


def test_draft_is_private_and_is_deleted_when_the_entry_is_saved(team: Team) -> None:
    view = opened_form(team, "/near-admin add Fender", team.ada, ADD)
    typed = {"definition": "What keeps a ship from the wall."}
    submit(team, team.ada, previewed(team, team.ada, view, typed))
    direct(team, team.ada, "Fender was added. Live")
    modal(team, team.ada, "Fender was added. Live")  # updated after the message
    type_command(team, "/near-admin add", team.ada)
    view = filled(team, team.ada, term="")
    assert "unsaved draft" not in shown(view)
    fill(team, team.ada, view, {"term": "Painter"})
    assert team.workspace.shortcut(team.ben, ADD_ENTRY).ok
    assert "unsaved draft" not in shown(filled(team, team.ben))


@pytest.mark.one_bot
def test_failure_to_save_is_reported_and_the_input_becomes_a_draft(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    view = opened_form(team, "/near-admin add Shackle", team.ada, ADD)
    typed = {"definition": "A ring that can be opened."}
    with monkeypatch.context() as patched:
        patched.setattr("bot.admin.drafts.preview", fail)
        submit(team, team.ada, view, typed)
    (view,) = team.workspace.views(team.ada)
    assert "Something went wrong in Nearsay" in json.dumps(view.errors)
    preview = previewed(team, team.ada, view, {})
    with monkeypatch.context() as patched:
        patched.setattr("bot.slack.handlers.save_entry.digest_of", fail)
        submit(team, team.ada, preview)
        assert "Something went wrong in Nearsay" in shown(modal(team, team.ada, "kept as a draft"))
    opened_form(team, "/near-admin add", team.ada, 'an unsaved draft of "Shackle"')


def test_only_the_previewed_input_is_saved(team: Team) -> None:
    view = opened_form(team, "/near-admin edit tugboat", team.ada, EDIT)
    preview = previewed(team, team.ada, view, {"definition": "Looked at."})
    drafts = team.store.ledger.drafts
    (draft,) = drafts.with_prefix(team.ada.id, "slack write ")
    drafts.keep(team.ada.id, replace(draft, fields=replace(draft.fields, definition="Another.")))
    submit(team, team.ada, preview)
    modal(team, team.ada, "This preview is out of date")
    assert "pulls large ships" in team.ask("/define tugboat").text


def test_result_is_sent_as_a_direct_message_if_the_modal_is_closed(team: Team) -> None:
    view = opened_form(team, "/near-admin edit quay", team.ada, EDIT)
    mine = previewed(team, team.ada, view, {"definition": "Mine."})
    type_command(team, "/near-admin edit quay = Theirs.", team.ada)
    direct(team, team.ada, "Quay was changed")
    team.workspace.fault("views.update", error="not_found")
    submit(team, team.ada, mine)
    assert "kept as a draft" in direct(team, team.ada, "changed Quay just now").text
