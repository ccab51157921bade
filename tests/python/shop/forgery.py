"""Tokens that nobody may believe, each made from what an attacker can have: a real token, and the public keys."""

import base64
import hashlib
import hmac

import jwt

from .issuer import Key, decode_part, encode_part


def with_claims(token: str, **changes) -> str:
    """Other claims under the old signature."""
    header, claims, signature = token.split(".")
    return ".".join([header, encode_part({**decode_part(claims), **changes}), signature])


def without_signature(token: str) -> str:
    """The header as it was, and nothing behind the last dot."""
    return token.rsplit(".", 1)[0] + "."


def unsigned(token: str, algorithm: str = "none", **changes) -> str:
    """The header says that there is no signature (RFC 7518, section 3.6)."""
    header, claims, _ = token.split(".")
    header = {**decode_part(header), "alg": algorithm}
    return ".".join([encode_part(header), encode_part({**decode_part(claims), **changes}), ""])


def signed_with_secret(token: str, secret: bytes, algorithm: str = "HS256", **changes) -> str:
    """A symmetric signature whose secret is the public key: right for a verifier that lets the token choose."""
    header, claims, _ = token.split(".")
    header = {**decode_part(header), "alg": algorithm}
    signed = ".".join([encode_part(header), encode_part({**decode_part(claims), **changes})])
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[algorithm]
    return signed + "." + encode_part(hmac.new(secret, signed.encode(), digest).digest())


def signed_with_own_key(token: str, key: Key, header_changes: dict | None = None, **changes) -> str:
    """A good signature by a key that isn't the issuer's."""
    header, claims, _ = token.split(".")
    header = {**decode_part(header), "alg": key.algorithm, **(header_changes or {})}
    return jwt.encode({**decode_part(claims), **changes}, key.private, key.algorithm, header)


def with_flipped_signature_bit(token: str) -> str:
    """One bit of the signature is another."""
    head, signature = token.rsplit(".", 1)
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[len(raw) // 2] ^= 1
    return head + "." + encode_part(bytes(raw))
