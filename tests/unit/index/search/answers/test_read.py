"""Reading with the real model: two questions in a line, two excerpts, and the fitted parameters."""

from dataclasses import asdict

import pytest

from bot.assistant import Assistant
from index.embedding.embedder import SentenceEmbedder
from index.search.answers.conversation import NO_THREAD
from index.search.answers.parameters import reading_parameters
from index.search.answers.read import NOTHING
from index.search.results import Answer
from index.storage import Generation
from tools.reading.train import fit

pytestmark = pytest.mark.model

LONGEST_REPLY = 700  # characters


def ask(assistant: Assistant, *lines: str) -> Answer:
    thread = NO_THREAD
    for line in lines:
        reply = assistant.ask(line, thread=thread)
        thread = thread.after(reply)
    assert isinstance(reply, Answer)
    return reply


def test_each_of_two_questions_is_answered(real_desk: Assistant) -> None:
    reply = ask(real_desk, "what is chunking, and how big should the chunks be?")
    assert [(one.id, one.heading) for one in reply.citations] == [
        ("chunking", "Definition"),
        ("chunking", "What is the best chunk size?"),
    ]
    assert reply.topic == "chunking"


@pytest.mark.parametrize(
    "question",
    [
        "why does the model make things up?",
        "our bot keeps forgetting what we told it at the start",
        "any drawbacks of letting agents run alone?",
    ],
)
def test_two_excerpts_are_short_and_have_their_sources(real_desk: Assistant, question: str) -> None:
    reply = ask(real_desk, question)
    assert 1 <= len(reply.citations) <= 2
    assert len(reply.text) <= LONGEST_REPLY
    assert len(reply.text.split("\n\n")) == len(reply.citations)


def test_a_short_follow_up_stays_with_the_topic(real_desk: Assistant) -> None:
    for line in ("how many examples do I need?", "drawbacks?"):
        reply = ask(real_desk, "what is fine-tuning?", line)
        assert reply.topic == "fine-tuning"
        assert "fine-tuning" in [one.id for one in reply.citations]


def test_a_declined_line_suggests_nothing(real_desk: Assistant) -> None:
    reply = ask(real_desk, "who is on call for the platform team this weekend?")
    assert (reply.text, reply.answered, reply.follow_ups) == (NOTHING, False, ())


@pytest.mark.slow
def test_the_parameters_are_fitted_to_the_judged_lines(
    real_generation: Generation, real_embedder: SentenceEmbedder
) -> None:
    fitted, bundled = fit(real_generation, real_embedder), asdict(reading_parameters())
    for name in ("reader", "score", "number"):
        assert fitted[name] == pytest.approx(bundled[name], abs=0.3)
    for name in ("answered", "unhedged", "sure", "margin"):
        assert fitted[name] == pytest.approx(bundled[name], abs=0.05)
