"""How often a fault happens: a few times in the normal run, often when slow tests run too."""

from __future__ import annotations

import pytest


def counts(few: int, many: int) -> pytest.MarkDecorator:
    """The argument `count` of a test: `few`, and marked slow `many`."""
    return pytest.mark.parametrize(
        "count",
        [pytest.param(few, id="few"), pytest.param(many, id="many", marks=pytest.mark.slow)],
    )
