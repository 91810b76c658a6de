"""A bot without the bundled encyclopedia speaks of the team's glossary alone."""

import re
from pathlib import Path

import pytest

from tests.fake_slack import Workspace
from tests.fake_slack.model import texts_in
from tests.slack.team import serving
from tests.slack.views import opened_home, shown

AI = re.compile(
    r"\bAI\b|\bRAG\b|encyclopedia|hallucinat|fine-tuning|the model make|the bot invents|prompting",
    re.IGNORECASE,
)


@pytest.mark.parametrize("mode", ["socket"])
def test_no_text_of_the_bot_has_a_term_of_the_encyclopedia(
    workspace: Workspace, data: Path
) -> None:
    with serving(workspace, data, encyclopedia=False) as team:

        def reply(line: str) -> str:
            return "\n".join(texts_in(team.ask(line).blocks))

        for line in (
            "/define",
            "/near",
            "/near help",
            "/define help",
            "/latent path",
            "/latent compare",
        ):
            text = reply(line)
            assert "For example:" in text, line
            assert not AI.search(text), text
        assert "/define Anchor" in reply("/define")
        assert not AI.search(shown(opened_home(team, team.ben)))
