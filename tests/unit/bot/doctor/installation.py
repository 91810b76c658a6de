"""A healthy installation for the tests of the doctor."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from bot.doctor import models
from bot.doctor.checks import examine
from bot.replies.base import Diagnosis, as_json
from bot.slack.manifest import manifest
from index.embedding import embedder
from index.embedding.weights import Weights
from index.sources.source import bundled_digest
from tests.fake_slack import Workspace
from tests.support.toy import ToyEmbedder


@dataclass
class Installation:
    """A healthy installation that a test can break.

    `environment` contains its settings; `examine` runs the doctor.
    """

    data: Path
    workspace: Workspace
    environment: dict[str, str] = field(default_factory=dict)

    def examine(self) -> Diagnosis:
        with patch.dict(os.environ, self.environment):
            return examine(self.env_file)

    @property
    def env_file(self) -> Path:
        return self.data.parent / "an .env"

    @property
    def generation(self) -> Path:
        return self.data / "generations" / "g000001"

    @property
    def manifest(self) -> dict[str, Any]:
        """The generation's manifest from the ledger."""
        return dict(json.loads((self.generation / "manifest.json").read_text()))

    def change_manifest(self, **changes: object) -> None:
        content = json.dumps(self.manifest | changes)
        with sqlite3.connect(self.data / "ledger.sqlite3") as ledger:
            ledger.execute("UPDATE generations SET manifest = ?", (content,))
        ledger.close()


@pytest.fixture(scope="module")
def socket_workspace() -> Iterator[Workspace]:
    with Workspace(mode="socket") as workspace:
        yield workspace


@pytest.fixture
def installation(
    socket_workspace: Workspace,
    harbour_directory: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Installation]:
    """Yield an installation with the harbour index and every Slack setting."""
    data = tmp_path / "data"
    shutil.copytree(harbour_directory, data)
    data.chmod(0o700)
    socket_workspace.install(manifest())
    socket_workspace.forget()
    weights = Weights("toy", tmp_path, ToyEmbedder().fingerprint.weights)
    for module in (models, embedder):
        monkeypatch.setattr(module, "find_weights", lambda _: weights)
    plenty = SimpleNamespace(free=100 * 1024**3)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: plenty)
    environment = socket_workspace.env() | {"NEARSAY_DATA_DIR": str(data), "NEARSAY_MODEL": "toy"}
    environment["NEARSAY_ADMINS"] = "U012ABCDEF"
    installation = Installation(data, socket_workspace, environment)
    installation.change_manifest(encyclopedia=bundled_digest())
    yield installation
    with socket_workspace.state.change():
        socket_workspace.faults._waiting.clear()


def secrets_of(workspace: Workspace) -> list[str]:
    return [workspace.bot_token, workspace.app_token, workspace.signing_secret]


def everything(diagnosis: Diagnosis) -> str:
    return as_json(diagnosis) + repr(diagnosis)
