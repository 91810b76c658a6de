"""Fixtures for a workspace without an app or with a small app."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.fake_slack import Channel, Settings, User, Workspace
from tests.unit.fake_slack.receiver import Receiver, receiving


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """Provide a workspace in HTTP mode without an app."""
    settings = Settings(retry_delays=(), upload=0.05)
    with Workspace(mode="http", settings=settings) as started:
        yield started


@pytest.fixture
def app() -> Iterator[Receiver]:
    """Provide an app that answers over HTTP."""
    settings = Settings(retry_delays=(0.05, 0.05, 0.05), upload=0.05)
    with Workspace(mode="http", settings=settings) as started, receiving(started) as running:
        yield running


@pytest.fixture
def ada(workspace: Workspace) -> User:
    return workspace.add_user("ada", is_admin=True)


@pytest.fixture
def general(workspace: Workspace, ada: User) -> Channel:
    return workspace.add_channel("general", [ada])


@pytest.fixture
def client(request: pytest.FixtureRequest) -> WebClient:
    """Provide the app's Web API client, without retries."""
    name = "app" if "app" in request.fixturenames else "workspace"
    found = request.getfixturevalue(name)
    workspace: Workspace = found.workspace if isinstance(found, Receiver) else found
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
