"""The deployed site and the local stack's `--dist` answer with the same headers."""

import re

import pytest
import requests
from shop.stack import HANG_SECONDS, Stack

# Over plain HTTP a browser must ignore it.
ONLY_OVER_TLS = "strict-transport-security"


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The headers of a page without inline scripts, as deployed pages are."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text("<!doctype html><title>Pets</title>", encoding="utf-8")
    stack = Stack(folder / "data", "--dist", str(folder / "dist"))
    yield stack, requests.get(stack.origin + "/", timeout=HANG_SECONDS).headers
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


def test_the_headers_are_the_same(rights, local):
    stack, here = local
    there = deployed(rights)
    addresses = "https://api.execute-api.us-east-1.amazonaws.com https://sts.us-east-1.amazonaws.com https://tenant.eu.auth0.com"
    assert addresses in there["content-security-policy"]
    there["content-security-policy"] = there["content-security-policy"].replace(addresses, stack.issuer.removesuffix("/idp/"))
    assert {name: here.get(name) for name in there if name != ONLY_OVER_TLS} == {
        name: value for name, value in there.items() if name != ONLY_OVER_TLS
    }


def test_only_files_of_its_own_are_scripts(rights):
    policy = deployed(rights)["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert not re.search(r"unsafe-inline|\*|http:", policy)
