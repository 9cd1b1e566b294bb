"""Serves the built site on this machine, with what a page needs to stop a running program.

Pages may share memory with Python's thread, which is how Stop interrupts a loop, only if they are
isolated from other origins: three headers say so. Python's own table of file types depends on
the machine, so the types are listed here.
"""

import contextlib
import http.server
import threading
import webbrowser
from pathlib import Path

TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
         ".json": "application/json", ".wasm": "application/wasm", ".whl": "application/zip",
         ".zip": "application/zip", ".svg": "image/svg+xml", ".png": "image/png",
         ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8"}
HEADERS = {"Cross-Origin-Opener-Policy": "same-origin",
           "Cross-Origin-Embedder-Policy": "require-corp",
           "Cross-Origin-Resource-Policy": "same-origin",
           "X-Content-Type-Options": "nosniff",
           "Cache-Control": "no-cache"}           # ask whether it is still the same: it is near


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of one folder; no listing of folders, and no line in the terminal for each."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**TYPES, "": "application/octet-stream"}
    is_isolated = True

    def end_headers(self):
        for name, value in HEADERS.items() if self.is_isolated else ():
            self.send_header(name, value)
        super().end_headers()

    def list_directory(self, path):
        self.send_error(404, "File not found")

    def log_message(self, *args):
        """Nothing: the page tells what is wrong."""

    def handle(self):
        with contextlib.suppress(ConnectionError):        # the page was closed meanwhile
            super().handle()


def start(folder, port=0, is_isolated=True):
    """Serves a folder on 127.0.0.1, in threads of its own.

    Args:
      folder: str or Path.
      port: int; 0 for any that is free.
      is_isolated: bool, send the headers for shared memory. False is a plain static host.

    Returns the server: `server_port` is its port, `shutdown()` and `server_close()` end it.

    Raises:
      FileNotFoundError: no site is in the folder.
      OSError: the port is taken.
    """
    folder = Path(folder)
    if not (folder / "index.html").is_file():
        raise FileNotFoundError(f"{folder} holds no built site: there is no index.html in it.")
    handler = type("Handler", (Handler,), {"is_isolated": is_isolated})
    server = _Server(("127.0.0.1", port), lambda *args: handler(*args, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def play(folder, port=0, browser=True):
    """Serves a folder and opens it in the browser, until Ctrl-C."""
    server = start(folder, port)
    address = f"http://127.0.0.1:{server.server_port}/"
    print(f"The book and its playground: {address}\nCtrl-C ends it.", flush=True)
    if browser:
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    server.shutdown()
    server.server_close()
