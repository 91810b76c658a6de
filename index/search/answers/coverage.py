"""Decide whether an entry covers a question, or only shares a subject with it.

Three signals are added up: the evidence that the index covers the rest of the question without the
names of entries, the cosine of the nearest passage, and the BM25 score of the entry. "Who owns the
vector database?" has no evidence without the name. A question about a person, a moment, an
organization or a choice needs more. The weights were fitted to 628 answerable questions and 432
others, and are on a plateau.
"""

import math
import re

from index.search.abstention import evidence_of
from index.search.answers.context import QuestionContext
from index.search.ranking import Candidate

EVIDENCE_WEIGHT, COSINE_WEIGHT = 1.5, 2.5
# Times the square root of the logarithm of the number of passages, like the largest cosine of
# random ones.
MIN_COVERAGE = 0.585
PERSON_OR_MOMENT_MARGIN, OURS_OR_CHOICE_MARGIN = 0.7, 0.4
_PERSON_OR_MOMENT = re.compile(
    r"\b(?:whos?|whose|yet|already|still|so far|today|now|yesterday|tomorrow|tonight|"
    r"(?:last|this|next) (?:morning|week|weekend|month|quarter|sprint|year|spring|summer|autumn|"
    r"winter|(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b",
    re.IGNORECASE,
)
_OURS_OR_CHOICE = re.compile(r"\b(?:ours?|which)\b", re.IGNORECASE)


def is_covered(context: QuestionContext, question: str, candidate: Candidate) -> bool:
    """Return whether the entry of `candidate` covers `question`."""
    generation = context.generation
    rest = evidence_of(generation, context.point(context.without_names(question)))
    words = generation.words.scores(generation.corrected(question))
    # In units of a word that one entry contains.
    matched = words[generation.number_of[candidate.entry_id]] / math.log1p(len(words))
    found = EVIDENCE_WEIGHT * rest + COSINE_WEIGHT * candidate.cosine + matched
    needed = MIN_COVERAGE * math.sqrt(math.log(len(generation.passages)))
    if _PERSON_OR_MOMENT.search(question):
        needed += PERSON_OR_MOMENT_MARGIN
    elif _OURS_OR_CHOICE.search(question):
        needed += OURS_OR_CHOICE_MARGIN
    return bool(found >= needed)
