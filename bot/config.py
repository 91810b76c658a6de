"""Settings, from the environment and a `.env` file, as one frozen value.

Nothing else reads the environment. The environment wins over the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, PlainValidator, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.sources.source import Source
from index.storage.chroma.server import HEADERS, ChromaServer

PREFIX = "NEARSAY_"
ENV_FILE = Path(".env")
LSA = "lsa"  # among models: the space that is learned from the words of the index
MAX_MODELS = 3  # set beside that of the index
MAX_PREFIX = 20  # characters of 32 that a slash command has in Slack, the slash included


class SettingsError(Exception):
    """Settings that cannot be used; `problems` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# What a value may be. Each function makes a value of its text, or raises `ValueError` with what the
# value is to be, to stand behind the setting's name.


def _text(read: Callable[[str], object]) -> PlainValidator:
    return PlainValidator(lambda value: read(value) if isinstance(value, str) else value)


def _one_of(*choices: str) -> PlainValidator:
    return _text(lambda value: _choice(value, choices))


def _choice(value: str, choices: tuple[str, ...]) -> str:
    for choice in choices:
        if value.casefold() == choice.casefold():
            return choice
    raise ValueError(f"is one of {', '.join(choices)}")


def _whole(what: str, least: int, most: int) -> PlainValidator:
    def read(value: str) -> int:
        digits = value.lstrip("0")[:10] or "0"
        if not (value.isascii() and value.isdecimal() and least <= int(digits) <= most):
            raise ValueError(f"is {what}, {least} to {most}")
        return int(digits)

    return _text(read)


def _path(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError("names a home folder that does not exist") from error


def _sources(value: str) -> tuple[Source, ...]:
    found = [Source.parse(part) for part in value.split(os.pathsep) if part.strip()]
    return tuple(replace(source, path=str(_path(source.path))) for source in found)


def _channel(value: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{2,20}", value):
        raise ValueError("is the id of a channel, such as C012ABCDEF")
    return value


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _users(value: str) -> tuple[str, ...]:
    if not all(re.fullmatch(r"[UW][A-Z0-9]{2,20}", part) for part in _listed(value)):
        raise ValueError("lists user ids such as U012ABCDEF, separated by commas")
    return tuple(_listed(value))


def _models(value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(_listed(value)))
    if not 0 < len(names) <= MAX_MODELS:
        raise ValueError(f"lists one to {MAX_MODELS} models, separated by commas")
    return tuple(LSA if name.casefold() == LSA else name for name in names)


def _seconds(value: str) -> int:
    given = re.fullmatch(r"([0-9]{1,5})([mhd])", value.casefold(), re.ASCII)
    if given is None or not int(given[1]):
        raise ValueError("is a time such as 30m, 6h or 1d")
    return int(given[1]) * {"m": 60, "h": 3_600, "d": 86_400}[given[2]]


def _address(value: str, what: str, elsewhere: str = "") -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError(f"is {what}")
    if parts.username or parts.password:
        raise ValueError(f"has no user name or password in it{elsewhere}")
    return value.rstrip("/")


def _api_url(value: str) -> str:
    return _address(value, "a web address, such as https://slack.com/api/") + "/"


def _chroma_url(value: str) -> str:
    what = "the address of a Chroma server, such as https://chroma.example:8000"
    address = _address(value, what, "; CHROMA_TOKEN is for those")
    parts = urlsplit(address)
    if parts.path or parts.query or parts.fragment:
        raise ValueError("ends with the host or the port")
    _ = parts.port  # raises ValueError when it is none
    return address


def _command_prefix(value: str) -> str:
    if not re.fullmatch("[a-zA-Z0-9_-]*", value):
        raise ValueError("has only letters, digits, - and _")
    if len(value) > MAX_PREFIX:
        raise ValueError(f"has at most {MAX_PREFIX} characters")
    return value.casefold()


Folder = Annotated[Path, _text(_path)]
Port = Annotated[int, _whole("a port", 1, 65_535)]
Rate = Annotated[int, _whole("a number of requests a minute", 0, 100_000)]
Mode = Literal["socket", "http"]
YesNo = Annotated[bool, _text(lambda value: _choice(value, ("yes", "no")) == "yes")]
OnOff = Annotated[bool, _text(lambda value: _choice(value, ("on", "off")) == "on")]
Channel = Annotated[str, _text(_channel)]


def _name(field: str) -> str:
    """The variable of a field."""
    shared = field.startswith(("slack_", "database_", "chroma_"))
    return ("" if shared else PREFIX) + field.upper()


class Settings(BaseSettings):
    """Everything that can be set, each with its line in the documentation; `load` reads it."""

    model_config = SettingsConfigDict(
        alias_generator=_name,
        populate_by_name=True,
        case_sensitive=True,
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
        validate_default=False,
    )

    slack_bot_token: SecretStr | None = None
    """The bot's token, xoxb-…"""
    slack_app_token: SecretStr | None = None
    """The app-level token for Socket Mode, xapp-…"""
    slack_signing_secret: SecretStr | None = None
    """The signing secret, for HTTP mode"""
    slack_api_url: Annotated[str, _text(_api_url)] = "https://slack.com/api/"
    """Another base address of Slack's Web API, for tests and proxies"""
    data_dir: Folder = Field(default_factory=lambda: user_data_path("nearsay", appauthor=False))
    """Where the index and the converted model are kept (default: a nearsay folder in the user's
    data directory)"""
    database_url: SecretStr | None = None
    """PostgreSQL for the ledger, postgresql://user:password@host/name (default: a SQLite file in
    the data directory)"""
    chroma_url: Annotated[str, _text(_chroma_url)] = ""
    """A Chroma server for the vectors, http://host:8000 or https://host (default: Chroma in the
    data directory)"""
    chroma_token: SecretStr | None = None
    """What the Chroma server, or Chroma Cloud, lets Nearsay in by"""
    chroma_token_header: Annotated[str, _one_of(*HEADERS)] = HEADERS[0]
    """The header that CHROMA_TOKEN goes into: x-chroma-token, or authorization as a bearer's
    (default: x-chroma-token)"""
    chroma_tenant: str = "default_tenant"
    """The tenant on the Chroma server (default: default_tenant)"""
    chroma_database: str = "default_database"
    """The tenant's database (default: default_database)"""
    chroma_certificates: Folder | None = None
    """A file of the certificates that are trusted for https, in PEM (default: well-known ones)"""
    sources: Annotated[tuple[Source, ...], NoDecode, _text(_sources)] = ()
    """Glossaries to index beside the encyclopedia, as path or name=path, separated by ':' (';' on
    Windows)"""
    encyclopedia: OnOff = True
    """Whether the bundled encyclopedia is indexed: on or off (default: on)"""
    model: str = "all-MiniLM-L6-v2"
    """A sentence-transformers model: a name or a folder (default: all-MiniLM-L6-v2)"""
    backend: Annotated[
        Literal["auto", "openvino", "torch"], _one_of("auto", "openvino", "torch")
    ] = "auto"
    """What runs the model: auto, openvino or torch (default: auto)"""
    models: Annotated[tuple[str, ...], NoDecode, _text(_models)] = (LSA,)
    """Models that /latent models sets beside that of the index, separated by commas: names,
    folders, or lsa, which is learned from the words of the index (default: lsa)"""
    admins: Annotated[tuple[str, ...], NoDecode, _text(_users)] = ()
    """User ids in Slack of those who may use /near-admin, separated by commas"""
    workspace_admins: YesNo = False
    """Whether admins of the workspace may too: yes or no (default: no)"""
    review_channel: Channel = ""
    """The id of the channel that definitions people suggest are shown in for review (default:
    direct messages to NEARSAY_ADMINS)"""
    reindex_every: Annotated[int, _text(_seconds)] = 0
    """How often the sources are read again while serving, such as 30m, 6h or 1d (default: never)"""
    watch: YesNo = False
    """Whether a change in a file of a source is indexed at once while serving: yes or no (default:
    no)"""
    import_dir: Folder | None = None
    """The folder that /near-admin import reads glossaries from (default: only files that are sent
    to the bot)"""
    digest_channel: Channel = ""
    """The id of the channel that is told once a week what people could not find (default: none
    is)"""
    golden: Folder | None = None
    """A file of questions, one a line, by which answers are compared after a reindex (default:
    questions of the entries)"""
    host: str = "127.0.0.1"
    """The address to listen on in HTTP mode (default: 127.0.0.1)"""
    port: Port = 3000
    """The port to listen on in HTTP mode (default: 3000)"""
    ops_port: Port = 3001
    """The port of /healthz, /readyz and /metrics, on 127.0.0.1 only (default: 3001)"""
    command_prefix: Annotated[str, _text(_command_prefix)] = ""
    """Put before every command: with dev- they are /dev-near and so on"""
    threads: Annotated[Literal["follow", "mention", "off"], _one_of("follow", "mention", "off")] = (
        "mention"
    )
    """In channels: mention answers only what mentions the bot, follow also follow-ups in threads
    where it was asked, off nothing at all (default: mention)"""
    person_rate: Rate = 60
    """How much one person may ask a minute; with 0 as much as they like (default: 60)"""
    workspace_rate: Rate = 1_200
    """How much everybody together may ask a minute; with 0 as much as they like (default: 1200)"""
    external_users: Annotated[Literal["deny", "ask"], _one_of("deny", "ask")] = "deny"
    """People of other workspaces in shared channels: deny answers none of them, ask lets them ask
    and nothing else (default: deny)"""
    retention_days: Annotated[int, _whole("a number of days", 0, 36_500)] = 90
    """For how many days questions and votes are kept; with 0 none are (default: 90)"""
    log_level: Annotated[str, _one_of("DEBUG", "INFO", "WARNING", "ERROR")] = "INFO"
    """How much is logged: DEBUG, INFO, WARNING or ERROR (default: INFO)"""
    log_format: Annotated[Literal["console", "json"], _one_of("console", "json")] = "console"
    """How log records are written: console for lines to read, json for a log store (default:
    console)"""

    @model_validator(mode="before")
    @classmethod
    def _only_what_is_set(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """An empty value means "not set"; in the environment it hides that of the file."""
        bare = {key: v.strip() if isinstance(v, str) else v for key, v in values.items()}
        return {key: value for key, value in bare.items() if value != ""}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be shown nowhere: tokens, and addresses with what they hold in secret."""
        given = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        return tuple(part for text in given for part in (text, *_passwords(text)))

    @property
    def database(self) -> str:
        """The address of the ledger's database; empty for SQLite in the data directory."""
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
            tenant=self.chroma_tenant,
            database=self.chroma_database,
            certificates=self.chroma_certificates,
        )

    @property
    def connects_to_slack(self) -> bool:
        """Whether there is enough to serve Slack."""
        return self.slack_bot_token is not None and (
            self.slack_app_token is not None or self.slack_signing_secret is not None
        )

    @property
    def slack_mode(self) -> Mode:
        """How Slack is reached when nobody says: by a socket where there is a token for one."""
        return "socket" if self.slack_app_token is not None else "http"

    @classmethod
    def load(cls, file: Path = ENV_FILE) -> Settings:
        """The settings of the environment over those of `file`, where there is one.

        Raises `SettingsError` with every problem at once: values that cannot be read, and
        `NEARSAY_…` names that do not exist.
        """
        problems: list[str] = []
        try:
            names = [*(dotenv_values(file) if file.is_file() else ()), *os.environ]
            problems += [problem for name in dict.fromkeys(names) if (problem := _unknown(name))]
            settings = cls(_env_file=file)  # type: ignore[call-arg]
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError([f"{file} cannot be read as UTF-8 text: {error}."]) from error
        except ValidationError as error:
            problems += [
                f"{wrong['loc'][0]} {wrong['ctx']['error']}; it is {_shown(wrong['input'])}."
                for wrong in error.errors()
            ]
            raise SettingsError(problems) from None
        if problems:
            raise SettingsError(problems)
        return settings


def described() -> list[tuple[str, str]]:
    """Every setting's name with its line in the documentation, in order."""
    return [
        (_name(name), " ".join(str(field.description).split()))
        for name, field in Settings.model_fields.items()
    ]


_NAMES = [name for name, _ in described()]


def _unknown(name: str) -> str:
    """What is wrong with a variable's name; nothing where it is a setting's or somebody else's."""
    # SLACK_CHANNEL may be somebody else's; SLACK_BOT_TOKN is a slip.
    ours = name.startswith(PREFIX)
    if name in _NAMES or not (ours or name.startswith("SLACK_")):
        return ""
    edits = 4 if ours else 3
    close = process.extractOne(name, _NAMES, scorer=OSA.distance, score_cutoff=edits)
    if close:
        return f"{name} is no setting. Is {close[0]} meant?"
    return f"{name} is no setting. .env.example lists those there are." if ours else ""


def _shown(value: str) -> str:
    """A value that could not be read, unless it may be a secret in the wrong place."""
    signs = any(sign in value for sign in ("xoxb-", "xoxp-", "xapp-", "@"))
    secret = signs or re.search("[0-9a-fA-F]{32}", value) is not None
    return "not shown here" if secret else repr(value[:80])


def _passwords(address: str) -> Iterator[str]:
    """The passwords in an address: of its user, and in its query; as written, and as they are
    meant. One with a sign that should have been escaped is found too."""
    before, _, query = address.partition("://")[2].partition("?")
    given = [before.rpartition("@")[0].partition(":")[2]]
    given += [value for name, value in parse_qsl(query) if "pass" in name.casefold()]
    yield from (form for one in given if one for form in (one, unquote(one)))
