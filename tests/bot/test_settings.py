from __future__ import annotations

import copy
import json
import logging
import os
from dataclasses import FrozenInstanceError, asdict, fields
from pathlib import Path
from traceback import format_exception

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import (
    Secret,
    Settings,
    SettingsError,
    described,
    editor,
)
from index.errors import LedgerError
from index.sources.source import Source
from index.store import Store

NOWHERE = Path("no-such-folder") / ".env"
TOKEN = "xoxb-do-not-show-me"
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def load(file: Path = NOWHERE, /, **environment: str) -> Settings:
    return Settings.load(environment, file)


def problems(file: Path = NOWHERE, /, **environment: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(file, **environment)
    return caught.value.problems


def env_file(folder: Path, text: str) -> Path:
    file = folder / "settings.env"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_anything_set_the_defaults_hold() -> None:
    settings = load()
    assert settings.slack_bot_token is None
    assert settings.sources == ()
    assert (settings.model, settings.backend) == ("all-MiniLM-L6-v2", "auto")
    assert (settings.command_prefix, settings.log_level) == ("", "INFO")
    assert settings.data_dir.name == "nearsay"
    assert settings.data_dir.is_absolute()


def test_the_file_is_read(tmp_path: Path) -> None:
    file = env_file(tmp_path, f"# mine\nSLACK_BOT_TOKEN={TOKEN}\nNEARSAY_MODEL='a b'\n")
    settings = load(file)
    assert settings.slack_bot_token == Secret(TOKEN)
    assert settings.model == "a b"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = env_file(tmp_path, "NEARSAY_MODEL=from-file\nNEARSAY_BACKEND=torch\n")
    settings = load(file, NEARSAY_MODEL="from-environment")
    assert (settings.model, settings.backend) == ("from-environment", "torch")


def test_the_process_environment_and_the_env_file_here_are_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("NEARSAY_", "SLACK_"))]:
        monkeypatch.delenv(name)
    (tmp_path / ".env").write_text("NEARSAY_MODEL=here\nNEARSAY_BACKEND=torch\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEARSAY_BACKEND", "openvino")
    settings = Settings.load()
    assert (settings.model, settings.backend) == ("here", "openvino")


@pytest.mark.parametrize("value", ["", "  ", "\t"], ids=["empty", "spaces", "tab"])
def test_an_empty_value_is_not_set(value: str) -> None:
    settings = load(NEARSAY_MODEL=value, SLACK_BOT_TOKEN=value, NEARSAY_BACKEND=value)
    assert settings == load()


def test_a_name_without_a_value_in_the_file_is_not_set(tmp_path: Path) -> None:
    assert load(env_file(tmp_path, "NEARSAY_MODEL\nNEARSAY_BACKEND=\n")) == load()


def test_the_example_file_sets_nothing() -> None:
    assert load(EXAMPLE) == load()


def test_the_example_file_lists_every_setting_in_order() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    named = [line.partition("=")[0] for line in lines if "=" in line and line[0] != "#"]
    assert named == [name for name, _ in described()]


def test_every_setting_has_a_line_of_documentation() -> None:
    assert len(described()) == len(fields(Settings))
    assert all(summary for _, summary in described())


def test_what_is_none_of_our_names_is_left_alone() -> None:
    assert load(PATH="/bin", HOME="/", NEARSAYING="x", SLACKBOT="y") == load()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("NEARSAY_MODLE", "NEARSAY_MODEL"),
        ("NEARSAY_LOGLEVEL", "NEARSAY_LOG_LEVEL"),
        ("NEARSAY_SOURCE", "NEARSAY_SOURCES"),
        ("NEARSAY_DATADIR", "NEARSAY_DATA_DIR"),
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("SLACK_APPTOKEN", "SLACK_APP_TOKEN"),
        ("SLACK_SIGNING_SECERT", "SLACK_SIGNING_SECRET"),
    ],
)
def test_a_misspelt_name_suggests_the_right_one(name: str, meant: str) -> None:
    (problem,) = problems(**{name: TOKEN})
    assert name in problem
    assert f"Is {meant} meant?" in problem
    assert TOKEN not in problem


def test_a_misspelt_name_counts_even_when_it_is_empty() -> None:
    assert len(problems(NEARSAY_MODLE="")) == 1


def test_a_name_like_no_other_points_to_the_example() -> None:
    (problem,) = problems(NEARSAY_COMPLETELY_MADE_UP="1")
    assert ".env.example" in problem


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("NEARSAY_BACKEND", "cuda", "is one of auto, openvino, torch"),
        ("NEARSAY_LOG_LEVEL", "loud", "is one of DEBUG, INFO, WARNING, ERROR"),
        ("NEARSAY_COMMAND_PREFIX", "dev/", "has only letters, digits, - and _"),
        ("NEARSAY_COMMAND_PREFIX", "dév-", "has only letters, digits, - and _"),
        ("NEARSAY_DATA_DIR", "~no-such-user-here/data", "~no-such-user-here"),
        ("NEARSAY_SOURCES", "~no-such-user-here/a", "~no-such-user-here"),
        ("NEARSAY_MODELS", "a,b,c,d", "lists one to 3 models"),
        ("NEARSAY_MODELS", ",", "lists one to 3 models"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_with_its_name(
    name: str, value: str, reason: str
) -> None:
    (problem,) = problems(**{name: value})
    assert problem.startswith(name)
    assert reason in problem
    assert value in problem


def test_all_problems_are_told_at_once() -> None:
    told = problems(NEARSAY_BACKEND="cuda", NEARSAY_LOG_LEVEL="loud", NEARSAY_MODLE="x")
    assert len(told) == 3
    assert all(
        any(name in problem for problem in told)
        for name in ("NEARSAY_BACKEND", "NEARSAY_LOG_LEVEL", "NEARSAY_MODLE")
    )


def test_the_error_shows_every_problem() -> None:
    with pytest.raises(SettingsError) as caught:
        load(NEARSAY_BACKEND="cuda", NEARSAY_LOG_LEVEL="loud")
    assert str(caught.value).splitlines() == caught.value.problems


def test_a_file_that_is_no_text_is_a_problem_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_bytes(b"# caf\xe9\nNEARSAY_MODEL=x\n")
    assert str(file) in problems(file)[0]


def test_a_byte_order_mark_hides_no_setting(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_bytes(b"\xef\xbb\xbfNEARSAY_MODEL=x\n")
    assert load(file).model == "x"


@pytest.mark.parametrize(
    ("value", "level"), [("debug", "DEBUG"), ("Warning", "WARNING"), (" ERROR ", "ERROR")]
)
def test_choices_are_read_in_any_case(value: str, level: str) -> None:
    assert load(NEARSAY_LOG_LEVEL=value).log_level == level


def test_a_prefix_is_kept_in_small_letters() -> None:
    assert load(NEARSAY_COMMAND_PREFIX="Dev-").command_prefix == "dev-"


def test_sources_are_paths_in_order_with_the_home_folder_written_out() -> None:
    given_paths = os.pathsep.join(["one", " two words ", "", "home=~"])
    assert load(NEARSAY_SOURCES=given_paths).sources == (
        Source("one", "one"),
        Source("two-words", "two words"),
        Source("home", str(Path.home())),
    )


@pytest.mark.parametrize(
    ("names", "connects"),
    [
        ([], False),
        (["SLACK_BOT_TOKEN"], False),
        (["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"], False),
        (["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"], True),
        (["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"], True),
    ],
    ids=["nothing", "bot token alone", "no bot token", "socket mode", "http mode"],
)
def test_slack_needs_the_bot_token_and_one_way_in(names: list[str], connects: bool) -> None:
    assert load(**dict.fromkeys(names, "x")).connects_to_slack is connects


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        load().model = "other"  # type: ignore[misc]


@given(st.text(min_size=12))
def test_a_secret_is_shown_by_no_way_of_writing_it(value: str) -> None:
    secret = Secret(value)
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r}",
        "%s" % secret,  # noqa: UP031
        "{}".format(secret),  # noqa: UP032
        repr([secret]),
        json.dumps({"token": secret}, default=str),
        repr(copy.deepcopy(secret)),
    ]
    assert not any(value in text for text in shown)
    assert secret.reveal() == value


def test_settings_show_none_of_their_secrets(caplog: pytest.LogCaptureFixture) -> None:
    settings = load(SLACK_BOT_TOKEN=TOKEN, SLACK_APP_TOKEN=TOKEN, SLACK_SIGNING_SECRET=TOKEN)
    with caplog.at_level(logging.INFO):
        logging.getLogger("nearsay.test").info("%s %r", settings, settings.slack_bot_token)
        logging.getLogger("nearsay.test").info(settings.slack_app_token)
    shown = [str(settings), repr(settings), str(asdict(settings)), caplog.text]
    assert not any(TOKEN in text for text in shown)
    assert "Secret('…')" in caplog.text


def test_a_problem_with_another_setting_shows_no_secret() -> None:
    told = problems(SLACK_BOT_TOKEN=TOKEN, NEARSAY_BACKEND="cuda")
    assert TOKEN not in " ".join(told)


def test_secrets_are_equal_by_value_and_to_secrets_only() -> None:
    assert Secret("a") == Secret("a")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a") != "a"


def test_the_channel_of_reviews_is_an_id() -> None:
    assert load().review_channel == ""
    assert load(NEARSAY_REVIEW_CHANNEL="C012ABCDEF").review_channel == "C012ABCDEF"
    with pytest.raises(SettingsError, match="NEARSAY_REVIEW_CHANNEL is the id of a channel"):
        load(NEARSAY_REVIEW_CHANNEL="#general")


def test_admins_are_user_ids() -> None:
    assert load().admins == ()
    assert load(NEARSAY_ADMINS="U012ABCDEF, W0AB,,").admins == ("U012ABCDEF", "W0AB")


@pytest.mark.parametrize("value", ["ada", "u012abcdef", "@ada", "C012ABCDEF", "U012 U013", "<@U1>"])
def test_what_is_no_user_id_is_told(value: str) -> None:
    (problem,) = problems(NEARSAY_ADMINS=value)
    assert problem.startswith("NEARSAY_ADMINS lists user ids such as U012ABCDEF")


@pytest.mark.parametrize("name", ["NEARSAY_WORKSPACE_ADMINS", "NEARSAY_WATCH"])
def test_switches_are_yes_or_no(name: str) -> None:
    field = name.removeprefix("NEARSAY_").casefold()
    assert getattr(load(), field) is False
    assert getattr(load(**{name: "YES"}), field) is True
    assert getattr(load(**{name: "no"}), field) is False
    (problem,) = problems(**{name: "true"})
    assert problem == f"{name} is one of yes, no; it is 'true'."


def test_the_encyclopedia_is_on_or_off() -> None:
    assert load().encyclopedia
    assert load(NEARSAY_ENCYCLOPEDIA="ON").encyclopedia
    assert not load(NEARSAY_ENCYCLOPEDIA="off").encyclopedia
    (problem,) = problems(NEARSAY_ENCYCLOPEDIA="no")
    assert problem == "NEARSAY_ENCYCLOPEDIA is one of on, off; it is 'no'."


@pytest.mark.parametrize(
    ("value", "seconds"), [("1m", 60), ("30M", 1_800), ("6h", 21_600), ("1d", 86_400), ("05m", 300)]
)
def test_times_are_minutes_hours_or_days(value: str, seconds: int) -> None:
    assert load().reindex_every == 0
    assert load(NEARSAY_REINDEX_EVERY=value).reindex_every == seconds


@pytest.mark.parametrize(
    "value",
    ["0m", "00h", "5", "m", "-1m", "1.5h", "30s", "٣m", "1 h", "999999d", "9" * 5_000 + "d"],
)
def test_what_is_no_time_is_told(value: str) -> None:
    (problem,) = problems(NEARSAY_REINDEX_EVERY=value)
    assert problem.startswith("NEARSAY_REINDEX_EVERY is a time such as 30m, 6h or 1d; it is ")
    assert len(problem) < 200


def test_a_file_of_golden_questions_is_a_path() -> None:
    assert load().golden is None
    assert load(NEARSAY_GOLDEN="~/golden.txt").golden == Path.home() / "golden.txt"


def test_second_models_are_names_in_order_each_once() -> None:
    assert load().models == ("lsa",)
    models = load(NEARSAY_MODELS=" LSA, some/model ,/a/folder,some/model").models
    assert models == ("lsa", "some/model", "/a/folder")


def test_the_databases_password_is_shown_nowhere(tmp_path: Path) -> None:
    address = "postgresql://nearsay:sesame@127.0.0.1:1/nearsay"
    settings = load(DATABASE_URL=address)
    assert settings.database == address
    shown = [str(settings), repr(settings), str(asdict(settings))]
    store = Store(tmp_path, settings.database)
    with pytest.raises(LedgerError) as raised:
        _ = store.ledger
    error: BaseException | None = raised.value
    shown += [raised.value.message, raised.value.hint]
    while error is not None:  # the log has the causes too
        shown.append("".join(format_exception(error)))
        error = error.__cause__
    assert not any("sesame" in text for text in shown)
    assert "127.0.0.1" in raised.value.message


def test_an_address_of_no_database_is_not_shown_either(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as raised:
        _ = Store(tmp_path, "mysql://nearsay:sesame@host/name").ledger
    assert "sesame" not in str(raised.value) + raised.value.hint
    assert "DATABASE_URL" in raised.value.message


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"VISUAL": " code --wait ", "EDITOR": "vi"}, "code --wait"),
        ({"VISUAL": " ", "EDITOR": "vi"}, "vi"),
        ({}, ""),
    ],
)
def test_the_editor_is_the_one_that_is_set(environment: dict[str, str], command: str) -> None:
    assert editor(environment) == command
