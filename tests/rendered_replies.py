"""Print every reply as Slack and the terminal show it, for proofreading: `python -m
tests.rendered_replies > site/replies.md`.

Replies are answers to real lines about the harbour. Kinds that no line here produces come from the
samples of the unit tests.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bot.assistant import Assistant
from bot.cli.console import show
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import OPERATOR
from bot.replies.base import Reply
from bot.slack.blocks.reply import RequestContext, message_of
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from tests.fake_slack.model import buttons_in, elements_in, texts_in
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder
from tests.unit.bot.samples import KINDS, reply

LINES = r"""
hello
who are you
thanks
?
help
/near help
/latent help
/near-admin help
/near a thick rope
/near a thick rope why=yes n=2
/near hawser
/near hawsr
/near zxqv qwzx
/near
/near rope n=99
/near rope in=nowhere
/define tug
/define hawser
/define hawsr
/define zxqv
/define Jib = A triangular sail.
what is a tugboat?
why?
list all terms
list: quay
explain: the tug takes the mooring rope to the quay; ask the VTS
difference between a hawser and a tugboat
zxqv qwzx?
delete my data
/nera rope
/latent compare hawser \| rope
/latent compare hawser | rope
/latent path Hawser -> Buoy
/latent shift a rope -> a thick rope
/latent wander rope
/latent about
/near-admin status
/near-admin reindex --dry-run
/near-admin generations
/near-admin log
/near-admin edit hawser
/near-admin add Jib = A small sail.
/near-admin undo Jib
/near-admin remove hawser
/near-admin history hawser
/near-admin suggestions
/near-admin gaps
/near-admin stats
/near-admin rollback
/near-admin reindex --resume
/near-admin nothing
"""


def replies() -> Iterator[tuple[str, Request | None, Reply]]:
    """Yield each reply with the line to which it is the answer."""
    seen = set()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        reindex(store, SourceContent(harbour()), ToyEmbedder())
        assistant = Assistant(store, ToyEmbedder())
        for line in LINES.split("\n")[1:-1]:
            request, found = parse(line), assistant.ask(line, OPERATOR)
            seen.add(found.kind)
            yield line, request if isinstance(request, Request) else None, found
        store.close()
    for kind in KINDS:
        found = reply(kind, "Hawser")
        if found.kind not in seen:
            yield f"({kind})", None, found


def rendered(request: Request | None, found: Reply) -> str:
    """Return the reply as shown in Slack and in the terminal."""
    blocks = list(message_of(found, RequestContext(request, question="1" * 16)).blocks)
    menus = [item for item in elements_in(blocks) if "options" in item]
    ways = [item["text"]["text"] for item in buttons_in(blocks)]
    ways += [option["text"]["text"] for menu in menus for option in menu["options"]]
    file = io.StringIO()
    show(found, Console(file=file, width=80))
    said = "\n".join(text for text in texts_in(blocks) if text not in ways)
    shown = "".join(f"[{way}] " for way in ways)
    return f"```\n{said}\n{shown}\n```\n\n```\n{file.getvalue()}```\n"


def main() -> int:
    for line, request, found in replies():
        sys.stdout.write(f"## {line}\n\n{rendered(request, found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
