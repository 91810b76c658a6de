"""How often a fault happens: a few times in the normal run, often when slow tests run too, and in
between, where that is worth it, in the gate (see .ci/run), which is content with SQLite."""

from __future__ import annotations

import pytest


def counts(
    few: int, many: int, *, gate: int | None = None, few_on_postgresql: int | None = None
) -> pytest.MarkDecorator:
    """The arguments `database_url` and `count` of a test: on each kind of database `few` (on
    PostgreSQL another number where one is given), and marked slow `many` and the `gate`'s."""
    normal = {"sqlite": few, "postgresql": few_on_postgresql or few}
    slow = [("sqlite", "many", many), ("postgresql", "many", many)]
    if gate is not None:
        slow.append(("sqlite", "gate", gate))
    chosen = [pytest.param(kind, count, id=f"{kind}-few") for kind, count in normal.items()]
    for kind, name, count in slow:
        chosen.append(pytest.param(kind, count, id=f"{kind}-{name}", marks=pytest.mark.slow))
    return pytest.mark.parametrize(("database_url", "count"), chosen, indirect=["database_url"])
