"""`nearsay doctor`: everything that can be wrong with an installation, each with its cure."""

from __future__ import annotations

import glob
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from bot.replies import Check, Diagnosis
from bot.settings import LSA, Settings, SettingsError
from index.errors import NearsayError
from index.sources.source import bundled, digest_of
from index.store import Manifest
from index.store.folders import Folders
from index.store.ledger import Ledger
from index.store.ledger.database import FILE
from index.weights import find_weights

PYTHON = (3, 11)
SQLITE = (3, 35)  # chromadb's own bound
NOTHING_INDEXED = Check(
    "index",
    "warning",
    "Nothing has been indexed yet.",
    "It is built on first use, or now with: nearsay index",
)
ROOM = 2 * 1024**3  # bytes: a converted model, and a few generations of a large index


def examine(environment: Mapping[str, str] | None = None, file: Path | None = None) -> Diagnosis:
    """Looks at everything; never raises. What depends on settings that cannot be read is left
    out until they can."""
    checks = [*_guarded("python", _python), *_guarded("sqlite", _sqlite)]
    try:
        settings = Settings.load(environment, file)
    except SettingsError as error:
        cure = "Mend it in .env or the environment; .env.example lists every setting."
        checks += [Check("settings", "error", problem, cure) for problem in error.problems]
        return Diagnosis(checks=tuple(checks))
    checks += _guarded("settings", lambda: _settings(settings))
    checks += _guarded("slack", lambda: _slack(settings))
    checks += _guarded("model", lambda: _model(settings))
    for name in settings.models:
        checks += _guarded("second model", partial(_second_model, settings, name))
    checks += _guarded("data directory", lambda: _data_directory(settings.data_dir))
    checks += _guarded("ledger", lambda: _ledger(settings))
    return Diagnosis(model=settings.model, checks=tuple(checks))


def _guarded(name: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    """The checks of `look`; one that fails itself is an error too, and stops no other."""
    try:
        return list(look())
    except NearsayError as error:
        return [Check(name, "error", error.message, error.hint)]
    except Exception as error:
        return [Check(name, "error", f"This could not be looked at: {error}", "Look into the log.")]


def _python() -> Iterator[Check]:
    version = platform.python_version()
    if sys.version_info >= PYTHON:
        yield Check("python", "ok", f"Python {version}")
    else:
        yield Check(
            "python", "error", f"Python {version} is too old.", "Install Python 3.11 or later."
        )


def _sqlite() -> Iterator[Check]:
    if sqlite3.sqlite_version_info >= SQLITE:
        yield Check("sqlite", "ok", f"SQLite {sqlite3.sqlite_version}")
    else:
        cure = "Use a Python that is built with SQLite 3.35 or later."
        yield Check("sqlite", "error", f"SQLite {sqlite3.sqlite_version} is too old.", cure)


def _settings(settings: Settings) -> Iterator[Check]:
    yield Check("settings", "ok", "every setting can be read")
    bot, app = settings.slack_bot_token, settings.slack_app_token
    secret = settings.slack_signing_secret
    if bot is None and (app or secret):
        yield Check(
            "settings",
            "error",
            "SLACK_BOT_TOKEN is missing, though other Slack settings are there.",
            "Copy the Bot User OAuth Token from the app's OAuth & Permissions page.",
        )
    if bot is not None and app is None and secret is None:
        yield Check(
            "settings",
            "error",
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET.",
            "For Socket Mode set SLACK_APP_TOKEN, for HTTP set SLACK_SIGNING_SECRET; both are on "
            "the app's Basic Information page.",
        )
    if settings.port == settings.ops_port:
        yield Check(
            "settings",
            "error",
            f"NEARSAY_PORT and NEARSAY_OPS_PORT are both {settings.port}.",
            "Set one of them to another port.",
        )
    if settings.host not in ("127.0.0.1", "localhost", "::1"):
        yield Check(
            "settings",
            "warning",
            f"NEARSAY_HOST is {settings.host}: HTTP mode listens beyond this machine, without TLS.",
            "Put a proxy with TLS in front, and leave NEARSAY_HOST at 127.0.0.1.",
        )
    if settings.import_dir is not None and not settings.import_dir.is_dir():
        yield Check(
            "settings",
            "error",
            f"NEARSAY_IMPORT_DIR names {settings.import_dir}, which is no folder.",
            "Make the folder, or mend the path.",
        )
    for source in settings.sources:
        if not Path(source.path).expanduser().exists() and not glob.has_magic(source.path):
            yield Check(
                "settings",
                "error",
                f"NEARSAY_SOURCES names {source.path}, which does not exist.",
                "Mend the path or take it out.",
            )


def _slack(settings: Settings) -> Iterator[Check]:
    if not (settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret):
        yield Check(
            "slack",
            "warning",
            "Slack is not connected; the terminal works without.",
            'To connect it, follow "In Slack" in the README.',
        )
        return
    from bot.slack.checks import slack_checks

    yield from slack_checks(settings)


def _model(settings: Settings) -> Iterator[Check]:
    weights = find_weights(settings.model)
    yield Check("model", "ok", f"{weights.name}, weights sha256 {weights.digest[:12]}…")


def _second_model(settings: Settings, name: str) -> Iterator[Check]:
    """A model of NEARSAY_MODELS; nothing can be wrong with what is learned from the index."""
    cure = "Name another model in NEARSAY_MODELS, or unset it."
    if name == LSA:
        return
    try:
        weights = find_weights(name)
    except NearsayError as error:
        yield Check("second model", "error", f"NEARSAY_MODELS names {name}. {error.message}", cure)
        return
    if weights.digest == _digest(settings.model):
        message = f"NEARSAY_MODELS names {name}, which is the model of the index itself."
        yield Check("second model", "error", message, cure)
        return
    yield Check("second model", "ok", f"{name}, weights sha256 {weights.digest[:12]}…")


def _data_directory(directory: Path) -> Iterator[Check]:
    cure = "Mend its permissions, or set NEARSAY_DATA_DIR to another folder."
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        yield Check(
            "data directory", "error", f"{directory} cannot be written: {error.strerror}.", cure
        )
        return
    if not os.access(existing, os.W_OK | os.X_OK):
        yield Check("data directory", "error", f"{directory} cannot be written.", cure)
        return
    free = shutil.disk_usage(existing).free
    if free < ROOM:
        yield Check(
            "data directory",
            "warning",
            f"{directory} has {free / 1024**3:.1f} GiB left.",
            "Free some space, or set NEARSAY_DATA_DIR to a larger disk.",
        )
    else:
        yield Check("data directory", "ok", f"{directory}, {free / 1024**3:.0f} GiB free")


def _ledger(settings: Settings) -> Iterator[Check]:
    if not settings.database and not (settings.data_dir / FILE).exists():
        yield NOTHING_INDEXED
        return
    ledger = Ledger.open(settings.data_dir, settings.database)
    try:
        yield Check("ledger", "ok", ledger.name)
        yield from _guarded("index", lambda: _index(settings, ledger))
    finally:
        ledger.close()


def _index(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    name = ledger.generations.pointer().generation
    if name is None:
        yield NOTHING_INDEXED
        return
    record = ledger.generations.get(name)
    manifest = Manifest.from_json(record.manifest)
    what = Folders(settings.data_dir).damage(record)
    model = settings.model.removeprefix("sentence-transformers/").rstrip("/").rpartition("/")[2]
    weights = _digest(settings.model)
    if what:
        cure = "It is restored from the ledger at the next start; or build it anew: nearsay index"
        yield Check("index", "error", f"{name} is damaged: {what}.", f"{cure} --full")
    elif manifest.fingerprint.name != model:
        yield Check(
            "index",
            "error",
            f"The index was built with the model {manifest.fingerprint.name}, but {model} is set.",
            "Build it anew with: nearsay index, or set NEARSAY_MODEL back.",
        )
    elif weights and manifest.fingerprint.weights != weights:
        yield Check(
            "index",
            "error",
            f"The index was built with other weights of {model} than those that are set.",
            "Build it anew with: nearsay index, or set NEARSAY_MODEL back.",
        )
    elif manifest.encyclopedia != digest_of(bundled()):
        yield Check(
            "index",
            "warning",
            f"{name} is older than the bundled encyclopedia.",
            "Bring it up to date with: nearsay index",
        )
    else:
        held = f"{manifest.entries:,} entries, {manifest.passages:,} passages"
        yield Check("index", "ok", f"{name}, {held}, built {manifest.built:%d %B %Y}")


def _digest(model: str) -> str:
    """The digest of a model's weights; empty when they cannot be read, which is told elsewhere."""
    try:
        return find_weights(model).digest
    except Exception:
        return ""
