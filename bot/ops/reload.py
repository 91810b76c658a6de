"""Reload the settings while serving."""

import logging

from bot.config import Settings, SettingsError, setting_names

logger = logging.getLogger(__name__)

# Fields of Settings that a reload can change; all others need a restart.
CHANGEABLE = ("admins", "log_level", "log_format")


def reload_settings(before: Settings) -> Settings:
    """Return the settings `before` with the fields in `CHANGEABLE` reloaded.

    Logs the changed settings, and those that need a restart. If loading fails, returns `before`.
    """
    try:
        now = Settings.load()
    except SettingsError as error:
        logger.warning("reload failed, settings unchanged: %s", " ".join(error.problems))
        return before
    names = setting_names()
    differing = [name for name in names if getattr(now, name) != getattr(before, name)]
    changed = [name for name in differing if name in CHANGEABLE]
    waiting = [names[name] for name in differing if name not in CHANGEABLE]
    listed = ", ".join(names[name] for name in changed) or "none"
    logger.info("settings reloaded; changed: %s", listed)
    if waiting:
        logger.warning("settings that need a restart: %s", ", ".join(waiting))
    return before.model_copy(update={name: getattr(now, name) for name in changed})
