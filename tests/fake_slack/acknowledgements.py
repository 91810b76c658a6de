"""Effects of an acknowledgement: a command's reply, or an update of a modal.

https://docs.slack.dev/surfaces/modals#interactions
"""

from typing import Any

from tests.fake_slack import blockkit_rules, conversation, view_stack
from tests.fake_slack.core import Core
from tests.fake_slack.model import JSON, View
from tests.fake_slack.records import Delivery


def carry_out(core: Core, delivery: Delivery, body: Any) -> None:
    """Apply the body of an acknowledgement; record any failure in the delivery."""
    with core.state.change():
        if delivery.envelope == "slash_commands":
            _reply_to_command(core, delivery, body)
        elif delivery.name == "view_submission":
            _next_view(core, delivery, body)


def _reply_to_command(core: Core, delivery: Delivery, body: Any) -> None:
    reply: JSON = {"text": body} if isinstance(body, str) else body or {}
    text, blocks = str(reply.get("text") or ""), reply.get("blocks") or []
    if not text and not blocks:
        return
    if problems := blockkit_rules.check_message(blocks):
        _refuse(core, delivery, "invalid_blocks", problems.messages)
        return
    public = reply.get("response_type") == "in_channel"
    conversation.post_as_bot(
        core, delivery.target, text, blocks, ephemeral_to=None if public else delivery.user
    )


def _next_view(core: Core, delivery: Delivery, body: Any) -> None:
    view = core.state.views[delivery.target]
    answer: JSON = body if isinstance(body, dict) else {}
    action = answer.get("response_action")
    view.errors = {}
    if action is None:
        view_stack.close_top(core, view)
    elif action == "clear":
        view_stack.close_all(core, view.user)
    elif action == "errors":
        _show_errors(core, delivery, view, answer.get("errors"))
    elif action in ("update", "push"):
        content = answer.get("view")
        problems = blockkit_rules.check_view(content)
        if problems or not isinstance(content, dict) or content.get("type") != "modal":
            messages = problems.messages or ["[ERROR] the view must be a modal"]
            _refuse(core, delivery, "invalid_view", messages)
        elif action == "update":
            view_stack.update(core, view, content)
        elif not view_stack.push(core, view, content):
            _refuse(core, delivery, "push_limit_reached", [])
    else:
        _refuse(core, delivery, "invalid_response_action", [f"[ERROR] {action!r} is not known"])


def _show_errors(core: Core, delivery: Delivery, view: View, errors: Any) -> None:
    inputs = {b.get("block_id") for b in view.blocks if b.get("type") == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        messages = [f"[ERROR] errors must name input blocks of the view, not {errors!r}"]
        _refuse(core, delivery, "invalid_errors", messages)
        return
    view.errors = {str(block): str(text) for block, text in errors.items()}


def _refuse(core: Core, delivery: Delivery, code: str, messages: list[str]) -> None:
    delivery.error, delivery.messages = code, messages
    text = "We had some trouble connecting. Try again?"
    core.notice(delivery.user, delivery.target, code, text)
