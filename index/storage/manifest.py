"""What a generation says of itself, and what is raised where its files are no good."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from index.embedding.embedder import Fingerprint
from index.entry_json import from_fields
from index.errors import IndexCorrupted
from index.sources.files import Refusal
from index.sources.source import Source, SourceReport
from index.statistics.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a generation was built from, besides the entries that the ledger pins: the part of a
    manifest that is read whatever version of Nearsay wrote it (see `Manifest`)."""

    encyclopedia: str
    sources: tuple[Source, ...]
    reports: tuple[SourceReport, ...]

    @classmethod
    def from_json(cls, text: str) -> Provenance:
        """Raises `IndexCorrupted` when the text is not a manifest."""
        try:
            raw = json.loads(text)
            return cls(
                encyclopedia=str(raw["encyclopedia"]),
                sources=tuple(from_fields(Source, source) for source in raw["sources"]),
                reports=tuple(_report(report) for report in raw["reports"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable(error) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is known of a generation before it is built.

    `built` is in UTC; `encyclopedia` is the digest of the bundled pages it is built from, empty for
    none, `sources` are the glossaries that were read beside them, and `reports` say what became of
    each. `background` is the digest of the texts of other fields (see `space.background`), empty
    where some lacked. `edits` is the number of the last change by people that it holds, 0 for none.
    `collection` is where its vectors are on a Chroma server, empty for the folder of the
    generation.
    """

    generation: str
    built: datetime
    fingerprint: Fingerprint
    encyclopedia: str
    sources: tuple[Source, ...]
    reports: tuple[SourceReport, ...]
    background: str
    edits: int
    collection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Order):
    """What a generation says of itself. `rounds` counts the copies between it and a generation that
    was built anew."""

    entries: int
    passages: int
    rounds: int
    calibration: Calibration

    @classmethod
    def of(
        cls, order: Order, *, entries: int, passages: int, rounds: int, calibration: Calibration
    ) -> Manifest:
        """What a generation says of itself that was built to an order."""
        known = {field.name: getattr(order, field.name) for field in fields(Order)}
        return cls(
            **known, entries=entries, passages=passages, rounds=rounds, calibration=calibration
        )

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str, indent=1)

    def save(self, folder: Path) -> None:
        (folder / "manifest.json").write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        try:
            return cls.from_json((folder / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise unusable(folder, error) from error

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """The manifest that `to_json` wrote; raises `IndexCorrupted` when it is another."""
        try:
            raw = json.loads(text)
            raw["built"] = datetime.fromisoformat(raw["built"])
            raw["fingerprint"] = Fingerprint(**raw["fingerprint"])
            provenance = Provenance.from_json(text)
            raw |= {"sources": provenance.sources, "reports": provenance.reports}
            raw["calibration"] = Calibration(**raw["calibration"])
            return cls(**raw)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable(error) from error


def _report(raw: dict[str, Any]) -> SourceReport:
    refused = tuple(from_fields(Refusal, refusal) for refusal in raw["refused"])
    return from_fields(SourceReport, {**raw, "refused": refused})


def _unreadable(error: Exception) -> IndexCorrupted:
    return IndexCorrupted(
        f"What a generation of the index says of itself cannot be read ({type(error).__name__})."
    )


def unusable(folder: Path, error: Exception) -> IndexCorrupted:
    """What is raised where a file of a generation cannot be read."""
    return IndexCorrupted(f"The index in {folder} cannot be read ({type(error).__name__}).")
