"""Each of Slack's rules for blocks refuses a sample that breaks it."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fake_slack import Channel, Workspace
from tests.fake_slack.blockkit_rules import check_message, check_view
from tests.unit.fake_slack.block_samples import INVALID_MESSAGES, INVALID_VIEWS


def test_each_broken_rule_is_the_only_problem() -> None:
    found = {name: list(check_message(blocks)) for name, blocks in INVALID_MESSAGES.items()}
    found |= {f"view: {name}": list(check_view(view)) for name, view in INVALID_VIEWS.items()}
    assert {name for name, problems in found.items() if len(problems) != 1} == set()


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        (INVALID_MESSAGES["26 elements"], "invalid_blocks"),
        (INVALID_MESSAGES["all text too long"], "msg_blocks_too_long"),
        ("[{", "invalid_blocks_format"),
    ],
)
def test_messages_are_refused_with_invalid_blocks(
    workspace: Workspace, general: Channel, client: WebClient, blocks: object, error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=general.id, text="x", blocks=blocks)  # type: ignore[arg-type]
    assert refused.value.response["error"] == error
    assert workspace.messages(general) == []
