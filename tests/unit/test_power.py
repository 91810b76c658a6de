"""What was said to be saved is there after a loss of power, on a disk that drops un-synced writes.

What is replaced is there before or after the change, and never in between.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.admin.uploads import Uploads
from bot.backup.create import back_up
from bot.backup.restore import restore
from bot.config import Settings
from bot.slack.queue.inbox import Inbox
from index.export.atomic import write_file, write_folder
from index.storage.db.database import Database
from tests.support.power import recorded

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.parametrize("names_first", [True, False]),
]
PAGES = {"a.md": "one", "deep/b.md": "two"}


def folder(root: Path, pages: dict[str, str]) -> None:
    write_folder(root / "pages", pages, overwrite=True)


def file(root: Path, text: str) -> None:
    write_file(root / "words.csv", text, overwrite=True)


@pytest.mark.parametrize(
    ("write", "first", "second"),
    [(file, "old", "new"), (folder, PAGES, {"a.md": "new", "c.md": "three"})],
)
def test_export_is_complete_or_as_it_was_at_every_moment(
    write: Callable[[Path, Any], None], first: Any, second: Any, names_first: bool, tmp_path: Path
) -> None:
    allowed: list[dict[str, bytes]] = [{}]
    with recorded(tmp_path, names_first=names_first) as disk:
        for content in (first, second):
            write(tmp_path, content)
            allowed.append(visible(contents(tmp_path)))
            assert visible(disk.after_power_loss()) == allowed[-1], "it is there when it returns"
    for state in disk.states:
        assert visible(state) in allowed


def test_backup_upload_and_restored_data_are_there(
    names_first: bool, harbour_directory: Path, tmp_path: Path
) -> None:
    data, other = tmp_path / "data", tmp_path / "other"
    shutil.copytree(harbour_directory, data)
    (tmp_path / "kept").mkdir()
    with recorded(tmp_path, names_first=names_first) as disk:
        sent = Uploads(data / "imports").keep("fish.csv", b"term,definition\nCod,A fish.\n")
        path = str(sent.relative_to(tmp_path))
        assert disk.after_power_loss().get(path) == sent.read_bytes()
        made = back_up(Settings(data_dir=data), tmp_path / "kept" / "made.tar.gz")
        assert disk.after_power_loss()["kept/made.tar.gz"] == made.read_bytes()
        assert all(
            state.get("kept/made.tar.gz") in (None, made.read_bytes()) for state in disk.states
        )
        restore(Settings(data_dir=other), made)
        restored = str(Path("other") / sent.relative_to(data))
        left = disk.after_power_loss()
        assert left[restored] == sent.read_bytes()
        assert left["other/ledger.sqlite3"].startswith(b"SQLite format 3")


def test_databases_in_which_users_write_are_flushed_at_each_commit(
    names_first: bool, tmp_path: Path
) -> None:
    inbox = Inbox.in_file(tmp_path / "inbox.sqlite3")
    for database in (Database.open(tmp_path), inbox._database):
        with database.reading() as connection:
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        assert level == 2, "FULL: the write-ahead log is flushed at each commit"
        database.close()


def contents(root: Path) -> dict[str, bytes]:
    """Return the files below a folder, by path."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def visible(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files that are not temporary."""
    return {path: content for path, content in files.items() if not path.startswith(".")}
