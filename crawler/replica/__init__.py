"""Local copies of portals under their real host names: a proxy on this machine that knows no other host.

A test or the demo sets `http_proxy` and `https_proxy`, nothing else; what is not a replica answers 502.
"""

from __future__ import annotations

import http
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a site sees it; `query` and `form` keep the last value of a name."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    scheme: str = "http"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site sends back. `fault`: how the connection misbehaves while it is sent (see FAULTS)."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str | bytes] = field(default_factory=dict)  # bytes go out as they are: raw GBK names exist
    fault: str | None = None


FAULTS = ("reset", "drip", "truncated", "longer")  # reset: nothing comes; longer: Content-Length promises more


Site = Callable[[Asked], Answer]


@dataclass
class Replica:
    """A running proxy: its port, and every request it saw as (method, host, path with query)."""

    sites: Mapping[str, Site]
    port: int = 0
    log: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that send a process's web traffic here."""
        address = f"http://127.0.0.1:{self.port}"
        return {"http_proxy": address, "https_proxy": address}

    @cached_property
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @cached_property
    def contexts(self) -> dict[str, ssl.SSLContext]:
        return {host: _context(self.authority, host) for host in self.sites}


@contextmanager
def serve(sites: Mapping[str, Site] | None = None) -> Iterator[Replica]:
    """Serves sites by host name (by default the demo's) until the block ends."""
    if sites is None:
        from crawler.replica.demo import demo  # it is built on this module

        sites = demo()
    replica = Replica(sites)
    _ = replica.contexts  # made before the first request, not by two threads at once
    handler = type("Handler", (_Handler,), {"replica": replica, "lock": Lock()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    replica.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield replica
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _context(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second waited 40 ms for an acknowledgement
    timeout = 20
    replica: Replica
    lock: Any
    tunnel = ""  # the host behind CONNECT

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0]
        if host not in self.replica.sites:
            self._refuse(host)
            return
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        self.connection = self.replica.contexts[host].wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = _Unbuffered(self.connection)  # type: ignore[assignment]
        self.tunnel = host
        self.close_connection = False

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        host = self.tunnel or parts.hostname or ""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        site = self.replica.sites.get(host)
        target = parts.path + ("?" + parts.query if parts.query else "")
        with self.lock:
            self.replica.log.append((self.command, host, target))
        if site is None:
            self._refuse(host)
            return
        asked = Asked(
            self.command,
            host,
            parts.path,
            _values(parts.query),
            _values(body.decode("utf-8", "replace")),
            {name.lower(): value for name, value in self.headers.items()},
            body,
            "https" if self.tunnel else "http",
        )
        self._send(site(asked))

    def _send(self, answer: Answer) -> None:
        if answer.fault == "reset":
            self.close_connection = True
            self.connection.close()
            return
        length = len(answer.body) * (2 if answer.fault in ("longer", "truncated") else 1)
        self.send_response(answer.status)
        headers = {"Content-Type": answer.content_type, "Content-Length": str(length)}
        for name, value in (headers | dict(answer.headers)).items():
            self.send_header(name, value.decode("latin-1") if isinstance(value, bytes) else value)
        self.end_headers()
        if answer.fault == "drip":  # a byte a moment, for as long as the other side bears it
            for at in range(len(answer.body)):
                self.wfile.write(answer.body[at : at + 1])
                self.wfile.flush()
                time.sleep(0.2)
            return
        self.wfile.write(answer.body)
        self.close_connection = self.close_connection or answer.fault is not None

    do_GET = do_POST = _answer

    def _refuse(self, host: str) -> None:
        body = f"no replica of {host}".encode()
        self.send_response(502)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(0)  # the same page is the same bytes

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Unbuffered:
    """The plain writer that the handler needs once TLS has begun."""

    closed = False

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def write(self, data: bytes) -> int:
        self.connection.sendall(data)
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


def _values(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}


def not_found() -> Answer:
    """What these servers say of a page that is not there."""
    return Answer(f"<html><body>{http.HTTPStatus.NOT_FOUND.phrase}</body></html>".encode(), 404)
