"""`views.*`: opening, pushing and changing modals, publishing the Home tab.

Slack answers an invalid view with `invalid_arguments` (and an invalid message with
`invalid_blocks`); an unknown view is `not_found`.
https://docs.slack.dev/reference/methods/views.open
"""

from tests.fake_slack import blockkit_rules, view_stack
from tests.fake_slack.api_call import ApiCall, ApiError, invalid_arguments
from tests.fake_slack.model import JSON, View
from tests.fake_slack.payloads import view_json
from tests.fake_slack.state import Trigger


def open_view(call: ApiCall) -> JSON:
    content = _content(call, "modal")
    trigger = _exchange(call)
    return {"view": view_json(call.core, view_stack.open_modal(call.core, trigger.user, content))}


def push(call: ApiCall) -> JSON:
    content = _content(call, "modal")
    trigger = _exchange(call)
    below = call.core.state.views.get(trigger.view_id or "")
    if below is None or not below.is_open:
        raise ApiError("not_found")
    view = view_stack.push(call.core, below, content)
    if view is None:
        raise ApiError("push_limit_reached")
    return {"view": view_json(call.core, view)}


def update(call: ApiCall) -> JSON:
    view = _find(call)
    content = _content(call, view.type, but=view)
    _check_hash(call, view)
    return {"view": view_json(call.core, view_stack.update(call.core, view, content))}


def publish(call: ApiCall) -> JSON:
    user = call.required("user_id")
    if user not in call.core.state.users:
        raise invalid_arguments("invalid `user_id`", "/user_id")
    if not call.core.app.home_tab:
        raise ApiError("not_enabled")
    content = _content(call, "home")
    known = call.core.state.homes.get(user)
    if known:
        _check_hash(call, call.core.state.views[known])
    return {"view": view_json(call.core, view_stack.publish(call.core, user, content))}


def _content(call: ApiCall, kind: str, but: View | None = None) -> JSON:
    content = call.structure("view")
    problems = blockkit_rules.check_view(content)
    if problems or not isinstance(content, dict):
        raise ApiError("invalid_arguments", response_metadata={"messages": problems.messages})
    if content["type"] != kind:
        raise invalid_arguments(f"must be a {kind}", "/view/type")
    external_id = content.get("external_id")
    if external_id and any(
        v.content.get("external_id") == external_id and v is not but and v.is_open
        for v in call.core.state.views.values()
    ):
        raise ApiError("duplicate_external_id")
    return content


def _exchange(call: ApiCall) -> Trigger:
    trigger = call.core.state.triggers.get(call.required("trigger_id"))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if trigger.expires < call.core.state.now():
        raise ApiError("expired_trigger_id")
    trigger.used = True
    return trigger


def _find(call: ApiCall) -> View:
    views = call.core.state.views
    external_id = call.text("external_id")
    if external_id:
        found = [v for v in views.values() if v.content.get("external_id") == external_id]
        view = found[-1] if found else None
    else:
        view = views.get(call.required("view_id"))
    if view is None or not view.is_open:
        raise ApiError("not_found")
    return view


def _check_hash(call: ApiCall, view: View) -> None:
    given = call.text("hash")
    if given and given != view.hash:
        raise ApiError("hash_conflict")
