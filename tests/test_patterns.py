"""No regular expression in the project takes quadratic time on any text."""

import ast
import gc
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import BuiltinMethodType, ModuleType

import pytest

import bot
import index

LENGTH = 8_000  # characters in a filler
LIMIT_S = 0.05  # limit in CPU seconds for one filler; quadratic patterns take 0.2 or more
SMALL = (24, 1_000)  # lengths tried first, so that a slow pattern fails early
FILLERS = (
    *(" ", "\t", "\n", "\u00a0", "\n ", "a", "A", "0", "é", "a ", "a-", "A.", "a, ", "a\n"),
    *("-", "- ", "_", "*", "`", "|", "&", "&a", "#", '"', "\\", "/", "=", ": ", ".", "{", "("),
    *("[", "](", "[a]", "<", "<a ", "<!--"),
)
END = "§"  # follows a filler, so that a pattern that matches the whole filler then fails
CONTAINERS = (dict, list, tuple, set, frozenset, BuiltinMethodType, partial)


def modules() -> Iterator[ModuleType]:
    for package in (bot, index):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            try:
                yield importlib.import_module(found.name)
            except ModuleNotFoundError as error:  # an optional dependency that is not installed
                if (error.name or "").startswith(("bot", "index")):
                    raise


def module_patterns(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns in a module's variables, including those in containers, classes, instances
    of its classes, and bound methods such as `re.compile(…).fullmatch`."""
    for name, value in vars(module).items():
        waiting, seen = [value], set()
        while waiting:
            item = waiting.pop()
            if isinstance(item, re.Pattern):
                if isinstance(item.pattern, str):
                    yield f"{module.__name__}.{name}", item
            elif id(item) not in seen and (
                isinstance(item, CONTAINERS)
                or (item if isinstance(item, type) else type(item)).__module__ == module.__name__
            ):
                seen.add(id(item))
                waiting += gc.get_referents(item)


def inline_patterns(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the constant patterns that a module passes to functions in `re`. Patterns built from
    variables are omitted: they match button ids, or only the last 200 characters."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and isinstance(node.args[0], ast.Constant)
        ):
            flags = {a.attr for a in ast.walk(node) if isinstance(a, ast.Attribute)}
            known = re.RegexFlag.__members__
            combined = sum(known[flag] for flag in flags & known.keys())
            yield f"{module.__name__}:{node.lineno}", re.compile(str(node.args[0].value), combined)


def patterns() -> dict[re.Pattern[str], str]:
    """Return every pattern in the project, with its location."""
    found: dict[re.Pattern[str], str] = {}
    for module in modules():
        for place, pattern in (*module_patterns(module), *inline_patterns(module)):
            found.setdefault(pattern, place)
    return found


def seconds(run: Callable[[str], object], text: str) -> float:
    """Return the CPU seconds used, the lower of two runs; a fast first run is not repeated."""
    best = float("inf")
    for _ in range(2):
        began = time.thread_time()
        run(text)
        best = min(best, time.thread_time() - began)
        if best < LIMIT_S:
            break
    return best


def slow_filler(pattern: re.Pattern[str]) -> str:
    """Return the first filler on which a pattern is slow, with the time; empty if none is slow."""
    ways: dict[str, Callable[[str], object]] = {
        "match": pattern.match,
        "fullmatch": pattern.fullmatch,
        "sub": partial(pattern.sub, ""),  # searches the whole text
    }
    for unit in FILLERS:
        text = (unit * LENGTH)[: LENGTH - 1] + END
        for length in (*SMALL, LENGTH):
            for way, run in ways.items():
                if (taken := seconds(run, text[-length:])) > LIMIT_S:
                    return f"{way} {unit!r} * {length:,}: {taken * 1000:.0f} ms"
    return ""


@pytest.mark.model  # imports every module, including the model's libraries
def test_every_pattern_takes_linear_time() -> None:
    found = patterns()
    assert len(found) > 150
    slow = {
        f"{place} {pattern.pattern[:60]!r}": report
        for pattern, place in found.items()
        if (report := slow_filler(pattern))
    }
    assert not slow, "\n".join(f"{what}: {report}" for what, report in slow.items())
