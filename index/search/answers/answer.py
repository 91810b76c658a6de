"""Answer questions with sentences from the encyclopedia. No text is generated."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.embedding.embedder import Embedder
from index.entry import Entry, group_rewordings
from index.names import content_words, name_key
from index.search.answers import small_talk
from index.search.answers.context import AnswerDraft, QuestionContext, cite, draft_from
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.answers.entry_record import answer_from_record
from index.search.answers.follow_ups import answer_follow_up
from index.search.answers.intents import (
    SHORT,
    Intent,
    dependence_of,
    intent_of,
    plain,
    without_lead,
)
from index.search.answers.lists import answer_list, answer_near
from index.search.answers.semantic import answer_by_meaning
from index.search.answers.sentences import (
    definition_of,
    expand_abbreviation,
    explains_how,
    explains_importance,
    first_paragraph,
    first_sentences,
)
from index.search.answers.wording import defined_in, questions_in
from index.search.neighbours import mention_of
from index.search.results import Answer, Citation, Confidence
from index.search.similarity import entry_similarity
from index.sources.source import BUNDLED
from index.storage import Generation
from index.text import one_line, split_sentences

FOLLOW_UPS = 2
MAX_DEFINED = 3  # entries in one answer
_AND = re.compile(r", (?:(?:and|or) )?| (?:and|or|&) ", re.IGNORECASE)
_ASKS_EACH = re.compile(
    r"\W{1,5}what(?:'?s| is| are) (?:each|they|these|those|all)\b.*$", re.IGNORECASE
)
_ASKS_WHAT = re.compile(
    r"(?:what(?:'?s| is| are| does| do)|define|explain|tell me about) ", re.IGNORECASE
)
# A comparison of two things, up to the first, and what stands between them.
_COMPARED = (
    (re.compile(r"\bbetween ", re.IGNORECASE), re.compile(r" and ", re.IGNORECASE)),
    (re.compile(r"^compare ", re.IGNORECASE), re.compile(r" (?:and|with|to) ", re.IGNORECASE)),
    (re.compile(r""), re.compile(r" (?:vs\.?|versus|differs? from) ", re.IGNORECASE)),
)
_OTHER = re.compile(
    r"\b(?:another|different|second|other|one more)(?: examples?| one)\b|"
    r"\b(?:another|other|else)\W*$",
    re.IGNORECASE,
)
_SETTING = re.compile(r"\b(?:with|from|in|at)\b", re.IGNORECASE)  # "an example from a bank"
_BETWEEN = re.compile(r"\b(?:between|and|from|than|with|vs|versus|as|(?<!-)to(?!-))\b")


def answer(
    generation: Generation, embedder: Embedder, question: str, thread: Conversation = NO_THREAD
) -> Answer:
    """Answer `question`, which may refer to earlier messages in `thread`, with unchanged sentences
    from the entries."""
    completed = generation.names.complete_pairs(one_line(question))
    context = QuestionContext(generation, embedder, completed, thread)
    intent = intent_of(question)
    if intent.kind == "question":
        context = replace(context, question=context.name_ordinals())
    draft = _draft(context, intent)
    return Answer(
        generation=generation.id,
        model=generation.model,
        question=one_line(question),
        answered=draft.answered,
        text=draft.text,
        citations=draft.citations,
        confidence=draft.confidence,
        sparse=draft.sparse,
        nearest=draft.nearest,
        follow_ups=_follow_ups(generation, draft, thread),
    )


def _draft(context: QuestionContext, intent: Intent) -> AnswerDraft:
    draft = answer_from_record(context)
    if draft is not None:
        return draft
    match intent.kind:
        case "example" if not intent.subject and context.focus is None:
            draft = answer_follow_up(context, intent)
        case "numbered" | "other" | "without" | "more" | "simpler" | "why":
            draft = answer_follow_up(context, intent)
        case "difference":
            draft = _difference(context)
        case "list":
            draft = answer_list(context, intent.subject)
        case "near":
            draft = answer_near(context, intent.subject)
        case "example" | "workings" | "importance":
            draft = _part_of_entry(context, intent)
        case "courtesy":
            asks = defined_in(context.question)  # "what is NICE?"
            draft = _definition(context) if asks else None
            draft = draft or AnswerDraft(small_talk.reply_to(context.question))
    return draft or _definition(context) or answer_by_meaning(context, context.question)


def _difference(context: QuestionContext) -> AnswerDraft | None:
    compared = context.entries_in(context.question)
    if len(content_words(context.question)) > len(compared) + SHORT:
        compared = context.subjects_in(context.question)  # "different answers to the same prompt"
    if len(compared) < 2:  # a name may be misspelt
        parts = [part for part in _BETWEEN.split(context.question) if "differ" not in part]
        names = [named for part in parts if (named := context.resolve_name(part))]
        ids = [*(entry.id for entry in compared), *(named.entry_id for named in names)]
        compared = [context.generation.entries[entry_id] for entry_id in dict.fromkeys(ids)]
    if len(compared) == 1 and (missing := _missing_operand(context)):
        return _compare_with_missing(context, compared[0], missing)
    refers = dependence_of(context.question) == "refers"
    if len(compared) == 1 and (refers or "between" not in context.question):
        compared = [*([context.focus] if context.focus else []), *compared]
    elif not compared and refers and "between" in context.question:
        compared = [entry for entry in (context.focus, *context.others[:1]) if entry]
    if len(compared) == MAX_DEFINED:
        return _define(context, compared)
    if len(compared) != 2 or compared[0] is compared[1]:
        return None
    return _contrast(context, *compared)


def _compare_with_missing(context: QuestionContext, entry: Entry, missing: str) -> AnswerDraft:
    """Answer from `entry` if it speaks of the other thing, or else say that this has no entry."""
    if context.unknown_words(missing, entry):
        draft = _define(context, [entry])
        return replace(draft, text=f'There is no entry "{missing}".\n\n{draft.text}')
    draft = answer_by_meaning(context, context.question)
    is_own = [place.id for place in draft.citations[:1]] == [entry.id]
    return draft if is_own else answer_by_meaning(context, context.question, only=entry)


def _missing_operand(context: QuestionContext) -> str:
    """Return the one of the two compared things that names no entry and is a proper name or has a
    word that no entry contains, or an empty string."""
    text = plain(context.question).removesuffix(" please").rstrip(",")
    matches = ((before.search(text), separator) for before, separator in _COMPARED)
    operands = next(separator.split(text[found.end() :]) for found, separator in matches if found)
    if len(operands) != 2:
        return ""
    others = [part for part in operands if not context.entries_in(part)]
    if len(others) != 1 or " and " in others[0] or len(content_words(others[0])) > 2:
        return ""
    other = re.sub(r"^(?:an?|the) ", "", others[0], flags=re.IGNORECASE)
    is_proper = " " not in other and len(other) > 1 and other[0].isupper()
    return other if is_proper or context.unknown_words(other) else ""


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
    if reasons:
        return "\n".join(text for text, _ in reasons), tuple(place for _, place in reasons)
    return "", ()


def _part_of_entry(context: QuestionContext, intent: Intent) -> AnswerDraft | None:
    entry, text = context.resolve_subject(intent.subject), context.question
    if entry is None and intent.kind == "example":
        entry = context.only_subject(intent.subject)  # "an example of a chain of thought prompt"
    is_other = not intent.subject and context.names_another(_SETTING.split(text)[0])
    if entry is None or is_other:
        return None
    if intent.kind == "example":
        if not entry.example:
            return None
        if entry is context.focus and "Example" in context.thread.told and _OTHER.search(text):
            told = f"The entry on {entry.term} has no other example."
            return AnswerDraft(told, nearest=context.mentions_near(entry)[1:])
        return draft_from(context, entry, "Example", first_sentences(entry.example))
    is_wanted = explains_how if intent.kind == "workings" else explains_importance
    for section in entry.sections:
        if is_wanted(section.heading):
            return draft_from(context, entry, section.heading, first_paragraph(section))
    return None


def _definition(context: QuestionContext) -> AnswerDraft | None:
    """Define the entry or entries that a question names, if it asks no more than that. Of several
    sentences, the only question counts, or else the first sentence."""
    asked = questions_in(context.question)
    is_preceded = len(asked) == 1 and defined_in(asked[0])  # "We hear of it a lot. What is RAG?"
    question = asked[0] if is_preceded else next(iter(split_sentences(context.question)), "")
    named = context.resolve_name(question)
    if named is None:
        return _definitions(context, question)
    entry = context.generation.entries[named.entry_id]
    text = definition_of(entry)
    if full := expand_abbreviation(entry, named.name):
        text = f"{named.name} stands for {full}.\n{text}"
    confidence: Confidence = "quite sure" if named.match == "spelling" else "sure"
    draft = draft_from(context, entry, "Definition", text, confidence)
    return _with_other_meanings(context, question, entry, draft)


def _with_other_meanings(
    context: QuestionContext, question: str, entry: Entry, draft: AnswerDraft
) -> AnswerDraft:
    """Add the definitions of other entries that an own entry hides: the bundled entry with the same
    term, and those that have the name as an alias."""
    generation = context.generation
    if entry.source == BUNDLED:
        return draft
    hidden = [twin for twin, own in generation.names.twins.items() if own == entry.id]
    named = [one.entry_id for one in generation.names.resolve(question) if one.match != "spelling"]
    others = [
        generation.entries[one] for one in dict.fromkeys((*named, *hidden)) if one != entry.id
    ][: MAX_DEFINED - 1]
    texts = [f"{_origin_of(other)}: {definition_of(other)}" for other in others]
    return replace(
        draft,
        text="\n\n".join((draft.text, *texts)),
        citations=(*draft.citations, *(cite(other, "Definition") for other in others)),
    )


def _origin_of(entry: Entry) -> str:
    return "In the encyclopedia" if entry.source == BUNDLED else f"In {entry.source}"


def _definitions(context: QuestionContext, question: str) -> AnswerDraft | None:
    """Define each of two or three entries: "RAG and LoRA?". "RAG or LoRA?" asks more."""
    question, count = _ASKS_EACH.subn("", question)
    is_choice = question.endswith("?") and " or " in question
    if is_choice and not count and not _ASKS_WHAT.match(without_lead(question)):
        return None
    parts = _AND.split(question)
    names = [context.resolve_name(part) for part in parts] if len(parts) <= MAX_DEFINED else []
    ids = dict.fromkeys(name.entry_id for name in names if name)
    if not all(names) or not 1 < len(ids) <= MAX_DEFINED:
        return None
    return _define(context, [context.generation.entries[one] for one in ids])


def _define(context: QuestionContext, entries: Sequence[Entry]) -> AnswerDraft:
    return AnswerDraft(
        "\n\n".join(definition_of(entry) for entry in entries),
        tuple(cite(entry, "Definition") for entry in entries),
        "sure",
        tuple(mention_of(context.generation, entry.id, 1.0) for entry in entries),
    )


def _follow_ups(
    generation: Generation, draft: AnswerDraft, thread: Conversation
) -> tuple[str, ...]:
    """Suggest questions that the first cited entry answers, and questions about its related terms.
    After a weak answer, suggest the second nearest entry instead of a related term; after a list,
    nothing. Except for choices, nothing is suggested twice in a thread."""
    if not draft.citations or not draft.citations[0].heading:
        return draft.follow_ups
    entry = generation.entries[draft.citations[0].id]
    over = {*thread.told, *thread.suggested, *(item.heading for item in draft.citations)}
    cited = {*thread.entries, *(item.id for item in draft.citations)}
    in_entry = draft.follow_ups or [item.question for item, *_ in group_rewordings(entry.faq)]
    own = [question for question in in_entry if question not in over]
    weak = draft.confidence == "not sure"
    ids = [item.id for item in (draft.nearest if weak else entry.related) if item.id]
    terms = [one for one in ids if one in generation.entries and one not in cited]
    related = [f"What does {generation.entries[one].term} mean?" for one in terms]
    related = [question for question in related if question not in over]
    return tuple([*own[:1], *related, *own[1:]][:FOLLOW_UPS])
