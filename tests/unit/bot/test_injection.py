"""No rendered reply contains active markup or control characters, whatever the query, the imported
entries, or the names of users and files."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.assistant import Assistant
from bot.cli.console import show
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import User
from bot.replies.base import Reply, as_json
from bot.slack.blocks.admin import note
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.views.modal import modal_of
from index.errors import SourceError
from index.indexing.reindex import ReindexResult
from index.search.results import EntryReply
from index.sources.files import Reading, SourceFile
from index.sources.registry import read_file
from index.sources.source import SourceReport
from index.text import clean, is_web_address
from tests.support.nasties import TEXT
from tests.unit.bot.samples import KINDS, reply, report
from tests.unit.bot.slack import dangers, faults_in_markup, is_hidden, strings

COUNTS = pytest.mark.parametrize(
    "count", [pytest.param(300, id="few"), pytest.param(10_000, id="many", marks=pytest.mark.slow)]
)
# Characters that JSON must escape as `\\uXXXX`: terminal controls and line separators.
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def in_terminal(answer: Reply) -> str:
    file = io.StringIO()
    show(answer, Console(file=file, width=100, highlight=False, color_system=None))
    return file.getvalue()


def live_in_terminal(text: str) -> list[str]:
    """Return the characters in a text that control a terminal or are invisible."""
    return [repr(character) for character in sorted(set(text)) if is_hidden(character)]


def sample(kind: str, text: str) -> Reply:
    """Return a reply with `text` in every field. Links are real web addresses, as in pages."""
    answer = reply(kind, text)
    if not isinstance(answer, EntryReply) or is_web_address(text):
        return answer
    references = tuple(replace(item, url=None) for item in answer.entry.references)
    return replace(answer, entry=replace(answer.entry, references=references, url=None))


def seen(payload: Any) -> Any:
    """Return the visible part of a payload, without the values of buttons and views."""
    if isinstance(payload, dict):
        return {
            key: seen(value)
            for key, value in payload.items()
            if key not in ("value", "private_metadata")
        }
    return [seen(item) for item in payload] if isinstance(payload, list) else payload


def live(answer: Reply, asked: RequestContext, links: set[str]) -> list[str]:
    """Return all active markup in a reply, from any renderer."""
    message = message_of(answer, asked)
    sent: list[Any] = [list(message.blocks), modal_of(answer)]
    found = [fault for payload in sent for fault in dangers(seen(payload), links)]
    found += faults_in_markup(message.text)
    found += live_in_terminal(message.text)
    found += live_in_terminal(in_terminal(answer))
    as_data = as_json(answer)
    assert json.loads(as_data)
    return found + UNSHOWN.findall(as_data)


@COUNTS
def test_replies_of_every_kind_contain_no_active_markup(count: int) -> None:
    """Put each text into every field of a reply, and into the names of the user who asks and the
    user who shares it."""

    @given(TEXT, st.sampled_from(KINDS), st.booleans())
    @settings(max_examples=count)
    def check(text: str, kind: str, in_thread: bool) -> None:
        asked = RequestContext(
            Request("near", clean(text) or "x"),
            shared_by=None if in_thread else text,
            in_thread=in_thread,
            asked_by=text,
            picture=text,
        )
        links = {text} if is_web_address(text) else set()
        assert live(sample(kind, text), asked, links) == []
        notice = note(text)
        assert [*dangers(list(notice.blocks)), *faults_in_markup(notice.text)] == []
        assert not any(map(live_in_terminal, strings(list(notice.blocks))))

    check()


@COUNTS
def test_replies_to_hostile_queries_contain_no_active_markup(desk: Assistant, count: int) -> None:
    """Send each text as a query, a term, a question and more."""
    shapes = (
        "/near {} n=2",
        "/define {}",
        "{}",
        "/latent compare {} | rope",
        "/latent path rope -> {}",
        "/near rope in={}",
        "/{}",
        "/help {}",
        "/near-admin {}",
        "what is {} and rope?",
    )

    @given(TEXT, st.sampled_from(shapes))
    @settings(max_examples=count)
    def check(text: str, shape: str) -> None:
        line = shape.replace("{}", text)
        parsed = parse(line)
        request = parsed if isinstance(parsed, Request) else None
        answer = desk.ask(line, User("U1", name=text))
        assert (line, live(answer, RequestContext(request), set())) == (line, [])

    check()


def hostile_glossary(text: str, kind: str) -> bytes:
    """Return a glossary with one entry that has hostile text in every field."""
    fields = {"term": f"Rope {text}", "definition": f"A rope. {text}", "category": text}
    if kind == "csv":
        file = io.StringIO()
        csv.DictWriter(file, fields).writeheader()
        csv.DictWriter(file, fields).writerow(fields)
        return file.getvalue().encode(errors="replace")
    if kind == "json":
        return json.dumps([fields | {"aliases": [text, "cable"]}]).encode()
    if kind == "html":
        return f"<h1>Rope {text}</h1><p>A rope. {text}</p><p>{text}</p>".encode(errors="replace")
    return f"# Glossary\n\n## Rope {text}\n\nA rope. {text}\n".encode(errors="replace")


def read_glossary(text: str, kind: str) -> tuple[Reading, SourceReport]:
    """Read a hostile glossary from a file with a hostile name."""
    name = f"{text.replace('/', '')[:40]}.{kind}"
    file = SourceFile(Path(f"terms.{kind}"), clean(name), hostile_glossary(text, kind))
    try:
        reading = read_file(file, {})
    except SourceError as error:
        return Reading(()), report(error.message)
    reasons = [refusal.reason + refusal.path for refusal in reading.refused]
    return reading, report(" ".join([clean(name), *reasons]))


@COUNTS
def test_replies_to_hostile_imports_contain_no_active_markup(count: int) -> None:
    read = [0]

    @given(TEXT, st.sampled_from(["csv", "json", "html", "md"]))
    @settings(max_examples=count)
    def check(text: str, kind: str) -> None:
        reading, source = read_glossary(text, kind)
        read[0] += len(reading.entries)
        for entry in reading.entries:
            answer = EntryReply(
                generation="g1", model="toy", match="exact", entry=entry, neighbours=()
            )
            links = {item.url for item in entry.references if item.url} | {entry.url or ""}
            assert live(answer, RequestContext(Request("define", "rope")), links) == []
        done = reply("reindexed", "x")
        assert isinstance(done, ReindexResult)
        assert live(replace(done, sources=(source,)), RequestContext(), set()) == []

    check()
    assert read[0] > count // 2, "most glossaries are read"
