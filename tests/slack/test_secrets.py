"""Messages, tokens and response URLs never appear in logs, metrics or status, even when Slack
refuses calls, the ledger is gone, or the bot fails."""

import json
import logging
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ops.logging import log_to_file
from tests.fake_slack import Channel
from tests.slack.talking import mention
from tests.slack.team import Team

WORD = "kanarienvogel"  # in every text


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Record all logging at the lowest level, without redaction."""
    root = logging.getLogger()
    handlers, levels = root.handlers, {name: logging.getLogger(name).level for name in NAMES}
    log_to_file(tmp_path / "log.jsonl", "DEBUG", "json")
    yield tmp_path / "log.jsonl"
    root.handlers[0].close()
    root.handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


NAMES = ("", "bot", "index")


def ops_pages(team: Team) -> str:
    port = team.service.ops_port
    pages = ("metrics", "readyz", "healthz")
    found = []
    for page in pages:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=10) as answer:
            found.append(answer.read().decode())
    return "".join(found)


def secrets_in(text: str, team: Team) -> list[str]:
    """Return the secrets and the message text that occur in a text."""
    workspace = team.workspace
    tokens = [workspace.bot_token, workspace.app_token, workspace.signing_secret]
    known = [*tokens, WORD, "/response/", "/commands/", "ticket="]
    return [secret for secret in known if secret in text.casefold() or secret in text]


LINES = (
    f"/near {WORD}",
    f"/define {WORD}",
    f"/define {WORD} = A {WORD}.",
    f"/latent compare {WORD} | anchor",
    f"/near-admin add {WORD} = A {WORD}. --yes",
    f"/near-admin import {WORD}.csv",
    f"/near {WORD} n={WORD}",
)


def use_everything(team: Team, quay: Channel) -> None:
    """Type a secret word in every input that a user has."""
    for line in LINES:
        team.workspace.command(team.ada, quay, *line.split(" ", 1))
    mention(team, quay, f"what is a {WORD}?")
    mention(team, quay, f"/near {WORD}")
    direct = team.workspace.dm(team.ada)
    team.workspace.say(team.ada, direct, f"who looks after a {WORD}?")
    team.quiet()


def test_no_secrets_leak_in_normal_operation(team: Team, quay: Channel, log: Path) -> None:
    use_everything(team, quay)
    said = log.read_text()
    assert secrets_in(ops_pages(team) + said, team) == []
    status = team.ask("/near-admin status")
    assert WORD not in json.dumps(status.blocks) + status.text


def test_no_secrets_leak_when_slack_refuses_calls(
    team: Team, quay: Channel, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.workspace.fault("response_url", error="invalid_blocks", times=None)
    team.workspace.fault("chat.postMessage", error="restricted_action", times=None)
    use_everything(team, quay)
    said = log.read_text()
    assert "refused a reply" in said
    assert secrets_in(ops_pages(team) + said, team) == []


@pytest.mark.one_bot
def test_unexpected_error_is_logged_with_the_id_shown_to_the_user(
    team: Team, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*arguments: object, **_: object) -> None:
        raise ValueError(f"cannot make sense of {arguments!r}")

    monkeypatch.setattr("bot.assistant.near", breaks)
    reply = team.ask(f"/near {WORD}")
    (number,) = re.findall(r"reference ([0-9A-F]{8})", reply.text)
    records = [json.loads(line) for line in log.read_text().splitlines() if line]
    (broken,) = [record for record in records if record["level"] == "ERROR"]
    assert broken["request"] == number
    assert "ValueError" in broken["traceback"]
    assert "in breaks" in broken["traceback"]
    assert secrets_in(json.dumps(records), team) == []


@pytest.mark.on_files
def test_damaged_ledger_does_not_leak_unwritten_records(own_team: Team, log: Path) -> None:
    team = own_team
    quay = team.workspace.add_channel("room", [team.ada, team.ben])
    ledger = team.store.directory / "ledger.sqlite3"
    ledger.write_bytes(b"no database" * 9_999)
    use_everything(team, quay)
    said = log.read_text()
    assert "not written" in said
    assert secrets_in(ops_pages(team) + said, team) == []
