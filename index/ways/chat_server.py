"""The address of a language model's server that speaks OpenAI's chat completions."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from index.errors import NearsayError


@dataclass(frozen=True, slots=True)
class ChatServer:
    """A server at a `url` such as https://llm.example/v1, and the name of its model. The `key`, if
    any, is sent as a bearer token."""

    url: str
    model: str
    key: SecretStr | None = None

    @property
    def name(self) -> str:
        """The host, with the port if the address has one."""
        return urlsplit(self.url).netloc

    @property
    def is_local(self) -> bool:
        return is_loopback(urlsplit(self.url).hostname or "")


class ChatServerError(NearsayError):
    """The server did not give a reply that can be read."""

    code = "chat_server"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: localhost, 127.0.0.0/8 or ::1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
