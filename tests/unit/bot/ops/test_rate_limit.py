"""Rate limits for each user and for all users together."""

from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import OPERATOR, User
from bot.ops.rate_limit import TOO_MANY, UNDER_WAY, RateLimiter, cost_of, is_expensive, wait_notice
from bot.replies.base import Problem
from index.search.explore.explorations import OddOneOut
from index.storage import Store
from tests.support.toy import ToyEmbedder


def count_allowed(limits: RateLimiter, person: str, count: int) -> int:
    """Return how many of `count` requests are allowed."""
    return sum(limits.check(person) is None for _ in range(count))


def test_each_user_has_a_rate_limit_that_refills() -> None:
    now = [1_000.0]
    limits = RateLimiter(person=30, clock=lambda: now[0])
    assert count_allowed(limits, "ada", 50) == 30
    assert count_allowed(limits, "ben", 50) == 30
    now[0] += 10
    assert count_allowed(limits, "ada", 50) == 5
    now[0] += 3_600
    assert count_allowed(limits, "ada", 50) == 30


def test_all_users_share_a_rate_limit() -> None:
    now = [1_000.0]
    limits = RateLimiter(person=30, everybody=40, clock=lambda: now[0])
    assert [count_allowed(limits, person, 30) for person in ("ada", "ben", "cem")] == [30, 10, 0]
    refusal = limits.check("cem")
    assert refusal is not None
    assert "Nearsay" in refusal.message, "the limit of all users was reached"
    assert refusal.hint == "Please try again in 2 seconds."
    now[0] += 60
    assert count_allowed(limits, "cem", 50) == 30, "refused requests do not count"


def test_long_and_slow_requests_take_more_of_the_limit() -> None:
    near, odd = Request("near", "thick rope"), Request("latent", "a, b, c", verb="odd")
    costs = [cost_of(one) for one in (near, odd, Request("latent", "", verb="map"))]
    assert costs == [1, 2, 20]
    long = Request("latent", "a, b, " + "c" * 6_994, verb="odd")
    assert cost_of(long) == 16
    assert cost_of(Request("near", "x" * 7_500)) == cost_of(Request("near", "ﷺ" * 417)) == 16
    now = [1_000.0]
    limits = RateLimiter(person=60, clock=lambda: now[0])
    assert sum(limits.check("ada", cost_of(long)) is None for _ in range(60)) == 3
    assert limits.check("ada") is None, "a short request is still allowed"
    now[0] += 10
    assert limits.check("ada", cost_of(long)) is None
    assert RateLimiter(person=5).check("ada", 20) is None, "no request is beyond the limit"


def test_the_cost_of_a_request_is_taken_from_the_limit_of_its_user(harbour_store: Store) -> None:
    desk = Assistant(harbour_store, ToyEmbedder())
    desk.limits = RateLimiter(person=60)
    line = "/latent odd rope, whale, " + "tug " * 1_800
    replies = [desk.ask(line, User("U1")) for _ in range(20)]
    assert sum(isinstance(reply, OddOneOut) for reply in replies) == 3
    assert not isinstance(desk.ask(line, User("U2")), Problem)


def test_refused_requests_are_not_embedded(harbour_store: Store) -> None:
    toy = ToyEmbedder()
    desk = Assistant(harbour_store, toy)
    desk.limits = RateLimiter(person=2)
    ada = User("U1")
    for line in ("/near thick rope", "who looks after a hawser?"):
        assert not isinstance(desk.ask(line, ada), Problem)
    before = toy.asked
    for line in ("/near blue whale", "and a whale?", "/define tug", "/latent about"):
        reply = desk.ask(line, ada)
        assert isinstance(reply, Problem)
        assert reply.code == TOO_MANY
    assert toy.asked == before
    for line in ("help", "delete my data"):
        assert not isinstance(desk.ask(line, ada), Problem), (
            "requests without embedding are not counted"
        )
    admin = desk.ask("/near-admin status", User("U1", admin=True))
    assert not isinstance(admin, Problem)
    for _ in range(5):
        assert not isinstance(desk.ask("/near thick rope", OPERATOR), Problem)


def test_only_maps_and_comparisons_of_models_are_expensive() -> None:
    cheap = (Request("latent", "a | b", verb="compare"), Request("near", "map"), None)
    assert not any(is_expensive(one) or wait_notice(one) for one in cheap)
    drawn = Request("latent", "", verb="map")
    assert is_expensive(drawn)
    assert wait_notice(drawn) == UNDER_WAY["map"]
    assert is_expensive(Request("latent", "a", verb="models"))
