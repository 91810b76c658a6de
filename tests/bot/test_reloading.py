"""Settings that are read anew: what can change does, what cannot is told, what is wrong changes
nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Settings, SettingsError
from bot.reloading import reloaded


@pytest.fixture
def before(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, admins=("U1AAAA",))


def test_what_can_change_does(before: Settings, caplog: pytest.LogCaptureFixture) -> None:
    now = before.model_copy(
        update={"admins": ("U2BBBB",), "log_level": "DEBUG", "log_format": "json"}
    )
    with caplog.at_level("INFO"):
        assert reloaded(before, lambda: now) == now
    assert "NEARSAY_ADMINS, NEARSAY_LOG_LEVEL, NEARSAY_LOG_FORMAT" in caplog.text


def test_what_needs_a_new_start_stays_and_is_told(
    before: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    now = before.model_copy(update={"port": 4000, "log_level": "DEBUG"})
    after = reloaded(before, lambda: now)
    assert (after.port, after.log_level) == (before.port, "DEBUG")
    assert "these change with the next start: NEARSAY_PORT" in caplog.text


def test_settings_that_cannot_be_read_change_nothing(
    before: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def load() -> Settings:
        raise SettingsError(["NEARSAY_PORT is a port, 1 to 65535; it is 'x'."])

    assert reloaded(before, load) is before
    assert "the settings stay as they were: NEARSAY_PORT is a port" in caplog.text


def test_a_secret_that_changed_is_named_and_not_shown(
    before: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    env = tmp_path / ".env"
    env.write_text("SLACK_BOT_TOKEN=xoxb-canary\n")
    reloaded(before, lambda: Settings.load(env))
    assert "SLACK_BOT_TOKEN" in caplog.text
    assert "canary" not in caplog.text
