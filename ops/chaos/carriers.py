"""Servers that stand for carriers, in every mood: Twilio (SMS), Meta (WhatsApp) and a mail server."""

import email
import email.policy
import json
import re
import socket
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from machinery import free_port


class Carrier:
    """Records each message that it took, as (recipient, text, mood). Its port is closed while its mood is "down"."""

    def __init__(self):
        self.port, self.asked, self.taken = free_port(), 0, []
        self.server = None
        self.mood = "well"

    @property
    def mood(self):
        return self._mood

    @mood.setter
    def mood(self, mood):
        self._mood = mood
        if mood == "down" and self.server:
            self.close()
            self.server = None
        elif mood != "down" and not self.server:
            self.server = self.listen()

    def to(self, recipient):
        return [text for one, text, _ in self.taken if one == recipient]

    def sent_well(self, recipient):
        """Whether a message to that recipient was taken as it should be."""
        return any(one == recipient and mood == "well" for one, _, mood in self.taken)

    def code(self, recipient):
        """The six digits of the last message."""
        return re.search(r"(?<!\d)\d{6}(?!\d)", self.to(recipient)[-1]).group()


class HttpCarrier(Carrier):
    def listen(self):
        carrier = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                carrier.asked += 1
                carrier.answer(self, *carrier.read(body))

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, recipient, text):
        mood = self.mood
        if mood in ("well", "lying: takes it and says it failed", "lying: takes it and never answers"):
            self.taken.append((recipient, text, mood))
        if mood in ("hanging", "lying: takes it and never answers"):
            time.sleep(12)
            handler.close_connection = True
            return
        status, body = {**self.ANSWERS, "lying: says yes in a foreign tongue": (200, "<html>It works!</html>")}[mood]
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())


class Twilio(HttpCarrier):
    ANSWERS = {"well": (201, '{"sid":"SM1","status":"queued"}'), "failing": (503, "{}"), "lying: takes it and says it failed": (500, "{}")}

    def settings(self):
        return {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": "+15005550006", "TWILIO_BASE_URL": f"http://127.0.0.1:{self.port}"}

    @staticmethod
    def read(body):
        form = dict(urllib.parse.parse_qsl(body))
        return form["To"].removeprefix("+55"), form["Body"]


class Meta(HttpCarrier):
    ANSWERS = {
        "well": (200, '{"messaging_product":"whatsapp","messages":[{"id":"wamid.1"}]}'), "failing": (503, "{}"),
        "refusing our token": (401, '{"error":{"code":190,"type":"OAuthException"}}'), "refusing the number": (400, '{"error":{"code":131026}}'),
        "lying: takes it and says it failed": (500, '{"error":{"code":131000}}'),
    }

    def settings(self):
        return {"WHATSAPP_TOKEN": "token", "WHATSAPP_PHONE_NUMBER_ID": "1", "WHATSAPP_TEMPLATE": "codigo", "WHATSAPP_BASE_URL": f"http://127.0.0.1:{self.port}"}

    @staticmethod
    def read(body):
        message = json.loads(body)
        return message["to"].removeprefix("55"), message["template"]["components"][0]["parameters"][0]["text"]


class Mail(Carrier):
    """A mail server. Its mood decides how far the SMTP dialogue goes."""

    def settings(self):
        return {"SMTP_URL": f"smtp://127.0.0.1:{self.port}", "MAIL_FROM": "Portaria <nao-responda@portaria.example>"}

    def listen(self):
        listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.asked += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            with client, client.makefile("rwb") as stream:
                self._converse(stream, self.mood)
        except OSError:
            pass

    def _converse(self, stream, mood):
        def say(line):
            stream.write(line)
            stream.flush()

        if mood == "hanging":
            time.sleep(12)
            return
        if mood == "lying: speaks garbage":
            say(b"\x00\xff\x16\x03 HTTP/1.1 200 OK\r\n\r\n250 250 250\r\n")
            return
        say(b"421 4.3.2 too busy\r\n" if mood == "busy: 421 at the door" else b"220 mail.example\r\n")
        recipient = None
        while line := stream.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = line.decode().split("<")[1].split(">")[0]
            if verb == b"RCPT" and mood[:3] in ("451", "550"):
                say(mood[:3].encode() + b" 4.0.0 no\r\n")
            elif verb == b"DATA":
                say(b"354 go on\r\n")
                data = b""
                while (line := stream.readline()) not in (b".\r\n", b""):
                    data += line
                self.taken.append((recipient, self._text(data), mood))
                if mood == "lying: takes it and drops the connection":
                    return
                say(b"250 2.0.0 queued\r\n")
            elif mood == "lying: 250, then 421" and verb == b"QUIT":
                say(b"421 4.4.2 gone\r\n")
                return
            elif verb == b"QUIT":
                say(b"221 bye\r\n")
                return
            else:
                say(b"250 fine\r\n")

    @staticmethod
    def _text(data):
        return email.message_from_bytes(data, policy=email.policy.default).get_body(("plain",)).get_content()

    def link(self, recipient):
        """The token of the link in the last message."""
        return re.search(r"token=([A-Za-z0-9_-]+)", self.to(recipient)[-1]).group(1)
