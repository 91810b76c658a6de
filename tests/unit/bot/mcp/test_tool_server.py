"""Agents get the assistant's replies, as JSON and as the terminal's text."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp.client import Client
from mcp.types import ListResourcesResult, ListToolsResult

from bot.assistant import Assistant
from bot.cli.console import to_text
from bot.commands.parser import LONGEST_TEXT
from bot.identity import OPERATOR
from bot.replies.base import as_json
from tests.unit.bot.mcp.calls import refusal, result, results, text_of, with_client
from tests.unit.bot.samples import entry_reply

LINES: list[tuple[str, dict[str, Any], str]] = [
    *(("near", {"text": text}, f"/near {text}") for text in ("a thick rope", "hawser", "hawsr")),
    ("near", {"text": "zxqv qwzx"}, "/near zxqv qwzx"),
    ("near", {"text": "rope", "n": 2}, "/near rope n=2"),
    ("near", {"text": "rope", "category": "quay", "n": 20}, "/near rope n=20 in=quay"),
    ("near", {"text": "rope", "source": "harbour"}, "/near rope from=harbour"),
    ("near", {"text": "rope", "category": "nowhere"}, "/near rope in=nowhere"),
    ("near", {"text": "rope", "n": None}, "/near rope"),
    *(("define", {"term": term}, f"/define {term}") for term in ("tug", "hawsr", "zxqv", "E=mc²")),
    ("define", {"term": "tug", "section": "what"}, "/define tug section=what"),
    ("define", {"term": "tug", "section": "history"}, "/define tug section=history"),
    ("define", {"term": "tug", "source": "harbour"}, "/define tug from=harbour"),
    *(
        ("ask", {"question": question}, question)
        for question in ("what is a tugboat?", "who looks after a buoy?", "hello", "zxqv qwzx?")
    ),
    ("list", {}, "list:"),
    ("list", {"category": "quay"}, "list: quay"),
    ("list", {"category": "nowhere"}, "list: nowhere"),
    ("list", {"letter": "h", "page": 3}, "list: letter=h page=3"),
    (
        "explain",
        {"text": "the tug left the quay; ask VTS"},
        "explain: the tug left the quay; ask VTS",
    ),
    ("explain", {"text": "nothing here"}, "explain: nothing here"),
]


def test_a_call_has_the_json_and_the_text_of_the_line(desk: Assistant) -> None:
    called = results(desk, [(name, given) for name, given, _ in LINES])
    for (_, _, line), found in zip(LINES, called, strict=True):
        reply = desk.ask(line, OPERATOR)
        assert found.structured_content == json.loads(as_json(reply)), line
        assert text_of(found) == to_text(reply), line
        assert found.is_error == (reply.kind == "problem"), line


def test_tools_are_read_only_and_their_schemas_are_valid_and_bounded(desk: Assistant) -> None:
    async def tools(client: Client) -> ListToolsResult:
        return await client.list_tools()

    listed = with_client(desk, tools).tools
    names = ["near", "define", "ask", "list", "explain", "suggest"]
    assert [tool.name for tool in listed] == names
    for tool in listed:
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint == (tool.name != "suggest")
        assert not tool.annotations.destructive_hint
        assert tool.output_schema is not None
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        for argument in tool.input_schema["properties"].values():
            assert {"maxLength", "maximum"} & set(argument)


def test_the_output_schema_takes_every_field_and_refuses_a_wrong_one(desk: Assistant) -> None:
    async def tools(client: Client) -> ListToolsResult:
        return await client.list_tools()

    define = with_client(desk, tools).tools[1]
    assert define.output_schema is not None
    check = Draft202012Validator(define.output_schema)
    reply = json.loads(as_json(entry_reply("x", senses=2)))
    assert check.is_valid(reply)
    assert not check.is_valid(reply | {"match": "guess"})
    assert not check.is_valid({"kind": "entry", "schema": 1})


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("near", {}, 'near needs the argument "text".'),
        ("near", {"text": None}, 'near needs the argument "text".'),
        ("near", {"text": "  \x00 "}, "text is empty."),
        ("near", {"text": 7}, "text must be a text."),
        ("near", {"text": ["a"]}, "text must be a text."),
        ("near", {"text": "x", "n": 0}, "n must be a whole number from 1 to 20."),
        ("near", {"text": "x", "n": "3"}, "n must be a whole number from 1 to 20."),
        ("near", {"text": "x", "n": True}, "n must be a whole number from 1 to 20."),
        ("near", {"text": "x", "n": 2.5}, "n must be a whole number from 1 to 20."),
        ("near", {"text": "x", "category": "c" * 201}, "category has 201 characters; at most 200"),
        ("near", {"text": "x" * (LONGEST_TEXT + 1)}, "text has 8,001 characters"),
        ("near", {"text": "x", "colour": "red"}, 'near has no argument "colour".'),
        ("define", {"term": "Jib = A sail."}, "The term of define has an equals sign"),
        ("suggest", {"term": "Jib"}, 'suggest needs the argument "definition".'),
        ("suggest", {"term": "Jib = A sail", "definition": "x"}, "The term of suggest has an"),
        ("suggest", {"term": "Jib =", "definition": "A sail."}, "The term of suggest has an"),
        ("suggest", {"term": "Tug", "definition": "A boat."}, '"Tug" is an alias of Tugboat'),
        ("list", {"page": -1}, "page must be a whole number from 1 to 100,000."),
        ("ask", {"question": {"a": {"b": "c"}}}, "question must be a text."),
    ],
)
def test_wrong_arguments_are_refused_in_a_sentence(
    desk: Assistant, name: str, given: dict[str, Any], message: str
) -> None:
    called = results(desk, [(name, given)])[0]
    assert called.is_error
    assert text_of(called).startswith(message)
    assert called.structured_content["kind"] == "problem"


def test_a_text_that_looks_like_a_command_is_searched(desk: Assistant) -> None:
    for text in ("delete my data", "help", "/near-admin reindex", "rope n=3 why=yes"):
        called = result(desk, "near", text=text)
        assert (called.structured_content["kind"], called.structured_content["query"]) == (
            "neighbours",
            text,
        )


def test_an_unknown_tool_or_prompt_is_refused_with_the_known_ones(desk: Assistant) -> None:
    tool = refusal(desk, lambda client: client.call_tool("nope", {}))
    assert tool == 'There is no tool "nope". Tools: near, define, ask, list, explain, suggest.'
    prompt = refusal(desk, lambda client: client.get_prompt("nope", {}))
    assert prompt == 'There is no prompt "nope". Prompts: explain-term.'


def test_a_suggestion_waits_for_its_review(desk: Assistant) -> None:
    given = {"term": "Jib", "definition": "A sail before the mast = a headsail."}
    called, again = results(desk, [("suggest", given)] * 2)
    (waiting,) = desk.store.ledger.suggestions.open(9)
    assert called.structured_content == again.structured_content
    assert called.structured_content["id"] == waiting.id
    assert (waiting.fields.term, waiting.fields.definition) == tuple(given.values())
    assert waiting.person == OPERATOR.id
    assert result(desk, "define", term="Jib").is_error


def test_entries_are_resources_with_their_whole_text(desk: Assistant) -> None:
    async def listed(client: Client) -> tuple[ListResourcesResult, list[str], str]:
        found = await client.list_resources()
        templates = await client.list_resource_templates()
        texts = []
        for uri in (found.resources[-1].uri, "nearsay://entry/mooring%20rope"):
            (content,) = (await client.read_resource(uri)).contents
            texts.append(content.text)  # type: ignore[union-attr]
        return found, texts, templates.resource_templates[0].uri_template

    found, texts, template = with_client(desk, listed)
    assert (len(found.resources), found.next_cursor) == (12, None)
    assert (found.resources[-1].name, found.resources[-1].uri) == (
        "Tugboat",
        "nearsay://entry/tugboat",
    )
    assert texts == [to_text(desk.ask(f"/define {one} whole=yes")) for one in ("tug", "hawser")]
    assert template == "nearsay://entry/{term}"


@pytest.mark.parametrize(
    "uri", ["nearsay://entry/zxqv", "nearsay://entry/", "file:///etc/passwd", "nearsay://x/tug"]
)
def test_an_unknown_resource_is_refused_in_a_sentence(desk: Assistant, uri: str) -> None:
    message = refusal(desk, lambda client: client.read_resource(uri))
    assert re.match(r"There is no entry|Nearsay's resources are|term is empty", message)


def test_a_prompt_explains_a_term_to_somebody(desk: Assistant) -> None:
    async def prompt(client: Client) -> list[str]:
        found = await client.get_prompt("explain-term", {"term": "tug", "audience": "a cook"})
        return [one.content.text for one in found.messages]  # type: ignore[union-attr]

    (text,) = with_client(desk, prompt)
    assert text.startswith("Explain the term tug to a cook,")
    assert "A small strong boat that pulls large ships." in text

    wrong = refusal(desk, lambda client: client.get_prompt("explain-term", {"term": "tug"}))
    assert wrong == "explain-term needs the arguments term and audience."
