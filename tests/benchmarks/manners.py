"""How well the bot keeps out of what people say: `python -m tests.benchmarks.manners`.

Prints, for each half of the judged threads and each mode, on how many lines between people the bot
speaks and how many follow-ups and mentions it answers, and how often 1,000 replies of others make
it read a thread from Slack. With `--lines` it names the lines that went wrong.

In `manners_seen.jsonl` and `manners_unseen.jsonl` each line was written and judged by hand: the
thread, who speaks, the seconds since the thread began, the text, and whom it is said to.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.slack.attention import Attention
from bot.slack.heard import Following, Overheard, heard
from bot.slack.inbox import Delivery
from index.names import Names
from index.sources.reading import read_sources

BOT = "U0BOT"
BEGAN = 1_700_000_000.0
HALVES = ("seen", "unseen", "fresh")


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
    """The lines of one half, in their order."""
    text = Path(__file__).with_name(f"manners_{half}.jsonl").read_text(encoding="utf-8")
    return [Judged(**json.loads(row)) for row in text.splitlines()]


def answered(lines: list[Judged], names: Names, following: Following) -> Iterator[bool]:
    """Whether the bot answers each line."""
    attention = Attention(None, lambda text: bool(names.mentioned(text)), BEGAN)  # type: ignore[arg-type]
    for line in lines:
        taken: list[Delivery] = []
        found = heard(line.event, BOT, following)
        if isinstance(found, Overheard):
            attention.decide(found, taken.append)
        elif found is not None:
            attention.note(found)
            taken.append(found)
        yield bool(taken)
    attention.stop()


@cache
def bundled_names() -> Names:
    """The names of the bundled encyclopedia's entries."""
    return Names((entry.id, entry.term, entry.aliases) for entry in read_sources().entries)


def main() -> None:
    """Prints the figures."""
    names = bundled_names()
    modes: tuple[Following, ...] = ("follow", "mention", "off")
    for half in HALVES:
        lines = judged(half)
        number = Counter(line.kind for line in lines)
        for mode in modes:
            spoken: Counter[str] = Counter()
            for line, speaks in zip(lines, answered(lines, names, mode), strict=True):
                spoken[line.kind] += speaks
                if "--lines" in sys.argv and mode == "follow" and speaks != (line.to == "bot"):
                    print(f"  {'speaks' if speaks else 'silent'} {line.thread} {line.text}")
            shares = (
                f"{what} {spoken[kind]} of {number[kind]} ({spoken[kind] / number[kind]:.1%})"
                for kind, what in (
                    ("people", "between people"),
                    ("bot", "follow-ups"),
                    ("mention", "mentions"),
                )
            )
            print(f"{half} {mode}: {', '.join(shares)}")


if __name__ == "__main__":
    main()
