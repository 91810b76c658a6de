"""Waiting for another process's reindex to publish a change, until shutdown at most."""

from __future__ import annotations

import threading
import time
from typing import Any
from unittest.mock import MagicMock

import pytest

from bot.identity import OPERATOR
from bot.replies.editing import Saved
from bot.slack.handlers import editing
from bot.slack.handlers.editing import EditingHandler
from tests.unit.bot.samples import filled

WAITING = "until-live"


def test_an_unpublished_change_is_polled_until_shutdown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(editing, "LOOK", 30.0)
    store: Any = MagicMock()
    handler = EditingHandler(MagicMock(), store, MagicMock())
    saved = filled(Saved, "x", live=False, trouble="", suggestion="")
    handler.run(OPERATOR, lambda _: saved)
    waiting = [thread for thread in threading.enumerate() if thread.name == WAITING]
    assert len(waiting) == 1
    started = time.monotonic()
    handler.stop()
    waiting[0].join(5)
    assert not waiting[0].is_alive()
    assert time.monotonic() - started < 5
    assert not store.readable.called
