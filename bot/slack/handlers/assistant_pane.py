"""The agent's pane: questions to begin with, and a word while it looks something up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.slack.api_errors import only_logged
from bot.slack.events import is_direct
from bot.slack.queue.delivery import Delivery
from index.text import one_line, shorten

PROMPTS = 4  # the most that Slack shows
LOOKED_THROUGH = 20  # questions among which these are found
LONGEST_TITLE = 75  # characters that are seen of a question
LONGEST_PROMPT = 300
WORKING = "is looking it up …"


@dataclass(frozen=True, eq=False)
class Agent:
    """Speaks where Slack shows the bot as an agent. Nothing depends on what it says, so that it
    never raises. Threads may share it."""

    assistant: Assistant
    client: WebClient

    def suggest(self, channel: str) -> None:
        """Sets the questions to begin with in a person's direct messages. What could be live
        markup in the message that such a question becomes is not suggested."""
        asked = [
            one_line(question) for question in self.assistant.suggested_questions(LOOKED_THROUGH)
        ]
        prompts = [
            {"title": shorten(text, LONGEST_TITLE), "message": text}
            for text in asked
            if 0 < len(text) <= LONGEST_PROMPT and not set("<>") & set(text)
        ][:PROMPTS]
        if not prompts:
            return
        with only_logged("no prompts could be suggested"):
            # For an agent Slack ignores prompts that name a thread.
            self.client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, title="People ask", prompts=prompts
            )

    @contextmanager
    def working(self, delivery: Delivery) -> Iterator[None]:
        """Says in direct messages that an answer is on its way, for the block."""
        thread = delivery.thread or delivery.message
        told = bool(thread) and is_direct(delivery.channel)
        if told:
            self._say(delivery.channel, thread, WORKING)
        yield
        if told and not delivery.thread:  # in a thread the answer itself takes it away
            self._say(delivery.channel, thread, "")

    def _say(self, channel: str, thread: str, status: str) -> None:
        with only_logged("a status could not be set"):
            self.client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread, status=status
            )
