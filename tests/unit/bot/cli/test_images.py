"""Pictures in terminals: the kitty and iTerm protocols."""

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.chat import deliver
from bot.cli.images import CHUNK, show_picture, terminal_pictures
from index.search.explore.explorations import Map
from tests.unit.bot.samples import explored

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "map.png"
    file.write_bytes(CONTENT)
    return file


def test_kitty_receives_chunks_and_the_last_is_marked(picture: Path) -> None:
    stream = io.StringIO()
    show_picture(picture, "kitty", stream)
    commands = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", stream.getvalue())
    assert base64.b64decode("".join(piece for _, piece in commands)) == CONTENT
    assert commands[0][0].startswith("a=T,f=100,")
    assert [keys[-3:] for keys, _ in commands] == ["m=1"] * (len(commands) - 1) + ["m=0"]
    assert max(len(piece) for _, piece in commands) <= CHUNK


def test_iterm_receives_one_escape_sequence(picture: Path) -> None:
    stream = io.StringIO()
    show_picture(picture, "iterm", stream)
    found = re.fullmatch(r"\x1b\]1337;File=inline=1;size=(\d+);[^:]*:(.*)\x07\n", stream.getvalue())
    assert found is not None
    assert int(found[1]) == len(CONTENT)
    assert base64.b64decode(found[2]) == CONTENT


def test_the_protocol_is_detected_from_the_environment() -> None:
    kitty, iterm = {"KITTY_WINDOW_ID": "1"}, {"TERM_PROGRAM": "iTerm.app"}
    for environment in ({"TERM": "xterm-kitty"}, kitty, {"TERM_PROGRAM": "ghostty"}):
        assert terminal_pictures(environment) == "kitty"
    assert terminal_pictures(iterm) == "iterm"
    none: list[dict[str, str]] = [{}, {"TERM": "xterm-256color"}, iterm | {"TMUX": "/tmp/tmux"}]
    for environment in (*none, kitty | {"TERM": "screen-256color"}):
        assert terminal_pictures(environment) is None


@pytest.mark.parametrize("terminal", [True, False])
def test_a_picture_is_written_only_to_a_terminal(
    picture: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    terminal: bool,
) -> None:
    monkeypatch.setattr("rich.console.Console.is_terminal", property(lambda _: terminal))
    reply = explored("map", "a text")
    assert isinstance(reply, Map)
    reply = replace(reply, image=str(picture))
    assert deliver(reply, json=False, pictures="kitty")
    assert ("\x1b_G" in capsys.readouterr().out) is terminal
    assert deliver(reply, json=True, pictures="kitty")
    assert "\x1b" not in capsys.readouterr().out
