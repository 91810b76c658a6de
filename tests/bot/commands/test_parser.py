from __future__ import annotations

import time

import pytest

from bot.commands.catalog import COMMANDS
from bot.commands.help import help_for
from bot.commands.parser import LONGEST_LINE, LONGEST_TEXT, line_of, parse, words_of
from bot.commands.spec import Command, Request
from bot.replies import Help, Problem


def request(line: str, prefix: str = "") -> Request:
    asked = parse(line, prefix)
    assert isinstance(asked, Request), asked
    return asked


def problem(line: str, prefix: str = "") -> Problem:
    told = parse(line, prefix)
    assert isinstance(told, Problem), told
    return told


@pytest.mark.parametrize(
    ("line", "command", "text"),
    [
        pytest.param("/near token", "near", "token", id="near"),
        pytest.param("/define RAG", "define", "RAG", id="define"),
        pytest.param("/NEAR Token", "near", "Token", id="command in capitals"),
        pytest.param("  /near   token  ", "near", "token", id="spaces around"),
        pytest.param("/near\ntwo\nlines", "near", "two\nlines", id="lines"),
        pytest.param("a sentence", "ask", "a sentence", id="no command"),
        pytest.param("near token", "ask", "near token", id="command word without slash"),
        pytest.param("either/or", "ask", "either/or", id="slash inside"),
        pytest.param("/near /define", "near", "/define", id="command as text"),
        pytest.param("/define n=3", "define", "n=3", id="no option of define"),
        pytest.param(
            *("/define Mast = A pole, made from:oak", "define", "Mast = A pole, made from:oak"),
            id="a suggested text has no options",
        ),
        pytest.param("a sentence n=3", "ask", "a sentence n=3", id="no command, no options"),
    ],
)
def test_a_line_is_a_command_and_its_text(line: str, command: str, text: str) -> None:
    asked = request(line)
    assert (asked.command, asked.text, dict(asked.options)) == (command, text, {})


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("/define token from=words", {"from": "words"}),
        pytest.param("/near token n=3", {"n": 3}, id="equals sign"),
        pytest.param("/near token n:3", {"n": 3}, id="colon"),
        pytest.param("/near token N=3", {"n": 3}, id="capital letter"),
        pytest.param("/near token -n=3", {"n": 3}, id="one dash"),
        pytest.param("/near token --n=3", {"n": 3}, id="two dashes"),
        pytest.param("/near token –n=3", {"n": 3}, id="en dash"),
        pytest.param("/near token —n=3", {"n": 3}, id="em dash"),
        pytest.param("/near token in=models", {"in": "models"}, id="a word"),
        pytest.param('/near token in="Model Behaviour"', {"in": "Model Behaviour"}, id="quoted"),
        pytest.param("/near token in='Model Behaviour'", {"in": "Model Behaviour"}, id="single"),
        pytest.param("/near token in=“Model Behaviour”", {"in": "Model Behaviour"}, id="curly"),
        pytest.param("/near token in=‘Model Behaviour’", {"in": "Model Behaviour"}, id="curly one"),
        pytest.param("/near token in=„Model Behaviour“", {"in": "Model Behaviour"}, id="German"),
        pytest.param("/near token in=«Model Behaviour»", {"in": "Model Behaviour"}, id="French"),
        pytest.param("/near token in=”Model Behaviour”", {"in": "Model Behaviour"}, id="Swedish"),
        pytest.param("/near token from=bank", {"from": "bank"}, id="source"),
        pytest.param(
            '/near token from:bank in:"A B" n:20',
            {"n": 20, "in": "A B", "from": "bank"},
            id="all three",
        ),
        pytest.param("/near token\nn=3", {"n": 3}, id="on a line of its own"),
        pytest.param("/near token n=3   ", {"n": 3}, id="space behind"),
        pytest.param("/near token n=03", {"n": 3}, id="leading zero"),
        pytest.param("/near token n=1", {"n": 1}, id="least"),
        pytest.param("/near token in=R&D", {"in": "R&D"}, id="ampersand in a value"),
    ],
)
def test_options_are_taken_off_the_end(line: str, options: dict[str, object]) -> None:
    asked = request(line)
    assert asked.text == "token"
    assert dict(asked.options) == options


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("n=3 tokens", id="option first"),
        pytest.param("set n=3 and go", id="option inside"),
        pytest.param("top-n=3", id="end of a hyphenated word"),
        pytest.param("login=fast", id="end of a word"),
        pytest.param("plan:9", id="end of a word, colon"),
        pytest.param("x=1", id="unknown key"),
        pytest.param("temperature=0.7", id="a setting of something else"),
        pytest.param("token in=", id="no value"),
        pytest.param("where are you from:", id="colon at the end"),
        pytest.param("n = 3", id="spaces around the sign"),
        pytest.param("in general", id="a key alone"),
        pytest.param('token in="Model Behaviour', id="quote not closed"),
        pytest.param("https://example.org/?n=3", id="address"),
        pytest.param('"token n=3"', id="inside quotes"),
    ],
)
def test_what_merely_looks_like_an_option_stays_text(text: str) -> None:
    asked = request(f"/near {text}")
    assert (asked.text, dict(asked.options)) == (text, {})


@pytest.mark.parametrize(
    "value", ["0", "21", "-1", "+5", "1.5", "ten", "٣", "²", "1e1", "99999999999999999999", "0x5"]
)
def test_a_number_out_of_bounds_shows_them(value: str) -> None:
    told = problem(f"/near token n={value}")
    assert told.code == "usage"
    assert f"n={value}" in told.message
    assert "from 1 to 20" in told.message
    assert told.hint == "/near TEXT [n=10] [in=CATEGORY] [from=SOURCE] [why=yes]"


@pytest.mark.parametrize("line", ["help", "HELP", " help ", "/help", "/HELP"])
def test_help_is_help_everywhere(line: str) -> None:
    assert request(line) == Request("help", "")


def test_a_question_mark_asks_for_the_first_three_commands() -> None:
    told = help_for(request("?"))
    assert isinstance(told, Help)
    assert [command.usage.split(" ")[0] for command in told.commands] == [
        "QUESTION",
        "/near",
        "help",
    ]


@pytest.mark.parametrize("asked", ["help", "Help", "--help", "-h", "—help", "?"])
@pytest.mark.parametrize("command", ["near", "define"])
def test_help_after_a_command_is_about_that_command(command: str, asked: str) -> None:
    assert request(f"/{command} {asked}") == Request("help", command)
    assert request(f"/dev-{command} {asked}", "dev-") == Request("help", command)


@pytest.mark.parametrize("text", ["help me write", "what does --help do", "??"])
def test_a_text_with_help_in_it_is_a_text(text: str) -> None:
    assert request(f"/near {text}").text == text
    assert request(text) == Request("ask", text)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/naer token", "/near"),
        ("/nera", "/near"),
        ("/defin token", "/define"),
        ("/deifne token", "/define"),
        ("/Hepl", "/help"),
        ("//near token", "/near"),
    ],
)
def test_an_unknown_command_suggests_the_near_one(line: str, meant: str) -> None:
    told = problem(line)
    assert told.code == "unknown_command"
    assert f'"{line.split()[0]}"' in told.message
    assert f"Did you mean {meant}?" in told.hint


@pytest.mark.parametrize(
    "line",
    ["/", "/ near", "/weather", "/" + "x" * 500],
    ids=["slash alone", "slash and space", "another word", "very long"],
)
def test_a_command_like_no_other_is_told_what_there_is(line: str) -> None:
    told = problem(line)
    assert told.code == "unknown_command"
    assert "Did you mean" not in told.hint
    slashed = [c.name for c in COMMANDS if not c.spoken and c.name != "help"]
    assert all(f"/{name}" in told.hint for name in slashed)
    assert told.hint.endswith("and help.")
    assert "/ask" not in told.hint
    assert len(told.message) < 100


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        pytest.param("", "This line has no question", id="nothing"),
        pytest.param("  \n\t", "This line has no question", id="blank"),
        pytest.param("\x00\x1b\u200b", "This line has no question", id="invisible"),
        pytest.param("/near", "/near needs a text", id="near"),
        pytest.param("/near n=5", "/near needs a text", id="options alone"),
        pytest.param("/define", "/define needs a term", id="define"),
    ],
)
def test_a_command_without_its_text_says_what_it_needs(line: str, needs: str) -> None:
    told = problem(line)
    assert told.code == "empty"
    assert needs in told.message
    assert told.hint.startswith("For example: ")


def test_the_longest_text_is_read_and_a_longer_one_refused() -> None:
    assert len(request("/near " + "x" * LONGEST_TEXT).text) == LONGEST_TEXT
    assert len(request("/near " + "x" * LONGEST_TEXT + " n=3").text) == LONGEST_TEXT
    for line in ("/near " + "x" * (LONGEST_TEXT + 1), "x" * (LONGEST_LINE + 1), "x" * 10**6):
        told = problem(line)
        assert told.code == "too_long"
        assert f"{LONGEST_TEXT:,}" in told.message


def test_a_line_full_of_options_is_read_in_no_time() -> None:
    line = "/near token" + " n=1" * 4_000
    started = time.perf_counter()
    parse(line)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("line", "text"),
    [
        pytest.param("/near a\x00b", "ab", id="NUL"),
        pytest.param("/near a\ud800b", "ab", id="lone surrogate"),
        pytest.param("/near \x1b[31mred", "[31mred", id="escape"),
        pytest.param("\u202e/near abc", "abc", id="bidirectional override before the command"),
        pytest.param("/near T&amp;M", "T&amp;M", id="entity as it is"),
        pytest.param("/near 👩\u200d💻 🎉", "👩\u200d💻 🎉", id="emoji"),
        pytest.param("/near نزدیک", "نزدیک", id="right to left"),
        pytest.param("/near <script>*b*", "<script>*b*", id="markup as it is"),
    ],
)
def test_strange_characters_are_taken_out_or_left_as_they_are(line: str, text: str) -> None:
    assert request(line).text == text


@pytest.mark.parametrize("asked", ["near", "/near", "NEAR", " dev-near ", "/dev-near"])
def test_help_about_a_command_shows_it_alone_with_its_options(asked: str) -> None:
    shown = help_for(Request("help", asked), "dev-")
    assert isinstance(shown, Help)
    (command,) = shown.commands
    assert command.usage == "/dev-near TEXT [n=10] [in=CATEGORY] [from=SOURCE] [why=yes]"
    assert [option.usage for option in command.options] == [
        "n=10",
        "in=CATEGORY",
        "from=SOURCE",
        "why=yes",
    ]
    assert all(example.startswith("/dev-near ") for example in command.examples)


@pytest.mark.parametrize("command", COMMANDS, ids=[command.name for command in COMMANDS])
@pytest.mark.parametrize("prefix", ["", "dev-"], ids=["no prefix", "prefix"])
def test_every_example_in_the_table_is_understood(command: Command, prefix: str) -> None:
    shown = help_for(Request("help", command.name), prefix)
    assert isinstance(shown, Help)
    for example in shown.commands[0].examples:
        assert request(example, prefix).command == command.name


VERBS = {
    f"{command.name} {verb.name}": (command, verb) for command in COMMANDS for verb in command.verbs
}
ADMIN = [verb.name for command, verb in VERBS.values() if command.name == "near-admin"]


@pytest.mark.parametrize("flag", ["--full", "—full", "–full", "-full", "full", "--FULL"])
def test_flags_are_read_as_phones_write_them(flag: str) -> None:
    asked = request(f"/near-admin reindex words {flag}")
    assert (asked.text, dict(asked.options)) == ("words", {"full": "yes"})


@pytest.mark.parametrize(
    ("line", "text", "options"),
    [
        ("reindex —dry-run --full", "", {"dry-run": "yes", "full": "yes"}),
        ("  REINDEX cancel", "cancel", {}),
        ("reindex\nwords", "words", {}),
        ("rollback g000001 from=g000002", "g000001", {"from": "g000002"}),
        ("rollback from:g000002", "", {"from": "g000002"}),
        ("log n=5", "", {"n": 5}),
        ("export words as=csv", "words", {"as": "csv"}),
        ("keep g000002", "g000002", {}),
        ("reindex carefull", "carefull", {}),
    ],
)
def test_each_verb_has_options_of_its_own(line: str, text: str, options: dict[str, object]) -> None:
    asked = request(f"/near-admin {line}")
    assert (asked.text, dict(asked.options)) == (text, options)
    assert parse(line_of(asked, "dev-"), "dev-") == asked
    assert parse(f"/near-admin {words_of(asked)}") == asked


@pytest.mark.parametrize(
    ("line", "meant"),
    [("statsu", "status"), ("re-index", "reindex"), ("rolback", "rollback"), ("logs", "log")],
)
def test_an_unknown_verb_suggests_the_near_one(line: str, meant: str) -> None:
    told = problem(f"/near-admin {line}")
    assert told.code == "unknown_command"
    assert f'"{line}"' in told.message
    assert told.hint.startswith(f"Did you mean {meant}? There are status, reindex,")


def test_without_a_verb_it_is_told_what_there_is() -> None:
    told = problem("/dev-near-admin", "dev-")
    assert told.code == "empty"
    assert told.message == "/dev-near-admin needs a word after it."
    assert told.hint == f"There are {', '.join(ADMIN)}."


@pytest.mark.parametrize("line", ["status now", "log 5", "generations g000001"])
def test_what_a_verb_does_not_know_is_told(line: str) -> None:
    told = problem(f"/near-admin {line}")
    assert told.code == "usage"
    assert told.hint.startswith(f"/near-admin {line.split()[0]}")


@pytest.mark.parametrize(
    "line",
    [
        "/near-admin rollback help",
        "/near-admin rollback --help",
        "/near-admin rollback ?",
        "/near-admin help rollback",
        "/help near-admin rollback",
        "help near-admin rollback",
    ],
)
def test_help_for_a_verb_shows_it_alone(line: str) -> None:
    shown = help_for(request(line))
    assert isinstance(shown, Help)
    (verb,) = shown.commands
    assert verb.usage == "/near-admin rollback [GENERATION] [from=GENERATION]"
    assert verb.examples


@pytest.mark.parametrize("line", ["/near-admin help", "/near-admin --help", "help near-admin"])
def test_help_for_a_command_with_verbs_shows_them_all(line: str) -> None:
    shown = help_for(request(line))
    assert isinstance(shown, Help)
    assert len(shown.commands) == len(ADMIN)
