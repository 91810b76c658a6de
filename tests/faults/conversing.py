"""Serve Slack as the bot does, with the toy embedder, and kill the process on request.

    python -m tests.faults.conversing DATA WORKSPACE [OTHERS]

WORKSPACE comes from `connection`. OTHERS is JSON: the folders of its glossary (`sources`) and
encyclopedia (`bundled`), and a user (`admin`).

Prints "ready" once ready. Each line of standard input is an order, "before", "while" or "after" one
of `POINTS`, confirmed with "ordered". The program takes an order when it is idle, and dies the next
time it reaches that point.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from bot.admin.admin_service import AdminService
from bot.assistant import Assistant
from bot.config import Settings
from bot.indexing import Indexer
from bot.slack.handlers import command
from bot.slack.queue.inbox import Inbox
from bot.slack.service import Service
from index.sources.source import Source
from index.storage.db.edits import Edits
from index.storage.directories import Folders
from tests.fake_slack import Workspace
from tests.faults.content import QuickToy
from tests.support.bundled import replace_bundled
from tests.support.stores import open_store

POINTS: dict[str, tuple[Any, str]] = {
    "the delivery is recorded": (Inbox, "record"),
    "the assistant answers": (Assistant, "answer"),
    "a message is posted": (WebClient, "chat_postMessage"),
    "a reply is sent": (command, "send"),
    "the answer is recorded": (Inbox, "mark_answered"),
    "an edit is committed": (Edits, "put"),
    "the folder is put in place": (Folders, "put"),
}
WITHIN = 0.02  # longest delay in seconds into a call, for "while"


class Orders:
    """The point at which the process has to die."""

    def __init__(self) -> None:
        self.moment = ""
        self._lock = threading.Lock()
        self._calls = 0

    @property
    def between(self) -> bool:
        """Whether no watched function is running."""
        return self._calls == 0

    def watch(self, point: str, owner: Any, name: str) -> None:
        """Make a function check the order whenever it is called."""
        call: Callable[..., Any] = getattr(owner, name)

        @wraps(call)
        def watched(*given: Any, **named: Any) -> Any:
            with self._counted():
                self._die_at(f"before {point}")
                if self.moment == f"while {point}":
                    threading.Timer(random.uniform(0, WITHIN), _die).start()
                result = call(*given, **named)
                self._die_at(f"after {point}")
                return result

        setattr(owner, name, watched)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._calls += 1
        try:
            yield
        finally:
            with self._lock:
                self._calls -= 1

    def _die_at(self, moment: str) -> None:
        if self.moment == moment:
            _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def connection(workspace: Workspace, port: int = 0) -> str:
    """Return the JSON settings with which the program serves a workspace over HTTP on a port."""
    return json.dumps(
        {
            "mode": workspace.mode,
            "port": port,
            "slack_api_url": workspace.api_url,
            "slack_bot_token": workspace.bot_token,
            "slack_app_token": workspace.app_token,
            "slack_signing_secret": workspace.signing_secret,
        }
    )


def main() -> None:
    data = Path(sys.argv[1])
    given: dict[str, Any] = json.loads(sys.argv[2])
    others: dict[str, Any] = json.loads(sys.argv[3]) if sys.argv[3:] else {}
    orders = Orders()
    for point, (owner, name) in POINTS.items():
        orders.watch(point, owner, name)
    mode = given.pop("mode")
    settings = Settings(data_dir=data, ops_port=0, admins=tuple(others.get("admin", ())), **given)
    store, embedder = open_store(data), QuickToy()
    administration = None
    if others:
        replace_bundled(Path(others["bundled"]), setattr)
        indexer = Indexer(store, embedder, (Source("harbour", others["sources"]),))
        administration = AdminService(indexer)
    service = Service(settings, Assistant(store, embedder, "", administration), mode)
    service.start()
    while not service.ready:
        time.sleep(0.01)
    print("ready", flush=True)
    inbox = Inbox.in_file(data / "inbox.sqlite3")
    for line in sys.stdin:
        # In this order: `answered` may still be running after its record is written.
        while inbox.take_unanswered() or not orders.between:
            time.sleep(0.01)
        orders.moment = line.strip()
        print("ordered", flush=True)
    service.stop()
    store.close()


if __name__ == "__main__":
    main()
