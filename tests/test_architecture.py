"""Imports follow the design: data flows in one direction, and each dependency has one home."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The only modules that may import each of these.
HOMES = {
    "chromadb": {"index.storage.chroma.vector_index", "index.storage.chroma.remote"},
    "sentence_transformers": {"index.embedding.sentence_transformers"},
    "bm25s": {"index.storage.lexical.bm25"},
    "slack_bolt": {"bot.slack"},
    "dotenv": {"bot.config"},
    "matplotlib": {"bot.charts"},
    "plotly": {"bot.charts.html_map"},
    "openai": {"index.ways.chat_client"},
    "txtai": {"index.evaluation.baselines"},
    "mcp": {"bot.mcp"},
    "httpcore": {"index.sources.web"},
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("bot", "index", "nearsay"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            yield name, path


@cache
def imports_of(path: Path) -> set[str]:
    """Return every module that a file imports, at any level, as a dotted name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def importers_of(prefix: str) -> set[str]:
    return {
        name
        for name, path in modules()
        if any(used == prefix or used.startswith(prefix + ".") for used in imports_of(path))
    }


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


# Folders in which a feature has one module per layer.
FAMILIES = (
    *("bot.replies.", "bot.rendering.", "bot.cli.", "bot.slack.listeners.", "bot.slack.handlers."),
    *("bot.slack.blocks.", "bot.slack.views."),
)
# Modules may share one of these names: one measures, stores, reads or checks the other's subject.
PAIRS = {
    *("answer", "audit", "commands", "config", "conversation", "csv", "drafts"),
    *("ledger", "manifest", "retrieval", "suggestions"),
}


def test_module_names_are_unique() -> None:
    homes: dict[str, list[str]] = {}
    for name, path in modules():
        if not name.startswith(FAMILIES) and path.name != "__init__.py" and "versions" not in name:
            homes.setdefault(path.stem, []).append(name)
    twice = {stem for stem, names in homes.items() if len(names) > 1}
    assert twice <= PAIRS, {stem: homes[stem] for stem in twice - PAIRS}
    assert len(PAIRS) <= 15


def test_public_class_names_are_unique() -> None:
    homes: dict[str, list[str]] = {}
    for name, path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name)
    assert not {one: names for one, names in homes.items() if len(names) > 1}


@pytest.mark.parametrize("dependency", HOMES)
def test_each_dependency_is_imported_in_one_place(dependency: str) -> None:
    strangers = {
        name
        for name in importers_of(dependency)
        if not any(inside(name, home) for home in HOMES[dependency])
    }
    assert not strangers


def test_only_the_settings_module_reads_the_environment() -> None:
    readers = set()
    for name, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                readers.add(name)
    # The environment describes the terminal, and the embedder sets a library variable that has no
    # other switch.
    assert readers == {"bot.config", "bot.cli.images", "index.embedding.sentence_transformers"}


def test_index_modules_do_not_parse_command_lines() -> None:
    assert not {name for name in importers_of("click") if inside(name, "index")}
    assert not {name for name in importers_of("sys") if inside(name, "index")}
