from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.bench.command import run_answers, run_calibration, run_golden, run_search
from index.store import Store
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
        ["bench", "golden", "--half", "third"],
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


QUESTIONS = """\
{"question": "a floating mark moored to show a channel", "entry": "Buoy"}
{"question": "pulls large ships", "entry": "tug"}
"""


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """A team's own questions about the harbour."""
    folder = tmp_path / "asked"
    folder.mkdir()
    (folder / "answerable.jsonl").write_text(QUESTIONS, encoding="utf-8")
    (folder / "unanswerable.jsonl").write_text('{"question": "zebras"}\n' * 2, encoding="utf-8")
    return folder


def test_a_teams_own_questions_are_put_to_its_own_index(
    asked: Path, harbour_store: Store, toy: ToyEmbedder, tmp_path: Path, capsys: Captured
) -> None:
    picture, requests = tmp_path / "curve.png", tmp_path / "requests.txt"
    requests.write_text("bake bread\nbook a table\n", encoding="utf-8")
    assert run_golden(
        asked,
        harbour_store,
        toy,
        half="both",
        requests=requests,
        picture=picture,
        json=True,
    )
    (line,) = capsys.readouterr().out.splitlines()
    bench = json.loads(line)
    assert (bench["generation"], bench["data"], bench["questions"]) == ("g000001", "asked", 2)
    assert bench["methods"][0]["all"]["first"] == 1
    assert [kind["kind"] for kind in bench["sparse"]["kinds"]] == ["questions", "requests"]
    assert picture.stat().st_size > 1_000


def test_golden_questions_are_a_table_and_progress_goes_to_standard_error(
    asked: Path, harbour_store: Store, toy: ToyEmbedder, capsys: Captured
) -> None:
    assert run_golden(asked, harbour_store, toy)
    out, err = capsys.readouterr()
    assert out.startswith("Judged questions of asked (reporting half): 1 answerable, 1 una")
    assert "Asking for misspelt names" in err
    assert "Asking" not in out


def test_a_curve_of_nothing_is_said_before_the_questions_are_asked(
    asked: Path, harbour_store: Store, toy: ToyEmbedder, tmp_path: Path, capsys: Captured
) -> None:
    (asked / "unanswerable.jsonl").unlink()
    assert not run_golden(asked, harbour_store, toy, picture=tmp_path / "curve.png", json=True)
    problem = json.loads(capsys.readouterr().out)
    assert (problem["kind"], problem["code"]) == ("problem", "plot")
    assert "--requests" in problem["hint"]
    assert toy.asked == 0


def test_without_an_index_there_is_a_problem(
    asked: Path, toy: ToyEmbedder, tmp_path: Path, capsys: Captured
) -> None:
    store = Store(tmp_path / "empty")
    assert not run_golden(asked, store, toy, json=True)
    assert not run_calibration(store, toy, None, json=True)
    codes = [json.loads(line)["code"] for line in capsys.readouterr().out.splitlines()]
    assert codes == ["no_index", "no_index"]
    store.close()


def test_percentiles_are_looked_at_with_a_second_model(
    harbour_store: Store, toy: ToyEmbedder, capsys: Captured
) -> None:
    assert run_calibration(harbour_store, toy, ToyEmbedder("another"), json=True)
    bench = json.loads(capsys.readouterr().out)
    assert (bench["kind"], bench["pairs"], len(bench["deciles"])) == (
        "calibration_bench",
        20_000,
        10,
    )
    assert (bench["other"]["model"], bench["other"]["pairs"]) == ("another", 2_000)
    assert run_calibration(harbour_store, toy, None)
    assert "fresh random pairs" in capsys.readouterr().out


def test_answers_are_measured_on_each_set(
    tmp_path: Path, toy: ToyEmbedder, capsys: Captured
) -> None:
    sets = [write_bakery(tmp_path / "bakery"), write_bakery(tmp_path / "other")]
    assert run_answers(sets, toy, limit=3, seed=1)
    out, err = capsys.readouterr()
    assert out.startswith("Answers: how often the right entry is cited first")
    assert [line.split()[:3] for line in out.splitlines()[3:5]] == [
        ["bakery", "5", "3"],
        ["other", "5", "3"],
    ]
    assert "Asking queries: 3" in err
    assert run_answers(sets, toy, limit=3, seed=1, json=True)
    assert json.loads(capsys.readouterr().out)["kind"] == "answers_bench"


def test_no_answers_are_measured_on_a_folder_that_is_no_set(
    tmp_path: Path, toy: ToyEmbedder, capsys: Captured
) -> None:
    assert not run_answers([tmp_path], toy, limit=3, seed=1)
    assert "there is no such file" in " ".join(capsys.readouterr().err.split())


@pytest.mark.slow
@pytest.mark.model
def test_the_bundled_questions_with_the_real_model(nearsay: Command, real_directory: Path) -> None:
    done = nearsay("bench", "golden", "--half", "both", "--json", data=real_directory)
    assert done.returncode == 0, done.stderr
    bench = json.loads(done.stdout)
    assert (bench["questions"], bench["generation"]) == (260, None)
    assert bench["names"]["names"]["first"] == bench["names"]["names"]["asked"]
    assert bench["names"]["typos"]["asked"] == 1_000


@pytest.mark.model
def test_percentiles_of_the_real_index_are_even(nearsay: Command, real_directory: Path) -> None:
    done = nearsay("bench", "calibration", "--json", data=real_directory)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["deviation"] < 1


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
