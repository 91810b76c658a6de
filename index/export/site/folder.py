"""The folder of a site, and when an export may replace it."""

import json
from pathlib import Path

from index.errors import ExportError

MANIFEST = "nearsay-site.json"  # lists the files of a site, and so marks its folder


def manifest_of(paths: list[str]) -> str:
    """Return the content of the manifest for the files of a site."""
    return json.dumps({"nearsay-site": 1, "files": sorted([*paths, MANIFEST])}, indent=1) + "\n"


def check_site(target: Path, overwrite: bool) -> None:
    """Raise `ExportError` unless the folder may be replaced by a site.

    It may if it does not exist, is empty, or has only files of the last export. With `overwrite`,
    other files are deleted too, but no hidden file (a repository, a home) and no symbolic link.
    """
    if not target.exists():
        return
    if not target.is_dir():
        raise ExportError(f"{target} is not a folder.", "Give the path of a folder for the site.")
    found = {path.relative_to(target).as_posix(): path for path in target.rglob("*")}
    for name, path in found.items():
        if path.is_symlink() or path.name.startswith("."):
            raise ExportError(
                f'{target} contains "{name}", which is not of an exported site.',
                "Use a separate folder.",
            )
    others = {name for name, path in found.items() if path.is_file()} - _listed(target)
    if others and not overwrite:
        raise ExportError(
            f'{target} is not empty, and "{min(others)}" is not of an exported site.',
            "Choose another folder, or add --overwrite: it deletes what is there.",
        )


def _listed(target: Path) -> set[str]:
    """Return the files that the manifest of a folder lists; none if it has no valid manifest."""
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
        return set(map(str, manifest["files"])) if manifest["nearsay-site"] == 1 else set()
    except (OSError, ValueError, LookupError, TypeError):
        return set()
