from __future__ import annotations

import pytest

from index.sources.files import RefusedError
from index.sources.markdown_blocks import blocks_of, plain_line, plain_markdown


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("*a* **b** __c__ ~~d~~ `e`", "a b c d e"),
        ("[a](x) [b][r] [c] <https://d.example>\n\n[r]: y\n[c]: z", "a b c https://d.example"),
        ("[a](javascript:alert(1)) [b](no address) [c][none]", "a b c"),
        ("![alone](x.png)", ""),
        ("an ![icon](x.png) inside", "an icon inside"),
        ("[![badge](x)](y)", ""),
        ("a[^1] b[^none]\n\n[^1]: note", "a b"),
        ("[[Loom|looms]] and [[Warp#x]] ![[x.png]]", "looms and Warp"),
        ("a&nbsp;&amp;amp; b &lt;i&gt;", "a & b <i>"),
        ("<p>one</p>\n<div>\n\n**two**\n\n</div>", "one\n\ntwo"),
        ("    <ul>\n        <li>one</li>\n    </ul>", "- one"),
        ("a<br>b <kbd>c</kbd>", "a\n\nb c"),
        ("- a\n- b\n  - c\n\nd", "- a\n- b\n  - c\n\nd"),
        ("- [ ] a\n- [x] b", "- a\n- b"),
        ("```js\nx = {{a: 1}}\n```", "x ="),
        ("```\nf(a, b)\n  g\n```", "f(a, b)\n  g"),
        ("|A|B|\n|-|-|\n|1|2|", "- A: 1; B: 2"),
        ("> [!NOTE]\n> quoted", "quoted"),
        ("unbalanced:** and 2 ** 3", "unbalanced: and 2 ** 3"),
        ("the {term}`warp <warp-thread>` here", "the warp here"),
        ("a\u202eb\x00c", "ab\ufffdc"),
        ('[b]({{< ref "a b.md" >}}) [c]\n\n[c]: {{ x }}', "b c"),
        ("::: info\nkept\n:::", "kept"),
        ('[b](x){:target="_blank"}', "b"),
    ],
)
def test_markdown_becomes_plain_text(markdown: str, expected: str) -> None:
    assert plain_markdown(markdown) == expected


def test_a_name_is_one_line() -> None:
    assert plain_line("**a**\n\n`b`") == "a b"


def test_bold_lines_of_one_paragraph_are_blocks_of_their_own() -> None:
    blocks = blocks_of("**A**: x\n**B**: y *z*")
    assert [(block.lead, block.rest, block.line) for block in blocks] == [
        ("A", ": x", 1),
        ("B", ": y z", 2),
    ]


def test_marks_without_end_are_refused() -> None:
    with pytest.raises(RefusedError):
        plain_markdown(("[" * 20_000 + "\n\n") * 10)
