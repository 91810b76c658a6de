"""Convert form fields to plain text and back.

aliases     names separated by commas, or one per line
related     one per line, "Term: why to read it next"
questions   "Q: …" with "A: …" below it, separated by empty lines; several "Q: …" above one "A: …"
            are rewordings of the same question
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from index.entry import OUTSIDE, Question, Related, group_rewordings
from index.entry_draft import EntryDraft, FieldName
from index.text import clean, one_line

_MARK = re.compile(r"^\s*(?:(q|question)|(a|answer))\s*:\s*(.*)$", re.IGNORECASE)
_GUARDED = re.compile(r"^(\s*)(\\*)(?=(?:q|question|a|answer)\s*:)", re.IGNORECASE)
_COLON = re.compile(r"(?<!\\):(?=\s|$)")
_BULLET = re.compile(r"^\s*[-*•]\s+")


def text_of(fields: EntryDraft, name: FieldName) -> str:
    """Format a field as plain text, which `parse_draft` can parse."""
    match name:
        case "aliases":
            between = (
                "\n" if any(mark in name for name in fields.aliases for mark in ",;") else ", "
            )
            return between.join(fields.aliases)
        case "related":
            return "\n".join(map(_related_line, fields.related))
        case "questions":
            return "\n\n".join(map(_question_lines, group_rewordings(fields.questions)))
        case _:
            return str(getattr(fields, name) or "")


def parse_draft(texts: Mapping[FieldName, str]) -> EntryDraft:
    """Parse the texts of a form; a missing field is empty, and a missing owner None."""
    return EntryDraft(
        term=one_line(texts.get("term", "")),
        aliases=parse_aliases(texts.get("aliases", "")),
        category=one_line(texts.get("category", "")),
        definition=one_line(texts.get("definition", "")),
        example=clean(texts.get("example", "")),
        related=parse_related(texts.get("related", "")),
        questions=parse_questions(texts.get("questions", "")),
        owner=one_line(texts["owner"]) if "owner" in texts else None,
    )


def parse_aliases(text: str) -> tuple[str, ...]:
    """Parse names, one per line or separated by commas, without duplicates."""
    text = clean(text)
    names = map(one_line, text.split("\n") if "\n" in text else re.split("[,;]", text))
    return tuple(dict.fromkeys(name for name in names if name))


def parse_related(text: str) -> tuple[Related, ...]:
    """Parse related terms, one per line; the reason may be empty."""
    lines = (_BULLET.sub("", line) for line in clean(text).splitlines())
    return tuple(_related(line) for line in lines if line.strip())


def parse_questions(text: str) -> tuple[Question, ...]:
    """Parse questions with their answers.

    Without Q: and A: prefixes, the first line of each paragraph is the question and the rest its
    answer. An answer may be empty.
    """
    text = clean(text)
    if any(_MARK.match(line) for line in text.splitlines()):
        return tuple(_marked(text.splitlines()))
    paragraphs = (part.strip().split("\n", 1) for part in re.split(r"\n\s*\n", text))
    return tuple(
        Question(one_line(lines[0]), clean(lines[1]) if len(lines) > 1 else "")
        for lines in paragraphs
        if lines[0].strip()
    )


def _related_line(item: Related) -> str:
    outside = f" {OUTSIDE}" if item.outside else ""
    term = _COLON.sub(r"\\:", item.term)
    return f"{term}{outside}: {item.why}" if item.why else f"{term}{outside}"


def _question_lines(alike: Sequence[Question]) -> str:
    first, *others = alike[0].answer.split("\n")
    asked = [f"Q: {item.question}" for item in alike]
    return "\n".join([*asked, f"A: {first}", *map(_escape, others)])


def _escape(line: str) -> str:
    """Escape a line of an answer that would be parsed as a Q: or A: line."""
    return _GUARDED.sub(r"\1\2\\", line)


def _unescape(line: str) -> str:
    return _GUARDED.sub(lambda found: found[1] + found[2][1:], line)


def _related(line: str) -> Related:
    term, *why = _COLON.split(one_line(line), maxsplit=1)
    term = term.replace("\\:", ":").strip()
    outside = term.endswith(OUTSIDE)
    return Related(term.removesuffix(OUTSIDE).strip(), "".join(why).strip(), outside=outside)


def _marked(lines: Iterable[str]) -> Iterator[Question]:
    """Parse lines with Q: and A: prefixes.

    Consecutive questions share the answer below them. If the last question has no answer, its
    answer is empty.
    """
    asked: list[list[str]] = []
    answer: list[str] = []
    part: Literal["question", "answer"] = "question"

    def found() -> Iterator[Question]:
        for number, one in enumerate(asked):
            said = one_line(" ".join(one)), clean("\n".join(answer))
            yield Question(*said, reworded=number > 0)

    for line in lines:
        mark = _MARK.match(line)
        if mark and mark[1]:
            if part == "answer":
                yield from found()
                asked, answer, part = [], [], "question"
            asked.append([mark[3]])
        elif mark:
            answer, part = [*answer, mark[3]], "answer"
        elif part == "answer":
            answer = [*answer, _unescape(line)]
        elif line.strip():
            asked[-1:] = [[*(asked[-1] if asked else []), line]]
    yield from found()
