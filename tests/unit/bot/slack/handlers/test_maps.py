"""The comment of an uploaded map contains no markup from its user's name."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.slack.handlers.maps import MapHandler
from index.search.explore.explorations import Map
from tests.unit.bot.samples import explored


class Slack:
    """A stand-in for Slack that keeps the last upload."""

    def files_upload_v2(self, **upload: Any) -> None:
        self.upload = upload


def test_upload_comment_is_escaped_and_the_file_is_deleted(tmp_path: Path) -> None:
    file = tmp_path / "map.png"
    file.write_bytes(b"png")
    slack, drawn = Slack(), explored("map", "a <!channel> & <@U1>")
    assert isinstance(drawn, Map)
    handler = MapHandler(slack)  # type: ignore[arg-type]
    handler.send(replace(drawn, image=str(file)), "U1", "C1", "1.5", name="ada <!here>")
    assert "requested by ada &lt;!here&gt;" in slack.upload["initial_comment"]
    assert "<" not in slack.upload["initial_comment"]
    assert not file.exists()
