"""Edits whose bot is killed between their commit and their publication go live after the restart.

Each is made once, and its message says that it is live.
"""

import json
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from bot.slack.manifest import manifest
from tests.fake_slack import Settings as Limits
from tests.fake_slack import Workspace
from tests.faults import processes
from tests.faults.conversing import connection
from tests.support.chroma_server import free_port
from tests.support.command_line import two_pages
from tests.support.stores import open_store

pytestmark = pytest.mark.children

LIMITS = Limits(response_url_uses=5)
MOMENTS = (
    "after an edit is committed",
    pytest.param("after the folder is put in place", marks=pytest.mark.slow),
)
COMMANDS = (
    ("add Capstan = An upright drum.", "Capstan was added"),
    ("edit Hawser = Ours.", "Hawser was changed"),
    ("undo Hawser", "Hawser was reset"),
    ("remove Buoy --yes", "Buoy was removed"),
)


def count_edits(data: Path) -> int:
    """Return the number of edits in a data directory, which is the number of the last one."""
    with closing(open_store(data)) as store:
        return store.ledger.edits.last()


def started(data: Path, *arguments: str) -> processes.Running:
    """Start the bot, and wait until it is ready."""
    bot = processes.start("conversing", data, *arguments)
    assert next(bot.lines).strip() == "ready"
    return bot


@pytest.mark.parametrize("moment", MOMENTS)
def test_edits_of_a_killed_bot_are_made_once_and_go_live_after_its_restart(
    moment: str, harbour_directory: Path, tmp_path: Path
) -> None:
    data, port = tmp_path / "data", free_port()
    shutil.copytree(harbour_directory, data)
    (tmp_path / "sources").mkdir()
    two_pages(tmp_path)
    with Workspace(mode="http", settings=LIMITS) as workspace:
        workspace.request_url = f"http://127.0.0.1:{port}/slack/events"
        workspace.install(manifest("", "http", workspace.request_url))
        ada = workspace.add_user("ada")
        channel, direct = workspace.add_channel("quay", [ada]), workspace.dm(ada)
        others = {"sources": str(tmp_path / "sources"), "bundled": str(tmp_path / "bundled")}
        order = connection(workspace, port), json.dumps(others | {"admin": [ada.id]})
        bot = started(data, *order)
        for number, (line, start) in enumerate(COMMANDS, start=1):
            bot.order(moment)
            workspace.command(ada, channel, "/near-admin", line)
            assert bot.process.wait(60) < 0, line
            bot.kill()
            assert count_edits(data) == number, line
            bot = started(data, *order)
            said = f"{start}.*Live in g"

            def told(said: str = said) -> list[str]:
                messages = [one.text for one in workspace.messages(direct) if one.bot_id]
                return [text for text in messages if re.match(said, text)]

            workspace.wait(told, seconds=60)
            assert count_edits(data) == number, line
        assert len(workspace.messages(direct)) == len(COMMANDS), (
            "no message shows progress for ever"
        )
        bot.kill()
