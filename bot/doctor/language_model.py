"""Check the settings of the language model's server, if one is set."""

from collections.abc import Iterator

from bot.chat_settings import chat_server_of
from bot.config import Settings, SettingsError
from bot.doctor.system import open_to_others
from bot.file_modes import is_open_to_others
from bot.replies.base import Check

NAME = "language model"


def language_model_checks(settings: Settings) -> Iterator[Check]:
    """Report which server `nearsay ways` sends entries to. Connects to no server."""
    try:
        server = chat_server_of(settings)
    except SettingsError as error:
        cure = "Correct it, or unset all NEARSAY_LLM settings; .env.example lists them."
        yield from (Check(NAME, "error", problem, cure) for problem in error.problems)
        return
    if server is None:
        return
    file = settings.llm_key_file
    if file is not None and is_open_to_others(file):
        yield Check(NAME, "warning", *open_to_others(file.absolute()))
    key = "with a key" if server.key else "without a key"
    yield Check(NAME, "ok", f"nearsay ways sends entries to {server.model} at {server.name}, {key}")
