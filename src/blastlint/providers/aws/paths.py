"""The table of ways in which a principal of AWS becomes somebody else."""

from __future__ import annotations

import json
import os
from functools import cache

from blastlint.providers.aws.actions import DATA
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ASSUME = "sts:AssumeRole"
MAKE_PROFILE = ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile")
"""What it takes to put a role into an instance profile."""
NEW_DEFAULT = "iam:SetDefaultPolicyVersion"


@dataclass(frozen=True, slots=True)
class Path:
    """One published way to become somebody else."""

    id: str
    """Its published name."""
    does: str
    """What happens, in a few words."""
    target: str
    """On whom: self, user, role or group."""
    gives: str
    """What one gets: the target, or everything."""
    actions: tuple[tuple[str, str], ...]
    """Required actions, each with what it acts on.

    The target, a policy attached to it, a group that it is in, any resource; or `assume`: the
    action is needed as far as the target's trust policy asks for it.
    """
    holder: str = ""
    """Kind of principal that can do it; empty for any."""
    services: tuple[str, ...] = ()
    """Services of which the role must trust one."""
    fact: str = ""
    """Fact that decides and that an export does not hold."""
    profile: bool = False
    """Whether the role must be in an instance profile."""

    @property
    def via(self) -> str:
        """In words: `run a function as it (iam:PassRole, …; lambda-001)`."""
        return f"{self.does} ({', '.join(action for action, _ in self.actions)}; {self.id})"

    def acting_on(self, *what: str) -> tuple[str, ...]:
        """The required actions that act on something."""
        return tuple(action for action, on in self.actions if on in what)


@dataclass(frozen=True, slots=True)
class Store:
    """A place that holds credentials of somebody else."""

    what: str
    """Its name in words: `secret`."""
    pattern: str
    """All of its kind, as an ARN."""
    actions: tuple[str, ...]
    """Actions that each return what is stored."""


@cache
def _table() -> Any:  # noqa: ANN401 -- JSON that ships with the package
    with open(os.path.join(DATA, "aws_paths.json"), encoding="utf-8") as file:
        return json.load(file)


@cache
def paths() -> tuple[Path, ...]:
    """Every published path."""
    return tuple(
        Path(
            **row
            | {"actions": tuple(row["actions"].items()), "services": tuple(row.get("services", ()))}
        )
        for row in _table()["paths"]
    )


@cache
def stores() -> tuple[Store, ...]:
    """Every kind of store."""
    return tuple(Store(**row | {"actions": tuple(row["actions"])}) for row in _table()["stores"])


def boundary_removers(kind: str) -> tuple[str, str]:
    """Actions that take the permissions boundary off a user or role, or put another there."""
    name = f"{kind.capitalize()}PermissionsBoundary"
    return f"iam:Delete{name}", f"iam:Put{name}"


@cache
def needed() -> tuple[str, ...]:
    """Every action that a derivation asks for."""
    found = [action for path in paths() for action, _ in path.actions]
    found += [action for store in stores() for action in store.actions]
    limits = [action for kind in ("user", "role") for action in boundary_removers(kind)]
    return tuple(dict.fromkeys([*found, *limits, *MAKE_PROFILE, NEW_DEFAULT, ASSUME]))
