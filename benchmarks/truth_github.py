"""GitHub: what real workflows and rulesets say, read a second time with a plain parser."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from blastlint.providers.github.catalogue import effect
from blastlint.providers.github.evidence import read
from blastlint.providers.grants import Setting
from providers.evidence import corpus
from truth import Row, Section, facts, folder, table, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from blastlint.providers.grants import Granted
    from truth import Verdict

TITLE = "GitHub: workflows and Apps"
ABOUT = """\
The workflows of [claude-code-action](https://github.com/anthropics/claude-code-action) (24dcd50)
and its examples are read a second time with PyYAML, and every job, permission, secret and step
compared. Which permission a request to the REST API takes, and whether it reads or writes, tells
[app-permissions](https://github.com/octokit/app-permissions) (2449f19), and which permissions there
are. Rulesets are those of [ruleset-recipes](https://github.com/github/ruleset-recipes) (7550ddb).
These cases show that files are read right and completely. Whether GitHub then lets the holder do it
was not tried out.
"""
NOTES = (
    """\
A job that states no permissions has the default ones, which stand in the settings of the
repository: reading contents and packages is in every default, all else needs that fact.""",
    """\
What an App's manifest asks for is not what it was given: all of it needs a fact, an installation.
So does how an identity token names its job, and whether the protection of a branch, which workflow
files do not show, lets a job push to it.""",
)
REPOSITORY = "octo/app"
HERE = Setting(namespace=REPOSITORY)
ACTION = "github-claude-code-action"
CATALOGUE = "github-app-permissions"
WORKFLOWS = ("examples", "dotgithub-workflows")
AGENT = "agent/anthropics/claude-code-action"
ISSUER = "oidc:token.actions.githubusercontent.com:"
KEYS = [
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "repository-projects",
    "security-events",
    "statuses",
]
"""What a workflow's `permissions` may name, the identity token left out."""


class Job(NamedTuple):
    """A job as it is written."""

    principal: str
    value: dict[str, Any]
    permissions: Any
    """The job's own, else its workflow's; None if neither states any."""

    @property
    def secrets(self) -> set[str]:
        """Secrets that it names."""
        return set(re.findall(r"\$\{\{\s*secrets\.(\w+)", json.dumps(self.value)))

    @property
    def runs_agent(self) -> bool:
        """Whether a step of it is the action, from another repository or this one."""
        uses = [str(step.get("uses", "")) for step in self.value.get("steps", ())]
        return any(one.startswith("anthropics/claude-code-action@") for one in uses)

    def has(self, key: str, action: str) -> bool:
        """Whether its token has a permission; a job that only calls a workflow has no token."""
        if "uses" in self.value:
            return False
        if self.permissions is None:
            return key in {"contents", "packages"} and action == "read"
        if isinstance(self.permissions, str):
            return action == "read" or self.permissions == "write-all"
        access = self.permissions.get(key, "none")
        return access == action or (access == "write" and action == "read")


def jobs() -> Iterator[tuple[str, Job]]:
    """Every job of the workflows, with the folder that it stands in."""
    for name in WORKFLOWS:
        for path in sorted((folder(ACTION) / name).glob("*.yml")):
            workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
            for job, value in workflow["jobs"].items():
                stated = value.get("permissions", workflow.get("permissions"))
                principal = f"{REPOSITORY}/.github/workflows/{path.name}:{job}"
                yield name, Job(principal, value, stated)


def measured() -> Section:
    """Compare with a second reading of the files; raises AbsentError without them."""
    rows = (
        Row.of("a permission of a job", (v for one in _pairs() for v in _permissions(*one))),
        Row.of("a secret that a job names", (v for one in _pairs() for v in _secrets(*one))),
        Row.of("an identity token of a job", (_identity(*one) for one in _pairs())),
        Row.of("whether a job runs the agent", (_agent(*one) for one in _pairs())),
        Row.of("a permission that an App asks for", _asked()),
        Row.of("whether a ruleset lets somebody pass", _passed()),
        Row.of("whether a request reads or writes", _requests()),
        Row.of("whether a permission reads or writes", _levels()),
    )
    more = table(("the fact that decides, in the workflows", "times"), _facts())
    return Section(TITLE, ABOUT, rows, NOTES, more)


@cache
def _granted(name: str) -> Granted:
    return read(corpus(f"{ACTION}/{name}", ".yml"), HERE)


def _pairs() -> Iterator[tuple[Granted, Job]]:
    """Every job, with what is said of the folder that it stands in."""
    return ((_granted(name), job) for name, job in jobs())


def _permissions(found: Granted, job: Job) -> Iterator[Verdict]:
    for key, action in product(KEYS, ("read", "write")):
        said = _said(found, job.principal, key.replace("-", "_"), action)
        yield verdict(job.has(key, action), said)


def _secrets(found: Granted, job: Job) -> Iterator[Verdict]:
    for name in job.secrets - {"GITHUB_TOKEN"}:
        yield verdict(expected=True, said=_said(found, job.principal, f"secret:{name}", "read"))


def _identity(found: Granted, job: Job) -> Verdict:
    return verdict(job.has("id-token", "write"), _turns(found, job.principal, ISSUER))


def _agent(found: Granted, job: Job) -> Verdict:
    return verdict(job.runs_agent, _turns(found, AGENT, job.principal))


def _said(found: Granted, holder: str, resource: str, action: str) -> str:
    """How sure it is that a principal holds something; empty if it does not."""
    return _surest(
        one.certainty
        for one in found.grants
        if (one.holder, one.resource, one.action) == (holder, resource, action)
    )


def _turns(found: Granted, holder: str, target: str) -> str:
    """How sure it is that a principal becomes one whose name starts so."""
    return _surest(
        one.certainty
        for one in found.becomings
        if one.holder == holder and one.principal.startswith(target)
    )


def _surest(sure: Iterable[str]) -> str:
    return min(sure, key=("proven", "conditional", "needs-fact").index, default="")


def _asked() -> Iterator[Verdict]:
    """Permissions of the manifest of an App; nobody knows which of them it was given."""
    manifest = json.loads((folder(ACTION) / "github-app-manifest.json").read_text("utf-8"))
    found = read(corpus(ACTION, "github-app-manifest.json"), HERE)
    (app,) = found.principals
    for name, access in manifest["default_permissions"].items():
        yield verdict(expected=True, said=_said(found, app, name, access))


def _passed() -> Iterator[Verdict]:
    """Of each ruleset, whether anybody bypasses it and may so merge alone."""
    for path in sorted(folder("github-rulesets").rglob("*.json")):
        ruleset = yaml.safe_load(path.read_text(encoding="utf-8"))
        name = f"github-rulesets/{path.parent.relative_to(folder('github-rulesets'))}"
        setting = Setting(namespace=ruleset["source"]) if _is_one(ruleset) else HERE
        found = read(corpus(name, path.name), setting)
        merges = _surest(one.certainty for one in found.grants if one.action == "merge")
        yield verdict(_lets_pass(ruleset), "needs-fact" if found.unresolved else merges)


def _is_one(ruleset: dict[str, Any]) -> bool:
    return ruleset.get("source_type") == "Repository" and "source" in ruleset


def _lets_pass(ruleset: dict[str, Any]) -> bool:
    active = ruleset["enforcement"] == "active" and ruleset["target"] == "branch"
    return active and bool(ruleset.get("bypass_actors"))


def _requests() -> Iterator[Verdict]:
    listed = json.loads((folder(CATALOGUE) / "api.github.com.json").read_text(encoding="utf-8"))
    for methods in listed["paths"].values():
        for one in methods.values():
            if one.get("permission"):
                yield _reads(one["permission"].replace("-", "_"), one["access"])


def _levels() -> Iterator[Verdict]:
    path = folder(CATALOGUE) / "app-permissions-schema.json"
    for name, one in json.loads(path.read_text(encoding="utf-8"))["properties"].items():
        for access in one["enum"]:
            yield _reads(name, access)


def _reads(permission: str, access: str) -> Verdict:
    """Whether it is known, and reads if and only if its access is called reading."""
    said = effect(permission, access)
    if said == "unknown":
        return "missed"
    return verdict(access != "read", "" if said == "read" else "proven")


def _facts() -> list[tuple[str, str]]:
    found: Counter[str] = Counter()
    for name in WORKFLOWS:
        found.update(facts(_granted(name)))
    rows = ((fact.replace(REPOSITORY, "the repository"), many) for fact, many in found.items())
    return [(fact, str(many)) for fact, many in sorted(rows)]
