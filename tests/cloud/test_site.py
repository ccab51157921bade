"""`cargo xtask deploy`'s program brings template, functions and page into the emulator; the deployed copy is opened in a
browser, with the headers that were deployed: somebody signs in, adds a pet, and somebody else buys it."""

import os
from pathlib import Path

import pytest
import requests
from deployment import client_settings, make_provider, outputs, parameters, run
from emulator import Emulator
from front import Front
from overlay import overlay
from shop.stack import HANG_SECONDS, ROOT, STAGE, TEMPLATE, Stack


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """What stands in front of the deployed page, and what the second deploy said."""
    folder = tmp_path_factory.mktemp("site")
    front, emulator = Front(), Emulator(folder / "ministack")
    tenant = Stack(folder / "tenant", "--app-origin", front.origin)
    settings = client_settings(emulator)
    template = folder / "template.yaml"
    template.write_text(overlay(TEMPLATE, make_provider(settings, tenant), tenant.issuer), encoding="utf-8")
    given = parameters(tenant, front.origin)
    deploy(emulator, template, given, {})
    told = outputs(settings)
    api = told["ApiUrl"].split("/")[2].split(".")[0]
    # The emulator answers for the API and for STS at its own address.
    config = {
        "issuer": tenant.issuer,
        "apiUrl": f"{emulator.address}/restapis/{api}/{STAGE}/_user_request_",
        "stsUrl": f"{emulator.address}/",
    }
    second = deploy(emulator, template, {}, config)
    front.serve(
        settings,
        told,
        {
            f"https://{api}.execute-api.us-east-1.amazonaws.com": emulator.address,
            "https://sts.us-east-1.amazonaws.com": emulator.address,
            f"https://{given['Auth0Domain']}": f"http://{given['Auth0Domain']}",
        },
    )
    yield front, second
    for part in (front, tenant, emulator):
        part.stop()


def deploy(emulator: Emulator, template: Path, given: dict, config: dict) -> str:
    command = [os.environ["PETS_DEPLOY"], "deploy", "--yes", "--template", template]
    command += ["--dist", os.environ["PETS_DIST"], "--functions", ROOT / "target" / "lambda"]
    for option, values in (("--parameter", given), ("--config", config)):
        for name, value in values.items():
            command += [option, f"{name}={value}"]
    return run(*command, log=emulator, **emulator.environment)


def test_a_missing_file_is_missing_and_every_other_address_is_the_page(site):
    origin = site[0].origin
    index = requests.get(f"{origin}/", timeout=HANG_SECONDS)
    assert index.status_code == 200 and index.headers["content-type"].startswith("text/html")
    assert index.headers["cache-control"] == "no-cache"
    policy = index.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy and index.headers["x-frame-options"] == "DENY"
    for path in ("/login", "/pets/7/purchase", "/no/such/page"):
        assert requests.get(origin + path, timeout=HANG_SECONDS).content == index.content
    for path in ("/no-such.wasm", "/pictures/no-such.svg"):
        assert requests.get(origin + path, timeout=HANG_SECONDS).status_code == 404


def test_a_second_deploy_uploads_what_is_new(site):
    second = site[1].rsplit("\nPage\n", 1)[1]
    assert "1/2  config.json" in second and "2/2  index.html" in second, "the page names its API"
    assert "CloudFront asks again for /, /config.json, /index.html" in second, site[1]


def test_an_address_of_ones_own_is_told_what_it_needs(site):
    assert "apiUrl is http://127.0.0.1" in site[1] and "connect-src" in site[1], site[1]


def test_people_use_the_deployed_shop(site):
    command = [ROOT / "e2e/node_modules/.bin/playwright", "test", "--config", "playwright.deployed.config.ts"]
    run(*command, folder=ROOT / "e2e", PETS_SITE=site[0].origin)
