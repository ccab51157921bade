"""What MiniStack can't take of the template, and what stands there instead. The template itself is not changed.

- It has no `AWS::IAM::OIDCProvider` in CloudFormation: the provider is made through the IAM API, and its ARN stands
  where the template refers to it.
- It takes a slash off the end of an issuer before it asks a trust policy: `IssuerPath` is given without it.
- The issuer of the tests speaks plain HTTP on this machine: the functions are told so.

What IAM refuses comes without the CORS headers of `DEFAULT_4XX`, so a page can't read it there: the tests of refusals
are botocore's.
"""

import re
from pathlib import Path

PROVIDER = re.compile(r"^  Issuer:\n    Type: AWS::IAM::OIDCProvider\n(?:    .*\n)+", re.MULTILINE)
ISSUER = "ISSUER: !Sub https://${Auth0Domain}${IssuerPath}\n"


def overlay(template: Path, provider_arn: str, issuer: str) -> str:
    """The template's text with these changes and no others."""
    text = template.read_text(encoding="utf-8")
    text, providers = PROVIDER.subn("", text)
    assert providers == 1, providers
    assert text.count('"${Issuer}"') == 2 and text.count(ISSUER) == 3
    return text.replace("${Issuer}", provider_arn).replace(ISSUER, f"ISSUER: {issuer}\n")
