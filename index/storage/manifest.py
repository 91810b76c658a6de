"""The manifest of a generation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from index.embedding.embedder import Fingerprint
from index.entry_json import from_fields
from index.errors import IndexCorrupted, reading_index
from index.sources.files import Refusal
from index.sources.source import Source, SourceReport
from index.statistics.thresholds import Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The part of a manifest that every Nearsay version can read. `encyclopedia` is the digest of
    the bundled pages, or empty. `sources` are the glossaries, and `reports` the result of reading
    each glossary."""

    encyclopedia: str
    sources: tuple[Source, ...]
    reports: tuple[SourceReport, ...]

    @classmethod
    def from_json(cls, text: str) -> Provenance:
        """Parse a manifest. Raises `IndexCorrupted` for any other text."""
        try:
            raw = json.loads(text)
            return Provenance(
                encyclopedia=str(raw["encyclopedia"]),
                sources=tuple(from_fields(Source, source) for source in raw["sources"]),
                reports=tuple(_report(report) for report in raw["reports"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable(error) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOrder(Provenance):
    """The part of a manifest that is known before the build. `edits` is the number of the last
    included edit, or 0. `collection` names the collection on a Chroma server with the vectors, and
    is empty if they are in the folder."""

    generation: str
    built: datetime
    fingerprint: Fingerprint
    edits: int
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """A generation to start a build from: its folder and the digests of its files."""

    folder: Path
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(BuildOrder):
    """The manifest of a generation. `rounds` is the number of incremental copies since the last
    full build of the vector index."""

    entries: int
    passages: int
    rounds: int
    calibration: Calibration

    @classmethod
    def of(cls, order: BuildOrder, **measured: Any) -> Manifest:
        known = {field.name: getattr(order, field.name) for field in fields(BuildOrder)}
        return cls(**known, **measured)

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str, indent=1)

    def save(self, folder: Path) -> None:
        (folder / "manifest.json").write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        file = folder / "manifest.json"
        with reading_index(file):
            return cls.from_json(file.read_text(encoding="utf-8"))

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Parse the output of `to_json`. Raises `IndexCorrupted` for any other text."""
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
    return IndexCorrupted(f"The manifest of a generation cannot be read ({type(error).__name__}).")
