"""Tests of classifying conversations; unknown conversations are private."""

import pytest

from bot.slack.channels import ChannelVisibility, visibility_of


@pytest.mark.parametrize(
    ("channel", "kind", "name", "place"),
    [
        ("C1", "channel", "", "public"),
        ("C1", "group", "", "private"),
        ("C1", "something new", "", "private"),
        ("C1", "", "general", "public"),
        ("C1", "", "privategroup", "private"),
        ("C1", "", "mpdm-ada--ben-1", "private"),
        ("C1", "", "", None),
        ("D1", "im", "", "direct"),
        ("D1", "", "directmessage", "direct"),
        ("G1", "channel", "", "private"),
        ("", "channel", "general", "private"),
    ],
)
def test_conversations_are_classified_by_id_type_and_name(
    channel: str, kind: str, name: str, place: str | None
) -> None:
    assert visibility_of(channel, kind, name) == place


def test_conversation_types_from_events_are_cached_and_private_takes_precedence() -> None:
    places = ChannelVisibility()
    assert places.get("C1") == "private"
    places.record("C1", "")
    assert places.get("C1") == "private"
    places.record("C1", "channel")
    assert places.get("C1") == "public"
    places.record("C1", "group")  # it became private
    assert places.get("C1") == "private"
    assert (places.get("D1"), places.get("G1")) == ("direct", "private")
    assert places.get("C1", "public") == "private"
    places.record("C2", "channel")
    assert (places.get("C2", "private"), places.get("C3", "public")) == ("private", "public")
