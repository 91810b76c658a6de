"""Parse the parts of a saved page into fields of an entry."""

import re
from collections.abc import Iterable, Sequence

from index.entry import Question, Reference, Related
from index.sources.prose import DEFINITION, split_definition
from index.sources.webpage.boilerplate import bare, heading_text, is_biography
from index.sources.webpage.header import split_title
from index.sources.webpage.headings import is_sentence
from index.sources.webpage.lines import TextLine
from index.text import address_in, clean, is_web_address, one_line, split_sentences

_BETWEEN = re.compile(r" [–—−-]{1,2} | ?— ?| ?: | → ")  # between a term and its reason
_LOOSE = re.compile(r" [–-](?=\w)|(?<=\w)[–-] ")
_ASKED = re.compile(
    r"^(?:(?:question|q)\s*\d{0,2}\s*[:.)–-]|\d{1,2}[.):]|#\d{1,2})\s+", re.IGNORECASE
)
_LABELLED = re.compile(r"^(?:q|question)\s*\d*\s*[:.]", re.IGNORECASE)
_ANSWERED = re.compile(r"^(?:answer|a)\s*\d{0,2}\s*[:.)–-]\s+", re.IGNORECASE)
_MARK = re.compile(r"^(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}\.|\^|[•–—-])\s+")
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s<>\"]+>?", re.IGNORECASE)
_NOTHING = re.compile(
    r"\A\W*(?:none|n/?a|no (?:references|sources|links|entries)\b.{0,40}|coming soon|"
    r"t\.?b\.?[ad]\.?|to be added)\W*",
    re.IGNORECASE,
)

Problem = tuple[int | None, str]  # line number, reason


def paragraphs(lines: Iterable[TextLine]) -> list[str]:
    """Return the paragraphs of `lines`. Consecutive list items form one, with one item per line."""
    found: list[str] = []
    listing = False
    for line in lines:
        text = clean(line.text) if line.kind == "code" else one_line(line.text)
        if line.kind == "item":
            text = f"- {text}"
        if listing and line.kind == "item":
            found[-1] += f"\n{text}"
        else:
            found.append(text)
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
    for last, line in zip((None, *lines), lines, strict=False):
        text = bare(line.text)
        pair = _pair(line)
        if line.kind == "question":
            found.append(Related(_term(text), ""))
            open_term = True
        elif open_term and line.kind == "text" and last is not None and last.kind == "question":
            found[-1] = Related(found[-1].term, one_line(text))
            open_term = False
        elif pair:
            found.append(Related(_term(pair[0]), pair[1]))
            open_term = False
        elif open_term and found and line.kind == "text" and not line.level and is_sentence(text):
            found[-1] = Related(found[-1].term, one_line(text))
            open_term = False
        elif line.kind == "text" and (names := _comma_separated(text)):
            found += [Related(_term(name), "") for name in names]
            open_term = False
        elif text and len(text) <= 80 and not re.search(r"[.!?:;]$", text):
            found.append(Related(_term(text), ""))
            open_term = True
        elif text and not text.endswith(":"):
            problems.append((line.number, 'is under "Related terms" but is not a term'))
    return [item for item in found if item.term], problems


def _comma_separated(text: str) -> list[str]:
    names = [name.strip() for name in text.rstrip(".").split(",")]
    return names if len(names) > 1 and all(0 < len(name.split()) <= 5 for name in names) else []


def _term(text: str) -> str:
    return split_title(bare(text).strip(" :–—-"))[0]


def _pair(line: TextLine) -> tuple[str, str] | None:
    text = bare(line.text)
    lead = bare(line.lead)
    if lead and lead != text and text.startswith(lead) and len(lead) <= 120:
        rest = text[len(lead) :].strip()
        joined = re.match(r"^(?:\([^()]{1,60}\))? ?[–—−:-]* ?", rest)
        why = rest[joined.end() :] if joined else rest
        if why:
            return lead, one_line(why)
    for pattern in (_BETWEEN, _LOOSE):
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
            asked.append((line, question, []))
            if answer:
                asked[-1][2].append(TextLine(answer, line.number))
        elif asked:
            asked[-1][2].append(line)
        elif is_sentence(line.text) and not line.text.endswith(":"):
            problems.append((line.number, "is above the first question"))
    found: list[Question] = []
    for line, question, texts in asked:
        blocks = paragraphs(texts)
        if blocks:
            blocks[0] = _ANSWERED.sub("", blocks[0])
            found.append(Question(question, "\n\n".join(blocks)))
        else:
            problems.append((line.number, f'"{question}" has no answer'))
    return found, problems


def _question_in(line: TextLine, marked: bool) -> tuple[str, str]:
    text = heading_text(_ASKED.sub("", bare(line.text)))
    if line.kind == "code":
        return "", ""
    if line.level or line.kind == "question":
        return text, ""
    lead = bare(line.lead)
    if lead.endswith("?") and bare(line.text).startswith(lead) and not marked:
        answer = bare(line.text)[len(lead) :].strip(" –—:-")
        return heading_text(_ASKED.sub("", lead)), _ANSWERED.sub("", answer)
    if marked or len(text) > 300:
        return (text, "") if _LABELLED.match(bare(line.text)) and text.endswith("?") else ("", "")
    if text.endswith("?") and len(split_sentences(text)) == 1:
        return text, ""
    head, mark, answer = text.partition("? ")
    if mark and answer and _ASKED.match(bare(line.text)):
        return f"{head}?", _ANSWERED.sub("", answer.strip(" –—:-"))
    return "", ""


def references_of(lines: Sequence[TextLine]) -> tuple[list[Reference], list[Problem]]:
    """Return the references in a “References” section, and the invalid lines."""
    found: list[Reference] = []
    problems: list[Problem] = []
    listed = any(line.kind == "item" for line in lines)
    for line in lines:
        text = one_line(line.text)
        link = line.url.rstrip(".,;") if line.url else ""
        url = address_in(text) if not link else link if is_web_address(link) else ""
        words = one_line(_ADDRESS.sub("", text)).replace("()", "").replace("[]", "")
        words = _MARK.sub("", bare(words)).strip(" –—-,:;|")
        if url and not words and found and found[-1].url is None and line.kind != "item":
            found[-1] = Reference(found[-1].text, url)
        elif url or (words and _is_source(words, line, listed)):
            found.append(Reference(words or url, url or None))
        elif words and not _NOTHING.fullmatch(words) and not line.level:
            problems.append((line.number, 'is under "References" but is not a reference'))
    return found, problems


def _is_source(words: str, line: TextLine, listed: bool) -> bool:
    if line.level or _NOTHING.fullmatch(words) or is_biography(words, []):
        return False
    if line.kind == "item" or _MARK.match(line.text):
        return True
    return not listed and len(words) >= 15 and bool(re.search(r"\d{4}|[,“\"”.]", words))
