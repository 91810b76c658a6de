"""Fast mode (pytest --fast): tests that start a model, a server or a child process fail."""

import socket
import sys
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

FORBIDDEN_EVENTS = {
    *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen")
}
FORBIDDEN_IMPORTS = {"openvino", "sentence_transformers", "torch"}
TESTS = Path(__file__).parents[1]
# Most of these tests use a model, a server or a child process, or take more than a second.
SLOW_PATHS = set(Path(__file__).with_name("slow_paths.txt").read_text("utf-8").split())
SLOW_FIXTURES = {
    *("chroma", "crew", "first_use", "model_directory", "nearsay", "postgres"),
    *("real_embedder", "shared_url", "workspace"),
}


def is_slow_path(path: Path) -> bool:
    """Whether a file or folder is skipped without importing it."""
    return path.is_relative_to(TESTS) and str(path.relative_to(TESTS)) in SLOW_PATHS


def is_fast(item: pytest.Item) -> bool:
    """Whether a test's marks and fixtures need nothing that fast mode forbids."""
    marks = {mark.name for mark in item.iter_markers()}
    if marks & {"slow", "model", "children"}:
        return False
    parameters = getattr(item, "callspec", SimpleNamespace(params={})).params
    fixtures: Sequence[str] = getattr(item, "fixturenames", ())
    return not SLOW_FIXTURES & set(fixtures) and parameters.get("database_url") != "postgresql"


def enforce() -> None:
    """Forbid models, servers and child processes until the process ends."""
    sys.addaudithook(_refuse)
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "listen", _refuse_server)
    patch.setattr(BaseProcess, "start", _refuse_process)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in FORBIDDEN_EVENTS:
        raise AssertionError(f"fast tests may not cause {event}: mark the test")
    if event == "import" and arguments[0] in FORBIDDEN_IMPORTS:
        raise AssertionError(f"fast tests may not import {arguments[0]}: mark the test")


def _refuse_server(*_: object) -> None:
    raise AssertionError("fast tests may not start a server: mark the test")


def _refuse_process(*_: object) -> None:
    raise AssertionError("fast tests may not start a process: mark the test")
