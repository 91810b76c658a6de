"""What speaks to Slack: clients of its Web API, and an opener for its other addresses.

They share the certificates that Slack's are checked against: to read those takes ten milliseconds,
and a client left alone reads them for every call.
"""

from __future__ import annotations

import ssl
from functools import cache
from urllib import request

from slack_sdk import WebClient

from bot.settings import Settings

CALL = 10  # seconds that a call may take


@cache
def certificates() -> ssl.SSLContext:
    """What this machine trusts, as it was at the first call."""
    return ssl.create_default_context()


@cache
def opener() -> request.OpenerDirector:
    """What speaks HTTP and nothing else, through the proxy of the environment where there is one,
    and follows nobody elsewhere: what is sent with a request would go along. It is made once, since
    that takes longer than sending a reply."""
    made = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(context=certificates()),
        request.HTTPErrorProcessor(),
        request.HTTPDefaultErrorHandler(),
        request.UnknownHandler(),
    ):
        made.add_handler(handler)
    return made


def web_client(
    settings: Settings, seconds: int = 0, *, once: bool = False, anonymous: bool = False
) -> WebClient:
    """A client whose calls take at most so many seconds, or `CALL`; where it is to try `once`, what
    fails is not tried again. It has the bot token, where there is one, unless it is `anonymous`:
    each call then brings a token of its own."""
    token = settings.slack_bot_token
    return WebClient(
        token=token.reveal() if token and not anonymous else None,
        base_url=settings.slack_api_url,
        timeout=seconds or CALL,
        ssl=certificates(),
        retry_handlers=[] if once else None,
    )
