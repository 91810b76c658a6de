"""What happens in views: modals, the Home tab, and the shortcut and the events that open them.

As in `listeners`, nothing slow is done before Slack has its acknowledgement. What a view shows is
only good while it is open, so that nothing of it is recorded for a later process.
"""

from __future__ import annotations

import re
import time
from concurrent.futures import Future
from typing import Any

from slack_bolt import Ack, App

from bot.actors import Actor
from bot.slack.admins import Admins
from bot.slack.agent import Agent
from bot.slack.answer_blocks import OPEN
from bot.slack.ask_modal import ASK_MODAL, failed_modal, question_in, thread_in, working_modal
from bot.slack.entry_modal import TURN, turned
from bot.slack.home import FORGET, GENERATIONS, GO, SEARCH, place_in
from bot.slack.home_courier import HomeCourier
from bot.slack.manifest import ASK_NEARSAY, HOME_OPENED
from bot.slack.modal_courier import ModalCourier
from bot.slack.modals import View
from bot.slack.pressed import Body, id_of, user_name, value_of, vote_of
from bot.slack.work import Work

IN_TIME = 2.0  # seconds that the answer to a submitted modal may take to come with its
# acknowledgement, for which Slack waits three
SETTLED = 1.0  # seconds after which Slack shows what it was acknowledged with


class ViewListeners:
    """Takes what Slack delivers of views; `register` binds it to a Bolt app."""

    def __init__(
        self,
        work: Work,
        modals: ModalCourier,
        home: HomeCourier,
        agent: Agent,
        admins: Admins,
        prefix: str = "",
    ) -> None:
        self._work = work
        self._modals = modals
        self._home = home
        self._agent = agent
        self._admins = admins
        self._prefix = prefix

    def register(self, app: App) -> None:
        """Binds each button that leads to a view, the shortcut to ask, the modal of it, and the
        opening of the app to their listeners."""
        app.action(re.compile(rf"^{OPEN}(_\d+)?$"))(self.open_entry)
        app.action(re.compile(rf"^{TURN}_\d+$"))(self.turn)
        app.action(SEARCH)(self.search)
        app.action(re.compile(rf"^{GO}_\d+$"))(self.go)
        app.action(FORGET)(self.forget)
        app.action(GENERATIONS)(self.generations)
        app.shortcut(ASK_NEARSAY)(self.open_ask)
        app.view(ASK_MODAL)(self.submit)
        app.event(HOME_OPENED)(self.opened)

    def open_entry(self, ack: Ack, body: Body) -> None:
        """ "Open": a whole entry in a modal, which opens before anything is looked up."""
        ack()
        self._fill(body, f"define {value_of(body)}")

    def turn(self, ack: Ack, body: Body) -> None:
        """ "Next page" and "Previous page" of an entry."""
        ack()
        page, entry_id = turned(value_of(body))
        self._fill(body, f"define {entry_id}", page)

    def hop(self, ack: Ack, body: Body) -> None:
        """The neighbours of an entry, in the modal that shows it."""
        ack()
        self._fill(body, f"near {value_of(body)}")

    def search(self, ack: Ack, body: Body) -> None:
        """The box on the Home tab: neighbours in a modal."""
        ack()
        view_id, text, actor = self._modals.opened(body), value_of(body), _person(body)
        if view_id:
            self._work.submit(lambda: self._modals.search(view_id, text, actor))

    def vote(self, ack: Ack, body: Body) -> None:
        """A button of feedback under an answer in a modal."""
        ack()
        self._work.submit(lambda: self._modals.vote(body["view"], vote_of(body)))

    def generations(self, ack: Ack, body: Body) -> None:
        """ "Generations" on the Home tab, for admins."""
        ack()
        self._fill(body, "near-admin generations")

    def roll_back(self, ack: Ack, body: Body) -> None:
        """ "Roll back" in the list of generations, for admins."""
        ack()
        self._fill(body, value_of(body).removeprefix(f"/{self._prefix}"))

    def go(self, ack: Ack, body: Body) -> None:
        """A shelf or a leaf on the Home tab."""
        ack()
        user, place = id_of(body, "user"), place_in(value_of(body))
        self._work.submit(lambda: self._home.show(user, place))

    def forget(self, ack: Ack, body: Body) -> None:
        """ "Delete my data"; Slack has asked whether it is meant."""
        ack()
        user = id_of(body, "user")
        self._work.submit(lambda: self._home.forget(user))

    def opened(self, event: dict[str, Any]) -> None:
        """Somebody looks at the app: at its Home tab, or at the conversation with the agent."""
        user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("tab") == "messages":
            self._work.submit(lambda: self._agent.suggest(channel))
        else:
            self._work.submit(lambda: self._home.show(user))

    def open_ask(self, ack: Ack, body: Body) -> None:
        """The shortcut "Ask Nearsay"."""
        ack()
        self._modals.open_ask(body)

    def ask(self, ack: Ack, body: Body) -> None:
        """A question that is a button in a view: it is answered in the modal to ask in."""
        ack()
        view, question = body["view"], value_of(body)
        asks = view.get("callback_id") == ASK_MODAL
        view_id = str(view["id"]) if asks else self._modals.opened(body)
        actor = _person(body)
        if view_id:
            self._work.submit(self._modals.answer_later(view_id, question, actor, view))

    def submit(self, ack: Ack, body: Body) -> None:
        """A question typed into the modal to ask in.

        Its answer is the acknowledgement: one that is sent beside it could be overtaken by it.
        Where the answer takes longer, the acknowledgement says so, and the answer comes after it.
        """
        view, actor = body["view"], _person(body)
        question, thread = question_in(view), thread_in(view)
        if self._work.stopping:
            ack(response_action="update", view=failed_modal(question))
            return
        answer: Future[tuple[View, View]] = Future()

        def work() -> None:
            try:
                answer.set_result(self._modals.answered(question, actor, thread))
            except Exception:
                answer.set_result((failed_modal(question),) * 2)
                raise

        def refuse(why: str) -> None:
            answer.set_result(self._modals.refused(question, thread, why))

        waits = [self._modals.wait_notice(question)]
        self._work.submit(self._modals.when_it_may_run(question, actor, work, waits.append, refuse))
        try:
            ack(response_action="update", view=answer.result(IN_TIME)[0])
        except TimeoutError:
            ack(response_action="update", view=working_modal(question, waits[-1]))
            answer.add_done_callback(
                lambda late: self._put(str(view["id"]), late.result(), actor.id)
            )

    def _put(self, view_id: str, views: tuple[View, View], person: str) -> None:
        time.sleep(SETTLED)
        self._modals.put(view_id, *views, person=person)

    def _fill(self, body: Body, line: str, page: int = 1) -> None:
        """Opens a modal, where none is open, and has it filled with the reply to a line."""
        view_id = self._modals.opened(body)
        line = f"/{self._prefix}{line}"
        user, name = id_of(body, "user"), user_name(body)

        def fill() -> None:
            # Who is an admin is looked up only here, since Slack may have to be asked.
            self._modals.fill(view_id, line, self._admins.actor(user, name), page)

        if view_id:
            self._work.submit(fill)


def _person(body: Body) -> Actor:
    return Actor(id_of(body, "user"), name=user_name(body))
