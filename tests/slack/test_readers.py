"""Sources for members, for user groups, and what channels and other organizations see."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.indexing import Indexer, IndexRequest
from bot.readers import parse_readers
from index.indexing.reindex import ReindexResult
from index.sources.source import Source
from tests.fake_slack import Channel, Message, User, Workspace
from tests.slack.talking import answers, mention, quiet
from tests.slack.team import Team, serving
from tests.slack.views import opened_home
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

MODES = ["http"]
pytestmark = pytest.mark.one_bot
GLOSSARIES = {
    "staff": "Bollard,A short post that only staff speak of.",
    "legal": "Demurrage,A charge that only lawyers speak of.",
    "open": "Fender,A cushion that everybody may read about.",
    "web": "Hawser,A thick rope that the whole world may read about.",
}


@pytest.fixture
def team(workspace: Workspace, tmp_path: Path) -> Iterator[Team]:
    data, sources = tmp_path / "data", []
    for name, row in GLOSSARIES.items():
        (tmp_path / f"{name}.csv").write_text(f"term,definition\n{row}\n")
        sources.append(Source(name, str(tmp_path / f"{name}.csv")))
    store = open_store(data)
    indexer = Indexer(store, ToyEmbedder(), tuple(sources), encyclopedia=False)
    done = indexer.run(IndexRequest(by="x"))
    assert isinstance(done, ReindexResult)
    store.close()
    workspace.usergroups["S01"] = []
    rules = parse_readers("staff=members,legal=S01,web=public")
    options = {"readers": rules, "external_users": "ask", "encyclopedia": False}
    with serving(workspace, data, sources, **options) as team:  # type: ignore[arg-type]
        yield team


def guest(team: Team) -> User:
    user = team.workspace.add_user("gus")
    with team.workspace.state.change():
        team.workspace.state.users[user.id].is_guest = True
        team.workspace.state.channels[team.channel.id].members.append(user.id)
    return user


def asked(team: Team, user: User, channel: Channel, text: str) -> Message:
    root = team.workspace.say(user, channel, f"{team.workspace.mention} {text}")
    return answers(team, root)[0]


def test_commands_home_and_messages_show_what_the_user_may_read(team: Team) -> None:
    gus = guest(team)
    assert "only staff" in team.ask("/define bollard", team.ben).text
    assert "only staff" not in team.ask("/define bollard", gus).text
    assert "cushion" in team.ask("/define fender", gus).text
    assert "only lawyers" not in team.ask("/define demurrage", team.ben).text
    assert "only lawyers" in team.ask("/define demurrage", team.ada).text, "an admin reads all"
    for user, terms in ((team.ada, 4), (team.ben, 3), (gus, 2)):
        assert f"Show all {terms} terms" in json.dumps(opened_home(team, user).blocks)


def test_a_user_group_reads_its_source(team: Team) -> None:
    team.workspace.usergroups["S01"].append(team.ben.id)
    assert "only lawyers" in team.ask("/define demurrage", team.ben).text


def test_a_channel_sees_only_what_all_of_it_may_read(team: Team) -> None:
    channel = team.workspace.add_channel("quay", [team.ada, team.ben])
    for word in ("bollard", "demurrage"):
        reply = asked(team, team.ada, channel, f"define {word}")
        assert "only" not in str(reply.blocks) + reply.text
    assert "cushion" in asked(team, team.ben, channel, "define fender").text
    direct = team.workspace.dm(team.ben)
    team.workspace.say(team.ben, direct, "define bollard")
    team.workspace.wait(
        lambda: [m for m in team.workspace.messages(direct) if "only staff" in m.text]
    )
    reply = team.ask("/define bollard", team.ben)
    team.workspace.click(team.ben, reply, "Share in channel")
    quiet(team)
    assert not any("staff" in str(one.blocks) for one in team.workspace.messages(team.channel))


def test_a_channel_shared_with_others_sees_only_what_is_public(team: Team) -> None:
    eve = team.workspace.add_user("eve", external=True)
    channel = team.workspace.add_channel("both", [team.ada, eve], shared=True)
    for user in (team.ada, eve):
        reply = asked(team, user, channel, "define fender")
        assert "cushion" not in str(reply.blocks) + reply.text
        assert "rope" in asked(team, user, channel, "what is a hawser?").text, "it is public"
    private = mention(team, channel, "define bollard")
    assert "only staff" not in str(answers(team, private)[0].blocks)
