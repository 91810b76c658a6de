"""The web addresses in the encyclopedia's references are reachable."""

import os
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from index.sources.loader import read_sources

GONE = {404, 410}
AT_ONCE = 8  # concurrent requests; the addresses belong to many hosts


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("NEARSAY_TEST_LINKS"), reason="set NEARSAY_TEST_LINKS=1 with a network"
)
def test_referenced_pages_exist() -> None:
    pages: dict[str, str] = {}
    for entry in read_sources().entries:
        for reference in entry.references:
            if reference.url:
                pages.setdefault(reference.url, entry.id)

    def status(url: str) -> int | None:
        try:
            return client.get(url).status_code
        except httpx.HTTPError:
            return None  # unreachable from here, which proves nothing about the address

    agent = {"User-Agent": "nearsay link check"}
    with (
        httpx.Client(follow_redirects=True, timeout=20, headers=agent) as client,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        found = dict(zip(pages, pool.map(status, pages), strict=True))
    assert any(found.values()), "no address could be reached: is there a network?"
    assert {url: pages[url] for url, code in found.items() if code in GONE} == {}
