"""Questions in a modal and in the agent's conversation, in both modes."""

from datetime import UTC, datetime

import pytest

from bot.slack.handlers.feedback import NOT_STORED
from bot.slack.listeners import views
from bot.slack.manifest import ASK_NEARSAY
from tests.fake_slack import Message, View
from tests.fake_slack.model import elements_in
from tests.slack.talking import QUESTION, mention
from tests.slack.team import Team
from tests.slack.test_home import log_question
from tests.slack.views import labels, modal, press, shown

ROPE = "A thick rope for mooring or towing a ship."


def open_ask_modal(team: Team) -> View:
    """Open the "Ask Nearsay" modal with the shortcut."""
    assert team.workspace.shortcut(team.ben, ASK_NEARSAY).ok
    return modal(team, team.ben, "Ask in your own words")


def ask(team: Team, view: View, question: str) -> View:
    """Type and submit a question, and return the top view afterwards."""
    (line,) = [item for item in elements_in(view.blocks) if item["type"] == "plain_text_input"]
    delivery = team.workspace.submit(team.ben, view, {line["block_id"]: question})
    assert delivery.ok, (delivery.error, delivery.messages)
    return team.workspace.views(team.ben)[0]


def test_answer_in_a_modal_can_be_voted_on(team: Team) -> None:
    view = ask(team, open_ask_modal(team), QUESTION)
    assert "The harbour master." in shown(view)
    assert f'"{QUESTION}"' in shown(view)
    assert not team.workspace.calls("chat.postMessage")
    press(team, team.ben, view, "Helpful")
    assert modal(team, team.ben, "Marked as helpful.")
    (kept,) = team.store.ledger.questions.recent(team.ben.id, 5)
    assert (kept.text, kept.place) == (QUESTION, "direct")


def test_vote_that_cannot_be_counted_leaves_the_answer_in_its_modal(team: Team) -> None:
    view = ask(team, open_ask_modal(team), QUESTION)
    team.workspace.wait(lambda: team.store.ledger.questions.recent(team.ben.id, 1))
    team.store.ledger.questions.forget_older(datetime.now(UTC))
    press(team, team.ben, view, "Helpful")
    after = modal(team, team.ben, NOT_STORED)
    assert "The harbour master." in shown(after)
    assert {"Helpful", "Not helpful"} <= set(labels(after))


def test_follow_up_in_the_modal_uses_the_previous_question(team: Team) -> None:
    view = ask(team, open_ask_modal(team), "what is a hawser?")
    assert ROPE in shown(view)
    view = ask(team, view, "example?")
    assert "The hawser was painted green last summer." in shown(view)
    boxes = [item for block in view.values.values() for item in block.values()]
    assert all(item["value"] in (None, "") for item in boxes)


def test_suggested_question_is_answered_in_the_modal_and_citation_opens_above(team: Team) -> None:
    press(team, team.ben, ask(team, open_ask_modal(team), "what is a hawser?"), QUESTION)
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
        ("/define qwzx", 'There is no entry "qwzx"'),
        ("/near-admin status", "Admin commands do not work in conversations."),
    ],
)
def test_modal_accepts_commands(team: Team, line: str, says: str) -> None:
    assert says in shown(ask(team, open_ask_modal(team), line)).replace("&gt;", ">")


def test_slow_answer_arrives_after_the_acknowledgement(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "IN_TIME", 0.2)
    view = open_ask_modal(team)
    team.embedder.go.clear()
    view = ask(team, view, "which ropes are coiled slowly at night?")
    assert "Looking it up" in shown(view)
    team.embedder.go.set()
    answer = modal(team, team.ben, "Ask something else")
    assert "which ropes are coiled slowly at night?" in shown(answer)


@pytest.mark.one_bot
def test_failure_to_answer_is_reported_and_the_question_can_be_asked_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    view = open_ask_modal(team)
    with monkeypatch.context() as patched:
        patched.setattr("bot.slack.handlers.modals.answer_modal", fail)
        failed = ask(team, view, QUESTION)
        assert "Something went wrong in Nearsay" in shown(failed)
    assert ROPE in shown(ask(team, failed, "what is a hawser?"))


def test_modal_falls_back_to_text_when_slack_refuses_its_blocks(team: Team) -> None:
    view = ask(team, open_ask_modal(team), "what is a hawser?")
    team.workspace.fault("views.update", error="invalid_arguments")
    press(team, team.ben, view, QUESTION)
    assert "You could ask next" not in shown(modal(team, team.ben, "The harbour master."))


def test_modal_closed_before_the_answer_is_not_updated(team: Team) -> None:
    view = ask(team, open_ask_modal(team), "what is a hawser?")
    team.workspace.fault("views.update", error="not_found")
    press(team, team.ben, view, QUESTION)
    team.workspace.wait(lambda: team.workspace.calls("views.update") or None)
    team.workspace.settle()
    assert len(team.workspace.calls("views.update")) == 1


# The agent's conversation.


def prompts(team: Team) -> list[str]:
    """Open the agent's conversation as ben, and return the suggested prompts."""
    method = "assistant.threads.setSuggestedPrompts"
    before = len(team.workspace.calls(method))
    team.workspace.open_home(team.ben, "messages")
    team.workspace.wait(lambda: len(team.workspace.calls(method)) > before)
    found = team.workspace.thread_status(team.workspace.dm(team.ben)).prompts
    return [prompt["message"] for prompt in found]


def first_answer(team: Team, root: Message) -> Message:
    """Return the first answer in ben's conversation with the agent."""
    dm = team.workspace.dm(team.ben)
    return team.workspace.wait(lambda: [m for m in team.workspace.messages(dm) if m.bot_id])[0]


def test_agent_suggests_frequent_questions_or_questions_from_entries(team: Team) -> None:
    found = prompts(team)
    assert len(found) == 4
    assert all(question.startswith("Who looks after a") for question in found)
    for person in (team.ada, team.ben):
        log_question(team, person, "What is private?", place="private")
        log_question(team, person, "What is a dock?", place="public")
    log_question(team, team.ada, "Where is my quay?", place="public")
    found = prompts(team)
    assert found[0] == "What is a dock?"
    assert len(found) == 4
    assert not {"What is private?", "Where is my quay?"} & set(found)


def test_agent_shows_a_status_until_it_has_answered(team: Team) -> None:
    team.embedder.go.clear()
    dm = team.workspace.dm(team.ben)
    root = team.workspace.say(team.ben, dm, "which ropes are coiled slowly at night?")

    def status() -> str:
        return team.workspace.thread_status(dm, root.ts).status

    assert team.workspace.wait(status) == "is looking it up …"
    team.embedder.go.set()
    first_answer(team, root)
    team.workspace.wait(lambda: not status() or None)
    team.quiet()
    team.workspace.forget()
    team.workspace.say(team.ben, dm, "and who looks after a dock?", root)
    team.workspace.wait(lambda: [m for m in team.workspace.replies(root) if m.bot_id])
    assert len(team.workspace.calls("assistant.threads.setStatus")) == 1
    assert not status(), "in a thread the answer clears the status"


def test_refused_status_does_not_stop_the_answer(team: Team) -> None:
    team.workspace.fault("assistant.threads.setStatus", times=None, error="internal_error")
    team.workspace.fault("assistant.threads.setSuggestedPrompts", error="internal_error")
    team.workspace.open_home(team.ben, "messages")
    root = team.workspace.say(team.ben, team.workspace.dm(team.ben), QUESTION)
    assert "The harbour master." in first_answer(team, root).text


def test_no_status_is_shown_in_a_channel(team: Team) -> None:
    team.channel.members.append(team.workspace.bot_user_id)
    root = mention(team, team.channel, QUESTION)
    team.workspace.wait(lambda: team.workspace.replies(root))
    assert not team.workspace.calls("assistant.threads.setStatus")
