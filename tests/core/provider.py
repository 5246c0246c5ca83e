"""A small OpenID Connect provider on this machine: honest by default, and dishonest in whatever way a test asks."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, SECRET, KEY_ID = "etf", "geheim-van-de-gemeente", "sleutel-1"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """`claims` is who logs in there; the other attributes are ways to be dishonest."""

    def __init__(self):
        self.key = self.published_key = new_key()
        self.claims = {"sub": "abc-123", "preferred_username": "joris"}
        self.token_changes: dict = {}
        self.algorithm = "RS256"
        self.userinfo_changes: dict = {}
        self.configuration_changes: dict = {}
        self.cancelled = self.broken = self.without_id_token = False
        self.codes: dict[str, dict] = {}
        self.asked: list[dict] = []

    def start(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._answer(provider.get(urlsplit(self.path), self.headers))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(provider.token({key: values[0] for key, values in parse_qs(body).items()}))

            def _answer(self, answer):
                status, content = answer
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", content)
                    content = {}
                body = json.dumps(content).encode()
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words):
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def get(self, address, headers) -> tuple[int, object]:
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        if self.broken:
            return 500, {"error": "server_error"}
        if address.path == "/.well-known/openid-configuration":
            return 200, self._configuration()
        if address.path == "/authorize":
            return 302, self._authorize(query)
        if address.path == "/jwks":
            return 200, {"keys": [self._jwk()]}
        if address.path == "/userinfo" and headers["Authorization"] == "Bearer toegang":
            return 200, self.claims | self.userinfo_changes
        return 404, {}

    def _configuration(self) -> dict:
        places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in places.items()}
        found |= {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"}
        found["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
        return found | self.configuration_changes

    def _jwk(self) -> dict:
        public = json.loads(RSAAlgorithm.to_jwk(self.published_key.public_key()))
        return public | {"kid": KEY_ID, "alg": "RS256", "use": "sig"}

    def _authorize(self, query: dict) -> str:
        self.asked.append(query)
        back = {"state": query["state"]}
        if self.cancelled:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(8)
            self.codes[back["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict) -> tuple[int, object]:
        asked = self.codes.pop(form["code"], None)
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        known = form["client_id"] == CLIENT_ID and form["client_secret"] == SECRET
        if not asked or not known or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": "toegang", "token_type": "Bearer", "expires_in": 60}
        if not self.without_id_token:
            answer["id_token"] = self._id_token(asked)
        return 200, answer

    def _id_token(self, asked: dict) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.claims | self.token_changes
        claims = {name: value for name, value in claims.items() if value is not None}
        key = {"RS256": self.key, "HS256": SECRET, "none": None}[self.algorithm]
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": KEY_ID})
