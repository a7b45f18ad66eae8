"""Whose token a workload's pods carry: whoever runs a command in one of them has it.

Terms: `serviceAccountName` and `automountServiceAccountToken` of Kubernetes. A pod that names no
account runs as `default`; what it says of mounting counts before what its account says.
"""

from __future__ import annotations

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.providers.kubernetes.objects import Manifest, Reading

_TEMPLATE = ("spec", "template", "spec")

POD_SPEC: dict[str, tuple[str, ...]] = {
    "CronJob": ("spec", "jobTemplate", *_TEMPLATE),
    "DaemonSet": _TEMPLATE,
    "Deployment": _TEMPLATE,
    "Job": _TEMPLATE,
    "Pod": ("spec",),
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
}
"""Kinds that run pods, and where they say how."""

GROUPS = ("", "apps", "batch")
"""Groups of those kinds."""

AUTOMOUNT = "automountServiceAccountToken"


@dataclass(frozen=True, slots=True)
class Workload:
    """What matters of an object that runs pods."""

    namespace: str
    """Where."""
    account: str
    """Name of the service account."""
    mounts: bool | None
    """Whether its token is in the pod; None leaves it to the account."""


def workload_of(reading: Reading, manifest: Manifest) -> Workload | None:
    """Read a workload; None if it runs no pods, as far as the file says."""
    path = POD_SPEC[manifest.kind]
    spec = manifest.value(*path)
    if not isinstance(spec, dict) or manifest.value("spec", "replicas") == 0:
        return None
    names = (
        reading.text(manifest, spec, *path, key) for key in ("serviceAccountName", "serviceAccount")
    )
    account = next((name for name in names if name), "default")
    stated = spec.get(AUTOMOUNT)
    mounts = True if _projects_token(spec) else stated if isinstance(stated, bool) else None
    return Workload(manifest.namespace, account, mounts)


def _projects_token(spec: dict[str, object]) -> bool:
    """Whether a volume holds a token, however the pod is set up otherwise."""
    volumes = spec.get("volumes")
    sources = [
        source
        for volume in (volumes if isinstance(volumes, list) else ())
        for source in _sources(volume)
    ]
    return any(isinstance(source, dict) and "serviceAccountToken" in source for source in sources)


def _sources(volume: object) -> list[object]:
    projected = volume.get("projected") if isinstance(volume, dict) else None
    sources = projected.get("sources") if isinstance(projected, dict) else None
    return sources if isinstance(sources, list) else []
