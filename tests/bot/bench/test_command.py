from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.bench.command import run_search
from tests.bot.bench.folders import write_bakery
from tests.conftest import Command
from tests.support.toy import ToyEmbedder

Captured = pytest.CaptureFixture[str]


def test_a_table_is_printed_and_progress_goes_to_standard_error(
    tmp_path: Path, toy: ToyEmbedder, capsys: Captured
) -> None:
    assert run_search(write_bakery(tmp_path / "bakery"), toy, limit=3)
    out, err = capsys.readouterr()
    assert out.startswith("Retrieval on bakery: 3 queries")
    assert "So few queries cannot tell." in " ".join(out.split())
    assert "Asking queries: 3" in err
    assert "Asking" not in out


def test_json_and_a_picture_come_from_one_run(
    tmp_path: Path, toy: ToyEmbedder, capsys: Captured
) -> None:
    picture = tmp_path / "bars.png"
    assert run_search(write_bakery(tmp_path / "bakery"), toy, picture=picture, json=True)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["queries"] == 5
    assert picture.stat().st_size > 1_000


def test_a_picture_that_cannot_be_is_said_before_the_work(
    tmp_path: Path, toy: ToyEmbedder, capsys: Captured
) -> None:
    picture = tmp_path / "nowhere" / "bars.png"
    assert not run_search(write_bakery(tmp_path / "bakery"), toy, picture=picture)
    out, err = capsys.readouterr()
    assert out == ""
    assert "which is no folder" in " ".join(err.split())
    assert toy.embedded == 0


def test_a_picture_that_fails_late_does_not_cost_the_result(
    tmp_path: Path, toy: ToyEmbedder, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.bench.command.check_plot", lambda file: None)
    picture = tmp_path / "nowhere" / "bars.png"
    assert not run_search(write_bakery(tmp_path / "bakery"), toy, picture=picture, json=True)
    out, err = capsys.readouterr()
    assert [json.loads(line)["kind"] for line in out.splitlines()] == ["search_bench"]
    assert "cannot be written" in " ".join(err.split())


def test_a_bad_folder_is_a_problem_without_a_traceback(nearsay: Command, tmp_path: Path) -> None:
    bakery = write_bakery(tmp_path / "bakery", qrels="query-id\tcorpus-id\tscore\nq1\tbun\t1\n")
    data = tmp_path / "data"
    done = nearsay("bench", "search", "--data", "bakery", data=data)
    said = " ".join(done.stderr.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert said == 'bakery/qrels.tsv:2: there is no document with the _id "bun"'
    done = nearsay("bench", "search", "--data", str(bakery), "--json", data=data)
    problem = json.loads(done.stdout)
    assert (done.returncode, problem["kind"], problem["code"]) == (1, "problem", "bad_source")


@pytest.mark.parametrize(
    "arguments",
    [
        ["bench"],
        ["bench", "search"],
        ["bench", "search", "--data", "bakery", "--limit", "0"],
        ["bench", "search", "--data", "bakery", "--limit", "-1"],
        ["bench", "search", "--data", "bakery", "--limit", "many"],
        ["bench", "search", "--data", "bakery", "--limit", "9" * 5_000],
    ],
    ids=lambda arguments: " ".join(arguments)[:50],
)
def test_wrong_usage_has_its_own_status(
    nearsay: Command, tmp_path: Path, arguments: list[str]
) -> None:
    done = nearsay(*arguments, data=tmp_path / "data")
    assert done.returncode == 2
    assert "usage: nearsay bench" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.model
def test_the_whole_command_with_the_real_model(
    nearsay: Command, tmp_path: Path, real_directory: Path
) -> None:
    write_bakery(tmp_path / "bakery")
    done = nearsay("bench", "search", "--data", "bakery", "--json", data=real_directory)
    assert done.returncode == 0, done.stderr
    bench = json.loads(done.stdout)
    assert bench["model"] == "all-MiniLM-L6-v2"
    assert bench["methods"][0]["recall_at_10"] == 1
