"""Somebody who has signed in, with what a signed-in person can do."""

from dataclasses import dataclass

from botocore.credentials import Credentials

from .caller import ADMIN_ROLE, BUYER_ROLE, Answer, Caller, credentials_for
from .sign_in import Sample, sign_in
from .stack import Stack


@dataclass
class Person:
    """The token, and what it was good for."""

    token: str
    role: str
    credentials: Credentials
    caller: Caller

    @classmethod
    def with_token(cls, stack: Stack, token: str, role: str) -> "Person":
        credentials = credentials_for(stack, token, role)
        return cls(token, role, credentials, Caller(stack, credentials))

    @classmethod
    def signed_in(cls, stack: Stack, sample: Sample) -> "Person":
        role = BUYER_ROLE if sample.subject_prefix == "amazon|" else ADMIN_ROLE
        return cls.with_token(stack, sign_in(stack, sample)["id_token"], role)

    def buy(self, pet_id: int) -> Answer:
        """Buys as the page does: signed, with the ID token in the body."""
        return self.caller.call("POST", "/pets/purchase", {"petId": pet_id, "authToken": self.token})

    def purchases(self) -> Answer:
        """The caller's own purchases."""
        return self.caller.call("GET", "/pets/purchases", headers={"X-Identity-Token": self.token})
