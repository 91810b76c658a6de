"""User actions with Block Kit: click, choose, fill in, submit, close."""

from copy import deepcopy
from typing import Any

from tests.fake_slack import element_state, payloads, view_stack
from tests.fake_slack.core import ImpossibleError
from tests.fake_slack.element_state import STATEFUL
from tests.fake_slack.model import JSON, Channel, Message, User, View, buttons_in, elements_in
from tests.fake_slack.people import People
from tests.fake_slack.records import Delivery

BUTTONS = ("button", "feedback_buttons")


class Interactions(People):
    """The façade's methods for interactions. Every call waits for the app's acknowledgement."""

    def click(
        self, user: User | str, target: Message | View, action: str, value: Any = None
    ) -> Delivery:
        """Click a button, given its action_id or label; `value` distinguishes buttons with the same
        label.

        For an overflow menu, `value` is the option's value or label. A confirmation is accepted.
        """
        who, current = self._reader(user, target)
        element = self._element(current, action, value)
        extra: JSON = {}
        if element["type"] == "overflow":
            extra["selected_option"] = element_state.option(element, value)
        elif element["type"] not in BUTTONS:
            raise ImpossibleError(f"{action!r} is a {element['type']}: use select")
        else:
            extra["text"] = deepcopy(element["text"])
            extra |= {k: element[k] for k in ("value", "url", "style") if k in element}
        return self._act(who, current, element, extra)

    def forge(
        self, user: User, where: Channel | Message | View, action: str, value: str = ""
    ) -> Delivery:
        """Send a correctly signed click on a button that the person cannot see: in a channel, in an
        earlier state of a message, or in a view."""
        if isinstance(where, Channel):
            where = Message(where.id, "1.2", self.identity.bot_user_id, "", ephemeral_to=user.id)
        clicked = {"type": "button", "action_id": action, "block_id": "forged", "value": value}
        clicked["action_ts"] = self.state.new_ts()
        with self.state.lock:
            payload = payloads.block_actions(self, user, where, [clicked])
        return self.send("interactive", "block_actions", payload, user, _name(where))

    def select(
        self, user: User | str, target: Message | View, action: str, value: Any
    ) -> Delivery | None:
        """Choose in a select menu or checkboxes; several values are given as a list.

        Returns None inside an input block without `dispatch_action`, since the app is then notified
        only on submission.
        """
        who, current = self._reader(user, target)
        element = self._element(current, action, None)
        if element["type"] == "overflow":
            return self.click(who, target, action, value)
        state = self._set(who, current, element, value)
        block = next(b for b in current.blocks if b.get("block_id") == element["block_id"])
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
        return self._act(who, current, element, state)

    def fill(self, user: User | str, view: View, values: dict[str, Any]) -> View:
        """Fill in a modal without submitting it: `{block_id: {action_id: value}}` or `{block_id:
        value}`. Inputs with `dispatch_action` notify the app of typing."""
        who, current = self._reader(user, view)
        for block_id, given in values.items():
            inside = [e for e in elements_in(current.blocks) if e["block_id"] == block_id]
            if not inside:
                known = [b.get("block_id") for b in current.blocks]
                raise ImpossibleError(f"no block {block_id!r} in the view, only {known}")
            ids = [e["action_id"] for e in inside]
            by_action = isinstance(given, dict) and set(given) <= set(ids)
            for action_id, value in (given if by_action else {ids[0]: given}).items():
                element = next(e for e in inside if e["action_id"] == action_id)
                before = deepcopy(current.values.get(block_id, {}).get(action_id))
                state = self._set(who, current, element, value)
                if state != before and _dispatches_typing(current, element):
                    self._act(who, current, element, {"value": state["value"]})
        assert isinstance(current, View)
        return deepcopy(current)

    def submit(
        self, user: User | str, view: View, values: dict[str, Any] | None = None
    ) -> Delivery:
        """Fill in and submit a modal.

        Raises:
            ImpossibleError: the modal has no submit button, or a required input is empty or has an
                invalid length; Slack then sends nothing.
        """
        self.fill(user, view, values or {})
        who, current = self._reader(user, view)
        assert isinstance(current, View)
        if not current.content.get("submit"):
            raise ImpossibleError("the modal has no submit button")
        for block in current.blocks:
            if block["type"] == "input":
                self._check_input(current, block)
        with self.state.lock:
            payload = payloads.view_submission(self, who, current)
        return self.send("interactive", "view_submission", payload, who, current.id)

    def close(self, user: User | str, view: View, *, everything: bool = False) -> None:
        """Close a modal, or the whole stack."""
        who, current = self._reader(user, view)
        assert isinstance(current, View)
        with self.state.change():
            if everything or current.content.get("clear_on_close"):
                view_stack.close_all(self, who.id)
            else:
                view_stack.close_top(self, current)

    def _act(self, user: User, target: Message | View, element: JSON, extra: JSON) -> Delivery:
        action: JSON = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": element["block_id"],
            "action_ts": self.state.new_ts(),
        }
        with self.state.lock:
            payload = payloads.block_actions(self, user, target, [action | extra])
        return self.send("interactive", "block_actions", payload, user, _name(target))

    def _reader(self, user: User | str, target: Message | View) -> tuple[User, Message | View]:
        """Return the person and the current message or view, if the person can see it."""
        who = self.user(user)
        if isinstance(target, Message):
            message = self._current(target)
            if message.ephemeral_to not in (None, who.id):
                raise ImpossibleError(f"only {message.ephemeral_to} can see this message")
            return who, message
        view = self.state.views[target.id]
        if view.user != who.id or not view.is_open:
            raise ImpossibleError(f"{who.name} does not have the view {view.title!r} open")
        return who, view

    def _element(self, target: Message | View, action: str, value: Any) -> JSON:
        known = [e for e in elements_in(target.blocks) if e["type"] not in BUTTONS]
        known += buttons_in(target.blocks)
        named = [e for e in known if action in (e["action_id"], e.get("text", {}).get("text"))]
        if len(named) > 1 and value is not None:
            named = [e for e in named if e.get("value") == value]
        if not named:
            ids = [(e["action_id"], e.get("text", {}).get("text")) for e in known]
            raise ImpossibleError(f"nothing to use under {action!r} (value {value!r}), only {ids}")
        return named[0]

    def _set(self, user: User, target: Message | View, element: JSON, value: Any) -> JSON:
        state = element_state.chosen(element, value)
        with self.state.change():
            if isinstance(target, Message):
                values = target.values.setdefault(user.id, {})
            else:
                values = target.values
            values.setdefault(element["block_id"], {})[element["action_id"]] = state
        return state

    def _check_input(self, view: View, block: JSON) -> None:
        element = block["element"]
        if element["type"] not in STATEFUL:
            return
        state = view.values[block["block_id"]][element["action_id"]]
        label = block["label"]["text"]
        if element_state.is_empty(state):
            if not block.get("optional"):
                raise ImpossibleError(f"{label!r} must be filled in")
            return
        longest = element.get("max_length", 3000)
        if len(state.get("value") or "") > longest:
            raise ImpossibleError(f"{label!r} must have at most {longest} characters")


def _dispatches_typing(target: Message | View, element: JSON) -> bool:
    """Whether an input dispatches each typed character."""
    block = next(b for b in target.blocks if b.get("block_id") == element["block_id"])
    asked = (element.get("dispatch_action_config") or {}).get("trigger_actions_on") or ()
    return bool(block.get("dispatch_action")) and "on_character_entered" in asked


def _name(target: Message | View) -> str:
    return target.channel if isinstance(target, Message) else target.id
