"""The folders of the generations in a data directory."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import StoreBusy
from index.storage.directories import Folders


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    folders = Folders(tmp_path)
    for name in ("g000001", "g000002"):
        folders.of(name).mkdir(parents=True)
        (folders.of(name) / "vectors.npy").write_bytes(bytes(1_000))
    return folders


def test_the_size_is_measured_while_a_folder_is_removed(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def scan_kept(path: Path) -> Iterator[os.DirEntry[str]]:
        if Path(path) == folders.of("g000002"):
            raise FileNotFoundError(path)
        return scan(path)

    assert folders.size() == 2_000
    monkeypatch.setattr(os, "scandir", scan_kept)
    assert folders.size() == 1_000


def test_only_folders_are_leftovers(folders: Folders, tmp_path: Path) -> None:
    (folders.root / ".DS_Store").touch()
    assert folders.leftovers({"g000001"}) == [folders.of("g000002")]
    assert Folders(tmp_path / "empty").leftovers(()) == []


def test_only_one_service_reserves_a_directory(tmp_path: Path) -> None:
    first = Folders(tmp_path / "data").claim("Nearsay (process 7)")
    assert first is not None
    with pytest.raises(StoreBusy, match=r"Nearsay \(process 7\) already serves") as raised:
        Folders(tmp_path / "data").claim("Nearsay (process 8)")
    assert "CHROMA_URL" in raised.value.hint
    first.release()
    again = Folders(tmp_path / "data").claim("Nearsay (process 9)")
    assert again is not None
    again.release()
    assert Folders(Path("/proc/nowhere")).claim("Nearsay") is None, "it can still answer"
