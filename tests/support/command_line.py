"""Run the command line in this process, with a small encyclopedia."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.__main__ import main
from tests.support.bundled import replace_bundled
from tests.support.server_mode import ServerMode
from tests.support.toy import ToyEmbedder

PAGE = "---\nterm: {term}\n---\n{text}\n\n## Questions\n### Who needs a {term}?\nThe crew.\n"


@dataclass(frozen=True)
class CommandResult:
    """The result of a command: exit status, standard output and standard error."""

    status: int
    out: str
    err: str

    @property
    def reply(self) -> Any:
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """Standard error without line breaks."""
        return " ".join(self.err.split())

    @property
    def output(self) -> str:
        """Standard output and error without line breaks."""
        return " ".join((self.out + self.err).split())


Nearsay = Callable[..., CommandResult]


def write(folder: Path, term: str, text: str = "A part of a ship.") -> None:
    """Write a page of an encyclopedia."""
    (folder / f"{term.casefold()}.md").write_text(PAGE.format(term=term, text=text))


def two_pages(folder: Path) -> None:
    """Write a two-page encyclopedia into `bundled`."""
    (folder / "bundled").mkdir()
    write(folder / "bundled", "Anchor", "An iron hook that holds a ship.")
    write(folder / "bundled", "Buoy", "A floating mark.")


def set_up(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Configure `main` to use the encyclopedia in `bundled`, the toy embedder, and `data`."""
    replace_bundled(folder / "bundled", patch.setattr)
    patch.setattr(app, "SentenceEmbedder", lambda *_: ToyEmbedder())
    patch.setenv("NEARSAY_DATA_DIR", str(folder / "data"))
    patch.setenv("COLUMNS", "80")
    if ServerMode.active is not None:
        for name, value in ServerMode.active.environment(folder / "data").items():
            patch.setenv(name, value)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> CommandResult:
    """Run a command."""
    capsys.readouterr()
    try:
        status = main(arguments)
    except SystemExit as error:
        status = int(error.code or 0)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return CommandResult(status, out, err)
