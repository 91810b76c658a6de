"""What would come of importing a glossary as Block Kit, with buttons to import it or not."""

from __future__ import annotations

from bot.admin.import_phrases import import_lines
from bot.admin.import_replies import Import
from bot.commands.parser import line_of
from bot.commands.spec import Request
from bot.phrases import footer
from bot.replies import Problem
from bot.slack.elements import LONGEST_VALUE, Block, Message, button, context, section
from bot.slack.mrkdwn import fitted
from index.text import one_line

IMPORT, CANCEL = "import_apply", "import_cancel"  # actions of the buttons
LONGEST = 2_900  # characters of a section


def import_blocks(reply: Import, prefix: str) -> list[Block]:
    """A report, with a way to go on where there is anything to decide."""
    first, *others = import_lines(reply)
    text = f"*{fitted(one_line(first), 600)}*"
    if others:
        text += "\n" + fitted("\n".join(map(one_line, others)), LONGEST - len(text))
    blocks = [section(text)]
    if reply.state == "planned":
        path = "" if reply.upload else one_line(reply.path)
        options: dict[str, str | int] = {"name": one_line(reply.name)}
        options |= {"upload": reply.upload} if reply.upload else {}
        options |= {"digest": reply.digest}
        blocks += _choices(Request("near-admin", path, options, "import"), prefix, reply.entries)
    if reply.generation:
        blocks.append(context(footer(reply)))
    return blocks


def _choices(request: Request, prefix: str, entries: int) -> list[Block]:
    lines = [line_of(_with(request, option), prefix) for option in ("apply", "cancel")]
    if max(map(len, lines)) > LONGEST_VALUE:
        return []
    cancel = button("Cancel", CANCEL, lines[1])
    apply = button("Apply", IMPORT, lines[0]) | {"style": "primary"}
    return [{"type": "actions", "elements": [apply, cancel] if entries else [cancel]}]


def _with(request: Request, option: str) -> Request:
    others = {key: value for key, value in request.options.items() if key not in _DECIDES}
    return Request(request.command, request.text, {**others, option: "yes"}, request.verb)


_DECIDES = ("apply", "cancel")


def failed(told: str, problem: Problem, request: Request, prefix: str) -> Message:
    """A report after its button did not do what it should: what it said, why, and both buttons
    once more."""
    why = one_line(f"{problem.message} {problem.hint}")
    text, line = fitted(told, 2_000) or "…", fitted(why, 900)
    blocks = [section(text), section(f"*{line}*"), *_choices(request, prefix, 1)]
    return Message(f"{fitted(told, 2_900)}\n{line}", blocks)
