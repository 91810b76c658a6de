"""Generate hostile text: Slack and Markdown markup, terminal escapes, invisible characters, and
nested combinations of them."""

from hypothesis import strategies as st

from tests.unit.bot.slack import NASTIES

WORDS = st.sampled_from(["rope", "a harbour", "T&M", "if a < b", "émigré", "مرحبا", "5 > 3", "1."])
MARKS = st.sampled_from(
    ["*", "_", "~", "`", "```", '"', "'", "|", "[", "](", "!", "#", "- ", "\u202e", "\u200b", "\\"]
)
ADDRESSES = st.sampled_from(
    ["https://evil.test", "javascript:alert(1)", "data:text/html,x", "//evil.test", "mailto:a@b"]
)
TARGETS = st.sampled_from(
    ["!channel", "!here", "!everyone", "!subteam^S1", "@U1", "@W1", "#C1", "!date^1^{date}"]
)
# Control sequences of ECMA-48 and its relatives, operating system commands, and their terminators.
ESCAPES = st.one_of(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["\x1b[", "\x9b", "\x1b[?", "\x1b[>"]),
        st.sampled_from(["", "2", "31", "1;31", "1049", "6"]),
        st.sampled_from("mJHKhlnABCDsu"),
    ),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["\x1b]0;", "\x1b]8;;", "\x1b]52;c;", "\x9d2;", "\x1bP", "\x1b_", "\x1bX"]),
        st.sampled_from(["title", "https://evil.test", "aGk="]),
        st.sampled_from(["\x07", "\x1b\\", "\x9c", ""]),
    ),
    st.sampled_from(["\x1bc", "\x08", "\x7f", "\r", "\x0c", "\x00", "\x85", "\u2028", "\x1a"]),
)
LEAVES = st.one_of(
    st.sampled_from(NASTIES),
    WORDS,
    ESCAPES,
    st.builds("<{}>".format, TARGETS),
    st.builds("<{}|{}>".format, ADDRESSES, WORDS),
    st.builds("[{}]({})".format, WORDS, ADDRESSES),
    st.text(max_size=8),
)


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("<{}|{}>".format, inner, inner),
        st.builds("&lt;{}&gt;".format, inner),
        st.builds("&amp;lt;{}&amp;gt;".format, inner),
        st.builds(lambda mark, text: f"{mark}{text}{mark}", MARKS, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("{} {}".format, inner, inner),
        st.builds("{}\n{}".format, inner, inner),
    )


TEXT = st.recursive(LEAVES, _nested, max_leaves=6)
