"""Ways to ask at the terminal: request, reply, review, decision and search."""

import io
import json
import re
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.storage.db.way_ledger import NewWay
from tests.support.command_line import Nearsay, write
from tests.support.stores import open_store


@pytest.fixture
def rig(words: Path, nearsay: Nearsay) -> Path:
    """Return the folder of an indexed glossary of three entries."""
    write(words, "Mast", "A tall pole that carries canvas.")
    write(words, "Hull", "The body of a ship below the deck.")
    assert nearsay("index").status == 0
    return words


def reply_in(folder: Path, **ways: list[str]) -> str:
    """Write the reply of an assistant, and return its file."""
    file = folder.parent / "reply.jsonl"
    rows = [{"entry": f"words/{entry}", "ways": texts} for entry, texts in ways.items()]
    file.write_text("Here you are:\n" + "\n".join(map(json.dumps, rows)), encoding="utf-8")
    return str(file)


def propose(nearsay: Nearsay, rig: Path, **ways: list[str]) -> None:
    assert nearsay("ways", "words", "--reply", reply_in(rig, **ways)).status == 0


MAST = ["which tall pole holds the canvas up", "timber carries canvas pole"]


def phrases(nearsay: Nearsay, rig: Path, *options: str) -> str:
    nearsay("export", str(rig.parent / "out.jsonl"), "--overwrite", *options)
    return (rig.parent / "out.jsonl").read_text(encoding="utf-8")


def test_way_is_requested_reviewed_accepted_and_finds_its_entry(
    nearsay: Nearsay, rig: Path
) -> None:
    request = rig.parent / "request.txt"
    done = nearsay("ways", "words", "--request", str(request))
    assert "A request for 3 entries of words" in done.output
    assert '{"entry": "words/mast", "term": "Mast"' in request.read_text(encoding="utf-8")

    done = nearsay("ways", "words", "--reply", reply_in(rig, mast=MAST, hull=["Hull", "iron hook"]))
    assert done.status == 0
    assert "2 new ways to ask for words." in done.output
    assert "Here you are:: not a line of JSON" in done.output
    assert "words/hull: Hull: a name of the entry" in done.output
    assert "words/hull: iron hook: it finds Anchor" in done.output
    assert MAST[1] not in phrases(nearsay, rig), "nothing proposed is live"
    before = nearsay("say", f"/near {MAST[1]}", "--json").reply["neighbours"][0]

    listed = nearsay("ways", "words", "--review").output
    assert f"Mast: 1. {MAST[0]} 2. {MAST[1]}" in listed
    assert "--accept 1-2" in listed
    done = nearsay("ways", "words", "--accept", "2", "--refuse", "1")
    assert "1 way was accepted, 1 refused; 0 wait for a decision." in done.output
    assert "Live in g000003." in done.output
    after = nearsay("say", f"/near {MAST[1]}", "--json").reply["neighbours"][0]
    assert (after["id"], after["similarity"] >= before["similarity"]) == ("words/mast", True)
    assert MAST[1] in phrases(nearsay, rig)
    assert MAST[0] not in phrases(nearsay, rig)
    assert "No ways to ask for words wait" in nearsay("ways", "words", "--review").output

    assert nearsay("admin", "undo", "Mast").status == 0
    assert MAST[1] not in phrases(nearsay, rig)


def test_accepted_question_is_exported_only_on_demand(nearsay: Nearsay, rig: Path) -> None:
    propose(nearsay, rig, mast=MAST)
    way = NewWay(entry="words/hull", text="which body is below the deck", version="1")
    with closing(open_store(rig.parent / "data")) as store:
        assert store.ledger.ways.record([way], "use")
    assert f"3. {way.text} (from a question)" in nearsay("ways", "words", "--review").output
    nearsay("ways", "words", "--accept", "all")
    assert MAST[0] in phrases(nearsay, rig)
    assert way.text not in phrases(nearsay, rig)
    assert way.text in phrases(nearsay, rig, "--questions")


def test_decision_can_be_repeated(nearsay: Nearsay, rig: Path) -> None:
    propose(nearsay, rig, mast=MAST)
    assert "1 way was accepted" in nearsay("ways", "words", "--accept", "1").output
    again = nearsay("ways", "words", "--accept", "1", "--json").reply
    assert (again["accepted"], again["waiting"], again["live"]) == (0, 1, True)
    assert "1 new way" not in nearsay("ways", "words", "--reply", reply_in(rig, mast=MAST)).output
    missing = nearsay("ways", "words", "--accept", "1,7-9")
    assert missing.status == 1
    assert "no way with the number 7-9; nothing was changed" in missing.complaint
    done = nearsay("ways", "words", "--accept", "all", "--json").reply
    assert (done["kind"], done["accepted"], done["terms"]) == ("ways_decided", 1, ["Mast"])


def test_ways_are_decided_by_the_admin_command(nearsay: Nearsay, rig: Path) -> None:
    propose(nearsay, rig, mast=MAST, sail=["cloth for catching wind"])
    assert f"Mast: 1. {MAST[0]}" in nearsay("admin", "ways", "words").output
    done = nearsay("admin", "ways", "words", "accept=1,3", "refuse=2").output
    assert "2 ways were accepted, 1 refused; 0 wait for a decision." in done
    assert (MAST[0] in phrases(nearsay, rig), MAST[1] in phrases(nearsay, rig)) == (True, False)
    again = nearsay("admin", "ways", "words", "accept=all", "refuse=2", "--json").reply
    assert (again["accepted"], again["earlier"], again["following"]) == (0, 1, None)
    wrong = nearsay("admin", "ways", "words", "accept=3-1")
    assert (wrong.status, "nothing was changed" in wrong.complaint) == (2, True)


def test_proposals_of_changed_and_removed_entries_are_checked_again(
    nearsay: Nearsay, rig: Path
) -> None:
    propose(nearsay, rig, mast=MAST, sail=["cloth for catching wind"], hull=["body below the deck"])
    write(rig, "Mast", "An iron nail in the wall of a house.")
    write(rig, "Spar", "Timber: a tall pole which carries canvas, and holds it up.")
    write(rig, "Sail", "Cloth that catches much wind.")
    (rig / "hull.md").unlink()
    assert nearsay("index").status == 0
    reply = nearsay("ways", "words", "--review", "--json").reply
    assert [way["entry"] for way in reply["ways"]] == ["words/sail"]
    assert {(one["entry"], one["reason"].split()[0]) for one in reply["dropped"]} == {
        ("words/mast", "nearer"),
        ("words/hull", "the"),
    }


def test_second_request_leaves_out_entries_that_were_asked_for(nearsay: Nearsay, rig: Path) -> None:
    propose(nearsay, rig, mast=MAST)
    file = rig.parent / "request.txt"
    assert (
        "A request for 1 entry"
        in nearsay("ways", "words", "--request", str(file), "--limit", "1").output
    )
    assert "words/mast" not in file.read_text(encoding="utf-8")
    propose(nearsay, rig, hull=["body below the deck"], sail=["cloth for catching wind"])
    done = nearsay("ways", "words", "--request", str(file))
    assert (done.status, "have been asked for" in done.complaint) == (1, True)


def test_reply_is_read_from_standard_input(
    nearsay: Nearsay, rig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = Path(reply_in(rig, mast=MAST)).read_bytes()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(reply + b"\xff")))
    assert "2 new ways" in nearsay("ways", "words", "--reply", "-").output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--review", "--accept", "1"],
        ["--reply", "x", "--request", "y"],
        ["--accept", "3-1"],
        ["--accept", "one"],
        ["--refuse", "1,,2"],
        ["--review", "--limit", "3"],
    ],
)
def test_wrong_options_are_refused(nearsay: Nearsay, rig: Path, arguments: list[str]) -> None:
    assert nearsay("ways", "words", *arguments).status == 2


def test_unknown_source_and_unreadable_file_are_problems(nearsay: Nearsay, rig: Path) -> None:
    done = nearsay("ways", "wrds", "--review")
    assert (done.status, "Did you mean words?" in done.complaint) == (1, True)
    done = nearsay("ways", "words", "--reply", "nowhere.jsonl")
    assert (done.status, "nowhere.jsonl cannot be read" in done.complaint) == (1, True)
    done = nearsay("ways", "words", "--request", "nowhere/request.txt")
    assert (done.status, "cannot be written" in done.complaint) == (1, True)


def test_list_has_twenty_ways_at_a_time(nearsay: Nearsay, rig: Path) -> None:
    pole = [f"tall pole carries canvas number {number}" for number in range(10)]
    sail = [f"cloth catches wind number {number}" for number in range(10)]
    propose(nearsay, rig, mast=pole, sail=sail, hull=["ship body below deck"])
    listed = nearsay("ways", "words", "--review").out
    assert len(re.findall(r"^\d+\. ", listed, re.MULTILINE)) == 20
    assert "and 1 more, listed after these are decided" in listed
