"""Replace the bundled encyclopedia."""

from collections.abc import Callable
from pathlib import Path

from index.sources import loader, source


def replace_bundled(folder: Path, set_attribute: Callable[[object, str, object], None]) -> None:
    """Replace the bundled pages with those in `folder`, whose entries have no search phrases."""
    for module in (loader, source):
        set_attribute(module, "bundled", lambda: folder)
    phrases = Path(__file__).with_name("no_phrases.json")
    set_attribute(source, "bundled_phrases", lambda: phrases)
