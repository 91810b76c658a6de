"""Reports for the glossary's owners at the terminal: gaps and statistics."""

from pathlib import Path

import pytest

from tests.support.command_line import Nearsay


@pytest.mark.usefixtures("words")
def test_gaps_command_lists_unanswered_questions(nearsay: Nearsay) -> None:
    none = nearsay("admin", "gaps")
    assert (none.status, none.err) == (0, "")
    assert none.out.startswith("No gaps in the last 30 days")
    nearsay("say", "/define capstan")
    nearsay("say", "/define what is a capstan?")
    nearsay("say", "/define sail")
    lines = nearsay("admin", "gaps", "7d").out.splitlines()
    first = "In the last 7 days, 2 questions from 1 person found nothing or nothing helpful: 1 gap"
    assert " ".join(lines[:2]) == first
    assert lines[3] == "Capstan: 2 questions from 1 person"
    assert lines[4].startswith('Asked: "what is a capstan?"')
    assert lines[-1] == "Define it: /near-admin add Capstan"
    reply = nearsay("admin", "gaps", "--json").reply
    assert (reply["kind"], reply["generation"], reply["model"]) == ("gaps", "g000001", "toy")
    assert (reply["days"], reply["questions"], reply["people"], reply["total"]) == (30, 2, 1, 1)
    (gap,) = reply["gaps"]
    assert set(gap) == {"title", "questions", "people", "examples", "nearest", "entry"}
    assert set(gap["nearest"][0]) == {"id", "term", "category", "similarity"}
    assert gap["entry"] is None


@pytest.mark.usefixtures("words")
def test_stats_command_shows_numbers_and_a_plot(nearsay: Nearsay) -> None:
    assert nearsay("admin", "stats").out.startswith("No questions in the last 30 days\n")
    nearsay("say", "/define sail")
    nearsay("say", "/define capstan")
    lines = nearsay("admin", "stats").out.splitlines()
    assert lines[0] == "In the last 30 days: 2 questions from 1 person"
    assert lines[1] == f"{'▁' * 29}█ up to 2 a day"
    assert lines[2] == "Answered: 50% (1 of 2)"
    assert lines[3].startswith("Response time: median ")
    assert "Most asked for: Sail (1 person)" in lines
    assert "Never asked for (2 entries): Anchor · Buoy" in lines
    reply = nearsay("admin", "stats", "7d", "--json").reply
    assert (reply["kind"], reply["answered"], reply["stretch"]) == ("stats", 1, 1)
    assert len(reply["plot"]) == 7
    assert reply["plot"][-1]["questions"] == 2
    assert reply["top"][0]["entry"]["id"] == "words/sail"


@pytest.mark.parametrize("verb", ["gaps", "stats"])
def test_invalid_number_of_days_is_a_usage_error(nearsay: Nearsay, words: Path, verb: str) -> None:
    done = nearsay("admin", verb, "soon")
    assert done.status == 2
    assert f"For example: /near-admin {verb} 7d" in done.complaint


def test_a_dry_run_of_a_glossary_is_about_this_glossary(
    nearsay: Nearsay, words: Path, tmp_path: Path
) -> None:
    (words / "bad.md").write_text("---\nterm: Red\n---\n")
    ropes = tmp_path / "ropes.csv"
    ropes.write_text("id,term,definition\n1,Capstan,A drum that hauls ropes.\n2,,nameless\n")
    shown = nearsay("index", "--source", str(ropes), "--dry-run")
    assert shown.out.startswith("To look at: 1 file, row or part not read.")
    assert "not kept: id" in shown.out
    assert "bad.md" not in shown.output.replace(" ", "")
    assert "What is Capstan? Capstan (ropes) 1.00 Capstan: A drum that hauls ropes." in shown.output
    reply = nearsay("index", "--source", str(ropes), "--dry-run", "--json").reply
    assert reply["trial"]["questions"][0]["first"] == "Capstan"
    assert "no entry" in nearsay("say", "/define capstan").complaint


def test_glossary_in_the_import_folder_can_be_imported(
    nearsay: Nearsay, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = nearsay("admin", "import", "ropes.csv")
    assert (refused.status, refused.out) == (1, "")
    assert "set NEARSAY_IMPORT_DIR" in refused.complaint
    (tmp_path / "import").mkdir()
    (tmp_path / "import" / "ropes.csv").write_text(
        "term,definition\nCapstan,A drum that hauls ropes.\n,nameless\n"
    )
    monkeypatch.setenv("NEARSAY_IMPORT_DIR", str(tmp_path / "import"))
    lines = nearsay("admin", "import", "ropes.csv").out.splitlines()
    assert lines[:4] == [
        "ropes.csv (CSV) would be the source ropes, with 1 entry",
        "1 file, row or value skipped or changed on import:",
        "ropes.csv:3: has no term.",
        "1 added, 0 changed, 0 removed, 0 unchanged. This is a preview.",
    ]
    assert lines[-1] == "To import it: /near-admin import ropes.csv --apply"
    assert "no entry" in nearsay("say", "/define capstan").complaint
    reply = nearsay("admin", "import", "ropes.csv", "--apply", "name=our-ropes", "--json").reply
    assert (reply["kind"], reply["state"], reply["name"]) == ("import", "applied", "our-ropes")
    assert (reply["live"], reply["added"], reply["refusals"]) == ("g000002", 1, 1)
    assert set(reply["refused"][0]) == {"path", "line", "reason", "hint", "kind"}
    assert "hauls ropes" in nearsay("say", "/define capstan").out
    assert (
        'already a source "words"'
        in nearsay("admin", "import", "ropes.csv", "name=words").complaint
    )
    out = nearsay("admin", "import", "../words/sail.md")
    assert "in the import folder" in out.complaint
