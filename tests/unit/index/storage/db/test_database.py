"""The SQLite database of a data directory."""

from pathlib import Path

import pytest

from index.storage.db.database import FILE, Database


@pytest.mark.parametrize("name", ["what?", "a%20b", "a#b", "a@b:c"])
def test_the_name_of_the_data_directory_may_contain_any_character(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    for database in (Database.open(folder), Database.of_file(folder / "inbox.sqlite3", 1)):
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
        database.close()
    assert {path.name for path in folder.iterdir()} == {FILE, "inbox.sqlite3"}
    assert list(tmp_path.iterdir()) == [folder]
