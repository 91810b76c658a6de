"""Compare entries that a question names."""

from collections.abc import Sequence
from dataclasses import replace

from index.entry import Entry, group_rewordings
from index.names import content_words, name_key
from index.search.answers.context import AnswerDraft, QuestionContext, cite
from index.search.answers.intents import SHORT, plain, refers_back
from index.search.answers.read import answer_by_reading
from index.search.neighbours import mention_of
from index.search.results import Citation
from index.search.similarity import entry_similarity
from index.sentences import definition_of

MAX_DEFINED = 3  # entries in one answer
_SEPARATORS = (" and ", " with ", " to ", " than ", " versus ", " vs. ", " vs ", " from ", " as ")
_COMPARING = ("difference between ", "differences between ", "compare ", "between ")


def answer_comparison(context: QuestionContext) -> AnswerDraft | None:
    """Compare the two entries that a question names, or the one that it names with the topic.
    Return None if it does not name what is compared."""
    compared, refers = _compared(context), refers_back(context.question)
    if len(compared) == 1 and not refers and (missing := _missing_operand(context)):
        return _compare_with_missing(context, compared[0], missing)
    if len(compared) == 1 and context.focus and (refers or "between" not in context.question):
        compared = [context.focus, *compared]
    elif not compared and refers:
        compared = [entry for entry in (context.focus, *context.others[:1]) if entry]
    if len(compared) == MAX_DEFINED:
        return define(context, compared)
    if len(compared) != 2 or compared[0] is compared[1]:
        return None
    return _contrast(context, *compared)


def define(context: QuestionContext, entries: Sequence[Entry]) -> AnswerDraft:
    """Define each of `entries`."""
    return AnswerDraft(
        "\n\n".join(definition_of(entry) for entry in entries),
        tuple(cite(entry, "Definition") for entry in entries),
        "sure",
        tuple(mention_of(context.generation, entry.id, 1.0) for entry in entries),
    )


def _compared(context: QuestionContext) -> list[Entry]:
    """Return the entries that a question names, misspelt ones included."""
    compared = context.entries_in(context.question)
    if len(content_words(context.question)) > len(compared) + SHORT:
        compared = context.subjects_in(context.question)  # "different answers to the same prompt"
    if len(compared) > 1:
        return compared
    parts = [part for part in _operands(context.question) if "differ" not in part]
    names = [named for part in parts if (named := context.resolve_name(part))]
    ids = dict.fromkeys((*(entry.id for entry in compared), *(one.entry_id for one in names)))
    return [context.generation.entries[one] for one in ids]


def _operands(question: str) -> list[str]:
    """Return what stands between the words of a comparison."""
    text = plain(question).removesuffix(" please").rstrip(",")
    for start in _COMPARING:
        text = text.partition(start)[2] or text
    parts = [text]
    for separator in _SEPARATORS:
        parts = [piece for part in parts for piece in part.split(separator)]
    return parts


def _missing_operand(context: QuestionContext) -> str:
    """Return the one of the two compared things that names no entry and has a word that no entry
    contains, or an empty string."""
    operands = _operands(context.question)
    others = [part for part in operands if not context.entries_in(part)]
    if len(operands) != 2 or len(others) != 1 or len(content_words(others[0])) > 2:
        return ""
    words = others[0].split()
    other = " ".join(words[1:] if words[0].casefold() in ("a", "an", "the") else words)
    is_proper = " " not in other and len(other) > 1 and other[0].isupper()
    return other if is_proper or context.unknown_words(other) else ""


def _compare_with_missing(context: QuestionContext, entry: Entry, missing: str) -> AnswerDraft:
    """Answer from `entry` if it speaks of the other thing, or else say that this has no entry."""
    if context.unknown_words(missing, entry):
        draft = define(context, [entry])
        return replace(draft, text=f'There is no entry "{missing}".\n\n{draft.text}')
    return answer_by_reading(context, context.question, only=entry)


def _contrast(context: QuestionContext, one: Entry, other: Entry) -> AnswerDraft:
    similarity = entry_similarity(context.generation, one.id, other.id)
    apart, citation = _what_separates(one, other)
    lines = [definition_of(one), definition_of(other), apart]
    citations = (cite(one, "Definition"), cite(other, "Definition"), *citation)
    nearest = (
        mention_of(context.generation, one.id, 1.0),
        mention_of(context.generation, other.id, similarity),
    )
    return AnswerDraft("\n\n".join(line for line in lines if line), citations, "sure", nearest)


def _what_separates(one: Entry, other: Entry) -> tuple[str, tuple[Citation, ...]]:
    """Return a question of one entry that names the other, with its answer, or else the reasons why
    the two are related. Also return the citations. Both are empty if there is neither."""
    for a, b in ((one, other), (other, one)):
        names = {name_key(name) for name in (b.term, *b.aliases)}
        for first, *others in group_rewordings(a.faq):
            asked_for = [name_key(item.question) for item in (first, *others)]
            if any(f" {name} " in f" {key} " for name in names for key in asked_for):
                return f"{first.question}\n{first.answer}", (cite(a, first.question),)
    reasons = [
        (f"{b.term}, a related term of {a.term}: {item.why}", cite(a, "Related terms"))
        for a, b in ((one, other), (other, one))
        for item in a.related
        if item.id == b.id
    ]
    return "\n".join(text for text, _ in reasons), tuple(place for _, place in reasons)
