"""Web addresses of sources: what is valid, what is shown, and which hosts are allowed."""

import pytest

from index.sources.source import Source
from index.sources.web_address import WebAddress, is_allowed, parse_hosts


@pytest.mark.parametrize(
    ("text", "url", "shown"),
    [
        ("https://a.example/x.csv", "https://a.example/x.csv", "a.example/x.csv"),
        ("HTTPS://A.Example/x.csv#top", "https://a.example/x.csv", "a.example/x.csv"),
        ("https://a.example:8443", "https://a.example:8443/", "a.example:8443/"),
        ("https://a.example/x?key=s3cret", "https://a.example/x?key=s3cret", "a.example/x"),
        ("https://a.example/ö é.csv", "https://a.example/%C3%B6%20%C3%A9.csv", None),
        ("https://a.example/\x1b[1m?q=\x1b", "https://a.example/%1B%5B1m?q=%1B", None),
    ],
)
def test_an_address_is_shown_without_its_query(text: str, url: str, shown: str | None) -> None:
    address = WebAddress.parse(text)
    assert address.url == url
    assert str(address) == (shown or url.removeprefix("https://").partition("?")[0])
    assert "s3cret" not in repr(address) + str(Source.parse(text)) + repr(Source.parse(text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://a.example/s3cret.csv", "does not start with https://"),
        ("ftp://a.example/s3cret.csv", "does not start with https://"),
        ("https://me:s3cret@a.example/x.csv", "user name or password"),
        ("https://@a.example/x.csv", "user name or password"),
        ("https:///s3cret.csv", "valid host name"),
        ("https://[::1]/s3cret.csv", "valid host name"),
        ("https://[::1/s3cret.csv", "not valid"),
        ("https://a.example:s3cret/", "not valid"),
        ("https://a.example:99999/", "not valid"),
        ("https://bücher.example/", "valid host name"),
        ("https://a..example/", "valid host name"),
        ("https://a.example\\@b.example/", "valid host name|user name"),
        (f"https://a.example/{'x' * 2_000}", "more than 2,000 characters"),
    ],
)
def test_an_invalid_address_is_refused_without_quoting_it(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        WebAddress.parse(text)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("docs.example.com", True),
        ("example.com", False),
        ("xdocs.example.com", False),
        ("a.docs.example.com", False),
        ("one.pages.example", True),
        ("two.one.pages.example", True),
        ("pages.example", False),
        (".pages.example", False),
        ("badpages.example", False),
        ("docs.example.com.evil.example", False),
        ("docs.example.com.", False),
    ],
)
def test_a_star_allows_subdomains_only(host: str, allowed: bool) -> None:
    assert is_allowed(host, parse_hosts(["Docs.example.com", "*.pages.example"])) is allowed
    assert not is_allowed(host, ())


@pytest.mark.parametrize(
    "listed", ["*", "*.", "*.com", "com", "https://a.example", "a.example/x", "a.*.example", "a b"]
)
def test_a_list_of_hosts_has_names_only(listed: str) -> None:
    with pytest.raises(ValueError, match="must list hosts such as"):
        parse_hosts([listed])


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("https://a.example/our terms.csv?k=v", "our-terms", "https://a.example/our terms.csv?k=v"),
        ("ours=https://a.example/export?f=csv", "ours", "https://a.example/export?f=csv"),
        ("https://a.example/export?f=csv", "export", "https://a.example/export?f=csv"),
        ("https://docs.a.example/", "docs.a.example", "https://docs.a.example/"),
    ],
)
def test_a_source_on_the_web_is_named_for_its_file_or_host(text: str, name: str, path: str) -> None:
    source = Source.parse(text)
    assert (source.name, source.path, source.is_web) == (name, path, True)
    assert not source.is_missing
