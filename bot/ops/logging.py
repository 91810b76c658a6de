"""Logging: destination and format (lines, or JSON for a log store).

Commands at a terminal log to a file, a service to standard error. Each record has the request's id
(`bot.ops.request_id`). Records never contain users' text: during a request, the message of an
exception is omitted from its traceback, unless its type cannot contain users' text. Secrets are
redacted.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal

from bot.ops import request_id
from index.errors import LedgerError, ModelError, StoreError

Form = Literal["console", "json"]

OURS = ("bot", "index")  # loggers that use the configured level; libraries log warnings only
REDACTED = "[secret]"
OMITTED = "(message omitted: it may contain users' text)"
# Errors whose messages describe the installation and never quote a question.
_SAFE_ERRORS = (LedgerError, StoreError, ModelError)


def redact(text: str, secrets: Iterable[str]) -> str:
    """Replace each secret in `text`, longer secrets first, since a URL contains its password."""
    for secret in sorted({secret for secret in secrets if secret}, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return text


def log_to_file(
    file: Path, level: str, form: Form = "console", secrets: Iterable[str] = ()
) -> None:
    """Log to `file`, rotated over three files of 1 MB; log nowhere if it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            file, maxBytes=1_000_000, backupCount=2, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        handler = logging.NullHandler()
    _install(handler, level, form, secrets)


def log_to_stderr(level: str, form: Form = "console", secrets: Iterable[str] = ()) -> None:
    """Log to standard error."""
    _install(logging.StreamHandler(sys.stderr), level, form, secrets)


def reconfigure_log(level: str, form: Form, secrets: Iterable[str]) -> None:
    """Change the level, format and secrets of the current log."""
    for handler in logging.getLogger().handlers:
        _configure(handler, level, form, secrets)


def _install(handler: logging.Handler, level: str, form: Form, secrets: Iterable[str]) -> None:
    # A record that cannot be written, for example to a full disk, is dropped silently.
    logging.raiseExceptions = False
    logging.getLogger().handlers = [handler]
    _configure(handler, level, form, secrets)


def _configure(handler: logging.Handler, level: str, form: Form, secrets: Iterable[str]) -> None:
    handler.setFormatter((_Json if form == "json" else _Lines)(secrets))
    # Libraries such as slack_bolt log whole requests with users' text.
    logging.getLogger().setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for name in OURS:
        logging.getLogger(name).setLevel(level)


class _Lines(logging.Formatter):
    """Formats records as `time LEVEL logger [request]: message`, followed by any traceback."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(request)s: %(message)s")
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        number = request_id.current()
        record.request = f" [{number}]" if number else ""
        return redact(super().format(record), self._secrets)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Format a traceback without messages that may contain users' text."""
        error: BaseException | None = ei[1]
        return "\n".join(_traceback_lines(error)) if error is not None else ""


class _Json(_Lines):
    """Formats records as one JSON object per line: time (ISO 8601, UTC), level, logger, message,
    and optionally request and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        content = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id.current():
            content["request"] = number
        if record.exc_info:
            content["traceback"] = self.formatException(record.exc_info)
        held = {key: redact(value, self._secrets) for key, value in content.items()}
        return json.dumps(held, ensure_ascii=False)


def _traceback_lines(error: BaseException) -> Iterator[str]:
    """Yield the traceback of an error and its causes, the first cause first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _traceback_lines(before)
        yield "\nwhich led to:\n"
    yield "Traceback (most recent call last):"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    message = _message(error)
    yield f"{module}{kind.__qualname__}{': ' if message else ''}{message}"


def _message(error: BaseException) -> str:
    if not request_id.current() or isinstance(error, _SAFE_ERRORS):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return OMITTED
