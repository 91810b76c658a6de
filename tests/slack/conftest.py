"""Fixtures that run the bot in a loopback workspace, in both modes, with the harbour index and the
toy embedder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_slack import Channel, Workspace
from tests.fake_slack.manifest import Mode
from tests.slack.team import LIMITS, SHORT_TIMEOUTS, Team, serving
from tests.support.server_mode import ServerMode

BOTH_MODES = ("socket", pytest.param("http", marks=pytest.mark.slow))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test in the `MODES` of its file, by default in both, unless it names its modes."""
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "mode" in metafunc.fixturenames and not any("mode" in names for names in named):
        modes = getattr(metafunc.module, "MODES", BOTH_MODES)
        metafunc.parametrize("mode", modes, scope="module")


@pytest.fixture
def shorten_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Slack show a result immediately after the acknowledgement."""
    for name, value in SHORT_TIMEOUTS.items():
        monkeypatch.setattr(name, value)


@pytest.fixture
def data(harbour_directory: Path, tmp_path: Path) -> Path:
    """Provide a separate data directory with the harbour index."""
    return Path(shutil.copytree(harbour_directory, tmp_path / "data"))


@pytest.fixture
def workspace(mode: Mode) -> Iterator[Workspace]:
    """Provide a workspace for a test that starts the bot itself."""
    with Workspace(mode=mode, settings=LIMITS) as started:
        yield started


@pytest.fixture(scope="module")
def options() -> dict[str, object]:
    """Provide options for serving the bot shared by a file; test files override this fixture."""
    return {}


@pytest.fixture(scope="module")
def crew(
    mode: Mode,
    options: dict[str, object],
    harbour_directory: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Team]:
    """Serve one bot for all tests in a file."""
    data = tmp_path_factory.mktemp("crew") / "data"
    shutil.copytree(harbour_directory, data)
    with (
        Workspace(mode=mode, settings=LIMITS) as workspace,
        serving(workspace, data, **{"person_rate": 0} | options) as team,  # type: ignore[arg-type]
    ):
        yield team


@pytest.fixture
def team(crew: Team) -> Team:
    """Provide the idle bot shared by the file, with a new channel."""
    crew.renew()
    return crew


@pytest.fixture
def quay(team: Team) -> Channel:
    """Provide the team's channel, with the bot in it."""
    team.channel.members.append(team.workspace.bot_user_id)
    return team.channel


@pytest.fixture(autouse=True)
def first_bot_alone(request: pytest.FixtureRequest) -> Iterator[None]:
    """Deliver only to the first bot, for a test that needs one bot where two serve its file."""
    if ServerMode.active is None or not ServerMode.one_bot or "crew" not in request.fixturenames:
        yield
        return
    workspace = request.getfixturevalue("crew").workspace
    addresses = workspace.request_urls
    workspace.request_urls = addresses[:1]
    yield
    workspace.request_urls = addresses


@pytest.fixture
def own_team(workspace: Workspace, data: Path) -> Iterator[Team]:
    """Provide a bot for one test."""
    with serving(workspace, data) as team:
        yield team
