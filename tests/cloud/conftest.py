"""The template, deployed by AWS's own tools into services that others made."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from deployment import Deployed, architecture, client_settings, make_provider, outputs, parameters, run
from emulator import Emulator
from overlay import overlay
from shop.stack import APP_ORIGIN, REGION, ROOT, TEMPLATE, Stack


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
    template = overlay(TEMPLATE, make_provider(settings, tenant), tenant.issuer)
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    boto3.client("s3", **settings).create_bucket(Bucket="pets-artifacts")
    sam(emulator, folder, "build", "--build-in-source")
    options = ["--stack-name", "pets", "--s3-bucket", "pets-artifacts", "--capabilities", "CAPABILITY_NAMED_IAM"]
    given = [f"{name}={value}" for name, value in parameters(tenant, APP_ORIGIN).items()]
    sam(emulator, folder, "deploy", *options, "--no-confirm-changeset", "--parameter-overrides", *given)
    return Deployed(emulator, tenant, outputs(settings))


def sam(emulator: Emulator, folder: Path, *arguments: str):
    """Runs AWS SAM over the template in `folder`."""
    environment = {**emulator.environment, "PETS_ROOT": str(ROOT), "ARCHITECTURE": architecture()}
    command = [Path(sys.executable).parent / "sam", *arguments, "--region", REGION]
    run(*command, folder=folder, log=emulator, SAM_CLI_TELEMETRY="0", **environment)
