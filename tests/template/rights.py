"""Who may call what, read out of the template by other means than the local stack's: `python rights.py` prints it.

Only what the template uses is understood; anything else is an error and no right."""

import json
import re
import sys
from pathlib import Path

import yaml

TEMPLATE = Path(__file__).resolve().parents[2] / "infra" / "template.yaml"
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "pets",
}
GIVEN = {"Auth0Domain": "tenant.eu.auth0.com", "Auth0ClientId": "client", "Api": "api"}


class _Loader(yaml.SafeLoader):
    """YAML whose tags are CloudFormation's functions."""


def _function(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _function)


class Rights:
    """The template's methods, roles, functions and policies, with its functions resolved."""

    def __init__(self, text: str, **parameters):
        self.template = yaml.load(text, _Loader)
        self.resources = self.template["Resources"]
        defaults = {name: p["Default"] for name, p in self.template["Parameters"].items() if "Default" in p}
        self.names = {**defaults, **PSEUDO, **GIVEN, **parameters}

    def of(self, kind: str) -> dict[str, dict]:
        return {name: r["Properties"] for name, r in self.resources.items() if r["Type"] == kind}

    def resolve(self, value):
        """The value without functions. What belongs to a resource becomes `<Resource>` or `<Resource.Attribute>`."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (function, argument), *_ = value.items()
            if function == "Ref":
                return self._name(argument)
            if function == "Fn::GetAtt":
                return self._name(argument if isinstance(argument, str) else ".".join(argument))
            if function == "Fn::Sub":
                pattern, more = argument if isinstance(argument, list) else (argument, {})
                more = {name: self.resolve(item) for name, item in more.items()}
                return re.sub(r"\$\{([^!}]+)\}", lambda m: str(more.get(m[1], None) or self._name(m[1])), pattern)
            if function == "Fn::Join":
                separator, items = argument
                items = self.resolve(items)
                return separator.join(items.split(",") if isinstance(items, str) else items)
            if function == "Fn::If":
                return self.resolve(argument[1 if self._holds({"Condition": argument[0]}) else 2])
        return {key: self.resolve(item) for key, item in value.items()}

    def _name(self, name: str):
        if name in self.names:
            return self.names[name]
        if name.split(".")[0] not in self.resources:
            raise KeyError(f"{name} is neither a parameter nor a resource")
        return f"<{name}>"

    def _holds(self, condition: dict) -> bool:
        (function, argument), *_ = condition.items()
        if function == "Condition":
            return self._holds(self.template["Conditions"][argument])
        if function == "Fn::Equals":
            one, other = self.resolve(argument)
            return one == other
        if function == "Fn::Not":
            return not self._holds(argument[0])
        raise ValueError(f"{function} is no condition that is known here")

    def path(self, resource_id: str) -> str:
        if resource_id == "<Api.RootResourceId>":
            return ""
        properties = self.resources[resource_id.strip("<>")]["Properties"]
        return self.path(self.resolve(properties["ParentId"])) + "/" + properties["PathPart"]

    def routes(self) -> dict[tuple[str, str], dict]:
        """Method and path, with the method's properties."""
        methods = self.of("AWS::ApiGateway::Method").values()
        return {(m["HttpMethod"], self.path(self.resolve(m["ResourceId"]))): m for m in methods}

    def document(self, value) -> dict:
        """A policy document, which may be written as a text."""
        value = self.resolve(value)
        return json.loads(value) if isinstance(value, str) else value

    def policies(self) -> dict[tuple[str, str], dict]:
        """Role and policy name, with the document."""
        roles = self.of("AWS::IAM::Role")
        return {
            (name, policy["PolicyName"]): self.document(policy["PolicyDocument"])
            for name, role in roles.items()
            for policy in role.get("Policies", [])
        }

    def people(self) -> list[str]:
        """The roles that a web identity can assume."""
        roles = self.of("AWS::IAM::Role")
        documents = {name: self.document(role["AssumeRolePolicyDocument"]) for name, role in roles.items()}
        return [name for name, trust in documents.items() if "AssumeRoleWithWebIdentity" in json.dumps(trust)]

    def allows(self, role: str, action: str, resource: str) -> bool:
        """What IAM would say: a denial is stronger than any number of permissions."""
        effects = set()
        for (owner, _), document in self.policies().items():
            for statement in _list(document["Statement"]) if owner == role else []:
                unknown = set(statement) - {"Sid", "Effect", "Action", "Resource"}
                if unknown:
                    raise ValueError(f"{role}: {unknown} is not understood here")
                if _matches(statement["Action"], action) and _matches(statement["Resource"], resource):
                    effects.add(statement["Effect"])
        return effects == {"Allow"}

    def may_call(self, role: str | None, method: str, path: str) -> bool:
        """Whether a role, or a visitor (None), gets through the gateway."""
        kind = self.routes()[method, path]["AuthorizationType"]
        if kind == "NONE":
            return True
        if kind != "AWS_IAM":
            raise ValueError(f"{kind} is not understood here")
        place = f"arn:aws:execute-api:us-east-1:123456789012:api/{self.names['StageName']}/{method}"
        return role is not None and self.allows(role, "execute-api:Invoke", place + path.replace("{petId}", "7"))


def _list(value) -> list:
    return value if isinstance(value, list) else [value]


def _matches(patterns, text: str) -> bool:
    def one(pattern: str) -> bool:
        parts = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
        return re.fullmatch(parts, text, re.DOTALL) is not None

    return any(one(pattern) for pattern in _list(patterns))


def main():
    rights = Rights(TEMPLATE.read_text(encoding="utf-8"))
    who = [None, *rights.people()]
    print(f"{'':32}" + "".join(f"{role or 'everybody':12}" for role in who))
    for method, path in sorted(rights.routes(), key=lambda route: (route[1], route[0])):
        marks = ("yes" if rights.may_call(role, method, path) else "-" for role in who)
        print(f"{method:8}{path:24}" + "".join(f"{mark:12}" for mark in marks))


if __name__ == "__main__":
    sys.exit(main())
