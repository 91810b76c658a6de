"""Admins write entries in Slack: forms, previews, saving, and taking back."""

from __future__ import annotations

import json
import time

import pytest

from bot.slack.manifest import ADD_ENTRY
from tests.scenarios.slack.conftest import Team
from tests.scenarios.slack.views import labels, modal, press, shown
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
from tests.workspace.model import elements_in

pytestmark = pytest.mark.usefixtures("hurried")

# Where it makes no difference how Slack reaches the bot.
once = pytest.mark.parametrize("mode", ["http"])


def test_an_entry_is_added_from_a_form_and_found(team: Team) -> None:
    view = opened_form(team, "/near-admin add Capstan", team.ada, "Add to the glossary")
    assert values_of(view)["term"] == "Capstan"
    preview = previewed(team, team.ada, view, CAPSTAN)
    told = shown(preview)
    assert "Hawser" in told
    assert "0." in told
    submit(team, team.ada, preview)
    done = direct(team, team.ada, "live")
    assert "Capstan" in done.text
    assert done.buttons == ["Undo"]
    assert "Saved" in shown(modal(team, team.ada, "Capstan"))
    assert "An upright drum" in team.ask("/define drum winch").text
    assert "Capstan" in team.ask("/near an upright drum that sailors turn").text


def test_an_entry_is_edited_from_its_own_reply(team: Team) -> None:
    reply = team.ask("/define hawser")
    assert "Edit" in reply.buttons
    assert team.workspace.click(team.ada, reply, "Edit").ok
    view = modal(team, team.ada, "Edit an entry")
    assert values_of(view)["definition"] == "A thick rope for mooring or towing a ship."
    assert values_of(view)["aliases"] == "mooring rope"
    preview = previewed(team, team.ada, view, {"definition": "A very thick rope."})
    submit(team, team.ada, preview)
    direct(team, team.ada, "live")
    entry = team.ask("/define hawser")
    assert "A very thick rope." in entry.text
    assert "Every harbour needs a hawser." in json.dumps(entry.blocks), "what no form has stays"


@once
def test_who_is_no_admin_has_no_button_to_edit(team: Team) -> None:
    assert "Edit" not in team.ask("/define hawser", team.ben).buttons
    reply = team.ask("/near a thick rope", team.ben)
    assert team.workspace.click(team.ben, reply, "Open").ok
    assert "Edit" not in labels(modal(team, team.ben, "Every harbour"))
    reply = team.ask("/near a thick rope")
    assert team.workspace.click(team.ada, reply, "Open").ok
    entry = modal(team, team.ada, "Every harbour")
    press(team, team.ada, entry, "Edit")
    assert "Edit an entry" in shown(modal(team, team.ada, "Definition"))
    assert len(team.workspace.views(team.ada)) == 1


@once
def test_what_is_wrong_is_said_at_the_fields_and_nothing_typed_is_lost(team: Team) -> None:
    view = opened_form(team, "/near-admin add Quay wall", team.ada, "Add to the glossary")
    typed = CAPSTAN | {"term": "Hawser", "questions_0": "Who?", "aliases": "tug"}
    submit(team, team.ada, view, typed)
    (view,) = team.workspace.views(team.ada)
    errors = {block.partition(":")[0]: text for block, text in view.errors.items()}
    assert set(errors) == {"term", "aliases", "questions_0"}
    assert "is an entry already" in errors["term"]
    assert "no answer" in errors["questions_0"]
    assert values_of(view)["definition"] == CAPSTAN["definition"]
    preview = previewed(
        team, team.ada, view, {"term": "Quay wall", "questions_0": "", "aliases": ""}
    )
    submit(team, team.ada, preview)
    assert "Quay wall" in direct(team, team.ada, "live").text


@once
def test_back_from_the_preview_leads_to_what_was_typed(team: Team) -> None:
    view = opened_form(team, "/near-admin add Capstan", team.ada, "Add to the glossary")
    preview = previewed(team, team.ada, view, CAPSTAN)
    assert preview.content["close"]["text"] == "Back"
    team.workspace.close(team.ada, preview)
    (again,) = team.workspace.views(team.ada)
    assert values_of(again)["definition"] == CAPSTAN["definition"]


@once
def test_terms_named_in_the_text_are_added_as_related_where_they_are_ticked(team: Team) -> None:
    view = opened_form(team, "/near-admin add Capstan", team.ada, "Add to the glossary")
    preview = previewed(team, team.ada, view, CAPSTAN | {"related": ""})
    (boxes,) = [item for item in elements_in(preview.blocks) if item["type"] == "checkboxes"]
    assert "Hawser" in [option["text"]["text"] for option in boxes["options"]]
    team.workspace.select(team.ada, preview, boxes["action_id"], ["Hawser"])
    submit(team, team.ada, preview)
    direct(team, team.ada, "live")
    assert "Related terms*\n- Hawser" in json.dumps(team.ask("/define capstan").blocks).replace(
        "\\n", "\n"
    )


@once
def test_what_says_the_same_can_be_made_an_alias_instead(team: Team) -> None:
    view = opened_form(team, "/near-admin add Mooring line", team.ada, "Add to the glossary")
    same = {"definition": "A thick rope for mooring or towing a ship."}
    preview = previewed(team, team.ada, view, same)
    assert "like *Hawser*: an alias?" in shown(preview)
    press(team, team.ada, preview, "Make it an alias of Hawser")
    direct(team, team.ada, "live")
    assert "Hawser" in team.ask("/define mooring line").text


@once
def test_undo_takes_back_a_change_as_long_as_it_is_the_last(team: Team) -> None:
    view = opened_form(team, "/near-admin edit hawser", team.ada, "Edit an entry")
    submit(team, team.ada, previewed(team, team.ada, view, {"definition": "A rope."}))
    first = direct(team, team.ada, "live")
    type_command(team, "/near-admin alias cable = hawser", team.ada)
    second = direct(team, team.ada, "has another name")
    before = len(team.workspace.ephemerals(team.ada, team.workspace.dm(team.ada)))
    assert first.ts != second.ts
    assert team.workspace.click(team.ada, first, "Undo").ok
    told = team.workspace.wait(
        lambda: team.workspace.ephemerals(team.ada, team.workspace.dm(team.ada))[before:]
    )
    assert "changed" in told[0].text
    assert "A rope." in team.ask("/define cable").text, "the other change stays"
    assert team.workspace.click(team.ada, second, "Undo").ok
    team.workspace.wait(lambda: "There is no entry" in team.ask("/define cable").text, seconds=10)


@once
def test_removing_asks_first_and_can_be_undone(team: Team) -> None:
    type_command(team, "/near-admin add Capstan = An upright drum.", team.ada)
    direct(team, team.ada, "is added")
    reply = team.ask("/near-admin remove capstan")
    assert reply.buttons == ["Remove it"]
    assert "Capstan" in reply.text
    assert team.ask("/define capstan").text.startswith("Capstan")
    assert team.workspace.click(team.ada, reply, "Remove it").ok
    done = direct(team, team.ada, "is removed")
    assert "There is no entry" in team.ask("/define capstan").text
    assert team.workspace.click(team.ada, done, "Undo").ok
    again = direct(team, team.ada, "is restored")
    assert again.ts == done.ts, "the message says that it was taken back"
    assert team.ask("/define capstan").text.startswith("Capstan")


@once
def test_history_says_who_changed_what_and_restores(team: Team) -> None:
    for definition in ("A rope.", "A cord."):
        view = opened_form(team, "/near-admin edit hawser", team.ada, "Edit an entry")
        submit(team, team.ada, previewed(team, team.ada, view, {"definition": definition}))
        team.workspace.wait(
            lambda definition=definition: definition in team.ask("/define hawser").text or None,  # type: ignore[misc]
            seconds=10,
        )
        team.workspace.close(team.ada, team.workspace.views(team.ada)[-1], everything=True)
    reply = team.ask("/near-admin history hawser")
    assert "A rope." in reply.text
    assert team.ada.id in reply.text
    (restore,) = [label for label in reply.buttons if label.startswith("Restore")]
    assert team.workspace.click(team.ada, reply, restore).ok
    team.workspace.wait(lambda: "A rope." in team.ask("/define hawser").text or None, seconds=10)


def test_the_second_of_two_sees_what_the_first_changed_and_saves_on_top(team: Team) -> None:
    view = opened_form(team, "/near-admin edit hawser", team.ada, "Edit an entry")
    mine = previewed(team, team.ada, view, {"definition": "Mine.", "example": "Mine, too."})
    type_command(team, "/near-admin edit hawser = Theirs.", team.ada)
    direct(team, team.ada, "is changed")
    type_command(team, "/near-admin alias cable = hawser", team.ada)
    direct(team, team.ada, "has another name")
    submit(team, team.ada, mine)
    told = shown(modal(team, team.ada, "Changed meanwhile"))
    assert f"ada ({team.ada.id}) changed" in told
    assert "_Theirs:_ Theirs." in told
    assert "_Yours:_ Mine." in told
    assert "so it stays: other names for it." in told
    assert "mooring rope" not in told
    submit(team, team.ada, team.workspace.views(team.ada)[-1])
    direct(team, team.ada, "is changed")
    entry = team.workspace.wait(
        lambda: next((m for m in [team.ask("/define cable")] if "Mine." in m.text), None),
        seconds=10,
    )
    assert "Mine, too." in json.dumps(entry.blocks)


@once
def test_theirs_can_be_taken_and_mine_is_offered_again(team: Team) -> None:
    view = opened_form(team, "/near-admin edit hawser", team.ada, "Edit an entry")
    mine = previewed(team, team.ada, view, {"definition": "Mine."})
    type_command(team, "/near-admin alias cable = hawser", team.ada)
    direct(team, team.ada, "has another name")
    submit(team, team.ada, mine)
    conflict = modal(team, team.ada, "Changed meanwhile")
    press(team, team.ada, conflict, "Take theirs")
    told = modal(team, team.ada, "Theirs stays.")
    team.workspace.close(team.ada, told)
    assert not team.workspace.views(team.ada)
    view = opened_form(team, "/near-admin edit hawser", team.ada, "You have an unsaved draft")
    assert values_of(view)["definition"] == "A thick rope for mooring or towing a ship."
    press(team, team.ada, view, "Use it")
    view = team.workspace.wait(
        lambda: next(
            (v for v in team.workspace.views(team.ada) if values_of(v)["definition"] == "Mine."),
            None,
        )
    )
    assert "unsaved draft" not in shown(view)


def test_what_is_typed_into_a_form_that_is_closed_is_offered_again(team: Team) -> None:
    view = opened_form(team, "/near-admin add", team.ada, "Add to the glossary")
    fill(team, team.ada, view, CAPSTAN)
    team.workspace.close(team.ada, view)
    assert team.workspace.shortcut(team.ada, ADD_ENTRY).ok
    again = modal(team, team.ada, 'You have an unsaved draft of "Capstan" from just now.')
    fill(team, team.ada, again, {"term": "Bollard"})
    press(team, team.ada, again, "Use it")
    used = team.workspace.wait(
        lambda: next(
            (v for v in team.workspace.views(team.ada) if values_of(v)["term"] == "Capstan"), None
        )
    )
    assert values_of(used) | {"new_category": "", "category": ""} == CAPSTAN | {
        "new_category": "",
        "category": "",
    }
    team.workspace.close(team.ada, used)
    assert team.workspace.shortcut(team.ada, ADD_ENTRY).ok
    other = modal(team, team.ada, "You have an unsaved draft")
    press(team, team.ada, other, "Discard it")
    modal(team, team.ada, '"Bollard"' if '"Capstan"' in shown(other) else '"Capstan"')


@once
def test_a_draft_is_offered_to_nobody_else_and_gone_when_it_is_saved(team: Team) -> None:
    view = opened_form(team, "/near-admin add Capstan", team.ada, "Add to the glossary")
    submit(team, team.ada, previewed(team, team.ada, view, CAPSTAN))
    direct(team, team.ada, "live")
    team.workspace.close(team.ada, team.workspace.views(team.ada)[-1], everything=True)
    view = opened_form(team, "/near-admin add", team.ada, "Add to the glossary")
    view = modal(team, team.ada, "Term")
    assert "unsaved draft" not in shown(view)
    fill(team, team.ada, view, {"term": "Bollard"})
    team.workspace.close(team.ada, view)
    assert team.workspace.shortcut(team.ben, ADD_ENTRY).ok
    assert "unsaved draft" not in shown(modal(team, team.ben, "Term"))


@once
def test_a_form_opens_at_once_while_a_reindex_runs_and_is_live_after_it(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.editing.PATIENCE", 0.2)
    view = opened_form(team, "/near-admin add Slow rope", team.ada, "Add to the glossary")
    slowly = {"definition": "A rope that is coiled slowly."}
    preview = previewed(team, team.ada, view, slowly)
    team.embedder.waiting.clear()
    team.embedder.go.clear()
    submit(team, team.ada, preview)
    assert team.embedder.waiting.wait(10), "it is being built"
    direct(team, team.ada, "Saved, and being built")
    began = time.monotonic()
    view = opened_form(team, "/near-admin add Capstan", team.ada, "Definition")
    assert time.monotonic() - began < 1
    preview = previewed(team, team.ada, view, CAPSTAN)
    submit(team, team.ada, preview)
    assert "It goes live with a reindex after" in direct(team, team.ada, "Capstan").text
    team.embedder.go.set()
    live = direct(team, team.ada, "live in")
    assert "Capstan" in live.text
    assert "An upright drum" in team.ask("/define capstan").text
