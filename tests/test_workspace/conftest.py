"""Workspaces to test, alone or with a small Bolt app on them."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.test_workspace.sample_app import HttpApp, SocketApp, manifest_for
from tests.workspace import Channel, Settings, User, Workspace

logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace in HTTP mode that nobody answers."""
    settings = Settings(ack=0.5, retry_delays=(), upload=0.05)
    with Workspace(mode="http", settings=settings) as started:
        yield started


@pytest.fixture(scope="module", params=["http", "socket"])
def running_app(request: pytest.FixtureRequest) -> Iterator[HttpApp | SocketApp]:
    """The sample app on a workspace, in both modes, started once a module."""
    settings = Settings(ack=1.0, retry_delays=(0.05, 0.05, 0.05), upload=0.05)
    kind = HttpApp if request.param == "http" else SocketApp
    with Workspace(mode=request.param, settings=settings) as started, kind(started) as running:
        started.install(manifest_for(request.param))
        yield running


@pytest.fixture
def app(running_app: HttpApp | SocketApp) -> HttpApp | SocketApp:
    """The sample app with new people and an empty record."""
    running_app.renew()
    return running_app


@pytest.fixture
def http_app() -> Iterator[HttpApp]:
    """The sample app over HTTP."""
    settings = Settings(ack=1.0, retry_delays=(0.05, 0.05, 0.05))
    with Workspace(mode="http", settings=settings) as started, HttpApp(started) as running:
        started.install(manifest_for("http"))
        yield running


@pytest.fixture
def socket_app() -> Iterator[SocketApp]:
    """The sample app over a socket."""
    settings = Settings(ack=1.0, retry_delays=(0.05, 0.05, 0.05))
    with Workspace(mode="socket", settings=settings) as started, SocketApp(started) as running:
        started.install(manifest_for("socket"))
        yield running


@pytest.fixture
def ada(workspace: Workspace) -> User:
    return workspace.add_user("ada", is_admin=True)


@pytest.fixture
def general(workspace: Workspace, ada: User) -> Channel:
    return workspace.add_channel("general", [ada])


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    """The app's Web API client, which makes one attempt a call."""
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
