"""Accepted ways to ask at the terminal: changes of their entries, and undoing."""

from pathlib import Path

from tests.support.command_line import Nearsay, write
from tests.terminal.test_ways import MAST, phrases, propose, rig

__all__ = ["rig"]


def accepted_ways(nearsay: Nearsay, rig: Path) -> None:
    """Accept two ways for Mast, and add a search phrase by hand."""
    propose(nearsay, rig, mast=MAST)
    assert "2 ways were accepted" in nearsay("ways", "words", "--accept", "all").output
    assert nearsay("admin", "phrase", "Mast = the pole of our canvas").status == 0


def test_accepted_ways_are_proposed_again_when_a_source_changes_their_entry(
    nearsay: Nearsay, rig: Path
) -> None:
    accepted_ways(nearsay, rig)
    write(rig, "Mast", "An iron nail that carries canvas in the wall of a house.")
    write(rig, "Spar", "A tall pole which holds the canvas up.")
    assert nearsay("index").status == 0
    there = phrases(nearsay, rig)
    assert MAST[0] not in there, "it is no longer live"
    assert "the pole of our canvas" in there, "words of an admin stay"
    assert "An iron nail" in there, "the entry follows its source"
    listed = nearsay("ways", "words", "--review").output
    assert f"1. {MAST[0]} (accepted before a change: nearer to the definition of Spar)" in listed
    assert nearsay("ways", "words", "--accept", "1").status == 0
    assert MAST[0] in phrases(nearsay, rig)
    assert nearsay("index").status == 0
    assert MAST[0] in phrases(nearsay, rig), "what was accepted for this text stays"


def test_accepted_ways_are_checked_when_an_admin_edits_their_entry(
    nearsay: Nearsay, rig: Path
) -> None:
    accepted_ways(nearsay, rig)
    write(rig, "Spar", "A tall pole which holds the canvas up.")
    edited = nearsay("admin", "edit", "Mast = Tall pole which holds up the canvas.")
    assert "Mast was changed" in edited.output
    assert MAST[0] in phrases(nearsay, rig), "it still fits"
    assert nearsay("index").status == 0
    assert MAST[0] in phrases(nearsay, rig), "its entry has not changed since"
    told = nearsay("admin", "edit", "Mast = An iron nail in the wall of a house.").output
    returned = "2 ways to ask no longer fit and are proposed again: /near-admin ways words"
    assert returned in " ".join(told.split())
    there = phrases(nearsay, rig)
    assert [MAST[0] in there, "the pole of our canvas" in there] == [False, True]
    assert "An iron nail" in there
    assert nearsay("ways", "words", "--review", "--json").reply["waiting"] == 2


def states(nearsay: Nearsay, rig: Path) -> dict[str, tuple[bool, bool]]:
    """Return for each way of Mast whether it is live and whether it is proposed."""
    there = phrases(nearsay, rig)
    listed = nearsay("ways", "words", "--review", "--json").reply["ways"]
    proposed = [way["text"] for way in listed]
    return {way: (way in there, way in proposed) for way in MAST}


LIVE, PROPOSED = (True, False), (False, True)


def test_undone_edit_makes_the_ways_that_it_returned_live_again(
    nearsay: Nearsay, rig: Path
) -> None:
    accepted_ways(nearsay, rig)
    write(rig, "Spar", "A tall pole which holds the canvas up.")
    assert nearsay("index").status == 0
    edit = nearsay("admin", "edit", "Mast = An iron nail in the wall.", "--json").reply
    assert (edit["returned"], edit["source"]) == (2, "words")
    assert states(nearsay, rig) == dict.fromkeys(MAST, PROPOSED)
    undone = nearsay("admin", "undo", "Mast", "--json").reply
    assert (undone["change"], undone["returned"]) == ("restored", 0)
    assert "A tall pole that carries canvas." in phrases(nearsay, rig), "the edit is undone"
    assert states(nearsay, rig) == dict.fromkeys(MAST, LIVE)
    assert nearsay("index").status == 0
    assert states(nearsay, rig) == dict.fromkeys(MAST, LIVE)


def test_undone_check_after_a_change_of_the_source_keeps_the_new_text(
    nearsay: Nearsay, rig: Path
) -> None:
    accepted_ways(nearsay, rig)
    write(rig, "Spar", "A tall pole which holds the canvas up.")
    write(rig, "Mast", "An iron nail in the wall of a house.")
    assert nearsay("index").status == 0
    assert states(nearsay, rig) == dict.fromkeys(MAST, PROPOSED)
    assert nearsay("admin", "undo", "Mast").status == 0
    assert states(nearsay, rig) == dict.fromkeys(MAST, LIVE)
    assert "An iron nail" in phrases(nearsay, rig)
    write(rig, "Mast", "Tall pole which holds up the canvas.")
    assert nearsay("index").status == 0
    assert "holds up the canvas" in phrases(nearsay, rig), "the entry follows its source"
    assert states(nearsay, rig) == dict.fromkeys(MAST, LIVE)


def test_way_is_in_one_state_after_each_edit_of_its_entry(nearsay: Nearsay, rig: Path) -> None:
    propose(nearsay, rig, mast=MAST)
    assert nearsay("admin", "phrase", f"Mast = {MAST[0]}").status == 0
    assert states(nearsay, rig) == {MAST[0]: LIVE, MAST[1]: PROPOSED}
    assert nearsay("ways", "words", "--accept", "all").status == 0
    assert states(nearsay, rig) == dict.fromkeys(MAST, LIVE)
    for command, expected in (
        (["undo", "Mast"], {MAST[0]: LIVE, MAST[1]: PROPOSED}),
        (["history", "Mast", "restore=0"], dict.fromkeys(MAST, PROPOSED)),
        (["undo", "Mast"], {MAST[0]: LIVE, MAST[1]: PROPOSED}),
    ):
        assert nearsay("admin", *command).status == 0
        assert states(nearsay, rig) == expected
    assert nearsay("admin", "rollback").status == 0
    assert states(nearsay, rig) == dict.fromkeys(MAST, PROPOSED)


def test_entry_that_loses_its_only_ways_follows_its_source(nearsay: Nearsay, rig: Path) -> None:
    propose(nearsay, rig, mast=MAST)
    assert nearsay("ways", "words", "--accept", "all").status == 0
    write(rig, "Spar", "A tall pole which holds the canvas up, timber that carries canvas.")
    for text in ("An iron nail in the wall of a house.", "A brass nail in a wall."):
        write(rig, "Mast", text)
        assert nearsay("index").status == 0
        there = phrases(nearsay, rig)
        assert [text in there, *(way in there for way in MAST)] == [True, False, False]
