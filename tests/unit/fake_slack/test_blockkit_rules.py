"""Slack's rules for blocks: valid samples, and samples that each break one rule."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fake_slack import Channel, Workspace, blockkit_rules
from tests.unit.fake_slack import block_samples as samples

JSON = dict[str, Any]


@pytest.mark.parametrize("name", samples.VALID_MESSAGES)
def test_a_valid_message_is_accepted(name: str) -> None:
    assert list(blockkit_rules.check_message(samples.VALID_MESSAGES[name])) == []


@pytest.mark.parametrize("name", samples.VALID_VIEWS)
def test_a_valid_view_is_accepted(name: str) -> None:
    assert list(blockkit_rules.check_view(samples.VALID_VIEWS[name])) == []


@pytest.mark.parametrize("name", samples.INVALID_MESSAGES)
def test_an_invalid_message_is_refused_with_its_problem(name: str) -> None:
    blocks, reason = samples.INVALID_MESSAGES[name]
    problems = list(blockkit_rules.check_message(blocks))
    assert len(problems) == 1, problems
    assert reason in problems[0]


@pytest.mark.parametrize("name", samples.INVALID_VIEWS)
def test_an_invalid_view_is_refused_with_its_problem(name: str) -> None:
    view, reason = samples.INVALID_VIEWS[name]
    problems = list(blockkit_rules.check_view(view))
    assert len(problems) == 1, problems
    assert reason in problems[0]


def test_there_are_enough_block_samples() -> None:
    assert len(samples.INVALID_MESSAGES) >= 30
    assert len(samples.VALID_MESSAGES) >= 10


def test_messages_are_refused_with_invalid_blocks(
    workspace: Workspace, general: Channel, client: WebClient
) -> None:
    blocks, _ = samples.INVALID_MESSAGES["26 elements"]
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=general.id, text="x", blocks=blocks)
    line = "no more than 25 items allowed [json-pointer:/blocks/0/elements]"
    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["errors"] == [line]
    assert refused.value.response["response_metadata"] == {"messages": [f"[ERROR] {line}"]}
    assert workspace.messages(general) == []


def test_too_much_text_has_its_own_error_code(general: Channel, client: WebClient) -> None:
    blocks, _ = samples.INVALID_MESSAGES["all text too long"]
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        client.chat_postMessage(channel=general.id, text="x", blocks=blocks)


def test_blocks_that_are_not_json_are_refused(general: Channel, client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_blocks_format"):
        client.chat_postMessage(channel=general.id, text="x", blocks="[{")
