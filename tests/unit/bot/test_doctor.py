"""The doctor finds each fault in an installation and suggests a cure."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.doctor import models
from bot.replies.base import as_json
from index.embedding.weights import Weights
from index.errors import FetchError, ModelMissing
from index.sources.source import Source
from index.sources.web.copies import WebCopies
from index.sources.web.fetcher import Fetcher
from index.storage.chroma.vector_index import VectorIndex
from tests.support.chroma_server import Chroma
from tests.unit.bot.doctor.installation import (
    Installation,
    everything,
    installation,
    secrets_of,
    socket_workspace,
)

__all__ = ["installation", "socket_workspace"]


def test_a_healthy_installation_passes_every_check(installation: Installation) -> None:
    diagnosis = installation.examine()
    assert {check.state for check in diagnosis.checks} == {"ok"}, diagnosis
    assert diagnosis.healthy
    assert [check.name for check in diagnosis.checks] == [
        *("versions", "settings", "bot token", "scopes", "clock"),
        *("app token", "signing secret", "model", "data directory", "ledger", "generations"),
        "index",
    ]
    assert all(check.message and not check.cure for check in diagnosis.checks)


def test_a_model_at_another_path_is_the_same_model(installation: Installation) -> None:
    installation.environment["NEARSAY_MODEL"] = "/models/moved"
    assert installation.examine().healthy


def test_the_doctor_changes_nothing(installation: Installation, tmp_path: Path) -> None:
    missing = tmp_path / "not there yet"
    installation.environment["NEARSAY_DATA_DIR"] = str(missing)
    before = sorted(tmp_path.rglob("*"))
    installation.examine()
    assert sorted(tmp_path.rglob("*")) == before


Break = Callable[[Installation, pytest.MonkeyPatch], object]


def setting(name: str, value: str) -> Break:
    return lambda installation, _: installation.environment.update({name: value})


def without(*names: str) -> Break:
    def change(installation: Installation, _: pytest.MonkeyPatch) -> None:
        for name in names:
            del installation.environment[name]

    return change


def no_weights(error: Exception, *models_set: str) -> Break:
    """Make the weights of a model unreadable: of the index's model, or of a second one."""

    def change(installation: Installation, patch: pytest.MonkeyPatch) -> None:
        known = vars(models)["find_weights"]
        installation.environment["NEARSAY_MODELS"] = ",".join(models_set)

        def find(name: str) -> Weights:
            if not models_set or name in models_set:
                raise error
            return known(name)  # type: ignore[no-any-return]

        patch.setattr(models, "find_weights", find)

    return change


def data_dir_below_a_file(installation: Installation, _: pytest.MonkeyPatch) -> None:
    blocker = installation.data.parent / "a file"
    blocker.touch()
    installation.environment["NEARSAY_DATA_DIR"] = str(blocker / "data")


def open_env_file(installation: Installation, _: pytest.MonkeyPatch) -> None:
    installation.env_file.touch()
    installation.env_file.chmod(0o644)


def binary_env_file(installation: Installation, _: pytest.MonkeyPatch) -> None:
    installation.env_file.write_bytes(b"A=\xff")
    installation.env_file.chmod(0o600)


def no_room(_: Installation, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1024**3))


def rows_gone(installation: Installation, _: pytest.MonkeyPatch) -> None:
    index = VectorIndex.open(installation.generation / "chroma")
    index.remove(["anchor#example", "buoy#example"])
    index.close()


def removed(name: str) -> Break:
    return lambda installation, _: (installation.generation / name).unlink()


def in_the_ledger(statement: str) -> Break:
    def change(installation: Installation, _: pytest.MonkeyPatch) -> None:
        with sqlite3.connect(installation.data / "ledger.sqlite3") as ledger:
            ledger.execute(statement)
        ledger.close()

    return change


MISSING_MODEL = ModelMissing("The model is nowhere.", "Check the spelling of NEARSAY_MODEL.")
FAULTS: dict[str, Break] = {
    f"{name}={value}": setting(name, value)
    for name, value in (
        ("SLACK_BOT_TOKEN", "xoxb-1"),
        ("NEARSAY_DATA_DIRR", "/tmp"),
        ("NEARSAY_PORT", "http"),
        ("NEARSAY_OPS_PORT", "3000"),
        ("NEARSAY_HOST", "0.0.0.0"),
        ("NEARSAY_SOURCES", "/no/such/folder"),
        ("NEARSAY_SOURCES", "https://docs.example.com/x.csv?key=sesame"),
        ("NEARSAY_IMPORT_DIR", "/no/such/folder"),
        ("NEARSAY_MODELS", "lsa,toy"),
        ("NEARSAY_ENCYCLOPEDIA", "off"),
    )
}
FAULTS |= {
    "no bot token": without("SLACK_BOT_TOKEN"),
    "no Slack": without("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
    "learning without a question log": lambda installation, _: installation.environment.update(
        NEARSAY_LEARN="questions", NEARSAY_RETENTION_DAYS="0"
    ),
    "model missing": no_weights(MISSING_MODEL),
    "second model missing": no_weights(MISSING_MODEL, "nowhere"),
    "data directory below a file": data_dir_below_a_file,
    "data directory open to others": lambda installation, _: installation.data.chmod(0o750),
    ".env open to others": open_env_file,
    ".env not UTF-8": binary_env_file,
    "disk nearly full": no_room,
    "no index": lambda installation, _: shutil.rmtree(installation.data),
    "other weights": lambda installation, _: installation.change_manifest(
        fingerprint=installation.manifest["fingerprint"] | {"weights": "f" * 64}
    ),
    "index out of date": lambda installation, _: installation.change_manifest(
        encyclopedia="0" * 64
    ),
    "missing vectors": rows_gone,
    "missing manifest": removed("manifest.json"),
    "ledger with an older schema": in_the_ledger("UPDATE alembic_version SET version_num = '0007'"),
    "ledger of before 1.0.0": in_the_ledger("UPDATE alembic_version SET version_num = '0006'"),
    "ledger with a newer schema": in_the_ledger("UPDATE alembic_version SET version_num = '9999'"),
    "ledger not a database": lambda installation, _: (
        installation.data / "ledger.sqlite3"
    ).write_bytes(b"no database" * 999),
    "generation damaged": in_the_ledger("UPDATE generations SET state = 'damaged'"),
    "schedule paused": in_the_ledger("UPDATE pointer SET paused = 1"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_reported_with_its_cure(
    name: str,
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    snapshot: SnapshotAssertion,
) -> None:
    FAULTS[name](installation, monkeypatch)
    diagnosis = installation.examine()
    wrong = [check for check in diagnosis.checks if check.state != "ok"]
    assert wrong
    assert all(check.message and check.cure for check in wrong)
    assert diagnosis.healthy is all(check.state == "warning" for check in wrong)
    assert not any(secret in everything(diagnosis) for secret in secrets_of(installation.workspace))
    lines = [f"{check.state} {check.name}: {check.message} | {check.cure}" for check in wrong]
    assert "\n".join(lines).replace(str(installation.data.parent), "FOLDER") == snapshot


def test_learning_from_questions_is_shown_if_it_is_on(installation: Installation) -> None:
    def about_learning() -> list[str]:
        checks = installation.examine().checks
        return [one.message for one in checks if (one.name, one.state) == ("learning", "ok")]

    assert about_learning() == []
    installation.environment["NEARSAY_LEARN"] = "questions"
    (message,) = about_learning()
    assert message.startswith("questions are proposed as ways to ask")


def test_a_source_on_the_web_is_shown_with_its_host_and_its_failure(
    installation: Installation,
) -> None:
    source = Source("terms", "https://docs.example.com/x.csv?key=sesame")
    installation.change_manifest(sources=[asdict(source)])

    def about_sources() -> list[tuple[str, str, str]]:
        diagnosis = installation.examine()
        assert "sesame" not in everything(diagnosis)
        checks = [check for check in diagnosis.checks if check.name == "sources"]
        return [(check.state, check.message, check.cure) for check in checks]

    assert about_sources() == [
        (
            "warning",
            "terms is not fetched. docs.example.com/x.csv: is not fetched, since "
            "NEARSAY_SOURCE_HOSTS lists no hosts.",
            "To allow it, set NEARSAY_SOURCE_HOSTS=docs.example.com",
        )
    ]
    installation.environment["NEARSAY_SOURCE_HOSTS"] = "docs.example.com"
    assert about_sources() == [("ok", "terms is fetched from docs.example.com/x.csv", "")]
    fetcher = Fetcher(["docs.example.com"], resolver=lambda *_: ["127.0.0.1"])
    with pytest.raises(FetchError):
        WebCopies(installation.data / "web", fetcher).refresh(source)
    ((state, message, cure),) = about_sources()
    assert (state, cure) == ("warning", "Use an address on the internet.")
    assert message == (
        "terms is not fetched. docs.example.com/x.csv: its host, or one that it redirects to, has "
        "an address that is not public."
    )


def test_a_password_in_a_url_is_not_shown(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("slack_sdk.WebClient.api_call", unreachable)
    installation.environment["SLACK_API_URL"] = "http://me:hunter2@127.0.0.1:9/api/"
    diagnosis = installation.examine()
    assert not diagnosis.healthy
    assert "hunter2" not in everything(diagnosis)


def test_a_check_that_raises_is_an_error_and_other_checks_still_run(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = f"an unforeseen error, with {installation.workspace.bot_token}"
    no_weights(RuntimeError(reason))(installation, monkeypatch)
    diagnosis = installation.examine()
    assert as_json(diagnosis).count("\n") == 0
    (error,) = [check for check in diagnosis.checks if check.state == "error"]
    assert error.name == "model"
    assert "an unforeseen error, with [secret]" in error.message
    assert error.cure
    assert diagnosis.checks[-1].name == "index"


def test_a_chroma_server_is_checked(installation: Installation, chroma: Chroma) -> None:
    def chroma_check() -> tuple[str, str, str]:
        (found,) = [check for check in installation.examine().checks if check.name == "chroma"]
        return found.state, found.message, found.cure

    installation.environment["CHROMA_URL"] = chroma.url
    state, message, cure = chroma_check()
    assert (state, cure) == ("ok", "")
    assert message.startswith("Chroma ")
    installation.environment["CHROMA_URL"] = "http://127.0.0.1:9"
    installation.environment["CHROMA_TOKEN"] = "a-canary"
    state, message, cure = chroma_check()
    assert (state, "127.0.0.1:9 does not answer" in message) == ("error", True)
    assert "CHROMA_URL" in cure
    assert "canary" not in everything(installation.examine())


def test_a_rule_for_an_unknown_source_is_reported(installation: Installation) -> None:
    installation.environment["NEARSAY_READERS"] = "encyclopedia=members,ours=members,written=S01"
    (warning,) = [check for check in installation.examine().checks if "READERS" in check.message]
    assert (warning.state, " ours, " in warning.message) == ("warning", True)
