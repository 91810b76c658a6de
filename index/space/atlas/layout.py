"""Where each entry of a generation lies on the map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.courtesy import give_way
from index.space.atlas.crowd import settle
from index.space.atlas.trust import Trust
from index.space.atlas.unfolding import affinities, unfold
from index.space.graph import Graph

FEW = 4  # entries, up to which there is nothing to unfold
MOST = 600  # entries that are unfolded; of more, the most central ones
NEIGHBOURS = (12, 30)  # that an entry is to have, each tried in turn
STARTS = 24  # at most, of which the most trustworthy map is taken
ROUGH = 220  # steps of the unfolding, where that is only a beginning
WORK = 7 * 200**2  # pairs of entries in all starts together
PER_START = 10  # entries; twice as many allow four times the starts
EDGE = 0.04  # of the map, on each side, for what lies farther out than others
OUTER = 0.02  # share of entries on each side that lie farther out
ROOM = 8.0  # least distance of two entries on the map, for the number of entries
WIDEST = 0.03  # of the map; that distance where entries are few
PUSHES = 20
TRIED = 60  # places about one that is taken
GOLDEN_ANGLE = 2.399963  # radians; turns by it never point the same way twice
# Standard deviation of a map, for the root of its entries: of few that are unfolded, of many.
UNFOLDED, SETTLED = 0.5, 0.2


def lay_out(graph: Graph, begin: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """The places of the entries of `graph` on a map, `float32[e, 2]`, each 0…1 in both directions.

    The same graph gives the same map. `begin` (of the same shape, 0…1) is where they were before,
    and NaN for those that were not there: the map is then begun from that and turned so that it
    differs as little as can be.
    """
    centres = graph.centres
    if len(centres) <= FEW:
        places = _principal(centres)
    elif len(centres) <= MOST:
        places = _unfolded(centres, begin)
    else:
        places = _of_many(graph, begin)
    if begin is not None and np.isfinite(begin[:, 0]).sum() > FEW:
        return spread_apart(squeezed(turned(places, begin)))
    return spread_apart(squeezed(_lying(places)))


def _unfolded(
    centres: NDArray[np.float32], begin: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """The most trustworthy of a few maps, begun from several starts."""
    count = len(centres)
    starts = max(1, min(STARTS, WORK // count**2, (count // PER_START) ** 2))
    trust = Trust(centres)
    belong = [affinities(centres, wanted) for wanted in NEIGHBOURS[:starts]]
    if begin is not None:
        first = _scaled(_completed(centres, begin), UNFOLDED)
        maps = [unfold(affinity, first, gather=False) for affinity in belong]
        return max(maps, key=trust.of)
    random = np.random.default_rng(0)
    axes = _principal(centres)
    axes /= max(float(axes.std()), 1e-9)
    found: list[tuple[float, NDArray[np.float32]]] = []
    for number in range(starts):
        noise = random.standard_normal(axes.shape).astype(np.float32)
        start = 0.01 * (axes + (noise if number >= len(belong) else 1e-3 * noise))
        places = unfold(belong[number % len(belong)], start)
        found.append((trust.of(places), places))
    best = max(found, key=lambda pair: pair[0])[1]
    mended = unfold(belong[-1], _scaled(best, UNFOLDED), gather=False)
    return max(best, mended, key=trust.of)


def _of_many(graph: Graph, begin: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """The most central entries unfolded, the others among those nearest to them, and then all
    settled together."""
    centres = graph.centres
    if begin is not None:
        places = _scaled(_completed(centres, begin), SETTLED)
    else:
        chosen = _most_central(graph)
        known = np.full((len(centres), 2), np.nan, dtype=np.float32)
        known[chosen] = _skeleton(centres[chosen])
        places = _scaled(_completed(centres, known), SETTLED)
    return settle(graph, places, mend=begin is not None)


def _skeleton(centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """A map that others are settled about, in fewer steps than one that is looked at itself."""
    axes = _principal(centres)
    start = 0.01 * axes / max(float(axes.std()), 1e-9)
    return unfold(affinities(centres, NEIGHBOURS[0]), start, steps=ROUGH)


def _most_central(graph: Graph) -> NDArray[np.int64]:
    """`MOST` entries that many others have among their nearest, no two of them neighbours as long
    as there are others."""
    entries = len(graph.nearest)
    order = np.argsort(-np.bincount(graph.nearest.ravel(), minlength=entries), kind="stable")
    covered = np.zeros(entries, dtype=bool)
    chosen: list[int] = []
    beside: list[int] = []
    for number in order.tolist():
        (beside if covered[number] else chosen).append(number)
        if not covered[number]:
            covered[graph.nearest[number]] = True
    return np.array([*chosen, *beside][:MOST], dtype=np.int64)


def _completed(centres: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.float32]:
    """The places, those that are NaN put among the nearest ones that are known."""
    there = np.isfinite(known[:, 0])
    if there.all():
        return known
    places = known.copy()
    others = np.flatnonzero(~there)
    of_known = known[there]
    random = np.random.default_rng(1)
    for start in range(0, len(others), 500):
        part = others[start : start + 500]
        cosines = centres[part] @ centres[there].T
        count = min(5, len(of_known))
        near = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        close = np.take_along_axis(cosines, near, axis=1)
        weights = np.exp((close - close.max(axis=1, keepdims=True)) / 0.03)
        weights /= weights.sum(axis=1, keepdims=True)
        places[part] = (weights[:, :, None] * of_known[near]).sum(axis=1)
        give_way()
    noise = random.standard_normal((len(others), 2)).astype(np.float32)
    places[others] += noise * (0.2 * np.nanstd(known) / np.sqrt(len(centres)))
    return places


def _scaled(places: NDArray[np.float32], wanted: float) -> NDArray[np.float32]:
    """The same map at the scale at which it is moved: with the standard deviation `wanted` for the
    root of its entries."""
    centred = places - places.mean(axis=0)
    deviation = max(float(centred.std()), 1e-9)
    return np.asarray(centred * (wanted * np.sqrt(len(places)) / deviation), dtype=np.float32)


def _principal(centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """The two directions in which entries differ most, `float32[e, 2]`; zeros where they do
    not."""
    places = np.zeros((len(centres), 2), dtype=np.float32)
    if len(centres) < 2:
        return places
    centred = centres - centres.mean(axis=0)
    values, vectors = np.linalg.eigh((centred @ centred.T).astype(np.float64))
    for column, at in enumerate(range(len(values) - 1, max(len(values) - 3, -1), -1)):
        if values[at] > 1e-6:
            axis = vectors[:, at] * np.sqrt(values[at])
            places[:, column] = axis if axis[np.abs(axis).argmax()] > 0 else -axis
    return places


def _lying(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """The map turned so that it is as wide as can be."""
    centred = places - places.mean(axis=0) if len(places) else places
    _, vectors = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    turned = centred @ vectors[:, ::-1]
    for column in range(2):  # the same way round each time
        axis = turned[:, column]
        if len(axis) and axis[np.abs(axis).argmax()] < 0:
            turned[:, column] = -axis
    return np.asarray(turned, dtype=np.float32)


def turned(places: NDArray[np.float32], begin: NDArray[np.float32]) -> NDArray[np.float32]:
    """`places` turned and mirrored to differ least from `begin`, where that is known (Procrustes
    without a change of size)."""
    there = np.isfinite(begin[:, 0])
    middle = places[there].mean(axis=0)
    now, before = places[there] - middle, begin[there] - begin[there].mean(axis=0)
    left, _, right = np.linalg.svd((now.T @ before).astype(np.float64))
    return np.asarray((places - middle) @ (left @ right), dtype=np.float32)


def squeezed(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """The map in the square from 0 to 1: nearly all entries fill it up to its edge, where those lie
    that are farther out, in their order. One that has no extent lies in the middle."""
    result = np.full(places.shape, 0.5, dtype=np.float32)
    for column, axis in enumerate(places.T):
        if not len(axis) or np.ptp(axis) < 1e-9:
            continue
        low, high = np.quantile(axis, [OUTER, 1 - OUTER])
        if high - low < 1e-9:
            low, high = axis.min(), axis.max()
        inner = (axis - low) / (high - low)  # 0…1 for most
        outside = np.where(inner < 0, inner, np.where(inner > 1, inner - 1, 0))
        pressed = outside / (1 + np.abs(outside) / EDGE)  # up to the edge
        result[:, column] = EDGE + (1 - 2 * EDGE) * np.clip(inner, 0, 1) + pressed * 0.99
    return np.clip(result, 0, 1)


def least_distance(count: int) -> float:
    """How far apart two of `count` entries on the map should be."""
    return min(WIDEST, ROOM / max(count, 1))


def aside(place: NDArray[np.float32], taken: NDArray[np.float32]) -> NDArray[np.float32]:
    """The free place nearest to `place` (`float32[2]`) on the map, apart from those that are
    `taken` (`float32[e, 2]`); where all around is taken, the emptiest."""
    least = least_distance(len(taken))
    turns = np.arange(TRIED)
    radii, angles = least * np.sqrt(turns), turns * GOLDEN_ANGLE
    tried = place + np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    tried = np.clip(tried, 0, 1).astype(np.float32)
    reach = float(radii[-1]) + least
    around = taken[(np.abs(taken - place) <= reach).all(axis=1)]
    if not len(around):
        return np.asarray(tried[0])
    rooms = np.linalg.norm(tried[:, None] - around, axis=2).min(axis=1)
    free = np.flatnonzero(rooms >= 0.999 * least)
    return np.asarray(tried[free[0] if len(free) else rooms.argmax()], dtype=np.float32)


def spread_apart(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """The map with no two entries on top of one another."""
    from scipy.spatial import KDTree  # takes a while to import

    count = len(places)
    if count < 2:
        return places
    least = least_distance(count)
    result = places.astype(np.float64)
    for _ in range(PUSHES):
        pairs = KDTree(result).query_pairs(least, output_type="ndarray")
        if not len(pairs):
            break
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        one, other = pairs.T
        between = result[one] - result[other]
        length = np.linalg.norm(between, axis=1)
        same = length < 1e-9  # each such pair goes its own way
        angle = GOLDEN_ANGLE * (one[same] * 3 + other[same])
        between[same] = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        length = np.where(same, 1, length)
        push = between / length[:, None] * ((least - np.where(same, 0, length)) / 2)[:, None]
        for column in range(2):
            moved = np.bincount(one, push[:, column], count) - np.bincount(
                other, push[:, column], count
            )
            result[:, column] += moved
        np.clip(result, 0, 1, out=result)
        give_way()
    return np.asarray(result, dtype=np.float32)
