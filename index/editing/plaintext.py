"""Fields as plain text, as people type them, and back.

aliases     names with commas between them, or a line each
related     a line each, "Term: why one would go there next"
questions   "Q: …" and below it "A: …", with an empty line between two of them; several "Q: …" above
            one "A: …" are other ways to ask the same
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from index.entry import OUTSIDE, Question, Related, asked_alike
from index.entry_draft import EntryDraft, FieldName
from index.text import clean, one_line

_MARK = re.compile(r"^\s*(?:(q|question)|(a|answer))\s*:\s*(.*)$", re.IGNORECASE)
_GUARDED = re.compile(r"^(\s*)(\\*)(?=(?:q|question|a|answer)\s*:)", re.IGNORECASE)
_COLON = re.compile(r"(?<!\\):(?=\s|$)")
_BULLET = re.compile(r"^\s*[-*•]\s+")


def text_of(fields: EntryDraft, name: FieldName) -> str:
    """One field as text; the functions below give it back."""
    match name:
        case "aliases":
            between = (
                "\n" if any(mark in name for name in fields.aliases for mark in ",;") else ", "
            )
            return between.join(fields.aliases)
        case "related":
            return "\n".join(map(_related_line, fields.related))
        case "questions":
            return "\n\n".join(map(_question_lines, asked_alike(fields.questions)))
        case _:
            return str(getattr(fields, name))


def fields_from(texts: Mapping[FieldName, str]) -> EntryDraft:
    """The fields of a form that was typed as texts; one that is missing is empty."""
    return EntryDraft(
        term=one_line(texts.get("term", "")),
        aliases=aliases_from(texts.get("aliases", "")),
        category=one_line(texts.get("category", "")),
        definition=one_line(texts.get("definition", "")),
        example=clean(texts.get("example", "")),
        related=related_from(texts.get("related", "")),
        questions=questions_from(texts.get("questions", "")),
    )


def aliases_from(text: str) -> tuple[str, ...]:
    """Names on lines of their own, or between commas, each once."""
    text = clean(text)
    names = map(one_line, text.split("\n") if "\n" in text else re.split("[,;]", text))
    return tuple(dict.fromkeys(name for name in names if name))


def related_from(text: str) -> tuple[Related, ...]:
    """A related term from each line; one without a reason has an empty one."""
    lines = (_BULLET.sub("", line) for line in clean(text).splitlines())
    return tuple(_related(line) for line in lines if line.strip())


def questions_from(text: str) -> tuple[Question, ...]:
    """Questions with their answers. Where nothing is marked with Q: or A:, the first line of each
    paragraph is a question and what follows its answer; a question without an answer has an empty
    one."""
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
    return "\n".join([*asked, f"A: {first}", *map(_guarded, others)])


def _guarded(line: str) -> str:
    """A line of an answer that is no mark, whatever it begins with."""
    return _GUARDED.sub(r"\1\2\\", line)


def _unguarded(line: str) -> str:
    return _GUARDED.sub(lambda found: found[1] + found[2][1:], line)


def _related(line: str) -> Related:
    term, *why = _COLON.split(one_line(line), maxsplit=1)
    term = term.replace("\\:", ":").strip()
    outside = term.endswith(OUTSIDE)
    return Related(term.removesuffix(OUTSIDE).strip(), "".join(why).strip(), outside=outside)


def _marked(lines: Iterable[str]) -> Iterator[Question]:
    """Questions from lines of which some begin with Q: or A:. Those that follow one another share
    the answer below them; at the end, one without any has an empty one."""
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
            answer = [*answer, _unguarded(line)]
        elif line.strip():
            asked[-1:] = [[*(asked[-1] if asked else []), line]]
    yield from found()
