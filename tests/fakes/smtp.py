"""A mail server on loopback: takes letters as SMTP says, or refuses them as it is told to.

Django's own client talks to it, so what leaves the product is what would leave it.
"""
import socketserver
import threading
from email import message_from_bytes
from email.policy import default


class MailServer:
    """`letters` holds what came, parsed; `refuses` is an SMTP answer such as "451 later" to give at RCPT."""

    def __init__(self):
        self.letters, self.refuses = [], ""
        handler = type("Handler", (_Handler,), {"fake": self})
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class _Handler(socketserver.StreamRequestHandler):
    fake: MailServer

    def handle(self):
        self.say("220 loopback")
        for line in self.rfile:
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"QUIT":
                self.say("221 bye")
                return
            if verb == b"DATA":
                self.say("354 go on")
                self.fake.letters.append(message_from_bytes(self.body(), policy=default))
            refused = self.fake.refuses if verb == b"RCPT" else ""
            self.say(refused or "250 ok")

    def body(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")
