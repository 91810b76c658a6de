"""Reply types for explorations. Field names are a public contract (docs/reference/json.md)."""

from dataclasses import dataclass
from typing import Literal

from index.entry import Mention
from index.reply import BaseReply
from index.search.similarity import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(BaseReply):
    """A comparison of texts. `cosine` is -1…1, the displayed `similarity` 0…1, and `percentile`
    (0…100) the share of random pairs with a lower cosine. `shared` are the entries near both
    texts, and `between` is the entry nearest to the midpoint. For more than two texts, `items` are
    the texts and `matrix` their similarities; the other fields describe the most similar pair."""

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
    """An entry on a path, with its similarity to the previous entry, if any."""

    id: str
    term: str
    category: str
    similarity: float | None
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(BaseReply):
    """A path from `a` to `b` through neighbouring entries. `weakest` is the index of the hop with
    the lowest similarity, or None for a single hop. `straight` are the entries nearest to the
    straight line from `a` to `b`."""

    kind: Literal["path"] = "path"
    a: str
    b: str
    hops: tuple[Hop, ...]
    straight: tuple[Mention, ...]
    weakest: int | None


@dataclass(frozen=True, slots=True)
class RankChange:
    """An entry near both texts of a shift, with its rank for each text, from 1."""

    id: str
    term: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word that only one of two texts contains. `added` is true if it is in the later text.
    `effect` is the gain in cosine between the texts when the word is left out."""

    word: str
    added: bool
    effect: float


@dataclass(frozen=True, slots=True)
class LandmarkGain:
    """A landmark of style or subject that a shift approaches, and the gain in cosine."""

    name: str
    change: float


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """The point at which a shift enters another neighbourhood, `into`. `share` (0…1) is the
    fraction of the straight line before that point. `word` is the added word that changes the
    neighbourhood, or empty unless the shift only appends a few words."""

    share: float
    into: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(BaseReply):
    """The shift of a text from `before` to `after`. `gained` and `lost` are the entries near only
    one of the texts, and `moved` those with a new rank. `words` are the changed words, strongest
    effect first, and `towards` the landmarks that became nearer. A neighbourhood is a category of
    entries, or a landmark of style or subject. `tone` is the added tone (see `tones`), if any."""

    kind: Literal["shift"] = "shift"
    before: str
    after: str
    cosine: float
    similarity: float
    percentile: float
    gained: tuple[Mention, ...]
    lost: tuple[Mention, ...]
    moved: tuple[RankChange, ...]
    words: tuple[Word, ...]
    from_neighbourhood: str
    to_neighbourhood: str
    towards: tuple[LandmarkGain, ...]
    tone: str = ""
    tipping: TippingPoint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomWalk(BaseReply):
    """A random walk from `query`, determined by a seed and a generation. Each of `stops` has its
    similarity to the previous stop, the first one to the query. `breadth` is the mean of 1 - cosine
    over all pairs of stops, 0…2."""

    kind: Literal["wander"] = "wander"
    query: str
    temperature: float
    seed: int
    stops: tuple[Mention, ...]
    breadth: float


@dataclass(frozen=True, slots=True)
class ModelView:
    """The ten entries nearest to a text for one model, each with the cosine of its nearest passage.
    There are none if the model knows no word in the text. `overlap` (0…1) is the share of the first
    model's entries that this model finds too. `rank_correlation` (-1…1) is Spearman's correlation
    with the first model over all entries, or None if a model ranks all entries equally."""

    model: str
    about: str
    dimensions: int
    neighbours: tuple[Mention, ...]
    overlap: float
    rank_correlation: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models(BaseReply):
    """The entries nearest to a text for several models, the index's own model first. `sparse` is
    true if the text is out of domain. `overlap` and `rank_correlation` are the means over the other
    models."""

    kind: Literal["models"] = "models"
    query: str
    sparse: bool
    models: tuple[ModelView, ...]
    overlap: float
    rank_correlation: float | None


@dataclass(frozen=True, slots=True)
class Region:
    """A neighbourhood on a map, with its number of entries and its most central entries."""

    name: str
    size: int
    entries: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries and their similarity, 0…1."""

    a: Mention
    b: Mention
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class About(BaseReply):
    """Statistics of the embedding space of a generation. `effective_dimensions` is the number of
    principal components that explain 90% of the variance of the passages. `loneliest` are the
    entries least similar to their nearest entry. `distribution` is a histogram of the cosines
    between random pairs, as (lower edge, share) of its non-empty bins, each 0.1 wide."""

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
class TextPosition:
    """The position of a text on the map: `x` and `y` are fractions of the width and height from the
    left and the bottom, slightly outside 0…1 at the margin. `nearest` are the nearest entries in
    the embedding space. A `sparse` text is out of domain and has no neighbourhood."""

    neighbourhood: str
    x: float
    y: float
    text: str
    sparse: bool
    nearest: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(BaseReply):
    """A rendered map. `image` and `page` are the paths of the image and the interactive page; both
    may be empty. `alt` is the alternative text for the image. `places` are the texts on the map,
    and `here` is the first of them. `within` is the category or neighbourhood that limits the map,
    or empty."""

    kind: Literal["map"] = "map"
    query: str
    within: str
    theme: Theme
    image: str
    page: str
    neighbourhoods: tuple[Region, ...]
    here: TextPosition | None
    places: tuple[TextPosition, ...]
    alt: str


Explored = Comparison | Shift | Path | Map | RandomWalk | Models | About
