"""File and folder names that are valid on every system."""

import hashlib
import re

LONGEST_NAME = 120  # bytes in UTF-8, without the suffix
_KEPT_BYTES = 80  # bytes kept of a name that is not safe
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.IGNORECASE
)


def is_safe(name: str) -> bool:
    """Return whether `name` is a plain, visible file name on Linux, macOS and Windows."""
    return (
        name.isprintable()
        and not _FORBIDDEN.search(name)
        and not _DEVICES.match(name)
        and not name.startswith((".", " "))
        and not name.endswith((".", " "))
        and 0 < len(name.encode()) <= LONGEST_NAME
    )


def make_safe(name: str) -> str:
    """Build a safe name from the valid characters of `name` and a digest of `name`."""
    kept = "".join(
        letter if letter.isprintable() and not _FORBIDDEN.match(letter) else "_" for letter in name
    )
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    kept = kept.encode()[:_KEPT_BYTES].decode(errors="ignore").strip(". ").replace(".", "_")
    return f"{kept or '_'}-{digest}"


def safe_name(name: str) -> str:
    """Return `name` if it is safe, or else a unique safe name for it."""
    return name if is_safe(name) else make_safe(name)
