"""The table of providers: by kind, by system, and how actions are compared."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from blastlint.providers import (
    PROVIDERS,
    covers,
    kind_for_system,
    provider,
)
from blastlint.source import InputError

if TYPE_CHECKING:
    from blastlint.providers import Provider
    from blastlint.providers.github import evidence
    from blastlint.providers.kubernetes import rbac
    from blastlint.providers.mcp import clients, tools
    from blastlint.providers.oauth import scopes
    from blastlint.providers.openapi import operations

    GITHUB: Provider = evidence
    KUBERNETES: Provider = rbac
    TOOLS: Provider = tools
    CLIENTS: Provider = clients
    OPERATIONS: Provider = operations
    SCOPES: Provider = scopes


def test_every_kind_of_evidence_has_a_provider() -> None:
    """Each row of the table loads and reads an empty set of documents."""
    for kind in PROVIDERS:
        assert provider(kind).read(()).grants == ()


def test_an_unknown_kind_is_refused_with_the_nearest_one() -> None:
    """A typo in the kind names the kind that was meant."""
    with pytest.raises(InputError, match=r"'kubernetes-rback'.*did you mean 'kubernetes-rbac'"):
        provider("kubernetes-rback")


def test_a_kind_near_to_nothing_lists_the_kinds() -> None:
    """Who guesses wildly is told what there is."""
    with pytest.raises(InputError, match=", ".join(PROVIDERS)):
        provider("zzz")


def test_a_system_names_the_provider_that_speaks_its_language() -> None:
    """Typed grants of a Kubernetes system have Kubernetes' verbs; of others, unknown ones."""
    assert kind_for_system("kubernetes") == "kubernetes-rbac"
    assert kind_for_system("github") == "github"
    assert kind_for_system("stripe") is None


def test_actions_are_compared_literally() -> None:
    """`patch` never covers `update`; only `*` covers another action."""
    assert covers("patch", "patch")
    assert covers("*", "update")
    assert not covers("patch", "update")
    assert not covers("update", "*")


def test_the_table_loads_no_provider() -> None:
    """A run without evidence pays for none of the platforms."""
    script = (
        "import sys, blastlint.providers\n"
        "print([name for name in sys.modules if name.startswith('blastlint.providers.')], "
        "'json' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[] False"
