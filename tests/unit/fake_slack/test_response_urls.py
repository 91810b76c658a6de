"""`response_url`: five uses within thirty minutes."""

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient, WebhookResponse

from tests.fake_slack import Channel, User, Workspace
from tests.unit.fake_slack.receiver import BUTTONS


@pytest.fixture
def url(workspace: Workspace, ada: User, general: Channel) -> str:
    """Provide the response_url of a command."""
    return str(workspace.command(ada, general, "/x").payload["response_url"])


def respond(url: str, **body: object) -> WebhookResponse:
    return WebhookClient(url).send_dict(body)


def test_the_sixth_use_of_a_response_url_is_refused(
    workspace: Workspace, url: str, ada: User, general: Channel
) -> None:
    for number in range(5):
        assert respond(url, text=f"answer {number}").status_code == 200
    sixth = respond(url, text="one more")
    assert sixth.status_code == 404
    assert "used_url" in sixth.body
    assert len(workspace.ephemerals(ada, general)) == 5
    assert [c.error for c in workspace.calls("response_url")] == [None] * 5 + ["used_url"]


def test_a_response_url_expires_after_30_minutes(workspace: Workspace, url: str) -> None:
    workspace.advance(1790)
    assert respond(url, text="in time").status_code == 200
    workspace.advance(11)
    assert "expired_url" in respond(url, text="late").body


def test_invalid_blocks_are_refused(workspace: Workspace, url: str) -> None:
    answer = respond(url, text="x", blocks=[{"type": "section"}])
    assert answer.status_code == 400
    assert "invalid_blocks" in answer.body
    assert "/blocks/0" in answer.body
    assert "no_text" in respond(url).body


def test_a_click_may_replace_and_delete_its_message(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    client.chat_postMessage(channel=general.id, text="old", blocks=BUTTONS)
    [message] = workspace.messages(general)
    url = workspace.click(ada, message, "more").payload["response_url"]
    respond(url, text="aside")
    respond(url, text="new", replace_original=True)
    assert [m.text for m in workspace.messages(general)] == ["new"]
    assert [m.text for m in workspace.ephemerals(ada, general)] == ["aside"]
    workspace.delete(message)
    assert workspace.messages(general) == []
    assert "message_not_found" in respond(url, text="x", replace_original=True).body
