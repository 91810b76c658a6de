"""The Home tab in both modes: search, browsing, the user's own data, and the index."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.slack.home import FORGET, GENERATIONS, REINDEX, SEARCH
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from index.storage.db.questions import QuestionRecord
from tests.fake_slack import User, Workspace
from tests.fake_slack.model import elements_in
from tests.slack.team import Team, serving
from tests.slack.views import changed_home, home, labels, modal, opened_home, press, shown
from tests.slack.writing import CAPSTAN, opened_form, previewed, submit
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


def log_question(team: Team, user: User, text: str, *, place: str = "direct") -> None:
    """Add a question of a user to the log."""
    team.store.ledger.questions.keep(
        QuestionRecord(
            id=secrets.token_hex(8),
            at=datetime.now(UTC),
            person=user.id,
            place=place,  # type: ignore[arg-type]
            channel="",
            text=text,
            outcome="answered",
            entries=("dock",),
        )
    )


def test_home_tab_shows_contents_and_for_admins_the_index_state(team: Team) -> None:
    for_admins = {"Reindex", "Generations"}
    view = opened_home(team, team.ben)
    assert [block["type"] for block in view.blocks[:2]] == ["section", "input"]
    found = set(labels(view))
    assert {"Quay (4)", "Signs (3)", "A (1)", "Show all 12 terms", "Delete my data"} <= found
    assert not for_admins & found
    assert "g000001" not in shown(view)
    assert "for admins" not in shown(view)
    view = opened_home(team, team.ada)
    assert for_admins <= set(labels(view))
    assert "g000001 is live: 12 entries" in shown(view)


def test_search_box_shows_the_entries_nearest_to_its_text(team: Team) -> None:
    view = opened_home(team, team.ben)
    assert team.workspace.select(team.ben, view, SEARCH, "a thick rope for mooring or towing").ok  # type: ignore[union-attr]
    found = modal(team, team.ben, "Hawser")
    assert found.title.startswith("Near a thick rope")
    assert {"Helpful", "Not helpful"} <= set(found.buttons)
    press(team, team.ben, found, "Open Hawser")
    assert "Who looks after a hawser?" in shown(modal(team, team.ben, "often seen beside it"))
    # The search is now among the user's own questions.
    team.workspace.wait(lambda: team.store.ledger.questions.recent(team.ben.id, 5))
    again = opened_home(team, team.ben)
    assert "a thick rope for mooring or towing" in shown(again)
    assert "a thick rope" not in shown(opened_home(team, team.ada))


def test_home_tab_lists_a_category_and_opens_its_entries(team: Team) -> None:
    press(team, team.ben, opened_home(team, team.ben), "Quay (4)")
    leaf = home(team, team.ben, "1 to 4 of 4")
    for term in ("Crane", "Dock", "Gangway", "Quay"):
        assert f"*{term}*\n" in shown(leaf)
    press(team, team.ben, leaf, "Open", "dock")
    entry = modal(team, team.ben, "Every harbour needs a dock.")
    assert entry.title == "Dock"
    press(team, team.ben, home(team, team.ben), "Back to the start")
    assert "By category" in shown(home(team, team.ben, "By category"))


def test_home_tab_lists_entries_by_letter_and_page(team: Team) -> None:
    press(team, team.ben, opened_home(team, team.ben), "T (1)")
    assert "*Tugboat*" in shown(home(team, team.ben, "1 to 1 of 1"))
    press(team, team.ben, opened_home(team, team.ben), "Show all 12 terms")
    first = home(team, team.ben, "1 to 10 of 12")
    assert "*Anchor*" in shown(first)
    press(team, team.ben, first, "Next")
    second = home(team, team.ben, "11 to 12 of 12")
    assert "*Tugboat*" in shown(second)
    assert "Next" not in labels(second)
    press(team, team.ben, second, "Previous")
    assert "*Anchor*" in shown(home(team, team.ben, "1 to 10 of 12"))


def test_home_tab_lists_only_the_users_own_questions_and_repeats_them(team: Team) -> None:
    log_question(team, team.ben, "Who looks after a dock?")
    log_question(team, team.ada, "What does ada look for?")
    view = opened_home(team, team.ben)
    assert "Who looks after a dock?" in shown(view)
    assert "ada" not in shown(view)
    press(team, team.ben, view, "Ask again")
    answer = modal(team, team.ben, "The harbour master.")
    assert "Who looks after a dock?" in shown(answer)
    assert "Dock › Who looks after a dock?" in labels(answer)


def test_delete_button_deletes_only_the_users_own_data(team: Team) -> None:
    log_question(team, team.ben, "Who looks after a dock?")
    log_question(team, team.ada, "Who looks after a quay?")
    view = opened_home(team, team.ben)
    (button,) = [item for item in elements_in(view.blocks) if item["action_id"] == FORGET]
    assert button["confirm"]["deny"]["text"] == "Cancel"
    press(team, team.ben, view, "Delete my data")
    after = home(team, team.ben, "Deleted: 1 question")
    assert "Who looks after a dock?" not in shown(after)
    assert team.store.ledger.questions.recent(team.ben.id, 5) == []
    assert len(team.store.ledger.questions.recent(team.ada.id, 5)) == 1


def add_whale(team: Team) -> None:
    """Reindex with a new entry, as another process would."""
    whale = replace(harbour()[0], id="whale", term="Whale", aliases=())
    store = Store(team.store.directory)
    reindex(store, SourceContent([*harbour(), whale]), ToyEmbedder())
    store.close()
    team.workspace.wait(lambda: team.store.current().id == "g000002" or None, seconds=10)


def test_home_tab_lists_new_entries_and_lets_admins_roll_back(own_team: Team) -> None:
    team = own_team
    assert "What is new" not in shown(opened_home(team, team.ben))
    add_whale(team)
    view = opened_home(team, team.ben)
    assert "What is new" in shown(view)
    assert "*Whale*\nAdded" in shown(view)
    press(team, team.ada, opened_home(team, team.ada), "Generations")
    found = modal(team, team.ada, "g000002 (live)")
    assert [label for label in labels(found) if "Roll" in label] == ["Roll back to g000001"]
    press(team, team.ada, found, "Roll back to g000001")
    assert "g000001 is live again" in shown(modal(team, team.ada, "is live again"))
    assert team.store.ledger.generations.pointer().generation == "g000001"


@pytest.mark.one_bot
def test_commands_in_modals_and_on_the_home_tab_have_the_prefix(
    workspace: Workspace, data: Path
) -> None:
    with serving(workspace, data, command_prefix="dev-") as team:
        add_whale(team)
        press(team, team.ada, opened_home(team, team.ada), "Generations")
        press(team, team.ada, modal(team, team.ada, "g000002 (live)"), "Roll back to g000001")
        resume = "To resume: /dev-near-admin reindex --resume"
        modal(team, team.ada, resume)
        assert resume in shown(opened_home(team, team.ada))
        view = opened_form(team, "/dev-near-admin add Capstan", team.ada, "Add to the glossary")
        preview = previewed(team, team.ada, view, CAPSTAN | {"term": "Whale Oil"})
        submit(team, team.ada, preview)
        modal(team, team.ada, "To undo it: /dev-near-admin undo Whale Oil")
        assert team.workspace.command(team.ada, team.channel, "/dev-near-admin", "edit Wale").ok
        modal(team, team.ada, "/dev-near-admin")


@pytest.mark.parametrize("action", [REINDEX, GENERATIONS, "admin_rollback_0"])
def test_forged_admin_buttons_are_refused_and_audited(team: Team, action: str) -> None:
    view = opened_home(team, team.ben)
    line = "/near-admin rollback g000001" if action.startswith("admin") else "all"
    assert team.workspace.forge(team.ben, view, action, line).ok
    if action == REINDEX:
        dm = team.workspace.dm(team.ben)
        (reply,) = team.workspace.wait(lambda: team.workspace.messages(dm), seconds=10)
        assert "Only admins of Nearsay can do that." in reply.text
    else:
        assert modal(team, team.ben, "Only admins of Nearsay can do that.")
    assert team.store.ledger.generations.pointer().generation == "g000001"
    noted = team.store.ledger.audit.last(1)[0]
    assert (noted.outcome, noted.who) == ("refused", f"ben ({team.ben.id})")


@pytest.mark.parametrize("value", ["", "category 1 Nowhere", "all 99999999 "])
def test_forged_page_reference_still_shows_the_home_tab(team: Team, value: str) -> None:
    view = opened_home(team, team.ben)
    assert team.workspace.forge(team.ben, view, "home_go_9", value).ok
    after = changed_home(team, team.ben, view)
    assert after.blocks[1]["type"] == "input"


def test_home_tab_refused_by_slack_is_published_on_the_next_opening(team: Team) -> None:
    team.workspace.fault("views.publish", error="internal_error")
    team.workspace.open_home(team.ben)
    team.workspace.wait(lambda: team.workspace.calls("views.publish") or None, seconds=10)
    assert team.workspace.home(team.ben) is None
    assert opened_home(team, team.ben)


def test_home_tab_is_published_again_after_a_temporary_fault(team: Team) -> None:
    team.workspace.fault("views.publish", status=503)
    team.workspace.open_home(team.ben)
    team.workspace.wait(lambda: team.workspace.home(team.ben), seconds=10)
