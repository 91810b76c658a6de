"""The Home tab: a box to search in, the entries to leaf through, one's own questions, what is
new, and for admins the state of the index. At most 100 blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import User
from bot.overview import Overview
from bot.rendering.admin import lines_of
from bot.replies.admin import Status
from bot.replies.base import Problem
from bot.slack.api_errors import only_logged
from bot.slack.blocks.answer import ASK, OPEN
from bot.slack.blocks.elements import (
    Block,
    actions,
    button,
    confirmed,
    context,
    headed,
    header,
    rows,
    section,
    text_input,
    turns,
)
from bot.slack.blocks.mrkdwn import plain, truncate
from bot.slack.blocks.reply import text_of
from bot.slack.roles import AdminDirectory
from bot.slack.views.modal import View
from index.search.browse import By, CategorySize, EntryPage, News, PageRef
from index.text import one_line

SEARCH, GO, FORGET = "home_search", "home_go", "home_forget"
REINDEX, GENERATIONS = "home_reindex", "home_generations"
MOST_SHELVES = 40  # of a kind, that have a button
LONGEST_LINE = 120  # characters of a definition
START = "start"


def home_view(
    front: Overview | Problem, status: Status | Problem | None = None, told: str = ""
) -> View:
    """The Home tab over `front`; `status` is for admins alone, and `told`, finished markup, says
    what has just been done."""
    blocks = [*([section(f"*{told}*")] if told else []), _search()]
    if isinstance(front, Problem):
        blocks.append(section(truncate(f"{front.message} {front.hint}", 1_000)))
        blocks += [*_admin(status), *_privacy()]
    elif front.leaf is not None:
        blocks += _leaf(front.leaf)
    else:
        blocks += _start(front, status)
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def go_value(place: PageRef | None) -> str:
    """What a button carries that leads to a place; None is where one starts."""
    return START if place is None else f"{place.by} {place.number} {place.name}"


def place_in(value: str) -> PageRef | None:
    """The place that a button carries; where one starts, for what is none of ours."""
    by, _, rest = value.partition(" ")
    number, _, name = rest.partition(" ")
    kind: By | None = next((one for one in get_args(By) if one == by), None)
    if kind is None or not (number.isascii() and number.isdecimal()):
        return None
    return PageRef(kind, name, int(number[:9]))


def _search() -> Block:
    """What is typed here is looked up when Enter is pressed."""
    hint = plain("A word or a sentence, then Enter")
    box = text_input("What's near this?", SEARCH, "search", placeholder=hint)
    return box | {"dispatch_action": True}


def _start(front: Overview, status: Status | Problem | None) -> list[Block]:
    """Where one starts: one's own questions, the shelves, what is new, and the index."""
    found = front.contents
    everything = button(f"Show all {found.entries:,} terms", f"{GO}_0", go_value(PageRef("all")))
    return [
        *_recent(front.recent),
        *_shelves("By category", "category", found.categories),
        *_shelves("By letter", "letter", found.letters),
        *actions([everything]),
        *_news(front.news),
        *_admin(status),
        *(_privacy() if front.keeps else []),
    ]


def _shelves(title: str, by: By, shelves: Sequence[CategorySize]) -> list[Block]:
    """Buttons to shelves: all of them, or the largest with a word on the rest."""
    largest = sorted(shelves, key=lambda shelf: -shelf.entries)[:MOST_SHELVES]
    shown = [shelf for shelf in shelves if shelf in largest][:MOST_SHELVES]
    buttons = [
        button(
            f"{_short(shelf.name)} ({shelf.entries:,})",
            f"{GO}_{at}",
            go_value(PageRef(by, shelf.name)),
        )
        for at, shelf in enumerate(shown)
    ]
    blocks = [header(title), *rows(buttons)]
    if len(shelves) > len(shown):
        left = len(shelves) - len(shown)
        blocks.append(context(f"{left:,} smaller ones are not shown here; all terms are below."))
    return blocks


def _short(name: str) -> str:
    """The name of a shelf, short enough for a button."""
    return str(plain(one_line(name) or "Other", 60)["text"])


def _leaf(leaf: EntryPage) -> list[Block]:
    """A leaf of entries, with ways on, back, and to the start."""
    place = leaf.place
    title = "All terms" if place.by == "all" else _short(place.name)
    last = leaf.first + len(leaf.entries) - 1
    told = f"{leaf.first:,} to {last:,} of {leaf.total:,}" if leaf.entries else "Nothing is here."
    ways = [button("Back to the start", f"{GO}_2", go_value(None))]
    ways += turns(
        place.number, leaf.leaves, GO, lambda to: go_value(replace(place, number=to)), of=""
    )
    entries = [_entry(entry.id, entry.term, entry.definition) for entry in leaf.entries]
    return [header(title), context(told), *entries, *actions(ways)]


def _entry(entry_id: str, term: str, told: str) -> Block:
    text = f"*{truncate(one_line(term), 120)}*\n{truncate(one_line(told), LONGEST_LINE)}"
    return section(text, button("Open", OPEN, entry_id))


def _recent(questions: Sequence[str]) -> list[Block]:
    """A person's own questions, which nobody else is shown here."""
    if not questions:
        return []
    asked = [
        section(truncate(question, 200) or "…", button("Ask again", f"{ASK}_{at}", question))
        for at, question in enumerate(map(one_line, questions))
    ]
    return [header("Your recent questions"), *asked]


def _news(news: Sequence[News]) -> list[Block]:
    if not news:
        return []
    entries = [_entry(item.id, item.term, item.change.capitalize()) for item in news]
    return [header("What is new"), *entries]


def _privacy() -> list[Block]:
    """How to have one's own data deleted."""
    delete = confirmed(
        button("Delete my data", FORGET, "all"),
        "Delete your data?",
        "Your questions and votes are deleted for good. Messages in Slack stay where they are.",
        "Delete",
    )
    return [
        header("Your data"),
        context("Your questions and votes are kept for a while. Only you are shown yours here."),
        *actions([delete]),
    ]


def _admin(status: Status | Problem | None) -> list[Block]:
    """For admins the state of the index, and what can be done about it."""
    if status is None:
        return []
    if isinstance(status, Problem):
        first, *others = [status.message, status.hint]
    else:
        first, *others = lines_of(status)
    ways = [button("Reindex", REINDEX, "all"), button("Generations", GENERATIONS, "all")]
    return [header("The index, for admins"), headed(first, others), *actions(ways)]


@dataclass(frozen=True, eq=False)
class HomeHandler:
    """Shows each person a Home tab of their own. Threads may share it."""

    assistant: Assistant
    client: WebClient
    admins: AdminDirectory

    def show(self, user: str, place: PageRef | None = None, told: str = "") -> None:
        """Publishes what there is for the person with that id, who leafs at `place`; `told`,
        finished markup, says what has just been done for them."""
        actor = self.admins.actor(user)
        view = home_view(self.assistant.front(user, place), self._status(actor), told)
        with only_logged("a Home tab could not be published"):
            self.client.views_publish(user_id=user, view=view)

    def forget(self, user: str) -> None:
        """Deletes what is kept of a person, and says so on their Home tab."""
        reply = self.assistant.ask("delete my data", User(user))
        self.show(user, told=text_of(reply, 300))

    def _status(self, actor: User) -> Status | Problem | None:
        """The state of the index for an admin; None for anybody else."""
        if not actor.admin:
            return None
        reply = self.assistant.answer(Request("near-admin", "", verb="status"), actor)
        return reply if isinstance(reply, Status | Problem) else None
