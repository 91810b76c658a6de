"""Handles admin commands that need more than a reply: reindexing, rollback, export and import."""

import hashlib
import logging
from dataclasses import dataclass, replace
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.admin.exports import remove
from bot.admin.uploads import require_readable
from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import User
from bot.rendering.admin import lines_of
from bot.rendering.common import many
from bot.replies.base import Problem, Reply
from bot.replies.imports import Import
from bot.slack.api_errors import FAILURES, error_code
from bot.slack.blocks.admin import import_buttons, note, with_outcome
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.file_download import FileDownloader, SlackFile, parse_files
from bot.slack.progress_message import (
    NO_PREVIEWS,
    MessageLocation,
    ProgressMessage,
    post,
    send_message,
)
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.retry import send_and_mark
from bot.slack.queue.worker_pool import RetryLater
from bot.slack.response_url import send_notice
from bot.slack.roles import AdminDirectory
from index.errors import NearsayError
from index.export.exported import ExportResult
from index.text import one_line

logger = logging.getLogger(__name__)

UNTOUCHED = ("not_admin", "not_found", "applied", "changed")  # codes that leave a report unchanged
DIRECT = "The progress and the outcome of the reindex are in a direct message to you."


@dataclass(frozen=True, eq=False)
class AdminHandler:
    """Handles the commands reindex, rollback, export and log. Thread-safe."""

    assistant: Assistant
    client: WebClient
    prefix: str
    inbox: Inbox

    def matches(self, request: Request, delivery: Delivery) -> bool:
        if request.verb == "reindex" and "resume" in request.options:
            return bool(delivery.message)  # a button of a rollback's report
        if request.verb == "reindex":
            return request.text.casefold() != "cancel" and "dry-run" not in request.options
        return request.verb in ("export", "log", "rollback")

    def answer(self, delivery: Delivery, request: Request, actor: User) -> Message | None:
        """Answer a request. Return the reply to send, or None if another message shows it."""
        if not actor.admin:
            return self._message(self.assistant.answer(request, actor), request)
        if request.verb == "reindex" and "resume" not in request.options:
            return self._reindex(delivery, request, actor)
        if request.verb == "rollback":
            # With a recorded target, a retry after a crash does not roll back further.
            request = self.assistant.administration.make_repeatable(request)
            self.inbox.amend(replace(delivery, request=request))
        reply = self.assistant.answer(request, actor)
        if isinstance(reply, ExportResult):
            return self._send_file(reply, actor)
        if delivery.message and not isinstance(reply, Problem):
            place = (delivery.channel, delivery.message)
            done = with_outcome(delivery.told, lines_of(reply)[0])
            if ProgressMessage(self.client, place=place).end(done):
                return None
        return self._message(reply, request)

    def _message(self, reply: Reply, request: Request) -> Message:
        return message_of(reply, RequestContext(request, self.prefix))

    def _reindex(self, delivery: Delivery, request: Request, actor: User) -> Message | None:
        def on_posted(place: MessageLocation) -> None:
            self.inbox.amend(replace(delivery, posted=place))
            if place[0] != delivery.channel:
                send_notice(delivery.response_url, DIRECT)

        with ProgressMessage(self.client, actor.id, delivery.posted, on_posted) as live:
            reply = self.assistant.answer(request, actor, live.report)
        last = self._message(reply, request)
        is_shown = live.place is not None  # and the user knows where
        if (isinstance(reply, Problem) and not is_shown) or not live.end(last):
            return last
        is_here = not delivery.response_url or (live.place or ("",))[0] == delivery.channel
        return None if is_shown or is_here else note(DIRECT)

    def _send_file(self, reply: ExportResult, actor: User) -> Message:
        summary = f"{many(reply.entries, 'record')} of the audit log"
        if reply.what == "entries":
            summary = f"{many(reply.entries, 'entry', 'entries')} of {reply.generation}"
        place = post(self.client, actor.id, note(summary))
        file = Path(reply.path)
        try:
            if place is None:
                raise SlackClientError("no direct message could be opened")
            self.client.files_upload_v2(channel=place[0], file=str(file), filename=file.name)
        except FAILURES as error:
            logger.warning("an export could not be sent: %s", error_code(error))
            return note(f"The export could not be sent. The server keeps it for an hour: {file}")
        remove(file)
        return note(f"{summary}: sent to you as a direct message.")


@dataclass(frozen=True, eq=False)
class ImportHandler:
    """Handles uploaded files, and the buttons under an import report. Thread-safe."""

    assistant: Assistant
    inbox: Inbox
    client: WebClient
    admins: AdminDirectory
    downloads: FileDownloader
    prefix: str = ""

    def take(self, delivery: Delivery) -> RetryLater | None:
        """Answer an upload with a message per file and mark it as answered, or return a retry."""
        actor = self.admins.actor(delivery.user, delivery.user_name)
        left = [self._report(delivery, file, actor) for file in parse_files(delivery.line)]
        place = NO_PREVIEWS | {"channel": delivery.channel}

        def send() -> None:
            while left:
                send_message(self.client.chat_postMessage, left[0], **place)
                left.pop(0)

        return send_and_mark(self.inbox, delivery, send)

    def matches(self, request: Request, delivery: Delivery) -> bool:
        return request.verb == "import" and bool(delivery.message)

    def answer(self, delivery: Delivery, request: Request, actor: User) -> Message | None:
        """Apply or cancel an import. Return the reply, or None if the import report shows it."""
        with ProgressMessage(self.client, place=(delivery.channel, delivery.message)) as live:
            reply = self.assistant.answer(request, actor, live.report)
        if isinstance(reply, Import):
            done = with_outcome(delivery.told, lines_of(reply)[0])
        elif isinstance(reply, Problem) and reply.code not in UNTOUCHED:
            buttons = import_buttons(request)
            done = with_outcome(delivery.told, one_line(reply.text), buttons)
        else:
            done = None
        if done is not None and live.end(done):
            return None
        return message_of(reply, RequestContext(None, self.prefix))

    def _report(self, delivery: Delivery, file: SlackFile, actor: User) -> Message:
        """Download an admin's readable file and preview its import; refuse any other file."""
        name = hashlib.sha256(f"{delivery.key}/{file.id}".encode()).hexdigest()[:16]
        request = Request("near-admin", "", {"upload": name}, "import")
        try:
            require_readable(file.name)
            if actor.admin:
                uploads = self.assistant.administration.imports.uploads
                uploads.keep(file.name, self.downloads.fetch(file), name)
            reply = self.assistant.answer(request, actor)
        except NearsayError as error:
            reply = replace(Problem.of(error), model=None)
        if isinstance(reply, Problem) and reply.code == "not_admin":
            reply = replace(reply, hint="To ask a question, send it without a file.")
        return message_of(reply, RequestContext(request, self.prefix))
