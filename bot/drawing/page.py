"""A map as one page to explore."""

from __future__ import annotations

from index.space.latent.results import Chart
from index.store import Generation


def page_of(generation: Generation, chart: Chart) -> str:
    return ""
