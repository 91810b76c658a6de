"""Decide whether an entry covers a question, or only shares a subject with it.

Three signals are added up: the evidence that the index covers the rest of the question without the
names of entries, the cosine of the nearest passage, and the BM25 score of the entry. "Who owns the
vector database?" has no evidence without the name. A question about an organization, a person, a
choice or a moment needs more. The weights were fitted to 370 answerable questions and 280 others,
and are on a plateau.
"""

import math
import re

from index.search.abstention import evidence_of
from index.search.answers.context import QuestionContext
from index.search.ranking import Candidate

EVIDENCE_WEIGHT, COSINE_WEIGHT = 1.5, 2.5
WORLD_PENALTY = 0.6
# Times the square root of the logarithm of the number of passages, like the largest cosine of
# random ones.
MIN_COVERAGE = 0.61
_WORLD = re.compile(
    r"\b(?:ours?|whos?|whose|which|yet|already|still|so far|today|now|yesterday|tomorrow|"
    r"tonight|(?:last|this|next) (?:morning|week|weekend|month|quarter|sprint|year|spring|summer|"
    r"autumn|winter|(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b",
    re.IGNORECASE,
)


def is_covered(context: QuestionContext, question: str, candidate: Candidate) -> bool:
    """Return whether the entry of `candidate` covers `question`."""
    generation = context.generation
    rest = evidence_of(generation, context.point(context.without_names(question)))
    words = generation.words.scores(generation.corrected(question))
    # In units of a word that one entry contains.
    matched = words[generation.number_of[candidate.entry_id]] / math.log1p(len(words))
    found = EVIDENCE_WEIGHT * rest + COSINE_WEIGHT * candidate.cosine + matched
    needed = MIN_COVERAGE * math.sqrt(math.log(len(generation.passages)))
    return bool(found >= needed + (WORLD_PENALTY if _WORLD.search(question) else 0))
