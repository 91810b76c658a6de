"""The settings, read from the environment and a `.env` file, as one frozen object.

No other module reads settings from the environment. The environment overrides the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.readers import Readers, Rules, parse_readers
from bot.setting_files import distrust, name_error, problems_of, with_secrets
from bot.setting_rules import LEARNS_FROM_OTHERS, unencrypted_servers
from bot.setting_values import (
    LSA,
    RETENTION_DAYS,
    Channel,
    Folder,
    Mode,
    OnOff,
    Port,
    Rate,
    YesNo,
    one_of,
    parse_api_url,
    parse_chroma_url,
    parse_command_prefix,
    parse_learn,
    parse_llm_url,
    parse_models,
    parse_public_url,
    parse_seconds,
    parse_source_hosts,
    parse_sources,
    parse_users,
    passwords_in,
    read_key,
    text_value,
    whole_number,
)
from index.sources.source import Source
from index.storage.chroma.server import HEADERS, ChromaServer

PREFIX = "NEARSAY_"
ENV_FILE = Path(".env")
SHORTEST_KEY = 8  # characters of a query that may hold a key


class SettingsError(Exception):
    """Invalid settings; `problems` has one text for each problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _name(field: str) -> str:
    shared = field.startswith(("slack_", "database_", "chroma_"))
    return ("" if shared else PREFIX) + field.upper()


class Settings(BaseSettings):
    """All settings; each field's docstring is its documentation. `load` reads them."""

    model_config = SettingsConfigDict(
        alias_generator=_name,
        populate_by_name=True,
        case_sensitive=True,
        extra="ignore",
        frozen=True,
        validate_default=False,
    )

    slack_bot_token: SecretStr | None = None
    """The bot's token, xoxb-…"""
    slack_bot_token_file: Folder | None = None
    """A file with the bot's token, instead of SLACK_BOT_TOKEN"""
    slack_app_token: SecretStr | None = None
    """The app-level token for Socket Mode, xapp-…"""
    slack_app_token_file: Folder | None = None
    """A file with the app-level token, instead of SLACK_APP_TOKEN"""
    slack_signing_secret: SecretStr | None = None
    """The signing secret, for HTTP mode"""
    slack_signing_secret_file: Folder | None = None
    """A file with the signing secret, instead of SLACK_SIGNING_SECRET"""
    slack_api_url: Annotated[str, text_value(parse_api_url)] = "https://slack.com/api/"
    """The base address of Slack's Web API, for tests and proxies (default:
    https://slack.com/api/)"""
    data_dir: Folder = Field(default_factory=lambda: user_data_path("nearsay", appauthor=False))
    """The folder of the index, the ledger and the converted model (default: a nearsay folder in the
    user's data directory)"""
    database_url: SecretStr | None = None
    """PostgreSQL for the ledger, postgresql://user:password@host/name?sslmode=verify-full (default:
    a SQLite file in the data directory)"""
    database_url_file: Folder | None = None
    """A file with that address, instead of DATABASE_URL"""
    chroma_url: Annotated[str, text_value(parse_chroma_url)] = ""
    """A Chroma server for the vectors, https://host or http://127.0.0.1:8000 (default: Chroma in
    the data directory)"""
    chroma_token: SecretStr | None = None
    """The token for the Chroma server"""
    chroma_token_file: Folder | None = None
    """A file with that token, instead of CHROMA_TOKEN"""
    chroma_token_header: Annotated[str, one_of(*HEADERS)] = HEADERS[0]
    """The header that carries CHROMA_TOKEN: x-chroma-token, or authorization for a bearer token
    (default: x-chroma-token)"""
    chroma_certificates: Folder | None = None
    """A PEM file of trusted certificates for https (default: the usual certificate authorities)"""
    unencrypted: YesNo = False
    """Whether PostgreSQL and Chroma on other machines may be reached without TLS, in a private
    network: yes or no (default: no)"""
    sources: Annotated[tuple[Source, ...], NoDecode, text_value(parse_sources)] = ()
    """Glossaries to index with the encyclopedia, as path, https address or name=path, separated by
    ':' (';' on Windows); in addresses, write it as %3A (%3B)"""
    source_hosts: Annotated[tuple[str, ...], NoDecode, text_value(parse_source_hosts)] = ()
    """The hosts from which glossaries may be fetched, separated by commas; *.example.com allows the
    subdomains of example.com (default: none)"""
    encyclopedia: OnOff = True
    """Whether the bundled encyclopedia is indexed: on or off (default: on)"""
    model: str = "all-MiniLM-L6-v2"
    """A sentence-transformers model: a name or a folder (default: all-MiniLM-L6-v2)"""
    models: Annotated[tuple[str, ...], NoDecode, text_value(parse_models)] = (LSA,)
    """The models that /latent models compares with the model of the index, separated by commas:
    names, folders, or lsa, which is learned from the index itself (default: lsa)"""
    admins: Annotated[tuple[str, ...], NoDecode, text_value(parse_users)] = ()
    """The Slack user ids of admins, who may use /near-admin, separated by commas"""
    workspace_admins: YesNo = False
    """Whether workspace admins may use /near-admin too: yes or no (default: no)"""
    review_channel: Channel = ""
    """The id of the channel in which suggested definitions are reviewed (default: direct messages
    to NEARSAY_ADMINS)"""
    reindex_every: Annotated[int, text_value(parse_seconds)] = 0
    """How often the sources are read again while serving, such as 30m, 6h or 1d (default: never)"""
    import_dir: Folder | None = None
    """The folder from which /near-admin import may read glossaries (default: only files sent to the
    bot)"""
    digest_channel: Channel = ""
    """The id of the channel for a weekly digest of questions without answers (default: no
    digest)"""
    golden: Folder | None = None
    """A file of questions, one per line, whose answers are compared after a reindex (default:
    questions of the entries)"""
    llm_url: Annotated[str, text_value(parse_llm_url)] = ""
    """A language model's server that nearsay ways asks for ways to ask, https://host/v1: any that
    speaks OpenAI's chat completions. It receives the text of entries (default: none)"""
    llm_model: str = ""
    """The name of the model on that server"""
    llm_key: SecretStr | None = None
    """The key for that server"""
    llm_key_file: Folder | None = None
    """A file with the key for that server, instead of NEARSAY_LLM_KEY"""
    # For apps offered to other organizations, Slack's API terms restrict what may be stored, and
    # Slack forbids to train language models with its data: docs/explanation/privacy.md quotes them.
    learn: Annotated[Literal["", "questions"], text_value(parse_learn)] = ""
    """With questions, a question is proposed as a way to ask for the entry that its users opened or
    found helpful: for a bot that an organization runs for itself (default: nothing is learned)"""
    host: str = "127.0.0.1"
    """The address to listen on in HTTP mode and for /mcp (default: 127.0.0.1)"""
    port: Port = 3000
    """The port to listen on in HTTP mode and for /mcp (default: 3000)"""
    public_url: Annotated[str, text_value(parse_public_url)] = ""
    """The https address under which agents reach /mcp, such as https://nearsay.example.com: it
    switches /mcp on (default: /mcp is on if there is a token, for clients on this machine)"""
    ops_port: Port = 3001
    """The port of /healthz, /readyz and /metrics (default: 3001)"""
    ops_host: str = "127.0.0.1"
    """The address to listen on for them, which asks nobody who they are: beyond this machine, only
    in a private network (default: 127.0.0.1)"""
    command_prefix: Annotated[str, text_value(parse_command_prefix)] = ""
    """A prefix for every command in Slack: with dev-, /near becomes /dev-near"""
    threads: Annotated[Literal["follow", "mention", "off"], one_of("follow", "mention", "off")] = (
        "mention"
    )
    """In channels: mention answers only messages that mention the bot, follow also follow-ups in
    threads where it was asked, off answers nothing (default: mention)"""
    files: Annotated[Literal["none", "send", "both"], one_of("none", "send", "both")] = "send"
    """Files in Slack: none, send for pictures of the map and exports, or both to read glossaries
    that admins send to the bot, too (default: send)"""
    person_rate: Rate = 60
    """Requests that one user may send per minute; long or slow ones count as
    several; 0 for no limit (default: 60)"""
    workspace_rate: Rate = 1_200
    """The same for all users together; 0 for no limit (default: 1200)"""
    external_users: Annotated[Literal["deny", "ask"], one_of("deny", "ask")] = "deny"
    """Users of other workspaces in shared channels: deny answers none of them, ask lets them ask,
    open entries and vote, but change nothing (default: deny)"""
    readers: Annotated[Rules, NoDecode, text_value(parse_readers)] = Field(default_factory=dict)
    """Who may read a source, such as hr=members,legal=S0123ABC: public (also organizations in
    shared channels), everybody, members (no guests), or ids of user groups joined by + (default:
    everybody, the encyclopedia public)"""
    guests: Annotated[Literal["deny", "ask"], one_of("deny", "ask")] = "ask"
    """Guests of the workspace: deny answers none of them, ask lets them ask (default: ask)"""
    retention_days: Annotated[int, whole_number("a number of days", 0, 36_500)] = RETENTION_DAYS
    """Days for which questions and votes are stored; 0 stores none (default: 90)"""
    log_level: Annotated[str, one_of("DEBUG", "INFO", "WARNING", "ERROR")] = "INFO"
    """The log level: DEBUG, INFO, WARNING or ERROR (default: INFO)"""
    log_format: Annotated[Literal["console", "json"], one_of("console", "json")] = "console"
    """The format of the log: console for plain lines, json for a log store (default: console)"""

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Drop empty values: an empty variable counts as not set, even if the file sets it."""
        return with_secrets(values)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values to redact: tokens, keys, URLs, the passwords in URLs, and the queries of
        sources' addresses."""
        given = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        if self.llm_key_file is not None:
            with suppress(OSError, ValueError):
                given.append(read_key(self.llm_key_file))
        queries = [urlsplit(source.path).query for source in self.sources if source.is_web]
        keys = [query for query in queries if len(query) >= SHORTEST_KEY]
        return (*(part for text in given for part in (text, *passwords_in(text))), *keys)

    @property
    def database(self) -> str:
        """The ledger's database URL; empty for SQLite in the data directory."""
        return self.database_url.get_secret_value() if self.database_url else ""

    @property
    def chroma(self) -> ChromaServer | None:
        """The Chroma server for the vectors; None for Chroma in the data directory."""
        if not self.chroma_url:
            return None
        return ChromaServer(
            url=self.chroma_url,
            token=self.chroma_token.get_secret_value() if self.chroma_token else "",
            header=self.chroma_token_header,
            certificates=self.chroma_certificates,
        )

    @property
    def reader_rules(self) -> Readers:
        """Who may read which source, and whether guests are answered."""
        return Readers(self.readers, guests=self.guests == "ask")

    @property
    def connects_to_slack(self) -> bool:
        """Whether the tokens suffice to serve Slack."""
        return self.slack_bot_token is not None and (
            self.slack_app_token is not None or self.slack_signing_secret is not None
        )

    @property
    def slack_mode(self) -> Mode:
        """The default mode: Socket Mode if there is an app-level token, else HTTP."""
        return "socket" if self.slack_app_token is not None else "http"

    @classmethod
    def load(cls, file: Path = ENV_FILE) -> Settings:
        """Load the settings from the environment and `file`, if it exists.

        Raises `SettingsError` with all problems at once: invalid values, unknown names that start
        with `NEARSAY_`, and other names that resemble the name of a setting (in the environment
        only if they start with `SLACK_`).
        """
        if untrusted := distrust(file):
            raise SettingsError([untrusted])
        problems: list[str] = []
        known = list(setting_names().values())
        try:
            found = (name_error(name, known, PREFIX) for name in names_set(file))
            problems += filter(None, found)
            # pydantic-settings reads `_env_file`, which is not a field.
            settings = cls(_env_file=file)  # type: ignore[call-arg]
            if settings.learn and settings.external_users == "ask":
                problems.append(LEARNS_FROM_OTHERS)
            if not settings.unencrypted:
                problems += unencrypted_servers(settings.chroma_url, settings.database)
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError([f"{file} cannot be read as UTF-8 text: {error}."]) from error
        except ValidationError as error:
            raise SettingsError([*problems, *problems_of(error)]) from None
        if problems:
            raise SettingsError(problems)
        return settings


def setting_names() -> dict[str, str]:
    """Return the environment variable of each field of `Settings`, in order."""
    return {name: _name(name) for name in Settings.model_fields}


def names_set(file: Path) -> list[str]:
    """Return the names set in `file` and, if they resemble ours, in the environment."""
    names = [*(dotenv_values(file) if file.is_file() else ())]
    names += [name for name in os.environ if name.startswith((PREFIX, "SLACK_"))]
    return list(dict.fromkeys(names))
