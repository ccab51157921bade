"""The template, deployed by AWS's own tools into services that others made."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from emulator import ACCOUNT, Emulator
from overlay import overlay
from shop.stack import APP_ORIGIN, CLIENT_ID, REGION, ROOT, STAGE, TEMPLATE, Stack

SAM_SECONDS = 600


@dataclass
class Deployed:
    """The shop in the emulator. To `shop.caller` it is what a local stack is."""

    emulator: Emulator
    tenant: Stack
    outputs: dict[str, str]
    account: str = ACCOUNT

    @property
    def api(self) -> str:
        api = re.fullmatch(rf"https://(\w+)\.execute-api\..*/{STAGE}", self.outputs["ApiUrl"])[1]
        return f"{self.emulator.address}/restapis/{api}/{STAGE}/_user_request_"

    @property
    def sts(self) -> str:
        return self.emulator.address

    @property
    def issuer(self) -> str:
        return self.tenant.issuer


@pytest.fixture(scope="session")
def emulator(tmp_path_factory) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path_factory.mktemp("ministack"))
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def tenant(tmp_path_factory) -> Iterator[Stack]:
    """The issuer: a local stack of which nothing else is used."""
    stack = Stack(tmp_path_factory.mktemp("tenant") / "data")
    yield stack
    stack.stop()


@pytest.fixture(scope="session")
def deployed(emulator, tenant, tmp_path_factory) -> Deployed:
    """`sam build` and `sam deploy`, as a user without `cargo xtask deploy` has them."""
    folder = tmp_path_factory.mktemp("infra")
    shutil.copytree(ROOT / "infra" / "functions", folder / "functions")
    settings = client_settings(emulator)
    provider = make_provider(settings, tenant)
    (folder / "template.yaml").write_text(overlay(TEMPLATE, provider, tenant.issuer), encoding="utf-8")
    boto3.client("s3", **settings).create_bucket(Bucket="pets-artifacts")
    sam(emulator, folder, "build", "--build-in-source")
    domain, path = split_issuer(tenant)
    parameters = {
        "Auth0Domain": domain,
        "IssuerPath": path,
        "Auth0ClientId": CLIENT_ID,
        "Architecture": architecture(),
        "AllowedOrigin": APP_ORIGIN,
    }
    options = ["--stack-name", "pets", "--s3-bucket", "pets-artifacts", "--capabilities", "CAPABILITY_NAMED_IAM"]
    options += ["--no-confirm-changeset", "--parameter-overrides", *(f"{k}={v}" for k, v in parameters.items())]
    sam(emulator, folder, "deploy", *options)
    stack = boto3.client("cloudformation", **settings).describe_stacks(StackName="pets")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    return Deployed(emulator, tenant, outputs)


def client_settings(emulator: Emulator) -> dict[str, str]:
    environment = emulator.environment
    return {
        "endpoint_url": emulator.address,
        "region_name": REGION,
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
    }


def make_provider(settings: dict[str, str], tenant: Stack) -> str:
    """The ARN of the tenant's provider, as the emulator knows it: see `overlay`."""
    url = tenant.issuer.removesuffix("/").replace("http:", "https:")
    provider = boto3.client("iam", **settings).create_open_id_connect_provider(Url=url, ClientIDList=[CLIENT_ID])
    return provider["OpenIDConnectProviderArn"]


def split_issuer(tenant: Stack) -> tuple[str, str]:
    """The parameters `Auth0Domain` and `IssuerPath`, without the slash at the end."""
    domain, slash, path = tenant.issuer.removeprefix("http://").removesuffix("/").partition("/")
    return domain, slash + path


def architecture() -> str:
    """The functions run on this machine, so they are built for it."""
    machine = os.uname().machine
    return "arm64" if machine in ("arm64", "aarch64") else "x86_64"


def sam(emulator: Emulator, folder: Path, *arguments: str):
    """Runs AWS SAM over the template in `folder`."""
    environment = {
        **os.environ,
        **emulator.environment,
        "SAM_CLI_TELEMETRY": "0",
        "PETS_ROOT": str(ROOT),
        "ARCHITECTURE": architecture(),
    }
    command = [Path(sys.executable).parent / "sam", *arguments, "--region", REGION]
    ran = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SAM_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, f"sam {arguments[0]}:\n{ran.stdout}\n{ran.stderr}\n{emulator.log[-4000:]}"
