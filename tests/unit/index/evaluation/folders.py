"""Write a small BEIR folder: five documents about bread, and six queries."""

import json
from pathlib import Path

_DOCUMENTS = (
    ("sour", "Sourdough", "Bread raised by wild yeast. A starter of flour and water ferments."),
    ("rye", "Rye bread", "A dark loaf of rye flour that keeps for a week."),
    ("oven", "Stone oven", "Bakers heat the floor with wood, then bake on the hot bricks."),
    ("salt", "Salt", "It slows the yeast and tightens gluten."),
    ("note", "", "Kneading by hand takes ten minutes until the dough is smooth."),
)
_QUERIES = (
    ("q1", "a starter of flour and water"),
    ("q2", "dark loaf that keeps"),
    ("q3", "hot bricks heated with wood"),
    ("q4", "Salt"),
    ("q5", "how long is dough kneaded by hand"),
    ("q6", "nobody judged this one"),
)
_GRADES = (
    ("q1", "sour", 2),
    ("q1", "rye", 1),
    ("q1", "oven", 0),
    ("q2", "rye", 1),
    ("q3", "oven", 3),
    ("q4", "salt", 1),
    ("q5", "note", 1),
)

FILES = {
    "corpus.jsonl": "".join(
        json.dumps({"_id": name, "title": title, "text": text}) + "\n"
        for name, title, text in _DOCUMENTS
    ),
    "queries.jsonl": "".join(
        json.dumps({"_id": name, "text": text}) + "\n" for name, text in _QUERIES
    ),
    "qrels.tsv": "query-id\tcorpus-id\tscore\n"
    + "".join(f"{query}\t{document}\t{grade}\n" for query, document, grade in _GRADES),
}


def write_bakery(folder: Path, **changed: str | bytes | None) -> Path:
    """Write the bakery into `folder`; `changed` replaces files by stem, and None leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        given = changed.get(name.partition(".")[0], content)
        if given is not None:
            (folder / name).write_bytes(given if isinstance(given, bytes) else given.encode())
    return folder
