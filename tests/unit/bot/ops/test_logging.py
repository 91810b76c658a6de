import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ops.logging import log_to_file, log_to_stderr, reconfigure_log
from bot.ops.request_id import request_scope
from index.errors import LedgerError, NotFound


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


def test_records_go_only_to_the_log_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "logs" / "nearsay.log"
    log_to_file(file, "INFO")
    logging.getLogger("bot.assistant").info("naïve %s", "中文")
    logging.getLogger("bot.assistant").info("a lone surrogate: \ud800")
    line, other = file.read_text(encoding="utf-8").splitlines()
    assert line.endswith(" INFO bot.assistant: naïve 中文")
    assert " INFO bot.assistant: a lone surrogate: " in other
    assert capfd.readouterr() == ("", "")


def test_an_unwritable_log_file_is_ignored(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "nearsay.log").mkdir()
    for place in (tmp_path / "file" / "nearsay.log", tmp_path / "nearsay.log"):
        log_to_file(place, "INFO")
        logging.getLogger("bot.assistant").error("lost")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("logger", "level", "kept"),
    [
        ("bot.assistant", "DEBUG", ["debug", "info", "warning", "error"]),
        ("bot.assistant", "WARNING", ["warning", "error"]),
        ("chromadb.api", "DEBUG", ["warning", "error"]),  # libraries log only warnings and errors
        ("chromadb.api", "ERROR", ["error"]),
    ],
)
def test_only_records_at_or_above_the_level_are_logged(
    logger: str, level: str, kept: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr("INFO")
    log_to_stderr(level)  # after a second setup, records are not logged twice
    for name in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger(logger), name)(f"said: {name}")
    out, err = capsys.readouterr()
    assert [line.rpartition("said: ")[2] for line in err.splitlines()] == kept
    assert out == ""


def logged(capsys: pytest.CaptureFixture[str], error: Exception) -> str:
    """Raise and log an error; return the log."""
    try:
        raise error
    except Exception:
        logging.getLogger("bot.assistant").exception("It broke.")
    return capsys.readouterr().err


def test_console_and_json_lines_have_the_request_id(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("INFO")
    with request_scope() as number:
        logging.getLogger("bot.assistant").info("within")
    logging.getLogger("bot.assistant").info("without")
    within, without = capsys.readouterr().err.splitlines()
    assert within.endswith(f" INFO bot.assistant [{number}]: within")
    assert without.endswith(" INFO bot.assistant: without")
    log_to_stderr("INFO", "json")
    with request_scope() as number:
        logging.getLogger("bot.assistant").info("naïve\n%s", "中文")
        broken = logged(capsys, KeyError("lost"))
    first, second = (json.loads(line) for line in broken.splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "INFO",
        "logger": "bot.assistant",
        "message": "naïve\n中文",
        "request": number,
    }
    assert second["level"] == "ERROR"
    assert second["traceback"].startswith("Traceback (most recent call last):\n")
    assert "KeyError" in second["traceback"]


@pytest.mark.parametrize("form", ["console", "json"])
def test_tracebacks_do_not_contain_user_text(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("DEBUG", form)  # type: ignore[arg-type]
    with request_scope():
        for error in (ValueError("canary"), NotFound("canary"), OSError("canary")):
            output = logged(capsys, error)
            assert "canary" not in output
            assert type(error).__name__ in output
            assert "raise error" in output


def test_tracebacks_omit_user_text_in_causes(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("DEBUG")
    error = RuntimeError("outer canary")
    error.__cause__ = KeyError("inner canary")
    with request_scope():
        output = logged(capsys, error)
        assert "canary" not in output
        assert (
            output.index("KeyError") < output.index("which led to:") < output.index("RuntimeError")
        )
        assert "LedgerError: Gone." in logged(capsys, LedgerError("Gone."))
        assert "OSError: No space left on device" in logged(capsys, OSError(28, "canary"))


@pytest.mark.parametrize("form", ["console", "json"])
def test_secrets_are_redacted_in_messages_and_tracebacks(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr("DEBUG", form, ["canary", "postgresql://user:canary@host"])  # type: ignore[arg-type]
    logging.getLogger("bot.assistant").info("a canary, postgresql://user:canary@host")
    output = capsys.readouterr().err + logged(capsys, ValueError("no canary"))
    assert "canary" not in output
    assert "a [secret], [secret]" in output


def test_level_and_format_can_be_changed_while_logging(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("WARNING")
    logging.getLogger("bot.assistant").info("quiet")
    reconfigure_log("DEBUG", "json", ["canary"])
    logging.getLogger("bot.assistant").debug("loud canary")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "loud [secret]"
