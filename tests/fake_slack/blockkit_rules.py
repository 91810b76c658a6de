"""Slack's rules for the blocks of a message and for views, limited to the blocks and elements that
the app uses.

Other blocks are refused as unsupported until a rule is added here.
Sources: https://docs.slack.dev/reference/block-kit and, for the total length of text,
slackapi/bolt-js#2509.
"""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from tests.fake_slack.blockkit_elements import (
    AnyElement,
    AnyInput,
    AnyText,
    FeedbackButtons,
    Id,
    Plain,
    RichTextSection,
    Rule,
    up_to,
)
from tests.fake_slack.model import JSON, elements_in, texts_in

MESSAGE_TEXT = 13_200
VIEW_BYTES = 250_000


class Problems(list[str]):
    """The broken rules, each with the JSON pointer to its place. `code` is Slack's error code."""

    code = "invalid_blocks"

    @property
    def messages(self) -> list[str]:
        """The problems as in `response_metadata.messages`."""
        return [f"[ERROR] {line}" for line in self]


class Block(Rule):
    block_id: Id | None = None


class Section(Block):
    type: Literal["section"]
    text: Annotated[AnyText, up_to(3000)] | None = None
    fields: (
        Annotated[list[Annotated[AnyText, up_to(2000)]], Field(min_length=1, max_length=10)] | None
    ) = None
    accessory: AnyElement | None = None
    expand: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text and not self.fields:
            raise ValueError("must define either `text` or `fields`")
        return self


class Header(Block):
    type: Literal["header"]
    text: Annotated[Plain, up_to(150)]


class Divider(Block):
    type: Literal["divider"]


class Context(Block):
    type: Literal["context"]
    elements: Annotated[list[Annotated[AnyText, up_to(3000)]], Field(min_length=1, max_length=10)]


class Actions(Block):
    type: Literal["actions"]
    elements: Annotated[list[AnyElement], Field(min_length=1, max_length=25)]


class ContextActions(Block):
    type: Literal["context_actions"]
    elements: Annotated[list[FeedbackButtons], Field(min_length=1, max_length=5)]


class Input(Block):
    type: Literal["input"]
    label: Annotated[Plain, up_to(2000)]
    element: AnyInput
    hint: Annotated[Plain, up_to(2000)] | None = None
    optional: bool | None = None
    dispatch_action: bool | None = None


class RichText(Block):
    type: Literal["rich_text"]
    elements: Annotated[list[RichTextSection], Field(min_length=1)]


InViews = Section | Header | Divider | Context | Actions | Input | RichText
ViewBlock = Annotated[InViews, Field(discriminator="type")]
MessageBlock = Annotated[InViews | ContextActions, Field(discriminator="type")]


class MessageBlocks(Rule):
    blocks: Annotated[list[MessageBlock], Field(max_length=50)]


class View(Rule):
    private_metadata: Annotated[str, Field(max_length=3000)] | None = None
    callback_id: Annotated[str, Field(max_length=255)] | None = None
    external_id: Annotated[str, Field(max_length=255)] | None = None


class Modal(View):
    type: Literal["modal"]
    title: Annotated[Plain, up_to(24)]
    blocks: Annotated[list[ViewBlock], Field(min_length=1, max_length=100)]
    submit: Annotated[Plain, up_to(24)] | None = None
    close: Annotated[Plain, up_to(24)] | None = None
    clear_on_close: bool | None = None

    @model_validator(mode="after")
    def _inputs_can_be_submitted(self) -> Self:
        if not self.submit and any(block.type == "input" for block in self.blocks):
            raise ValueError("a modal with inputs must have a submit button")
        return self


class Home(View):
    type: Literal["home"]
    blocks: Annotated[list[ViewBlock], Field(max_length=100)]


MESSAGE = TypeAdapter[Any](MessageBlocks)
VIEW = TypeAdapter[Any](Annotated[Modal | Home, Field(discriminator="type")])


def check_message(blocks: Any) -> Problems:
    """Return the problems in the blocks of a message."""
    problems = _check(MESSAGE, {"blocks": blocks}, "")
    if not problems:
        _check_ids(blocks, "/blocks", problems)
    if not problems and sum(map(len, texts_in(blocks))) > MESSAGE_TEXT:
        problems.code = "msg_blocks_too_long"
        problems.append(f"all text must be fewer than {MESSAGE_TEXT + 1} characters")
    return problems


def check_view(view: Any) -> Problems:
    """Return the problems in a modal or a Home tab."""
    problems = _check(VIEW, view, "/view")
    if problems:
        return problems
    blocks: list[JSON] = view["blocks"]
    _check_ids(blocks, "/view/blocks", problems)
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        problems.append("view_too_large")
    return problems


def _check(rule: TypeAdapter[Any], value: Any, root: str) -> Problems:
    problems = Problems()
    try:
        rule.validate_python(value)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            named = f": {fault['loc'][-1]}" if fault["type"] == "missing" else ""
            where = root + _pointer(value, fault["loc"])
            problems.append(f"{fault['msg']}{named} [json-pointer:{where}]")
    return problems


def _pointer(value: Any, path: tuple[int | str, ...]) -> str:
    """Return a JSON pointer; a path also contains the chosen types, and missing fields."""
    pointer = ""
    for part in path:
        if (isinstance(value, dict) and part in value) or isinstance(part, int):
            pointer += f"/{part}"
            value = value[part]
    return pointer


def _check_ids(blocks: list[JSON], pointer: str, problems: Problems) -> None:
    """Check that each block_id is unique in the surface, and each action_id in its block."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            problems.append(f"duplicate block_id: {block_id} [json-pointer:{pointer}/{index}]")
        if block_id:
            seen.add(block_id)
        action_ids = [e["action_id"] for e in elements_in([block])]
        for action_id in sorted({a for a in action_ids if action_ids.count(a) > 1}):
            problems.append(f"duplicate action_id: {action_id} [json-pointer:{pointer}/{index}]")
