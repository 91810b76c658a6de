"""What exploring gives, as data. Field names are a public contract (docs/reference/json.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.entry import Mention
from index.reply import BaseReply
from index.search.results import Neighbour
from index.search.similarity import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(BaseReply):
    """How alike texts are.

    Of two: `cosine` is the model's own, `similarity` what is shown (both -1…1), `percentile` the
    share of random pairs that are less similar, 0…100, and `band` that in words; `shared` are
    entries near both, `only_a` and `only_b` those near one alone, and `between` is the entry that
    lies between them. Of more: `items` are the texts and `matrix` the similarity of each to each;
    the fields of two texts are those of the two that are most alike.
    """

    kind: Literal["comparison"] = "comparison"
    a: str
    b: str
    cosine: float
    similarity: float
    percentile: float
    band: Band
    shared: tuple[Mention, ...]
    only_a: tuple[Mention, ...]
    only_b: tuple[Mention, ...]
    between: Mention | None
    items: tuple[str, ...] = ()
    matrix: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """An entry on a way, with its similarity to the one before, which the first has not."""

    id: str
    term: str
    category: str
    similarity: float | None
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(BaseReply):
    """A way from `a` to `b` through entries that are near one another.

    `weakest` is the index of the hop with the lowest similarity; None where there is one alone.
    `straight` are the entries nearest to the straight line between the two, from `a` to `b`.
    """

    kind: Literal["path"] = "path"
    a: str
    b: str
    hops: tuple[Hop, ...]
    straight: tuple[Mention, ...]
    weakest: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry that is near both texts, with its rank near each, 1 and up."""

    id: str
    term: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a few in a row, that one text has and the other has not: `added` is true where
    the later text has it. `effect` is how much nearer the two are without it, as a difference of
    cosines."""

    word: str
    added: bool
    effect: float


@dataclass(frozen=True, slots=True)
class Towards:
    """A style or subject that came nearer, and by how much, as a difference of cosines."""

    name: str
    change: float


@dataclass(frozen=True, slots=True)
class Tipping:
    """Where a text tips into another neighbourhood: on the straight line from its place before to
    its place after, the `share` of the way, 0…1, at which the neighbourhood is `into`. `word` is
    the one with which it is another when the added words come one by one; empty where words were
    not just added, or were many."""

    share: float
    into: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(BaseReply):
    """How a text moved from `before` to `after`.

    `cosine`, `similarity` and `percentile` are as in a comparison. `gained` and `lost` are entries
    that are near one text alone, `moved` those whose rank changed. `words` are what moved it, the
    strongest first; `towards` what it came nearer to, likewise. The neighbourhoods are named by
    the entries near each text, or by style and subject where none are. `tone` names the tone that
    was added (see `tones`), empty where none was; `tipping` is where one neighbourhood ended, None
    where it never did.
    """

    kind: Literal["shift"] = "shift"
    before: str
    after: str
    cosine: float
    similarity: float
    percentile: float
    gained: tuple[Mention, ...]
    lost: tuple[Mention, ...]
    moved: tuple[Moved, ...]
    words: tuple[Word, ...]
    from_neighbourhood: str
    to_neighbourhood: str
    towards: tuple[Towards, ...]
    tone: str = ""
    tipping: Tipping | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wander(BaseReply):
    """A walk from `query`: `stops` are entries, each with its similarity to the stop before, the
    first to the query. `breadth` is how far the stops lie apart, the mean of 1 - cosine over all
    pairs of them, 0…2. The same seed gives the same walk in one generation."""

    kind: Literal["wander"] = "wander"
    query: str
    temperature: float
    seed: int
    stops: tuple[Mention, ...]
    breadth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(BaseReply):
    """The odd one out: `scores` say how similar each of `items` is to the others in the mean,
    -1…1, and `odd` is the one with the lowest. `around` is the entry nearest to the others."""

    kind: Literal["odd"] = "odd"
    items: tuple[str, ...]
    scores: tuple[float, ...]
    odd: str
    around: Mention | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend(BaseReply):
    """The neighbours of a sum of texts, without those that were put in."""

    kind: Literal["blend"] = "blend"
    expression: str
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class ModelView:
    """A text and what is near it as one model sees them.

    `about` says what the model is. `neighbours` are the first ten entries, each with the model's
    own cosine of its nearest passage; none where the model knows no word of the text. `overlap` is
    the share of the first ten that the first model has too, 0…1, and `rank_correlation` how alike
    the two order all entries (Spearman), -1…1; None where nothing is ordered. The first model
    agrees with itself.
    """

    model: str
    about: str
    dimensions: int
    neighbours: tuple[Mention, ...]
    overlap: float
    rank_correlation: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models(BaseReply):
    """The neighbours of a text to several models; the first is that of the index.

    `sparse` is true where the map is empty; every model lists its nearest all the same. `overlap`
    and `rank_correlation` are those of the other models with the first, in the mean: of the first
    ten entries and of all entries.
    """

    kind: Literal["models"] = "models"
    query: str
    sparse: bool
    models: tuple[ModelView, ...]
    overlap: float
    rank_correlation: float | None


@dataclass(frozen=True, slots=True)
class Region:
    """A neighbourhood on a map: its name, how many of the map's entries are in it, and the most
    central of them, the most central first."""

    name: str
    size: int
    entries: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries and their similarity, -1…1."""

    a: Mention
    b: Mention
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class About(BaseReply):
    """What the space of a generation is like.

    `effective_dimensions` carry 90% of the variance of its passages. `neighbourhoods` are those of
    the map (see `index.map`), the largest first. `closest` are the pairs of
    entries that are most alike; `loneliest` the entries whose nearest is farthest, each with its
    similarity to that one. `distribution` counts how similar random pairs are: the share of pairs
    in each tenth from -1 to 1 that is not empty, as (from, share).
    """

    kind: Literal["about"] = "about"
    dimensions: int
    effective_dimensions: int
    entries: int
    passages: int
    neighbourhoods: tuple[Region, ...]
    closest: tuple[Pair, ...]
    loneliest: tuple[Mention, ...]
    distribution: tuple[tuple[float, float], ...]


Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Here:
    """Where a text is on the map: `x` and `y` are shares of its width and height, 0…1 from the
    left and from the bottom, a little more or less at the rim. `nearest` are the entries nearest to
    it in the space itself. A `sparse` text has nothing near it: it stands on pale ground, in no
    neighbourhood."""

    neighbourhood: str
    x: float
    y: float
    text: str
    sparse: bool
    nearest: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(BaseReply):
    """A map that was drawn.

    `image` is the file of the picture and `page` that of the page to explore, empty where there is
    none; `alt` is the picture in words. `places` are the texts that were put on it, and `here` is
    the first of them. `within` is the category or neighbourhood that it is limited to, empty for
    all. `neighbourhoods` are those on it, the largest first.
    """

    kind: Literal["map"] = "map"
    query: str
    within: str
    theme: Theme
    image: str
    page: str
    neighbourhoods: tuple[Region, ...]
    here: Here | None
    places: tuple[Here, ...]
    alt: str


Explored = Comparison | Shift | Path | Map | Wander | Odd | Blend | Models | About
