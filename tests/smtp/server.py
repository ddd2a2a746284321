#!/usr/bin/env python3
"""Mail servers for tests/unit/mail_test.c: aiosmtpd on ports of its own choosing, over certificates given by the caller.

server.py CERT KEY prints "ports STARTTLS TLS AUTH PLAIN", then a line for each thing that happened:
  mail PORT-NAME FROM TO BASE64-OF-THE-MESSAGE
  refused TO, later TO, badauth USER
Recipients whose name begins with "refuse" get 550 for ever, with "later" 451 the first time. It ends when its input ends.
"""
import asyncio
import base64
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(*words):
    print(*words, flush=True)


class Handler:
    seen = set()

    def __init__(self, name):
        self.name = name

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            say("refused", address)
            return "550 5.1.1 No such user here"
        if address.startswith("later") and address not in Handler.seen:
            Handler.seen.add(address)
            say("later", address)
            return "451 4.7.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        text = base64.b64encode(envelope.original_content).decode()
        say("mail", self.name, envelope.mail_from, ",".join(envelope.rcpt_tos), text)
        return "250 Taken"


def authenticate(server, session, envelope, mechanism, data):
    if isinstance(data, LoginPassword) and data.login == b"site" and data.password == "pass-wörd".encode():
        return AuthResult(success=True)
    say("badauth", data.login.decode(errors="replace"))
    return AuthResult(success=False, handled=False)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    loop = asyncio.get_running_loop()

    async def listen(name, tls=None, **kw):
        server = await loop.create_server(lambda: SMTP(Handler(name), hostname="localhost", **kw), "127.0.0.1", 0, ssl=tls)
        return server.sockets[0].getsockname()[1]

    ports = [
        await listen("starttls", tls_context=context, require_starttls=True),
        await listen("tls", tls=context),
        await listen("auth", tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True),
        await listen("plain"),
    ]
    say("ports", *ports)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
