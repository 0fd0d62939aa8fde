"""A proxy between driver and server that breaks what a network or a cluster breaks.

It reads the messages of Bolt as they pass, so that a test can say in which phase the connection is
cut, before the server hears a message or after it has obeyed and before anybody learns of it.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

HELLO, LOGON, RESET, ROUTE = 0x01, 0x6A, 0x0F, 0x66
BEGIN, RUN, PULL, COMMIT = 0x11, 0x10, 0x3F, 0x12
_MANIFEST = b"\x00\x00\x01\xff"


@dataclass
class Fault:
    """What is to happen at a message: a cut before it, a cut after it, or a refusal."""

    tag: int
    obeyed: bool
    code: str | None
    times: int


class Proxy:
    """A listening port that leads to a server, and the fault that is to happen there."""

    def __init__(self, port: int, certificate: ssl.SSLContext | None = None) -> None:
        self._target = port
        self._certificate = certificate
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self.faults = 0
        self.seen: list[int] = []
        self.queries: set[str] = set()
        self._fault: Fault | None = None
        self.delay = 0.0
        self.down = False
        self.table: Callable[[], bytes] | None = None

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        self.cut_all()

    def url(self, scheme: str = "bolt") -> str:
        return f"{scheme}://127.0.0.1:{self.port}"

    def cut_at(self, tag: int, *, obeyed: bool, times: int = 1) -> None:
        """Cut at the next such message: before the server hears it, or once it has obeyed."""
        self._fault = Fault(tag, obeyed, None, times)

    def fail_at(self, tag: int, code: str, times: int = 1) -> None:
        """Answer the next such message as a server would that refuses it."""
        self._fault = Fault(tag, False, code, times)

    def cut_all(self) -> None:
        for one in self._open:
            _closed(one)
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.down:
                _closed(client)
                continue
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            if self._certificate:
                client = self._certificate.wrap_socket(client, server_side=True)
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            _closed(client)
            return
        for one in (client, server):
            # A message goes on at once, and does not wait for others: 40 ms a message else.
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open += [client, server]
        mute = threading.Event()
        down = threading.Thread(target=self._answers, args=(server, client, mute), daemon=True)
        try:
            # Without the offer of a manifest both agree on a version in one step.
            server.sendall(_exactly(client, 20).replace(_MANIFEST, b"\0\0\0\0"))
            down.start()
            self._messages(client, server, mute)
        except OSError:
            pass
        finally:
            if not mute.is_set():
                _closed(client)
                _closed(server)

    def _messages(
        self, client: socket.socket, server: socket.socket, mute: threading.Event
    ) -> None:
        failed = False
        while True:
            raw, message = _message(client)
            tag = message[1] if len(message) > 1 else -1
            self.seen.append(tag)
            if tag == RUN:
                self.queries.add(_first_text(message))
            if failed and tag != RESET:
                client.sendall(_chunked(b"\xb0\x7e"))
                continue
            failed = False
            if tag == ROUTE and self.table:
                client.sendall(_chunked(self.table()))
                continue
            fault = self._due(tag)
            if fault and fault.code:
                client.sendall(_chunked(_failure(fault.code)))
                failed = True
                continue
            if fault and not fault.obeyed:
                return
            if fault:
                mute.set()
            server.sendall(raw)
            if fault:
                return

    def _due(self, tag: int) -> "Fault | None":
        with self._lock:
            fault = self._fault
            if fault is None or fault.tag != tag or fault.times == 0:
                return None
            fault.times -= 1
            self.faults += 1
            return fault

    def _answers(self, server: socket.socket, client: socket.socket, mute: threading.Event) -> None:
        try:
            while answer := server.recv(65536):
                if mute.is_set():
                    # The server has obeyed; nobody will learn of it.
                    break
                if self.delay:
                    time.sleep(self.delay)
                client.sendall(answer)
        except OSError:
            pass
        finally:
            _closed(client)
            _closed(server)


def _message(source: socket.socket) -> tuple[bytes, bytes]:
    raw, message = b"", b""
    while True:
        head = _exactly(source, 2)
        size = int.from_bytes(head, "big")
        body = _exactly(source, size)
        raw, message = raw + head + body, message + body
        if not size and message:
            return raw, message


def _first_text(message: bytes) -> str:
    """Read the first field of a message, which is a text: of RUN, the query without its values."""
    marker = message[2]
    if 0x80 <= marker < 0x90:
        start, size = 3, marker - 0x80
    else:
        width = {0xD0: 1, 0xD1: 2, 0xD2: 4}[marker]
        start, size = 3 + width, int.from_bytes(message[3 : 3 + width], "big")
    return message[start : start + size].decode()


def _exactly(source: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = source.recv(size - len(found))
        if not part:
            raise ConnectionError("closed")
        found += part
    return found


def _closed(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def _chunked(message: bytes) -> bytes:
    return len(message).to_bytes(2, "big") + message + b"\0\0"


def packed(value: object) -> bytes:
    """Write a value as PackStream does."""
    if isinstance(value, str):
        raw = value.encode()
        return (bytes([0x80 + len(raw)]) if len(raw) < 16 else bytes([0xD0, len(raw)])) + raw
    if isinstance(value, int):
        return b"\xc9" + value.to_bytes(2, "big", signed=True)
    if isinstance(value, list):
        return bytes([0x90 + len(value)]) + b"".join(map(packed, value))
    assert isinstance(value, dict)
    pairs = (packed(name) + packed(one) for name, one in value.items())
    return bytes([0xA0 + len(value)]) + b"".join(pairs)


def _failure(code: str) -> bytes:
    told = {
        "code": code,
        "neo4j_code": code,
        "message": "said by the proxy",
        "gql_status": "50N42",
        "description": "error: said by the proxy",
    }
    return b"\xb1\x7f" + packed(told)


def routes(writer: str, *others: str) -> bytes:
    """Answer ROUTE: who leads, and who reads and knows the way."""
    everyone: list[object] = [writer, *others]
    servers: list[object] = [
        {"addresses": [writer], "role": "WRITE"},
        {"addresses": everyone, "role": "READ"},
        {"addresses": everyone, "role": "ROUTE"},
    ]
    return b"\xb1\x70" + packed({"rt": {"ttl": 300, "db": "neo4j", "servers": servers}})
