"""Learning ways to ask from questions: what is proposed, who consents, and what is deleted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.identity import User as Actor
from bot.replies.ways import WaysRequest
from bot.slack.blocks.learning import MEANT, NONE_OF_THESE
from index.sources.source import Source
from tests.fake_slack import Channel, Message, User, Workspace
from tests.fake_slack.model import elements_in
from tests.slack.reindexing import WORDS, current, indexed, words
from tests.slack.talking import answers, mention
from tests.slack.team import Team, serving
from tests.slack.test_ask import ask, open_ask_modal
from tests.slack.views import modal
from tests.slack.views import press as press_in_view
from tests.slack.writing import direct, opened_form, previewed, submit
from tests.unit.bot.slack import dangers

__all__ = ["indexed", "words"]
MODES = ["http"]
BOTH = "catches wind tall pole"  # finds Sail, then Mast
HOOK = "iron hook tall pole"  # finds the bundled Anchor, then Mast
LIST = "/near-admin ways words"
TELL = "Show to the glossary's owners"


@pytest.fixture
def team(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Team]:
    sources = [Source("words", str(words))]
    with serving(workspace, tmp_path / "data", sources, learn="questions") as team:
        yield team


@pytest.fixture
def cabin(team: Team) -> Channel:
    """Provide a private channel with ada, ben and the bot."""
    return team.workspace.add_channel("cabin", [team.ada, team.ben], private=True)


def proposed(team: Team) -> list[tuple[str, str]]:
    """Return the entries and texts of the ways that wait for a decision."""
    team.quiet()
    return [(way.entry, way.text) for way in team.store.ledger.ways.proposed()]


def near(team: Team, text: str, channel: Channel, user: User | None = None) -> Message:
    """Type /near in a channel, and return the ephemeral reply."""
    who = user or team.ben
    before = len(team.workspace.ephemerals(who, channel))
    assert team.workspace.command(who, channel, "/near", text).ok
    return team.next_ephemeral(who, before, channel)


def open_from_menu(team: Team, reply: Message, entry: str, user: User | None = None) -> None:
    assert team.workspace.click(user or team.ben, reply, "menu", f"words/{entry}").ok


def choose(team: Team, menu: Message, term: str, user: User | None = None) -> None:
    """Choose a term in the menu after "Not helpful"."""
    (select,) = [item for item in elements_in(menu.blocks) if item["action_id"] == MEANT]
    values = {option["text"]["text"]: option["value"] for option in select["options"]}
    delivery = team.workspace.select(user or team.ben, menu, MEANT, values[term])
    assert delivery is not None
    assert delivery.ok


def shown(team: Team, channel: Channel, text: str, user: User | None = None) -> Message:
    """Wait until a user sees an ephemeral message with a text, and return it."""
    who = user or team.ben

    def found() -> Message | None:
        there = team.workspace.ephemerals(who, channel)
        return next((one for one in there if text in one.everything), None)

    return team.workspace.wait(found, seconds=10)


def press(team: Team, message: Message, label: str, user: User | None = None) -> None:
    assert team.workspace.click(user or team.ben, message, label).ok
    team.quiet()


def test_question_is_proposed_for_another_entry_that_was_opened(team: Team) -> None:
    reply = near(team, BOTH, team.channel)
    assert dangers(reply.blocks) == []
    team.workspace.click(team.ben, reply, "Open Sail")
    assert proposed(team) == [], "the first entry needs no other way"
    open_from_menu(team, reply, "mast")
    assert proposed(team) == [("words/mast", BOTH)]
    open_from_menu(team, reply, "mast")
    assert len(proposed(team)) == 1
    listed = team.ask(LIST)
    assert f"1. {BOTH} (from a question)" in listed.everything
    assert team.ben.id not in listed.everything
    assert team.ben.name not in listed.everything
    assert team.ben.id not in repr(team.store.ledger.ways.all())
    done = team.ask(f"{LIST} accept=1").text
    assert done.startswith("1 way was accepted")
    assert "Mast" in near(team, BOTH, team.channel).text.splitlines()[1]


def test_refused_question_is_not_proposed_again(team: Team) -> None:
    reply = near(team, BOTH, team.channel)
    open_from_menu(team, reply, "mast")
    team.quiet()
    assert "1 refused" in team.ask(f"{LIST} refuse=1").text
    open_from_menu(team, reply, "mast")
    assert proposed(team) == []


def test_name_of_another_entry_is_not_proposed(team: Team) -> None:
    form = opened_form(team, "/near-admin edit Mast", team.ada, "Edit an entry")
    submit(team, team.ada, previewed(team, team.ada, form, {"aliases": "catches wind"}))
    team.workspace.wait(lambda: current(team) == "g000002" or None, seconds=20)
    reply = near(team, "catches wind", team.channel)
    open_from_menu(team, reply, "sail")
    assert proposed(team) == []


def test_quoted_message_of_another_user_is_never_proposed(team: Team) -> None:
    quay = team.workspace.add_channel("quay", [team.ada, team.ben])
    said = team.workspace.say(team.ada, quay, BOTH)
    assert team.workspace.shortcut(team.ben, "whats_near_this", said).ok
    reply = team.next_ephemeral(team.ben, 0, quay)
    more = team.pressed(team.ben, reply, "Why?")
    for shown_reply in (reply, more):
        open_from_menu(team, shown_reply, "mast")
        for label in ("Helpful", "Not helpful"):
            press(team, shown_reply, label)
    assert len(team.workspace.ephemerals(team.ben, quay)) == 2, "nothing is asked"
    assert proposed(team) == []


def test_number_of_proposals_is_bounded(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.admin.way_learning.MOST_WAITING", 1)
    for text in (HOOK, BOTH):
        press(team, near(team, text, team.channel), "Helpful")
    assert proposed(team) == [("words/mast", HOOK)]


def test_question_is_proposed_for_the_first_entry_of_a_helpful_answer(team: Team) -> None:
    press(team, near(team, BOTH, team.channel), "Helpful")
    assert proposed(team) == [("words/sail", BOTH)]


def test_names_questions_and_bundled_entries_are_never_proposed(team: Team) -> None:
    for text in (
        "mast",
        "who looks after the mast?",
        "iron hook holds",
        "tall pole ben@words.example",
    ):
        press(team, near(team, text, team.channel), "Helpful")
    press(team, team.ask("/define Mast", team.ben), "Helpful")
    assert proposed(team) == []
    assert team.store.ledger.ways.all() == [], "what is not proposed is not stored either"


def test_question_that_does_not_find_the_entry_is_not_proposed(team: Team) -> None:
    reply = near(team, "iron hook", team.channel)
    press(team, reply, "Not helpful")
    menu = shown(team, team.channel, "What were you looking for?")
    choose(team, menu, "Keel")
    shown(team, team.channel, "Thank you.")
    assert proposed(team) == []


def test_choice_of_a_bundled_entry_proposes_nothing(team: Team) -> None:
    reply = near(team, HOOK, team.channel)
    assert team.workspace.click(team.ben, reply, "menu", "Open Anchor").ok
    press(team, reply, "Not helpful")
    choose(team, shown(team, team.channel, "What were you looking for?"), "Anchor")
    shown(team, team.channel, "Thank you.")
    assert proposed(team) == []


def test_choice_after_not_helpful_proposes_and_is_asked_once(team: Team) -> None:
    press(team, near(team, HOOK, team.channel), "Not helpful")
    menu = shown(team, team.channel, "What were you looking for?")
    assert dangers(menu.blocks) == []
    assert "owners" not in menu.everything, "asked in public"
    (select,) = [item for item in elements_in(menu.blocks) if item["action_id"] == MEANT]
    terms = [option["text"]["text"] for option in select["options"]]
    assert set(terms[:-1]) >= {"Mast", "Anchor"}
    assert terms[-1] == NONE_OF_THESE
    choose(team, menu, "Mast")
    thanks = shown(team, team.channel, "is proposed as a way to ask for Mast.")
    assert thanks.buttons == [], "the menu is gone"
    assert proposed(team) == [("words/mast", HOOK)]


def test_choice_counts_only_where_the_question_was_asked(team: Team, cabin: Channel) -> None:
    near(team, HOOK, team.channel)
    team.quiet()
    (record,) = team.store.ledger.questions.recent(team.ben.id, 1)
    assert team.workspace.forge(team.ada, cabin, MEANT, f"{record.id} words/mast").ok
    assert proposed(team) == []


def test_none_of_these_proposes_nothing(team: Team) -> None:
    press(team, near(team, HOOK, team.channel), "Not helpful")
    choose(team, shown(team, team.channel, "What were you looking for?"), NONE_OF_THESE)
    assert shown(team, team.channel, "Thank you.").text == "Thank you."
    assert proposed(team) == []


def test_menu_in_a_thread_is_shown_to_the_voter_alone(team: Team) -> None:
    quay = team.workspace.add_channel("quay", [team.ada, team.ben])
    team.workspace.say(team.ben, quay, "good morning")
    (answer,) = answers(team, mention(team, quay, f"near {BOTH}"))
    press(team, answer, "Not helpful")
    menu = shown(team, quay, "What were you looking for?")
    assert menu.thread_ts == answer.thread_ts
    choose(team, menu, "Mast")
    shown(team, quay, "is proposed as a way to ask for Mast.")
    assert proposed(team) == [("words/mast", BOTH)]
    assert not team.workspace.ephemerals(team.ada, quay)


def test_private_question_is_not_proposed_without_consent(team: Team, cabin: Channel) -> None:
    reply = near(team, BOTH, cabin)
    open_from_menu(team, reply, "mast")
    press(team, reply, "Helpful")
    offer = shown(team, cabin, "could become a way to ask for Sail")
    press(team, reply, "Not helpful")
    assert "but not your name" in shown(team, cabin, "What were you looking for?").everything
    assert proposed(team) == []
    assert "but not your name" in team.pressed(team.ben, offer, TELL).text
    assert proposed(team) == [("words/sail", BOTH)]


def test_choice_of_the_asker_in_a_private_place_is_consent(team: Team, cabin: Channel) -> None:
    press(team, near(team, HOOK, cabin), "Not helpful")
    choose(team, shown(team, cabin, "What were you looking for?"), "Mast")
    shown(team, cabin, "is proposed as a way to ask for Mast.")
    assert proposed(team) == [("words/mast", HOOK)]


def test_none_of_these_is_no_consent(team: Team, cabin: Channel) -> None:
    press(team, near(team, HOOK, cabin), "Not helpful")
    choose(team, shown(team, cabin, "What were you looking for?"), NONE_OF_THESE)
    shown(team, cabin, "Thank you.")
    assert not team.store.ledger.questions.recent(team.ben.id, 1)[0].told


def test_another_member_cannot_consent_for_the_asker(team: Team, cabin: Channel) -> None:
    team.workspace.say(team.ben, cabin, "good morning")
    (answer,) = answers(team, mention(team, cabin, f"near {BOTH}"))
    for label in ("Helpful", "Not helpful"):
        press(team, answer, label, team.ben)
    assert not team.workspace.ephemerals(team.ben, cabin), "only ada, who asked, can be asked"
    assert proposed(team) == []
    (record,) = team.store.ledger.questions.recent(team.ada.id, 1)
    for action, value in ((MEANT, f"{record.id} words/mast"), ("tell_owners", record.id)):
        assert team.workspace.forge(team.ben, cabin, action, value).ok
    shown(team, cabin, "Only the user who asked this question can show it")
    assert proposed(team) == []


def test_direct_message_asks_for_consent(team: Team) -> None:
    dm = team.workspace.dm(team.ben)
    team.workspace.say(team.ben, dm, f"near {BOTH}")
    press(team, direct(team, team.ben, "Sail"), "Helpful")
    offer = shown(team, dm, "could become a way to ask for Sail")
    assert proposed(team) == []
    press(team, offer, TELL)
    assert proposed(team) == [("words/sail", BOTH)]


def test_deleted_questions_take_their_proposals_along(team: Team) -> None:
    open_from_menu(team, near(team, BOTH, team.channel), "mast")
    press(team, near(team, HOOK, team.channel, team.ada), "Not helpful", team.ada)
    choose(team, shown(team, team.channel, "looking for?", team.ada), "Mast", team.ada)
    assert proposed(team) == [("words/mast", BOTH), ("words/mast", HOOK)]
    team.ask("/near delete my data", team.ben)
    assert proposed(team) == [("words/mast", HOOK)]
    assert team.ask(f"{LIST} accept=2").text.startswith("1 way was accepted")
    team.ask("/near delete my data")
    assert [way.text for way in team.store.ledger.ways.all()] == [HOOK], "the owners accepted it"


def test_vote_in_a_modal_asks_for_consent_there(team: Team) -> None:
    view = ask(team, open_ask_modal(team), f"near {BOTH}")
    press_in_view(team, team.ben, view, "Not helpful")
    view = modal(team, team.ben, "What were you looking for?")
    assert dangers(view.blocks) == []
    (select,) = [item for item in elements_in(view.blocks) if item["action_id"] == MEANT]
    assert team.workspace.select(team.ben, view, MEANT, select["options"][-1]["value"])
    view = modal(team, team.ben, "Thank you.")
    assert MEANT not in {item["action_id"] for item in elements_in(view.blocks)}
    press_in_view(team, team.ben, view, "Helpful")
    view = modal(team, team.ben, "could become a way to ask for Sail")
    assert proposed(team) == []
    press_in_view(team, team.ben, view, TELL)
    modal(team, team.ben, "The glossary's owners can now see this question")
    assert proposed(team) == [("words/sail", BOTH)]


def exported(team: Team, *options: str) -> str:
    """Export the glossary, and return the content of the file that is sent."""
    dm = team.workspace.dm(team.ada)

    def files() -> list[Message]:
        return [message for message in team.workspace.messages(dm) if message.files]

    before = len(files())
    team.ask(" ".join(["/near-admin export words as=jsonl", *options]))
    shared = team.workspace.wait(lambda: files()[before:])[0]
    return team.workspace.state.files[shared.files[0]["id"]].content.decode()


def test_accepted_question_is_exported_only_on_demand_and_never_requested(
    team: Team, tmp_path: Path
) -> None:
    open_from_menu(team, near(team, BOTH, team.channel), "mast")
    assert proposed(team) == [("words/mast", BOTH)]
    team.ask("/near-admin phrase Mast = timber that stands upright")
    for option in ("", "questions=no", "questions=yes"):
        assert BOTH not in exported(team, option), "a proposal is never exported"
    assert team.ask(f"{LIST} accept=1").text.startswith("1 way was accepted")
    assert BOTH not in exported(team)
    assert "timber that stands upright" in exported(team)
    assert BOTH in exported(team, "questions=yes")
    request, ways = tmp_path / "request", team.assistant.administration.editing.ways
    done = ways.write_request("words", request, None, Actor(team.ada.id, admin=True))
    assert isinstance(done, WaysRequest), done
    assert done.entries == len(WORDS), "Mast is asked for, though it has a way from a question"
    assert BOTH not in request.read_text(encoding="utf-8")


def test_nothing_is_learned_unless_it_is_switched_on(
    workspace: Workspace, words: Path, tmp_path: Path
) -> None:
    with serving(workspace, tmp_path / "data", [Source("words", str(words))]) as team:
        reply = near(team, BOTH, team.channel)
        open_from_menu(team, reply, "mast")
        for label in ("Not helpful", "Helpful"):
            press(team, reply, label)
        assert len(team.workspace.ephemerals(team.ben, team.channel)) == 1
        assert proposed(team) == []
