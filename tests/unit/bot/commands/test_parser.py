import time

import pytest

from bot.commands.catalog import COMMANDS
from bot.commands.help import help_for
from bot.commands.parser import LONGEST_LINE, LONGEST_TEXT, line_of, parse
from bot.commands.spec import Command, Request
from bot.replies.base import Help, Problem


def request(line: str, prefix: str = "") -> Request:
    asked = parse(line, prefix)
    assert isinstance(asked, Request), asked
    return asked


def problem(line: str, prefix: str = "") -> Problem:
    reply = parse(line, prefix)
    assert isinstance(reply, Problem), reply
    return reply


@pytest.mark.parametrize(
    ("line", "command", "text"),
    [
        ("/define RAG", "define", "RAG"),
        ("  /near   token  ", "near", "token"),
        ("/near\ntwo\nlines", "near", "two\nlines"),
        ("near token", "ask", "near token"),
        ("/near /define", "near", "/define"),
        ("/define n=3", "define", "n=3"),  # /define has no such option
        ("/define Mast = A pole, made from:oak", "define", "Mast = A pole, made from:oak"),
        ("a sentence n=3", "ask", "a sentence n=3"),
    ],
)
def test_a_line_is_parsed_into_a_command_and_its_text(line: str, command: str, text: str) -> None:
    asked = request(line)
    assert (asked.command, asked.text, dict(asked.options)) == (command, text, {})


QUOTED = ('"A B"', "'A B'", "“A B”", "‘A B’", "„A B“", "«A B»", "”A B”")


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("/define token from=words", {"from": "words"}),
        *((f"/near token {sign}", {"n": 3}) for sign in ("n=3", "n:3", "N=3", "n=03")),
        *((f"/near token {dash}n=3", {"n": 3}) for dash in ("-", "--", "–", "—")),
        *((f"/near token in={quoted}", {"in": "A B"}) for quoted in QUOTED),
        ('/near token from:bank in:"A B" n:20', {"n": 20, "in": "A B", "from": "bank"}),
        ("/near token\nn=3   ", {"n": 3}),
        ("/near token in=R&D", {"in": "R&D"}),
    ],
)
def test_options_are_parsed_from_the_end_of_the_line(line: str, options: dict[str, object]) -> None:
    asked = request(line)
    assert (asked.text, dict(asked.options)) == ("token", options)


def test_text_that_resembles_an_option_is_not_parsed_as_one() -> None:
    for text in (
        *("n=3 tokens", "set n=3 and go", "top-n=3", "login=fast", "plan:9", "x=1"),
        *("temperature=0.7", "token in=", "where are you from:", "n = 3", "in general"),
        *('token in="Model Behaviour', "https://example.org/?n=3", '"token n=3"'),
    ):
        asked = request(f"/near {text}")
        assert (asked.text, dict(asked.options)) == (text, {})


@pytest.mark.parametrize("value", ["0", "21", "-1", "1.5", "ten", "٣", "²", "9" * 20, "0x5"])
def test_the_error_for_an_invalid_number_states_the_bounds(value: str) -> None:
    reply = problem(f"/near token n={value}")
    assert reply.code == "usage"
    assert f"n={value}" in reply.message
    assert "from 1 to 20" in reply.message
    assert reply.hint == "/near TEXT [n=10] [in=CATEGORY] [from=SOURCE] [why=yes]"


def test_help_requests_are_recognized_in_every_spelling() -> None:
    for line in ("help", "HELP", " help ", "/help"):
        assert request(line) == Request("help", "")
    for asked in ("help", "Help", "--help", "-h", "—help", "?"):
        assert request(f"/near {asked}") == Request("help", "near")
        assert request(f"/dev-define {asked}", "dev-") == Request("help", "define")
    for text in ("help me write", "what does --help do", "??"):
        assert request(f"/near {text}").text == text
        assert request(text) == Request("ask", text)
    reply = help_for(request("?"))
    assert isinstance(reply, Help)
    first = [command.usage.split(" ")[0] for command in reply.commands]
    assert first == ["QUESTION", "/near", "help"]


@pytest.mark.parametrize(
    ("line", "message", "meant"),
    [
        ("/naer token", '"/naer"', "Did you mean /near?"),
        ("//near token", '"//near"', "Did you mean /near?"),
        ("/near-admin statsu", '"statsu"', "Did you mean status? There are status, reindex,"),
        ("/", '"/"', "There are /near, "),
        ("/" + "x" * 500, "There is no", "There are /near, "),
    ],
)
def test_the_error_for_an_unknown_command_suggests_the_closest(
    line: str, message: str, meant: str
) -> None:
    reply = problem(line)
    assert reply.code == "unknown_command"
    assert message in reply.message
    assert reply.hint.startswith(meant)
    assert len(reply.message) < 100


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("", "This line has no question"),
        ("\x00\x1b\u200b", "This line has no question"),
        ("/near n=5", "/near needs a text"),
        ("/define", "/define needs a term"),
    ],
)
def test_the_error_for_a_command_without_text_names_the_argument(line: str, needs: str) -> None:
    reply = problem(line)
    assert reply.code == "empty"
    assert needs in reply.message
    assert reply.hint.startswith("For example: ")


def test_a_text_of_the_maximum_length_is_accepted_and_a_longer_one_refused() -> None:
    assert len(request("/near " + "x" * LONGEST_TEXT + " n=3").text) == LONGEST_TEXT
    for line in ("/near " + "x" * (LONGEST_TEXT + 1), "x" * (LONGEST_LINE + 1), "x" * 10**6):
        reply = problem(line)
        assert reply.code == "too_long"
        assert f"{LONGEST_TEXT:,}" in reply.message
    started = time.perf_counter()
    parse("/near token" + " n=1" * 4_000)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("/near a\x00b", "ab"),
        ("/near a\ud800b", "ab"),
        ("/near \x1b[31mred", "[31mred"),
        ("\u202e/near abc", "abc"),
        ("/near T&amp;M", "T&amp;M"),
        ("/near 👩\u200d💻 نزدیک", "👩\u200d💻 نزدیک"),
        ("/near <script>*b*", "<script>*b*"),
    ],
)
def test_control_characters_are_removed_and_other_text_is_kept(line: str, text: str) -> None:
    assert request(line).text == text


@pytest.mark.parametrize("command", COMMANDS, ids=[command.name for command in COMMANDS])
@pytest.mark.parametrize("prefix", ["", "dev-"], ids=["no prefix", "prefix"])
def test_every_example_in_the_command_table_parses(command: Command, prefix: str) -> None:
    shown = help_for(Request("help", command.name), prefix)
    assert isinstance(shown, Help)
    for example in shown.commands[0].examples:
        assert request(example, prefix).command == command.name


@pytest.mark.parametrize(
    ("line", "text", "options"),
    [
        ("reindex —dry-run --full", "", {"dry-run": "yes", "full": "yes"}),
        ("rollback g000001 from=g000002", "g000001", {"from": "g000002"}),
        ("log n=5", "", {"n": 5}),
        ("reindex carefull", "carefull", {}),
    ],
)
def test_verbs_accept_only_their_options(line: str, text: str, options: dict[str, object]) -> None:
    asked = request(f"/near-admin {line}")
    assert (asked.text, dict(asked.options)) == (text, options)
    assert parse(line_of(asked, "dev-"), "dev-") == asked


ADMIN = next(command for command in COMMANDS if command.name == "near-admin").verbs


def test_help_shows_one_verb_or_all_verbs_of_a_command() -> None:
    of_command = ("/near-admin help", "/near-admin --help", "help near-admin")
    of_verb = ("/near-admin rollback help", "/near-admin rollback ?", "/near-admin help rollback")
    for line in (*of_command, *of_verb, "/help near-admin rollback", "help near-admin rollback"):
        shown = help_for(request(line))
        assert isinstance(shown, Help)
        if line in of_command:
            assert len(shown.commands) == len(ADMIN)
            continue
        (verb,) = shown.commands
        assert verb.usage == "/near-admin rollback [GENERATION] [from=GENERATION]"
        assert verb.examples
