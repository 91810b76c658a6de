"""The number of faults: a few in the normal run, many in the slow tests."""

import pytest


def counts(few: int, many: int) -> pytest.MarkDecorator:
    """Parametrize a test with `database_url` and `count`: `few` on SQLite; marked slow, `few` on
    PostgreSQL and `many` on both."""
    slow = [("postgresql", "few", few), ("sqlite", "many", many), ("postgresql", "many", many)]
    chosen = [pytest.param("sqlite", few, id="sqlite-few")]
    for kind, name, count in slow:
        chosen.append(pytest.param(kind, count, id=f"{kind}-{name}", marks=pytest.mark.slow))
    return pytest.mark.parametrize(("database_url", "count"), chosen, indirect=["database_url"])
