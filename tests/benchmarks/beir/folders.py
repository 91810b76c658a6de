"""The BEIR folder `bakery`: five documents about bread, and six queries."""

from pathlib import Path

BAKERY = Path(__file__).with_name("bakery")


def write_bakery(folder: Path, **changed: str | bytes | None) -> Path:
    """Write the bakery into `folder`; `changed` replaces files by stem, and None leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in BAKERY.iterdir():
        content = changed.get(file.stem, file.read_bytes())
        if content is not None:
            (folder / file.name).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
    return folder
