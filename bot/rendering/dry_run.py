"""What a person should know of a glossary before it is imported, as plain lines."""

from collections import Counter
from collections.abc import Sequence

from bot.rendering.common import many
from index.search.trial_results import Trial, TrialQuestion
from index.sources.files import Refusal, RefusalKind, by_seriousness
from index.sources.review import SharedName
from index.text import one_line, shorten

SHOWN = 50  # findings listed in the terminal
SHOWN_NAMES = 10  # names listed in one line
INDENT = "  "
_KINDS: dict[RefusalKind, tuple[str, str]] = {
    "far longer": (
        "entry far longer than the others of its file",
        "entries far longer than the others of their file",
    ),
    "skipped": ("file, row or part not read", "files, rows or parts not read"),
    "shortened": ("field shortened or left out", "fields shortened or left out"),
    "merged": ("row merged with another", "rows merged with others"),
}


def finding_lines(refused: Sequence[Refusal], shown: int) -> list[str]:
    """Render the parts of a source that were not read as they are written: the number of each
    kind, then the first `shown` with place and reason, the most serious first."""
    if not refused:
        return []
    ordered = by_seriousness(refused)
    lines = [f"To look at: {_counted(ordered)}."]
    for item in ordered[:shown]:
        where = f"{item.path}:{item.line}" if item.line else item.path
        lines.append(f"{INDENT}{one_line(f'{where}: {item.reason}. {item.hint}')}")
    left = ordered[shown:]
    return [*lines, f"{INDENT}… and {_counted(left)} (--json lists all)"] if left else lines


def _counted(refused: Sequence[Refusal]) -> str:
    counts = Counter(item.kind for item in refused)
    return ", ".join(many(counts[kind], *words) for kind, words in _KINDS.items() if counts[kind])


def shared_lines(shared: Sequence[SharedName], shown: int) -> list[str]:
    """Render the names that several entries have."""
    if not shared:
        return []
    lines = [f"{many(len(shared), 'name is', 'names are')} of several entries:"]
    for item in shared[:shown]:
        more = item.entries - len(item.terms)
        others = f" and {more:,} more" if more else ""
        text = f'"{item.name}" names {", ".join(item.terms)}{others}'
        lines.append(f"{INDENT}{one_line(text)}")
    left = len(shared) - shown
    return [*lines, f"{INDENT}… {left:,} more (--json lists all)"] if left > 0 else lines


def lost_lines(ignored: Sequence[str]) -> list[str]:
    """Render the columns and keys that are not kept."""
    if not ignored:
        return []
    return [
        f"{many(len(ignored), 'column or key is', 'columns or keys are')} not kept: "
        f"{_listed(ignored)}"
    ]


def hides_lines(hides: Sequence[str]) -> list[str]:
    """Render the terms of the encyclopedia over which the entries take precedence."""
    if not hides:
        return []
    terms = many(len(hides), "term", "terms")
    return [f"Its entries take precedence over {terms} of the encyclopedia: {_listed(hides)}"]


def trial_lines(trial: Trial) -> list[str]:
    """Render questions that people might ask, and what would be answered."""
    if not trial.questions:
        return []
    within = "this glossary and the encyclopedia" if trial.encyclopedia else "this glossary"
    count = many(len(trial.questions), "question")
    lines = [f"{count} that people might ask, and what would be answered from {within}:"]
    if trial.indexed < trial.entries:
        lines.append(
            f"{INDENT}(only the first {trial.indexed:,} of {trial.entries:,} entries are searched "
            "for this)"
        )
    for number, question in enumerate(trial.questions, start=1):
        lines += _question_lines(number, question)
    wrong = sum(not question.right for question in trial.questions)
    if wrong:
        lines.append(f"{many(wrong, 'question does', 'questions do')} not find the entry first.")
    return lines


def _question_lines(number: int, item: TrialQuestion) -> list[str]:
    first = "nothing is near"
    if item.first:
        first = f"{item.first} ({item.source}) {item.similarity:.2f}"
    wrong = "" if item.right else f" · made from {item.term}"
    hedge = " · hedged" if item.hedged else ""
    lines = [f"{number:>2} {item.question}", f"   {first}{wrong}{hedge}", f"   {item.sentence}"]
    return [_cleaned(line) for line in lines]


def _cleaned(line: str) -> str:
    """Return a line without control characters, with its indent."""
    indent = len(line) - len(line.lstrip())
    return " " * indent + one_line(line)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(shorten(one_line(name), 60) for name in names[:SHOWN_NAMES])
    left = len(names) - SHOWN_NAMES
    return f"{shown} and {left:,} more" if left > 0 else shown
