"""Fill the transcripts in README and the documentation: `python -m tests.transcripts`.

A code block below a marker shows what Nearsay prints. Its input stays, its output is replaced:

    <!-- transcript -->            lines after `$ ` (shell), `> ` (chat) or `>>> ` (Python)
    <!-- transcript: 5 lines -->   the same, each output cut after five lines
    <!-- slack: /near TEXT -->     the whole block: the texts and buttons of the reply in Slack

All blocks of a page share one data directory, a copy of an index of the encyclopedia, in their
order. What differs from run to run (ids, times, folders) is replaced by a fixed value.
"""

import io
import os
import re
import shlex
import shutil
import sys
import tempfile
import textwrap
from code import InteractiveInterpreter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from bot.assistant import Assistant
from bot.cli.console import to_text
from bot.cli.main import main as run_nearsay
from bot.cli.session import Session
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import OPERATOR
from bot.indexing import Indexer
from bot.slack.blocks.reply import RequestContext, message_of
from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.weights import DEFAULT_MODEL
from index.storage import Store
from tests.fake_slack.model import elements_in, texts_in
from tests.support.stores import open_store

ROOT = Path(__file__).parent.parent
WIDTH = 80
SLACK_WIDTH = 72
BLOCK = re.compile(
    r"<!-- (?P<kind>transcript|slack)(?:: (?P<given>[^\n]*?))? -->\n```(?P<language>\w*)\n"
    r"(?P<text>.*?)```\n",
    re.DOTALL,
)
_BOLD = re.compile(r"\*([^*\n]+)\*")
_SIMILARITY = re.compile(r"\b[01]\.\d\d\b")
PROMPTS = ("$ ", "> ", ">>> ", "... ")
# What differs from run to run, and what stands in a page instead.
VARYING = (
    (re.compile(r"after [\d.]+ s\b"), "after 4.2 s"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "5d87a183220b93041157474c35f77a13"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b"), "1f2e3d4c"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "2026-12-01 09:30"),
)
HOME = "/home/ada"  # instead of the temporary folder
DATA = Path(".local/share/nearsay")  # in the home folder


class Block(NamedTuple):
    """A block of a page: its place, its kind, what its marker says, and its text."""

    start: int
    end: int
    kind: str
    given: str
    text: str


def pages() -> list[Path]:
    """Return the pages that have transcripts."""
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [file for file in files if BLOCK.search(file.read_text(encoding="utf-8"))]


def blocks_of(text: str) -> Iterator[Block]:
    for found in BLOCK.finditer(text):
        given = found["given"] or ""
        yield Block(found.start("text"), found.end("text"), found["kind"], given, found["text"])


def filled(page: str, data: Path, embedder: Embedder) -> str:
    """Return the text of a page with the output of its transcripts replaced. They run on a copy of
    the data directory `data`."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(data, home / DATA, ignore=shutil.ignore_patterns("models", "*.lock"))
        return Terminal(home, embedder).filled(page)


def without_figures(text: str) -> tuple[str, list[float]]:
    """Return the text without its similarities, and these: the last digit depends on the
    processor."""
    return _SIMILARITY.sub("0.00", text), [float(found) for found in _SIMILARITY.findall(text)]


class Terminal:
    """Runs the lines of transcripts in a home folder with a data directory, with one embedder, in
    this process."""

    def __init__(self, home: Path, embedder: Embedder) -> None:
        self._home, self._embedder = home, embedder
        self._store: Store | None = None
        self._session: Session | None = None
        self._python = InteractiveInterpreter()

    def filled(self, page: str) -> str:
        """Return the page with the output of its transcripts replaced."""
        parts, at = [], 0
        with self._environment():
            for block in blocks_of(page):
                parts += [page[at : block.start], self._block(block)]
                at = block.end
        return "".join([*parts, page[at:]])

    def _block(self, block: Block) -> str:
        if block.kind == "slack":
            return self._fixed(self._slack(block.given)) + "\n"
        limit = int(block.given.split()[0]) if block.given else None
        shown: list[str] = []
        inputs = [line for line in block.text.splitlines() if line.startswith(PROMPTS)]
        for number, line in enumerate(inputs):
            prompt = next(one for one in PROMPTS if line.startswith(one))
            goes_on = prompt in (">>> ", "... ") and inputs[number + 1 : number + 2]
            is_last = not (goes_on and goes_on[0].startswith("... "))
            output = self._fixed(self._run(prompt, line[len(prompt) :], is_last=is_last))
            if prompt in ("$ ", "> ") and shown:
                shown.append("")
            shown += [line, *_first(output.splitlines(), limit)]
        return "\n".join(shown) + "\n"

    def _run(self, prompt: str, line: str, *, is_last: bool) -> str:
        if prompt == "> ":
            return to_text(self._chat().say(line))
        if prompt == "$ ":
            self._close()
            return _captured(lambda: run_nearsay(shlex.split(line, comments=True)[1:]))
        self._code = getattr(self, "_code", "") + line + "\n"
        if not is_last:
            return ""
        code, self._code = self._code, ""
        return _captured(lambda: self._python.runsource(code, symbol="single"))

    def _slack(self, line: str) -> str:
        request = parse(line)
        reply = self._assistant().answer(request, OPERATOR)
        asked = request if isinstance(request, Request) else None
        blocks = list(message_of(reply, RequestContext(asked, question="1" * 16)).blocks)
        return "\n".join(line for block in blocks for line in _lines_of(block))

    def _chat(self) -> Session:
        if self._session is None:
            self._session = Session(self._assistant())
        return self._session

    def _assistant(self) -> Assistant:
        if self._store is None:
            self._store = open_store(self._home / DATA)
        return Assistant(self._store, self._embedder)

    def _close(self) -> None:
        """Close the open store, so that the next command reads what the last one has written."""
        if self._store is not None:
            self._store.close()
        self._store = self._session = None

    def _fixed(self, text: str) -> str:
        text = text.replace(str(self._home), HOME)
        for pattern, value in VARYING:
            text = pattern.sub(value, text)
        return text.strip("\n")

    @contextmanager
    def _environment(self) -> Iterator[None]:
        names = {"HOME": str(self._home), "NEARSAY_DATA_DIR": str(self._home / DATA)}
        names |= {"COLUMNS": str(WIDTH)}
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, names))
            stack.enter_context(patch("bot.app.SentenceEmbedder", lambda *_: self._embedder))
            stack.enter_context(patch("nearsay.SentenceEmbedder", lambda *_, **__: self._embedder))
            stack.enter_context(chdir(self._home))
            stack.callback(self._close)
            yield


def _captured(run: Callable[[], object]) -> str:
    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        run()
    return output.getvalue()


def _first(lines: list[str], limit: int | None) -> list[str]:
    return lines if limit is None or len(lines) <= limit else [*lines[:limit], "…"]


def _lines_of(block: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a block of Block Kit; its buttons are one line, its menus none."""
    if block["type"] in ("actions", "context_actions"):
        buttons = [f"[{text}]" for item in elements_in([block]) for text in _labels_of(item)]
        row = " ".join(buttons)
        yield from [row] if len(row) <= SLACK_WIDTH else buttons
        return
    sections = block["elements"] if block["type"] == "rich_text" else [block]
    accessory = block.get("accessory", {})
    for section in sections:
        texts = texts_in({name: part for name, part in section.items() if name != "accessory"})
        text = "".join(texts) if block["type"] == "rich_text" else "\n".join(texts)
        for line in _BOLD.sub(r"\1", text).splitlines():
            yield from _wrapped(line)
    yield from (f"[{text}]" for text in _labels_of(accessory))


def _labels_of(element: dict[str, Any]) -> list[str]:
    """Return the labels of a button, or of the two buttons for feedback."""
    if element.get("type") == "feedback_buttons":
        return [element[name]["text"]["text"] for name in ("positive_button", "negative_button")]
    return [element["text"]["text"]] if element.get("type") == "button" else []


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, SLACK_WIDTH, break_long_words=False, break_on_hyphens=False) or [""]


def main() -> int:
    """Write all transcripts, on an index that is built for them."""
    embedder = SentenceEmbedder(DEFAULT_MODEL, Path(tempfile.gettempdir()) / "nearsay-models")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        Indexer(store, embedder).run()
        store.close()
        for page in pages():
            text = page.read_text(encoding="utf-8")
            page.write_text(filled(text, Path(folder), embedder), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
