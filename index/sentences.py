"""Extract unchanged sentences from an entry."""

import re

from index.entry import Entry, Section
from index.names import name_key
from index.text import paragraphs, split_sentences

LONGEST = 600  # characters of the first sentences of a text
BRIEF_SENTENCES, LONGEST_BRIEF = 2, 280  # of one of two texts
RUNNING = 1_200  # maximum characters of a continued definition that is shown in full

# Beginnings of sentences that depend on the previous sentence.
_LEANS_BACK = re.compile(
    r"(?:it|its|this|that|these|those|they|their|he|she|his|her|both|such|then|but|and|or|so|"
    r"also|again|here|there|thus|therefore|however|instead|otherwise|some|others?|another|"
    r"one|two|each|neither|in both|afterwards|the (?:first|second|other|same|latter|former|"
    r"picture|result|effect|idea|method|name|word|rest)|"
    r"an? (?:second|third|fourth|further|last))\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"(?:[\w'’,-]{1,30} ){1,6}(?:it|its|them|they|their|these|those|he|she)\b"
)


def first_sentences(text: str) -> str:
    """Return the first sentences of `text`: up to `LONGEST` characters, at least one sentence."""
    end = 0
    for sentence in split_sentences(text):
        after = text.index(sentence, end) + len(sentence)
        if end and after > LONGEST:
            break
        end = after
    return text[:end]


def brief(text: str) -> str:
    """Return the first sentences of `text`: `BRIEF_SENTENCES`, or one if two exceed
    `LONGEST_BRIEF` characters."""
    sentences = split_sentences(text)[:BRIEF_SENTENCES]
    shown = " ".join(sentences)
    return shown if len(shown) <= LONGEST_BRIEF else "".join(sentences[:1])


def first_paragraph(section: Section) -> str:
    """Return the first sentences of the first paragraph of a section."""
    return first_sentences(paragraphs(section.text)[0])


def explains_how(heading: str) -> bool:
    """Return whether a section with this heading says how something works."""
    return name_key(heading).startswith("how ")


def explains_importance(heading: str) -> bool:
    """Return whether a section with this heading says why something matters."""
    return "matters" in name_key(heading).split()


def is_self_contained(sentence: str) -> bool:
    """Return whether a sentence, judged by its beginning, makes sense without the previous one."""
    return not _LEANS_BACK.match(sentence) and not _POINTS_BACK.match(sentence)


def definition_of(entry: Entry) -> str:
    """Return the term with its definition, or with a numbered list if it has several meanings."""
    if len(entry.senses) < 2:
        return prefix_term(entry, entry.definition)
    lines = [f"{entry.term} has {len(entry.senses)} meanings:"]
    lines += [f"{number}. {sense.text}" for number, sense in enumerate(entry.senses, start=1)]
    return "\n".join(lines)


def prefix_term(entry: Entry, text: str) -> str:
    """Put the term before a definition, unless the definition begins with it."""
    begins = name_key(text).startswith(name_key(entry.term))
    return text if begins else f"{entry.term}: {text}"


def continued_definition(entry: Entry, nearest: str) -> str:
    """Return the definition and the sections headed by the term. If that exceeds `RUNNING`
    characters, keep only the section whose text is `nearest`."""
    term = name_key(entry.term)
    rest = [part.text for part in entry.sections if name_key(part.heading) == term]
    if len(entry.definition) + sum(map(len, rest)) > RUNNING:
        rest = [text for text in rest if text == nearest]
    return " ".join((entry.definition, *rest))


def expand_abbreviation(entry: Entry, written: str) -> str:
    """Return the name of `entry` that `written` abbreviates, or an empty string."""
    names = (entry.term, *entry.aliases)
    key = name_key(written)
    short = next((name for name in names if name_key(name) == key), written)
    if sum(letter.isupper() for letter in short) < 2:
        return ""
    for name in names:
        words = [word for word in name_key(name).split() if word not in _SMALL_WORDS]
        if len(words) > 1 and "".join(word[0] for word in words) == key.replace(" ", ""):
            return name
    term = name_key(entry.term)
    letters = iter(term.replace(" ", ""))
    is_short_form = " " in term and key[0] == term[0] and not term.startswith(key)
    # The iterator ends early if a letter is missing or comes in another order.
    return entry.term if is_short_form and all(letter in letters for letter in key) else ""


_SMALL_WORDS = frozenset(["a", "an", "and", "for", "from", "in", "of", "on", "the", "to", "with"])
