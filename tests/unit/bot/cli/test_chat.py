"""The chat in the terminal: follow-ups and new threads."""

from __future__ import annotations

import json

import pytest

from bot.assistant import Assistant
from bot.cli.chat import TerminalConversation, answer_lines
from bot.replies.base import NewThread, Reply
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.results import Answer


class Recorder:
    """An assistant that notes the thread of each line."""

    def __init__(self, desk: Assistant) -> None:
        self.assistant = desk
        self.threads: list[Conversation] = []

    def say(self, line: str, thread: Conversation) -> Reply:
        self.threads.append(thread)
        return self.assistant.ask(line, thread=thread)


@pytest.fixture
def recorder(desk: Assistant) -> Recorder:
    return Recorder(desk)


def test_each_line_continues_the_thread(recorder: Recorder) -> None:
    conversation = TerminalConversation(recorder.say)
    for line in ("what is a hawser?", "help", "/nera", "/define tug", "example"):
        reply = conversation.say(line)
    assert [thread.focus for thread in recorder.threads] == [
        *(None, "hawser", "hawser", "hawser"),
        "tugboat",
    ]
    assert isinstance(reply, Answer)
    assert reply.text == "The tugboat was painted green last summer."


@pytest.mark.parametrize("line", ["/new", " /NEW "])
def test_new_starts_a_new_thread(recorder: Recorder, line: str) -> None:
    conversation = TerminalConversation(recorder.say)
    conversation.say("what is a hawser?")
    assert isinstance(conversation.say(line), NewThread)
    conversation.say("example")
    assert recorder.threads == [NO_THREAD, NO_THREAD]


def test_lines_are_a_conversation_and_an_abstention_is_an_answer(
    recorder: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["what is a hawser?\n", "\n", "/new\n", "more\n", "quit\n", "what is a tug?\n"]
    assert answer_lines(lines, TerminalConversation(recorder.say).say, json=True)
    replies = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [reply["kind"] for reply in replies] == ["answer", "new_thread", "answer"]
    assert [reply.get("answered") for reply in replies] == [True, None, False]
