"""IAM's decisions as a caller meets them: signed requests through the gateway that others made, policy by policy, held
against what `crates/iam` decides. What the documents can say is compared more widely in `crates/iam`; here it is
signature, credentials, address and path of real requests."""

import json
import random
import subprocess
from collections import Counter
from dataclasses import dataclass

import boto3
import pytest
from botocore.credentials import Credentials
from deployment import PROGRAM_SECONDS, client_settings
from emulator import ACCOUNT
from rights import TEMPLATE, Rights
from shop.caller import Caller
from shop.stack import REGION, ROOT, STAGE

METHODS = ["GET", "POST", "DELETE", "PUT"]
PATHS = ["/pets", "/pets/7", "/pets/sales", "/pets/purchase", "/pets/purchases", "/pets/7/x", "/petsx", "/Pets"]
USER = "caller"
SEED = 20261123
POLICIES = 40
CALLS = 8


@dataclass
class Gate:
    """A REST API that lets everybody through whom IAM lets through, and a user with keys."""

    api_id: str
    api: str
    credentials: Credentials
    iam: object

    def arn(self, method: str, path: str) -> str:
        return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.api_id}/{STAGE}/{method}{path}"

    def calls(self, policies: list[dict], calls: list[tuple[str, str]]) -> list[str]:
        """What becomes of these calls while the user has these policies and no others."""
        for at, policy in enumerate(policies):
            self.iam.put_user_policy(UserName=USER, PolicyName=f"p{at}", PolicyDocument=json.dumps(policy))
        caller = Caller(self, self.credentials)
        answers = [self._outcome(caller.call(method, path)) for method, path in calls]
        for at in range(len(policies)):
            self.iam.delete_user_policy(UserName=USER, PolicyName=f"p{at}")
        return answers

    @staticmethod
    def _outcome(answer) -> str:
        if answer.status == 200:
            return "Allowed"
        said = answer.json()["message" if "message" in answer.json() else "Message"]
        assert answer.status == 403 and "is not authorized to perform: execute-api:Invoke" in said, answer
        return "ExplicitlyDenied" if "explicit deny" in said else "ImplicitlyDenied"


@pytest.fixture(scope="session")
def gate(emulator) -> Gate:
    settings = client_settings(emulator)
    gateway, iam = boto3.client("apigateway", **settings), boto3.client("iam", **settings)
    api = gateway.create_rest_api(name="gate")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    everything = gateway.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    method = {"restApiId": api, "resourceId": everything, "httpMethod": "ANY"}
    gateway.put_method(**method, authorizationType="AWS_IAM")
    gateway.put_integration(**method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.put_method_response(**method, statusCode="200")
    gateway.put_integration_response(**method, statusCode="200")
    gateway.create_deployment(restApiId=api, stageName=STAGE)
    iam.create_user(UserName=USER)
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    address = f"{emulator.address}/restapis/{api}/{STAGE}/_user_request_"
    return Gate(api, address, Credentials(key["AccessKeyId"], key["SecretAccessKey"]), iam)


def decided(cases: list[dict]) -> list[str]:
    """What `crates/iam` says."""
    command = ["cargo", "run", "--quiet", "--package", "iam", "--example", "decide"]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    ran = subprocess.run(
        command, cwd=ROOT, input=lines, capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False
    )
    assert ran.returncode == 0, ran.stderr
    answers = ran.stdout.splitlines()
    assert len(answers) == len(cases), ran.stderr
    return answers


def case(gate: Gate, policies: list[dict], method: str, path: str) -> dict:
    context = {
        "aws:SourceIp": ["127.0.0.1"],
        "aws:SecureTransport": ["false"],
        "aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:user/{USER}"],
    }
    resource = gate.arn(method, path)
    invoke = "execute-api:Invoke"
    return {"kind": "permissions", "policies": policies, "action": invoke, "resource": resource, "context": context}


def compare(gate: Gate, asked: list[tuple[list[dict], list[tuple[str, str]]]]) -> Counter:
    cases = [case(gate, policies, *call) for policies, calls in asked for call in calls]
    met = [answer for policies, calls in asked for answer in gate.calls(policies, calls)]
    ours = decided(cases)
    differ = [(case, met, ours) for case, met, ours in zip(cases, met, ours, strict=True) if met != ours]
    assert not differ, f"{len(differ)} of {len(cases)}; case, gateway, crates/iam: {json.dumps(differ[0])}"
    return Counter(ours)


@pytest.mark.parametrize("role", ["AdminRole", "BuyerRole"])
def test_the_gateway_lets_a_role_s_calls_through_as_decided(gate, role):
    rights = Rights(TEMPLATE.read_text(encoding="utf-8"), Api=gate.api_id, **{"AWS::AccountId": ACCOUNT})
    policies = [document for (owner, _), document in rights.policies().items() if owner == role]
    every = [(method, path) for method in METHODS for path in PATHS]
    outcomes = compare(gate, [(policies, every)])
    assert outcomes["Allowed"] >= 2 and outcomes["ImplicitlyDenied"] >= 10, outcomes


def test_the_gateway_decides_made_up_policies_alike(gate):
    dice = random.Random(SEED)
    asked = []
    for _ in range(POLICIES):
        calls = [(dice.choice(METHODS), dice.choice(PATHS)) for _ in range(CALLS)]
        asked.append(([made_up(dice, gate, calls) for _ in range(dice.choice((1, 1, 2)))], calls))
    outcomes = compare(gate, asked)
    assert all(outcomes[name] >= 40 for name in ("Allowed", "ExplicitlyDenied", "ImplicitlyDenied")), outcomes


def made_up(dice: random.Random, gate: Gate, calls: list[tuple[str, str]]) -> dict:
    """A document of up to three statements, near these calls."""
    statements = []
    for _ in range(dice.randint(1, 3)):
        action = dice.choice(["execute-api:Invoke"] * 4 + ["execute-api:*", "EXECUTE-API:inv?ke", "*", "s3:*"])
        resources = [pattern(dice, gate, *dice.choice(calls)) for _ in range(dice.randint(1, 3))]
        not_action, not_resource = dice.random() < 0.1, dice.random() < 0.15
        statement = {
            "Effect": dice.choice(["Allow", "Allow", "Deny"]),
            "NotAction" if not_action else "Action": dice.choice(["s3:*", "execute-api:M*"]) if not_action else action,
            "NotResource" if not_resource else "Resource": resources,
        }
        if dice.random() < 0.4:
            statement["Condition"] = condition(dice)
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def pattern(dice: random.Random, gate: Gate, method: str, path: str) -> str:
    method = dice.choice([method, method, "*", method[0] + "*"])
    path = dice.choice([path, path, "/*", "/pets*", path[:-1] + "?", path + "/*", path[:3] + "*" + path[-2:]])
    stage = dice.choice([STAGE, STAGE, STAGE, "*", "prod"])
    region, account = dice.choice([REGION, REGION, "*"]), dice.choice([ACCOUNT, ACCOUNT, "*", "999999999999"])
    return f"arn:aws:execute-api:{region}:{account}:{dice.choice([gate.api_id] * 3 + ['*'])}/{stage}/{method}{path}"


def condition(dice: random.Random) -> dict:
    return dice.choice(
        [
            {"IpAddress": {"aws:SourceIp": dice.choice(["127.0.0.0/8", "127.0.0.1", "10.0.0.0/8"])}},
            {"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"]}},
            {"Bool": {"aws:SecureTransport": dice.choice(["true", "false"])}},
            {"ArnLike": {"aws:PrincipalArn": dice.choice(["arn:aws:iam::*:user/c*", "arn:aws:iam::*:role/*"])}},
            {"StringNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/{dice.choice([USER, 'other'])}"}},
            {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
            {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
            {"Null": {"aws:SourceVpce": dice.choice(["true", "false"])}},
        ]
    )
