"""The reply to a call of a tool is the reply to the line that `nearsay say --json` reads: for every
entry of the harbour, and for the examples of the commands."""

import json
from collections.abc import Iterator
from typing import Any

from bot.assistant import Assistant
from bot.commands.catalog import COMMANDS
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import OPERATOR
from bot.mcp.tools import EQUALS, TOOLS
from bot.replies.base import as_json
from index.entry import Entry
from tests.unit.bot.mcp.calls import results

LEAST = 200  # lines
Line = tuple[str, dict[str, Any], str]


def lines_of_entry(entry: Entry) -> Iterator[Line]:
    """Yield calls about an entry, and the lines that ask for the same."""
    for name in (entry.term, *entry.aliases):
        yield "define", {"term": name}, f"/define {name}"
        yield "near", {"text": name}, f"/near {name}"
        yield "ask", {"question": f"what is a {name}?"}, f"what is a {name}?"
    for text in (entry.definition, entry.example):
        if text:
            yield "near", {"text": text, "n": 3}, f"/near {text} n=3"
            yield "explain", {"text": text}, f"explain: {text}"
    for question in entry.faq:
        yield "ask", {"question": question.question}, question.question
        yield "near", {"text": question.question}, f"/near {question.question}"
    for section in entry.sections:
        given = {"term": entry.term, "section": section.heading}
        yield "define", given, f'/define {entry.term} section="{section.heading}"'
    yield "near", {"text": entry.term, "category": entry.category}, near_in(entry)
    yield "define", {"term": entry.id, "source": entry.source}, defined_from(entry)
    misspelt = entry.term[::-1]
    yield "define", {"term": misspelt}, f"/define {misspelt}"
    yield (
        "explain",
        {"text": f"the {entry.term} of the VTS"},
        f"explain: the {entry.term} of the VTS",
    )
    letter = entry.term[0]
    yield "list", {"letter": letter}, f"list: letter={letter}"


def near_in(entry: Entry) -> str:
    return f'/near {entry.term} in="{entry.category}"'


def defined_from(entry: Entry) -> str:
    return f'/define {entry.id} from="{entry.source}"'


def example_lines() -> Iterator[Line]:
    """Yield the examples of the commands that are tools, if the tool has their options."""
    for tool in TOOLS:
        if tool.writes:
            continue
        known = {argument.option: argument.name for argument in tool.arguments}
        for example in next(one for one in COMMANDS if one.name == tool.command).examples:
            request = parse(example)
            if not isinstance(request, Request) or not set(request.options) <= set(known):
                continue
            if EQUALS in request.text:  # a suggestion
                continue
            options = {known[key]: value for key, value in request.options.items()}
            text = {known[""]: request.text} if "" in known and request.text else {}
            yield tool.name, text | options, example


def test_a_call_of_a_tool_has_the_reply_of_the_line(desk: Assistant) -> None:
    with desk.store.reading() as generation:
        entries = list(generation.listed)
    lines = [line for entry in entries for line in lines_of_entry(entry)]
    lines += example_lines()
    assert len(lines) >= LEAST
    assert {name for name, _, _ in lines} == {tool.name for tool in TOOLS if not tool.writes}
    called = results(desk, [(name, given) for name, given, _ in lines])
    for (_, _, line), found in zip(lines, called, strict=True):
        reply = desk.ask(line, OPERATOR)
        assert found.structured_content == json.loads(as_json(reply)), line
