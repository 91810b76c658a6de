"""The chat in the terminal: follow-ups and new threads."""

import pytest

from bot.assistant import Assistant
from bot.cli.chat import TerminalConversation
from bot.replies.base import Reply
from index.search.answers.conversation import Conversation
from index.search.results import Answer


class Recorder:
    """An assistant that records the thread in which each line was asked."""

    def __init__(self, desk: Assistant) -> None:
        self.assistant = desk
        self.threads: list[Conversation] = []

    def say(self, line: str, thread: Conversation) -> Reply:
        self.threads.append(thread)
        return self.assistant.ask(line, thread=thread)


@pytest.fixture
def recorder(desk: Assistant) -> Recorder:
    return Recorder(desk)


def test_each_line_in_a_chat_continues_the_thread(recorder: Recorder) -> None:
    conversation = TerminalConversation(recorder.say)
    for line in ("what is a hawser?", "help", "/nera", "/define tug", "example"):
        reply = conversation.say(line)
    assert [thread.focus for thread in recorder.threads] == [
        *(None, "hawser", "hawser", "hawser"),
        "tugboat",
    ]
    assert isinstance(reply, Answer)
    assert reply.text == "The tugboat was painted green last summer."
