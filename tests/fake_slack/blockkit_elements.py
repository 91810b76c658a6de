"""Slack's rules for text objects and for the elements of blocks, limited to those that the app
uses.

Source: https://docs.slack.dev/reference/block-kit.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Rule(BaseModel):
    """An object with only these fields; an optional field is not checked if it is null."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Plain(Rule):
    type: Literal["plain_text"]
    text: Annotated[str, Field(min_length=1)]
    emoji: bool | None = None


class Mrkdwn(Rule):
    type: Literal["mrkdwn"]
    text: Annotated[str, Field(min_length=1)]
    verbatim: bool | None = None


def up_to(largest: int) -> AfterValidator:
    """Limit the characters of a text object."""

    def check(value: Plain | Mrkdwn) -> Plain | Mrkdwn:
        if len(value.text) > largest:
            raise ValueError(f"must be fewer than {largest + 1} characters")
        return value

    return AfterValidator(check)


AnyText = Annotated[Plain | Mrkdwn, Field(discriminator="type")]
Id = Annotated[str, Field(min_length=1, max_length=255)]
Label = Annotated[Plain, up_to(75)]
Value = Annotated[str, Field(min_length=1, max_length=2000)]
AccessibilityLabel = Annotated[str, Field(min_length=1, max_length=75)]
Url = Annotated[str, Field(max_length=3000, pattern=r"^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+$")]
Style = Literal["primary", "danger"]


class Option(Rule):
    text: Label
    value: Annotated[str, Field(min_length=1, max_length=150)]
    description: Label | None = None


class MarkedOption(Option):
    text: Annotated[AnyText, up_to(75)]  # type: ignore[assignment]
    description: Annotated[AnyText, up_to(75)] | None = None  # type: ignore[assignment]


class Confirm(Rule):
    title: Annotated[Plain, up_to(100)]
    text: Annotated[AnyText, up_to(300)]
    confirm: Annotated[Plain, up_to(30)]
    deny: Annotated[Plain, up_to(30)]
    style: Style | None = None


class Element(Rule):
    action_id: Id | None = None
    confirm: Confirm | None = None


class Button(Element):
    type: Literal["button"]
    text: Label
    url: Url | None = None
    value: Value | None = None
    style: Style | None = None
    accessibility_label: AccessibilityLabel | None = None


class Overflow(Element):
    type: Literal["overflow"]
    options: Annotated[list[Option], Field(min_length=2, max_length=5)]


class Select(Element):
    type: Literal["static_select"]
    options: Annotated[list[Option], Field(min_length=1, max_length=100)]
    placeholder: Annotated[Plain, up_to(150)] | None = None
    initial_option: Option | None = None

    @model_validator(mode="after")
    def _initial_is_an_option(self) -> Self:
        if self.initial_option and self.initial_option not in self.options:
            raise ValueError("initial option must be one of the options")
        return self


class Checkboxes(Element):
    type: Literal["checkboxes"]
    options: Annotated[list[MarkedOption], Field(min_length=1, max_length=10)]


class TypingConfig(Rule):
    trigger_actions_on: list[Literal["on_character_entered"]]


class TextInput(Rule):
    type: Literal["plain_text_input"]
    action_id: Id | None = None
    placeholder: Annotated[Plain, up_to(150)] | None = None
    initial_value: Annotated[str, Field(max_length=3000)] | None = None
    multiline: bool | None = None
    max_length: Annotated[int, Field(ge=1, le=3000)] | None = None
    dispatch_action_config: TypingConfig | None = None


class FeedbackButton(Rule):
    text: Label
    value: Value
    accessibility_label: AccessibilityLabel | None = None


class FeedbackButtons(Rule):
    type: Literal["feedback_buttons"]
    action_id: Id | None = None
    positive_button: FeedbackButton
    negative_button: FeedbackButton


class TextStyle(Rule):
    bold: bool


class RichTextPart(Rule):
    type: Literal["text"]
    text: Annotated[str, Field(min_length=1, max_length=3000)]
    style: TextStyle | None = None


class RichTextSection(Rule):
    type: Literal["rich_text_section"]
    elements: list[RichTextPart]


AnyElement = Annotated[Button | Overflow | Select | Checkboxes, Field(discriminator="type")]
AnyInput = Annotated[TextInput | Select | Checkboxes, Field(discriminator="type")]
