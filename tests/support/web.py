"""An HTTP server on this computer that says what it is told to, and remembers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import NamedTuple

__all__ = ["Heard", "Server", "serving"]


class Heard(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    """By name in lower case."""
    body: bytes


@dataclass
class Server:
    """What it has heard, and what it says next."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list[Heard])
    answers: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    """Status and body of the next ones; 200 and nothing when there is none. A
    status below 0 hangs up, 0 is silent until the end."""
    redirects: dict[str, str] = field(default_factory=dict[str, str])
    began: Event = field(default_factory=Event)
    """Something has been heard."""
    over: Event = field(default_factory=Event)

    @property
    def keys(self) -> list[str]:
        """Return the Idempotency-Keys in order."""
        return [one.headers.get("idempotency-key", "") for one in self.heard]


@contextmanager
def serving(*answers: tuple[int, bytes]) -> Iterator[Server]:
    """Serve on a free port of the loopback while inside."""
    server = Server(answers=[*answers])
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = Thread(target=lambda: http.serve_forever(poll_interval=0.01))
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        http.shutdown()
        http.server_close()
        thread.join()


def _handler(server: Server) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers everything alike."""

        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(size)
            server.heard.append(Heard(self.command, self.path, headers, body))
            server.began.set()
            status, text = server.answers.pop(0) if server.answers else (200, b"")
            if status <= 0:
                if status == 0:
                    server.over.wait(30)
                return
            self.send_response(status)
            if self.path in server.redirects:
                self.send_header("Location", server.redirects[self.path])
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            with suppress(OSError):  # who asked reads no more
                self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - as called

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
