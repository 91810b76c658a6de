"""Parse the parts of a saved page into fields of an entry."""

import re
from collections.abc import Iterable, Sequence

from index.entry import Question, Reference, Related
from index.sources.prose import DEFINITION, split_definition
from index.sources.webpage.boilerplate import bare, heading_text
from index.sources.webpage.header import split_title
from index.sources.webpage.headings import is_sentence
from index.sources.webpage.lines import TextLine
from index.text import address_in, clean, is_web_address, one_line, split_sentences

# Between a term and its reason: the second form needs a space on one side only.
_BETWEEN = (re.compile(r" [–—−-]{1,2} | ?— ?| ?: | → "), re.compile(r" [–-](?=\w)|(?<=\w)[–-] "))
_AFTER_LEAD = re.compile(r"^(?:\([^()]{1,60}\))? ?[–—−:-]* ?")
_ASKED = re.compile(r"^(?:(?:question|q)\s*\d{0,2}\s*[:.)–-]|\d{1,2}[.):])\s+", re.IGNORECASE)
_ANSWERED = re.compile(r"^a(?:nswer)?\s*\d{0,2}\s*[:.)–-]\s+", re.IGNORECASE)
_MARK = re.compile(r"^(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}\.|\^|[•–—-])\s+")
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s<>\"]+>?", re.IGNORECASE)

Problem = tuple[int | None, str]  # line number, reason


def paragraphs(lines: Iterable[TextLine]) -> list[str]:
    """Return the paragraphs of `lines`. Consecutive list items form one, with one item per line."""
    found: list[str] = []
    listing = False
    for line in lines:
        text = clean(line.text) if line.kind == "code" else one_line(line.text)
        if line.kind == "item" and listing:
            found[-1] += f"\n- {text}"
        else:
            found.append(f"- {text}" if line.kind == "item" else text)
        listing = line.kind == "item"
    return found


def cut_definition(blocks: Sequence[str]) -> tuple[str, list[str]]:
    """Split paragraphs (at least one) into the definition, which is the first sentences, and the
    remaining paragraphs."""
    if sum(map(len, blocks)) <= DEFINITION and not any(block.startswith("- ") for block in blocks):
        return one_line(" ".join(blocks)), []
    definition, rest = split_definition(one_line(blocks[0]))
    return definition, [*([rest] if rest else []), *blocks[1:]]


def related_of(lines: Sequence[TextLine]) -> tuple[list[Related], list[Problem]]:
    """Return the terms in a “Related terms” section with their reasons, and the invalid lines."""
    found: list[Related] = []
    problems: list[Problem] = []
    open_term = False  # whether the last term has no reason yet
    for line in lines:
        text = bare(line.text)
        names = [name.strip() for name in text.rstrip(".").split(",")]
        listed = len(names) > 1 and all(0 < len(name.split()) <= 5 for name in names)
        is_term = line.kind == "question" or (len(text) <= 80 and not text.endswith(tuple(".!?:;")))
        if (
            open_term
            and line.kind == "text"
            and not line.level
            and (is_sentence(text) or lines[0].kind == "question")
        ):
            found[-1] = Related(found[-1].term, one_line(text))
            open_term = False
        elif line.kind != "question" and (pair := _pair(line)):
            found.append(Related(_term(pair[0]), pair[1]))
            open_term = False
        elif line.kind == "text" and listed:
            found += [Related(_term(name), "") for name in names]
            open_term = False
        elif text and is_term:
            found.append(Related(_term(text), ""))
            open_term = True
        elif text and not text.endswith(":"):
            problems.append((line.number, 'is under "Related terms" but is not a term'))
    return [item for item in found if item.term], problems


def _term(text: str) -> str:
    return split_title(bare(text).strip(" :–—-"))[0]


def _pair(line: TextLine) -> tuple[str, str] | None:
    text, lead = bare(line.text), bare(line.lead)
    if lead and text.startswith(lead) and len(lead) <= 120:
        why = _AFTER_LEAD.sub("", text[len(lead) :].strip())
        if why:
            return lead, one_line(why)
    for pattern in _BETWEEN:
        found = pattern.search(text)
        if found and 0 < found.start() <= 120 and text[found.end() :].strip():
            return text[: found.start()], one_line(text[found.end() :])
    return None


def questions_of(lines: Sequence[TextLine]) -> tuple[list[Question], list[Problem]]:
    """Return the questions in an FAQ section with their answers, and the invalid lines."""
    asked: list[tuple[TextLine, str, list[TextLine]]] = []
    problems: list[Problem] = []
    marked = any(line.level or line.kind == "question" for line in lines)
    for line in lines:
        question, answer = _question_in(line, marked)
        if question:
            asked.append((line, question, [TextLine(answer, line.number)] if answer else []))
        elif asked:
            asked[-1][2].append(line)
        elif is_sentence(line.text) and not line.text.endswith(":"):
            problems.append((line.number, "is above the first question"))
    found: list[Question] = []
    for line, question, texts in asked:
        answer = _ANSWERED.sub("", "\n\n".join(paragraphs(texts)))
        if answer:
            found.append(Question(question, answer))
        else:
            problems.append((line.number, f'"{question}" has no answer'))
    return found, problems


def _question_in(line: TextLine, marked: bool) -> tuple[str, str]:
    """Return the question on a line and the answer after it, each or both empty."""
    words, lead = bare(line.text), bare(line.lead)
    text = heading_text(_ASKED.sub("", words))
    if line.level or line.kind == "question":
        return text, ""
    if marked or line.kind == "code" or len(text) > 300:
        return "", ""
    if lead.endswith("?") and words.startswith(lead):
        return heading_text(_ASKED.sub("", lead)), words[len(lead) :].strip(" –—:-")
    if text.endswith("?") and len(split_sentences(text)) == 1:
        return text, ""
    head, mark, answer = text.partition("? ")
    return (f"{head}?", answer.strip(" –—:-")) if mark and _ASKED.match(words) else ("", "")


def references_of(lines: Sequence[TextLine]) -> tuple[list[Reference], list[Problem]]:
    """Return the references in a “References” section, and the invalid lines."""
    found: list[Reference] = []
    problems: list[Problem] = []
    listed = any(line.kind == "item" for line in lines)
    for line in lines:
        text = one_line(line.text)
        link = line.url.rstrip(".,;") if line.url else address_in(text)
        url = link if is_web_address(link) else ""
        words = _MARK.sub("", bare(_ADDRESS.sub("", text).replace("()", ""))).strip(" –—-,:;|")
        marked = line.kind == "item" or _MARK.match(line.text)
        prose = not listed and len(words) >= 15 and re.search(r"\d{4}|[,“\"”]", words)
        if url and not words and found and found[-1].url is None and line.kind != "item":
            found[-1] = Reference(found[-1].text, url)
        elif url or (words and not line.level and (marked or prose)):
            found.append(Reference(words or url, url or None))
        elif words and not line.level:
            problems.append((line.number, 'is under "References" but is not a reference'))
    return found, problems
