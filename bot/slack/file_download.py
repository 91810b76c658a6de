"""Files that somebody sent to the bot: which there are, and fetching them from Slack.

What is fetched is what Slack itself serves, with the bot's token; no other address ever is, and
the token goes nowhere else.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from bot.admin.uploads import LARGEST, stem_and_suffix
from bot.slack.client import certificates
from index.errors import NearsayError
from index.sources.suffixes import HTML, SUFFIXES

MOST = 5  # files of one message
SECONDS = 10  # that Slack may take to answer
WHOLE = 60  # seconds that a file may take
SERVED = "/files-pri/"  # the path of what was uploaded


class NotFetched(NearsayError):
    """A file that was sent could not be had from Slack."""

    code = "not_fetched"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file in Slack: its id and name, its size in bytes, and where it can be fetched."""

    id: str
    name: str
    size: int
    url: str


def glossaries_in(event: Mapping[str, Any]) -> list[SentFile]:
    """The files of a message that may be glossaries, by their names."""
    given = event.get("files")
    files = given if isinstance(given, list) else []
    found = [_sent(file) for file in files[:MOST] if isinstance(file, dict)]
    return [file for file in found if stem_and_suffix(file.name)[1] in SUFFIXES]


def _sent(file: Mapping[str, Any]) -> SentFile:
    size = file.get("size")
    return SentFile(
        id=str(file.get("id") or ""),
        name=str(file.get("name") or "")[:500],
        size=size if isinstance(size, int) else 0,
        url=str(file.get("url_private_download") or file.get("url_private") or "")[:2_000],
    )


def as_line(files: list[SentFile]) -> str:
    """Files as the line of a delivery."""
    return json.dumps([asdict(file) for file in files])


def from_line(line: str) -> list[SentFile]:
    """The files that `as_line` wrote; none where it is another line."""
    try:
        return [SentFile(**file) for file in json.loads(line)]
    except (ValueError, TypeError):
        return []


class Downloads:
    """Fetches files with a bot's token from where Slack serves them: from files.slack.com, and
    from the host of the Web API at `api_url` and its `files.`, where that is another one. Threads
    may share it."""

    def __init__(self, token: str, api_url: str) -> None:
        self._token = token
        api = urlsplit(api_url)
        bare = (api.hostname or "").removeprefix("www.")
        self._places = {
            ("https", "files.slack.com", None),
            (api.scheme, api.hostname, api.port),
            (api.scheme, f"files.{bare}", api.port),
        }

    def fetch(self, file: SentFile) -> bytes:
        """The content of a file. Raises `NotFetched` for one that is too large, lies elsewhere, or
        that Slack does not give."""
        if file.size > LARGEST:
            raise _too_large(file)
        if not self._is_slacks(file.url):
            raise NotFetched(
                f'"{file.name[:80]}" does not lie in Slack itself, so it is not fetched.',
                "Upload the file to Slack, rather than a link to it.",
            )
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Encoding": "identity"}
        options: dict[str, Any] = {"timeout": SECONDS, "verify": certificates()}
        try:
            # It follows nobody elsewhere: the token would go along.
            with httpx.stream("GET", file.url, headers=headers, **options) as answer:
                answer.raise_for_status()
                is_page = answer.headers.get("Content-Type", "").startswith("text/html")
                content = _read(answer, file)
        except httpx.HTTPStatusError as error:
            raise _refused(file, str(error.response.status_code)) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise _refused(file, type(error).__name__) from error
        # To a token without the right to read files, Slack shows a page to log in.
        wants_page = stem_and_suffix(file.name)[1] in HTML
        if (is_page and not wants_page) or (file.size and len(content) != file.size):
            raise NotFetched(
                f'Slack does not let the bot read "{file.name[:80]}".',
                "The bot token needs the scope files:read: update the app from `nearsay manifest` "
                "and install it to the workspace again.",
            )
        return content

    def _is_slacks(self, url: str) -> bool:
        """Whether an address is one under which Slack serves files that were uploaded: of a file
        that is only linked to, somebody else chose it, and might have chosen a method of the Web
        API."""
        try:
            parts = urlsplit(url)
            place = (parts.scheme, parts.hostname, parts.port)
        except ValueError:
            return False
        served = parts.path.startswith(SERVED) and ".." not in unquote(unquote(parts.path))
        return place in self._places and served and parts.username is None and not parts.query


def _read(answer: httpx.Response, file: SentFile) -> bytes:
    """All that comes, within bounds of size and time."""
    content, until = bytearray(), time.monotonic() + WHOLE
    for part in answer.iter_bytes():
        content += part
        if len(content) > LARGEST:
            raise _too_large(file)
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(content)


def _too_large(file: SentFile) -> NotFetched:
    return NotFetched(
        f'"{file.name[:80]}" is too large: up to {LARGEST // 1024**2} MB are imported.',
        "Split it, or put it into the import folder of the server.",
    )


def _refused(file: SentFile, why: str) -> NotFetched:
    return NotFetched(
        f'Slack did not give the bot "{file.name[:80]}" ({why[:80]}).', "Send it again in a moment."
    )
