"""The shop in the emulator, and what deploying it there takes."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import boto3
from emulator import ACCOUNT, Emulator
from shop.stack import CLIENT_ID, REGION, STAGE, Stack

PROGRAM_SECONDS = 600


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


def parameters(tenant: Stack, origin: str) -> dict[str, str]:
    """The template's, for a page at this origin. The issuer's path is without the slash at its end: see `overlay`."""
    domain, slash, path = tenant.issuer.removeprefix("http://").removesuffix("/").partition("/")
    return {
        "Auth0Domain": domain,
        "IssuerPath": slash + path,
        "Auth0ClientId": CLIENT_ID,
        "Architecture": architecture(),
        "AllowedOrigin": origin,
    }


def outputs(settings: dict[str, str]) -> dict[str, str]:
    """What the stack says of itself, once it is complete."""
    stack = boto3.client("cloudformation", **settings).describe_stacks(StackName="pets")["Stacks"][0]
    assert stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), stack
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def architecture() -> str:
    """The functions run on this machine, so they are built for it."""
    machine = os.uname().machine
    return "arm64" if machine in ("arm64", "aarch64") else "x86_64"


def run(*command: str | Path, folder: Path | None = None, log: Emulator | None = None, **environment: str) -> str:
    """Runs a program that must succeed. Gives what it printed."""
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS,
        check=False,
    )
    said = log.log[-4000:] if log else ""
    assert ran.returncode == 0, f"{command[:2]}:\n{ran.stdout}\n{ran.stderr}\n{said}"
    return ran.stdout
