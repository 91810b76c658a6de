"""Memory in large pages, where this system has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.store import large_pages

LARGE = Path("/sys/kernel/mm/transparent_hugepage")
COLLAPSE = 25  # MADV_COLLAPSE

# How much of 64 MB of arrays, and of as many threads, is in large pages (in kB) before and after;
# and whether the arrays still hold what they did.
PROGRAM = """
import re, threading
from pathlib import Path
from index.store.large_pages import use_large_pages

def held(what):
    return int(re.search(what + r":\\s+(\\d+)", Path("/proc/self/smaps_rollup").read_text())[1])

end = threading.Event()
threads = [threading.Thread(target=end.wait) for _ in range(16)]
for thread in threads:
    thread.start()
arrays = [bytearray([number % 256]) * 400_000 for number in range(160)]
before = held("AnonHugePages"), held("Rss")
use_large_pages()
print(held("AnonHugePages") - before[0], held("Rss") - before[1])
assert all(array == bytearray([n % 256]) * 400_000 for n, array in enumerate(arrays))
end.set()
"""


def gives_large_pages() -> bool:
    """Whether the system gives large pages to who asks for them at once."""
    import ctypes
    import mmap

    if not LARGE.is_dir() or "[never]" in (LARGE / "enabled").read_text():
        return False
    size = int((LARGE / "hpage_pmd_size").read_text())
    taken = mmap.mmap(-1, 4 * size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    start = ctypes.addressof(ctypes.c_char.from_buffer(taken))
    ctypes.memset(start, 1, 4 * size)
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    given: int = advise(-(-start // size) * size, size, COLLAPSE)
    return given == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's large pages")
def test_what_is_held_goes_into_large_pages_and_takes_hardly_more() -> None:
    if not gives_large_pages():
        pytest.skip("this system gives no large pages")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    large, more = (int(number) for number in done.stdout.split())
    assert large >= 48_000
    assert more < 16_000


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's large pages")
def test_where_there_are_none_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def well_filled(size: int) -> list[int]:
        looked.append(size)
        return []

    monkeypatch.setattr(large_pages, "_well_filled", well_filled)
    for enabled, times in (
        (None, 0),
        ("always madvise [never]\n", 0),
        ("always [madvise] never\n", 1),
    ):
        folder = tmp_path / str(enabled is None) / str(times)
        monkeypatch.setattr(large_pages, "_LARGE", folder)
        if enabled is not None:
            folder.mkdir(parents=True)
            (folder / "enabled").write_text(enabled, encoding="utf-8")
            (folder / "hpage_pmd_size").write_text("2097152\n", encoding="utf-8")
        large_pages.use_large_pages()
        assert len(looked) == times
