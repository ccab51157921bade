"""What others say of the template: AWS's own tools, and linters of templates and of policies."""

import json
import os
import subprocess
import sys
from pathlib import Path

import parliament
from rights import TEMPLATE

ENVIRONMENT = {
    **os.environ,
    "AWS_DEFAULT_REGION": "us-east-1",
    "SAM_CLI_TELEMETRY": "0",
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}
BOUND_SECONDS = 240


def silent(*command: str | Path) -> str:
    """Runs a linter that must be content. Gives what it says."""
    ran = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=BOUND_SECONDS, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_cfn_lint_has_nothing_to_say():
    assert silent("cfn-lint", TEMPLATE) == ""


def test_sam_validate_has_nothing_to_say():
    assert "is a valid SAM Template" in silent("sam", "validate", "--lint", "--template", TEMPLATE)


def checkov(file: Path) -> subprocess.CompletedProcess:
    options = ["--framework", "cloudformation", "--compact", "--quiet", "--skip-download", "--output", "cli"]
    command = [os.environ["PETS_CHECKOV"], "--file", file, *options]
    return subprocess.run(
        command, capture_output=True, text=True, env=ENVIRONMENT, timeout=BOUND_SECONDS, check=False
    )


def test_checkov_finds_nothing_without_a_reason_beside_it(rights):
    ran = checkov(TEMPLATE)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Failed checks: 0" in ran.stdout and "Passed checks: 0" not in ran.stdout, ran.stdout
    for name, resource in rights.resources.items():
        for skipped in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
            assert len(skipped["comment"].split()) > 3, f"{name} skips {skipped['id']} and doesn't say why"


def test_checkov_would_find_something(tmp_path):
    file = tmp_path / "template.yaml"
    text = TEMPLATE.read_text(encoding="utf-8")
    line = "      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }\n"
    assert line in text
    file.write_text(text.replace(line, ""), encoding="utf-8")
    assert "CKV_AWS_28" in checkov(file).stdout


def test_a_linter_of_policies_has_nothing_to_say(rights):
    assert len(rights.policies()) >= 8
    for name, document in rights.policies().items():
        # A resource stands for its ARN, whose last part only AWS knows.
        document = with_arns(document)
        findings = parliament.analyze_policy_string(json.dumps(document)).findings
        assert findings == [], f"{name}: {findings}"


ARNS = {
    "<PetsTable.Arn>": "arn:aws:dynamodb:us-east-1:123456789012:table/pets",
    **{
        f"<{function}Logs.Arn>": f"arn:aws:logs:us-east-1:123456789012:log-group:{function}:log-stream:*"
        for function in ("List", "Manage", "Purchase")
    },
}


def with_arns(value):
    if isinstance(value, dict):
        return {key: with_arns(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_arns(item) for item in value]
    for name, arn in ARNS.items():
        value = value.replace(name, arn)
    assert "<" not in value, f"{value} has a resource whose ARN is not known here"
    return value


def wildcards(rights) -> set[str]:
    """Every wildcard in what a role may do."""
    found = set()
    for document in rights.policies().values():
        for statement in document["Statement"]:
            values = statement["Action"], statement["Resource"]
            for value in values:
                found |= {text for text in (value if isinstance(value, list) else [value]) if "*" in text or "?" in text}
    return found


def test_the_only_wildcard_is_a_pet_s_id(rights):
    assert wildcards(rights) == {"arn:aws:execute-api:us-east-1:123456789012:api/test/DELETE/pets/*"}
