# ruff: noqa: E501  # a saved page has no short lines
"""Saved encyclopedia pages for the tests: one family, with other orders and furniture."""

GLUED = """Lanternwood
Products
Home › Encyclopedia › Latent SpaceLatent Space
Latent Space icon
Latest update: 26/04/30
DEFINITION
A latent space is the map on which a model lays out what it has learned, near things near each other.
What is latent space?
A model turns words into places. Words of one meaning are neighbours there, much as towns on a map are.
How it works
The model learns the places while it learns to guess words.
Why does it matter for your prompts?
A word from another corner of the map leads the answer into that corner.
Key takeaways
- Near means alike.
- Far means different.
Real-world example
A shop finds "raincoat" for "something against wet weather".
Related terms
Embedding: one place on the map, as numbers.
Cosine similarity - how near two places are.
FAQ
Is latent space a real place?
No, it is numbers only.
Can I look at it?
In part. A drawing shows two of its hundreds of directions.
What is latent space good for?
For finding what is alike.
References
Further reading
Back to ›
Share
Next: Latent Variable
Join 10,000 readers of our newsletter
Written by Jo Brandt, who is a writer from Ghent.
Jo has drawn maps for ten years.
"""

MARKDOWN = """[Home](/) / [Glossary](/g) / [Agents](/g/a) / Handover Note

# Handover Note: Definition & Examples

![note icon](/note.svg)

*Last updated: April 30, 2026*

Also known as: transfer memo, baton

## On this page

- [FAQ](#faq)
- [Definition](#definition)
- [How handover notes work](#how)

## FAQ

### **Who writes it?**

The agent that leaves. See [the guide](https://example.org/guide "Guide").

### What is a handover note *not*?

It is no transcript.

## Definition

A **handover note** tells the next agent what was promised[^1]. It is short &amp; dated.

## How handover notes work

1. The first agent stops.
2. It writes `goal`, `facts` and `promises`.

### A form for it

```text
Goal: {goal}
Done: nothing
```

| Field | Meaning |
| --- | --- |
| goal | what the customer wants |

## See also

- **Agent** - who writes it.
- [Memory](/m): what it replaces.
- Baton

## Sources & further reading

1. A. Person, *Passing it on*, 2023 <https://example.org/pass>
2. [Notes](https://example.org/notes)

[^1]: A promise is a promise.
"""

PLAIN = """RAG Handbook | A site
Retrieval-Augmented Generation (RAG)
Updated: 30.04.2026
By Ada Lund

In short

Retrieval-augmented generation, also known as grounded generation or open-book answering, lets a model
look things up before it answers. It was made for facts that change. Nothing in the model itself changes
by it, which makes it cheap, and what it looked up can be shown beside the answer for anyone to check it.
A third point is that texts can be taken out again at any time.

Common pitfalls

Old documents are found as readily as new ones, so an archive needs dates.

How does retrieval-augmented generation work?

A search finds passages; the model reads them; the answer follows.

People also ask

Q: Is it the same as a search engine?
A: No. A search engine stops at the list.

Q2. What does it cost?
A: Mostly the longer prompt.

Related concepts

Vector database
It holds the passages that are searched, in order of their meaning.
Chunking
It cuts documents into the passages that are then found.

Sources

[1] Lewis, "Retrieval-Augmented Generation", 2020
https://example.org/rag
[2] None of this is private, 2021

You might also like
Prompt chaining
Terms | Privacy
"""

ACCORDION = """<html><head><title>Tone Dial - Lanternwood</title></head><body>
<div class="topbar"><a href="/">Home</a> <a href="/x">Courses</a></div>
<div class="breadcrumbs"><a href="/">Home</a> » <a href="/s">Style</a> » <span>Tone Dial</span></div>
<h1>Tone Dial<!-- ko --></h1><div>Latest update: 2026-04-30</div>
<div class="sr-only">Hidden words</div><span aria-hidden="true">decor</span>
<p>A tone dial is a made-up knob that sets how warm an answer sounds.</p>
<h2>How tone dials work</h2><p>One number.<br>From 0 to 10.</p><pre>warm = 7
cold = 2</pre>
<table><tr><th>Value</th><th>Sound</th></tr><tr><td>0</td><td>a form letter</td></tr></table>
<h3>Fine steps</h3><p>Half steps exist.</p>
<h2>Related Concepts</h2><dl><dt>Persona</dt><dd>who speaks</dd><dt>Register</dt><dd>how formally</dd></dl>
<h2>Common questions</h2>
<dl><dt>Is it real?</dt><dd>No.</dd><dd>Not at all.</dd><dt>Why ask?</dt><dd>To test &lt;b&gt;pages&lt;/b&gt;.</dd></dl>
<h2>Real-life example</h2><p>A bank set it to 3.</p>
<script>var x = "<p>no</p>";</script><noscript>Enable scripts</noscript>
<div class="author-box"><h4>Written by Kim Aldous</h4><p>Kim Aldous is an editor.</p></div>
<div>© 2026</div><div>Everything else</div></body></html>"""

BOLD = """# What is a Prompt Shelf?

**Category:** Writing
**Latest update:** 30 Apr 2026

**Definition**

A prompt shelf is a list of prompts that a team keeps and dates.

**Why prompt shelves matter**

People stop writing the same prompt twice.

**Example: The bakery**

A bakery kept its three best prompts on a card.

**Frequently asked questions**

**How does it work?**
By habit.

**Is one shelf enough?**
Mostly. Would two be better? Only for two teams.

**Related Terms**

Prompt library, Template, Version control
"""

TEMPERATURE = """Prompt Academy
🏠 Home › 📚 Encyclopedia › TemperatureTemperature
brain icon
Latest update: 26/11/03
‹ Back to Encyclopedia
📌 Definition
Temperature is a setting (also known as "randomness" or creativity dial) that decides how boldly a model picks its next word.
🤔 What Is Temperature?
Think of a jukebox. At zero it plays the hit each time.

High values

At high values it plays the B-sides too, which is fun until it isn't.
⚙️ How Does It Work?
The model divides its scores by the temperature. Example: 0.2 makes a peak.
1. Scores are divided.
2. Softmax follows.
🎯 Why It Matters in Prompting
- Facts: low
- Ideas: high
Next: lower it for facts.
🌍 Real-World Example
A shop asked for names at 1.2.
"Loaf & Order" won.
🔗 Related Terms
- Top-p sampling – another way to limit the choice
- Token – what is chosen
- What is a seed? – why runs differ
❓ Frequently Asked Questions
What is a good temperature?
0.7 for prose.
Is 0 deterministic?
Nearly. Why not fully? Because hardware adds in varying order.
How does temperature affect cost?
It does not.
📖 References
• Holtzman et al. (2020). The Curious Case of Neural Text Degeneration. https://arxiv.org/abs/1904.09751
📚 Further Reading
OpenAI, "API reference", https://platform.openai.com/docs/api-reference
✍️ Author
Lena Fox
Lena Fox is a prompt engineer with ten years in publishing.
Share this entry
Next: Token
Was this page helpful?
Yes / No
Sign up for our newsletter
Your email address
© Prompt Academy 2026
"""

INLINE = """Latest update: 2026-04-30
Chain-of-Thought Prompting (CoT)
Written by Sam Reed is a teacher who likes logic.
He lives in Leeds.
Definition: Chain-of-thought prompting asks a model to write its steps before its answer, so that each step can lean on the last.
How it works
The model writes each step as text; later words can then build on earlier ones.
Frequently Asked Questions (FAQ)
Q1: Does it always help?
A1: No, short lookups gain nothing.
Q2: Is it slow?
A2: Yes, it writes more.
Related terms: Few-shot prompting, Zero-shot prompting, Reasoning model
"""

DIVS = """<html><head><meta property="article:modified_time" content="2026-03-01T00:00:00Z"><title>Token | X</title></head><body>
<div id="header">Logo here</div><div class="nav"><a href=/>Home</a> | <a href=/b>Blog</a></div>
<p>Home &rsaquo; Encyclopedia &rsaquo; Token</p><h1><img alt="coin icon"> Token</h1>
<div><b>Definition</b></div><div>A token is a piece of text, often part of a word, that a model reads as one unit.</div>
<div><b>What is a token?</b></div><div>Think of Lego. <code>un</code>+<code>believ</code>+<code>able</code>.</div>
<div><b>Related Terms</b></div><ul><li><a href="/v">Vocabulary – the set of all tokens</a></li><li>Tokenizer</li></ul>
<div class="faq"><b>Frequently Asked Questions</b><div class="item"><p><strong>1. How long is a token?</strong></p><p>Four letters.</p></div>
<div class="item"><p><strong>2. Do images have tokens?</strong></p><p>Yes.</p></div></div>
<p>References</p><ol><li>Sennrich (2016) <a href="https://arxiv.org/abs/1508.07909">BPE</a></li></ol>
<p>Share on LinkedIn</p><p>Back to &rsaquo;</p></body></html>"""
