"""The environment of the programs that are measured."""

from __future__ import annotations

import os
from collections.abc import Mapping

from bot.config import PREFIX, described


def child_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The variables of this process for a child that is to have these settings and no others."""
    known = {name for name, _ in described()}
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((PREFIX, "SLACK_")) and name not in known
    }
    return {**others, **settings}
