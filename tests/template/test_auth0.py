"""The tenant's file for Auth0's deploy tool: what in it decides who may become what, and where a browser may be sent."""

import re

import pytest
import yaml
from shop.stack import ROOT

FOLDER = ROOT / "infra" / "auth0"
TEXT = (FOLDER / "tenant.yaml").read_text(encoding="utf-8")
KEYWORD = re.compile(r"##([A-Z0-9_]+)##")


@pytest.fixture(scope="module")
def tenant() -> dict:
    values = {"PAGE_ORIGIN": "https://page.example"}
    return yaml.safe_load(KEYWORD.sub(lambda keyword: values.get(keyword[1], keyword[1]), TEXT))


def test_nobody_can_make_themselves_an_admin(tenant):
    assert tenant["databases"], "there is a Database Connection"
    for database in tenant["databases"]:
        assert database["strategy"] == "auth0"
        assert database["options"]["disable_signup"] is True
        assert database["options"]["brute_force_protection"] is True
        # The connection that every tenant has may have people from when its sign-up was open.
        assert database["name"] != "Username-Password-Authentication"


def test_only_named_connections_are_open_and_only_to_the_shop(tenant):
    assert tenant["tenant"]["flags"]["enable_client_connections"] is False
    for connection in tenant["databases"] + tenant["connections"]:
        assert connection["enabled_clients"] == [client["name"] for client in tenant["clients"]]


def test_a_social_connection_is_one_that_the_template_lists(tenant):
    template = (ROOT / "infra" / "template.yaml").read_text(encoding="utf-8")
    listed = re.search(r"\n  SocialConnections:\n(?:    .*\n)*?    Default: (.*)\n", template)[1].split(",")
    for connection in tenant["connections"]:
        assert connection["name"] == connection["strategy"]
        assert connection["strategy"] in listed


def test_the_application_is_a_page_without_a_secret(tenant):
    (client,) = tenant["clients"]
    assert (client["app_type"], client["token_endpoint_auth_method"]) == ("spa", "none")
    assert client["oidc_conformant"] is True
    assert sorted(client["grant_types"]) == ["authorization_code", "refresh_token"]
    assert client["jwt_configuration"]["alg"] == "RS256"
    refresh = client["refresh_token"]
    assert (refresh["rotation_type"], refresh["expiration_type"]) == ("rotating", "expiring")
    assert refresh["leeway"] <= 10
    assert not refresh["infinite_token_lifetime"] and not refresh["infinite_idle_token_lifetime"]
    assert client["client_metadata"] == {"social_connections": "SOCIAL_CONNECTIONS"}


def test_a_browser_is_sent_where_the_page_expects_it(tenant):
    (client,) = tenant["clients"]
    (path,) = re.findall(r'CALLBACK: &str = "(.*)"', (ROOT / "src" / "routes.rs").read_text(encoding="utf-8"))
    assert client["callbacks"] == [f"https://page.example{path}"]
    sign_out = (ROOT / "src" / "session" / "sign_out.rs").read_text(encoding="utf-8")
    assert 'format!("{}/", self.origin)' in sign_out, "where the page signs out to"
    assert client["allowed_logout_urls"] == ["https://page.example/"]
    assert client["web_origins"] == client["allowed_origins"] == ["https://page.example"]


def test_the_action_that_is_tested_here_is_deployed_and_bound(tenant):
    (action,) = tenant["actions"]
    assert (FOLDER / action["code"]).resolve() == FOLDER / "actions" / "post-login" / "code.js"
    assert action["deployed"] is True
    assert [trigger["id"] for trigger in action["supported_triggers"]] == ["post-login"]
    assert [binding["action_name"] for binding in tenant["triggers"]["post-login"]] == [action["name"]]
    # The tool replaces keywords in code, too.
    assert not re.search(r"##|@@", (FOLDER / action["code"]).read_text(encoding="utf-8"))


def test_secrets_come_from_outside_and_the_readme_names_what_does(tenant):
    for name, value in re.findall(r"^ *(client_id|client_secret|secret): (.*)$", TEXT, re.MULTILINE):
        assert re.fullmatch(r'"##[A-Z0-9_]+##"', value), name
    assert tenant["actions"][0]["secrets"] == []
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for keyword in set(KEYWORD.findall(TEXT)) - {"NAME"}:
        assert f"{keyword}=" in readme, keyword
