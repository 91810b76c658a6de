"""What each command of the command line does, and the parts put together for it."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.text import Text

from bot import grammar
from bot.actors import OPERATOR
from bot.admin.administration import Administration
from bot.admin.editing_commands import split
from bot.admin.exports import entries_of
from bot.desk import Desk
from bot.indexing import Indexer, IndexRequest
from bot.kept import question_of
from bot.limits import Limits
from bot.logs import log_to_file, log_to_stderr
from bot.memory import Memory
from bot.permissions import make_private
from bot.replies import Integrity, Problem, Reply
from bot.setting_values import LSA
from bot.settings import Settings, SettingsError, editor, terminal_pictures
from bot.terminal.chat import Conversation, answer_lines, converse, deliver, stdin_lines
from bot.terminal.progress import progress_bars
from index.embedder import Embedder, SentenceEmbedder
from index.errors import NearsayError
from index.sources.columns import FIELDS
from index.sources.source import Source
from index.space.latent.spaces import EmbeddedSpace, LexicalSpace, Space
from index.space.thread import NO_THREAD, Thread
from index.store import Store
from index.text import one_line

MAP = "nearsay-map.png"  # where the map is drawn when nobody says
BRIEF = ("say", "export", "map")  # commands that ask the index a question at most
WRITING = 6.0  # seconds that leaving waits for what is still to be kept
ANSWERED, PROBLEM, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def run(options: argparse.Namespace) -> int:
    """Does what the command line asks for; returns the exit status."""
    try:
        if options.verb == "doctor":
            return _doctor(options)
        return _run(options, Settings.load())
    except SettingsError as error:
        for problem in error.problems:
            _complain(problem)
        return PROBLEM
    except KeyboardInterrupt:
        _complain("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; what Python still flushes at exit has no reader.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEM


def _run(options: argparse.Namespace, settings: Settings) -> int:
    log_to_file(
        settings.data_dir / "nearsay.log",
        settings.log_level,
        settings.log_format,
        settings.secrets,
    )
    if options.verb == "manifest":
        return _manifest(settings, options)
    if options.verb in ("migrate", "backup", "restore"):
        from bot.operating import operate  # needed by nothing else

        return operate(options, settings)
    store = Store(
        settings.data_dir, settings.database, settings.chroma, brief=options.verb in BRIEF
    )
    embedder = SentenceEmbedder(settings.model, settings.data_dir / "models", settings.backend)
    indexer = Indexer(store, embedder, settings.sources, settings.encyclopedia)
    try:
        if options.verb == "bench":
            return _bench(settings, indexer, embedder, options)
        if options.verb == "index":
            return _index(indexer, Administration(indexer), options)
        memory = Memory(store, settings.retention_days)
        try:
            return _at_the_desk(settings, indexer, memory, options)
        finally:
            memory.stop(WRITING)
    finally:
        store.leave()  # the other processes need not notice it by themselves


def _at_the_desk(
    settings: Settings, indexer: Indexer, memory: Memory, options: argparse.Namespace
) -> int:
    """Does what needs somebody who answers."""
    store, embedder = indexer.store, indexer.embedder
    as_json = options.verb in ("chat", "say", "admin", "export", "map") and options.json
    administration = Administration(indexer, _golden(settings), settings.import_dir)
    others = _others(settings, store)
    limits = Limits(settings.person_rate, settings.workspace_rate)
    desk = Desk(store, embedder, settings.command_prefix, administration, memory, others, limits)
    if options.verb == "admin":
        command = f"/{settings.command_prefix}near-admin "
        line = command + " ".join(options.line).removeprefix(command)  # as replies show it
        written = _written(desk, line, settings, options.file)
        return _admin(written or _said(desk, line, settings), json=as_json)
    serving = options.verb == "serve" or (options.verb is None and settings.connects_to_slack)
    if not _bring_up_to_date(indexer, json=as_json, serving=serving):
        return PROBLEM
    if options.verb == "export":
        return _export(store, administration, options)
    if options.verb == "say":
        memory.delete_old()
        line = " ".join(options.line)
        reply = _said(desk, line, settings)
        shown = deliver(reply, json=as_json, pictures=terminal_pictures())
        return ANSWERED if shown else PROBLEM
    if options.verb == "map":
        return _map(store, embedder, options)
    if serving:
        mode = options.mode if options.verb == "serve" else None
        return _serve(settings, desk, administration, mode)
    return _chat(settings, store, desk, json=as_json)


def _others(settings: Settings, store: Store) -> list[Space]:
    """The spaces that are set beside that of the index; no model is loaded for it."""
    folder = settings.data_dir / "models"
    return [
        LexicalSpace()
        if name == LSA
        else EmbeddedSpace(SentenceEmbedder(name, folder, settings.backend), store)
        for name in settings.models
    ]


def _admin(reply: Reply, *, json: bool) -> int:
    """Delivers the reply to an admin's line. A verb that is none is wrong usage, as on any other
    command line."""
    if deliver(reply, json=json):
        return ANSWERED
    wrong = isinstance(reply, Problem) and reply.code in ("unknown_command", "usage", "empty")
    return WRONG_USAGE if wrong else PROBLEM


def _written(desk: Desk, line: str, settings: Settings, file: str | None) -> Reply | None:
    """The reply to a line that asks for an entry to be written at length; None for any other."""
    request = grammar.parse(line, settings.command_prefix)
    if not isinstance(request, grammar.Request) or request.verb not in ("add", "edit"):
        return None
    if split(request.text)[1]:
        return None
    # Pages are read there: it takes a while to import.
    from bot.terminal.writing import Means, write_entry

    means = Means(file, editor(), yes="yes" in request.options)
    new = request.verb == "add"
    with progress_bars(_errors()) as progress:
        return write_entry(desk.editing, request.text, new=new, means=means, progress=progress)


def _chat(settings: Settings, store: Store, desk: Desk, *, json: bool) -> int:
    desk.memory.delete_old()
    conversation = Conversation(lambda line, thread: _said(desk, line, settings, thread))
    if not sys.stdin.isatty():
        answered = answer_lines(stdin_lines(), conversation.say, json=json)
        return ANSWERED if answered else PROBLEM
    # Loading the model takes seconds, which pass while the person types.
    threading.Thread(target=_warm_up, args=(desk,), daemon=True).start()
    converse(conversation.say, _greeting(store, settings), terminal_pictures())
    return ANSWERED


def _said(desk: Desk, line: str, settings: Settings, thread: Thread = NO_THREAD) -> Reply:
    """The reply to a line of whoever sits at the terminal, which is kept if it asks something;
    long work shows how far it is."""
    begun = time.monotonic()
    with progress_bars(_errors()) as progress:
        reply = desk.say(line, OPERATOR, progress, thread)
    seconds = round(time.monotonic() - begun, 3)
    request = grammar.parse(line, settings.command_prefix)
    question = question_of(
        reply,
        request if isinstance(request, grammar.Request) else None,
        name=secrets.token_hex(8),
        at=datetime.now(UTC),
        person=OPERATOR.id,
        place="terminal",
        channel="",
        seconds=seconds,
    )
    if question is not None:
        desk.memory.keep(question)
    return reply


def _warm_up(desk: Desk) -> None:
    with suppress(Exception):  # the first question says what is wrong
        desk.warm_up()


def _serve(
    settings: Settings,
    desk: Desk,
    administration: Administration,
    mode: Literal["socket", "http"] | None,
) -> int:
    from bot.slack.application import ServiceError
    from bot.slack.service import serve

    log_to_stderr(settings.log_level, settings.log_format, settings.secrets)
    make_private(settings.data_dir)
    try:
        serve(settings, desk, administration, mode or settings.slack_mode)
    except ServiceError as error:
        _complain(str(error))
        return PROBLEM
    return ANSWERED


def _export(store: Store, administration: Administration, options: argparse.Namespace) -> int:
    """Writes the entries where the person at the terminal wants them."""
    from index.export.export import export
    from index.export.exported import Exported, Form

    by_suffix: dict[str, Form] = {".csv": "csv", ".jsonl": "jsonl"}
    form: Form = options.form or by_suffix.get(options.target.suffix.casefold(), "markdown")

    def write() -> Exported:
        with store.reading() as generation:
            chosen = entries_of(generation, options.source or "")
            done = export(chosen, form, options.target, overwrite=options.overwrite)
            return replace(done, generation=generation.id, model=generation.model)

    action = f"export --from {options.source}" if options.source else "export"
    action += f" {options.target}"
    try:
        deliver(administration.audited(OPERATOR, action, write), json=options.json)
    except NearsayError as error:
        deliver(Problem.of(error), json=options.json)
        return PROBLEM
    return ANSWERED


def _map(store: Store, embedder: Embedder, options: argparse.Namespace) -> int:
    """Draws the map into files where the person at the terminal wants them: the picture unless
    only a page is asked for."""
    from bot.latent.exploring import map_asked  # takes a while to import
    from bot.latent.mapping import Into

    given = {"in": options.within, "theme": options.theme}
    request = grammar.Request(
        "latent",
        one_line(" ".join(options.text)),
        {key: value for key, value in given.items() if value is not None},
        verb="map",
    )
    picture = options.out or (None if options.html else Path(MAP))
    into = Into(picture=picture, page=options.html)
    reply: Reply
    try:
        with store.reading() as generation:
            reply = map_asked(generation, embedder, request, into)
    except NearsayError as error:
        reply = Problem.of(error)
    shown = deliver(reply, json=options.json, pictures=terminal_pictures())
    return ANSWERED if shown else PROBLEM


def _golden(settings: Settings) -> list[str]:
    """The questions of the team's own file, when there is one."""
    if settings.golden is None:
        return []
    try:
        lines = settings.golden.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(
            [f"NEARSAY_GOLDEN names {settings.golden}, which cannot be read: {why}."]
        ) from error
    return [question for line in lines if (question := one_line(line))]


def _manifest(settings: Settings, options: argparse.Namespace) -> int:
    from bot.slack.manifest import manifest

    mode: Literal["socket", "http"] = options.mode or ("http" if options.url else "socket")
    if mode == "http" and not options.url:
        _complain("Over HTTP Slack needs an address: --url https://your.host/slack/events")
        return PROBLEM
    described = manifest(
        settings.command_prefix, mode, options.url, workspace_admins=settings.workspace_admins
    )
    print(json.dumps(described, indent=2, ensure_ascii=False))  # noqa: T201
    return ANSWERED


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import examine

    reply = examine()
    deliver(reply, json=options.json)
    return ANSWERED if reply.healthy else PROBLEM


def _index(indexer: Indexer, administration: Administration, options: argparse.Namespace) -> int:
    if options.check:
        return _check(indexer, options)
    columns, wrong = _columns(options.column)
    if wrong:
        _complain(f"--column {wrong}: write FIELD=NAME; fields are {', '.join(FIELDS)}.")
        return WRONG_USAGE
    extra = [
        replace(Source.parse(path, options.name or ""), columns=columns) for path in options.source
    ]
    extra = [replace(source, path=_absolute(source.path)) for source in extra]
    named = [f"--source {source}" for source in extra]
    named += [f"--remove {name}" for name in options.remove]
    action = " ".join(["index", *(["--full"] if options.full else []), *named])
    with progress_bars(_errors()) as progress:
        reply = administration.audited(
            OPERATOR,
            action,
            lambda: indexer.run(
                IndexRequest(
                    extra=extra,
                    remove=options.remove,
                    full=options.full,
                    dry_run=options.dry_run,
                    by=OPERATOR.words,
                ),
                progress,
            ),
        )
    return ANSWERED if deliver(reply, json=options.json) else PROBLEM


def _columns(given: list[str]) -> tuple[dict[str, str], str]:
    """The columns by field, and the first that is not right, or nothing."""
    columns: dict[str, str] = {}
    for text in given:
        name, sign, column = text.partition("=")
        if not sign or name not in FIELDS or not column:
            return {}, text
        columns[name] = column
    return columns, ""


def _absolute(path: str) -> str:
    """A path that means the same from any folder; it stays with the index."""
    return str(Path(path).expanduser().absolute())


def _check(indexer: Indexer, options: argparse.Namespace) -> int:
    reply = indexer.check()
    deliver(reply, json=options.json)
    return ANSWERED if isinstance(reply, Integrity) and not reply.faults else PROBLEM


def _bench(
    settings: Settings, indexer: Indexer, embedder: SentenceEmbedder, options: argparse.Namespace
) -> int:
    from bot.bench.command import (  # needed by nothing else
        run_alike,
        run_answers,
        run_calibration,
        run_golden,
        run_map,
        run_search,
    )

    if options.bench == "search":
        measured = run_search(
            options.data, embedder, limit=options.limit, picture=options.plot, json=options.json
        )
        return ANSWERED if measured else PROBLEM
    if options.bench == "answers":
        measured = run_answers(
            options.sets, embedder, limit=options.limit, seed=options.seed, json=options.json
        )
        return ANSWERED if measured else PROBLEM
    if options.bench == "alike":
        measured = run_alike(options.data, embedder, half=options.half, json=options.json)
        return ANSWERED if measured else PROBLEM
    if options.bench == "map":
        sources = [Source.parse(path) for path in options.source]
        return ANSWERED if run_map(sources, embedder, json=options.json) else PROBLEM
    # The bundled questions have an index of their own.
    uses_index = options.bench == "calibration" or options.data is not None
    if uses_index and not _bring_up_to_date(indexer, json=options.json):
        return PROBLEM
    if options.bench == "golden":
        measured = run_golden(
            options.data,
            indexer.store,
            embedder,
            half=options.half,
            requests=options.requests,
            picture=options.plot,
            json=options.json,
        )
        return ANSWERED if measured else PROBLEM
    other = None
    if options.model is not None:
        folder = settings.data_dir / "models"
        other = SentenceEmbedder(options.model, folder, settings.backend)
    measured = run_calibration(indexer.store, embedder, other, json=options.json)
    return ANSWERED if measured else PROBLEM


def _bring_up_to_date(indexer: Indexer, *, json: bool, serving: bool = False) -> bool:
    """Builds the index when there is none, an older version of Nearsay built it, or the
    encyclopedia has changed since.

    An index that is merely older still answers, so failing to renew it is only said. A service
    rebuilds what an older version built when it has connected, so that it can say so.
    """
    try:
        if indexer.store.outdated() is not None:
            if serving:
                return True
            _errors().print("Nearsay was upgraded; rebuilding the index …")
            with progress_bars(_errors()) as progress:
                rebuilt = indexer.upgrade(by=OPERATOR.words, progress=progress)
            if isinstance(rebuilt, Problem):
                deliver(rebuilt, json=json)
                return False
        if not indexer.is_stale():
            return True
        first = not indexer.store.exists
    except NearsayError as error:
        deliver(Problem.of(error), json=json)
        return False
    _errors().print(
        "Building the index of the bundled encyclopedia (first use only) …"
        if first
        else "The encyclopedia has changed; bringing the index up to date …"
    )
    with progress_bars(_errors()) as progress:
        reply = indexer.run(progress=progress)
    if isinstance(reply, Problem):
        deliver(reply, json=json and first)
        return not first
    return True


def _greeting(store: Store, settings: Settings) -> str:
    manifest = store.current().manifest
    lines = [
        f"Nearsay · {manifest.entries:,} entries · {manifest.fingerprint.name}",
        'Ask a question; "help" lists the commands, /new starts anew, Ctrl-D leaves.',
    ]
    if not settings.connects_to_slack:
        lines.append('To connect Slack, set its tokens in .env (README, "In Slack").')
    return "\n".join(lines)


def _errors() -> Console:
    return Console(stderr=True, highlight=False)


def _complain(sentence: str) -> None:
    _errors().print(Text(sentence), soft_wrap=True)
