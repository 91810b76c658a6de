"""Tests of sending a map's picture, and of the message about the outcome."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackRequestError

from bot.slack.handlers.maps import TIMEOUT_NOTICE, MapHandler
from index.search.explore.explorations import Map
from tests.unit.bot.samples import explored
from tests.unit.bot.slack import failure


class Slack:
    """A stand-in for Slack; uploads to C1 raise `error`."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.uploads: list[dict[str, Any]] = []

    def chat_postMessage(self, **_: Any) -> dict[str, Any]:  # noqa: N802
        return {"channel": "D1", "ts": "1.2"}

    def files_upload_v2(self, **upload: Any) -> None:
        if upload["channel"] == "C1" and self.error:
            raise self.error
        self.uploads.append(upload)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (None, "The picture is in this conversation."),
        (failure("not_in_channel"), "was sent to the user who asked."),
        (failure("missing_scope"), "the app lacks the scope files:write"),
        (failure("storage_limit_reached"), "Slack rejected it (storage_limit_reached)"),
        (SlackRequestError("Failed to upload a file (status: 500)"), "Slack rejected it"),
        (OSError("<urlopen error timed out>"), TIMEOUT_NOTICE),
    ],
)
def test_message_says_where_the_picture_is_and_the_file_is_deleted(
    tmp_path: Path, error: Exception | None, message: str
) -> None:
    file = tmp_path / "map.png"
    file.write_bytes(b"png")
    slack, drawn = Slack(error), explored("map", "a <!channel> & <@U1>")
    assert isinstance(drawn, Map)
    handler = MapHandler(slack)  # type: ignore[arg-type]
    drawn = replace(drawn, image=str(file))
    assert message in handler.send(drawn, "U1", "C1", "1.5", name="ada <!here>")
    assert not file.exists()
    if error is None:
        (upload,) = slack.uploads
        assert (upload["channel"], upload["thread_ts"]) == ("C1", "1.5")
        assert "requested by ada &lt;!here&gt;" in upload["initial_comment"]
        assert "<" not in upload["initial_comment"]
    else:
        assert {upload["channel"] for upload in slack.uploads} <= {"D1"}
