"""Names of files and folders that are valid and the same on every system."""

from __future__ import annotations

import hashlib
import re

LONGEST_NAME = 120  # bytes in UTF-8, without the suffix
_KEPT = 80  # bytes of a name that cannot stand as it is
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.IGNORECASE
)


def is_safe(name: str) -> bool:
    """Whether Linux, macOS and Windows take `name` for a plain, visible file name."""
    return (
        name.isprintable()
        and not _FORBIDDEN.search(name)
        and not _DEVICES.match(name)
        and not name.startswith((".", " "))
        and not name.endswith((".", " "))
        and 0 < len(name.encode()) <= LONGEST_NAME
    )


def distinct(name: str) -> str:
    """A safe name for what cannot be called `name`: what of it can stand, and a digest of it."""
    kept = "".join(
        letter if letter.isprintable() and not _FORBIDDEN.match(letter) else "_" for letter in name
    )
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    kept = kept.encode()[:_KEPT].decode(errors="ignore").strip(". ").replace(".", "_")
    return f"{kept or '_'}-{digest}"


def safe(name: str) -> str:
    """`name` where it is safe, else one that is and stands for it alone."""
    return name if is_safe(name) else distinct(name)
