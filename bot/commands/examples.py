"""Examples of commands with terms of the team's glossary, for a Nearsay without the bundled
encyclopedia."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from bot.commands.catalog import COMMANDS
from bot.commands.help import EXAMPLE
from bot.replies.base import Help, HelpCommand, Problem
from index.text import one_line

PLACEHOLDERS = ("TERM", "OTHER TERM", "THIRD TERM")  # while the glossary has too few terms
MOST_READ = 5_000
_PLAIN_TERM = re.compile(r"[^\W_][\w &'’-]{1,29}")


def example_terms(terms: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of the first `MOST_READ` terms that fit into an example, spread over
    these."""
    first = map(one_line, islice(terms, MOST_READ))
    plain = dict.fromkeys(term for term in first if _PLAIN_TERM.fullmatch(term))
    fitting, most = list(plain), len(PLACEHOLDERS)
    count = min(most, len(fitting))
    return tuple(fitting[at * len(fitting) // count] for at in range(count))


def term_questions(terms: Sequence[str]) -> list[str]:
    """Return questions about the first of `terms`."""
    different = [f"What is the difference between {terms[0]} and {terms[1]}?"] if terms[1:] else []
    return [*(f"What is {term}?" for term in terms), *different]


def with_own_examples(
    reply: Help | Problem, terms: Sequence[str], prefix: str = ""
) -> Help | Problem:
    """Return `reply` with examples that have the `terms` of the team's glossary."""
    known = _own_examples((*terms, *PLACEHOLDERS[len(terms) :]), prefix)
    if isinstance(reply, Problem):
        example = reply.hint.removeprefix(EXAMPLE)
        return replace(reply, hint=f"{EXAMPLE}{known[example]}") if example in known else reply
    return replace(reply, commands=tuple(_help(command, known) for command in reply.commands))


def _help(command: HelpCommand, known: Mapping[str, str]) -> HelpCommand:
    return replace(command, examples=tuple(known.get(one, one) for one in command.examples))


def _own_examples(terms: Sequence[str], prefix: str) -> dict[str, str]:
    """Return the example that replaces each example of the table of commands."""
    forms = [form for command in COMMANDS for form in (command, *command.verbs)]
    pairs = (
        pair
        for form in forms
        if form.own_examples
        for pair in zip(form.examples, form.own_examples, strict=True)
    )
    return {
        one.replace("/", f"/{prefix}", 1): own.format(*terms).replace("/", f"/{prefix}", 1)
        for one, own in pairs
    }
