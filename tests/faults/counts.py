"""How often a fault happens: a few times in the normal run, often when slow tests run too, and in
between, where that is worth it, in the gate (see .ci/run)."""

from __future__ import annotations

import pytest


def counts(few: int, many: int, gate: int | None = None) -> pytest.MarkDecorator:
    """The argument `count` of a test: `few`, and marked slow `many` and the `gate`'s."""
    slow = {"many": many} if gate is None else {"gate": gate, "many": many}
    marked = [pytest.param(count, id=name, marks=pytest.mark.slow) for name, count in slow.items()]
    return pytest.mark.parametrize("count", [pytest.param(few, id="few"), *marked])
