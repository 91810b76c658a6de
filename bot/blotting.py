"""Secrets taken out of what is about to be shown."""

from __future__ import annotations

from collections.abc import Iterable

BLOT = "[secret]"


def blotted(text: str, secrets: Iterable[str]) -> str:
    """`text` with a mark in the place of each secret; the longest first, since one may be part of
    another, as a password is of an address."""
    for secret in sorted({secret for secret in secrets if secret}, key=len, reverse=True):
        text = text.replace(secret, BLOT)
    return text
