"""The language model's server, from the settings."""

from pydantic import SecretStr

from bot.config import Settings, SettingsError
from bot.setting_values import parse_key, read_key
from index.ways.chat_server import ChatServer


def chat_server_of(settings: Settings) -> ChatServer | None:
    """Return the language model's server, or None if none is set. Raises `SettingsError` if its
    settings are incomplete, or if its key cannot be read or sent."""
    url, model = settings.llm_url, settings.llm_model
    if not (url or model or settings.llm_key or settings.llm_key_file):
        return None
    problems = [
        f"{name} is missing, though other settings of the language model's server are set."
        for name, value in (("NEARSAY_LLM_URL", url), ("NEARSAY_LLM_MODEL", model))
        if not value
    ]
    if settings.llm_key and settings.llm_key_file:
        problems.append("NEARSAY_LLM_KEY and NEARSAY_LLM_KEY_FILE are both set: unset one.")
    if problems:
        raise SettingsError(problems)
    return ChatServer(url, model, _key(settings))


def _key(settings: Settings) -> SecretStr | None:
    file = settings.llm_key_file
    name = "NEARSAY_LLM_KEY" if file is None else f"NEARSAY_LLM_KEY_FILE names {file}, which"
    try:
        if file is not None:
            return SecretStr(read_key(file))
        given = settings.llm_key
        return None if given is None else SecretStr(parse_key(given.get_secret_value()))
    except OSError as error:
        raise SettingsError([f"{name} cannot be read: {error.strerror or error}."]) from None
    except ValueError as error:
        raise SettingsError([f"{name} {error}."]) from None
