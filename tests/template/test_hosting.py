"""The deployed site and the local stack's `--dist` answer with the same headers."""

import re

import pytest
import requests
from shop.stack import HANG_SECONDS, Stack

# Over plain HTTP a browser must ignore the one, and would ask for nothing that is there because of the other.
ONLY_OVER_TLS = "strict-transport-security"
ONLY_OVER_TLS_POLICY = "; upgrade-insecure-requests"


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A stack that serves a page."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text("<!doctype html><title>Pets</title>", encoding="utf-8")
    stack = Stack(folder / "data", "--dist", str(folder / "dist"))
    yield stack
    stack.stop()


def deployed(rights) -> dict[str, str]:
    config = rights.of("AWS::CloudFront::ResponseHeadersPolicy")["SecurityHeaders"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    assert all(header["Override"] for header in security.values())
    headers = {item["Header"].lower(): item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    return headers | {
        "content-security-policy": rights.resolve(security["ContentSecurityPolicy"]["ContentSecurityPolicy"]),
        "x-content-type-options": "nosniff" if "ContentTypeOptions" in security else "",
        "x-frame-options": security["FrameOptions"]["FrameOption"],
        "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        ONLY_OVER_TLS: f"max-age={security['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
    }


@pytest.mark.parametrize("path", ["/", "/pets/7/purchase", "/no-such.wasm", "/..%2fsecret.txt"])
def test_the_headers_are_the_same(rights, local, path):
    there = deployed(rights)
    addresses = "https://api.execute-api.us-east-1.amazonaws.com https://sts.us-east-1.amazonaws.com https://tenant.eu.auth0.com"
    policy = there["content-security-policy"]
    assert addresses in policy and policy.endswith(ONLY_OVER_TLS_POLICY)
    there["content-security-policy"] = policy.removesuffix(ONLY_OVER_TLS_POLICY).replace(
        addresses, local.issuer.removesuffix("/idp/")
    )
    assert int(there.pop(ONLY_OVER_TLS).removeprefix("max-age=")) >= 31536000
    here = requests.get(local.origin + path, timeout=HANG_SECONDS).headers
    assert {name: here.get(name) for name in there} == there
    # Nor is there one here that CloudFront doesn't know of.
    own = {"cache-control", "connection", "content-length", "content-type", "date", "keep-alive", "vary"}
    assert {name.lower() for name in here} - own == set(there)


def test_no_header_is_longer_than_cloudfront_takes(rights):
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    custom = rights.of("AWS::CloudFront::ResponseHeadersPolicy")["SecurityHeaders"]["ResponseHeadersPolicyConfig"]
    items = custom["CustomHeadersConfig"]["Items"]
    assert len(items) <= 10 and all(len(item["Value"]) <= 1783 for item in items)


def test_what_is_not_named_is_off(rights):
    policy = deployed(rights)["content-security-policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert directives["worker-src"] == directives["style-src"] == directives["img-src"] == "'self'"
    assert {directives[name] for name in ("base-uri", "form-action", "frame-ancestors")} == {"'none'"}
    assert directives["require-trusted-types-for"] == "'script'" and directives["trusted-types"] == "shelf"
    assert not re.search(r"unsafe-inline|'unsafe-eval'|\*|http:|data:|blob:", policy)
