"""A request keeps its number from thread to thread, and no other request gets it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from bot import request_id
from bot.request_id import carried, current, numbered


def test_there_is_a_number_within_the_block_alone() -> None:
    assert current() == ""
    with numbered() as number:
        assert re.fullmatch("[0-9A-F]{8}", number)
        assert current() == number
    assert current() == ""


def test_within_a_request_it_stays_the_same() -> None:
    with numbered() as outer, numbered() as inner:
        assert inner == outer
        assert current() == outer


def test_each_request_has_another() -> None:
    numbers = set()
    for _ in range(100):
        with numbered() as number:
            numbers.add(number)
    assert len(numbers) == 100


def test_a_job_on_another_thread_has_it_and_the_thread_loses_it_after() -> None:
    with ThreadPoolExecutor(1) as pool:
        with numbered() as number:
            assert pool.submit(carried(request_id.current)).result() == number
        assert pool.submit(request_id.current).result() == ""
