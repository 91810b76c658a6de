"""`nearsay bench` from options to output, with a small encyclopedia."""

import errno
import json
from functools import partial
from pathlib import Path

import pytest

from tests.support.child_process import Command
from tests.support.command_line import Nearsay, run, set_up, two_pages
from tests.unit.index.evaluation.folders import write_bakery

QUESTIONS = """\
{"question": "a floating mark", "entry": "Buoy"}
{"question": "holds a ship", "entry": "anchor"}
"""


@pytest.fixture
def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Nearsay:
    """Run `nearsay bench` in a folder with the bakery and a team's own questions."""
    two_pages(tmp_path)
    set_up(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)
    write_bakery(tmp_path / "bakery")
    asked = tmp_path / "asked"
    asked.mkdir()
    (asked / "answerable.jsonl").write_text(QUESTIONS, encoding="utf-8")
    (asked / "unanswerable.jsonl").write_text('{"question": "zebras"}\n' * 2, encoding="utf-8")
    return partial(run, capsys, "bench")


def test_the_table_goes_to_stdout_and_progress_to_stderr(bench: Nearsay) -> None:
    done = bench("search", "--data", "bakery", "--limit", "3")
    assert done.status == 0
    assert done.out.startswith("Retrieval on bakery: 3 queries")
    assert "Asking queries: 3" in done.err
    assert "Asking" not in done.out


def test_json_output_is_a_single_object(bench: Nearsay) -> None:
    found = bench("search", "--data", "bakery", "--json").reply
    assert (found["queries"], found["methods"][0]["recall_at_10"]) == (5, 1)


def test_a_full_temporary_folder_is_reported(
    bench: Nearsay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/measured")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    done = bench("search", "--data", "bakery")
    assert done.status == 1
    assert "/tmp/measured cannot be used: No space left on device. Free some" in done.complaint
    assert "Traceback" not in done.err


def test_an_invalid_dataset_folder_is_reported_as_a_problem(bench: Nearsay, tmp_path: Path) -> None:
    write_bakery(tmp_path / "bakery", qrels="query-id\tcorpus-id\tscore\nq1\tbun\t1\n")
    done = bench("search", "--data", "bakery")
    assert (done.status, done.out) == (1, "")
    assert done.complaint == 'bakery/qrels.tsv:2: there is no document with the _id "bun"'
    done = bench("search", "--data", "bakery", "--json")
    assert (done.status, done.reply["kind"], done.reply["code"]) == (1, "problem", "bad_source")
    assert "the file does not exist" in bench("answers", "asked").complaint


def test_invalid_usage_exits_with_status_2(bench: Nearsay) -> None:
    search = ("search", "--data", "bakery", "--limit")
    for arguments in ((), ("search",), ("golden", "--half", "third"), (*search, "0")):
        done = bench(*arguments)
        assert (done.status, done.out) == (2, "")
        assert "Usage: nearsay bench" in done.err


def test_a_teams_questions_are_measured_on_its_own_index(bench: Nearsay) -> None:
    found = bench("golden", "--data", "asked", "--half", "both", "--json").reply
    assert (found["generation"], found["data"], found["questions"]) == ("g000001", "asked", 2)
    assert [kind["kind"] for kind in found["sparse"]["kinds"]] == ["questions"]
    done = bench("golden", "--data", "asked")
    assert done.out.startswith("Judged questions of asked (reporting half): 1 answerable, 1 una")
    assert "Asking questions" in done.err


def test_answers_are_measured_on_each_dataset(bench: Nearsay, tmp_path: Path) -> None:
    write_bakery(tmp_path / "other")
    done = bench("answers", "bakery", "other", "--limit", "3")
    rows = [line.split()[:3] for line in done.out.splitlines()[3:5]]
    assert rows == [["bakery", "5", "3"], ["other", "5", "3"]]
    assert "Asking queries: 3" in done.err


def test_a_glossary_is_measured_with_and_without_its_ways_to_ask(
    bench: Nearsay, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "glossary.csv").write_text("Term,Definition\nSluice,A gate for water.\n", "utf-8")
    asked = '{"question": "door against the tide", "entry": "sluice"}\n'
    (folder / "answerable.jsonl").write_text(asked, encoding="utf-8")
    ways = '{"entry": "sluice", "ways": ["door against tide"]}\n'
    (folder / "ways.jsonl").write_text(ways, encoding="utf-8")
    found = bench("own", "own", "--json").reply
    assert (found["kind"], found["data"], found["ways"]) == ("own_bench", "own", 1)
    assert [one["search"]["wrongly_empty"] for one in found["settings"]] == [0, 0, 0]
    done = bench("own", "own", "--no-ways")
    assert done.out.startswith("Questions to own: 1 answerable, 0 unanswerable, 1 entries")
    assert "ways to ask" not in done.out
    assert "Asking questions (mixed): 1" in done.err
    (folder / "glossary.csv").unlink()
    done = bench("own", "own")
    assert (done.status, done.out) == (1, "")
    assert 'begins with "glossary"' in done.complaint


@pytest.mark.slow
@pytest.mark.model
def test_bundled_questions_are_measured_with_the_real_model(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay("bench", "golden", "--half", "both", "--json", data=real_directory)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["questions"], found["generation"]) == (300, None)
