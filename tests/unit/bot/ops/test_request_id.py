"""A request keeps its id across threads, and no other request has the same id."""

import re
from concurrent.futures import ThreadPoolExecutor

from bot.ops.request_id import current, propagate, request_scope


def test_a_request_keeps_its_id_and_the_next_gets_another() -> None:
    numbers = set()
    for _ in range(100):
        assert current() == ""
        with request_scope() as number, request_scope() as inner:
            assert re.fullmatch("[0-9A-F]{8}", number)
            assert inner == current() == number
            numbers.add(number)
    assert len(numbers) == 100


def test_a_job_on_another_thread_has_the_request_id_until_it_ends() -> None:
    with ThreadPoolExecutor(1) as pool:
        with request_scope() as number:
            assert pool.submit(propagate(current)).result() == number
        assert pool.submit(current).result() == ""
