"""Reviews: users suggest entries, the glossary's owners decide, and the author is notified."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.replies.base import Problem
from bot.slack.manifest import ADD_ENTRY
from bot.slack.views.entry_form import ADD
from index.entry_draft import EntryDraft
from tests.fake_slack import Message, View, Workspace
from tests.fake_slack.model import buttons_in, elements_in
from tests.slack.team import Team, serving
from tests.slack.views import modal, press, shown
from tests.slack.writing import (
    CAPSTAN,
    direct,
    filled,
    opened_form,
    previewed,
    submit,
    values_of,
)


def suggest(team: Team, term: str = "Capstan", **changes: str) -> View:
    """Suggest a definition of an unknown term as ben, and return the confirmation."""
    reply = team.ask(f"/define {term.casefold()}", team.ben)
    assert team.workspace.click(team.ben, reply, "Suggest a definition").ok
    view = filled(team, team.ben, term=term.casefold())
    typed = CAPSTAN | {"term": term, "aliases": ""} | changes
    submit(team, team.ben, previewed(team, team.ben, view, typed))
    return modal(team, team.ben, "was sent to the glossary's owners")


def review(team: Team, term: str = "Capstan") -> Message:
    """Wait for the message that asks ada for a review, and return it."""
    return direct(team, team.ada, f"suggests a definition of {term}")


def decided_review(team: Team, message: Message, containing: str) -> Message:
    """Wait until the message of a review shows the decision, and return it."""

    def found() -> Message | None:
        there = team.workspace.messages(message.channel)
        now = next(one for one in there if one.ts == message.ts)
        return now if containing in now.text else None

    return team.workspace.wait(found, seconds=20)


MODES = ["http"]
pytestmark = pytest.mark.usefixtures("shorten_timeouts")


def test_suggested_term_is_found_after_approval(own_team: Team) -> None:
    team = own_team
    suggest(team)
    asks = review(team)
    assert asks.buttons == ["Approve", "Edit", "Decline"]
    reply = json.dumps(asks.blocks)
    for part in ("ben suggests", "An upright drum", "Who turns a capstan?"):
        assert part in reply
    assert team.workspace.click(team.ada, asks, "Approve").ok
    done = decided_review(team, asks, "Approved by ada")
    assert done.buttons == []
    assert "live in g000002" in done.text
    assert "Capstan" in direct(team, team.ben, "is in the glossary").text
    assert "Capstan" in team.ask("/near an upright drum that sailors turn", team.ben).text


def test_suggestion_is_declined_with_a_reason(team: Team) -> None:
    suggest(team, "Winch")
    asks = review(team, "Winch")
    assert team.workspace.click(team.ada, asks, "Decline").ok
    view = modal(team, team.ada, "Decline a suggestion")
    reason = "It is <!channel> & there as a drum."
    assert team.workspace.submit(team.ada, view, {"decline_reason": reason}).ok
    done = decided_review(team, asks, "Declined by ada")
    assert done.buttons == []
    reply = direct(team, team.ben, '"Winch" was declined')
    for text in (done.text, reply.text):
        assert "It is &lt;!channel&gt; &amp; there as a drum." in text
    assert "There is no entry" in team.ask("/define winch").text


def test_suggestion_is_edited_before_approval(team: Team) -> None:
    suggest(team, "Spool")
    asks = review(team, "Spool")
    assert team.workspace.click(team.ada, asks, "Edit").ok
    view = filled(team, team.ada, term="Spool", definition=CAPSTAN["definition"])
    assert view.title == "A suggestion"
    preview = previewed(team, team.ada, view, {"definition": "A drum on deck."})
    assert preview.content["submit"]["text"] == "Approve"
    submit(team, team.ada, preview)
    done = decided_review(team, asks, "Approved by ada")
    assert "A drum on deck." in json.dumps(done.blocks)
    assert CAPSTAN["definition"] not in json.dumps(done.blocks)
    direct(team, team.ben, 'is in the glossary: "Spool"')
    assert "A drum on deck." in team.ask("/define spool").text


def test_reviewer_of_a_decided_suggestion_is_shown_the_earlier_decision(team: Team) -> None:
    suggest(team, "Reel")
    asks = review(team, "Reel")
    assert team.workspace.click(team.ada, asks, "Approve").ok
    decided_review(team, asks, "Approved by ada")
    direct(team, team.ben, 'is in the glossary: "Reel"')
    texts = [press_old_button(team, asks, "Approve").text]
    press_again(team, asks, "Decline")
    view = modal(team, team.ada, "Decline a suggestion")
    assert team.workspace.submit(team.ada, view, {"decline_reason": "late"}).ok
    texts.append(shown(modal(team, team.ada, "Not saved")))
    press_again(team, asks, "Edit")
    texts.append(shown(modal(team, team.ada, "Approved by")))
    assert all(team.ada.id in text and "pproved" in text for text in texts)
    said = [m for m in team.workspace.messages(team.workspace.dm(team.ben)) if "Reel" in m.text]
    assert len(said) == 1, "ben is notified once"


@pytest.mark.one_bot
def test_review_of_an_approved_suggestion_says_that_it_is_not_live(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggest(team, "Windlass")
    asks = review(team, "Windlass")
    full = Problem(code="full", message="The disk is full.")
    monkeypatch.setattr("bot.indexing.Indexer.run", lambda *_: full)
    assert team.workspace.click(team.ada, asks, "Approve").ok
    direct(team, team.ada, "not live yet: The disk is full.")
    direct(team, team.ben, '"Windlass" was approved')
    team.quiet()
    assert "It is not live yet." in decided_review(team, asks, "Approved by ada").text


def test_review_of_a_withdrawn_suggestion_says_so_at_once(team: Team) -> None:
    suggest(team, "Bobbin")
    asks = review(team, "Bobbin")
    team.ask("/near delete my data", team.ben)
    done = decided_review(team, asks, "The suggestion Bobbin was withdrawn by its author.")
    assert done.buttons == []
    assert CAPSTAN["definition"] not in json.dumps(done.blocks)
    press_again(team, asks, "Edit")
    modal(team, team.ada, "Its author may have withdrawn it.")
    assert "may have withdrawn it" in press_old_button(team, asks, "Approve").text


def test_review_that_could_not_be_replaced_is_replaced_at_a_press(team: Team) -> None:
    suggest(team, "Toggle")
    asks = review(team, "Toggle")
    outage = team.workspace.fault("chat.update", times=None, error="cant_update_message")
    team.ask("/near delete my data", team.ben)
    outage.clear()
    assert team.workspace.click(team.ada, asks, "Approve").ok
    done = decided_review(team, asks, "The suggestion was withdrawn by its author.")
    assert done.buttons == []
    assert CAPSTAN["definition"] not in json.dumps(done.blocks)


def test_long_suggestion_is_approved_from_its_last_page(team: Team) -> None:
    words = " ".join(f"word{at}" for at in range(2_200))
    fields = EntryDraft("Sheepshank", definition="A knot.", example=f"{words} https://knots.test/x")
    now = datetime.now(UTC)
    made = team.store.ledger.suggestions.add(fields, team.ben.id, "ben", now)
    reply = team.ask(f"/near-admin approve {made.id}")
    assert reply.buttons == ["Review all", "Edit", "Decline"]
    assert team.workspace.click(team.ada, reply, "Review all").ok
    view = modal(team, team.ada, "Page 1 of 3")
    read = shown(view)
    for page in (2, 3):
        assert "submit" not in view.content
        press(team, team.ada, view, "Next page")
        view = modal(team, team.ada, f"Page {page} of 3")
        read += shown(view)
    assert all(word in read.split() for word in words.split())
    assert "knots.test" in read.split()
    assert view.content["submit"]["text"] == "Approve"
    submit(team, team.ada, view)
    direct(team, team.ben, 'is in the glossary: "Sheepshank"')
    assert team.store.ledger.suggestions.get(made.id).state == "approved"


def test_suggestion_changed_after_it_was_shown_is_not_approved(team: Team) -> None:
    suggest(team, "Shackle", new_category="rigging")
    asks = review(team, "Shackle")
    view = opened_form(team, "/near-admin add Halyard", team.ada, ADD)
    typed = {"definition": "A rope that lifts a sail.", "new_category": "Rigging"}
    submit(team, team.ada, previewed(team, team.ada, view, typed))
    direct(team, team.ada, "Halyard was added. Live")
    reply = press_old_button(team, asks, "Approve")
    assert "The suggestion has changed since it was shown." in reply.text
    assert "There is no entry" in team.ask("/define shackle").text
    approve_again(team, reply, "Rigging")
    decided_review(team, asks, "Approved by ada")
    assert "Shackle" in team.ask("/define shackle").text


def test_outdated_review_button_offers_the_current_review(team: Team) -> None:
    suggest(team, "Thimble")
    asks = review(team, "Thimble")
    waiting = team.store.ledger.suggestions.open(20)[-1]
    reply = press_old_button(team, asks, "Approve", f"/near-admin approve {waiting.id}")
    assert reply.text.startswith("This message is out of date.")
    assert "There is no entry" in team.ask("/define thimble").text
    approve_again(team, reply, CAPSTAN["definition"])
    decided_review(team, asks, "Approved by ada")


def press_old_button(team: Team, message: Message, label: str, value: str = "") -> Message:
    """Press a button in an earlier state of ada's message, and return the ephemeral reply."""
    dm = team.workspace.dm(team.ada)
    before = len(team.workspace.ephemerals(team.ada, dm))
    press_again(team, message, label, value)
    return team.workspace.wait(lambda: team.workspace.ephemerals(team.ada, dm)[before:])[0]


def approve_again(team: Team, message: Message, containing: str) -> None:
    """Reopen the suggestion from a message, and approve it."""
    assert message.buttons == ["Review it again"]
    assert team.workspace.click(team.ada, message, "Review it again").ok
    view = modal(team, team.ada, "Page 1 of 1")
    assert containing in shown(view)
    submit(team, team.ada, view)


def press_again(team: Team, message: Message, label: str, value: str = "") -> None:
    """Press a button in an earlier state of a message, as in a client that has not updated it."""
    button = next(one for one in buttons_in(message.blocks) if one["text"]["text"] == label)
    value = value or button.get("value", "")
    assert team.workspace.forge(team.ada, message, button["action_id"], value).ok


@pytest.mark.parametrize("member", [True, False])
def test_reviews_are_sent_to_the_review_channel_or_to_the_admins(
    workspace: Workspace, data: Path, *, member: bool
) -> None:
    channel = workspace.add_channel("reviews", bot=member)
    with serving(workspace, data, review_channel=channel.id) as team:
        channel.members += [team.ada.id, team.ben.id]
        suggest(team)
        if not member:
            assert review(team).buttons == ["Approve", "Edit", "Decline"]
            return
        (asks,) = workspace.wait(lambda: workspace.messages(channel))
        assert not [m for m in workspace.messages(workspace.dm(team.ada)) if m.bot_id]
        assert "Only admins" in team.pressed(team.ben, asks, "Approve").text
        assert workspace.click(team.ada, asks, "Approve").ok
        assert "live in g000002" in decided_review(team, asks, "Approved by ada").text


def test_non_admin_using_the_shortcut_makes_a_suggestion(team: Team) -> None:
    assert team.workspace.shortcut(team.ben, ADD_ENTRY).ok
    view = filled(team, team.ben)
    assert view.title == "Suggest a definition"
    preview = previewed(team, team.ben, view, CAPSTAN | {"term": "Jib", "aliases": ""})
    assert preview.content["submit"]["text"] == "Send"
    submit(team, team.ben, preview)
    assert "ben suggests" in review(team, "Jib").text


@pytest.mark.parametrize(
    ("line", "term"), [("/near purple", "purple"), ("/near how do I roast potatoes?", "")]
)
def test_reply_without_neighbours_offers_a_suggestion(team: Team, line: str, term: str) -> None:
    reply = team.ask(line, team.ben)
    assert reply.text.startswith("Nothing here is near")
    assert team.workspace.click(team.ben, reply, "Suggest a definition").ok
    assert values_of(filled(team, team.ben))["term"] == term


def test_typed_suggestion_is_queued_and_listed(team: Team) -> None:
    assert "was suggested" in team.ask("/define Boom = A spar.", team.ben).text
    assert "A spar." in json.dumps(review(team, "Boom").blocks)
    reply = team.ask("/near-admin suggestions")
    at = next(
        item["action_id"]
        for block in reply.blocks
        if "Boom" in json.dumps(block)
        for item in elements_in([block])
    )
    assert team.workspace.click(team.ada, reply, at).ok
    assert filled(team, team.ada, term="Boom").title == "A suggestion"
