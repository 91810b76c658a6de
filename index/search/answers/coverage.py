"""Decide whether an entry covers a question, or only shares a subject with it.

Three signals are added up: the evidence that the index covers the rest of the question without the
names of entries, the cosine of the nearest passage, and the BM25 score of the entry. The weights
were fitted to 628 answerable questions and 432 others, and are on a plateau.
"""

import math

from index.search.abstention import evidence_of
from index.search.answers.context import QuestionContext
from index.search.ranking import Candidate

EVIDENCE_WEIGHT, COSINE_WEIGHT = 1.5, 2.5
MAX_WORDS = 1.5  # of the BM25 score, in units of a word that one entry contains
# Times the square root of the logarithm of the number of passages, like the largest cosine of
# random ones.
MIN_COVERAGE = 0.55


def is_covered(context: QuestionContext, question: str, candidate: Candidate) -> bool:
    """Return whether the entry of `candidate` covers `question`. The weights were fitted to the
    bundled encyclopedia, so an own entry always does, if its source covers the question."""
    generation = context.generation
    number = generation.number_of[candidate.entry_id]
    if not generation.bundled[number]:
        return True
    text = generation.corrected(question)
    rest = evidence_of(generation, context.point(context.without_names(text)))
    words = generation.words.scores(text)
    matched = min(MAX_WORDS, words[number] / math.log1p(len(words)))
    found = EVIDENCE_WEIGHT * rest + COSINE_WEIGHT * candidate.cosine + matched
    return bool(found >= MIN_COVERAGE * math.sqrt(math.log(len(generation.passages))))
