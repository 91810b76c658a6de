"""Measure how well the bot stays out of conversations between people: `python -m
tests.benchmarks.manners`.

Prints, for each half of the judged threads and each mode, how many lines between people the bot
answers, how many follow-ups and mentions it answers, and how often 1,000 replies of others make it
read a thread from Slack. `--lines` lists the wrong lines; `--words` leaves Slack out.
"""

import logging
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.slack.events import ThreadMode
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from tests.benchmarks.judged_threads import HALVES, answered, bundled_names, judged
from tests.fake_slack import Channel, Message, Workspace
from tests.slack.talking import QUESTION, answers, mention, quiet
from tests.slack.team import LIMITS, Team, serving
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

THREADS = 50
REPLIES = 1_000


def reads() -> Iterator[tuple[str, int, int]]:
    """Count the reads of threads from Slack for 1,000 replies by other people. Yields the kind of
    thread, the reads while the threads start, and the reads for the replies."""
    with TemporaryDirectory() as folder:
        data = Path(folder)
        with closing(Store(data)) as store:
            reindex(store, SourceContent(harbour()), ToyEmbedder())
        with (
            Workspace(mode="http", settings=LIMITS) as workspace,
            serving(workspace, data, threads="follow") as team,
        ):
            channel = workspace.add_channel("quay", [team.ada, team.ben])
            lines = [line.text for half in HALVES for line in judged(half) if line.to == "people"]
            for kind in ("with the bot", "of others", "of others from before the start"):
                before = len(workspace.calls("conversations.replies"))
                roots = [_root(team, channel, kind) for _ in range(THREADS)]
                quiet(team)
                asked = len(workspace.calls("conversations.replies"))
                for number in range(REPLIES):
                    text = lines[number % len(lines)].replace("@U2", f"<@{team.ada.id}>")
                    workspace.say(team.ben, channel, text, roots[number * THREADS // REPLIES])
                    workspace.settle()
                quiet(team)
                yield kind, asked - before, len(workspace.calls("conversations.replies")) - asked


def _root(team: Team, channel: Channel, kind: str) -> Message:
    if kind == "with the bot":
        root = mention(team, channel, QUESTION)
        answers(team, root)
        return root
    if kind == "of others":
        return team.workspace.say(team.ada, channel, "look")
    with team.workspace.state.change():
        ts = f"{float(team.workspace.state.new_ts()) - 3_600:.6f}"
        root = Message(channel=channel.id, ts=ts, user=team.ada.id, text="look")
        team.workspace.state.messages[channel.id].append(root)
    return root


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
    if "--words" in sys.argv:
        return
    for kind, mentions, replies in reads():
        print(
            f"calls of conversations.replies in {THREADS} threads {kind}: {mentions} for mentions, "
            f"{replies} for {REPLIES:,} replies of others"
        )


if __name__ == "__main__":
    main()
