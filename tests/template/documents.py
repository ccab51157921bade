"""The documents of every role of the template, as they are once it is deployed: `python documents.py` writes them to
where the tests of `crates/iam` hold them against other implementations of IAM."""

import json
from pathlib import Path

from rights import TEMPLATE, Rights

DOCUMENTS = Path(__file__).resolve().parents[2] / "crates" / "iam" / "tests" / "differential" / "documents.json"

# What CloudFormation would know: addresses of resources, by the kind of them.
ADDRESSES = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:us-east-1:123456789012:table/{}",
    "AWS::Logs::LogGroup": "arn:aws:logs:us-east-1:123456789012:log-group:{}:*",
}
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/tenant.eu.auth0.com/"


def documents(text: str) -> str:
    resources = Rights(text).resources.items()
    known = {f"{name}.Arn": ADDRESSES[r["Type"]].format(name) for name, r in resources if r["Type"] in ADDRESSES}
    rights = Rights(text, Issuer=PROVIDER, **known)
    permissions: dict[str, list] = {}
    for (role, _), document in rights.policies().items():
        permissions.setdefault(role, []).append(document)
    trust = {name: rights.document(role["AssumeRolePolicyDocument"]) for name, role in rights.of("AWS::IAM::Role").items()}
    found = json.dumps({"permissions": permissions, "trust": trust}, indent=2) + "\n"
    if "<" in found:
        raise ValueError(f"an address isn't known: {found[found.index('<') :][:60]}")
    return found


if __name__ == "__main__":
    DOCUMENTS.write_text(documents(TEMPLATE.read_text(encoding="utf-8")), encoding="utf-8")
