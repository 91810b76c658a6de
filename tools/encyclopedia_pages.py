"""Show the bundled encyclopedia as pages of the documentation: a hook of MkDocs.

The pages are made when the documentation is built. MkDocs has an environment of its own, so that
nothing of Nearsay is imported here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PAGES = Path(__file__).parent.parent / "index" / "encyclopedia"
FOLDER = "encyclopedia"  # in the documentation
_RELATED = re.compile(r"(?<=^## Related terms\n)(?:- .*\n?)+", re.MULTILINE)
_ITEM = re.compile(r"^- ([^:\n]+): ", re.MULTILINE)
_CREDIT = (
    "From the Nearsay encyclopedia by the Nearsay authors, "
    "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)."
)


@dataclass(frozen=True)
class Page:
    """A page of the encyclopedia: its file name, its settings and the text below them."""

    name: str
    settings: Mapping[str, Any]
    text: str

    @property
    def term(self) -> str:
        return str(self.settings["term"])


def read_pages(folder: Path = PAGES) -> list[Page]:
    """Return the pages in a folder, ordered by term."""
    pages = []
    for path in sorted(folder.glob("*.md")):
        _, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
        pages.append(Page(path.name, yaml.safe_load(front), text.strip()))
    return sorted(pages, key=lambda page: _key(page.term))


def documents(pages: list[Page]) -> dict[str, str]:
    """Return the pages of the documentation by file name: one for each term, and an index."""
    names = {_key(str(alias)): page.name for page in pages for alias in _aliases(page)}
    names |= {_key(page.term): page.name for page in pages}
    made = {page.name: _document(page, names) for page in pages}
    return {"index.md": "\n".join(_index(pages)), **made}


def _document(page: Page, names: Mapping[str, str]) -> str:
    def linked(item: re.Match[str]) -> str:
        target = names.get(_key(item[1]))
        return f"- [{item[1]}]({target}): " if target else item[0]

    definition, _, rest = page.text.partition("\n\n")
    also = f"\n\n*Also: {', '.join(map(str, _aliases(page)))}*" if _aliases(page) else ""
    body = _RELATED.sub(lambda part: f"\n{_ITEM.sub(linked, part[0])}", f"{rest}\n")
    body = body.replace("## References\n", "## References\n\n")
    source = f"This page is `index/encyclopedia/{page.name}`. {_CREDIT}"
    return f"# {page.term}\n\n{definition}{also}\n\n{body}\n---\n\n{source}\n"


def _index(pages: list[Page]) -> Iterator[str]:
    yield f"# Encyclopedia\n\nThe {len(pages)} terms that come with Nearsay, by category.\n"
    for category in sorted({str(page.settings["category"]) for page in pages}):
        yield f"## {category}\n"
        links = (
            f"[{page.term}]({page.name})" for page in pages if page.settings["category"] == category
        )
        yield " ·\n".join(links) + "\n"
    yield _CREDIT


def _aliases(page: Page) -> list[Any]:
    return list(page.settings.get("aliases", ()))


def _key(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


def on_config(config: Any) -> Any:
    """Called by MkDocs: HTML in pages is shown as text."""
    from markdown import Extension, Markdown

    class NoHtml(Extension):  # type: ignore[misc]  # MkDocs is not in this environment
        def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
            md.preprocessors.deregister("html_block")
            md.inlinePatterns.deregister("html")

    config.markdown_extensions.append(NoHtml())
    return config


def on_files(files: Any, config: Any) -> Any:
    """Called by MkDocs: add the pages. Those of the terms are in the index, not in the menu."""
    from mkdocs.structure.files import File, InclusionLevel

    for name, text in documents(read_pages()).items():
        level = InclusionLevel.UNDEFINED if name == "index.md" else InclusionLevel.NOT_IN_NAV
        uri = f"{FOLDER}/{name}"
        files.append(File.generated(config, uri, content=text, inclusion=level))
    return files


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """Called by MkDocs: a search finds a term's page, not each of its sections, which would double
    the file that the search loads."""
    if page.file.src_uri.startswith(f"{FOLDER}/"):
        page.toc.items.clear()
    return html
