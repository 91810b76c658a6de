from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.logs import log_to_file, log_to_stderr


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {
        name: logger.level
        for name, logger in root.manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_records_go_into_the_file_and_nowhere_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "logs" / "nearsay.log"
    log_to_file(file, "INFO")
    logging.getLogger("bot.desk").info("naïve %s", "中文")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert line.endswith(" INFO bot.desk: naïve 中文")
    assert capfd.readouterr() == ("", "")


def test_what_is_below_the_level_is_not_logged(tmp_path: Path) -> None:
    log_to_file(tmp_path / "nearsay.log", "WARNING")
    logging.getLogger("bot.desk").info("quiet")
    assert (tmp_path / "nearsay.log").read_text() == ""


def test_a_traceback_is_in_the_file(tmp_path: Path) -> None:
    log_to_file(tmp_path / "nearsay.log", "INFO")
    try:
        raise KeyError("lost")
    except KeyError:
        logging.getLogger("bot.desk").exception("It broke.")
    text = (tmp_path / "nearsay.log").read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "KeyError: 'lost'" in text


def test_three_files_of_a_megabyte_are_kept(tmp_path: Path) -> None:
    log_to_file(tmp_path / "nearsay.log", "INFO")
    for _ in range(50):
        logging.getLogger("bot.desk").info("x" * 100_000)
    sizes = {file.name: file.stat().st_size for file in tmp_path.iterdir()}
    assert set(sizes) == {"nearsay.log", "nearsay.log.1", "nearsay.log.2"}
    assert max(sizes.values()) <= 1_000_000


def _under_a_file(folder: Path) -> Path:
    (folder / "file").write_text("", encoding="utf-8")
    return folder / "file" / "nearsay.log"


def _a_folder(folder: Path) -> Path:
    (folder / "nearsay.log").mkdir()
    return folder / "nearsay.log"


@pytest.mark.parametrize("place", [_under_a_file, _a_folder], ids=["under a file", "a folder"])
def test_where_the_file_cannot_be_written_nothing_is_said(
    place: Callable[[Path], Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log_to_file(place(tmp_path), "INFO")
    logging.getLogger("bot.desk").error("lost")
    assert capfd.readouterr() == ("", "")


def test_a_lone_surrogate_does_not_stop_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log_to_file(tmp_path / "nearsay.log", "INFO")
    logging.getLogger("bot.desk").info("a\ud800b")
    assert "INFO bot.desk: a" in (tmp_path / "nearsay.log").read_text(encoding="utf-8")
    assert capfd.readouterr() == ("", "")


def test_a_service_logs_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("INFO")
    logging.getLogger("bot.desk").warning("Take care.")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(" WARNING bot.desk: Take care.\n")


def test_setting_up_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("INFO")
    log_to_stderr("INFO")
    logging.getLogger("bot.desk").info("once")
    assert capsys.readouterr().err.count("once") == 1


@pytest.mark.parametrize(
    ("level", "kept"),
    [
        ("DEBUG", ["debug", "info", "warning", "error"]),
        ("INFO", ["info", "warning", "error"]),
        ("WARNING", ["warning", "error"]),
        ("ERROR", ["error"]),
    ],
)
def test_the_level_says_how_much_is_logged(
    level: str, kept: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr(level)
    for name in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger("bot.desk"), name)(f"said: {name}")
    lines = capsys.readouterr().err.splitlines()
    assert [line.rpartition("said: ")[2] for line in lines] == kept


@pytest.mark.parametrize(("level", "kept"), [("DEBUG", ["warning", "error"]), ("ERROR", ["error"])])
def test_libraries_say_only_warnings_and_no_more_than_the_rest(
    level: str, kept: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr(level)
    for name in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger("chromadb.api"), name)(f"said: {name}")
    lines = capsys.readouterr().err.splitlines()
    assert [line.rpartition("said: ")[2] for line in lines] == kept
