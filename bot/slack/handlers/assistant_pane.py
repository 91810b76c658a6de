"""Slack's agent pane: suggested prompts, and a status while a question is being answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.slack.api_errors import log_errors
from bot.slack.events import is_direct
from bot.slack.queue.delivery import Delivery
from index.text import one_line, shorten

PROMPTS = 4  # Slack's maximum
LOOKED_THROUGH = 20  # questions from which the prompts are chosen
LONGEST_TITLE = 75  # characters
LONGEST_PROMPT = 300  # characters
WORKING = "is looking it up …"


@dataclass(frozen=True, eq=False)
class AssistantPane:
    """Sets prompts and statuses in the agent pane. Never raises. Thread-safe."""

    assistant: Assistant
    client: WebClient

    def suggest(self, channel: str) -> None:
        """Suggest frequent questions in a direct message; skip long ones and any with < or >."""
        asked = [one_line(one) for one in self.assistant.suggested_questions(LOOKED_THROUGH)]
        prompts = [
            {"title": shorten(text, LONGEST_TITLE), "message": text}
            for text in asked
            if 0 < len(text) <= LONGEST_PROMPT and not set("<>") & set(text)
        ][:PROMPTS]
        if not prompts:
            return
        with log_errors("prompts could not be suggested"):
            # Slack ignores an agent's prompts if the call names a thread.
            self.client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, title="People ask", prompts=prompts
            )

    @contextmanager
    def working(self, delivery: Delivery) -> Iterator[None]:
        thread = delivery.thread or delivery.message
        has_status = bool(thread) and is_direct(delivery.channel)
        if has_status:
            self._say(delivery.channel, thread, WORKING)
        yield
        if has_status and not delivery.thread:  # in a thread, the answer clears the status
            self._say(delivery.channel, thread, "")

    def _say(self, channel: str, thread: str, status: str) -> None:
        with log_errors("a status could not be set"):
            self.client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread, status=status
            )
