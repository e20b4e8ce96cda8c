"""A mail server of the tests: takes what comes over SMTP on a port of the loopback interface, and can be away.

What it was given stands in `taken`, each as the receivers and the text.
"""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Talk(socketserver.StreamRequestHandler):
    """One conversation, as much of RFC 5321 as smtplib needs."""

    server: "MailServer"

    def handle(self) -> None:
        """Answer line by line."""
        receivers: list[str] = []
        self.server.conversations += 1
        self._say("220 ready")
        for line in iter(self.rfile.readline, b""):
            verb = line[:4].upper()
            if verb == b"MAIL":
                self.server.mails += 1
                if self.server.mails == self.server.hangs_up_at:
                    return
            if verb == b"DATA":
                self._say("354 go on")
                self.server.taken.append((receivers, self._text()))
            elif verb == b"RCPT":
                receivers = [*receivers, line.decode().partition("<")[2].partition(">")[0]]
            self._say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def _text(self) -> str:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines).decode()

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`port`, and `taken`: what was delivered, in how many `conversations`. It hangs up at the email of this number."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        self.port: int = self.server_address[1]
        self.taken: list[tuple[list[str], str]] = []
        self.conversations = self.mails = 0
        self.hangs_up_at: int | None = None


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """A server that listens for the length of the block."""
    with MailServer(port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
