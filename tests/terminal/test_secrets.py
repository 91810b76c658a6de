"""Passwords in URLs, tokens, and users' words never appear in the command line's output or logs,
even if a URL cannot be reached."""

import re
from pathlib import Path

import pytest

from tests.support.command_line import Nearsay

WORD = "kanarienvogel"
ADDRESSES = [
    f"postgresql://nearsay:{WORD}@127.0.0.1:9/nearsay",
    f"postgresql://nearsay:a@{WORD}@127.0.0.1:9/nearsay",
    f"postgresql://nearsay:{WORD}/a@127.0.0.1:9/nearsay",
    f"postgresql://nearsay:{WORD}#a@127.0.0.1:9/nearsay",
    f"postgresql://nearsay:{WORD}@127.0.0.1:port/nearsay",
    f"postgresql://127.0.0.1:9/nearsay?user=nearsay&password={WORD}",
    f"postgresql://nearsay@127.0.0.1:9/nearsay?sslpassword={WORD}",
    f"mysql://nearsay:{WORD}@127.0.0.1:9/nearsay",
    f"{WORD}",
]
COMMANDS = [("doctor",), ("say", "/near rope"), ("admin", "status"), ("migrate",), ("index",)]


@pytest.fixture(autouse=True)
def log(nearsay: Nearsay, monkeypatch: pytest.MonkeyPatch) -> None:
    """Log everything, without masking secrets."""
    monkeypatch.setenv("NEARSAY_LOG_LEVEL", "DEBUG")
    monkeypatch.setattr("bot.ops.logging.redact", lambda text, _: text)


def shown(tmp_path: Path, *done: object) -> str:
    """Return the given results and everything logged, as one text."""
    logs = [file.read_text() for file in (tmp_path / "data").rglob("nearsay.log*")]
    return "".join([*map(repr, done), *logs])


@pytest.mark.parametrize("address", ADDRESSES)
def test_database_password_is_never_shown(
    address: str, nearsay: Nearsay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    done = [nearsay(*command) for command in COMMANDS]
    assert all(one.status == 1 for one in done)
    assert all("DATABASE_URL" in one.output for one in done)
    assert WORD not in shown(tmp_path, *done)


@pytest.mark.parametrize(
    "name",
    [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "DATABASE_URL",
        "CHROMA_TOKEN",
        "CHROMA_URL",
        "NEARSAY_LLM_KEY",
        "NEARSAY_LLM_URL",
    ],
)
def test_doctor_and_error_messages_do_not_show_secret_settings(
    name: str, nearsay: Nearsay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("CHROMA_URL", "http://127.0.0.1:9")
    for token in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(token, "x-1")
    monkeypatch.setenv(name, f"http://x:{WORD}@y" if name.endswith("_URL") else f"xoxb-{WORD}")
    done = [nearsay("doctor"), nearsay("doctor", "--json"), nearsay("serve")]
    assert WORD not in shown(tmp_path, *done)


def test_log_of_terminal_commands_does_not_contain_queries(
    nearsay: Nearsay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*arguments: object, **_: object) -> None:
        raise ValueError(f"cannot make sense of {arguments!r}")

    nearsay("say", f"what is a {WORD}?")
    nearsay("admin", "add", f"{WORD} = A {WORD}.")
    monkeypatch.setattr("bot.assistant.near", breaks)
    done = nearsay("say", f"/near {WORD}")
    (number,) = re.findall(r"\(reference ([0-9A-F]{8})\)", done.output)
    log = shown(tmp_path)
    assert f"[{number}]: unexpected error, reference {number}" in log
    assert "ValueError" in log
    assert WORD not in log
