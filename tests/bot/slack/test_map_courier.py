"""Where the picture of a map goes, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.slack.map_courier import SLOW, MapCourier
from index.space.latent.results import Map
from tests.bot.samples import explored


def failure(code: str) -> SlackApiError:
    return SlackApiError("no", {"ok": False, "error": code})  # type: ignore[no-untyped-call]


class Slack:
    """Takes uploads, or fails as it is told to for a channel."""

    def __init__(self, fails: dict[str, Exception]) -> None:
        self.fails = fails
        self.uploads: list[dict[str, Any]] = []
        self.posted: list[dict[str, Any]] = []

    def chat_postMessage(self, **message: Any) -> dict[str, Any]:  # noqa: N802
        if "direct" in self.fails:
            raise self.fails["direct"]
        self.posted.append(message)
        return {"channel": "D1", "ts": "1.2"}

    def files_upload_v2(self, **upload: Any) -> None:
        if upload["channel"] in self.fails:
            raise self.fails[upload["channel"]]
        self.uploads.append(upload)


@pytest.fixture
def drawn(tmp_path: Path) -> Map:
    file = tmp_path / "map.png"
    file.write_bytes(b"png")
    reply = explored("map", "a <!channel> & <@U1>")
    assert isinstance(reply, Map)
    return replace(reply, image=str(file))


def send(slack: Slack, drawn: Map, channel: str = "C1", **others: Any) -> str:
    courier = MapCourier(slack)  # type: ignore[arg-type]
    return courier.send(drawn, "U1", channel, name="ada <!here>", **others)


def test_a_picture_goes_to_its_channel_and_mentions_nobody(drawn: Map) -> None:
    slack = Slack({})
    assert send(slack, drawn, thread="1.5") == "The picture is in this conversation."
    (upload,) = slack.uploads
    assert (upload["channel"], upload["thread_ts"], upload["alt_txt"]) == ("C1", "1.5", drawn.alt)
    assert "asked for by ada &lt;!here&gt;" in upload["initial_comment"]
    assert "<" not in upload["initial_comment"]
    assert not Path(drawn.image).exists()


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found", "is_archived"])
def test_it_is_a_direct_message_where_the_bot_is_no_member(drawn: Map, code: str) -> None:
    slack = Slack({"C1": failure(code)})
    assert send(slack, drawn).endswith("direct message to who asked: Nearsay is not a member here.")
    assert [upload["channel"] for upload in slack.uploads] == ["D1"]
    assert not Path(drawn.image).exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (failure("missing_scope"), "the app lacks the scope files:write"),
        (failure("ratelimited"), "takes no more files for now"),
        (failure("storage_limit_reached"), "the workspace has no room for files"),
        (failure("file_type_not_allowed"), "Slack does not take it (file_type_not_allowed)"),
        (SlackRequestError("Failed to upload a file (status: 500)"), "Slack does not take it"),
        (TimeoutError("timed out"), SLOW),
        (OSError("<urlopen error timed out>"), SLOW),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_no_file(
    drawn: Map, error: Exception, told: str
) -> None:
    assert told in send(Slack({"C1": error}), drawn)
    assert not Path(drawn.image).exists()
