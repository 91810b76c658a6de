"""Answer requests for lists of entries, and "what is near this?"."""

from collections import Counter

from index.entry import Entry, Mention
from index.names import name_key
from index.search.answers.context import AnswerDraft, QuestionContext, cite
from index.search.answers.intents import intent_of, is_pronoun
from index.search.neighbours import mention, nearest_to_entry
from index.search.ranking import rank
from index.search.text_similarity import stems
from index.storage import Generation
from index.text import one_line

MAX_TERMS = 25
NEIGHBOURS = 5
MIN_SIMILARITY = 0.5  # minimum similarity of an entry to a subject that is not a category
_EVERYTHING = stems("term entry category topic word")
_SMALL_WORDS = stems("all about there with")


def answer_list(context: QuestionContext, subject: str) -> AnswerDraft | None:
    """List the terms in the category `subject`. If the subject means all entries, list the
    categories. Otherwise, list the terms near the subject, or return None if too few are near."""
    words = stems(subject)
    wanted = words - _SMALL_WORDS - _EVERYTHING
    if not wanted:
        return _categories(context.generation) if words or not subject else None
    meant = [name for name in context.generation.categories if wanted <= stems(name)]
    if len(meant) != 1:
        return _near(context, " ".join(word for word in subject.split() if stems(word) & wanted))
    entries = [e for e in context.generation.listed if meant[0] in e.categories]
    return _terms(context, meant[0], sorted(entries, key=lambda entry: name_key(entry.term)))


def answer_near(context: QuestionContext, subject: str) -> AnswerDraft | None:
    """List the entries nearest to the entry that `subject` names or refers to, or else to the text,
    with their similarities. Return None if no entry is near."""
    generation = context.generation
    entry = context.resolve_subject(subject)
    if entry is None and is_pronoun(subject):
        return AnswerDraft("Near what? Write a term or a text after it.")
    if entry is not None:
        found = nearest_to_entry(generation, entry.id, NEIGHBOURS)
    else:
        ranking = rank(generation, subject, context.point(subject), NEIGHBOURS)
        found = [] if ranking.sparse else ranking.found
    if not found:
        return None
    mentions = tuple(mention(generation, item) for item in found)
    lines = [f"Near {entry.term if entry else one_line(subject)}:"]
    lines += [
        f"{number}. {item.term} {item.similarity:.2f}"
        for number, item in enumerate(mentions, start=1)
    ]
    cited = tuple(cite(generation.entries[item.id], "") for item in mentions)
    return AnswerDraft("\n".join(lines), cited, "sure", mentions)


def _near(context: QuestionContext, subject: str) -> AnswerDraft | None:
    ranking = rank(context.generation, subject, context.point(subject), MAX_TERMS)
    entries = [
        context.generation.entries[item.entry_id]
        for item in ranking.found
        if item.similarity >= MIN_SIMILARITY
    ]
    few = ranking.sparse or len(entries) < 2
    return None if few else _terms(context, f"Near {subject}", entries)


def _terms(context: QuestionContext, category: str, entries: list[Entry]) -> AnswerDraft:
    """List the first of `entries`, or after "more", those after the list in the thread."""
    is_more = intent_of(context.question).kind == "more"
    last = context.thread.entries[-1] if is_more else None
    start = next((at for at, entry in enumerate(entries, start=1) if entry.id == last), 0)
    entries = entries[start:]
    shown = entries[:MAX_TERMS]
    lines = [f"{category} ({len(entries)}{' more' if start else ''}):"]
    lines += [f"{number}. {entry.term}" for number, entry in enumerate(shown, start=1)]
    if len(entries) > len(shown):
        lines.append(f"… and {len(entries) - len(shown)} more")
    return AnswerDraft(
        "\n".join(lines),
        tuple(cite(entry, "") for entry in shown),
        "sure",
        tuple(Mention(entry.id, entry.term, entry.category, None) for entry in shown[:3]),
    )


def _categories(generation: Generation) -> AnswerDraft:
    entries = generation.listed
    sizes = Counter(name for entry in entries for name in entry.categories or ("Other",))
    lines = [f"{len(entries):,} entries in {len(sizes)} categories:"]
    lines += [f"- {name} ({size})" for name, size in sorted(sizes.items())][:MAX_TERMS]
    ask_next = tuple(f"List all {name}" for name in generation.categories[:2])
    return AnswerDraft("\n".join(lines), confidence="sure", follow_ups=ask_next)
