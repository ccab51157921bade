"""A template that can't be understood, or says what would not be enforced, is refused with its line: fail closed."""

import re

import pytest

from shop.stack import refused_start
from shop.words import says


def refused(template, tmp_path) -> str:
    return refused_start("--listen", "127.0.0.1:0", "--data", tmp_path / "data", template=template)


def test_a_template_that_is_not_there(tmp_path):
    file = tmp_path / "no-such.yaml"
    says(refused(file, tmp_path), str(file), "--template")


@pytest.mark.parametrize("content", [b"", b"- a\n- b\n", b"hello\n", b"Resources: {}\n", b"\xff\xfe\x00"])
def test_a_template_that_is_none(tmp_path, content):
    file = tmp_path / "template.yaml"
    file.write_bytes(content)
    says(refused(file, tmp_path), str(file))


def test_a_template_that_is_no_yaml(tmp_path, edited_template):
    file = edited_template(("Resources:\n  # ----", "Resources: [\n  # ----"))
    words = refused(file, tmp_path)
    assert re.search(re.escape(str(file)) + r":\d+", words), words


ADMIN = "      RoleName: auth0-api-role\n"
ADD = "      ResourceId: !Ref PetsResource\n      HttpMethod: POST\n      AuthorizationType: AWS_IAM\n"
API = "      Name: pets\n"
MANAGE = "              - Sid: ManagePets\n                Effect: Allow\n                Action: execute-api:Invoke\n"
SOURCE = '"StringLike": { "${Auth0Domain}${IssuerPath}:sub": "auth0|*" }'
PROVIDER = "      Url: !Sub https://${Auth0Domain}${IssuerPath}\n      ClientIdList: [!Ref Auth0ClientId]\n"
TYPE = "  Api:\n    Type: AWS::ApiGateway::RestApi\n"
NEXT = "  # ---- The API"


def resource(name: str, kind: str, properties: str) -> str:
    """A resource more, before the API's."""
    return f"  {name}:\n    Type: {kind}\n    Properties: {properties}\n{NEXT}"


# What changes who may do what: a text of the template, what stands there instead, and words of the line at fault.
NOT_SUPPORTED = {
    "a permissions boundary": (ADMIN, ADMIN + "      PermissionsBoundary: arn:aws:iam::aws:policy/X\n", "PermissionsB"),
    "a managed policy": (ADMIN, ADMIN + "      ManagedPolicyArns: [arn:aws:iam::aws:policy/X]\n", "Arns: [arn"),
    "an API key": (ADD, ADD + "      ApiKeyRequired: true\n", "ApiKeyRequired"),
    "a resource policy": (API, API + "      Policy: { Version: '2012-10-17', Statement: [] }\n", "Policy: { V"),
    "another authorization type": (ADD, ADD.replace("AWS_IAM", "CUSTOM"), "AuthorizationType: CUSTOM"),
    "authorization scopes": (ADD, ADD + "      AuthorizationScopes: [pets]\n", "AuthorizationScopes"),
    "a misspelt property": (ADD, ADD.replace("AuthorizationType", "AuthorisationType"), "AuthorisationType"),
    "a misspelt effect": (MANAGE, MANAGE.replace("Allow", "Alow"), "Alow"),
    "a misspelt element": (MANAGE, MANAGE.replace("Action", "Actions"), "Actions"),
    "an action that is a number": (MANAGE, MANAGE.replace("execute-api:Invoke", "7"), "Action: 7"),
    "an unknown operator": (SOURCE, SOURCE.replace("StringLike", "StringLooksLike"), "StringLooksLike"),
    "an unknown function": (PROVIDER, PROVIDER.replace("!Sub", "!Transform"), "!Transform"),
    "an unknown reference": (PROVIDER, PROVIDER.replace("!Ref Auth0ClientId", "!Ref Nobody"), "Nobody"),
    "a condition": (TYPE, TYPE.replace("    Type", "    Condition: Never\n    Type"), "Condition: Never"),
    "a policy beside the role": (NEXT, resource("More", "AWS::IAM::Policy", "{ Roles: [!Ref AdminRole] }"), "More"),
    "an authorizer": (NEXT, resource("Guard", "AWS::ApiGateway::Authorizer", "{ Type: TOKEN }"), "Guard"),
}  # fmt: skip

# A policy document is one value: its first line is named, and the place in it in words. What is missing has no line of
# its own, and a resource is named by its name or its type.
NAMED_ELSEWHERE = {
    "a misspelt property": range(-6, 1),
    "a misspelt effect": range(-4, 1),
    "a misspelt element": range(-5, 1),
    "an action that is a number": range(-5, 1),
    "an unknown operator": range(-14, 1),
    "a policy beside the role": range(0, 2),
    "an authorizer": range(0, 2),
}


@pytest.mark.parametrize("case", NOT_SUPPORTED)
def test_a_template_with_what_would_not_be_enforced(tmp_path, edited_template, case):
    old, new, fault = NOT_SUPPORTED[case]
    file = edited_template((old, new))
    lines = file.read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if fault in text]
    words = refused(file, tmp_path)
    named = [int(number) for number in re.findall(re.escape(str(file)) + r":(\d+)", words)]
    assert named, words
    assert named[0] - line in NAMED_ELSEWHERE.get(case, [0]), f"line {line} is at fault:\n{words}"
