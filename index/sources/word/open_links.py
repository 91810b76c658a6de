"""Follow the links of a Word document: their elements, and the field codes of references."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.text import one_line

_LONGEST_CODE = 500  # characters

Part = tuple[str, bool]
"""A text of a paragraph, and whether it is bold."""


@dataclass(slots=True)
class _Link:
    anchor: str = ""
    start: int = 0  # the part of the paragraph at which its text starts
    code: str = ""
    shown: bool = False  # whether the code of the field has ended


@dataclass(slots=True)
class OpenLinks:
    """The links and fields that are open, and the ended `links` of the open paragraph or row, as
    anchors and texts. An anchor is empty if a link does not lead to a bookmark."""

    links: list[tuple[str, str]] = field(default_factory=list)
    _elements: list[_Link] = field(default_factory=list)
    _fields: list[_Link] = field(default_factory=list)

    def start(self, attributes: dict[str, str], parts: Sequence[Part]) -> None:
        """Take the start of a link (`hyperlink`) or a field (`fldSimple`)."""
        is_within = "id" not in attributes  # else to an address or another document
        anchor = attributes.get("anchor", "") or _anchor_of(attributes.get("instr", ""))
        self._elements.append(_Link(anchor if is_within else "", len(parts)))

    def end(self, parts: Sequence[Part]) -> None:
        """Take the end of a link or a field."""
        self._add(self._elements.pop(), parts)

    def add_code(self, text: str) -> None:
        """Add to the code of the innermost field, which Word may split."""
        if self._fields and not self._fields[-1].shown:
            self._fields[-1].code += text[: _LONGEST_CODE - len(self._fields[-1].code)]

    def take_mark(self, kind: str, parts: Sequence[Part]) -> None:
        """Take a mark of a field: its "begin", the "separate" before its text, or its "end"."""
        if kind == "begin":
            self._fields.append(_Link())
        elif self._fields and kind == "separate":
            opened = self._fields[-1]
            opened.anchor, opened.start, opened.shown = _anchor_of(opened.code), len(parts), True
        elif self._fields and kind == "end":
            self._add(self._fields.pop(), parts)

    def _add(self, link: _Link, parts: Sequence[Part]) -> None:
        text = one_line("".join(part for part, _ in parts[link.start :]))
        if link.anchor:
            self.links.append((link.anchor, text))


def _anchor_of(code: str) -> str:
    """Return the bookmark to which the code of a field refers, such as `REF _Ref12 \\h`."""
    kind, *rest = code[:_LONGEST_CODE].split() or [""]
    if kind.upper() == "HYPERLINK" and rest[:1] == ["\\l"]:
        rest = rest[1:]
    elif kind.upper() != "REF":
        return ""
    return rest[0].strip('"') if rest else ""
