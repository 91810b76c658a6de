"""Ways to ask in Slack: an admin reviews the proposed ones, ticks those to refuse, and accepts the
others."""

import json
from collections.abc import Sequence

import pytest

from bot.identity import User as Actor
from bot.replies.base import Problem
from bot.replies.ways import WaysRead
from bot.slack.blocks.ways import DECIDE_WAYS
from tests.fake_slack import Message, User
from tests.fake_slack.model import elements_in
from tests.slack.reindexing import indexed, team, words
from tests.slack.team import Team
from tests.slack.writing import direct, type_command
from tests.unit.bot.slack import dangers

__all__ = ["indexed", "team", "words"]
MODES = ["http"]
LIST = "/near-admin ways words"
ACCEPT = "Accept all unticked"
MAST = [f"tall pole that carries canvas, kind {number}" for number in range(10)]
SAIL = [f"cloth that the wind fills, kind {number}" for number in range(10)]


def propose(team: Team, **ways: Sequence[str]) -> None:
    """Read a reply of a model with ways for entries of the glossary."""
    rows = [json.dumps({"entry": f"words/{entry}", "ways": texts}) for entry, texts in ways.items()]
    ada = Actor(team.ada.id, admin=True, name="ada")
    done = team.assistant.administration.editing.ways.read("words", "\n".join(rows), ada)
    assert isinstance(done, WaysRead), done
    assert done.proposed == sum(map(len, ways.values())), done


def live(team: Team, entry: str) -> list[str]:
    with team.store.reading() as generation:
        return sorted(generation.entries[f"words/{entry}"].search_phrases)


def tick(team: Team, user: User, message: Message, *numbers: int) -> None:
    boxes = [item for item in elements_in(message.blocks) if item["type"] == "checkboxes"]
    for box in boxes:
        values = {option["value"] for option in box["options"]}
        chosen = [str(number) for number in numbers if str(number) in values]
        team.workspace.select(user, message, box["action_id"], chosen)


def replaced(team: Team, message: Message, containing: str) -> Message:
    """Wait until an ephemeral message has been replaced by one with a text, and return it."""

    def found() -> Message | None:
        there = team.workspace.ephemerals(team.ada, team.channel)
        return next((one for one in there if containing in one.everything), None)

    assert containing not in message.everything
    return team.workspace.wait(found, seconds=20)


def numbers_in(message: Message) -> list[str]:
    boxes = [item for item in elements_in(message.blocks) if item["type"] == "checkboxes"]
    return [option["value"] for box in boxes for option in box["options"]]


def test_ways_are_accepted_list_by_list_and_all_of_them_are_live(team: Team) -> None:
    propose(team, mast=MAST, sail=SAIL, keel=["what is the backbone below"])
    assert team.ask("/near the spine of a boat", team.ben)
    reply = team.ask(LIST)
    assert "21 ways to ask wait for a decision in words" in reply.everything
    assert "1 more, listed after these are decided" in reply.everything
    assert [block["label"]["text"] for block in reply.blocks if block["type"] == "input"] == [
        "Mast",
        "Sail",
    ]
    assert dangers(reply.blocks) == []
    assert live(team, "mast") == [], "nothing is live before the decision"
    assert team.workspace.click(team.ada, reply, ACCEPT).ok
    reply = replaced(team, reply, "20 ways were accepted, 0 refused; 1 wait")
    assert "They are search phrases of: Mast, Sail." in reply.everything
    assert "Live in g000002." in reply.everything
    assert "To undo it for one entry: /near-admin undo Mast" in reply.everything
    assert "Of the latest 1 public question, 0 now find another entry first." in reply.everything
    assert (live(team, "mast"), live(team, "sail")) == (MAST, SAIL)
    assert live(team, "keel") == []
    assert numbers_in(reply) == ["21"], "the next list follows"
    assert team.workspace.click(team.ada, reply, ACCEPT).ok
    reply = replaced(team, reply, "1 way was accepted, 0 refused; 0 wait")
    assert reply.buttons == []
    assert "No ways to ask for words wait for a decision." in team.ask(LIST).text
    type_command(team, "/near-admin undo Mast", team.ada)
    direct(team, team.ada, "Mast was reset")
    assert live(team, "mast") == []


def test_ticked_ways_are_refused_and_the_others_accepted(team: Team) -> None:
    propose(team, mast=MAST[:3], sail=SAIL[:2])
    reply = team.ask(LIST)
    tick(team, team.ada, reply, 2, 5)
    assert team.workspace.click(team.ada, reply, ACCEPT).ok
    replaced(team, reply, "3 ways were accepted, 2 refused; 0 wait")
    assert live(team, "mast") == [MAST[0], MAST[2]]
    assert live(team, "sail") == SAIL[:1]
    states = {way.id: way.state for way in team.store.ledger.ways.all()}
    assert states == {1: "accepted", 2: "refused", 3: "accepted", 4: "accepted", 5: "refused"}


@pytest.mark.parametrize("patience", [0.0, 60.0])
def test_long_decision_shows_its_progress_in_a_direct_message(
    team: Team, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    monkeypatch.setattr("bot.slack.handlers.ways.PATIENCE_S", patience)
    assert team.ask("/near the spine of a boat", team.ben)
    propose(team, mast=MAST[:2])
    reply = team.ask(LIST)
    assert team.workspace.click(team.ada, reply, ACCEPT).ok
    replaced(team, reply, "2 ways were accepted, 0 refused; 0 wait")
    said = [one.text for one in team.workspace.messages(team.workspace.dm(team.ada))]
    done = ["2 ways were accepted, 0 refused; 0 wait for a decision."]
    assert said == ([] if patience else done)


def test_editor_is_told_which_ways_return_to_the_list_and_undo_takes_them_back(team: Team) -> None:
    propose(team, mast=MAST[:2])
    assert "2 ways were accepted" in team.ask(f"{LIST} accept=all").text
    type_command(team, "/near-admin edit Mast = Cloth of many colours.", team.ada)
    told = direct(team, team.ada, "Mast was changed")
    assert f"2 ways to ask no longer fit and are proposed again: {LIST}" in told.everything
    assert live(team, "mast") == []
    assert team.workspace.click(team.ada, told, "Undo").ok
    direct(team, team.ada, "Mast was restored")
    assert live(team, "mast") == MAST[:2]
    assert "No ways to ask for words wait" in team.ask(LIST).text


def test_second_press_and_second_admin_change_nothing(team: Team) -> None:
    propose(team, mast=MAST[:2])
    first, second = team.ask(LIST), team.ask(LIST)
    tick(team, team.ada, first, 1)
    assert team.workspace.click(team.ada, first, ACCEPT).ok
    replaced(team, first, "1 way was accepted, 1 refused; 0 wait")
    assert team.workspace.click(team.ada, second, ACCEPT).ok
    replaced(team, second, "These ways had been decided before; that decision stands.")
    assert live(team, "mast") == MAST[1:2]
    assert team.store.ledger.generations.pointer().generation == "g000002"


def test_list_of_which_another_admin_decided_a_part_says_so(team: Team) -> None:
    propose(team, mast=MAST[:3])
    reply = team.ask(LIST)
    said = team.ask(f"{LIST} accept=1 refuse=2").text
    assert said.startswith("1 way was accepted, 1 refused; 1 wait")
    assert team.workspace.click(team.ada, reply, ACCEPT).ok
    done = replaced(team, reply, "2 others had been decided before; that decision stands.")
    assert "1 way was accepted, 0 refused; 0 wait" in done.everything
    assert live(team, "mast") == [MAST[0], MAST[2]]


def test_only_admins_may_see_and_decide(team: Team) -> None:
    propose(team, mast=MAST[:2])
    for line in (LIST, f"{LIST} accept=all"):
        reply = team.ask(line, team.ben)
        assert "Only admins" in reply.text
        assert MAST[0] not in reply.everything
    value = next(
        item["value"]
        for item in elements_in(team.ask(LIST).blocks)
        if item["action_id"] == DECIDE_WAYS
    )
    before = len(team.workspace.ephemerals(team.ben, team.channel))
    assert team.workspace.forge(team.ben, team.channel, DECIDE_WAYS, value).ok
    assert "Only admins" in team.next_ephemeral(team.ben, before).text
    assert live(team, "mast") == []
    assert len(team.store.ledger.ways.proposed()) == 2


def test_accepted_ways_that_are_not_live_are_reported(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(team, mast=MAST[:2])
    reply = team.ask(LIST)
    full = Problem(code="full", message="The disk is full.")
    with monkeypatch.context() as patch:
        patch.setattr("bot.indexing.Indexer.run", lambda *_: full)
        assert team.workspace.click(team.ada, reply, ACCEPT).ok
        reply = replaced(team, reply, "They are not live yet: The disk is full.")
    assert live(team, "mast") == []
    assert "Live in g000002" in team.ask(f"{LIST} accept=1,2").text
    assert live(team, "mast") == MAST[:2]


def test_decision_names_the_public_questions_that_find_another_entry(team: Team) -> None:
    asked = "catches wind tall pole"
    secret = team.workspace.add_channel("secret", [team.ben], private=True)
    before = team.ask(f"/near {asked}", team.ben)
    assert "Sail" in before.text.splitlines()[1]
    assert team.workspace.command(team.ben, secret, "/near", "secret cloth").ok
    team.quiet()
    propose(team, mast=[asked])
    done = team.ask(f"{LIST} accept=all").text
    assert "Of the latest 1 public question, 1 now finds another entry first." in done
    assert f'"{asked}": Sail → Mast' in done
    assert "secret" not in done
    assert team.ben.name not in done


def test_numbers_that_are_none_are_refused_with_the_form(team: Team) -> None:
    propose(team, mast=MAST[:1])
    assert "accept= has other text than numbers" in team.ask(f"{LIST} accept=x").text
    assert "There is no way with the number 7" in team.ask(f"{LIST} accept=7").text
    assert "There is no source" in team.ask("/near-admin ways nowhere").text
    assert len(team.store.ledger.ways.proposed()) == 1
