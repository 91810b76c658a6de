"""An alias is a synonym: not another page's subject, and not another thing.

Words that are no alias of a page remain ways to ask for it, so that nobody's word is lost.
"""

import pytest

from index.entry import Entry
from index.inflections import plurals, singulars
from index.names import name_key
from index.sources.loader import read_sources

# Names of another thing than the page's subject: the object of a field, a method of a family, a
# part of a measure, a kind, a rival.
OTHER_THINGS = {
    "activation-function": ["activation"],
    "activation-steering": ["activation addition", "contrastive activation addition"],
    "adversarial-example": ["adversarial perturbation"],
    "agent-handoff": ["escalation to a human"],
    "agent-orchestration": ["orchestrator-worker pattern"],
    "agent-planning": ["plan-and-execute", "plan mode"],
    "agent-reflection": ["Reflexion"],
    "alignment-faking": ["deceptive alignment"],
    "best-of-n-sampling": ["rejection sampling"],
    "chain-of-thought": ["zero-shot CoT"],
    "data-poisoning": ["backdoor attack", "knowledge poisoning"],
    "data-privacy": ["personal data", "PII", "personally identifiable information"],
    "decoder": ["decoder-only model"],
    "delimiters": ["XML tags", "XML prompting"],
    "diffusion-model": ["DDPM", "score-based generative model"],
    "encoder": ["encoder-only model", "bidirectional encoder"],
    "extended-thinking": ["adaptive thinking"],
    "few-shot-prompting": ["one-shot prompting"],
    "foundation-model": ["pretrained base model"],
    "generative-ai": ["generative model"],
    "inference": ["model serving"],
    "information-extraction": ["entity extraction", "named entity recognition", "NER"],
    "interpretability": ["mechanistic interpretability"],
    "jailbreak": ["DAN prompt"],
    "knowledge-cutoff": ["training data cutoff"],
    "large-language-model": ["GPT", "generative pre-trained transformer"],
    "latency": ["time to first token", "TTFT"],
    "learning-rate": ["learning rate schedule"],
    "model-card": ["system card"],
    "natural-language-processing": ["natural language understanding"],
    "neural-network": ["deep neural network", "DNN"],
    "optical-character-recognition": ["handwriting recognition", "HTR"],
    "parameter-efficient-fine-tuning": ["adapter tuning"],
    "parameters": ["parameter count"],
    "precision-and-recall": ["F1 score", "F1"],
    "prompt-optimization": ["APE"],
    "quantization": ["post-training quantization", "4-bit quantization"],
    "query-rewriting": ["query expansion"],
    "refusal": ["over-refusal", "false refusal"],
    "reinforcement-learning": ["deep reinforcement learning"],
    "repetition-penalty": ["frequency penalty", "presence penalty"],
    "scaling-laws": ["Chinchilla scaling", "compute-optimal training"],
    "self-consistency": ["majority voting"],
    "streaming": ["server-sent events", "SSE"],
    "task-decomposition": ["decomposed prompting"],
    "text-classification": ["intent classification"],
}
# Names of the page's subject itself.
SYNONYMS = {
    "adversarial-example": ["adversarial attack"],
    "anthropomorphism": ["ELIZA effect"],
    "attention-mechanism": ["self-attention", "scaled dot-product attention"],
    "generative-adversarial-network": ["adversarial network"],
    "gradient-descent": ["stochastic gradient descent", "SGD"],
    "program-of-thought": ["program-aided language model", "PAL"],
    "prompt-injection": ["indirect prompt injection"],
    "prompt-optimization": ["automatic prompt engineering"],
    "self-refinement": ["Self-Refine"],
    "sentence-transformer": ["bi-encoder", "dual encoder"],
}


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    return {entry.id: entry for entry in read_sources().entries}


def test_a_name_of_another_thing_is_no_alias(entries: dict[str, Entry]) -> None:
    wrong = {
        entry_id: [name for name in names if name in entries[entry_id].aliases]
        for entry_id, names in OTHER_THINGS.items()
    }
    assert {entry_id: names for entry_id, names in wrong.items() if names} == {}


def test_another_name_of_the_subject_is_an_alias(entries: dict[str, Entry]) -> None:
    missing = [
        name
        for entry_id, names in SYNONYMS.items()
        for name in names
        if name not in entries[entry_id].aliases
    ]
    assert missing == []


def test_a_name_of_another_thing_remains_a_way_to_ask_or_a_page(entries: dict[str, Entry]) -> None:
    terms = {name_key(entry.term) for entry in entries.values()}
    lost = [
        name
        for entry_id, names in OTHER_THINGS.items()
        for name in names
        if name not in entries[entry_id].search_phrases and name_key(name) not in terms
    ]
    assert lost == []


def test_no_alias_is_an_inflected_name_of_another_page(entries: dict[str, Entry]) -> None:
    assert aliases_of_others(list(entries.values())) == []


def test_an_inflected_name_of_another_page_is_listed() -> None:
    pages = [
        Entry("buoy", "Buoy", "A float.", aliases=("anchors",)),
        Entry("anchor", "Anchor", "An iron.", aliases=("anchors",)),
    ]
    assert aliases_of_others(pages) == [("buoy", "anchors", "anchor")]


def aliases_of_others(pages: list[Entry]) -> list[tuple[str, str, str]]:
    """Return the aliases whose plural or singular is the term of another page: the id of the page,
    the alias, and the id of the other page."""
    subjects = {name_key(page.term): page.id for page in pages}
    return [
        (page.id, alias, subjects[form])
        for page in pages
        for alias in page.aliases
        for form in _forms(name_key(alias))
        if subjects.get(form, page.id) != page.id
    ]


def _forms(key: str) -> tuple[str, ...]:
    return (key, *singulars(key), *plurals(key))
