from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bench.command import run_speed
from bot.bench.lineup import LeftOut
from bot.bench.speed import names, speed
from bot.bench.speed.contender import Contender, Question, Way
from bot.bench.speed.lineup import Lineup
from bot.bench.speed.place import Model, Place
from bot.bench.speed.served import Served
from bot.bench.speed.starting import Starting
from bot.bench.speed.texts import queries
from index.sources.source import bundled_digest
from tests.bot.bench.speed.contenders import TORCH
from tests.bot.bench.speed.samples import RATES, STARTING
from tests.bot.bench.speed.test_measuring import Steady
from tests.conftest import Command
from tests.support.toy import ToyEmbedder

Captured = pytest.CaptureFixture[str]
ABSENT = LeftOut(names.TXTAI, "it is not installed")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Contenders that need neither process nor index; on which sizes programs were started."""
    on: list[str] = []

    @contextmanager
    def alone(place: Place) -> Iterator[Steady]:
        yield Steady(names.MODEL, 0.001)

    @contextmanager
    def lineup(place: Place, model: Contender) -> Iterator[Lineup]:
        ours = Steady(names.OURS, 0.002)
        peer = Steady(names.SEARCH, 0.003)
        ways: list[tuple[Contender, Way]] = [(model, "forward"), (ours, "plain")]
        yield Lineup([(peer, "plain")], [(ours, "filtered")], ways, [model, ours, peer], [ABSENT])

    def starting(place: Place, *_: object) -> Starting:
        on.append(place.folder.name)
        return STARTING

    monkeypatch.setattr(
        speed, "built", lambda place, passages, *_: replace(RATES, passages=passages)
    )
    monkeypatch.setattr(speed, "fill", lambda *_: None)
    monkeypatch.setattr(speed, "model_alone", alone)
    monkeypatch.setattr(speed, "lineup", lineup)
    monkeypatch.setattr(speed, "measure_starting", starting)
    return on


def test_every_size_is_measured_and_the_indexes_are_kept(
    started: list[str], toy: ToyEmbedder, tmp_path: Path, capsys: Captured
) -> None:
    keep, picture = tmp_path / "kept" / "here", tmp_path / "speed.png"
    options = {"keep": keep, "quick": True, "json": True}
    assert run_speed([200, 100, 200], TORCH, toy, picture=picture, **options)  # type: ignore[arg-type]
    out, err = capsys.readouterr()
    bench = json.loads(out)
    assert [size["passages"] for size in bench["sizes"]] == [100, 200]
    assert bench["left_out"] == [{"method": ABSENT.method, "why": ABSENT.why}]
    edition = bundled_digest()[:8]
    assert started == [f"200-{edition}"]
    assert "Asking" in err
    assert picture.stat().st_size > 1_000
    assert {path.name for path in keep.iterdir()} == {f"100-{edition}", f"200-{edition}"}
    assert run_speed([100], TORCH, toy, quick=True)
    assert capsys.readouterr().out.startswith("Speed of toy on")


def test_a_folder_that_cannot_be_is_said_before_the_work(
    started: list[str], toy: ToyEmbedder, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "file").write_text("")
    assert not run_speed([100], TORCH, toy, keep=tmp_path / "file" / "kept")
    assert "name another one with --keep" in " ".join(capsys.readouterr().err.split())
    assert not run_speed([100], TORCH, toy, picture=tmp_path / "nowhere" / "speed.png")
    assert "which is no folder" in " ".join(capsys.readouterr().err.split())
    assert toy.asked == 0
    assert not started


def test_whoever_ends_it_leaves_no_contender(
    started: list[str], toy: ToyEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released: list[str] = []

    @contextmanager
    def alone(place: Place) -> Iterator[Steady]:
        try:
            yield Steady(names.MODEL, 0.001)
        finally:
            released.append(place.folder.name.partition("-")[0])

    monkeypatch.setattr(speed, "model_alone", alone)
    monkeypatch.setattr(speed, "fill", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit):
        speed.bench_speed([100], TORCH, toy, keep=tmp_path)
    assert released == ["100"]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@pytest.mark.parametrize("passages", ["99", "250001", "many"])
def test_a_size_that_cannot_be_made_is_wrong_usage(
    nearsay: Command, tmp_path: Path, passages: str
) -> None:
    done = nearsay("bench", "speed", "--passages", passages, data=tmp_path / "data")
    assert done.returncode == 2
    assert "usage: nearsay bench speed" in done.stderr


@pytest.mark.model
def test_the_service_answers_signed_requests(real_directory: Path, tmp_path: Path) -> None:
    place = Place(tmp_path, Model("all-MiniLM-L6-v2", "auto", real_directory / "models"))
    place.data.symlink_to(real_directory)
    served = Served(place)
    try:
        assert served.seconds_to_ready > 0
        questions = [Question(text, "prompting", 0) for text in queries()[:8]]
        batch = served.ask("plain", questions, at_once=4)
        assert (len(batch.seconds), batch.lost) == (8, 0)
        assert batch.acknowledged is not None
        assert all(ack > 0 for ack in batch.acknowledged)
    finally:
        served.end()
    assert served.memory() is None, "its process is gone"


@pytest.mark.slow
@pytest.mark.model
def test_the_whole_command_with_the_real_model(
    nearsay: Command, tmp_path: Path, real_directory: Path
) -> None:
    picture = tmp_path / "speed.png"
    options = ["--passages", "300", "--quick", "--json", "--plot", str(picture)]
    done = nearsay("bench", "speed", *options, data=real_directory)
    assert done.returncode == 0, done.stderr
    bench = json.loads(done.stdout)
    (size,) = bench["sizes"]
    asked = {(one["contender"], one["way"], one["at_once"]): one for one in size["asked"]}
    assert asked[names.SERVED, "plain", 32]["lost"] == 0
    for name in (names.CHROMA, names.OURS, names.SERVED, names.SEARCH, names.SEARCH_AS_OURS):
        assert {way for contender, way, _ in asked if contender == name} == {"plain", "filtered"}
    assert picture.stat().st_size > 10_000
