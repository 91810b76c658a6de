"""Tables of the results."""

from rich.console import RenderableType

from index.evaluation.report import best_in_bold, missing, render, report_of, table_of
from index.text import one_line
from tests.benchmarks.beir.answers import AnswersBench
from tests.benchmarks.beir.search import MethodComparison, SearchBench

COLUMNS = {
    "ndcg_at_10": "nDCG@10",
    "hit_at_1": "hit@1",
    "recall_at_10": "recall@10",
    "mrr_at_10": "MRR@10",
}


@render.register
def _(bench: SearchBench) -> RenderableType:
    table = table_of("method", *COLUMNS.values(), "ms/query")
    columns = ([float(getattr(one, name)) for one in bench.methods] for name in COLUMNS)
    for measured, *cells in zip(bench.methods, *map(best_in_bold, columns), strict=True):
        table.add_row(measured.method, *cells, f"{measured.milliseconds:.1f}")
    left_out = f" ({bench.unjudged:,} without judgements left out)" if bench.unjudged else ""
    return report_of(
        f"Retrieval on {bench.data}: {bench.queries:,} queries{left_out}, "
        f"{bench.documents:,} documents split into {bench.passages:,} passages",
        [table],
        [_verdict(bench.comparison), *missing(bench.left_out)],
        f"{bench.model} · median times, including the embedding of the query",
    )


def _verdict(comparison: MethodComparison) -> str:
    ratio = "" if comparison.ratio is None else f", {comparison.ratio:.3f} times as high"
    if comparison.low > 0:
        meaning = "Significantly better."
    elif comparison.high < 0:
        meaning = "Significantly worse."
    else:
        meaning = "The difference is not significant."
    return (
        f"nDCG@10 of nearsay minus that of {comparison.peer}, the best baseline: "
        f"{_signed(comparison.difference)} (95% {_signed(comparison.low)} to "
        f"{_signed(comparison.high)}){ratio}. {meaning}"
    )


def _signed(value: float) -> str:
    return f"{round(value, 3) or 0:+.3f}".replace("-", "−")


@render.register
def _(bench: AnswersBench) -> RenderableType:
    table = table_of("set", "documents", "queries", "search first", "cited first", "declined")
    for one in bench.sets:
        counts = (one.search_first, one.cited_first, one.declined)
        shares = (f"{count:,} ({count / one.queries:.1%})" for count in counts)
        table.add_row(one_line(one.data), f"{one.documents:,}", f"{one.queries:,}", *shares)
    note = "search first: the queries for which /near finds a right entry first in the same index"
    return report_of(
        "Answers: queries whose right entry is cited first", [table], [note], bench.model
    )
