"""What an answer must look like, whoever gives it."""

import re

from .caller import Answer
from .stack import APP_ORIGIN, STAGE

EXPOSED = {"date", "link", "x-amzn-errortype", "x-amzn-requestid"}


def readable_by_a_page(answer: Answer):
    """Without these headers a browser reports a network error, and the page can't say what happened."""
    assert answer.headers.get("access-control-allow-origin") in ("*", APP_ORIGIN), answer
    exposed = {name.strip().lower() for name in answer.headers.get("access-control-expose-headers", "").split(",")}
    assert EXPOSED <= exposed, answer
    assert "date" in answer.headers, answer


def refused_by_gateway(answer: Answer, error_type: str):
    """As AWS sends it: 403, the type in a header, and a body that has a message and nothing of the shop's."""
    assert (answer.status, answer.error_type) == (403, error_type), answer
    assert answer.headers["content-type"].startswith("application/json"), answer
    body = answer.json()
    assert isinstance(body.get("message") or body.get("Message"), str), answer
    assert "code" not in body, answer
    readable_by_a_page(answer)


def refused_by_iam(answer: Answer, role: str, method: str, path: str):
    """AWS's sentence: who, in which role, may not do what, on what."""
    refused_by_gateway(answer, "AccessDeniedException")
    message = next(iter(answer.json().values()))
    assert re.search(rf"arn:aws:sts::\d{{12}}:assumed-role/{re.escape(role)}/[\w+=,.@-]+", message), message
    assert "execute-api:Invoke" in message, message
    resource = rf"arn:aws:execute-api:us-east-1:[\d*]{{12}}:\w+/{STAGE}/{method}{re.escape(path)}(?!\S)"
    assert re.search(resource, message), message


def refused_by_shop(answer: Answer, status: int, code: str):
    """The shop's own refusal: a code for a program, a sentence for a person, an id for the log."""
    assert (answer.status, answer.code) == (status, code), answer
    body = answer.json()
    assert set(body) <= {"code", "message", "requestId", "field"}, answer
    assert re.search(r"[.!?]$", body["message"]), answer
    assert body["requestId"], answer
    assert answer.headers["content-type"].startswith("application/json"), answer
    readable_by_a_page(answer)
