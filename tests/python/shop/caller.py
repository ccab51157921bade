"""Calls of the API, signed by botocore and sent byte for byte as they were signed, or as a test changed them since."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest import mock

import boto3
import botocore.auth
from botocore import UNSIGNED
from botocore.awsrequest import AWSRequest
from botocore.compat import get_current_datetime
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

from .stack import ACCOUNT, APP_ORIGIN, REGION, Stack

ADMIN_ROLE = "auth0-api-role"
BUYER_ROLE = "auth0-api-social-role"

_CONFIG = Config(
    signature_version=UNSIGNED, retries={"total_max_attempts": 1}, connect_timeout=60, read_timeout=60, proxies={}
)


def role_arn(role: str, account: str = ACCOUNT) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{account}:role/{role}"


def sts_client(stack: Stack):
    """AWS's own client of STS, without credentials: the call isn't signed."""
    return boto3.client("sts", endpoint_url=stack.sts, region_name=REGION, config=_CONFIG)


def assume(stack: Stack, token: str, role: str, session: str = "tests", **more) -> dict:
    """STS's answer to AssumeRoleWithWebIdentity, or botocore's `ClientError`."""
    return sts_client(stack).assume_role_with_web_identity(
        RoleArn=role_arn(role, stack.account), RoleSessionName=session, WebIdentityToken=token, **more
    )


def credentials_for(stack: Stack, token: str, role: str) -> Credentials:
    """The session credentials that a token is good for."""
    given = assume(stack, token, role)["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def error_type(self) -> str | None:
        """The gateway's word for its refusal. AWS may put a colon and an address behind it."""
        value = self.headers.get("x-amzn-errortype")
        return value.split(":")[0] if value else None

    @property
    def code(self) -> str | None:
        """The shop's own word for its refusal."""
        return self.json().get("code")


class Caller:
    """Somebody who calls the API; without credentials, a visitor."""

    def __init__(self, stack: Stack, credentials: Credentials | None = None, region=REGION, service="execute-api"):
        self.stack = stack
        self.credentials = credentials
        self.region = region
        self.service = service
        self.http = URLLib3Session(proxies={}, timeout=60)

    def request(self, method: str, path: str, body=None, headers: dict | None = None) -> AWSRequest:
        """A request that isn't signed yet. `path` begins behind the stage and may have a query."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        return AWSRequest(method=method, url=self.stack.api + path, data=body, headers=headers)

    def sign(self, request: AWSRequest, at: datetime | None = None) -> AWSRequest:
        """Signs into the `Authorization` header, as if it were `at` that time."""
        return self._sign(botocore.auth.SigV4Auth(self.credentials, self.service, self.region), request, at)

    def presign(self, request: AWSRequest, at: datetime | None = None, expires: int = 300) -> AWSRequest:
        """Signs into the query. Botocore would move a body there too: it stays, and its hash is signed as a header."""
        signer = botocore.auth.SigV4QueryAuth(self.credentials, self.service, self.region, expires=expires)
        body, request.data = request.data, b""
        if body:
            request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(body).hexdigest()
        self._sign(signer, request, at)
        request.data = body
        return request

    @staticmethod
    def _sign(signer, request: AWSRequest, at: datetime | None) -> AWSRequest:
        with mock.patch("botocore.auth.get_current_datetime", lambda: at or get_current_datetime()):
            signer.add_auth(request)
        return request

    def send(self, request: AWSRequest) -> Answer:
        """Sends it as a page at the app's origin would: the browser adds `Origin` after the signature is made."""
        if "Origin" not in request.headers:
            request.headers["Origin"] = APP_ORIGIN
        response = self.http.send(request.prepare())
        return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)

    def call(self, method: str, path: str, body=None, headers: dict | None = None) -> Answer:
        """Signs, if there is something to sign with, and sends."""
        request = self.request(method, path, body, headers)
        return self.send(self.sign(request) if self.credentials else request)

    def presigned_call(self, method: str, path: str, body=None, headers: dict | None = None) -> Answer:
        """The same with the signature in the query."""
        return self.send(self.presign(self.request(method, path, body, headers)))


def minutes_from_now(minutes: float) -> datetime:
    """A time for `sign`."""
    return get_current_datetime() + timedelta(minutes=minutes)
