"""Read threads between people and the bot, in which each line was judged by hand.

A line of `manners_seen.jsonl` and `manners_unseen.jsonl` has its thread, its user, the seconds
since the thread began, the text, and its addressee. The rules of `bot.slack.addressing` were
developed on the first file; the second is for testing only.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.slack.events import ThreadMessage, ThreadMode, delivery_from_event
from bot.slack.queue.delivery import Delivery
from bot.slack.thread_tracker import ThreadTracker
from index.names import Names
from index.sources.loader import read_sources

BOT = "U0BOT"
BEGAN = 1_700_000_000.0
HALVES = ("seen", "unseen")


@dataclass(frozen=True, slots=True)
class Judged:
    """A line of a judged thread."""

    thread: int
    user: str
    at: float
    text: str
    to: str

    @property
    def kind(self) -> str:
        return "mention" if "@nearsay " in self.text else self.to

    @property
    def event(self) -> dict[str, Any]:
        """The line as Slack delivers it."""
        root = BEGAN + 100_000.0 * self.thread
        text = self.text.replace("@nearsay ", f"<@{BOT}> ").replace("@U2", "<@U2>")
        event = {"type": "message", "channel": "C1", "user": self.user, "text": text}
        event |= {"ts": f"{root + self.at:.6f}"}
        return event | ({"thread_ts": f"{root:.6f}"} if self.at else {})


def judged(half: str) -> list[Judged]:
    """Return the lines of one half, in order."""
    text = Path(__file__).with_name(f"manners_{half}.jsonl").read_text(encoding="utf-8")
    return [Judged(**json.loads(row)) for row in text.splitlines()]


def answered(lines: list[Judged], names: Names, following: ThreadMode) -> Iterator[bool]:
    """Yield whether the bot answers each line."""
    attention = ThreadTracker(None, lambda text: bool(names.find_in(text)), BEGAN)  # type: ignore[arg-type]
    for line in lines:
        taken: list[Delivery] = []
        found = delivery_from_event(line.event, BOT, following)
        if isinstance(found, ThreadMessage):
            attention.decide(found, taken.append)
        elif found is not None:
            attention.note(found)
            taken.append(found)
        yield bool(taken)
    attention.stop()


@cache
def bundled_names() -> Names:
    """Return the entry names of the bundled encyclopedia."""
    return Names((entry.id, entry.term, entry.aliases) for entry in read_sources().entries)
