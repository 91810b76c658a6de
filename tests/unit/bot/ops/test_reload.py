"""Reload the settings: some change at once, some need a restart, and some are invalid."""

from pathlib import Path

import pytest

from bot.config import Settings
from bot.ops.reload import reload_settings


def test_reloadable_settings_change_and_the_others_are_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = Settings(data_dir=tmp_path, admins=("U1AAAA",))
    changed = {"admins": ("U2BBBB",), "log_level": "DEBUG", "log_format": "json"}
    now = before.model_copy(update=changed)
    with caplog.at_level("INFO"):
        monkeypatch.setattr(Settings, "load", lambda: now)
        assert reload_settings(before) == now
        monkeypatch.setattr(Settings, "load", lambda: now.model_copy(update={"port": 4000}))
        after = reload_settings(before)
    assert (after.port, after.log_level) == (before.port, "DEBUG")
    assert "NEARSAY_ADMINS, NEARSAY_LOG_LEVEL, NEARSAY_LOG_FORMAT" in caplog.text
    assert "settings that need a restart: NEARSAY_PORT" in caplog.text
