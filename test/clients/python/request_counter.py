"""A relay before the hub that notes every request, because the clients repeat failed ones without telling."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@contextmanager
def request_counter(target: str) -> Iterator[tuple[str, list[str]]]:
    """Gives the relay's base URL and the list in which `GET /path 200` appears once a request was answered."""
    hub = urlsplit(target).netloc
    requests: list[str] = []

    class Relay(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def relay(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            upstream = http.client.HTTPConnection(hub)
            upstream.request(self.command, self.path, body, dict(self.headers))
            reply = upstream.getresponse()
            content = reply.read()
            upstream.close()
            requests.append(f"{self.command} {self.path} {reply.status}")
            self.send_response(reply.status)
            for name, value in reply.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = relay

        def log_message(self, *_):
            pass

    relay = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    relay.daemon_threads = True
    threading.Thread(target=relay.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{relay.server_port}", requests
    finally:
        relay.shutdown()
        relay.server_close()
