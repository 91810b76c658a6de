"""The Home tab: search, contents, the user's recent questions, changes and index status."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import User
from bot.overview import Overview
from bot.rendering.admin import lines_of, prefixed
from bot.replies.admin import Status
from bot.replies.base import Problem
from bot.slack.api_errors import FAILURES, error_code, is_retryable, retry_delay
from bot.slack.blocks.answer import ASK, OPEN
from bot.slack.blocks.elements import (
    MOST_IN_A_ROW,
    Block,
    actions,
    button,
    context,
    header,
    page_buttons,
    section,
    text_input,
    titled_section,
    with_confirmation,
)
from bot.slack.blocks.mrkdwn import plain, truncate
from bot.slack.blocks.reply import text_of
from bot.slack.queue.retry import backoff
from bot.slack.queue.worker_pool import RetryLater
from bot.slack.roles import AdminDirectory
from bot.slack.views.modal import View
from index.search.browse import By, CategorySize, EntryPage, PageRef, RecentChange
from index.text import one_line

logger = logging.getLogger(__name__)

ATTEMPTS = 4  # to publish a Home tab
SEARCH, GO, FORGET = "home_search", "home_go", "home_forget"
REINDEX, GENERATIONS = "home_reindex", "home_generations"
MAX_CATEGORIES = 40  # category or letter buttons in one list
LONGEST_LINE = 120  # characters of a definition
START = "start"


def home_view(
    front: Overview | Problem,
    status: Status | Problem | None = None,
    notice: str = "",
    prefix: str = "",
) -> View:
    """Build the Home tab; `notice` is markup that reports the last action."""
    hint = plain("A word or a sentence, then Enter")
    search = text_input("What's near this?", SEARCH, "search", placeholder=hint)
    blocks = [section(f"*{notice}*")] if notice else []
    blocks.append(search | {"dispatch_action": True})
    if isinstance(front, Problem):
        blocks.append(section(truncate(prefixed(front.text, prefix), 1_000)))
        blocks += [*_admin(status, prefix), *_privacy()]
    elif front.leaf is not None:
        blocks += _entry_page(front.leaf)
    else:
        blocks += _start(front, status, prefix)
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def page_value(place: PageRef | None) -> str:
    """Encode a page as the value of a button; None is the start page."""
    return START if place is None else f"{place.by} {place.number} {place.name}"


def page_in(value: str) -> PageRef | None:
    """Decode the output of `page_value`."""
    by, _, rest = value.partition(" ")
    number, _, name = rest.partition(" ")
    return PageRef(cast(By, by), name, int(number)) if number else None


def _start(front: Overview, status: Status | Problem | None, prefix: str) -> list[Block]:
    found = front.contents
    everything = button(f"Show all {found.entries:,} terms", f"{GO}_0", page_value(PageRef("all")))
    return [
        *_recent(front.recent),
        *_category_buttons("By category", "category", found.categories),
        *_category_buttons("By letter", "letter", found.letters),
        *actions([everything]),
        *_news(front.news),
        *_admin(status, prefix),
        *(_privacy() if front.keeps else []),
    ]


def _category_buttons(title: str, by: By, sizes: Sequence[CategorySize]) -> list[Block]:
    largest = sorted(sizes, key=lambda size: -size.entries)[:MAX_CATEGORIES]
    shown = [size for size in sizes if size in largest]
    buttons = []
    for at, size in enumerate(shown):
        label = f"{_short(size.name)} ({size.entries:,})"
        buttons.append(button(label, f"{GO}_{at}", page_value(PageRef(by, size.name))))
    starts = range(0, len(buttons), MOST_IN_A_ROW)
    rows = [row for at in starts for row in actions(buttons[at : at + MOST_IN_A_ROW])]
    blocks = [header(title), *rows]
    if left := len(sizes) - len(shown):
        blocks.append(
            context(f"{left:,} more are not shown; their terms are in the full list below.")
        )
    return blocks


def _short(name: str) -> str:
    return str(plain(one_line(name) or "Other", 60)["text"])


def _entry_page(page: EntryPage) -> list[Block]:
    place = page.place
    title = "All terms" if place.by == "all" else _short(place.name)
    last = page.first + len(page.entries) - 1
    position = (
        f"{page.first:,} to {last:,} of {page.total:,}"
        if page.entries
        else "There are no entries here."
    )
    buttons = [button("Back to the start", f"{GO}_2", page_value(None))]
    buttons += page_buttons(
        place.number, page.pages, GO, lambda to: page_value(replace(place, number=to)), of=""
    )
    entries = [_entry(entry.id, entry.term, entry.definition) for entry in page.entries]
    return [header(title), context(position), *entries, *actions(buttons)]


def _entry(entry_id: str, term: str, summary: str) -> Block:
    text = f"*{truncate(one_line(term), 120)}*\n{truncate(one_line(summary), LONGEST_LINE)}"
    return section(text, button("Open", OPEN, entry_id))


def _recent(questions: Sequence[str]) -> list[Block]:
    if not questions:
        return []
    asked = [
        section(truncate(question, 200) or "…", button("Ask again", f"{ASK}_{at}", question))
        for at, question in enumerate(map(one_line, questions))
    ]
    return [header("Your recent questions"), *asked]


def _news(news: Sequence[RecentChange]) -> list[Block]:
    if not news:
        return []
    entries = [_entry(item.id, item.term, item.change.capitalize()) for item in news]
    return [header("What is new"), *entries]


def _privacy() -> list[Block]:
    delete = with_confirmation(
        button("Delete my data", FORGET, "all"),
        "Delete your data?",
        "Your questions, votes, drafts and undecided suggestions are deleted permanently. "
        "Messages in Slack stay.",
        "Delete",
    )
    return [
        header("Your data"),
        context("Questions and votes are stored for a limited time. Only you can see this tab."),
        *actions([delete]),
    ]


def _admin(status: Status | Problem | None, prefix: str) -> list[Block]:
    if status is None:
        return []
    first, *others = lines_of(status, prefix)
    buttons = [button("Reindex", REINDEX, "all"), button("Generations", GENERATIONS, "all")]
    return [header("The index, for admins"), titled_section(first, others), *actions(buttons)]


@dataclass(frozen=True, eq=False)
class HomeHandler:
    """Publishes the Home tab of each user. Thread-safe."""

    assistant: Assistant
    client: WebClient
    admins: AdminDirectory
    prefix: str = ""
    _newest: dict[str, object] = field(default_factory=dict, init=False)  # by user

    def show(self, user: str, place: PageRef | None = None, notice: str = "") -> RetryLater | None:
        """Publish a user's Home tab, opened at `place`, or return a retry. `notice` reports the
        last action."""
        self._newest[user] = page = object()
        return self._show(user, place, notice, page)

    def _show(
        self, user: str, place: PageRef | None, notice: str, page: object, attempt: int = 1
    ) -> RetryLater | None:
        if self._newest.get(user) is not page:
            return None  # another page was opened since
        actor = self.admins.actor(user)
        front = self.assistant.overview(actor, place)
        view = home_view(front, self._status(actor), notice, self.prefix)
        try:
            self.client.views_publish(user_id=user, view=view)
        except FAILURES as error:
            logger.info("the Home tab could not be published: %s", error_code(error))
            if is_retryable(error) and attempt < ATTEMPTS:
                again = partial(self._show, user, place, notice, page, attempt + 1)
                return RetryLater(retry_delay(error) or backoff(attempt), again)
        return None

    def forget(self, user: str) -> RetryLater | None:
        reply = self.assistant.ask("delete my data", User(user))
        return self.show(user, notice=text_of(reply, 300))

    def _status(self, actor: User) -> Status | Problem | None:
        if not actor.admin:
            return None
        reply = self.assistant.answer(Request("near-admin", "", verb="status"), actor)
        return reply if isinstance(reply, Status | Problem) else None
