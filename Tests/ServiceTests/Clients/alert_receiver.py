"""Receives notices of alerts as their readers do: a webhook that the library of Standard Webhooks
verifies, and mail that aiosmtpd takes.

alert_receiver.py PORTS SECRET COUNT writes its ports to the file PORTS, prints a line for each
notice, and ends after COUNT of them.
"""

import asyncio
import email
import email.policy
import http.server
import json
import os
import sys
import threading

from aiosmtpd.smtp import SMTP
from standardwebhooks import Webhook

ports_path, secret, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
taken = threading.Semaphore(0)


def tell(*words):
    print(*words, flush=True)
    taken.release()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            notice = Webhook(secret).verify(body, dict(self.headers))
            tell("webhook", notice["type"], notice["data"].get("rule"))
        except Exception as error:
            tell("webhook refused:", repr(error))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        tell("mail", ",".join(envelope.rcpt_tos), message["subject"])
        return "250 OK"


web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=web.serve_forever, daemon=True).start()
loop = asyncio.new_event_loop()
server = loop.run_until_complete(
    loop.create_server(lambda: SMTP(Mailbox(), loop=loop), host="127.0.0.1", port=0)
)
threading.Thread(target=loop.run_forever, daemon=True).start()

with open(ports_path + ".partial", "w") as file:
    json.dump([web.server_port, server.sockets[0].getsockname()[1]], file)
os.rename(ports_path + ".partial", ports_path)
for _ in range(count):
    if not taken.acquire(timeout=60):
        sys.exit("no more notices came")
