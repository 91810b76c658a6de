"""Import a glossary: a preview first, the import after confirmation.

An admin sends the file to the bot or names a path in the import folder on the server. URLs are
never fetched.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.admin.uploads import Uploads
from bot.commands.spec import Request
from bot.identity import User
from bot.indexing import Indexer, IndexRequest
from bot.replies.base import Problem
from bot.replies.imports import Import, State
from index.errors import NotFound
from index.indexing.reindex import Plan, ReindexResult
from index.progress import Progress, no_progress
from index.sources.files import by_seriousness
from index.sources.source import BUNDLED, WRITTEN, Source, SourceReport, slug
from index.storage import Manifest

SHOWN = 10  # maximum refused rows and files listed in a reply
FOLDER = "imports"  # folder in the data directory


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: Source
    named: str
    upload: Path | None = None


class Imports:
    """Imports glossaries into one index. Thread-safe."""

    def __init__(self, indexer: Indexer, folder: Path | None) -> None:
        """Import from `folder` on the server; without a folder, only uploads can be imported."""
        self._indexer = indexer
        self._folder = folder
        self.uploads = Uploads(indexer.store.directory / FOLDER)

    def do(self, request: Request, actor: User, progress: Progress) -> Import | Problem:
        """Preview, apply or cancel an import, according to the options. Raises `NearsayError`."""
        candidate = self._candidate(request)
        used = self._source_paths()
        if candidate.upload is not None and candidate.upload in used:
            return Problem(
                code="applied",
                message=f"{candidate.named} has already been imported, as {candidate.source.name}.",
                hint="List the sources with: /near-admin status",
            )
        if "cancel" in request.options:
            return self._cancelled(candidate)
        self.uploads.delete_expired(used | {Path(candidate.source.path)})
        planned = self._run("planned", candidate, dry_run=True)
        if isinstance(planned, Problem) or "apply" not in request.options:
            return planned
        expected = request.options.get("digest", planned.digest)
        if expected != planned.digest:
            return Problem(
                code="changed",
                message=f"{planned.path} has changed since the preview; nothing was imported.",
                hint=f"Preview it again: /near-admin import {planned.path}",
            )
        if not planned.entries:
            return Problem(
                code="nothing",
                message=f"{planned.path} contains no entries; nothing was imported.",
                hint="To list the refused rows and the reasons, repeat this without --apply.",
            )
        return self._run("applied", candidate, progress, by=actor.label)

    def _run(
        self,
        state: State,
        candidate: _Candidate,
        progress: Progress = no_progress,
        **options: Any,
    ) -> Import | Problem:
        only = [candidate.source.name] if self._indexer.store.readable() else []
        done = self._indexer.run(
            IndexRequest(extra=[candidate.source], only=only, **options), progress
        )
        return done if isinstance(done, Problem) else _reply(state, candidate, done)

    def _cancelled(self, candidate: _Candidate) -> Import:
        if candidate.upload is not None:
            self.uploads.remove(candidate.upload)
            kept = [BUNDLED, *(source.name for source in self._indexer.known_sources())]
            self._indexer.store.ledger.files.forget_all_but(kept)
        return Import(state="cancelled", name=candidate.source.name, path=candidate.named)

    def _source_paths(self) -> set[Path]:
        kept = self._indexer.store.ledger.generations.kept()
        ready = [record for record in kept if record.state == "ready" and record.can_be_opened]
        manifests = [Manifest.from_json(record.manifest) for record in ready]
        return {Path(source.path) for manifest in manifests for source in manifest.sources}

    def _candidate(self, request: Request) -> _Candidate:
        wanted, name = request.text, str(request.options.get("name", ""))
        if "upload" in request.options:
            upload = self.uploads.get(str(request.options["upload"]))
            source = Source(slug(name or upload.stem), str(upload))
            self._require_free(source, f"upload={upload.parent.name}")
            return _Candidate(source, upload.name, upload)
        path = self._import_path(wanted)
        source = Source(slug(name or path.stem), str(path))
        self._require_free(source, wanted)
        return _Candidate(source, wanted)

    def _import_path(self, wanted: str) -> Path:
        if self._folder is None:
            raise NotFound(
                "No import folder is set on the server.",
                "Send the file to the bot in a direct message, set NEARSAY_IMPORT_DIR, or run in a "
                f"terminal on the server: nearsay index --source {wanted or 'FILE'}",
            )
        if not wanted:
            raise NotFound(
                "import needs the path of a file.",
                f"Name a file in {self._folder}: /near-admin import glossary.csv",
            )
        root = self._folder.resolve()
        try:
            path = (root / wanted).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            path = None
        if path is None or not path.is_relative_to(root) or path == root:
            raise NotFound(
                f'There is no "{wanted[:200]}" in the import folder.',
                f"Put the file into {self._folder}, and give its path relative to that folder.",
            )
        return path

    def _require_free(self, source: Source, file: str) -> None:
        """Raise `NotFound` if another source has the name of `source`.

        A known source with the same path is allowed, and so is an earlier upload if `source` is an
        upload. `file` names the file in the command that the error suggests.
        """
        path = Path(source.path)

        def is_earlier(known: Source) -> bool:
            both_sent = self.uploads.is_within(Path(known.path)) and self.uploads.is_within(path)
            return both_sent or Path(known.path) == path

        others = [one for one in self._indexer.known_sources() if one.name == source.name]
        if source.name in (BUNDLED, WRITTEN) or not all(map(is_earlier, others)):
            hint = f"Give it another name: /near-admin import {file} name=NAME"
            raise NotFound(f'There is already a source "{source.name}".', hint)


def _reply(state: State, candidate: _Candidate, done: Plan | ReindexResult) -> Import:
    name = candidate.source.name
    report = next(one for one in done.sources if one.name == name)
    reviews = done.reviews if isinstance(done, Plan) else ()
    review = next((one for one in reviews if one.name == name), None)
    changed = done.added + done.changed
    live = isinstance(done, ReindexResult)
    return Import(
        generation=done.generation,
        model=done.model,
        state=state,
        name=name,
        path=candidate.named,
        form=_form(candidate.source, report),
        entries=report.entries,
        added=done.added,
        changed=done.changed,
        removed=done.removed,
        unchanged=max(0, report.entries - changed),
        embedded=done.embedded,
        refused=tuple(by_seriousness(report.refused)[:SHOWN]),
        refusals=len(report.refused),
        ignored=report.ignored,
        shared=review.shared if review else (),
        hides=review.hides if review else (),
        upload=candidate.upload.parent.name if candidate.upload else "",
        digest=report.digest[:16],
        first=report.first,
        live=done.generation if live else None,
        seconds=done.seconds if isinstance(done, ReindexResult) else 0.0,
    )


def _form(source: Source, report: SourceReport) -> str:
    path = Path(source.path)
    if path.is_dir():
        return f"folder of {report.files:,} {'file' if report.files == 1 else 'files'}"
    return path.suffix.casefold().removeprefix(".").upper()
