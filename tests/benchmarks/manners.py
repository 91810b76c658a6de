"""Measure how well the bot stays out of conversations between people: `python -m
tests.benchmarks.manners`.

Prints, for each half of the judged threads and each mode, how many lines between people the bot
answers, and how many follow-ups and mentions it answers. `--lines` lists the wrong lines.
"""

import logging
import sys
from collections import Counter

from bot.slack.events import ThreadMode
from tests.benchmarks.judged_threads import HALVES, answered, bundled_names, judged


def main() -> None:
    """Print the measurements."""
    logging.disable(logging.CRITICAL)
    names = bundled_names()
    modes: tuple[ThreadMode, ...] = ("follow", "mention", "off")
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
