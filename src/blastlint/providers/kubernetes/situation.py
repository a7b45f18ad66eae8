"""What is known of a cluster besides its grants, as far as it decides whom one can become."""

from __future__ import annotations

from blastlint.providers.kubernetes.cluster import ACCOUNT
from blastlint.providers.kubernetes.roles import release_of
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    from blastlint.providers.kubernetes.cluster import Cluster

_MASTERS = "group:system:masters"


@dataclass(frozen=True, slots=True)
class Situation:
    """A cluster, apart from its grants."""

    by_namespace: Mapping[str, list[str]]
    """Known service accounts, by namespace."""
    by_name: Mapping[str, list[str]]
    """Known service accounts, by the name within their namespace."""
    groups: tuple[str, ...] = ()
    """Known groups, but for the one that may do everything; sorted."""
    server_version: str = ""
    """Version of the server; empty if not known."""
    platform: str = ""
    """`eks`, if something says so."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """Level that Pod Security enforces, by namespace, where a file shows the namespace."""
    running: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Service accounts of which some pod carries the token, by namespace."""

    def is_before(self, release: tuple[int, int]) -> bool | None:
        """Whether the server is older; None if its version is not known."""
        version = release_of(self.server_version)
        return None if version is None else version < release

    def pod_security(self, namespace: str) -> Literal["stops", "allows", "unknown"]:
        """Whether Pod Security stops a privileged pod in a namespace."""
        level = self.levels.get(namespace)
        if level is None:
            return "unknown"
        return "stops" if level in {"baseline", "restricted"} else "allows"


def situation(cluster: Cluster, server_version: str) -> Situation:
    """Put together what is known of a cluster."""
    by_namespace: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    groups = []
    for principal in (*sorted(cluster.accounts), *sorted(cluster.others)):
        if principal.startswith(ACCOUNT):
            namespace, _, name = principal.removeprefix(ACCOUNT).partition(":")
            by_namespace.setdefault(namespace, []).append(principal)
            by_name.setdefault(name, []).append(principal)
        elif principal.startswith("group:") and principal != _MASTERS:
            groups.append(principal)
    return Situation(
        by_namespace,
        by_name,
        tuple(groups),
        server_version,
        cluster.platform(server_version),
        cluster.levels,
        cluster.running(),
    )
