"""Takes mail as a server does that insists on TLS and on a password, and as one that has neither.

tls_mail_receiver.py DIRECTORY PASSWORD COUNT makes a certificate authority for 127.0.0.1, writes its
certificate to ca.pem and its ports (STARTTLS, TLS from the start, plain) to ports.json, prints a line
for each message, and ends after COUNT of them.
"""

import asyncio
import json
import os
import ssl
import sys
import threading

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

directory, password, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
taken = threading.Semaphore(0)


class Mailbox:
    def __init__(self, name):
        self.name = name

    async def handle_DATA(self, server, session, envelope):
        cipher = server.transport.get_extra_info("cipher")
        user = (session.auth_data or b"nobody").decode()
        print(self.name, cipher[1] if cipher else "clear text", user, flush=True)
        taken.release()
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    is_right = data.password.decode() == password
    return AuthResult(success=is_right, handled=is_right, auth_data=data.login)


authority = trustme.CA()
certificate = authority.issue_cert("127.0.0.1")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
certificate.configure_cert(context)
authority.cert_pem.write_to_path(os.path.join(directory, "ca.pem"))

loop = asyncio.new_event_loop()
strict = {"authenticator": authenticate, "auth_required": True, "loop": loop}


def serve(make, **options):
    server = loop.run_until_complete(
        loop.create_server(make, host="127.0.0.1", port=0, **options)
    )
    return server.sockets[0].getsockname()[1]


ports = [
    serve(lambda: SMTP(Mailbox("starttls"), tls_context=context, require_starttls=True, **strict)),
    serve(lambda: SMTP(Mailbox("smtps"), auth_require_tls=False, **strict), ssl=context),
    serve(lambda: SMTP(Mailbox("plain"), loop=loop)),
]
threading.Thread(target=loop.run_forever, daemon=True).start()

path = os.path.join(directory, "ports.json")
with open(path + ".partial", "w") as file:
    json.dump(ports, file)
os.rename(path + ".partial", path)
for _ in range(count):
    if not taken.acquire(timeout=60):
        sys.exit("no more mail came")
