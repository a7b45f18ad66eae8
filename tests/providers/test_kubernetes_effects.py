"""How Kubernetes matches resources, checked against its own matcher, and what verbs change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.providers.kubernetes.effects import effect, resource_covers
from blastlint.providers.kubernetes.objects import Rule
from blastlint.providers.kubernetes.rules import atoms


@pytest.mark.parametrize(
    ("granted", "needed"),
    [
        ("/pods", "/pods"),
        ("/pods/exec", "/pods/exec"),
        ("/*", "/pods/exec"),
        ("/*/exec", "/pods/exec"),
        ("*/pods", "/pods"),
        ("*/*", "apps/deployments/scale"),
        ("apps/*", "apps/deployments"),
        ("apps/deployments", "deployments.apps"),
        ("/pods", "pods"),
        ("/pods/exec", "pods/exec"),
        ("*", "witwave.ai/witwaveagents"),
        ("url:/metrics", "url:/metrics"),
        ("url:/apis/*", "url:/apis/apps"),
        ("url:*", "url:/healthz"),
    ],
)
def test_a_grant_covers(granted: str, needed: str) -> None:
    """Exact names, `*`, `*/SUBRESOURCE`, any group, and the forms of kubectl match."""
    assert resource_covers(granted, needed)


@pytest.mark.parametrize(
    ("granted", "needed"),
    [
        ("/pods", "/pods/exec"),
        ("/pods/exec", "/pods"),
        ("/pods/*", "/pods/exec"),
        ("/pods/*", "/pods"),
        ("/*/*", "/pods/exec"),
        ("/*/exec", "/pods"),
        ("/*/exec", "/pods/attach"),
        ("/deployments", "apps/deployments"),
        ("extensions/deployments", "apps/deployments"),
        ("apps/*", "/pods"),
        ("/pods", "*/*"),
        ("*/*", "url:/metrics"),
        ("url:*", "/pods"),
        ("url:/metrics", "url:/metrics/slis"),
    ],
)
def test_a_grant_does_not_cover(granted: str, needed: str) -> None:
    """Subresources, groups and paths are separate; `pods/*` matches nothing at all."""
    assert not resource_covers(granted, needed)


def test_a_wildcard_in_a_namespace_leaves_out_what_lives_in_none() -> None:
    """Everything in a namespace is not the cluster's nodes."""
    assert resource_covers("*/*", "/nodes", "*")
    assert not resource_covers("*/*", "/nodes", "billing")
    assert resource_covers("*/*", "/pods", "billing")


PARTS = st.sampled_from(["pods", "secrets", "*", "pods/exec", "*/exec", "pods/*", "*/*", "jobs"])
GROUPS = st.sampled_from(["", "apps", "witwave.ai", "*"])
VERBS = st.sampled_from(["get", "list", "create", "deletecollection", "patch", "*"])
RULES = st.builds(
    Rule,
    st.just(0),
    st.lists(GROUPS, min_size=1, max_size=2).map(tuple),
    st.lists(PARTS, min_size=1, max_size=2).map(tuple),
    st.lists(VERBS, min_size=1, max_size=2).map(tuple),
    st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple),
    st.just(()),
)
REQUESTS = st.tuples(
    st.sampled_from(["get", "list", "create", "deletecollection", "patch"]),
    st.sampled_from(["", "apps", "witwave.ai"]),
    st.sampled_from(["pods", "secrets", "jobs"]),
    st.sampled_from(["", "exec", "log"]),
    st.sampled_from(["a", "b", "c"]),
)


def _server_allows(rule: Rule, request: tuple[str, str, str, str, str]) -> bool:
    """What the API server's own matcher answers, written after its documentation."""
    verb, group, resource, sub, name = request
    combined = f"{resource}/{sub}" if sub else resource
    matches = any(row in {"*", combined} or (sub and row == f"*/{sub}") for row in rule.resources)
    return (
        ("*" in rule.verbs or verb in rule.verbs)
        and ("*" in rule.groups or group in rule.groups)
        and matches
        and (not rule.names or name in rule.names)
    )


@settings(max_examples=400)
@given(RULES, REQUESTS)
def test_single_grants_allow_what_the_server_allows(
    rule: Rule, request: tuple[str, str, str, str, str]
) -> None:
    """A rule taken apart into grants answers every request as the server answers it."""
    verb, group, resource, sub, name = request
    if verb in {"create", "deletecollection"} and not sub:
        name = ""  # the name of a new object is not in the path
    needed = f"{group}/{resource}/{sub}" if sub else f"{group}/{resource}"
    ours = any(
        action in {"*", verb} and resource_covers(granted, needed) and (not names or name in names)
        for granted, action, names, _ in atoms(rule, "*")
    )
    assert ours == _server_allows(rule, (verb, group, resource, sub, name))


@pytest.mark.parametrize(
    ("resource", "action", "expected"),
    [
        ("/secrets", "get", "read"),
        ("/pods", "watch", "read"),
        ("/pods", "create", "append"),
        ("apps/deployments", "patch", "mutate"),
        ("deployments.apps", "update", "mutate"),
        ("/pods", "delete", "destroy"),
        ("/pods", "deletecollection", "destroy"),
        ("/pods/eviction", "create", "destroy"),
        ("/pods/exec", "create", "execute"),
        ("/pods/portforward", "create", "execute"),
        ("/nodes/proxy", "get", "execute"),
        ("/serviceaccounts/token", "create", "grant"),
        ("rbac.authorization.k8s.io/rolebindings", "create", "grant"),
        ("rbac.authorization.k8s.io/rolebindings", "delete", "destroy"),
        ("rbac.authorization.k8s.io/clusterroles", "escalate", "grant"),
        ("/users", "impersonate", "grant"),
        ("authentication.k8s.io/userextras/scopes", "impersonate", "grant"),
        ("certificates.k8s.io/certificatesigningrequests", "create", "append"),
        ("certificates.k8s.io/certificatesigningrequests/approval", "update", "grant"),
        ("certificates.k8s.io/signers", "approve", "grant"),
        ("admissionregistration.k8s.io/mutatingadmissionpolicies", "patch", "grant"),
        ("admissionregistration.k8s.io/validatingwebhookconfigurations", "create", "grant"),
        ("/pods/ephemeralcontainers", "patch", "execute"),
        ("/pods/attach", "get", "execute"),
        ("cert-manager.io/certificates", "create", "append"),
        ("cert-manager.io/certificates", "deletecollection", "destroy"),
        ("authentication.k8s.io/tokenreviews", "create", "read"),
        ("witwave.ai/witwaveagents", "patch", "mutate"),
        ("/pods", "*", "grant"),
        ("/*/exec", "create", "execute"),
        ("*/*", "create", "grant"),
        ("*/*", "get", "execute"),
        ("*/*", "delete", "destroy"),
        ("/pods", "frobnicate", "unknown"),
        ("url:/metrics", "get", "read"),
        ("url:/debug", "post", "append"),
        ("url:/debug", "frobnicate", "unknown"),
    ],
)
def test_the_effect_of_an_action(resource: str, action: str, expected: str) -> None:
    """A verb changes what its row says; a wildcard resource takes the worst it covers."""
    assert effect(resource, action) == expected
