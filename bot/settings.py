"""Settings, from the environment and a `.env` file, as one frozen value.

Nothing else reads the environment. The environment wins over the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, unquote

from dotenv import dotenv_values
from platformdirs import user_data_path
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot import setting_values
from bot.setting_values import LSA
from index.chroma_server import HEADERS, ChromaServer
from index.sources.source import Source

PREFIX = "NEARSAY_"
ENV_FILE = Path(".env")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Secret:
    """A value that is never shown: `str` and `repr` hide it, `reveal` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('…')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class SettingsError(Exception):
    """Settings that cannot be used; `problems` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _setting(name: str, summary: str, read: Callable[[str], Any], default: Any) -> Any:
    """A field read from the variable `name`; `summary` is its line in the documentation."""
    metadata = {"name": name, "summary": summary, "read": read}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set; `Settings.load` reads it."""

    slack_bot_token: Secret | None = _setting(
        "SLACK_BOT_TOKEN", "The bot's token, xoxb-…", Secret, None
    )
    slack_app_token: Secret | None = _setting(
        "SLACK_APP_TOKEN", "The app-level token for Socket Mode, xapp-…", Secret, None
    )
    slack_signing_secret: Secret | None = _setting(
        "SLACK_SIGNING_SECRET", "The signing secret, for HTTP mode", Secret, None
    )
    slack_api_url: str = _setting(
        "SLACK_API_URL",
        "Another base address of Slack's Web API, for tests and proxies",
        setting_values.api_url,
        "https://slack.com/api/",
    )
    data_dir: Path = _setting(
        "NEARSAY_DATA_DIR",
        "Where the index and the converted model are kept (default: a nearsay folder in the "
        "user's data directory)",
        setting_values.folder,
        lambda: user_data_path("nearsay", appauthor=False),
    )
    database_url: Secret | None = _setting(
        "DATABASE_URL",
        "PostgreSQL for the ledger, postgresql://user:password@host/name (default: a SQLite file "
        "in the data directory)",
        Secret,
        None,
    )
    chroma_url: str = _setting(
        "CHROMA_URL",
        "A Chroma server for the vectors, http://host:8000 or https://host (default: Chroma in the "
        "data directory)",
        setting_values.chroma_url,
        "",
    )
    chroma_token: Secret | None = _setting(
        "CHROMA_TOKEN", "What the Chroma server, or Chroma Cloud, lets Nearsay in by", Secret, None
    )
    chroma_token_header: str = _setting(
        "CHROMA_TOKEN_HEADER",
        "The header that CHROMA_TOKEN goes into: x-chroma-token, or authorization as a bearer's "
        "(default: x-chroma-token)",
        setting_values.one_of(*HEADERS),
        HEADERS[0],
    )
    chroma_tenant: str = _setting(
        "CHROMA_TENANT",
        "The tenant on the Chroma server (default: default_tenant)",
        str,
        "default_tenant",
    )
    chroma_database: str = _setting(
        "CHROMA_DATABASE",
        "The tenant's database (default: default_database)",
        str,
        "default_database",
    )
    chroma_certificates: Path | None = _setting(
        "CHROMA_CERTIFICATES",
        "A file of the certificates that are trusted for https, in PEM (default: well-known ones)",
        setting_values.folder,
        None,
    )
    sources: tuple[Source, ...] = _setting(
        "NEARSAY_SOURCES",
        "Glossaries to index beside the encyclopedia, as path or name=path, separated by ':' "
        "(';' on Windows)",
        setting_values.sources,
        (),
    )
    encyclopedia: bool = _setting(
        "NEARSAY_ENCYCLOPEDIA",
        "Whether the bundled encyclopedia is indexed: on or off (default: on)",
        setting_values.on,
        True,
    )
    model: str = _setting(
        "NEARSAY_MODEL",
        "A sentence-transformers model: a name or a folder (default: all-MiniLM-L6-v2)",
        str,
        "all-MiniLM-L6-v2",
    )
    backend: Literal["auto", "openvino", "torch"] = _setting(
        "NEARSAY_BACKEND",
        "What runs the model: auto, openvino or torch (default: auto)",
        setting_values.one_of("auto", "openvino", "torch"),
        "auto",
    )
    models: tuple[str, ...] = _setting(
        "NEARSAY_MODELS",
        "Models that /latent models sets beside that of the index, separated by commas: names, "
        "folders, or lsa, which is learned from the words of the index (default: lsa)",
        setting_values.models,
        (LSA,),
    )
    admins: tuple[str, ...] = _setting(
        "NEARSAY_ADMINS",
        "User ids in Slack of those who may use /near-admin, separated by commas",
        setting_values.user_ids,
        (),
    )
    workspace_admins: bool = _setting(
        "NEARSAY_WORKSPACE_ADMINS",
        "Whether admins of the workspace may too: yes or no (default: no)",
        setting_values.yes,
        False,
    )
    review_channel: str = _setting(
        "NEARSAY_REVIEW_CHANNEL",
        "The id of the channel that definitions people suggest are shown in for review (default: "
        "direct messages to NEARSAY_ADMINS)",
        setting_values.channel,
        "",
    )
    reindex_every: int = _setting(
        "NEARSAY_REINDEX_EVERY",
        "How often the sources are read anew while serving, such as 30m, 6h or 1d (default: never)",
        setting_values.every,
        0,
    )
    watch: bool = _setting(
        "NEARSAY_WATCH",
        "Whether a change in a file of a source is indexed at once while serving: yes or no "
        "(default: no)",
        setting_values.yes,
        False,
    )
    import_dir: Path | None = _setting(
        "NEARSAY_IMPORT_DIR",
        "The folder that /near-admin import reads glossaries from (default: only files that are "
        "sent to the bot)",
        setting_values.folder,
        None,
    )
    digest_channel: str = _setting(
        "NEARSAY_DIGEST_CHANNEL",
        "The id of the channel that is told once a week what people could not find (default: none "
        "is)",
        setting_values.channel,
        "",
    )
    golden: Path | None = _setting(
        "NEARSAY_GOLDEN",
        "A file of questions, one a line, by which answers are compared after a reindex (default: "
        "questions of the entries)",
        setting_values.folder,
        None,
    )
    host: str = _setting(
        "NEARSAY_HOST",
        "The address to listen on in HTTP mode (default: 127.0.0.1)",
        str,
        "127.0.0.1",
    )
    port: int = _setting(
        "NEARSAY_PORT",
        "The port to listen on in HTTP mode (default: 3000)",
        setting_values.port,
        3000,
    )
    ops_port: int = _setting(
        "NEARSAY_OPS_PORT",
        "The port of /healthz, /readyz and /metrics, on 127.0.0.1 only (default: 3001)",
        setting_values.port,
        3001,
    )
    command_prefix: str = _setting(
        "NEARSAY_COMMAND_PREFIX",
        "Put before every command: with dev- they are /dev-near and so on",
        setting_values.command_prefix,
        "",
    )
    threads: Literal["follow", "mention", "off"] = _setting(
        "NEARSAY_THREADS",
        "In channels: mention answers only what mentions the bot, follow also follow-ups in "
        "threads where it was asked, off nothing at all (default: mention)",
        setting_values.one_of("follow", "mention", "off"),
        "mention",
    )
    person_rate: int = _setting(
        "NEARSAY_PERSON_RATE",
        "How much one person may ask a minute; with 0 as much as they like (default: 60)",
        setting_values.rate,
        60,
    )
    workspace_rate: int = _setting(
        "NEARSAY_WORKSPACE_RATE",
        "How much everybody together may ask a minute; with 0 as much as they like (default: 1200)",
        setting_values.rate,
        1_200,
    )
    external_users: Literal["deny", "ask"] = _setting(
        "NEARSAY_EXTERNAL_USERS",
        "People of other workspaces in shared channels: deny answers none of them, ask lets them "
        "ask and nothing else (default: deny)",
        setting_values.one_of("deny", "ask"),
        "deny",
    )
    retention_days: int = _setting(
        "NEARSAY_RETENTION_DAYS",
        "For how many days questions and votes are kept; with 0 none are (default: 90)",
        setting_values.days,
        90,
    )
    log_level: str = _setting(
        "NEARSAY_LOG_LEVEL",
        "How much is logged: DEBUG, INFO, WARNING or ERROR (default: INFO)",
        setting_values.one_of(*LEVELS),
        "INFO",
    )
    log_format: Literal["console", "json"] = _setting(
        "NEARSAY_LOG_FORMAT",
        "How log records are written: console for lines to read, json for a log store (default: "
        "console)",
        setting_values.one_of("console", "json"),
        "console",
    )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be shown nowhere: tokens, and addresses with what they hold in secret."""
        values = (getattr(self, f.name) for f in fields(self))
        given = [value.reveal() for value in values if isinstance(value, Secret)]
        return tuple(part for text in given for part in (text, *_passwords(text)))

    @property
    def database(self) -> str:
        """The address of the ledger's database; empty for SQLite in the data directory."""
        return self.database_url.reveal() if self.database_url else ""

    @property
    def chroma(self) -> ChromaServer | None:
        """The Chroma server for the vectors; None for Chroma in the data directory."""
        if not self.chroma_url:
            return None
        return ChromaServer(
            url=self.chroma_url,
            token=self.chroma_token.reveal() if self.chroma_token else "",
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
    def slack_mode(self) -> Literal["socket", "http"]:
        """How Slack is reached when nobody says: by a socket where there is a token for one."""
        return "socket" if self.slack_app_token is not None else "http"

    @classmethod
    def load(
        cls, environment: Mapping[str, str] | None = None, file: Path | None = None
    ) -> Settings:
        """The settings of `environment` (default: the process's) over those of `file` (default:
        `.env` in the current directory, where there is one).

        Raises `SettingsError` with every problem at once: values that cannot be read, and
        `NEARSAY_…` names that do not exist. An empty value means "not set".
        """
        given = _given(os.environ if environment is None else environment, file)
        known = {f.metadata["name"]: f for f in fields(cls)}
        problems = [_unknown(name, known) for name in given if name not in known]
        values: dict[str, Any] = {}
        for name, setting in known.items():
            if given.get(name):
                try:
                    values[setting.name] = setting.metadata["read"](given[name])
                except ValueError as error:
                    problems.append(f"{name} {error}; it is {_shown(given[name])}.")
        if problems:
            raise SettingsError(problems)
        return cls(**values)


def _passwords(address: str) -> Iterator[str]:
    """The passwords in an address: of its user, and in its query; as written, and as they are
    meant. One with a sign that should have been escaped is found too."""
    before, _, query = address.partition("://")[2].partition("?")
    given = [before.rpartition("@")[0].partition(":")[2]]
    given += [value for name, value in parse_qsl(query) if "pass" in name.casefold()]
    yield from (form for one in given if one for form in (one, unquote(one)))


def terminal_pictures(
    environment: Mapping[str, str] | None = None,
) -> Literal["kitty", "iterm"] | None:
    """How the terminal takes pictures, by what it says of itself in `environment` (default: the
    process's); None where it says nothing of the kind. Inside tmux or screen none gets through."""
    given = os.environ if environment is None else environment
    term, program = given.get("TERM", ""), given.get("TERM_PROGRAM", "")
    if "TMUX" in given or term.startswith(("screen", "tmux")):
        return None
    if "KITTY_WINDOW_ID" in given or term == "xterm-kitty" or program == "ghostty":
        return "kitty"
    return "iterm" if program in ("iTerm.app", "WezTerm", "mintty") else None


def editor(environment: Mapping[str, str] | None = None) -> str:
    """The command of the editor that is set in `environment` (default: the process's); empty where
    none is."""
    given = os.environ if environment is None else environment
    return given.get("VISUAL", "").strip() or given.get("EDITOR", "").strip()


def described() -> list[tuple[str, str]]:
    """Every setting's name with its line in the documentation, in order."""
    return [
        (cast(str, f.metadata["name"]), cast(str, f.metadata["summary"])) for f in fields(Settings)
    ]


def _given(environment: Mapping[str, str], file: Path | None) -> dict[str, str]:
    """The variables that concern Nearsay, stripped; a misspelt Slack name counts as one.

    A variable that is set to nothing in the environment unsets what the file says.
    """
    path = file or ENV_FILE
    try:
        merged: dict[str, str | None] = dict(dotenv_values(path)) if path.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path} cannot be read as UTF-8 text: {error}."]) from error
    merged.update(environment)
    known = [name for name, _ in described()]

    def concerns_us(name: str) -> bool:
        if name.startswith(PREFIX) or name in known:
            return True
        # SLACK_CHANNEL may be somebody else's; SLACK_BOT_TOKN is a slip.
        return name.startswith("SLACK_") and _close(name, known, 3) is not None

    return {name: (value or "").strip() for name, value in merged.items() if concerns_us(name)}


def _close(name: str, known: Collection[str], edits: int) -> str | None:
    close = process.extractOne(name, list(known), scorer=OSA.distance, score_cutoff=edits)
    return close[0] if close else None


def _shown(value: str) -> str:
    """A value that could not be read, unless it may be a secret in the wrong place."""
    signs = any(sign in value for sign in ("xoxb-", "xoxp-", "xapp-", "@"))
    secret = signs or re.search("[0-9a-fA-F]{32}", value) is not None
    return "not shown here" if secret else repr(value[:80])


def _unknown(name: str, known: Mapping[str, object]) -> str:
    close = _close(name, known, 4)
    meant = f" Is {close} meant?" if close else " .env.example lists those there are."
    return f"{name} is no setting.{meant}"
