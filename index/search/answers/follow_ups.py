"""Answer follow-ups that depend on the thread, such as "more" and "why?"."""

from index.entry import Entry, group_rewordings
from index.names import content_words
from index.search.answers.context import AnswerDraft, QuestionContext, draft_from
from index.search.answers.intents import (
    LAST,
    ORDINALS,
    SHORT,
    Intent,
    insert_term,
    intent_of,
    refers_back,
    without_lead,
)
from index.search.answers.lists import answer_list
from index.search.answers.read import answer_by_reading
from index.sentences import (
    definition_of,
    explains_how,
    first_paragraph,
    first_sentences,
)

CHOICES = 3
NO_TOPIC = "There is no answer to follow up on yet. Ask about a term first."
_MORE = frozenset(("more", "further", "deeper", "detail", "details"))


def answer_follow_up(context: QuestionContext, intent: Intent) -> AnswerDraft | None:
    """Answer a follow-up, or return None if it has to be answered as a standalone question."""
    if intent.kind == "without":
        return _without(context, intent.subject)
    if intent.kind == "numbered" and context.thread.entries:
        return _numbered(context, intent.subject)
    if intent.kind == "other" and context.thread.entries:
        return _other(context)
    if context.names_another(context.question):
        return None
    if context.thread.focus is None and context.thread.entries:
        asked = intent_of(context.thread.question)
        more = intent.kind == "more" and asked.kind == "list"
        draft = answer_list(context, asked.subject) if more else None
        rest = draft is not None and draft.citations
        return draft if rest else AnswerDraft("Which one? Write its number.")
    if context.focus is None:
        draft = answer_by_reading(context, context.question)
        is_sure = draft.confidence in ("sure", "quite sure")
        is_question = is_sure or len(content_words(context.question)) > SHORT
        return draft if is_question else AnswerDraft(NO_TOPIC)
    if intent.kind == "simpler":
        return _simpler(context, context.focus)
    if intent.kind == "why":
        return _why(context, context.focus)
    return _more(context, context.focus)


def _numbered(context: QuestionContext, number: str) -> AnswerDraft | None:
    entry = context.numbered(number)
    asks_why = without_lead(context.question).casefold().startswith("why")
    has_list = len(context.thread.numbered) > 1
    if entry is None and (not has_list or (asks_why and number.isdigit())):
        return None  # "why 60?" asks about a number in the text
    if entry is None:
        at, last = ORDINALS.get(number.casefold(), number), len(context.thread.numbered)
        at = last if at == LAST else at
        return AnswerDraft(f"There is no number {at} in the list, which ends at {last}.")
    from_list = intent_of(context.thread.question).kind == "list"
    if asks_why and not from_list:
        return answer_by_reading(context, context.thread.question, only=entry)
    if _MORE.intersection(content_words(context.question)) and entry.sections:
        return (_more if entry is context.focus else _introduction)(context, entry)
    return draft_from(context, entry, "Definition", definition_of(entry))


def _other(context: QuestionContext) -> AnswerDraft | None:
    others, question = context.others, context.thread.question
    if not others and context.focus:
        near = context.mentions_near(context.focus)[1:]
        others = [context.generation.entries[item.id] for item in near]
    if len(others) > 1:
        *first, last = [entry.term for entry in others[:CHOICES]]
        refers = refers_back(question)
        return AnswerDraft(
            f"Which one: {', '.join(first)} or {last}?",
            follow_ups=tuple(
                insert_term(question, entry.term) if refers else entry.term
                for entry in others[:CHOICES]
            ),
        )
    if not others:
        return None
    is_own = context.focus in context.entries_in(question) or intent_of(question).kind != "question"
    if is_own or not refers_back(question):
        return draft_from(context, others[0], "Definition", definition_of(others[0]))
    return answer_by_reading(context, question, only=others[0])


def _why(context: QuestionContext, entry: Entry) -> AnswerDraft:
    """Explain what the last question asked. After a definition or a name, or if the explanation was
    already shown, explain how the thing works."""
    question = context.thread.question
    if not context.resolve_name(question) and intent_of(question).kind == "question":
        draft = answer_by_reading(context, f"why: {question}", only=entry)
        if not any(item.heading in context.thread.told for item in draft.citations):
            return draft
    for section in entry.sections:
        is_new = section.heading not in context.thread.told
        if is_new and explains_how(section.heading):
            return draft_from(context, entry, section.heading, first_paragraph(section))
    return answer_by_reading(context, f"why does {entry.term} happen?", only=entry)


def _simpler(context: QuestionContext, entry: Entry) -> AnswerDraft:
    if entry.sections and entry.sections[0].heading not in context.thread.told:
        return _introduction(context, entry)
    text = definition_of(entry)
    if "Definition" in context.thread.told:
        text = f"The entry on {entry.term} has no plainer text than its definition."
    return draft_from(context, entry, "Definition", text, "quite sure")


def _introduction(context: QuestionContext, entry: Entry) -> AnswerDraft:
    section = entry.sections[0]
    return draft_from(context, entry, section.heading, first_paragraph(section))


def _without(context: QuestionContext, subject: str) -> AnswerDraft | None:
    entry, question = context.resolve_subject(subject), context.thread.question
    if entry is None or not question:
        return None
    thread_entries = (context.focus, *context.others[:1])
    other = next((one for one in thread_entries if one and one is not entry), None)
    if other is None or not refers_back(question):
        draft = answer_by_reading(context, question, without={entry.id})
        if draft.answered or other is None:
            return draft
    return answer_by_reading(context, question, only=other)


def _more(context: QuestionContext, entry: Entry) -> AnswerDraft:
    parts = [(section.heading, section.text) for section in entry.sections]
    parts += [("Example", entry.example)] if entry.example else []
    parts += [(item.question, item.answer) for item, *_ in group_rewordings(entry.faq)]
    for heading, text in parts:
        if heading not in context.thread.told:
            return draft_from(context, entry, heading, first_sentences(text))
    return AnswerDraft(
        f"The entry on {entry.term} says no more.", nearest=context.mentions_near(entry)[1:]
    )
