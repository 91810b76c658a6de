"""The command line with a small encyclopedia and the toy embedder."""

from pathlib import Path

import pytest

from tests.support.command_line import CommandResult, Nearsay, run, set_up, two_pages, write


@pytest.fixture
def nearsay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Nearsay:
    """Run the command line with a two-page encyclopedia."""
    two_pages(tmp_path)
    set_up(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)

    def fitting(*arguments: str) -> CommandResult:
        done = run(capsys, *arguments)
        for line in done.out.splitlines():
            assert line.startswith("{") or len(line) <= 80, line
        return done

    return fitting


@pytest.fixture
def words(nearsay: Nearsay, tmp_path: Path) -> Path:
    """Return a folder with one page, which is indexed with the encyclopedia as g000001."""
    folder = tmp_path / "words"
    folder.mkdir()
    write(folder, "Sail", "Cloth that catches wind.")
    done = nearsay("index", "--source", str(folder))
    assert done.status == 0, done.err
    return folder
