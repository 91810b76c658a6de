"""A person's stack of at most three modals, and the Home tab."""

import secrets

from tests.fake_slack.conversation import with_ids
from tests.fake_slack.core import Core
from tests.fake_slack.element_state import initial_values
from tests.fake_slack.model import JSON, View

STACK_LIMIT = 3


def open_modal(core: Core, user: str, content: JSON) -> View:
    """Show a modal, which replaces the person's open modals."""
    close_all(core, user)
    view = _new(core, user, content)
    core.state.stacks[user] = [view.id]
    return view


def push(core: Core, below: View, content: JSON) -> View | None:
    """Push a modal onto another; return None if the stack is full."""
    stack = core.state.stacks[below.user]
    if len(stack) >= STACK_LIMIT:
        return None
    view = _new(core, below.user, content, root=below.root_view_id, previous=stack[-1])
    stack.append(view.id)
    return view


def update(core: Core, view: View, content: JSON) -> View:
    """Replace a view's contents; values are kept if their block and action still exist."""
    filled = view.values
    view.content = content | {"blocks": with_ids(content.get("blocks", []))}
    view.values = initial_values(view.blocks)
    for block_id, actions in view.values.items():
        for action_id in actions:
            if action_id in filled.get(block_id, {}):
                actions[action_id] = filled[block_id][action_id]
    view.errors = {}
    view.hash = _new_hash(core)
    return view


def publish(core: Core, user: str, content: JSON) -> View:
    """Publish a person's Home tab."""
    known = core.state.homes.get(user)
    if known:
        return update(core, core.state.views[known], content)
    view = _new(core, user, content)
    core.state.homes[user] = view.id
    return view


def close_top(core: Core, view: View) -> None:
    """Close a modal and those above it; the modal below becomes visible again."""
    stack = core.state.stacks[view.user]
    if view.id in stack:
        while stack:
            closed = stack.pop()
            core.state.views[closed].is_open = False
            if closed == view.id:
                break


def close_all(core: Core, user: str) -> None:
    for view_id in core.state.stacks.pop(user, []):
        core.state.views[view_id].is_open = False


def _new(
    core: Core, user: str, content: JSON, root: str | None = None, previous: str | None = None
) -> View:
    content = content | {"blocks": with_ids(content.get("blocks", []))}
    view_id = core.state.new_id("V")
    view = View(
        id=view_id,
        type=content["type"],
        user=user,
        content=content,
        hash=_new_hash(core),
        root_view_id=root or view_id,
        previous_view_id=previous,
        values=initial_values(content["blocks"]),
    )
    core.state.views[view_id] = view
    return view


def _new_hash(core: Core) -> str:
    return f"{int(core.state.now())}.{secrets.token_hex(4)}"
