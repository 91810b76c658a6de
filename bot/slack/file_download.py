"""Downloads files that users sent to the bot in Slack.

It requests only URLs that Slack serves, so that the bot token is sent nowhere else.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from bot.admin.uploads import LARGEST, stem_and_suffix
from bot.slack.client import ssl_context
from index.errors import NearsayError
from index.sources.suffixes import HTML
from index.text import one_line

MAX_FILES = 5  # files read from one message
TIMEOUT_S = 10  # seconds for each network operation
MAX_DOWNLOAD_S = 60  # seconds that a whole download may take
FILES_PATH = "/files-pri/"  # path prefix of uploaded files


class DownloadError(NearsayError):
    """Raised when a file cannot be downloaded from Slack."""

    code = "not_fetched"


@dataclass(frozen=True, slots=True)
class SlackFile:
    """A file stored in Slack; `size` is in bytes, 0 if unknown."""

    id: str
    name: str
    size: int
    url: str


def files_in(event: Mapping[str, Any]) -> list[SlackFile]:
    """Return the first `MAX_FILES` files of a message; none if they are pictures with a text."""
    given = event.get("files")
    files = [file for file in given if isinstance(file, dict)] if isinstance(given, list) else []
    pictures = all(str(file.get("mimetype")).startswith("image/") for file in files)
    return [] if pictures and event.get("text") else [_parse(file) for file in files[:MAX_FILES]]


def _parse(file: Mapping[str, Any]) -> SlackFile:
    size = file.get("size")
    return SlackFile(
        id=str(file.get("id") or ""),
        name=one_line(str(file.get("name") or ""))[:500],
        size=size if isinstance(size, int) else 0,
        url=str(file.get("url_private_download") or file.get("url_private") or "")[:2_000],
    )


def serialize_files(files: list[SlackFile]) -> str:
    """Serialize files as the `line` of a delivery."""
    return json.dumps([asdict(file) for file in files])


def parse_files(line: str) -> list[SlackFile]:
    """Parse the output of `serialize_files`."""
    return [SlackFile(**file) for file in json.loads(line)]


class FileDownloader:
    """Downloads files from Slack and the host of `api_url` with the bot token. Thread-safe."""

    def __init__(self, token: str, api_url: str) -> None:
        self._token = token
        api = urlsplit(api_url)
        bare = (api.hostname or "").removeprefix("www.")
        self._places = {
            ("https", "files.slack.com", None),
            (api.scheme, api.hostname, api.port),
            (api.scheme, f"files.{bare}", api.port),
        }

    def fetch(self, file: SlackFile) -> bytes:
        """Download a file. Raises `DownloadError` on failure or above `LARGEST` bytes."""
        if file.size > LARGEST:
            raise _too_large(file)
        if not self._is_slacks(file.url):
            raise DownloadError(
                f'"{file.name[:80]}" is not stored in Slack, so it is not downloaded.',
                "Upload the file itself to Slack, not a link to it.",
            )
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Encoding": "identity"}
        options: dict[str, Any] = {"timeout": TIMEOUT_S, "verify": ssl_context()}
        try:
            # httpx follows no redirects by default; one would carry the token elsewhere.
            with httpx.stream("GET", file.url, headers=headers, **options) as answer:
                answer.raise_for_status()
                is_page = answer.headers.get("Content-Type", "").startswith("text/html")
                content = _read(answer, file)
        except httpx.HTTPStatusError as error:
            raise _refused(file, str(error.response.status_code)) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise _refused(file, type(error).__name__) from error
        # Without the scope files:read, Slack serves a login page.
        wants_page = stem_and_suffix(file.name)[1] in HTML
        if (is_page and not wants_page) or (file.size and len(content) != file.size):
            raise DownloadError(
                f'The bot is not allowed to read "{file.name[:80]}" in Slack.',
                "The bot token needs the scope files:read: set NEARSAY_FILES=both, update the app "
                "from `nearsay manifest` and install it to the workspace again.",
            )
        return content

    def _is_slacks(self, url: str) -> bool:
        """Return whether `url` is that of an uploaded file in Slack, not one that a user chose."""
        try:
            parts = urlsplit(url)
            place = (parts.scheme, parts.hostname, parts.port)
        except ValueError:
            return False
        served = parts.path.startswith(FILES_PATH) and ".." not in unquote(unquote(parts.path))
        return place in self._places and served and parts.username is None and not parts.query


def _read(answer: httpx.Response, file: SlackFile) -> bytes:
    content, until = bytearray(), time.monotonic() + MAX_DOWNLOAD_S
    for part in answer.iter_bytes():
        content += part
        if len(content) > LARGEST:
            raise _too_large(file)
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(content)


def _too_large(file: SlackFile) -> DownloadError:
    return DownloadError(
        f'"{file.name[:80]}" is too large: the limit is {LARGEST // 1024**2} MB.',
        "Split it, or put it into the import folder on the server.",
    )


def _refused(file: SlackFile, why: str) -> DownloadError:
    return DownloadError(
        f'The download of "{file.name[:80]}" from Slack failed ({why[:80]}).',
        "Send it again in a moment.",
    )
