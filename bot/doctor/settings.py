"""Check that the settings are consistent and that the paths they name exist."""

from collections.abc import Iterator

from bot.config import Settings
from bot.replies.base import Check
from index.sources.source import BUNDLED, WRITTEN
from index.sources.web_address import WebAddress, is_allowed
from index.ways.chat_server import is_loopback


def settings_checks(settings: Settings) -> Iterator[Check]:
    yield Check("settings", "ok", "all settings are valid")
    yield from (Check("settings", "error", what, cure) for what, cure in _errors(settings))
    if settings.host not in ("127.0.0.1", "localhost", "::1"):
        yield Check(
            "settings",
            "warning",
            f"NEARSAY_HOST is {settings.host}: HTTP mode listens beyond this machine, without TLS.",
            "Put a proxy with TLS in front, and leave NEARSAY_HOST at 127.0.0.1.",
        )
    if not is_loopback(settings.ops_host):
        yield Check(
            "settings",
            "warning",
            f"NEARSAY_OPS_HOST is {settings.ops_host}: all who reach the port read the metrics.",
            "Let only the probes and Prometheus reach it, or leave it at 127.0.0.1.",
        )
    known = {source.name for source in settings.sources} | {BUNDLED, WRITTEN}
    if unknown := sorted(set(settings.readers) - known):
        yield Check(
            "settings",
            "warning",
            f"NEARSAY_READERS has rules for {', '.join(unknown)}, not named in NEARSAY_SOURCES.",
            "Correct the names, unless these are files that were imported: a source without a rule "
            "is for everybody.",
        )


def learning_checks(settings: Settings) -> Iterator[Check]:
    """Report whether questions are proposed as ways to ask."""
    if not settings.learn:
        return
    if not settings.retention_days:
        yield Check(
            "learning",
            "warning",
            "NEARSAY_LEARN is questions, but NEARSAY_RETENTION_DAYS is 0: no question is stored, "
            "so none can be proposed as a way to ask.",
            "Set NEARSAY_RETENTION_DAYS to a number of days, or unset NEARSAY_LEARN.",
        )
        return
    yield Check(
        "learning",
        "ok",
        "questions are proposed as ways to ask (NEARSAY_LEARN); admins decide on them with "
        "nearsay ways SOURCE --review",
    )


def _errors(settings: Settings) -> Iterator[tuple[str, str]]:
    bot, app = settings.slack_bot_token, settings.slack_app_token
    secret = settings.slack_signing_secret
    if bot is None and (app or secret):
        yield (
            "SLACK_BOT_TOKEN is missing, though other Slack settings are set.",
            "Copy the Bot User OAuth Token from the app's OAuth & Permissions page.",
        )
    if bot is not None and app is None and secret is None:
        yield (
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET.",
            "For Socket Mode set SLACK_APP_TOKEN, for HTTP set SLACK_SIGNING_SECRET; both are on "
            "the app's Basic Information page.",
        )
    if settings.port == settings.ops_port:
        both = f"NEARSAY_PORT and NEARSAY_OPS_PORT are both {settings.port}."
        yield both, "Set one of them to another port."
    if settings.import_dir is not None and not settings.import_dir.is_dir():
        named = f"NEARSAY_IMPORT_DIR names {settings.import_dir}, which is not a folder."
        yield named, "Create the folder, or correct the path."
    for source in settings.sources:
        if source.is_missing:
            named = f"NEARSAY_SOURCES names {source.path}, which does not exist."
            yield named, "Correct or remove the path."
        elif source.is_web:
            address = WebAddress.parse(source.path)
            if not is_allowed(address.host, settings.source_hosts):
                named = f"NEARSAY_SOURCES names {address}, whose host may not be fetched from."
                yield named, f"Add {address.host} to NEARSAY_SOURCE_HOSTS, or remove the address."
