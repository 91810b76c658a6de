"""Slack's rules for blocks: valid samples, and samples that each break one rule."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from syrupy.assertion import SnapshotAssertion

from tests.fake_slack import Channel, Workspace
from tests.fake_slack.blockkit_rules import check_message, check_view
from tests.unit.fake_slack import block_samples as samples


def test_valid_samples_are_accepted() -> None:
    assert not {k: v for k, v in samples.VALID_MESSAGES.items() if check_message(v)}
    assert not {k: v for k, v in samples.VALID_VIEWS.items() if check_view(v)}


def test_each_invalid_sample_is_refused_with_its_problem(snapshot: SnapshotAssertion) -> None:
    messages = {k: list(check_message(v)) for k, v in samples.INVALID_MESSAGES.items()}
    views = {k: list(check_view(v)) for k, v in samples.INVALID_VIEWS.items()}
    assert {len(found) for found in (messages | views).values()} == {1}
    assert (messages, views) == snapshot


def test_messages_are_refused_with_invalid_blocks(
    workspace: Workspace, general: Channel, client: WebClient
) -> None:
    blocks = samples.INVALID_MESSAGES["26 elements"]
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=general.id, text="x", blocks=blocks)
    fault = "List should have at most 25 items after validation, not 26"
    line = f"{fault} [json-pointer:/blocks/0/elements]"
    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["errors"] == [line]
    assert refused.value.response["response_metadata"] == {"messages": [f"[ERROR] {line}"]}
    assert workspace.messages(general) == []


def test_too_much_text_has_its_own_error_code(general: Channel, client: WebClient) -> None:
    blocks = samples.INVALID_MESSAGES["all text too long"]
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        client.chat_postMessage(channel=general.id, text="x", blocks=blocks)


def test_blocks_that_are_not_json_are_refused(general: Channel, client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_blocks_format"):
        client.chat_postMessage(channel=general.id, text="x", blocks="[{")
