"""What cloudsplaining, run as a program of its own, says of the principals of an account.

It is asked for its versions and its table of methods, and to scan a file with its defaults.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from truth import AbsentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

WHERE = "CLOUDSPLAINING"
"""Variable of the environment with the Python that has cloudsplaining installed."""
ASK = """
import json
from importlib.metadata import version
from cloudsplaining.shared.constants import PRIVILEGE_ESCALATION_PATHFINDING_PATHS as paths
published = {path.rpartition("/")[2] for path in paths.values() if path}
print(json.dumps({
    "version": version("cloudsplaining"),
    "policy_sentry": version("policy_sentry"),
    "methods": len(paths),
    "published": sorted(published),
}))
"""
SCAN = "from cloudsplaining.bin.cli import main; main()"
HEADINGS = ("DataExfiltration", "ResourceExposure", "CredentialsExposure")
"""What its report lists by action, besides escalation."""
KINDS = ("inline_policies", "aws_managed_policies", "customer_managed_policies")


@dataclass(frozen=True)
class Results:
    """What it says of one account."""

    version: str
    policy_sentry: str
    """Version of the library that it takes the actions of AWS from."""
    methods: int
    """Methods of escalation that it looks for."""
    published: frozenset[str]
    """The published paths that those are."""
    escalates: dict[str, frozenset[str]]
    """Every principal that it judges, with the methods found in its policies and its groups'."""
    lists: dict[str, dict[str, frozenset[str]]]
    """By heading, the same with the actions that it lists there."""
    denied: dict[str, frozenset[str]]
    """The same with the patterns of actions that a policy denies everywhere."""


def results(account: str) -> Results:
    """Run it; raises AbsentError if it is not here, SystemExit if it fails."""
    python = os.environ.get(WHERE, "")
    if not python:
        raise AbsentError(f"{WHERE} names no Python that has cloudsplaining installed")
    told = json.loads(_run(python, ASK))
    with TemporaryDirectory() as folder:
        _run(python, SCAN, "scan", "-i", account, "-o", folder, "--skip-open-report")
        (name,) = [one for one in os.listdir(folder) if one.startswith("iam-results")]
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            said = json.load(file)
    told["published"] = frozenset(told["published"])
    return Results(
        **told,
        escalates=_by_principal(said, "PrivilegeEscalation"),
        lists={heading: _by_principal(said, heading) for heading in HEADINGS},
        denied=_by_principal(said, "Denied"),
    )


def _run(python: str, code: str, *arguments: str) -> str:
    done = subprocess.run(
        [python, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        raise SystemExit(f"cloudsplaining failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _by_principal(said: Any, heading: str) -> dict[str, frozenset[str]]:  # noqa: ANN401 -- JSON
    found = {
        number: set(_denied(policy) if heading == "Denied" else _findings(policy[heading]))
        for kind in KINDS
        for number, policy in said[kind].items()
    }
    return {
        one["arn"]: frozenset(way for number in _policies(one) for way in found.get(number, ()))
        for kind in ("users", "groups", "roles")
        for one in said[kind].values()
        if not one["is_excluded"]
    }


def _findings(told: Any) -> Iterator[str]:  # noqa: ANN401 -- JSON
    for each in told["findings"]:
        yield each if isinstance(each, str) else each["type"]


def _denied(policy: Any) -> Iterator[str]:  # noqa: ANN401 -- JSON
    """Actions that a policy denies on everything, without a condition."""
    versions = policy.get("PolicyVersionList", ())
    used = [one["Document"] for one in versions if one["IsDefaultVersion"]]
    for statement in (*used, policy.get("PolicyDocument", {"Statement": []}))[0]["Statement"]:
        whole = statement.get("Resource") in ("*", ["*"]) and "Condition" not in statement
        actions = statement.get("Action", []) if statement["Effect"] == "Deny" and whole else []
        yield from [actions] if isinstance(actions, str) else actions


def _policies(principal: Any) -> Iterator[str]:  # noqa: ANN401 -- JSON
    """The policies of a principal, and those of its groups."""
    for holder in (principal, *principal.get("groups", {}).values()):
        for kind in KINDS:
            yield from holder[kind]
