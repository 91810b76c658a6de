"""A client of a language model's server, which trusts nothing that the server sends."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Annotated

import httpx
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BadRequestError,
    OpenAI,
    OpenAIError,
)
from pydantic import BaseModel, Field, ValidationError

from index.text import one_line, shorten, visible
from index.ways.chat_server import ChatServer, ChatServerError

TIMEOUT_S = 120.0  # for one attempt
CONNECT_TIMEOUT_S = 10.0
RETRIES = 2  # after status 408, 409, 429 and 5xx, a timeout or a lost connection
MOST_TOKENS = 8_000  # of a reply
MOST_BYTES = 1_000_000  # of a response
BYTES_PER_TOKEN = 3  # a cautious estimate, for a server that does not count tokens
SHOWN_ERROR = 200  # characters of a server's error message
_SENT_HEADERS = ("host", "content-type", "content-length", "connection")
_KEY_REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class ChatReply:
    """The text of a reply, and the number of tokens of the request and the reply."""

    text: str
    tokens: int


class ChatClient:
    """Sends requests to a server. A context manager, which closes the connections.

    Nothing is sent but the text, the name of the model, a bound of the reply and the key. Redirects
    are not followed, responses are not unpacked, and their length and time are bounded. Proxies of
    the environment are used, except for a server on this machine.
    """

    def __init__(self, server: ChatServer) -> None:
        self._server = server
        self._limit = "max_tokens"  # the name of the bound of a reply
        direct = {"http://": None, "https://": None} if server.is_local else {}
        self._client = OpenAI(
            api_key="-",  # the key is added to the request when it is sent
            base_url=server.url,
            max_retries=RETRIES,
            timeout=httpx.Timeout(TIMEOUT_S, connect=min(TIMEOUT_S, CONNECT_TIMEOUT_S)),
            http_client=httpx.Client(
                follow_redirects=False,
                mounts=direct,
                event_hooks={"request": [self._before_request], "response": [_before_reading]},
            ),
        )

    def __enter__(self) -> ChatClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def ask(self, text: str) -> ChatReply:
        """Send a text and return the reply. Raises `ChatServerError`."""
        text = text.encode(errors="replace").decode()  # lone surrogates cannot be sent
        try:
            body = self._send(text)
        except (OpenAIError, httpx.HTTPError) as error:
            raise self._explained(error) from None
        if len(body) > MOST_BYTES:
            raise self._unreadable(f"with more than {MOST_BYTES:,} bytes")
        try:
            reply = _Completion.model_validate_json(body)
        except ValidationError:
            raise self._unreadable("with something other than a chat completion") from None
        content = reply.choices[0].message.content or ""
        if not content.strip():
            raise ChatServerError(
                f"{self._server.name} answered without a text.",
                f"A reply has at most {MOST_TOKENS:,} tokens, and the model's reasoning may take "
                "all of them: try another model in NEARSAY_LLM_MODEL.",
            )
        estimated = (len(text.encode()) + len(content.encode())) // BYTES_PER_TOKEN
        return ChatReply(content, (reply.usage and reply.usage.total_tokens) or estimated)

    def _send(self, text: str) -> bytes:
        try:
            return self._attempt(text)
        except BadRequestError as error:
            # Newer models of OpenAI refuse the name that other servers know.
            if self._limit != "max_tokens" or "max_completion_tokens" not in error.response.text:
                raise
            self._limit = "max_completion_tokens"
            return self._attempt(text)

    def _attempt(self, text: str) -> bytes:
        body = {
            "model": self._server.model,
            "messages": [{"role": "user", "content": text}],
            self._limit: MOST_TOKENS,
        }
        path = "/chat/completions"
        return self._client.post(path, cast_to=httpx.Response, body=body).content

    def _before_request(self, request: httpx.Request) -> None:
        """Send only the needed headers: the others tell of this machine, or are set by variables of
        the environment that are meant for other programs."""
        sent = {name: request.headers[name] for name in _SENT_HEADERS if name in request.headers}
        sent |= {"accept": "application/json", "accept-encoding": "identity"}
        sent["user-agent"] = "nearsay"
        if self._server.key is not None:
            sent["authorization"] = f"Bearer {self._server.key.get_secret_value()}"
        request.headers = httpx.Headers(sent)

    def _explained(self, error: OpenAIError | httpx.HTTPError) -> ChatServerError:
        name = self._server.name
        if isinstance(error, APIStatusError):
            return self._refused(error)
        if isinstance(error, APITimeoutError | httpx.TimeoutException):
            return ChatServerError(
                f"{name} did not answer within {TIMEOUT_S:g} seconds.",
                "Check that the server is running and not overloaded.",
            )
        if isinstance(error, APIConnectionError | httpx.HTTPError):
            cause = error.__cause__ if isinstance(error, APIConnectionError) else error
            return ChatServerError(
                f"The connection to {name} failed ({type(cause or error).__name__}).",
                "Check NEARSAY_LLM_URL, the network and any proxy.",
            )
        return self._unreadable("with something other than a chat completion")

    def _refused(self, error: APIStatusError) -> ChatServerError:
        status, headers = error.status_code, error.response.headers
        message = f"{self._server.name} answered with status {status}."
        if status in _KEY_REFUSED:
            return ChatServerError(
                message, "Check NEARSAY_LLM_KEY or NEARSAY_LLM_KEY_FILE, and the rights of the key."
            )
        if error.response.is_redirect:
            hint = "Redirects are not followed: set NEARSAY_LLM_URL to the address itself."
            return ChatServerError(message, hint)
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            wait = headers.get("retry-after", "")
            later = f"in {int(wait):,} seconds" if re.fullmatch("[0-9]{1,6}", wait) else "later"
            return ChatServerError(message, f"Try again {later}.")
        said = self._message_of(error.response.text)
        return ChatServerError(
            f"{message} It says: {said}" if said else message,
            "Check NEARSAY_LLM_URL, which often ends with /v1, and NEARSAY_LLM_MODEL.",
        )

    def _message_of(self, body: str) -> str:
        """Return the message of an error in OpenAI's form, shortened and without the key."""
        try:
            said = _Refusal.model_validate_json(body).error.message
        except ValidationError:
            return ""
        if self._server.key is not None:
            said = said.replace(self._server.key.get_secret_value(), "…")
        return shorten(one_line(visible(said[:1_000])), SHOWN_ERROR)

    def _unreadable(self, what: str) -> ChatServerError:
        return ChatServerError(
            f"{self._server.name} answered {what}.",
            "Check that NEARSAY_LLM_URL is the address of OpenAI's chat completions, which often "
            "ends with /v1.",
        )


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message


class _Usage(BaseModel):
    total_tokens: Annotated[int, Field(ge=0)]


class _Completion(BaseModel):
    """What is read of a chat completion."""

    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _Usage | None = None


class _Error(BaseModel):
    message: str


class _Refusal(BaseModel):
    error: _Error


def _before_reading(response: httpx.Response) -> None:
    """Bound the body of a response, and leave it packed if it is: a small one may unpack to a huge
    one."""
    response.headers.pop("content-encoding", None)
    assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101  # of a `Client`
    response.stream = _Bounded(response.stream)


class _Bounded(httpx.SyncByteStream):
    """A stream that ends after `MOST_BYTES`, by a part that exceeds them. Raises `ReadTimeout`
    `TIMEOUT_S` seconds after its begin."""

    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self._stream = stream
        self._end = time.monotonic() + TIMEOUT_S

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        for part in self._stream:
            yield part
            length += len(part)
            if length > MOST_BYTES:
                return
            if time.monotonic() > self._end:
                raise httpx.ReadTimeout("The response takes too long.")

    def close(self) -> None:
        self._stream.close()
