"""A program that serves Slack as the bot does, on the toy embedder, and kills itself when told to.

    python -m tests.faults.conversing DATA MODE PORT API_URL BOT_TOKEN APP_TOKEN SIGNING_SECRET

It says "ready" once it is, and "ordered" to each line of its standard input, which names a moment:
"before", "while" or "after", and one of `POINTS`. It takes an order when it has nothing in hand,
and dies when it next comes there.
"""

from __future__ import annotations

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

from pydantic import SecretStr
from slack_sdk import WebClient

from bot.config import Settings
from bot.desk import Desk
from bot.slack import courier
from bot.slack.queue.inbox import Inbox
from bot.slack.service import Service
from index.store import Store
from tests.faults.content import QuickToy

POINTS: dict[str, tuple[Any, str]] = {
    "it is recorded": (Inbox, "record"),
    "the desk answers": (Desk, "say"),
    "a message is posted": (WebClient, "chat_postMessage"),
    "a reply is sent": (courier, "send"),
    "it is noted": (Inbox, "answered"),
}
WITHIN = 0.02  # seconds into a call, at the most, for "while"


class Orders:
    """When to die."""

    def __init__(self) -> None:
        self.moment = ""
        self._lock = threading.Lock()
        self._calls = 0

    @property
    def between(self) -> bool:
        """Whether no function that looks at the orders is running."""
        return self._calls == 0

    def watch(self, point: str, owner: Any, name: str) -> None:
        """Has a function look at the orders whenever it is called."""
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


def main() -> None:
    data, mode, port, api_url, bot_token, app_token, secret = sys.argv[1:]
    orders = Orders()
    for point, (owner, name) in POINTS.items():
        orders.watch(point, owner, name)
    settings = Settings(
        slack_bot_token=SecretStr(bot_token),
        slack_app_token=SecretStr(app_token),
        slack_signing_secret=SecretStr(secret),
        slack_api_url=api_url,
        data_dir=Path(data),
        port=int(port),
        ops_port=0,
    )
    service = Service(settings, Desk(Store(Path(data)), QuickToy()), mode)  # type: ignore[arg-type]
    service.start()
    while not service.ready:
        time.sleep(0.01)
    print("ready", flush=True)
    inbox = Inbox.in_file(Path(data) / "inbox.sqlite3")
    for line in sys.stdin:
        # In this order: what has been noted may still be on its way out of the note.
        while inbox.waiting() or not orders.between:
            time.sleep(0.01)
        orders.moment = line.strip()
        print("ordered", flush=True)
    service.stop()


if __name__ == "__main__":
    main()
