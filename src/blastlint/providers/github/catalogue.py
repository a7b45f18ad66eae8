"""The permissions of GitHub: what reading and writing each of them changes.

A resource is a permission as Apps write it (`pull_requests`), and further: `contents/PATH` for the
files below a path, `secret:NAME` for the value of a secret, `environment:NAME` for a deployment
environment. An action is `read`, `write`, `admin`, `merge` (on `contents`) or `deploy`.

Names of permissions: the App permissions schema of octokit/app-permissions, and GitHub's
documentation of the keys of `permissions` in a workflow.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.providers.grants import Effect

TOKEN_KEYS: dict[str, tuple[str, ...]] = {
    "actions": ("read", "write"),
    "artifact-metadata": ("read", "write"),
    "attestations": ("read", "write"),
    "checks": ("read", "write"),
    "code-quality": ("read", "write"),
    "contents": ("read", "write"),
    "copilot-requests": ("write",),
    "deployments": ("read", "write"),
    "discussions": ("read", "write"),
    "id-token": ("write",),
    "issues": ("read", "write"),
    "models": ("read",),
    "packages": ("read", "write"),
    "pages": ("read", "write"),
    "pull-requests": ("read", "write"),
    "repository-projects": ("read", "write"),
    "security-events": ("read", "write"),
    "statuses": ("read", "write"),
    "vulnerability-alerts": ("read",),
}
"""Keys of `permissions` in a workflow, and the levels of each besides `none`."""

NOT_BY_DEFAULT = frozenset({"copilot-requests", "id-token", "models", "vulnerability-alerts"})
"""Keys that no default of a repository gives."""

ALWAYS_BY_DEFAULT = ("contents", "packages")
"""Keys that both defaults of a repository let a job read."""

_LISTS: dict[Effect, str] = {
    "notify": "discussions organization_announcement_banners team_discussions",
    "append": "artifact_metadata attestations",
    "mutate": (
        "actions_variables checks code_quality codespaces_metadata codespaces_secrets contents"
        " dependabot_secrets deployments email_addresses followers gists interaction_limits"
        " issues merge_queues metadata organization_actions_variables"
        " organization_codespaces_secrets organization_dependabot_secrets organization_events"
        " organization_hooks organization_packages organization_plan organization_projects"
        " organization_secrets organization_user_blocking packages pages plan"
        " private_repository_invitations profile pull_requests repository_advisories"
        " repository_custom_properties repository_hooks repository_projects"
        " secret_scanning_alerts secrets security_events single_file starring statuses"
        " vulnerability_alerts watching"
    ),
    "execute": (
        "actions codespaces codespaces_lifecycle_admin organization_codespaces"
        " organization_codespaces_settings workflows"
    ),
    "spend": "copilot_requests models organization_copilot_seat_management",
    "grant": (
        "administration blocking enterprise_custom_properties environments git_ssh_keys gpg_keys"
        " id_token keys members organization_administration organization_custom_org_roles"
        " organization_custom_properties organization_custom_roles"
        " organization_personal_access_token_requests organization_personal_access_tokens"
        " organization_self_hosted_runners secret_scanning_alert_dismissal_requests"
        " secret_scanning_push_protection_bypass_requests signing_keys"
    ),
}
WRITES: dict[str, Effect] = {
    name: effect for effect, names in _LISTS.items() for name in names.split()
}
"""Permission to what writing it changes: the worst that its requests do as a matter of course."""

_READS: dict[str, Effect] = {"models": "spend"}
"""Permissions with which reading is more than that: asking a model is billed."""

_OTHERS: dict[tuple[str, str], Effect] = {
    ("contents", "merge"): "mutate",
    ("secret", "read"): "read",
    ("environment", "deploy"): "execute",
}
CONTENTS = "contents/"
"""Before the path of files."""
SECRET = "secret:"  # noqa: S105 -- a prefix of names, no secret
ENVIRONMENT = "environment:"


def canonical(resource: str) -> str:
    """A permission as Apps write it; workflows write it with hyphens."""
    plain = resource.replace("-", "_")
    return plain if plain in WRITES else resource


def effect(resource: str, action: str) -> Effect:
    """What the action changes; `unknown` for a permission or an action that is not known."""
    name = canonical(resource.partition(":")[0].partition("/")[0])
    if (name, action) in _OTHERS:
        return _OTHERS[name, action]
    if name not in WRITES:
        return "unknown"
    if action == "read":
        return _READS.get(name, "read")
    if action == "write":
        return WRITES[name]
    return "grant" if action == "admin" else "unknown"


def resource_covers(granted: str, needed: str, scope: str = "*") -> bool:  # noqa: ARG001 -- a permission means the same in every repository
    """Whether a grant of one resource opens another: `contents` opens every file."""
    have, need = canonical(granted), canonical(needed)
    if have in {"*", need}:
        return True
    if have == "contents":
        return need.startswith(CONTENTS)
    if have.startswith(CONTENTS) and have.endswith("/"):
        return need.startswith(have)
    return have == f"{SECRET}*" and need.startswith(SECRET)
