"""`python -m tests.benchmarks.beir` from options to output."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.beir.__main__ import main
from tests.benchmarks.beir.folders import write_bakery
from tests.support.command_line import CommandResult, set_up, two_pages

Bench = Callable[..., CommandResult]


@pytest.fixture
def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Bench:
    """Run a benchmark in a folder with the bakery."""
    two_pages(tmp_path)
    set_up(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)
    write_bakery(tmp_path / "bakery")

    def run(*arguments: str) -> CommandResult:
        try:
            status = main(arguments)
        except SystemExit as error:
            status = int(error.code or 0)
        return CommandResult(status, *capsys.readouterr())

    return run


def test_the_table_goes_to_stdout_and_progress_to_stderr(bench: Bench) -> None:
    done = bench("search", "--data", "bakery", "--limit", "3")
    assert done.status == 0
    assert done.out.startswith("Retrieval on bakery: 3 queries")
    assert "Asking queries: 3" in done.err
    assert "Asking" not in done.out


def test_json_output_is_a_single_object(bench: Bench) -> None:
    found = bench("search", "--data", "bakery", "--json").reply
    assert (found["queries"], found["methods"][0]["recall_at_10"]) == (5, 1)


def test_a_full_temporary_folder_is_reported(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/measured")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    done = bench("search", "--data", "bakery")
    assert done.status == 1
    assert "/tmp/measured cannot be used: No space left on device. Free some" in done.complaint
    assert "Traceback" not in done.err


def test_an_invalid_dataset_folder_is_reported_as_a_problem(bench: Bench, tmp_path: Path) -> None:
    write_bakery(tmp_path / "bakery", qrels="query-id\tcorpus-id\tscore\nq1\tbun\t1\n")
    done = bench("search", "--data", "bakery")
    assert (done.status, done.out) == (1, "")
    assert done.complaint == 'bakery/qrels.tsv:2: there is no document with the _id "bun"'
    done = bench("search", "--data", "bakery", "--json")
    assert (done.status, done.reply["kind"], done.reply["code"]) == (1, "problem", "bad_source")
    assert "the file does not exist" in bench("answers", "asked").complaint


def test_answers_are_measured_on_each_dataset(bench: Bench, tmp_path: Path) -> None:
    write_bakery(tmp_path / "other")
    done = bench("answers", "bakery", "other", "--limit", "3")
    rows = [line.split()[:3] for line in done.out.splitlines()[3:5]]
    assert rows == [["bakery", "5", "3"], ["other", "5", "3"]]
    assert "Asking queries: 3" in done.err


def test_invalid_usage_exits_with_status_2(bench: Bench) -> None:
    for arguments in (("search",), ("search", "--data", "bakery", "--limit", "0")):
        done = bench(*arguments)
        assert (done.status, done.out) == (2, "")
