"""Run all checks of `nearsay doctor`."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.config import ENV_FILE, Settings, SettingsError
from bot.doctor.chroma import chroma_checks
from bot.doctor.guard import guarded
from bot.doctor.language_model import language_model_checks
from bot.doctor.ledger import ledger_checks
from bot.doctor.models import model_checks
from bot.doctor.settings import learning_checks, settings_checks
from bot.doctor.system import data_directory_checks, env_file_checks, version_checks
from bot.ops.logging import redact
from bot.replies.base import Check, Diagnosis


def examine(file: Path = ENV_FILE) -> Diagnosis:
    """Run all checks; never raises. If the settings are invalid, the other checks are skipped."""
    checks = guarded("settings", partial(env_file_checks, file))
    try:
        settings = Settings.load(file)
    except SettingsError as error:
        cure = "Correct it in .env or the environment; .env.example lists every setting."
        checks += [Check("settings", "error", problem, cure) for problem in error.problems]
        return Diagnosis(checks=tuple(checks))
    checks += guarded("versions", version_checks)
    checks += guarded("settings", partial(settings_checks, settings))
    checks += guarded("slack", partial(_slack, settings))
    checks += guarded("model", partial(model_checks, settings))
    checks += guarded("data directory", partial(data_directory_checks, settings.data_dir))
    checks += guarded("chroma", partial(chroma_checks, settings))
    checks += guarded("language model", partial(language_model_checks, settings))
    checks += guarded("learning", partial(learning_checks, settings))
    checks += guarded("ledger", partial(ledger_checks, settings))
    return Diagnosis(
        model=settings.model, checks=tuple(_without_secrets(check, settings) for check in checks)
    )


def _without_secrets(check: Check, settings: Settings) -> Check:
    message, cure = (redact(text, settings.secrets) for text in (check.message, check.cure))
    return replace(check, message=message, cure=cure)


def _slack(settings: Settings) -> Iterator[Check]:
    if not (settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret):
        yield Check(
            "slack",
            "warning",
            "Slack is not connected; the terminal works without it.",
            'To connect it, follow "In Slack" in the README.',
        )
        return
    from bot.doctor.slack import slack_checks

    yield from slack_checks(settings)
