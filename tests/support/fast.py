"""Fast mode (pytest --fast): no model, no server, no child process, and what would start one
fails."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

FORBIDDEN_EVENTS = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.system",
    "subprocess.Popen",
}
FORBIDDEN_IMPORTS = {"openvino", "sentence_transformers", "torch"}
TESTS = Path(__file__).parents[1]
# Most of these tests use a model, a server or a child process, or take more than a second.
SLOW_PATHS = {
    TESTS / name
    for name in (
        "bot/admin/test_administration.py",
        "bot/admin/test_editing.py",
        "bot/admin/test_gaps.py",
        "bot/admin/test_imports.py",
        "bot/admin/test_stats.py",
        "bot/backup",
        "bot/bench",
        "bot/drawing",
        "bot/latent",
        "bot/slack/editing/test_approving.py",
        "bot/slack/test_checks.py",
        "bot/slack/test_courier.py",
        "bot/slack/test_payloads.py",
        "bot/slack/test_response_url.py",
        "bot/slack/test_sent_files.py",
        "bot/terminal/test_chat.py",
        "bot/test_desk.py",
        "bot/test_doctor.py",
        "bot/test_health.py",
        "bot/test_indexing.py",
        "bot/test_injection.py",
        "bot/test_metrics.py",
        "faults",
        "fuzzing",
        "index/editing/test_duplicates.py",
        "index/export/test_export.py",
        "index/export/test_real_entries.py",
        "index/sources/test_glossaries.py",
        "index/sources/test_hostile.py",
        "index/sources/test_records.py",
        "index/sources/test_table.py",
        "index/sources/test_workbook.py",
        "index/space/atlas/test_drawing.py",
        "index/space/atlas/test_layout.py",
        "index/space/atlas/test_neighbourhoods.py",
        "index/space/latent/test_spaces.py",
        "index/space/test_churn.py",
        "index/space/test_gaps.py",
        "index/store/ledger/test_ledger.py",
        "index/store/test_digests.py",
        "index/store/test_on_servers.py",
        "index/store/test_probe.py",
        "index/store/test_remote.py",
        "index/store/test_store.py",
        "index/test_bundled_vectors.py",
        "index/test_chroma_server.py",
        "index/test_embedder.py",
        "index/test_integrity.py",
        "index/test_reindex.py",
        "index/test_rollback.py",
        "scenarios",
        "support",
        "test_supply_chain.py",
        "test_workspace",
        "upgrade/test_installation_of_0_1_0.py",
    )
}
SLOW_FIXTURES = {
    "chroma",
    "crew",
    "first_use",
    "http_app",
    "model_directory",
    "nearsay",
    "postgres",
    "real_embedder",
    "running_app",
    "shared_url",
    "socket_app",
    "team",
    "workspace",
}


def is_fast(item: pytest.Item) -> bool:
    """Whether a test needs nothing that fast mode forbids, as far as its marks and its fixtures
    tell."""
    marks = {mark.name for mark in item.iter_markers()}
    if marks & {"slow", "model", "children"}:
        return False
    parameters = getattr(item, "callspec", SimpleNamespace(params={})).params
    fixtures: Sequence[str] = getattr(item, "fixturenames", ())
    return not SLOW_FIXTURES & set(fixtures) and parameters.get("database_url") != "postgresql"


def enforce() -> None:
    """From now on, until the process ends."""
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
