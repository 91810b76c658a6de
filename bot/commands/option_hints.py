"""Recognize an unknown option at the end of a line, and suggest the one that was meant."""

import re

from bot.commands.catalog import COMMANDS
from bot.commands.help import closest, usage
from bot.commands.spec import LONGEST_OPTION, QUOTED_VALUE, Command, Option, Verb
from bot.replies.base import Problem
from index.question_words import BEFORE_NAME

MAX_KEY = 20  # characters
_WORD = r"[^\s=\"“”„«»]+"
_SETTING = re.compile(
    rf"(?:^|\s)[-–—]*(?P<key>[A-Za-z][A-Za-z-]{{0,{MAX_KEY - 1}}})="
    rf"(?P<value>{QUOTED_VALUE}|{_WORD}(?:\s+{_WORD}){{0,7}})$"
)
_FLAG = re.compile(rf"(?:^|\s)(?:--|—)(?P<key>[A-Za-z][A-Za-z-]{{0,{MAX_KEY - 1}}})$")
_QUESTION = re.compile(
    r"(?:are|can|could|did|do|does|how|is|should|was|what|what's|when|where|which|who|why|will"
    r"|would)\b|.*\?$",
    re.IGNORECASE | re.DOTALL,
)
_ALL_KEYS = frozenset(
    option.key
    for command in COMMANDS
    for form in (command, *command.verbs)
    for option in form.options
)


def unknown_option(
    command: Command, verb: Verb | None, text: str, prefix: str = ""
) -> Problem | None:
    """Return a `Problem` if `text`, from which the options have been removed, still ends in one.

    A key that misspells an option, or is a synonym of one, is always an option. Any other key
    is one unless it is a question's, or depends on the word before it: "what does p=0.05 mean?",
    "sampling with temperature=0". A setting that is the whole text, or a whole side of a
    comparison, is the text, and so is a formula of one letter, "p=0.05".
    """
    form = verb or command
    if "=" in form.argument:
        return None
    flag = _FLAG.search(text) if any(not option.value for option in form.options) else None
    found = flag or _SETTING.search(text[-LONGEST_OPTION:])
    if found is None:
        return None
    key, value = found["key"].casefold(), "" if flag else found["value"]
    meant = _meant(key, [option for option in form.options if bool(option.value) != bool(flag)])
    if " " in value and value[0].isalnum() and not (meant and meant.spaces):
        return None
    if meant is None and not flag and not _is_option(form, key, text[: -len(found[0])]):
        return None
    name = f"/{prefix}{command.name}{f' {verb.name}' if verb else ''}"
    repeated = meant is not None and meant.key == key
    message = f"{key} is given twice." if repeated else f'{name} has no option "{key}".'
    written = f"--{meant.key}" if meant and flag else f"{meant.key}={value}" if meant else ""
    suggested = f"Did you mean {written}? " if meant and not repeated else ""
    is_search = not flag and command.name != "near-admin"
    quoted = " To search for it as text, put the text in quotation marks." if is_search else ""
    return Problem(
        code="usage",
        message=message,
        hint=f"{suggested}Usage: {usage(command, prefix, verb)}.{quoted}",
    )


def _meant(key: str, options: list[Option]) -> Option | None:
    """Return the option that `key` names, misspells or is a synonym of, or None."""
    for option in options:
        if key == option.key or key in option.synonyms:
            return option
    known = {name: option for option in options for name in (option.key, *option.synonyms)}
    alike = [name for name in known if len(key) > 2 or name[0] == key[0]]
    close = closest(key, alike) if len(key) > 1 else None
    return known[close] if close else None


def _is_option(form: Verb, key: str, before: str) -> bool:
    """Return whether an unfamiliar `key` after the text `before` is meant as an option."""
    last = before.split()[-1].casefold() if before.split() else ""
    if not form.options:
        return key in _ALL_KEYS and last[-1:].isalnum()
    if len(key) == 1:
        return False
    if not last:
        return not form.argument or form.argument.startswith("[")
    return last[-1].isalnum() and last not in BEFORE_NAME and not _QUESTION.match(before)
