"""Waiting until somebody else's reindex has made a change live, and no longer than the service."""

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


def test_what_is_not_live_is_looked_for_until_the_service_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(editing, "LOOK", 30.0)
    store: Any = MagicMock()
    courier = EditingHandler(MagicMock(), store, MagicMock())
    saved = filled(Saved, "x", live=False, trouble="", suggestion="")
    courier.run(OPERATOR, lambda _: saved)
    waiting = [thread for thread in threading.enumerate() if thread.name == WAITING]
    assert len(waiting) == 1
    started = time.monotonic()
    courier.stop()
    waiting[0].join(5)
    assert not waiting[0].is_alive()
    assert time.monotonic() - started < 5
    assert not store.readable.called
