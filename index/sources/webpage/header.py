"""Parse the lines in the head of a saved page: breadcrumb, title, other names, category, date."""

import re
from collections.abc import Sequence

from index.names import name_key
from index.sources.dates import as_date
from index.sources.markdown.term_names import is_acronym, names_in, split_name
from index.sources.webpage.boilerplate import bare
from index.text import word_set

_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?[›»❯→]\s*|(?<!\s)\s+[>/]\s+")
_HOME = ("home", "start", "homepage")
_GENERIC = word_set(
    "home start homepage encyclopedia encyclopaedia glossary dictionary wiki terms a-z index all "
    "library resources learn blog docs documentation lexicon knowledge base"
)
_UPDATED = re.compile(
    r"(?:\b|(?<=[a-z)]))(?:(?:Latest|Last|LATEST|LAST)[ -](?i:up-?dated?|modified|reviewed|revised|"
    r"edited|changed?)|(?<!.)(?:Updated|Modified|Revised|Reviewed)(?=:| on\b))"
    r"(?: on| at)?\s*(?P<colon>:?)\s*(?P<date>.{0,80})$"
)
_TITLE_END = re.compile(
    r" ?(?:[|·»›]\s.*|(?:\s[–—-]|:)\s(?:(?:a |the )?(?:\w+ )?"
    r"(?:definition|meaning|explained|what (?:it|is)|examples?|glossary|guide|how it).*))$",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"what(?: (?:is|are|does)|['’]s) (?:an? |the )?(?P<term>.+?)(?: mean)?\s*\??$", re.I
)
_HOW = re.compile(r"how (?:(?:does|do) )?(?:an? |the )?(?P<term>.+?) works?\??$", re.I)
_KNOWN_AS = re.compile(
    r"\b(?:also|sometimes|commonly|often) (?:known|referred to|called|abbreviated)(?: as)?:?\s+"
    r"(?P<names>[^.;()]{2,200})",
    re.IGNORECASE,
)
_NAMES_END = re.compile(
    r",? (?:is|are|was|were|which|that|refers?|means?|has|lets?|in|when|because)\b"
)
_CATEGORY = re.compile(r"^(?:category|topic|section)\s*:\s*(?P<name>.{2,80})$", re.IGNORECASE)
_BACK_TO = re.compile(
    r"back to\b\s*(?P<sign>[:›»❯→>]?)\s*(?P<name>(?!the\b|top\b)[^\W_].{1,59})", re.IGNORECASE
)
_MOST_WORDS = 6  # in a name, or in a category after "Back to"


def date_in(line: str) -> tuple[str, str] | None:
    """Return the text before and after “Latest update” on a line, or None without that label."""
    found = _UPDATED.search(line) if len(line) <= 300 else None
    if not found:
        return None
    date = found["date"].strip()
    prose = len(date) > 25 or date.endswith(".")
    if prose and not found["colon"] and not as_date(date, year_first=True):
        return None
    return line[: found.start()].strip(" |·–—-•"), date


def split_title(title: str) -> tuple[str, tuple[str, ...]]:
    """Split a title into the term and the other names in parentheses after it.

    `split_title("Retrieval-Augmented Generation (RAG)")` gives the term and `("RAG",)`. A
    parenthesis that is not another name, as in “Agent (AI)”, stays in the term.
    """
    term = bare(title)
    if term.endswith("?"):
        term = asked_term(term) or term
    return split_name(bare(_TITLE_END.sub("", term)) or term)


def keys_of(title: str) -> set[str]:
    """Return the keys of all names in a title."""
    term, aliases = split_title(title)
    return {name_key(name) for name in (term, *aliases, title)}


def aliases_of(text: str) -> tuple[str, ...]:
    """Return the names after “also known as” in a sentence."""
    found = _KNOWN_AS.search(text)
    names = names_in(_NAMES_END.split(found["names"])[0]) if found else ()
    return tuple(name for name in names if len(name.split()) <= _MOST_WORDS)


def category_label(line: str) -> str:
    """Return X for a line such as “Category: X”, or ""."""
    found = _CATEGORY.match(bare(line))
    return bare(found["name"]) if found else ""


def back_to(line: str) -> str:
    """Return the category on a line such as “Back to › Architecture & Technical”, or "".

    Without an arrow before it, the name must start with a capital and not be the home page.
    """
    found = _BACK_TO.fullmatch(bare(line))
    name = bare(found["name"]) if found else ""
    words = name.split()
    if not found or len(words) > _MOST_WORDS or name.endswith((".", "!", "?")) or is_generic(name):
        return ""
    leads_home = is_generic(words[-1]) or words[0].casefold() == "back"
    return name if found["sign"] or not (name[0].islower() or leads_home) else ""


def trail(line: str) -> list[str]:
    """Return the steps of a breadcrumb, or an empty list for any other line."""
    if len(line) > 300 or bare(line).casefold().startswith("back to"):
        return []
    steps = [step for step in map(bare, _SEPARATOR.split(line)) if step]
    if len(steps) < 2 or any(len(step) > 90 for step in steps[:-1]):
        return []
    return steps if len(steps) > 2 or is_generic(steps[0]) else []


def is_generic(step: str) -> bool:
    """Return whether a breadcrumb step, such as "Home" or "Glossary", is not a category."""
    return _GENERIC.issuperset(step.casefold().split())


def category_of(steps: Sequence[str]) -> str:
    """Return the last breadcrumb step that is not generic, as the category of the page."""
    above = [step for step in steps if name_key(step) not in _HOME]
    return ([step for step in above if not is_generic(step)] or above or [""])[-1]


def split_step(step: str, wanted: str) -> tuple[str, str]:
    """Separate the last breadcrumb step from a title that follows it without a space.

    `split_step("Latent SpaceLatent Space")` gives `("Latent Space", "Latent Space")`. `wanted` is
    the term as named elsewhere on the page, to decide ambiguous cases. Without a title, the second
    text is "".
    """
    half = len(step) // 2
    if half > 1 and step[:half] == step[-half:]:
        return step[:half].strip(), step[-half:]
    for found in re.finditer(r"(?<=[^\s(])(?=[A-Z0-9À-Þ])", step):
        first, second = step[: found.start()], step[found.start() :]
        keys = keys_of(second)
        acronym = first[0] == second[0] and is_acronym(first, split_title(second)[0])
        if acronym or keys_of(first) & keys or (wanted and name_key(wanted) in keys):
            return first, second
    return step, ""


def asked_term(heading: str) -> str:
    """Return X for a heading such as “What Is X?”, or "" for “What is it?”."""
    found = _WHAT.match(bare(heading)) or _HOW.match(bare(heading))
    term = found["term"].strip() if found else ""
    if name_key(term) in ("it", "this", "that", "they", "it mean"):
        return ""
    return term[:1].upper() + term[1:]
