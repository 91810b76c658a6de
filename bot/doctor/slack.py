"""Check the Slack tokens, scopes and channels."""

import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.config import Settings
from bot.replies.base import Check
from bot.slack.api_errors import TOKEN_ERRORS, is_retryable
from bot.slack.client import header, web_client
from bot.slack.manifest import Uses, excess_scopes, scopes

MAX_SKEW_S = 60  # seconds of clock skew without a warning; Slack allows 300
_SECRET = re.compile(r"[0-9a-f]{32}")
_OAUTH = "Copy the Bot User OAuth Token from the app's OAuth & Permissions page."
_BASIC = "Copy it again from the app's Basic Information page."
_CREATE_IT = "Create an app-level token with connections:write on the app's Basic Information page."


def slack_checks(settings: Settings) -> Iterator[Check]:
    """Check the tokens, the bot's scopes, the clock, the channels and the signing secret."""
    if settings.slack_bot_token is not None:
        yield from _bot_token(settings, settings.slack_bot_token.get_secret_value())
    if settings.slack_app_token is not None:
        yield from _app_token(settings, settings.slack_app_token.get_secret_value())
    if settings.slack_signing_secret is not None:
        if _SECRET.fullmatch(settings.slack_signing_secret.get_secret_value()):
            yield Check("signing secret", "ok", "has the right format")
        else:
            yield Check(
                "signing secret",
                "error",
                "SLACK_SIGNING_SECRET is not 32 hexadecimal digits.",
                _BASIC,
            )


def _bot_token(settings: Settings, token: str) -> Iterator[Check]:
    if not token.startswith("xoxb-"):
        yield Check("bot token", "error", "SLACK_BOT_TOKEN does not begin with xoxb-.", _OAUTH)
        return
    try:
        answer = web_client(settings, anonymous=True).auth_test(token=token)
    except (SlackClientError, OSError) as error:
        yield _refused("bot token", "SLACK_BOT_TOKEN", settings, error, _OAUTH)
        return
    yield Check("bot token", "ok", f"{answer.get('user')} in {answer.get('team')}")
    yield from _scopes(answer, Uses.of(settings))
    yield from _clock(answer)
    for channel, setting in (
        (settings.review_channel, "NEARSAY_REVIEW_CHANNEL"),
        (settings.digest_channel, "NEARSAY_DIGEST_CHANNEL"),
    ):
        if channel:
            yield channel_check(settings, token, setting, channel)
    if not settings.review_channel and not settings.admins:
        yield Check(
            "review",
            "warning",
            "No one is notified of suggested definitions.",
            "Set NEARSAY_REVIEW_CHANNEL to a channel, or NEARSAY_ADMINS to user ids.",
        )


def _scopes(answer: SlackResponse, uses: Uses) -> Iterator[Check]:
    wanted = scopes(uses)
    granted = set(header(answer, "x-oauth-scopes").replace(" ", "").split(","))
    # An app that hears all messages learns from them what it would ask with channels:read.
    heard = {"channels:read"} if "channels:history" in granted else set()
    missing = [scope for scope in wanted if scope not in granted | heard]
    if missing:
        yield Check(
            "scopes",
            "error",
            f"The bot token lacks the scopes {', '.join(missing)}.",
            "Update the app from `nearsay manifest` and install it to the workspace again.",
        )
        return
    if excess := excess_scopes(granted, uses):
        yield Check(
            "scopes",
            "warning",
            f"The bot token has scopes that these settings do not need: {', '.join(excess)}.",
            "Update the app from `nearsay manifest` and install it to the workspace again, or set "
            "NEARSAY_THREADS and NEARSAY_FILES to what you use.",
        )
        return
    yield Check("scopes", "ok", ", ".join(wanted))


def _clock(answer: SlackResponse) -> Iterator[Check]:
    try:
        there = parsedate_to_datetime(header(answer, "date")).timestamp()
    except ValueError:
        return
    skew = abs(time.time() - there)
    cure = "Set the clock of this machine, for example by NTP."
    if skew > 5 * MAX_SKEW_S:
        message = f"The clock is {skew:.0f} s off Slack's; signed requests fail."
        yield Check("clock", "error", message, cure)
    elif skew > MAX_SKEW_S:
        yield Check("clock", "warning", f"The clock is {skew:.0f} s off Slack's.", cure)
    else:
        yield Check("clock", "ok", "agrees with Slack's clock")


def channel_check(settings: Settings, token: str, setting: str, channel: str) -> Check:
    """Check that the bot is a member of a configured channel."""
    name = setting.removeprefix("NEARSAY_").replace("_", " ").casefold()
    client, with_history = web_client(settings, anonymous=True), settings.threads == "follow"
    try:
        if with_history:
            client.conversations_history(token=token, channel=channel, limit=1)
        else:
            info = client.conversations_info(token=token, channel=channel)["channel"]
            if not info.get("is_member"):
                return _not_a_member(name, setting, channel, "not_in_channel")
    except (SlackClientError, OSError) as error:
        code = error.response.get("error", "") if isinstance(error, SlackApiError) else ""
        if not with_history and code in ("missing_scope", "channel_not_found"):
            return Check(
                name,
                "ok",
                f"{channel} is private or unknown: whether the bot is in it "
                "cannot be checked without more scopes",
            )
        return _not_a_member(name, setting, channel, code or type(error).__name__)
    return Check(name, "ok", f"the bot is in {channel}")


def _not_a_member(name: str, setting: str, channel: str, reason: str) -> Check:
    message = f"The bot cannot post in {channel}, the channel of {setting} ({reason})."
    return Check(name, "error", message, "Invite the bot, or set another channel.")


def _app_token(settings: Settings, token: str) -> Iterator[Check]:
    if not token.startswith("xapp-"):
        yield Check("app token", "error", "SLACK_APP_TOKEN does not begin with xapp-.", _CREATE_IT)
        return
    try:
        web_client(settings, anonymous=True).apps_connections_open(app_token=token)
    except (SlackClientError, OSError) as error:
        yield _refused("app token", "SLACK_APP_TOKEN", settings, error, _CREATE_IT)
    else:
        yield Check("app token", "ok", "a socket can be opened")


def _refused(name: str, setting: str, settings: Settings, error: Exception, cure: str) -> Check:
    code = error.response.get("error", "") if isinstance(error, SlackApiError) else ""
    if code == "socket_mode_not_enabled":
        return Check(
            name,
            "error",
            f"Socket Mode is off in the app that {setting} belongs to ({code}).",
            "Switch it on (the app's Socket Mode page), or update the app from `nearsay manifest`.",
        )
    if code in TOKEN_ERRORS or not is_retryable(error):
        return Check(name, "error", f"Slack does not accept {setting} ({code}).", cure)
    reason = code or type(error).__name__
    if isinstance(error, SlackApiError):
        message = f"Slack reports an error at {settings.slack_api_url} ({reason})."
        return Check(name, "error", message, "Try again in a few minutes.")
    return Check(
        name,
        "error",
        f"Slack cannot be reached at {settings.slack_api_url} ({reason}).",
        "Check the network and any proxy, and SLACK_API_URL if it is set.",
    )
