"""Cleaning of untrusted text for storage, comparison and display."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

# Zero-width joiner and non-joiner hold emoji and letters together; other format characters
# (bidirectional overrides, zero-width spaces, tags) only hide or reorder text.
_KEPT_FORMAT = {"\u200d", "\u200c"}
# Characters to strip from the ends of a text: whitespace and joiners.
_ENDS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
_ENDS += "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000" + "\u200c\u200d"
_PARAGRAPH_END = re.compile(r"(?<![:\s])[^\S\n]*\n\s*\n")
_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
# Invisible letters, marks and blanks; variation selectors other than the two used by emoji.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0d\uffa0"
    "\U000e0100-\U000e01ef]"
)
_JOINERS = re.compile("[\u200c\u200d\ufe0e\ufe0f]+")
_KEYCAPS = "#*0123456789"
_EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")
_BLANKS = re.compile(r"[^\S\n]{40,}")
_LINK = re.compile(
    r"(?:(?:https?|mailto):[/\\]*|\b[a-z][a-z0-9+.-]{0,30}:[/\\]{2,}"
    r"|(?<![\w:/\\])[/\\]{2}(?=[^\s/\\]+\.)|(?<![\w.@-])(?=www\.))(?=([^\s/\\?#<>\"]+))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>|\"]{1,2000}")
_NOT_OF_A_HOST = re.compile(r"[()\]{}'|`*,;!&$+=~^]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?\w)|[。！？][”’」』）]*|\n\s*\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:No|St|Co|(?i:e\.g|i\.e|etc|vs|cf|approx|ca|fig|dr|mrs?|ms|prof|inc|ltd|incl|esp|al|"
    r"resp))|(?<!\w)[A-Z])\.$"
)
_WORD = re.compile(r"[^\W_]+(?:['’+#&/.-][^\W_]+)*(?:\+\+|#)?")


def clean(text: str) -> str:
    """Remove control characters (NUL, escape, …), lone surrogates, unassigned characters, and
    format characters other than joiners from `text`.

    A line break becomes a newline, a tab becomes a space, and the ends are stripped. Idempotent.
    """
    # Fast path for most texts; the rest of the function takes ten times as long.
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text.strip(_ENDS)
    text = _LINE_BREAKS.sub("\n", text)
    kept = (
        " " if character == "\t" else character
        for character in text
        if character in "\n\t"
        or character in _KEPT_FORMAT
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn")
    )
    return "".join(kept).strip(_ENDS)


def one_line(text: str) -> str:
    """Clean `text` and collapse every run of whitespace to one space."""
    return " ".join(clean(text).split())


def normalized(text: str) -> str:
    """Return `text` in NFKC, in which it is embedded. One character may become 18."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def paragraphs(text: str) -> list[str]:
    """Split a text into paragraphs. What follows a colon belongs to its paragraph."""
    return [part for part in _PARAGRAPH_END.split(text) if part.strip()] or [text]


def visible(text: str) -> str:
    """Clean `text` and remove invisible characters: fillers, most variation selectors, and joiners
    outside emoji. Consecutive empty lines become one, and 40 or more blanks become one space."""
    text = _JOINERS.sub(_joiner, _UNSEEN.sub("", clean(text)))
    return clean(_EMPTY_LINES.sub("\n\n", _BLANKS.sub(" ", text)))


def _joiner(found: re.Match[str]) -> str:
    """Reduce a run of joiners and variation selectors to one, or to the two inside an emoji. After
    ASCII, keep only the selector of a keycap."""
    before = found.string[max(0, found.start() - 1) : found.start()]
    if before.isascii():
        return "\ufe0f" if before and before in _KEYCAPS and found[0][0] == "\ufe0f" else ""
    return found[0][: 2 if found[0].startswith("\ufe0f\u200d") else 1]


def hosts_in(text: str) -> list[str]:
    """Return the distinct hosts of the links in a text, in lower case and Punycode. If browsers may
    disagree on the host of a link, both candidates are returned."""
    hosts = (host for found in _LINK.finditer(text) for host in _hosts(found[1]))
    return list(dict.fromkeys(host for host in hosts if host))


def _hosts(authority: str) -> Iterator[str]:
    """Yield the candidate hosts of an authority such as `user@host:port`: the parts before and
    after characters that no host can contain."""
    first = _NOT_OF_A_HOST.split(authority)[0].rpartition("@")[2]
    last = _NOT_OF_A_HOST.split(authority.rpartition("@")[2])[0]
    for host in (first, last):
        host = re.sub(r":\d*$", "", unquote(host))
        while host and unicodedata.category(host[-1])[0] in "PSZ":
            host = host[:-1]
        host = one_line(unicodedata.normalize("NFKC", host).lower()).replace("。", ".")
        labels = (
            label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
            for label in host.split(".")
        )
        yield one_line(".".join(labels))  # "0¯´0" gives two consecutive spaces


def is_web_address(value: str) -> bool:
    """Return whether `value` is safe to show as a link: http or https, at most 2,000 characters,
    without spaces, control characters or the delimiters `<>|"`."""
    return (
        value.startswith(("https://", "http://"))
        and len(value) <= 2_000
        and value.isprintable()
        and not any(character.isspace() or character in '<>|"' for character in value)
    )


def address_in(text: str) -> str:
    """Return the first web address in a text, without punctuation after it, or "". A closing
    bracket belongs to the address if it has the opening one."""
    found = _ADDRESS.search(text)
    address = found[0].rstrip(".,;") if found else ""
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,;")
    return address if is_web_address(address) else ""


def words_in(text: str) -> list[re.Match[str]]:
    """Return the words of a text as written, including symbols and hyphens that are part of a word
    ("C++", "text-to-image"), as matches whose positions refer to `one_line(text)`."""
    return list(_WORD.finditer(one_line(text)))


def word_set(text: str, between: str | None = None) -> frozenset[str]:
    """Split `text` into a set of words, at whitespace or at `between`."""
    return frozenset(text.split(between))


def shorten(text: str, limit: int) -> str:
    """Shorten `text` to `limit` characters (at least 1), at a word boundary, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at = cut.rfind(" ")
    if at > limit // 2:
        cut = cut[:at]
    return cut.rstrip(" ,;:.-") + "…"


def alternatives(names: Sequence[str]) -> str:
    """Return names as "A, B or C"."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def sentence_ends(text: str) -> Iterator[int]:
    """Yield the positions in `text` after each sentence and the space that follows it. A full stop
    before a small letter or after an abbreviation ends no sentence, and a blank line ends one."""
    for found in _SENTENCE_END.finditer(text):
        end = found.end()
        sentence = text[max(0, found.start() - 12) : end].rstrip()
        following = text[end : end + 2].lstrip("\"'“‘([")[:1]
        goes_on = following.islower() or _ABBREVIATED.search(sentence)
        if found.group()[0] in "。！？" or found.group().count("\n") > 1 or not goes_on:
            yield end


def split_sentences(text: str) -> list[str]:
    """Split a text into sentences with their closing punctuation."""
    ends = list(sentence_ends(text))
    found = (text[start:end].strip() for start, end in zip((0, *ends), (*ends, None), strict=True))
    return [sentence for sentence in found if sentence]
