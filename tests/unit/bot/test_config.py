"""Read settings from the environment and `.env`, and report invalid settings."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from syrupy.assertion import SnapshotAssertion

from bot.config import Settings, SettingsError
from index.sources.source import Source

TOKEN = "xoxb-do-not-show-me"
EXAMPLE = Path(__file__).parents[3] / ".env.example"

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load settings from this environment and a `.env` file with this content, if any."""
    monkeypatch.chdir(tmp_path)

    def load(content: str | bytes = "", /, **environment: str) -> Settings:
        for name in [name for name in os.environ if name.startswith(("NEARSAY_", "SLACK_"))]:
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        if content:
            Path(".env").write_bytes(content.encode() if isinstance(content, str) else content)
        return Settings.load()

    return load


@pytest.fixture
def problems(load: Load) -> Problems:
    def problems(content: str | bytes = "", /, **environment: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            load(content, **environment)
        assert str(caught.value).splitlines() == caught.value.problems
        return caught.value.problems

    return problems


def test_defaults_apply_when_nothing_is_set(load: Load) -> None:
    settings = load(PATH="/bin", NEARSAYING="x", SLACKBOT="y", nearsay_model="z")
    assert settings == Settings()
    assert (settings.model, settings.host) == ("all-MiniLM-L6-v2", "127.0.0.1")
    assert settings.data_dir.name == "nearsay"
    assert settings.data_dir.is_absolute()
    assert load(EXAMPLE.read_text(encoding="utf-8")) == Settings(), "the example sets nothing"
    with pytest.raises(ValidationError, match="frozen"):
        settings.model = "other"


def test_the_environment_overrides_the_env_file(load: Load) -> None:
    file = f"# mine\nSLACK_BOT_TOKEN={TOKEN}\nNEARSAY_MODEL='a b'\nNEARSAY_HOST=::1\n"
    settings = load(file, NEARSAY_HOST="0.0.0.0", NEARSAY_MODEL="")
    assert settings.slack_bot_token == SecretStr(TOKEN)
    assert (settings.model, settings.host) == (Settings().model, "0.0.0.0")
    assert load(file).model == "a b"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("NEARSAY_MODLE", "NEARSAY_MODEL"),
        ("NEARSAY_SOURCE", "NEARSAY_SOURCES"),
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("CHROMA_ULR", "CHROMA_URL"),
        ("DATABASE_UR", "DATABASE_URL"),
    ],
)
def test_the_right_name_is_suggested_for_a_typo(
    problems: Problems, load: Load, name: str, meant: str
) -> None:
    expected = [f"{name} is not a setting. Did you mean {meant}?"]
    assert problems(f"{name}=\n") == expected
    Path(".env").unlink()
    if name.startswith(("NEARSAY_", "SLACK_")):
        assert problems(**{name: TOKEN}) == expected
    else:
        load(**{name: TOKEN})  # the environment is shared with other programs


@pytest.mark.parametrize(
    "name", ["SLACK_API_TOKEN", "SLACK_API_KEY", "SLACK_CHANNEL", "DATABASE_USER"]
)
def test_a_name_of_another_program_is_ignored(load: Load, name: str) -> None:
    assert load(f"{name}=x\n") == load(**{name: "x"}) == load()


def test_an_unknown_name_error_cites_the_example_file(problems: Problems) -> None:
    (problem,) = problems(NEARSAY_COMPLETELY_MADE_UP="1")
    assert problem.endswith(" is not a setting. .env.example lists all settings.")


INVALID = (
    ("NEARSAY_FILES", "all"),
    ("NEARSAY_WORKSPACE_ADMINS", "true", "1"),
    ("NEARSAY_ENCYCLOPEDIA", "no"),
    ("NEARSAY_COMMAND_PREFIX", "dev/", "dév-", "d" * 21),
    ("NEARSAY_DATA_DIR", "~no-such-user-here/data"),
    ("NEARSAY_SOURCES", "b:~no-such-user-here/a", "a/terms.csv:b/terms.csv"),
    ("NEARSAY_SOURCES", "http://a.example/x.csv", "https://me:sesame@a.example/x", "https://a:b/"),
    ("NEARSAY_SOURCES", "https://a.example/x?k=1:https://b.example/x?k=sesame"),
    ("NEARSAY_SOURCE_HOSTS", "*", "https://a.example", "a.example/terms", "*.com"),
    ("NEARSAY_MODELS", "a,b,c,d", ","),
    ("NEARSAY_REVIEW_CHANNEL", "#general", "U012ABCDEF"),
    ("NEARSAY_ADMINS", "ada", "u012abcdef", "C012ABCDEF", "U012 U013"),
    ("NEARSAY_PORT", "0", "65536", "-1", "x", "٣"),
    ("NEARSAY_RETENTION_DAYS", "36501", "-1"),
    ("NEARSAY_REINDEX_EVERY", "0m", "00h", "5", "m", "-1m", "1.5h", "30s", "٣m"),
    ("NEARSAY_LLM_URL", "llm.example/v1", "http://llm.example/v1", "https://llm.example/?key=1"),
    ("NEARSAY_LLM_URL", "https://me:sesame@llm.example", "http://127.0.0.1.example/v1"),
    ("NEARSAY_LEARN", "on", "yes", "off"),
    ("SLACK_API_URL", "slack.com", "http://slack.example/api", "http://127.0.0.1.example/"),
    ("CHROMA_URL", "chroma:8000", "http://chroma/api"),
)


def test_an_invalid_value_is_reported_with_the_setting_name(
    problems: Problems, snapshot: SnapshotAssertion
) -> None:
    found = [problems(**{name: value}) for name, *values in INVALID for value in values]
    assert "\n".join(line for (line,) in found) == snapshot


def test_questions_of_other_organizations_are_not_learned_from(
    problems: Problems, load: Load
) -> None:
    (problem,) = problems(NEARSAY_LEARN="questions", NEARSAY_EXTERNAL_USERS="ask")
    assert problem.endswith("must not become ways to ask: unset one of them.")
    assert load(NEARSAY_LEARN="questions", NEARSAY_EXTERNAL_USERS="deny").learn


def test_all_problems_are_reported_together_without_secrets(problems: Problems) -> None:
    found = problems(
        SLACK_BOT_TOKEN=TOKEN,
        NEARSAY_ENCYCLOPEDIA="no",
        NEARSAY_MODLE="x",
        NEARSAY_ADMINS=TOKEN,
        CHROMA_URL="https://me:sesame@host",
        NEARSAY_PORT="9" * 9_000,
    )
    assert len(found.pop()) < 200
    assert found == [
        "NEARSAY_MODLE is not a setting. Did you mean NEARSAY_MODEL?",
        "CHROMA_URL must not contain a user name or password (set CHROMA_TOKEN instead); it is "
        "not shown here.",
        "NEARSAY_ENCYCLOPEDIA must be one of on, off; it is 'no'.",
        "NEARSAY_ADMINS must list user ids such as U012ABCDEF, separated by commas; it is not "
        "shown here.",
    ]


def test_a_binary_env_file_is_reported_with_its_path(problems: Problems, load: Load) -> None:
    (problem,) = problems(b"# caf\xe9\nNEARSAY_MODEL=x\n")
    assert problem.startswith(".env cannot be read as UTF-8 text: ")
    assert load(b"\xef\xbb\xbfNEARSAY_MODEL=x\n").model == "x"


@pytest.mark.parametrize(
    ("name", "value", "field", "read"),
    [
        ("NEARSAY_LOG_LEVEL", " debug ", "log_level", "DEBUG"),
        ("NEARSAY_COMMAND_PREFIX", "Dev-", "command_prefix", "dev-"),
        ("NEARSAY_ADMINS", "U012ABCDEF, W0AB,,", "admins", ("U012ABCDEF", "W0AB")),
        ("NEARSAY_MODELS", " LSA, m ,/a/b,m", "models", ("lsa", "m", "/a/b")),
        ("NEARSAY_REVIEW_CHANNEL", "C012ABCDEF", "review_channel", "C012ABCDEF"),
        ("NEARSAY_SOURCE_HOSTS", "A.example, *.b.x", "source_hosts", ("a.example", "*.b.x")),
        ("NEARSAY_WORKSPACE_ADMINS", "YES", "workspace_admins", True),
        ("NEARSAY_ENCYCLOPEDIA", "off", "encyclopedia", False),
        ("NEARSAY_REINDEX_EVERY", "05M", "reindex_every", 300),
        ("NEARSAY_PORT", "00080", "port", 80),
        ("NEARSAY_GOLDEN", "~/golden.txt", "golden", Path.home() / "golden.txt"),
        ("SLACK_API_URL", "https://a/api", "slack_api_url", "https://a/api/"),
        ("SLACK_API_URL", "http://[::1]:1/api", "slack_api_url", "http://[::1]:1/api/"),
        ("CHROMA_URL", "https://chroma:1/", "chroma_url", "https://chroma:1"),
        ("NEARSAY_LEARN", "Questions", "learn", "questions"),
        ("NEARSAY_LEARN", " ", "learn", ""),
        ("NEARSAY_LLM_URL", "http://[::1]:1/v1/", "llm_url", "http://[::1]:1/v1"),
        ("NEARSAY_LLM_URL", "http://127.9.0.1/v1", "llm_url", "http://127.9.0.1/v1"),
        ("NEARSAY_LLM_URL", "https://a/v1/chat/completions", "llm_url", "https://a/v1"),
    ],
)
def test_values_are_converted_to_their_types(
    load: Load, name: str, value: str, field: str, read: object
) -> None:
    assert getattr(load(**{name: value}), field) == read


def test_sources_are_ordered_paths_with_the_home_folder_expanded(load: Load) -> None:
    given_paths = os.pathsep.join(["one", " two words ", "", "home=~"])
    assert load(NEARSAY_SOURCES=given_paths).sources == (
        Source("one", "one"),
        Source("two-words", "two words"),
        Source("home", str(Path.home())),
    )


@pytest.mark.parametrize(
    ("names", "mode"),
    [
        ([], ""),
        (["SLACK_BOT_TOKEN"], ""),
        (["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"], ""),
        (["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"], "socket"),
        (["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"], "http"),
    ],
)
def test_slack_needs_the_bot_token_and_one_connection_mode(
    load: Load, names: list[str], mode: str
) -> None:
    settings = load(**dict.fromkeys(names, "x"))
    assert settings.connects_to_slack is bool(mode)
    assert not mode or settings.slack_mode == mode


def test_printed_and_dumped_settings_hide_their_secrets(load: Load, tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("sesame-key\n")
    address = "postgresql://nearsay:p%40sesame@127.0.0.1/nearsay?sslpassword=qsesame"
    settings = load(
        SLACK_BOT_TOKEN=TOKEN,
        SLACK_APP_TOKEN=TOKEN,
        CHROMA_TOKEN=TOKEN,
        DATABASE_URL=address,
        NEARSAY_LLM_KEY="sesame-given",
        NEARSAY_LLM_KEY_FILE=str(key_file),
    )
    assert {"sesame-given", "sesame-key"} <= set(settings.secrets)
    assert settings.database == address
    assert set(settings.secrets) >= {TOKEN, address, "p@sesame", "p%40sesame", "qsesame"}
    held = settings.model_dump()
    shown = f"{settings} {settings!r} {held} {settings.slack_bot_token!r} " + json.dumps(
        held, default=str
    )
    assert not any(word in shown for word in (TOKEN, "sesame"))


def test_a_colon_in_an_address_separates_no_sources(load: Load) -> None:
    given = "a.csv:https://a.example:8443/x?r=1: ours = https://b.example : c/d.csv :e=https://c.x"
    assert [(source.name, source.path) for source in load(NEARSAY_SOURCES=given).sources] == [
        ("a", "a.csv"),
        ("x", "https://a.example:8443/x?r=1"),
        ("ours", "https://b.example"),
        ("d", "c/d.csv"),
        ("e", "https://c.x"),
    ]


def test_the_query_of_a_source_is_a_secret(load: Load) -> None:
    settings = load(NEARSAY_SOURCES="a=https://a.example/x?key=sesame:b=https://b.example/?a")
    assert set(settings.secrets) == {"key=sesame"}, "a short query would hide words of the log"
    assert "sesame" not in repr(settings)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="the system has no owners of files")
def test_an_env_file_that_others_can_write_is_refused_with_the_command(
    problems: Problems, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = "SLACK_API_URL=https://elsewhere.example/api/\n"
    file = Path(".env").absolute()
    assert load(given).slack_api_url == "https://elsewhere.example/api/"
    for mode in (0o620, 0o602, 0o666):
        file.chmod(mode)
        (problem,) = problems()
        assert problem.endswith(f"(mode {mode:o}), so it is not read. Run: chmod go-w {file}")
    file.chmod(0o444)  # a mounted secret
    assert load().slack_api_url == "https://elsewhere.example/api/"
    monkeypatch.setattr(os, "getuid", lambda: file.stat().st_uid + 1)
    if file.stat().st_uid:
        (problem,) = problems()
        assert "belongs to another user of this machine, so it is not read" in problem
    else:
        load()  # root's files are trusted


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give away")
def test_an_env_file_of_another_user_is_refused_also_behind_a_link(problems: Problems) -> None:
    theirs = Path("theirs")
    theirs.write_text("NEARSAY_MODEL=x\n")
    os.chown(theirs, 12_345, 12_345)
    Path(".env").symlink_to(theirs)
    (problem,) = problems()
    assert "belongs to another user" in problem
    os.chown(theirs, 0, 0)
    os.chown(".env", 12_345, 12_345, follow_symlinks=False)
    assert "belongs to another user" in problems()[0]


def test_a_secret_is_read_from_the_file_that_a_setting_names(
    load: Load, problems: Problems, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{TOKEN}\n")
    address = "postgresql://a:sesame@127.0.0.1/x"
    (tmp_path / "address").write_text(address)
    settings = load(
        SLACK_BOT_TOKEN_FILE=str(file),
        SLACK_APP_TOKEN_FILE=str(file),
        SLACK_SIGNING_SECRET_FILE=str(file),
        CHROMA_TOKEN_FILE=str(file),
        DATABASE_URL_FILE=str(tmp_path / "address"),
    )
    secret = SecretStr(TOKEN)
    assert (settings.slack_bot_token, settings.slack_app_token) == (secret, secret)
    assert (settings.slack_signing_secret, settings.chroma_token) == (secret, secret)
    assert settings.database == address
    assert {TOKEN, "sesame"} <= set(settings.secrets)
    assert TOKEN not in repr(settings)
    (twice,) = problems(SLACK_BOT_TOKEN="x", SLACK_BOT_TOKEN_FILE=str(file))
    assert twice == "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set: unset one of them."
    file.write_text(f"{TOKEN} {TOKEN}")
    (absent,) = problems(SLACK_APP_TOKEN_FILE=str(tmp_path / "none"))
    assert absent.endswith("none, which cannot be read: No such file or directory.")
    (odd,) = problems(SLACK_APP_TOKEN_FILE=str(file))
    assert "whose content must be a key of at most" in odd
    assert TOKEN not in odd


@pytest.mark.parametrize(
    ("name", "address", "is_open"),
    [
        ("CHROMA_URL", "http://chroma:8000", True),
        ("CHROMA_URL", "http://10.0.0.5:8000", True),
        ("CHROMA_URL", "https://chroma:8000", False),
        ("CHROMA_URL", "http://localhost:8000", False),
        ("DATABASE_URL", "postgresql://a:b@db/x", True),
        ("DATABASE_URL", "postgresql://a:b@db:5432/x?sslmode=prefer", True),
        ("DATABASE_URL", "postgres://a:b@127.0.0.1,db.example/x", True),
        ("DATABASE_URL", "postgresql:///x?host=db.example", True),
        ("DATABASE_URL", "postgresql://a:b@127.0.0.1/x?hostaddr=10.0.0.5", True),
        ("DATABASE_URL", "postgresql+psycopg://a:b@db/x?sslmode=disable", True),
        ("DATABASE_URL", "postgresql://a:b@db/x?sslmode=require", False),
        ("DATABASE_URL", "postgresql://a:b@db/x?sslmode=verify-full", False),
        ("DATABASE_URL", "postgresql://a:b@[::1]:5432/x", False),
        ("DATABASE_URL", "postgresql://a:b@localhost/x", False),
        ("DATABASE_URL", "postgresql://a@/x?host=/run/postgresql", False),
        ("DATABASE_URL", "postgresql://a@%2Frun%2Fpostgresql/x", False),
    ],
)
def test_servers_elsewhere_without_tls_need_a_setting_that_says_so(
    load: Load, problems: Problems, name: str, address: str, is_open: bool
) -> None:
    if is_open:
        (problem,) = problems(**{name: address})
        assert problem.startswith(f"The server of {name} would be reached without encryption")
        assert "NEARSAY_UNENCRYPTED=yes" in problem
        assert load(**{name: address, "NEARSAY_UNENCRYPTED": "yes"}).unencrypted
    else:
        load(**{name: address})


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("http://nearsay.example", "must begin with https://"),
        ("https://nearsay.example/mcp", "must end with the host or the port"),
        ("https://u:p@nearsay.example", "must not contain a user name"),
        ("nearsay.example", "must be the https address"),
    ],
)
def test_the_public_address_is_an_https_address_without_a_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str, problem: str
) -> None:
    monkeypatch.setenv("NEARSAY_PUBLIC_URL", value)
    with pytest.raises(SettingsError, match=problem):
        Settings.load(tmp_path / ".env")
    monkeypatch.setenv("NEARSAY_PUBLIC_URL", "https://nearsay.example/")
    assert Settings.load(tmp_path / ".env").public_url == "https://nearsay.example"
