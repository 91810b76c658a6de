"""The modal for writing, editing or suggesting an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.rendering.common import ago
from bot.rendering.editing import LABELS
from bot.slack.blocks.elements import (
    LONGEST_INPUT,
    Block,
    actions,
    button,
    context,
    fits,
    section,
    select_input,
    states_in,
    text_input,
    with_dispatch,
)
from bot.slack.blocks.mrkdwn import pack, plain, truncate
from bot.slack.views.form_state import FormState
from bot.slack.views.modal import View, view
from index.editing.plaintext import parse_draft, text_of
from index.entry import Question
from index.entry_draft import NAMES, EntryDraft, FieldName, digest_of
from index.text import one_line

ENTRY_FORM = "entry_form"
FIELD = "entry_field_"  # prefix of the action id of each field
CATEGORY_BOX = "new_category"
USE_DRAFT, DISCARD_DRAFT = "use_draft", "discard_draft"
ROOM = LONGEST_INPUT - 400  # characters of questions in an input, with room for additions
MOST_BOXES = 5  # inputs for questions
TITLES = {"write": "Edit an entry", "suggest": "Suggest a definition", "review": "A suggestion"}
ADD = "Add to the glossary"


@dataclass(frozen=True, slots=True)
class FormContent:
    """The content of a form. `draft_age` (seconds) and `draft_term` describe a draft to offer."""

    purpose: FormState
    fields: EntryDraft
    categories: Sequence[str] = ()
    note: str = ""
    draft_age: float | None = None
    draft_term: str = ""


def form_view(form: FormContent) -> View:
    """Build the modal. Changed fields get new block ids, or Slack would keep the old values."""
    fields = replace(form.fields, owner=form.fields.owner or "")
    made = digest_of(form.fields)[:12]
    kept: list[FieldName] = []
    blocks: list[Block] = [section(truncate(form.note, 1_000) or "…")] if form.note else []
    if form.draft_age is not None:
        blocks += _draft_offer(form.draft_age, form.draft_term)

    def one(name: FieldName, hint: str = "", *, lines: bool = False, needed: bool = False) -> None:
        text = text_of(fields, name)
        read_back = getattr(parse_draft({name: text}), name)
        if len(text) > LONGEST_INPUT or read_back != getattr(fields, name):
            kept.append(name)
            blocks.append(_too_long(name))
            return
        block = f"{name}:{made}"
        box = _text_field(LABELS[name], FIELD + name, block, text, hint=hint, multiline=lines)
        blocks.append(box | {"optional": not needed})

    one("term", needed=True)
    hint = "Separated by commas: abbreviations, plurals, other spellings."
    one("aliases", hint, lines="\n" in text_of(fields, "aliases"))
    blocks += _category(form, made)
    one("definition", "One or two sentences that make sense on their own.", lines=True, needed=True)
    one("example", lines=True)
    one("related", 'One per line, as "term: reason to read it next".', lines=True)
    texts, whole = _pack_questions(fields.questions)
    if whole:
        for at, text in enumerate(texts or [""]):
            hint = "" if at else 'Write each as "Q: …", with "A: …" on the next line.'
            label = LABELS["questions"] if not at else "More questions"
            name, block = f"{FIELD}questions_{at}", f"questions_{at}:{made}"
            blocks.append(_text_field(label, name, block, text, hint=hint, multiline=True))
    else:
        kept.append("questions")
        blocks.append(_too_long("questions"))
    if form.purpose.mode == "write":
        one("owner", "The team or person who looks after the entry.")
    purpose = replace(form.purpose, kept=tuple(kept))
    is_new = purpose.mode == "write" and not purpose.entry
    return view(ADD if is_new else TITLES[purpose.mode], blocks) | {
        "callback_id": ENTRY_FORM,
        "submit": plain("Preview"),
        "close": plain("Cancel"),
        "private_metadata": purpose.to_json(),
    }


def form_state_in(given: Mapping[str, Any]) -> FormState:
    return FormState.from_json(str(given.get("private_metadata") or ""))


def fields_in(given: Mapping[str, Any]) -> EntryDraft | None:
    """Read the fields from a submitted view, or return None if there are none."""
    texts: dict[FieldName, str] = {}
    questions: dict[str, str] = {}
    new_category = ""
    for action, state in states_in(given):
        name = action.removeprefix(FIELD)
        chosen = state.get("selected_option") or {}
        text = str(state.get("value") or chosen.get("value") or "")
        if name.startswith("questions_"):
            questions[name] = text
        elif name == CATEGORY_BOX:
            new_category = text
        elif action != name and name in NAMES:
            texts[name] = text
    if not texts and not questions:
        return None
    if new_category:
        texts["category"] = new_category
    texts["questions"] = "\n\n".join(questions[name] for name in sorted(questions))
    return parse_draft(texts)


def errors_in(given: Mapping[str, Any], faults: Mapping[FieldName, str]) -> dict[str, str]:
    """Map block ids to errors. A field without an input uses the id of the first input."""
    found: dict[str, str] = {}
    ids = [block["block_id"] for block in given.get("blocks") or () if block["type"] == "input"]
    for name, fault in faults.items():
        names = (name, f"{name}_0", f"new_{name}")
        own = [one for one in ids if one.partition(":")[0] in names]
        own.sort(key=lambda one: not _is_written(given, one))
        message = fault if own else f"{LABELS[name]}: {fault}"
        for block in (own or ids)[:1]:
            found[block] = f"{found[block]} {message}" if block in found else message
    return {block: message[:LONGEST_INPUT] for block, message in found.items()}


def _is_written(given: Mapping[str, Any], block: str) -> bool:
    """Return whether a text was written into the input with this block id."""
    values = (given.get("state") or {}).get("values") or {}
    return any((element or {}).get("value") for element in (values.get(block) or {}).values())


def _draft_offer(age: float, term: str) -> list[Block]:
    of = f' of "{truncate(one_line(term), 150)}"' if term else ""
    text = f"You have an unsaved draft{of} from {ago(age)}."
    buttons = [button("Use it", USE_DRAFT, "draft"), button("Discard it", DISCARD_DRAFT, "draft")]
    return [section(text), *actions(buttons)]


def _category(form: FormContent, made: str) -> list[Block]:
    chosen = form.fields.category
    listed = [name for name in form.categories if fits(name)]
    blocks = []
    if listed:
        name, block = f"{FIELD}category", f"category:{made}"
        blocks.append(with_dispatch(select_input("Category", name, block, listed, chosen)))
    label = "Or another category" if listed else "Category"
    free = "" if chosen in listed else chosen
    return [*blocks, _text_field(label, FIELD + CATEGORY_BOX, f"{CATEGORY_BOX}:{made}", free)]


def _text_field(*args: str, **element: Any) -> Block:
    return with_dispatch(text_input(*args, **element)) | {"optional": True}


def _pack_questions(questions: Sequence[Question]) -> tuple[list[str], bool]:
    """Distribute questions over as few inputs as possible. Return the texts and whether all fit."""
    blocks: list[str] = []
    for question in questions:
        single = EntryDraft(questions=(question,))
        block = text_of(single, "questions")
        if len(block) > ROOM or parse_draft({"questions": block}) != single:
            return [], False
        blocks.append(block)
    texts = pack(blocks, ROOM, "\n\n")
    return texts, len(texts) <= MOST_BOXES


def _too_long(name: FieldName) -> Block:
    return context(f"{LABELS[name]}: too long for this form, so it stays unchanged.")
