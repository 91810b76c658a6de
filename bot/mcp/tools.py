"""The tools of the MCP server: what each is for, its arguments, and the request that they make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.admin.entry_commands import split_definition
from bot.commands.catalog import MAX_NEIGHBOURS, MAX_PAGE
from bot.commands.defaults import NEIGHBOURS
from bot.commands.parser import LONGEST_TEXT, validate
from bot.commands.spec import CommandName, Request
from bot.replies.base import Problem
from bot.replies.editing import NewSuggestion
from index.reply import BaseReply
from index.search.listing import PAGE
from index.search.results import Answer, EntryList, EntryReply, Explanation, Neighbours
from index.text import clean, one_line, shorten

LONGEST_NAME = 200  # characters of a name: a category, a source, a heading
WRONG_ARGUMENTS = "arguments"  # code of a problem
EQUALS = " = "  # in a line, between a term and its definition


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a tool: a whole number between `bounds`, or a text of at most `longest`
    characters. `option` is the key of the option that it sets; empty for the text of the
    request."""

    name: str
    summary: str
    option: str = ""
    bounds: tuple[int, int] | None = None
    longest: int = LONGEST_NAME
    required: bool = False

    @property
    def schema(self) -> dict[str, object]:
        """The JSON schema of the argument."""
        if self.bounds:
            low, high = self.bounds
            return {
                "type": "integer",
                "minimum": low,
                "maximum": high,
                "description": self.summary,
            }
        length = {"minLength": 1, "maxLength": self.longest}
        return {"type": "string", **length, "description": self.summary}

    def fault(self, value: object) -> str:
        """Return what is wrong with a value, or an empty string."""
        if self.bounds:
            low, high = self.bounds
            fits = type(value) is int and low <= value <= high
            return "" if fits else f"{self.name} must be a whole number from {low} to {high:,}."
        if not isinstance(value, str):
            return f"{self.name} must be a text."
        if not clean(value):
            return f"{self.name} is empty."
        too_long = len(value) > self.longest
        most = f"at most {self.longest:,} are allowed"
        return f"{self.name} has {len(value):,} characters; {most}." if too_long else ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that makes a request of `command` and is answered by a `reply` or a problem. One that
    `writes` is only for users who may suggest entries."""

    name: str
    title: str
    summary: str
    command: CommandName
    reply: type[BaseReply]
    arguments: tuple[Argument, ...]
    writes: bool = False

    @property
    def input_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {one.name: one.schema for one in self.arguments},
            "required": [one.name for one in self.arguments if one.required],
            "additionalProperties": False,
        }

    def request_of(self, given: Mapping[str, Any]) -> Request | Problem:
        """Return the request that arguments make, or the problem with them. Null counts as not
        given."""
        known = {one.name: one for one in self.arguments}
        values = {name: value for name, value in given.items() if value is not None}
        faults = [
            f'{self.name} has no argument "{shorten(one_line(name), 40)}".'
            for name in values
            if name not in known
        ]
        faults += [
            f'{self.name} needs the argument "{one.name}".'
            for one in self.arguments
            if one.required and one.name not in values
        ]
        faults += filter(
            None, (known[name].fault(value) for name, value in values.items() if name in known)
        )
        if faults:
            names = ", ".join(known)
            return Problem(
                code=WRONG_ARGUMENTS, message=faults[0], hint=f"Arguments of {self.name}: {names}."
            )
        texts = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        options = {known[name].option: value for name, value in texts.items() if known[name].option}
        parts = [texts[one.name] for one in self.arguments if not one.option and one.name in texts]
        text = EQUALS.join(parts)
        if self.command == "define" and split_definition(text) != (parts[0], "".join(parts[1:])):
            return Problem(
                code=WRONG_ARGUMENTS,
                message=f"The term of {self.name} has an equals sign and a text after it.",
                hint="Give the term alone.",
            )
        return validate(Request(self.command, text, options), "")


_SOURCE = Argument("source", "only entries of this glossary", option="from")
TOOLS = (
    Tool(
        "near",
        "Nearest entries",
        "Find the entries of the glossary that are nearest in meaning to a word, a sentence or a "
        "prompt, with their similarity (0 to 1) and definitions. Use it when you do not know the "
        "name of the term.",
        "near",
        Neighbours,
        (
            Argument("text", "what to search for", longest=LONGEST_TEXT, required=True),
            Argument("n", f"how many (default: {NEIGHBOURS})", "n", bounds=(1, MAX_NEIGHBOURS)),
            Argument("category", "only entries in this category", option="in"),
            _SOURCE,
        ),
    ),
    Tool(
        "define",
        "Define a term",
        "Look up one entry by its term, alias or id: the definition, sections, example, questions "
        "and related terms. Give section to read only one part of a long entry.",
        "define",
        EntryReply,
        (
            Argument("term", "the term, an alias or an id", longest=LONGEST_TEXT, required=True),
            Argument("section", "only the section with this heading", option="section"),
            _SOURCE,
        ),
    ),
    Tool(
        "ask",
        "Ask a question",
        "Answer a question with unchanged sentences of the entries, and name them. It says so if "
        "no entry answers it. Each question stands alone.",
        "ask",
        Answer,
        (Argument("question", "the question", longest=LONGEST_TEXT, required=True),),
    ),
    Tool(
        "list",
        "List entries",
        f"List the entries in alphabetical order with their definitions, {PAGE} on a page, and the "
        "categories with their sizes.",
        "list",
        EntryList,
        (
            Argument("category", "only entries in this category"),
            Argument("letter", "only terms that begin with it", option="letter", longest=20),
            Argument("page", "which page (default: 1)", option="page", bounds=(1, MAX_PAGE)),
        ),
    ),
    Tool(
        "explain",
        "Explain a text",
        "Find all terms in a text that the glossary knows, each with the meaning that fits, and "
        "the abbreviations that it does not define. Use it to understand a message or a document.",
        "explain",
        Explanation,
        (Argument("text", "the text", longest=LONGEST_TEXT, required=True),),
    ),
    Tool(
        "suggest",
        "Suggest an entry",
        "Suggest a new entry to the owners of the glossary, who publish or decline it. Use it when "
        "a person asks for it, with a definition that they have agreed to.",
        "define",
        NewSuggestion,
        (
            Argument("term", "the term", required=True),
            Argument(
                "definition", "what it means, in a sentence", longest=LONGEST_TEXT, required=True
            ),
        ),
        writes=True,
    ),
)
