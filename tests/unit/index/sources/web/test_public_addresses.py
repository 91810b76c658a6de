"""Only public addresses are connected to, whatever a name server says."""

import httpcore
import pytest

from index.errors import FetchError
from index.sources.web.checked_network import is_public
from index.sources.web.fetcher import Fetcher, Validators
from index.sources.web_address import WebAddress

NOT_PUBLIC = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "ff02::1"),
    *("2001:db8::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "100::1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:7f00:1::1", "4000::1"),
    *("localhost", "", "1", "127.1"),
]
PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_off_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_accepted(address: str) -> None:
    assert is_public(address)


class Network(httpcore.NetworkBackend):
    """A network that records the addresses that are connected to, and refuses all."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def connect_tcp(self, host: str, *_: object, **__: object) -> httpcore.NetworkStream:
        self.asked.append(host)
        raise httpcore.ConnectError("refused")


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    made = Network()
    monkeypatch.setattr(httpcore, "SyncBackend", lambda: made)
    return made


def fetch(host: str, *answers: list[str]) -> str:
    """Fetch a file whose host has the addresses `answers`, one list for each time that it is
    resolved. Return the message of the error."""
    left = list(answers)
    fetcher = Fetcher([host], resolver=lambda *_: left.pop(0))
    with pytest.raises(FetchError) as refused:
        fetcher.fetch(WebAddress.parse(f"https://{host}/x.csv?key=s3cret"), Validators())
    assert "s3cret" not in refused.value.message + refused.value.hint
    return refused.value.message


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(
    network: Network, address: str
) -> None:
    assert "an address that is not public" in fetch("terms.example", [address])
    assert "an address that is not public" in fetch("terms.example", [PUBLIC[0], address])
    assert network.asked == []


def test_the_system_resolver_is_checked_too(network: Network) -> None:
    for host in ("127.0.0.1", "127.0.0.2"):
        with pytest.raises(FetchError, match="an address that is not public"):
            Fetcher([host]).fetch(WebAddress.parse(f"https://{host}/x.csv"), Validators())
    assert network.asked == []


def test_the_checked_address_is_connected_to_even_if_the_name_changes(network: Network) -> None:
    assert "its host was not found" in fetch("terms.example", PUBLIC, ["127.0.0.1"])
    assert network.asked == PUBLIC, "each checked address, none by its name"
