"""Answer questions with sentences from the encyclopedia. No text is generated."""

import re
from dataclasses import replace

from index.embedding.embedder import Embedder
from index.entry import Entry, group_rewordings
from index.search.answers import small_talk
from index.search.answers.comparison import MAX_DEFINED, answer_comparison, define
from index.search.answers.context import AnswerDraft, QuestionContext, cite, draft_from
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.answers.entry_record import answer_from_record
from index.search.answers.follow_ups import answer_follow_up
from index.search.answers.intents import Intent, defined_in, intent_of, questions_in
from index.search.answers.lists import answer_list, answer_near
from index.search.answers.read import answer_by_reading
from index.search.results import Answer, Confidence
from index.sentences import (
    definition_of,
    expand_abbreviation,
    explains_how,
    explains_importance,
    first_paragraph,
    first_sentences,
)
from index.sources.source import BUNDLED
from index.storage import Generation
from index.text import one_line, split_sentences

FOLLOW_UPS = 2
_AND = re.compile(r", (?:(?:and|or) )?| (?:and|or|&) ", re.IGNORECASE)


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
        topic=draft.topic,
    )


def _draft(context: QuestionContext, intent: Intent) -> AnswerDraft:
    draft = answer_from_record(context)
    if draft is not None:
        return draft
    match intent.kind:
        case "numbered" | "other" | "without" | "more" | "simpler" | "why":
            draft = answer_follow_up(context, intent)
        case "difference":
            draft = answer_comparison(context)
        case "list":
            draft = answer_list(context, intent.subject)
        case "near":
            draft = answer_near(context, intent.subject)
        case "example":
            draft = _example(context, intent)
        case "workings" | "importance":
            draft = _section(context, intent)
        case "courtesy":
            asks = defined_in(context.question)  # "what is NICE?"
            draft = _definition(context) if asks else None
            draft = draft or AnswerDraft(small_talk.reply_to(context.question))
    return draft or _definition(context) or answer_by_reading(context, context.question)


def _example(context: QuestionContext, intent: Intent) -> AnswerDraft | None:
    """Return the example of the entry that a question is about, if it has one."""
    entry = context.resolve_subject(intent.subject) or context.only_subject(intent.subject)
    if entry is None and not intent.subject:
        return answer_follow_up(context, intent)
    if entry is None or not entry.example:
        return None
    if not intent.subject and context.names_another(context.question):
        return None
    if entry is context.focus and "Example" in context.thread.told:
        text = f"The entry on {entry.term} has no other example."
        return AnswerDraft(text, nearest=context.mentions_near(entry)[1:])
    return draft_from(context, entry, "Example", first_sentences(entry.example))


def _section(context: QuestionContext, intent: Intent) -> AnswerDraft | None:
    """Return the section on how an entry works, or why it matters, if it has one."""
    entry = context.resolve_subject(intent.subject)
    is_wanted = explains_how if intent.kind == "workings" else explains_importance
    for section in entry.sections if entry else ():
        if entry and is_wanted(section.heading):
            return draft_from(context, entry, section.heading, first_paragraph(section))
    return None


def _definition(context: QuestionContext) -> AnswerDraft | None:
    """Define the entry or entries that a question names, if it asks no more than that. Of several
    sentences, the only question counts, or else the first sentence."""
    asked = questions_in(context.question)
    if len(asked) > 1:
        return None
    is_preceded = bool(asked) and bool(defined_in(asked[0]))  # "We hear of it. What is RAG?"
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
    if question.endswith("?") and " or " in question:
        return None
    parts = _AND.split(question)
    names = [context.resolve_name(part) for part in parts] if len(parts) <= MAX_DEFINED else []
    ids = dict.fromkeys(name.entry_id for name in names if name)
    if not all(names) or not 1 < len(ids) <= MAX_DEFINED:
        return None
    return define(context, [context.generation.entries[one] for one in ids])


def _follow_ups(
    generation: Generation, draft: AnswerDraft, thread: Conversation
) -> tuple[str, ...]:
    """Suggest questions that further candidates or the first cited entry answer; after a list,
    nothing. Except for choices, nothing is suggested twice in a thread."""
    if not draft.citations or not draft.citations[0].heading:
        return draft.follow_ups
    entry = generation.entries[draft.citations[0].id]
    over = {*thread.told, *thread.suggested, *(item.heading for item in draft.citations)}
    own = (item.question for item, *_ in group_rewordings(entry.faq))
    asked = dict.fromkeys((*draft.follow_ups, *own))
    return tuple(question for question in asked if question not in over)[:FOLLOW_UPS]
