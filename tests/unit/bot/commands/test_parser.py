import time

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.commands.catalog import COMMANDS
from bot.commands.help import help_for
from bot.commands.parser import LONGEST_LINE, LONGEST_TEXT, line_of, parse
from bot.commands.spec import Request
from bot.replies.base import Help, Problem


def request(line: str, prefix: str = "") -> Request:
    asked = parse(line, prefix)
    assert isinstance(asked, Request), asked
    return asked


def problem(line: str, prefix: str = "") -> Problem:
    reply = parse(line, prefix)
    assert isinstance(reply, Problem), reply
    return reply


def shown(asked: Request | Problem) -> str:
    """Return a parsed line in one line of ASCII."""
    if isinstance(asked, Problem):
        return f"{asked.code}: {asked.message} | {asked.hint}"
    return f"{asked.command} {asked.verb} {asked.text!a} {dict(asked.options)}"


QUOTED = ('"A B"', "'A B'", "“A B”", "‘A B’", "„A B“", "«A B»", "”A B”")

LINES = {
    "commands": (
        *("/define RAG", "  /near   token  ", "/near\ntwo\nlines", "near token", "/near /define"),
        *("/define n=3", "/define Mast = A pole, made from:oak", "a sentence n=3"),
    ),
    "options": (
        *("/define token from=words", "/near token\nn=3   ", "/near token in=R&D"),
        *("/near token in=Model Behaviour n=3", "/near what is in: the box"),
        *(f"/near token {sign}" for sign in ("n=1", "n:3", "N=3", "n=03")),
        *(f"/near token {dash}n=3" for dash in ("-", "--", "–", "—")),
        *(f"/near token in={quoted}" for quoted in QUOTED),
        '/near token from:bank in:"A B" n:20',
    ),
    "options of verbs": (
        *("/near-admin reindex —dry-run --full", "/near-admin rollback g000001 from=g000002"),
        *("/near-admin log n=5", "/near-admin reindex carefull"),
        *("/near-admin remove Mast --yes", "/near-admin add Assent = The captain said yes"),
    ),
    "invalid numbers": tuple(
        f"/near token n={value}"
        for value in ("0", "21", "-1", "1.5", "ten", "٣", "²", "9" * 20, "0x5")
    ),
    "unknown commands": (
        *("/naer token", "//near token", "/near-admin statsu", "/", "/" + "x" * 500),
    ),
    "no text": ("", "\x00\x1b\u200b", "/near n=5", "/define"),
    "control characters": (
        *("/near a\x00b", "/near a\ud800b", "/near \x1b[31mred", "\u202e/near abc"),
        *("/near T&amp;M", "/near 👩\u200d💻 نزدیک", "/near <script>*b*"),
    ),
}


@pytest.mark.parametrize("kind", LINES)
def test_lines_are_parsed_or_refused_with_a_hint(kind: str, snapshot: SnapshotAssertion) -> None:
    found = [f"{line[:40]!a}: {shown(parse(line))}" for line in LINES[kind]]
    assert "\n".join(found) == snapshot


def test_text_that_resembles_an_option_is_not_parsed_as_one() -> None:
    for text in (
        *("n=3 tokens", "set n=3 and go", "top-n=3", "login=fast", "plan:9", "x=1"),
        *("temperature=0.7", "token in=", "where are you from:", "n = 3", "in general"),
        *('token in="Model Behaviour', "https://example.org/?n=3", '"token n=3"'),
    ):
        asked = request(f"/near {text}")
        assert (asked.text, dict(asked.options)) == (text, {})


def test_help_requests_are_recognized_in_every_spelling() -> None:
    for line in ("help", "HELP", " help ", "/help", "help me", "commands"):
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
    assert first == ["Ask", "/near", "help"]


@pytest.mark.parametrize("line", ["/define {}", "/near {}", "/latent compare a | b | {}", "{}"])
def test_the_length_of_a_text_is_that_of_its_compatible_characters(line: str) -> None:
    assert isinstance(parse(line.format("ﷺ" * 400)), Request)
    assert problem(line.format("ﷺ" * 7_850)).code == "too_long", "each becomes 18 characters"


def test_a_text_of_the_maximum_length_is_accepted_and_a_longer_one_refused() -> None:
    assert len(request("/near " + "x" * LONGEST_TEXT + " n=3").text) == LONGEST_TEXT
    for line in ("/near " + "x" * (LONGEST_TEXT + 1), "x" * (LONGEST_LINE + 1), "x" * 10**6):
        reply = problem(line)
        assert reply.code == "too_long"
        assert f"{LONGEST_TEXT:,}" in reply.message
    started = time.thread_time()
    parse("/near token" + " n=1" * 4_000)
    assert time.thread_time() - started < 1


@pytest.mark.parametrize("about", ["", *(command.name for command in COMMANDS)])
@pytest.mark.parametrize("prefix", ["", "dev-"], ids=["no prefix", "prefix"])
def test_every_example_in_the_command_table_parses(about: str, prefix: str) -> None:
    shown = help_for(Request("help", about), prefix)
    assert isinstance(shown, Help)
    for example in (example for form in shown.commands for example in form.examples):
        assert about in ("", request(example, prefix).command), example


@pytest.mark.parametrize("line", [*LINES["options of verbs"], '/near rope in=«a "b" c»'])
def test_a_request_is_written_as_the_line_that_it_was_parsed_from(line: str) -> None:
    asked = request(line)
    assert parse(line_of(asked, "dev-"), "dev-") == asked


def test_help_shows_the_commands_within_summaries_with_their_prefix() -> None:
    shown = help_for(Request("help", ""), "dev-")
    assert isinstance(shown, Help)
    summaries = " ".join(command.summary for command in shown.commands)
    assert "/dev-near delete my data" in summaries
    assert "/near" not in summaries


def test_help_is_a_command_with_and_without_a_prefix() -> None:
    assert request("/help near", "dev-").command == "help"
    assert request("/dev-near help define", "dev-") == Request("help", "define")
    assert problem("/near rope", "dev-").code == "unknown_command"


@pytest.mark.parametrize("prefix", ["n", "near-", "help", "dev-"])
def test_help_finds_a_command_whose_name_starts_with_the_prefix(prefix: str) -> None:
    for name in ("near", "near-admin", "define"):
        slashed = f"/{prefix}{name}"
        for line in (f"{slashed} help", f"help {name}", f"help {prefix}{name}", f"help {slashed}"):
            shown = help_for(request(line, prefix), prefix)
            assert isinstance(shown, Help), line
            assert shown.commands[0].usage.startswith(f"/{prefix}{name} "), line


def test_help_for_an_unknown_command_names_the_commands() -> None:
    shown = help_for(request("help Nearr"))
    assert isinstance(shown, Problem)
    assert shown.message == 'There is no command "/nearr".'
    assert shown.hint.startswith("Did you mean /near? Commands: /near, ")


def test_list_of_subcommands_tells_where_their_options_are() -> None:
    listed = help_for(Request("help", "latent"), "dev-")
    assert isinstance(listed, Help)
    assert listed.hint == "Options and examples: /dev-latent SUBCOMMAND help"
    one = help_for(Request("help", "latent wander"), "dev-")
    assert isinstance(one, Help)
    assert (one.hint, bool(one.commands[0].options)) == ("", True)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/near token cat=retrieval", "in=retrieval"),
        ('/near token category="Model Behaviour"', 'in="Model Behaviour"'),
        ("/near token cat=Model Behaviour", "in=Model Behaviour"),
        ("/near what is a token form=words", "from=words"),
        ("/near token n=3 whi=yes", "why=yes"),
        ("/near cat=retrieval", "in=retrieval"),
        ("/latent map inn=retrieval", "in=retrieval"),
        ("/latent wander token temperature=0.3", "t=0.3"),
        ("/near-admin reindex --dryrun", "--dry-run"),
        ("/define RAG full=yes", "whole=yes"),
    ],
)
def test_a_misspelt_option_is_answered_with_the_one_that_was_meant(line: str, meant: str) -> None:
    assert problem(line).hint.startswith(f"Did you mean {meant}? ")


@pytest.mark.parametrize(
    "line",
    [
        *("/near token foo=1", "/near token foo=1 n=3", "/latent map foo=1"),
        *("/latent compare dog | puppy n=3", "/near-admin gaps 7d foo=1", "/define RAG --foo=1"),
        "/near-admin reindex --foo",
    ],
)
def test_an_unknown_option_is_never_searched_for_as_text(line: str) -> None:
    reply = problem(line)
    assert (reply.code, "has no option" in reply.message) == ("usage", True)
    assert "Usage: /" in reply.hint


def test_an_option_that_is_given_twice_is_a_problem() -> None:
    assert problem("/near token n=3 n=4").message == "n is given twice."


@pytest.mark.parametrize(
    "text",
    [
        *("what does p=0.05 mean?", "what happens when temperature=0", "an effect with p=0.05"),
        *("sampling with temperature=0", "is login=fast", '"token foo=1"', "E=mc2", "top_p=0.9"),
    ],
)
def test_a_text_with_an_equals_sign_of_its_own_is_searched_for(text: str) -> None:
    assert request(f"/near {text}").text == text


def test_a_setting_that_is_a_whole_side_of_a_comparison_is_a_text() -> None:
    assert request("/latent compare n=3 | top-p=0.9").text == "n=3 | top-p=0.9"


@pytest.mark.parametrize("line", ["explain: a tug", "Explain:a tug", "/explain a tug"])
def test_a_command_with_a_colon_is_parsed_with_or_without_a_slash(line: str) -> None:
    assert parse(line) == Request("explain", "a tug")
    assert line_of(Request("explain", "a tug")) == "explain: a tug"


def test_a_question_that_begins_like_a_command_with_a_colon_stays_a_question() -> None:
    assert parse("explain RAG") == Request("ask", "explain RAG")
    assert parse("list all terms") == Request("ask", "list all terms")
    assert parse("list: Quay page=2") == Request("list", "Quay", {"page": 2})
    assert parse("list:") == Request("list", "")
    empty = parse("explain:")
    assert isinstance(empty, Problem)
    assert empty.message == "explain: needs a text."


def test_a_command_with_a_colon_has_its_prefix_with_a_slash_only() -> None:
    assert parse("explain: a tug", "dev-") == parse("/dev-explain a tug", "dev-")
