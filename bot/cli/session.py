"""The operator's session at the terminal."""

import secrets
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console

from bot.admin.entry_commands import split_definition
from bot.assistant import Assistant
from bot.cli.chat import answer_lines, converse
from bot.cli.images import terminal_pictures
from bot.cli.progress import progress_bars
from bot.commands.catalog import COMMANDS
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import OPERATOR
from bot.question_log import record_from_reply
from bot.replies.base import Help, NewThread, Problem, Reply
from index.search.answers.conversation import NO_THREAD
from index.storage.db.questions import QuestionRecord

NEW_THREAD = "/new"


class Session:
    """One conversation with the operator; logs the questions."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._console = Console(stderr=True, highlight=False)
        self._thread = NO_THREAD

    def say(self, line: str) -> Reply:
        """Return the reply to the next line of a chat."""
        if line.strip().casefold() == NEW_THREAD:
            self._thread = NO_THREAD
            return NewThread()
        reply = self.answer(parse(line))
        if isinstance(reply, Help) and len(reply.commands) == len(COMMANDS):
            return replace(reply, hint=f"{NEW_THREAD} starts a new thread.")
        return reply

    def answer(self, request: Request | Problem) -> Reply:
        """Return the reply to a parsed line and log the question; show the progress."""
        begun = time.monotonic()
        with progress_bars(self._console) as progress:
            reply = self._assistant.answer(request, OPERATOR, progress, self._thread)
        self._thread = self._thread.after(reply)
        asked = QuestionRecord(
            id=secrets.token_hex(8),
            at=datetime.now(UTC),
            person=OPERATOR.id,
            place="terminal",
            channel="",
            seconds=round(time.monotonic() - begun, 3),
        )
        logged = request if isinstance(request, Request) else None
        question = record_from_reply(asked, logged, reply)
        if question is not None:
            self._assistant.question_log.record(question)
        return reply

    def administer(self, words: str, file: str | None) -> Reply:
        """Return the reply to a line of `/near-admin`. Adding or editing without a definition opens
        an editor, or reads the page from `file`."""
        command = "/near-admin "
        request = parse(command + words.removeprefix(command))  # accepts lines copied from replies
        if (
            not isinstance(request, Request)
            or request.verb not in ("add", "edit")
            or split_definition(request.text)[1]
        ):
            return self.answer(request)
        # Imported late: the page parser is slow to import.
        from bot.cli.edit_entry import write_entry

        new = request.verb == "add"
        with progress_bars(self._console) as progress:
            editing = self._assistant.administration.editing
            return write_entry(editing, request.text, new=new, file=file, progress=progress)

    def chat(self, hint: str, *, json: bool) -> bool:
        """Chat with the operator, or answer the lines from standard input; return whether all
        succeeded. The greeting ends with `hint`."""
        self._assistant.question_log.delete_old()
        if not sys.stdin.isatty():
            return answer_lines(sys.stdin, self.say, json=json)
        # Load the model while the user types.
        threading.Thread(target=self._warm_up, daemon=True).start()
        generation = self._assistant.store.current()
        greeting = (
            f"Nearsay · {len(generation.listed):,} entries · {generation.model}\n"
            'Ask a question; "help" lists the commands, /new starts a new thread, Ctrl-D exits.'
        )
        converse(self.say, f"{greeting}\n{hint}".strip(), terminal_pictures())
        return True

    def _warm_up(self) -> None:
        with suppress(Exception):  # the first question reports the error
            self._assistant.warm_up()
