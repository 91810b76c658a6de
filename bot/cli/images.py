"""Show pictures in terminals with a graphics protocol."""

import base64
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TextIO

Protocol = Literal["kitty", "iterm"]
"""The terminal's graphics protocol: https://sw.kovidgoyal.net/kitty/graphics-protocol/ or
https://iterm2.com/documentation-images.html"""

CHUNK = 4_096  # characters of base64 in one kitty command
COLUMNS = 80  # characters


def terminal_pictures(environment: Mapping[str, str] = os.environ) -> Protocol | None:
    """Return the terminal's graphics protocol, detected from environment variables.

    Returns None if there is none, and within tmux or screen.
    """
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if "TMUX" in environment or term.startswith(("screen", "tmux")):
        return None
    if "KITTY_WINDOW_ID" in environment or term == "xterm-kitty" or program == "ghostty":
        return "kitty"
    return "iterm" if program in ("iTerm.app", "WezTerm", "mintty") else None


def show_picture(file: Path, protocol: Protocol | None, stream: TextIO) -> None:
    """Write a picture to a terminal. Does nothing without a protocol or a readable file."""
    if protocol is None:
        return
    try:
        content = base64.b64encode(file.read_bytes()).decode("ascii")
    except OSError:
        return
    commands = _kitty(content) if protocol == "kitty" else _iterm(content)
    for command in commands:
        stream.write(command)
    stream.write("\n")
    stream.flush()


def _kitty(content: str) -> Iterator[str]:
    pieces = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
    for number, piece in enumerate(pieces, start=1):
        what = f"a=T,f=100,c={COLUMNS},q=2," if number == 1 else ""
        yield f"\x1b_G{what}m={int(number < len(pieces))};{piece}\x1b\\"


def _iterm(content: str) -> Iterator[str]:
    size = len(content) * 3 // 4 - content.count("=")
    yield f"\x1b]1337;File=inline=1;size={size};width={COLUMNS};preserveAspectRatio=1:{content}\x07"
