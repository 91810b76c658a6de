"""Block Kit validators from PyPI, run in addition to this package's rules.

`slack_sdk`'s models and `slackblocks` (if installed) read blocks as plain dictionaries. `blockkit`
only builds components in code, so it cannot validate. `slackblocks` 3 reads only blocks without
elements; it raises NotImplementedError for actions, input, rich_text, table, and sections with an
accessory.
"""

import logging
from copy import deepcopy
from importlib import import_module
from types import ModuleType

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.fake_slack.blockkit_checks import Problems
from tests.fake_slack.model import JSON


def _slackblocks() -> ModuleType | None:
    try:
        return import_module("slackblocks")
    except ImportError:
        return None


slackblocks = _slackblocks()
NAMES = ["slack_sdk"] + (["slackblocks"] if slackblocks else [])
"""The validators that are asked."""

# slack_sdk warns of fields unknown to its models; the rules here check all fields.
logging.getLogger("slack_sdk.models").setLevel(logging.ERROR)


def check_blocks(blocks: list[JSON], pointer: str, problems: Problems) -> None:
    """Run each validator on each block."""
    for index, block in enumerate(blocks):
        where = f"{pointer}/{index}"
        _ask_slack_sdk(block, where, problems)
        _ask_slackblocks(block, where, problems)


def check_view(view: JSON, problems: Problems) -> None:
    """Validate a view and its blocks. An empty Home tab is valid, though slack_sdk rejects it."""
    check_blocks(view["blocks"], "/view/blocks", problems)
    if view["blocks"]:
        try:
            View(**deepcopy(view)).validate_json()
        except SlackObjectFormationError as error:
            problems.add(f"slack_sdk: {error}", "/view")


def _ask_slack_sdk(block: JSON, pointer: str, problems: Problems) -> None:
    try:
        parsed = Block.parse(deepcopy(block))
        if parsed is not None:
            parsed.to_dict()
    except SlackObjectFormationError as error:
        problems.add(f"slack_sdk: {error}", pointer)


def _ask_slackblocks(block: JSON, pointer: str, problems: Problems) -> None:
    if slackblocks is None:
        return
    try:
        slackblocks.Block.from_dict(deepcopy(block))
    except slackblocks.InvalidUsageError as error:
        problems.add(f"slackblocks: {error}", pointer)
    except NotImplementedError:
        return
