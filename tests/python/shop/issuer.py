"""A small issuer of our own, whose keys the tests hold, so that they can sign what no honest issuer would.

It only publishes: a discovery document and its public keys. Nobody signs in here.
"""

import base64
import http.server
import json
import threading
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from .stack import CLIENT_ID


class Key:
    """A signing key and the name it is published under."""

    def __init__(self, kid: str, algorithm: str = "RS256"):
        self.kid = kid
        self.algorithm = algorithm
        if algorithm == "RS256":
            self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        else:
            self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def jwk(self) -> dict:
        """The public key as a JWKS has it."""
        algorithm = jwt.get_algorithm_by_name(self.algorithm)
        key = json.loads(algorithm.to_jwk(self.private.public_key()))
        return {**key, "kid": self.kid, "use": "sig", "alg": self.algorithm}


class Issuer:
    """Published on a free port of this machine until `close`."""

    def __init__(self, path: str = "/"):
        self.rsa = Key("rsa-1")
        self.elliptic = Key("ec-1", "ES256")
        self.published = [self.rsa, self.elliptic]
        self.key_requests = 0
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                base = issuer.url if issuer.url.endswith("/") else issuer.url + "/"
                local = "/" + base.split("/", 3)[3]
                documents = {
                    local + ".well-known/openid-configuration": issuer.discovery,
                    local + "jwks.json": issuer.jwks,
                }
                document = documents.get(self.path)
                body = json.dumps(document() if document else {}).encode()
                self.send_response(200 if document else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}{path}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def discovery(self) -> dict:
        base = self.url.rstrip("/")
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks.json",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        }

    def jwks(self) -> dict:
        self.key_requests += 1
        return {"keys": [key.jwk() for key in self.published]}

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def claims(self, subject: str, **changes) -> dict:
        """What an honest ID token of this issuer says; a change to `None` leaves a claim out."""
        now = int(time.time())
        name = subject.split("|")[-1]
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": subject,
            "iat": now,
            "exp": now + 3600,
            "name": name,
            "email": f"{name}@example.com",
            "email_verified": True,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, subject: str, key: Key | None = None, headers: dict | None = None, **changes) -> str:
        """A signed ID token."""
        key = key or self.rsa
        headers = {"kid": key.kid, **(headers or {})}
        return jwt.encode(self.claims(subject, **changes), key.private, key.algorithm, headers)


def encode_part(value: dict | bytes) -> str:
    """A part of a token by hand, for what no library would sign."""
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_part(text: str) -> dict:
    """The JSON of a token's part, believed without a look."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
