"""Asking in a modal, and beside the agent, in both modes."""

from __future__ import annotations

import pytest

from bot.slack.listeners import views
from bot.slack.manifest import ASK_NEARSAY
from tests.fake_slack import Message, View
from tests.fake_slack.model import elements_in
from tests.slack.conftest import Team
from tests.slack.talking import QUESTION, mention
from tests.slack.test_home import asked
from tests.slack.views import modal, press, shown

ROPE = "A thick rope for mooring or towing a ship."


def opened(team: Team) -> View:
    """The modal to ask in, opened by the shortcut."""
    assert team.workspace.shortcut(team.ben, ASK_NEARSAY).ok
    return modal(team, team.ben, "Ask in your own words")


def ask(team: Team, view: View, question: str) -> View:
    """Types a question and submits it; the view that is then on top."""
    (line,) = [item for item in elements_in(view.blocks) if item["type"] == "plain_text_input"]
    delivery = team.workspace.submit(team.ben, view, {line["block_id"]: question})
    assert delivery.ok, (delivery.error, delivery.messages)
    return team.workspace.views(team.ben)[0]


def test_a_question_is_answered_in_the_modal_and_can_be_voted_on(team: Team) -> None:
    view = ask(team, opened(team), QUESTION)
    assert "The harbour master." in shown(view)
    assert f'"{QUESTION}"' in shown(view)
    assert not team.workspace.calls("chat.postMessage")
    press(team, team.ben, view, "Helpful")
    assert modal(team, team.ben, "Marked as helpful.")
    (kept,) = team.store.ledger.asked.recent(team.ben.id, 5)
    assert (kept.text, kept.place) == (QUESTION, "direct")


def test_the_next_question_leans_on_the_one_before(team: Team) -> None:
    view = ask(team, opened(team), "what is a hawser?")
    assert ROPE in shown(view)
    view = ask(team, view, "example?")
    assert "The hawser was painted green last summer." in shown(view)
    boxes = [item for block in view.values.values() for item in block.values()]
    assert all(item["value"] in (None, "") for item in boxes)


def test_a_question_to_ask_next_is_answered_in_place_and_a_cited_entry_above_it(team: Team) -> None:
    press(team, team.ben, ask(team, opened(team), "what is a hawser?"), QUESTION)
    view = modal(team, team.ben, "The harbour master.")
    assert f'"{QUESTION}"' in shown(view)
    press(team, team.ben, view, f"Hawser › {QUESTION}")
    entry = modal(team, team.ben, "Every harbour needs a hawser.")
    assert len(team.workspace.views(team.ben)) == 2
    team.workspace.close(team.ben, entry)
    assert QUESTION in shown(modal(team, team.ben, "The harbour master."))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("near a thick rope for mooring", "near "),
        ("define tug", "A small strong boat"),
        ("/define qwzx", 'There is no entry "qwzx"'),
        ("help", "/near TEXT"),
        ("/near-admin status", "Admin commands do not work in conversations."),
    ],
)
def test_commands_can_be_typed_too(team: Team, line: str, says: str) -> None:
    assert says in shown(ask(team, opened(team), line)).replace("&gt;", ">")


def test_an_answer_that_takes_long_comes_after_its_acknowledgement(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "IN_TIME", 0.2)
    view = opened(team)
    team.embedder.go.clear()
    view = ask(team, view, "which ropes are coiled slowly at night?")
    assert "Looking it up" in shown(view)
    team.embedder.go.set()
    answer = modal(team, team.ben, "Ask something else")
    assert "which ropes are coiled slowly at night?" in shown(answer)


@pytest.mark.one_bot
def test_an_answer_that_fails_is_said_and_can_be_asked_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    view = opened(team)
    with monkeypatch.context() as patched:
        patched.setattr("bot.slack.handlers.modals.answer_modal", fail)
        failed = ask(team, view, QUESTION)
        assert "Something went wrong here" in shown(failed)
    assert ROPE in shown(ask(team, failed, "what is a hawser?"))


def test_when_slack_refuses_the_blocks_of_a_modal_its_text_is_shown(team: Team) -> None:
    view = ask(team, opened(team), "what is a hawser?")
    team.workspace.fault("views.update", error="invalid_arguments")
    press(team, team.ben, view, QUESTION)
    assert "Hawser ›" in shown(modal(team, team.ben, "The harbour master."))


def test_the_modal_that_was_closed_meanwhile_is_let_be(team: Team) -> None:
    view = ask(team, opened(team), "what is a hawser?")
    team.workspace.fault("views.update", error="not_found")
    press(team, team.ben, view, QUESTION)
    team.workspace.wait(lambda: team.workspace.calls("views.update") or None)
    team.workspace.settle()
    assert len(team.workspace.calls("views.update")) == 1


# Beside the agent.


def prompts(team: Team) -> list[str]:
    """What is suggested to ben, once he has opened the conversation with the agent."""
    method = "assistant.threads.setSuggestedPrompts"
    before = len(team.workspace.calls(method))
    team.workspace.open_home(team.ben, "messages")
    team.workspace.wait(lambda: len(team.workspace.calls(method)) > before)
    found = team.workspace.thread_status(team.workspace.dm(team.ben)).prompts
    return [prompt["message"] for prompt in found]


def said(team: Team, root: Message) -> Message:
    """The first answer in ben's conversation with the agent."""
    dm = team.workspace.dm(team.ben)
    return team.workspace.wait(lambda: [m for m in team.workspace.messages(dm) if m.bot_id])[0]


def test_the_agent_suggests_what_several_asked_or_else_questions_of_the_entries(team: Team) -> None:
    found = prompts(team)
    assert len(found) == 4
    assert all(question.startswith("Who looks after a") for question in found)
    for person in (team.ada, team.ben):
        asked(team, person, "What is private?", place="private")
        asked(team, person, "What is a dock?", place="public")
    asked(team, team.ada, "Where is my quay?", place="public")
    found = prompts(team)
    assert found[0] == "What is a dock?"
    assert len(found) == 4
    assert not {"What is private?", "Where is my quay?"} & set(found)


def test_the_agent_says_that_it_works_until_it_has_answered(team: Team) -> None:
    team.embedder.go.clear()
    dm = team.workspace.dm(team.ben)
    root = team.workspace.say(team.ben, dm, "which ropes are coiled slowly at night?")

    def status() -> str:
        return team.workspace.thread_status(dm, root.ts).status

    assert team.workspace.wait(status) == "is looking it up …"
    team.embedder.go.set()
    said(team, root)
    team.workspace.wait(lambda: not status() or None)
    team.quiet()
    team.workspace.forget()
    team.workspace.say(team.ben, dm, "and who looks after a dock?", root)
    team.workspace.wait(lambda: [m for m in team.workspace.replies(root) if m.bot_id])
    assert len(team.workspace.calls("assistant.threads.setStatus")) == 1
    assert not status(), "in a thread the answer takes it away"


def test_a_status_that_slack_does_not_take_is_no_matter(team: Team) -> None:
    team.workspace.fault("assistant.threads.setStatus", times=None, error="internal_error")
    team.workspace.fault("assistant.threads.setSuggestedPrompts", error="internal_error")
    team.workspace.open_home(team.ben, "messages")
    root = team.workspace.say(team.ben, team.workspace.dm(team.ben), QUESTION)
    assert "The harbour master." in said(team, root).text


def test_in_a_channel_there_is_no_status(team: Team) -> None:
    team.channel.members.append(team.workspace.bot_user_id)
    root = mention(team, team.channel, QUESTION)
    team.workspace.wait(lambda: team.workspace.replies(root))
    assert not team.workspace.calls("assistant.threads.setStatus")
