"""A server that does everything right: one truth for its port, requests in flight end well, SIGTERM ends it."""

import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            time.sleep(1)
        known = self.path in ("/", "/slow", "/healthz")
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(b"all is well\n")


# Threads of requests in flight are waited for when the server closes.
ThreadingHTTPServer.daemon_threads = False
server = ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
server.server_close()
