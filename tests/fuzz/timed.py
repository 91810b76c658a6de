"""Fuzz a function for a given time."""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

FUZZ_SECONDS = pytest.mark.parametrize(
    "seconds",
    [pytest.param(0.5, id="moment"), pytest.param(600, id="long", marks=pytest.mark.slow)],
)
MAX_INPUT_S = 5.0  # CPU seconds allowed for one input
ROUND_INPUTS = 200  # inputs between checks of the clock
SEED = 20_261_126


def fuzz(inputs: st.SearchStrategy[Any], check: Callable[[Any], object], seconds: float) -> int:
    """Check random inputs for `seconds`; return their number. Each round has a different seed, the
    same in every run."""
    until, chance, tried = time.monotonic() + seconds, random.Random(SEED), 0

    def timed(given_input: Any) -> None:
        nonlocal tried
        tried += 1
        began = time.process_time()
        check(given_input)
        assert time.process_time() - began < MAX_INPUT_S

    while time.monotonic() < until:
        settled = settings(
            max_examples=ROUND_INPUTS if seconds > 1 else 25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        seeded(chance.randrange(2**32))(settled(given(inputs)(timed)))()
    return tried


def mutated(*samples: bytes) -> st.SearchStrategy[bytes]:
    """Yield samples cut, joined and repeated, with changed or inserted bytes."""

    @st.composite
    def strategy(draw: st.DrawFn) -> bytes:
        data = bytearray(draw(st.sampled_from(samples)))
        for _ in range(draw(st.integers(0, 6))):
            at = draw(st.integers(0, max(0, len(data))))
            length = draw(st.integers(0, 40))
            match draw(st.sampled_from(["cut", "change", "put in", "repeat", "swap"])):
                case "cut":
                    del data[at : at + length]
                case "change":
                    data[at : at + 1] = draw(st.binary(max_size=2))
                case "put in":
                    data[at:at] = draw(st.binary(max_size=8) | PIECES)
                case "repeat":
                    data[at:at] = data[at : at + length] * draw(st.integers(1, 50))
                case "swap":
                    part = data[at : at + length]
                    del data[at : at + length]
                    data += part
        return bytes(data)

    return strategy()


# Byte strings that have a special meaning in a file format.
PIECES = st.sampled_from(
    [
        *(b"---\n", b"\n\n", b"|", b"| --- | --- |\n", b"# ", b"## ", b"- ", b"> ", b"```\n"),
        *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"&a ", b"*a", b"!!python/object:os.system "),
        *(b"<h2>", b"</div>", b"<!--", b"<![CDATA[", b"&#0;", b"&lt;", b"<dl><dt>", b"<script>"),
        *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[2J", b"\r", b"\x0c"),
        *(b"term: ", b"definition", b"aliases: [", b"NaN", b"1e999", b"=cmd|' /C calc'!A0"),
    ]
)
