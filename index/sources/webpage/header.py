"""Parse the head of a saved page: breadcrumb, title, other names, category and date."""

import re
from collections.abc import Iterable

from index.names import name_key
from index.sources.dates import as_date
from index.sources.markdown.term_names import is_acronym, names_in, split_name
from index.sources.webpage.boilerplate import SEPARATORS, bare

_GENERIC = frozenset((
    "home", "start", "homepage", "encyclopedia", "encyclopaedia", "glossary", "dictionary",
    "wiki", "terms", "a-z", "index", "all", "library", "resources", "learn", "blog", "docs",
    "documentation", "lexicon", "knowledge", "base",
))  # fmt: skip
_WORD = r"(?:up-?dated?|modified|reviewed|revised|edited|change[ds]?)"
_DATE_LABEL = re.compile(
    rf"(?:\b|(?<=[a-z)]))(?:(?:[Ll]a(?:te)?st|LATEST|LAST|[Mm]ost [Rr]ecent)[ -](?i:{_WORD})|"
    r"^(?:[Uu]pdated?|UPDATED?|[Mm]odified|[Rr]evised|[Rr]eviewed)(?= ?:| on\b| \d))"
    r"(?: on| at)?\s*[:–—-]?\s*(?P<rest>.*)$"
)
_TITLE_END = re.compile(
    r" ?(?:[|·»›]\s.*|(?:\s[–—-]|:)\s(?:(?:a |an |the )?(?:short |simple |plain |full |complete )?"
    r"(?:definition|meaning|explained|explanation|what (?:it|is)|examples?|encyclop|glossary|guide|"
    r"overview|how (?:it|does)).*))$",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"what(?: (?:is|are|does)|['’]s) (?:an? |the )?(?P<term>.+?)(?: mean)?\s*\??$", re.I
)
_HOW = re.compile(r"how (?:(?:does|do) )?(?:an? |the )?(?P<term>.+?) works?\??$", re.I)
_KNOWN_AS = re.compile(
    r"\b(?:also|sometimes|otherwise|commonly|often) "
    r"(?:known|referred to|called|abbreviated|written)"
    r"(?: as| simply)?:?\s+(?P<names>[^.;()]{2,200})", re.IGNORECASE)  # fmt: skip
_CATEGORY_LABEL = re.compile(
    r"^(?:category|topic|filed under|section)\s*:\s*(?P<name>.{2,80})$", re.IGNORECASE
)
_BACK_TO = re.compile(
    r"back to\b\s*(?P<sign>[:›»❯→>]?)\s*(?P<name>(?!the\b|top\b)[^\W_].{1,59})", re.IGNORECASE
)
_MOST_WORDS = 6  # in a name, or in a category after "Back to"


def date_in(line: str) -> tuple[str, str] | None:
    """Return the text before and after “Latest update” on a line, or None without that label."""
    found = _DATE_LABEL.search(line) if len(line) <= 300 else None
    if not found or len(found["rest"]) > 80:
        return None
    before, rest = line[: found.start()].strip(" |·–—-•"), found["rest"].strip()
    label = line[found.start() : found.start("rest")]
    if before and not label[:1].isupper():
        return None
    date_text = rest if ":" in label or as_date(rest, year_first=True) else ""
    if not date_text and (before or len(rest) > 25 or rest.endswith(".")):
        return None
    return before, rest


def split_title(title: str) -> tuple[str, tuple[str, ...]]:
    """Split a title into the term and the other names in parentheses after it.

    `split_title("Retrieval-Augmented Generation (RAG)")` gives the term and `("RAG",)`. A
    parenthesis that is not another name, as in “Agent (AI)”, stays in the term.
    """
    term = bare(title)
    question = _WHAT.fullmatch(term)
    if question and term.endswith("?"):
        term = question["term"][:1].upper() + question["term"][1:]
    term = bare(_TITLE_END.sub("", term)) or term
    return split_name(term)


def aliases_of(text: str) -> tuple[str, ...]:
    """Return the names after “also known as” in a sentence."""
    found = _KNOWN_AS.search(text)
    if not found:
        return ()
    names = re.split(r",? (?:is|are|was|were|which|that|refers?|means?|has|in|when|because)\b",
                     found["names"])[0]  # fmt: skip
    return tuple(name for name in names_in(names) if len(name.split()) <= _MOST_WORDS)


def category_label(line: str) -> str:
    found = _CATEGORY_LABEL.match(bare(line))
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
    if len(line) > 300 or re.match(r"^\W*back to\b", line, re.IGNORECASE):
        return []
    steps = [bare(step) for step in SEPARATORS.split(line)]
    steps = [step for step in steps if step]
    if len(steps) < 2 or any(len(step) > 90 for step in steps[:-1]):
        return []
    return steps if len(steps) > 2 or is_generic(steps[0]) else []


def is_generic(step: str) -> bool:
    """Return whether a breadcrumb step, such as "Home" or "Glossary", is not a category."""
    return all(word in _GENERIC for word in step.casefold().split())


def category_of(steps: Iterable[str]) -> str:
    """Return the last breadcrumb step that is not generic, as the category of the page."""
    above = [step for step in steps if name_key(step) not in ("home", "start", "homepage")]
    specific = [step for step in above if not is_generic(step)]
    return (specific or above or [""])[-1]


def split_step(step: str, wanted: str) -> tuple[str, str]:
    """Separate the last breadcrumb step from a title that follows it without a space.

    `split_step("Latent SpaceLatent Space")` gives `("Latent Space", "Latent Space")`. `wanted` is
    the term as named elsewhere on the page, to decide ambiguous cases. Without a title, the second
    text is "".
    """
    for at in range(2, len(step) - 1):
        first, second = step[:at].strip(), step[at:].strip()
        if first == second and len(first) > 1:
            return first, second
    for found in re.finditer(r"(?<=[^\s(])(?=[A-Z0-9À-Þ])", step):
        first, second = step[: found.start()], step[found.start() :]
        term, aliases = split_title(second)
        keys = {name_key(name) for name in (term, *aliases)}
        short = split_title(first)[0]
        if (
            name_key(first) in keys
            or name_key(short) in keys
            or (first[0] == term[0] and is_acronym(first, term))
        ):
            return first, second
        if wanted and name_key(wanted) in keys and len(first) > 1:
            return first, second
    return step, ""


def asked_term(heading: str) -> str:
    """Return X for a heading such as “What Is X?”, or "" for “What is it?”."""
    found = _WHAT.match(bare(heading)) or _HOW.match(bare(heading))
    term = found["term"].strip() if found else ""
    if name_key(term) in ("it", "this", "that", "they", "it mean", ""):
        return ""
    return term[:1].upper() + term[1:]
