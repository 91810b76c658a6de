"""Files are readable only by their owner."""

import logging
import os
import stat
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.file_modes import make_private

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_data_directory_and_its_files_are_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("NEARSAY_DATA_DIR", str(data))
    os.umask(0o022)
    assert main(["manifest"]) == 0
    assert mode(data) == 0o700
    assert [mode(file) for file in data.iterdir()] == [0o600]


def test_serving_makes_an_open_data_directory_private_and_warns_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
        make_private(tmp_path)
        make_private(tmp_path / "missing")
    assert mode(tmp_path) == 0o755, "another user's directory is not changed"
    caplog.clear()
    monkeypatch.setattr("bot.slack.service.serve", lambda *_: None)
    monkeypatch.setattr("bot.ops.logging._install", lambda *_: None)
    monkeypatch.setattr("bot.cli.ensure_index.ensure_index", lambda *_, **__: True)
    monkeypatch.setenv("NEARSAY_DATA_DIR", str(tmp_path))
    for token in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(token, "x-1")
    for _ in range(2):
        assert main(["serve"]) == 0
    assert mode(tmp_path) == 0o700
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert str(tmp_path) in caplog.text
