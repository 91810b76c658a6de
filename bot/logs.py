"""Where log records go: to a file for a person at a terminal, to standard error for a service."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# slack_bolt logs whole requests, what people wrote included.
_CHATTY = (
    "slack_bolt",
    "slack_sdk",
    "websocket",
    "waitress",
    "bm25s",
    "chromadb",
    "httpx",
    "httpcore",
    "urllib3",
    "filelock",
    "markdown_it",
    "optimum",
    "nncf",
    "alembic",
)


def log_to_file(file: Path, level: str) -> None:
    """Logs into `file` (three of a megabyte are kept); where it cannot be written, nowhere."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            file, maxBytes=1_000_000, backupCount=2, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        handler = logging.NullHandler()
    _install(handler, level)


def log_to_stderr(level: str) -> None:
    """Logs to standard error, as a service does."""
    _install(logging.StreamHandler(sys.stderr), level)


def _install(handler: logging.Handler, level: str) -> None:
    # A record that cannot be written, to a full disk say, is lost without a traceback.
    logging.raiseExceptions = False
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
