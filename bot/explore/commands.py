"""Parse the texts of the `/latent` verbs and query the embedding space."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from bot.commands.defaults import WALK_SEED, WALK_STEPS
from bot.commands.help import EXAMPLE, example_of
from bot.commands.spec import Request
from bot.explore.maps import THEMES, MapFiles, draw_map, new_picture
from bot.ops.rate_limit import is_expensive, wait_notice
from bot.replies.base import Problem
from index.embedding.embedder import Embedder
from index.errors import NearsayError
from index.names import name_key
from index.progress import Progress, no_progress
from index.search.choices import resolve_choice
from index.search.explore.about import about
from index.search.explore.compare import compare
from index.search.explore.compare_models import Space, models
from index.search.explore.explorations import Explored, Theme
from index.search.explore.map import map_of, shown_on_map
from index.search.explore.path import path
from index.search.explore.random_walk import wander
from index.search.explore.shift import changed_words, shift
from index.search.explore.tones import TONES
from index.statistics.landmarks import Landmarks, landmark_texts
from index.storage import Generation, Store
from index.storage.embedding_cache import get_or_embed

COMPARED = 6  # maximum texts in one comparison
MAX_SIDE = 1_000  # characters of each side of a shift; models read about this many
MAX_CHANGED = 24  # maximum words on only one side of a shift; each is ablated once
MAX_TEMPERATURE = 100.0  # entries become equally likely well below this maximum

# Separators. The spaces around them are stripped later, since matching them takes quadratic time.
_BAR = re.compile(r"\|")
_ARROW = re.compile(r"->|=>|→|⇒|–>|—>")
_ARROW_OR_VERSUS = re.compile(rf"{_ARROW.pattern}|\bvs\b\.?", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Explorer:
    """Answers `/latent` from one store with one embedder. Thread-safe. `others` are the embedding
    spaces to compare with the embedder's."""

    store: Store
    embedder: Embedder
    others: Sequence[Space]
    prefix: str = ""

    def explore(
        self,
        generation: Generation,
        request: Request,
        tell: Progress = no_progress,
        into: MapFiles | None = None,
    ) -> Explored | Problem:
        """Return the reply to a `/latent` request, or a `Problem` with an example if its texts do
        not fit the verb. `tell` is called during long work. `into` has the output files of a map,
        by default a new picture in the data directory."""
        try:
            reply = self._explore(generation, request, tell, into)
        except _UsageError as wrong:
            example = example_of(request, self.prefix)
            return Problem(code="usage", message=str(wrong), hint=f"{EXAMPLE}{example}")
        return replace(reply, generation=generation.id, model=generation.model)

    def _explore(
        self, generation: Generation, request: Request, tell: Progress, into: MapFiles | None
    ) -> Explored:
        embedder, text = self.embedder, request.text
        match request.verb:
            case "compare":
                between = _BAR if _BAR.search(text) else _ARROW_OR_VERSUS
                texts = _texts(text, between, "two texts with a bar between them", 2, COMPARED)
                return compare(generation, embedder, texts)
            case "shift":
                tone, before, after = _prompts(request)
                return shift(generation, embedder, self._landmarks, before, after, tone)
            case "path":
                between = _ARROW if _ARROW.search(text) else _BAR
                texts = _texts(text, between, "two texts with an arrow between them", 2, 2)
                return path(generation, embedder, *texts)
            case "map":
                texts, theme, within = _map_parts(request)
                into = into or MapFiles(picture=new_picture(self.store.directory))
                chart = map_of(generation, embedder, texts, within)
                return draw_map(generation, chart, theme, into)
            case "wander":
                return wander(
                    generation,
                    embedder,
                    text,
                    temperature=_temperature(str(request.options.get("t", "1"))),
                    seed=int(request.options.get("seed", WALK_SEED)),
                    steps=int(request.options.get("steps", WALK_STEPS)),
                )
            case "models":
                return models(generation, embedder, self.others, text, tell)
            case "about":
                return about(generation)
            case verb:
                raise ValueError(f"/latent {verb} is not implemented")

    @cached_property
    def _landmarks(self) -> Landmarks:
        texts = {one.digest: one.text for one in landmark_texts()}
        return Landmarks.of(get_or_embed(self.store.ledger.vectors, self.embedder, texts))


class _UsageError(Exception):
    """The texts do not fit the verb; the message states the requirement."""


def _prompts(request: Request) -> tuple[str, str, str]:
    if "tone" not in request.options:
        before, after = _two_prompts(request.text)
        _check_side("before", before, after)
        _check_side("after", after, before)
        return "", before, after
    tone = resolve_choice(str(request.options["tone"]), tuple(TONES), "tone", "Tones")
    if _ARROW.search(request.text):
        raise _UsageError("This needs one prompt and a tone, or two prompts with an arrow.")
    _check_side("before", request.text, request.text)
    return tone, request.text, f"{request.text} {TONES[tone]}"


def _check_side(side: str, text: str, other: str) -> None:
    if len(text) > MAX_SIDE:
        raise _UsageError(
            f"The prompt {side} has {len(text):,} characters; up to {MAX_SIDE:,} are compared. "
            "Send the part that changes."
        )
    changed = len(changed_words(text, other))
    if changed > MAX_CHANGED:
        raise _UsageError(
            f"The prompt {side} the change has {changed} words that the other prompt lacks; the "
            f"maximum is {MAX_CHANGED}. Change fewer words at a time."
        )


def _two_prompts(text: str) -> Sequence[str]:
    needed = "a prompt before and after with an arrow between them, or words added with a plus"
    before, *after = (part.strip() for part in _ARROW.split(text))
    if not after:
        before, _, added = (part.strip() for part in text.partition(" + "))
        after = [f"{before} {added}"] if added else []
    if len(after) != 1 or not before or not after[0]:
        raise _UsageError(f"This needs {needed}.")
    if before == after[0]:
        raise _UsageError("The two prompts are the same; change one of them.")
    return before, after[0]


def start_notice(request: Request | Problem | None, store: Store) -> str:
    """Return the notice to send before a slow request, or "" if it cannot be answered."""
    if not is_expensive(request) or request.verb != "map":
        return wait_notice(request)
    with suppress(_UsageError, NearsayError), store.reading() as generation:
        shown_on_map(generation, _map_parts(request)[2])
        return wait_notice(request)
    return ""


def _map_parts(request: Request) -> tuple[Sequence[str], Theme, str | None]:
    texts: Sequence[str] = [request.text] if request.text else []
    if _BAR.search(request.text):
        texts = _texts(request.text, _BAR, "texts with a bar between them", 2, COMPARED)
    options = {key: str(value) for key, value in request.options.items()}
    wanted = options.get("theme", "light").casefold()
    theme = next((theme for theme in THEMES if theme == wanted), None)
    if theme is None:
        raise _UsageError(f"theme={wanted[:20]}: the theme must be light or dark.")
    to = options.get("to", "me")
    if to.casefold() != "me":
        raise _UsageError(f"to={to[:20]}: use to=me to get the map only for yourself.")
    return texts, theme, options.get("in")


def _texts(
    text: str, between: re.Pattern[str], needed: str, least: int, most: int
) -> Sequence[str]:
    texts = [part.strip() for part in between.split(text)]
    _checked(texts, needed, least)
    if len(texts) > most:
        raise _UsageError(f"There are {len(texts)} texts; at most {most} are allowed.")
    return texts


def _checked(texts: Sequence[str], needed: str, least: int) -> None:
    if len(texts) < least or not all(texts):
        raise _UsageError(f"This needs {needed}.")
    seen: dict[str, str] = {}
    for text in texts:
        if name_key(text) in seen:
            raise _UsageError(f'"{text[:80]}" occurs twice; the texts must differ.')
        seen[name_key(text)] = text


def _temperature(written: str) -> float:
    try:
        temperature = float(written.replace(",", "."))
    except ValueError:
        temperature = 0.0
    if not 0 < temperature <= MAX_TEMPERATURE:  # also false for NaN
        raise _UsageError(
            f"t={written[:20]}: t must be a number above 0, up to {MAX_TEMPERATURE:g}."
        )
    return temperature
