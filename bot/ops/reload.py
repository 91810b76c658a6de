"""Read the settings again while serving."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.config import Settings, SettingsError, described

logger = logging.getLogger(__name__)

# The fields of Settings that can change while serving; any other needs a new start.
CHANGEABLE = ("admins", "log_level", "log_format")


def reload_settings(before: Settings, load: Callable[[], Settings] = Settings.load) -> Settings:
    """The settings of now, as far as they can change while serving; says in the log what did and
    what waits for a new start. Where they cannot be read, all stays as it was `before`."""
    try:
        now = load()
    except SettingsError as error:
        logger.warning("the settings stay as they were: %s", " ".join(error.problems))
        return before
    names = dict(zip(Settings.model_fields, (name for name, _ in described()), strict=True))
    differing = [name for name in names if getattr(now, name) != getattr(before, name)]
    changed = [name for name in differing if name in CHANGEABLE]
    waiting = [names[name] for name in differing if name not in CHANGEABLE]
    told = ", ".join(names[name] for name in changed) or "none has changed"
    logger.info("the settings were read anew: %s", told)
    if waiting:
        logger.warning("these change with the next start: %s", ", ".join(waiting))
    return before.model_copy(update={name: getattr(now, name) for name in changed})
