"""`nearsay bench` from options to output, with a small encyclopedia."""

import json
from functools import partial
from pathlib import Path

import pytest

from tests.support.child_process import Command
from tests.support.command_line import Nearsay, run, set_up, two_pages

QUESTIONS = """\
{"question": "a floating mark", "entry": "Buoy"}
{"question": "holds a ship", "entry": "anchor"}
"""


@pytest.fixture
def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Nearsay:
    """Run `nearsay bench` in a folder with a team's own questions."""
    two_pages(tmp_path)
    set_up(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)
    asked = tmp_path / "asked"
    asked.mkdir()
    (asked / "answerable.jsonl").write_text(QUESTIONS, encoding="utf-8")
    (asked / "unanswerable.jsonl").write_text('{"question": "zebras"}\n' * 2, encoding="utf-8")
    return partial(run, capsys, "bench")


def test_invalid_usage_exits_with_status_2(bench: Nearsay) -> None:
    for arguments in ((), ("search",), ("golden", "--half", "third")):
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
