"""Posts suggestions for review, and reports the decisions."""

import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from slack_sdk import WebClient

from bot.admin.suggestions import SuggestionService
from bot.replies.base import Problem
from bot.replies.editing import Saved
from bot.slack.api_errors import log_errors
from bot.slack.blocks.admin import note
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.blocks.review import review_message
from bot.slack.progress_message import MessageLocation, ProgressMessage, post
from bot.slack.roles import AdminDirectory
from index.errors import NearsayError
from index.storage.audience import reading_as
from index.storage.db.suggestions import Suggestion
from index.text import one_line, shorten

logger = logging.getLogger(__name__)

PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")  # the id of a user in Slack


@dataclass(frozen=True, eq=False)
class ReviewHandler:
    """Posts suggestions in the review channel, or to each admin if that fails. Thread-safe."""

    suggestions: SuggestionService
    client: WebClient
    channel: str
    admins: AdminDirectory
    prefix: str = ""

    def post(self, suggestion: str) -> None:
        """Post a suggestion for review. Never raises; if it fails, the suggestion stays open."""
        with log_errors("a suggestion could not be posted for review"):
            with reading_as(None):  # the owners see more than the author does
                review = self.suggestions.build_review(suggestion)
            message = review_message(review.suggestion, review.preview)
            places = self._posted([self.channel] if self.channel else [], message)
            places = places or self._posted(self.admins.ids, message)
            if not places:
                logger.warning("the suggestion %s could not be posted for review", suggestion)
                return
            channels, stamps = zip(*places, strict=True)
            self.suggestions.records.set_message(suggestion, " ".join(channels), " ".join(stamps))

    def report_decision(self, suggestion: str, saved: Saved | None = None) -> None:
        """Show the decision in the review messages and notify the author. Ignores an empty id."""
        if not suggestion:
            return
        with log_errors("the decision on a suggestion could not be reported"):
            found = self.suggestions.records.get(suggestion)
            outcome = "It is not live yet." if saved else ""
            if saved is not None and saved.live:
                outcome = f"It is live in {saved.generation}."
            self.show(found, review_message(found, outcome=outcome))
            if PERSON.fullmatch(found.person):
                post(self.client, found.person, note(decision_text(found, saved, self.prefix)))

    def tell(self, problem: Problem) -> None:
        """Tell the review channel, or else each admin, what needs their decision. Never raises."""
        with log_errors("the admins could not be told of a problem"):
            message = message_of(problem, RequestContext(prefix=self.prefix))
            if not self._posted([self.channel] if self.channel else [], message):
                self._posted(self.admins.ids, message)

    def show_withdrawn(self, suggestions: Sequence[Suggestion]) -> None:
        """Replace the review messages of suggestions that their author has deleted."""
        for suggestion in suggestions:
            term = shorten(one_line(suggestion.fields.term), 120)
            message = note(f"The suggestion {term} was withdrawn by its author.")
            self.show(suggestion, message)

    def show(self, suggestion: Suggestion, message: Message) -> None:
        for place in zip(suggestion.channel.split(), suggestion.ts.split(), strict=False):
            ProgressMessage(self.client, place=place).end(message)

    def refresh(self, suggestion: str) -> None:
        """Update the review messages of a suggestion decided elsewhere, such as in a terminal."""
        with suppress(NearsayError):
            found = self.suggestions.records.get(suggestion)
            if found.state != "open":
                self.show(found, review_message(found))

    def _posted(self, channels: Sequence[str], message: Message) -> list[MessageLocation]:
        places = (post(self.client, channel, message) for channel in channels)
        return [place for place in places if place is not None]


def decision_text(suggestion: Suggestion, saved: Saved | None, prefix: str) -> str:
    """Build the message that notifies a suggestion's author of the decision."""
    term = shorten(one_line(saved.term if saved else suggestion.fields.term), 120)
    if suggestion.state == "declined":
        reason = one_line(suggestion.note)
        text = f'Your suggestion "{term}" was declined.'
        return f"{text} The reason: {reason}" if reason else text
    if saved is not None and saved.live:
        return f'Your suggestion is in the glossary: "{term}". See it with /{prefix}define {term}'
    return f'Your suggestion "{term}" was approved. It will be in the glossary soon.'
