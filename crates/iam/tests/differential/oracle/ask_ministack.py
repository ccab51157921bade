"""MiniStack's evaluator of policies, asked line by line: see `program.rs`."""

import json
import sys

from ministack.core.iam_evaluator import EvalContext, evaluate, evaluate_trust_policy, parse_policy_document

WORDS = {"Allow": "Allowed", "Deny": "ExplicitlyDenied", "ImplicitDeny": "ImplicitlyDenied"}


def decide(case: dict) -> str:
    who = case["principal"]
    name = "" if who == "Anonymous" else next(iter(who.values()))
    # Keys with an `s` at the end have several values.
    values = {key: got if key.endswith("s") else got[0] for key, got in case["context"].items() if got}
    context = EvalContext(
        principal_arn=name,
        principal_type="User",
        principal_account="123456789012",
        action=case["action"],
        resource_arn=case["resource"],
        region="us-east-1",
        service_context={key.lower(): got for key, got in values.items()},
    )
    if case["kind"] == "trust":
        (document,) = case["policies"]
        # It tells allowed from not allowed.
        return "Allowed" if evaluate_trust_policy(document, name, context) else "NotAllowed"
    return WORDS[evaluate(context, [parse_policy_document(document) for document in case["policies"]]).decision]


for line in sys.stdin:
    try:
        answer = decide(json.loads(line))
    except Exception as error:  # noqa: BLE001: whatever it is, it is an answer
        answer = repr(error).replace("\n", " ")
    print(answer, flush=True)
