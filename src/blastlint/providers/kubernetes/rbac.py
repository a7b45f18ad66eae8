"""Kubernetes RBAC: who may do what, from roles, bindings and service accounts in files.

The unit is a binding together with its role: the role says what, the binding says who and where.
Principals are written `system:serviceaccount:NAMESPACE:NAME`, `user:NAME` and `group:NAME`; a
namespace that no file states is `?`, and every grant that hangs on it needs that fact.
"""

from __future__ import annotations

from blastlint.providers.grants import UNSTATED, Grant, Granted, Unresolved
from blastlint.providers.kubernetes.becoming import becomings
from blastlint.providers.kubernetes.effects import effect, resource_covers
from blastlint.providers.kubernetes.objects import UNKNOWN, Reading
from blastlint.providers.kubernetes.rules import atoms
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import Setting
    from blastlint.providers.kubernetes.objects import Manifest, Rule, Subject
    from blastlint.source import Document, Location

__all__ = ["effect", "read", "resource_covers"]

_ACCOUNT = "system:serviceaccount:"


@dataclass(frozen=True, slots=True)
class _Role:
    manifest: Manifest
    rules: tuple[Rule, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.manifest.kind, self.manifest.namespace, self.manifest.name


@dataclass(frozen=True, slots=True)
class _Binding:
    manifest: Manifest
    role_kind: str
    role_name: str
    subjects: tuple[Subject, ...]

    @property
    def scope(self) -> str:
        return "*" if self.manifest.kind == "ClusterRoleBinding" else self.manifest.namespace


@dataclass(frozen=True, slots=True)
class _Holder:
    principal: str
    needs: tuple[str, ...] = ()
    through: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """What one verb of a bound role opens."""

    resource: str
    verb: str
    names: tuple[str, ...]
    location: Location


@dataclass(slots=True)
class _Cluster:
    """What the documents say, put together."""

    system: str
    namespace: str
    roles: dict[tuple[str, str, str], list[_Role]] = field(default_factory=dict)
    bindings: list[_Binding] = field(default_factory=list)
    accounts: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    unresolved: list[Unresolved] = field(default_factory=list)

    def grants(self) -> tuple[Grant, ...]:
        return tuple(
            grant
            for binding in self.bindings
            for role, needs in self._roles_of(binding)
            for grant in self._of(binding, _lines(binding, role), needs)
        )

    def _of(
        self, binding: _Binding, lines: Sequence[_Line], needs: tuple[str, ...]
    ) -> Iterator[Grant]:
        for holder in self._all_holders(binding):
            missing = "; ".join(dict.fromkeys((*needs, *holder.needs)))
            for line in lines:
                place, through = line.location, holder.through
                yield Grant(
                    holder=holder.principal,
                    system=self.system,
                    scope=binding.scope,
                    resource=line.resource,
                    action=line.verb,
                    effect=effect(line.resource, line.verb),
                    location=place.noted(place.note + through) if through else place,
                    names=line.names,
                    certainty="needs-fact" if missing else "proven",
                    needs=missing,
                )

    def _roles_of(self, binding: _Binding) -> Iterator[tuple[_Role, tuple[str, ...]]]:
        found, needs = self._lookup(binding)
        if not found:
            self._leave_open(binding, _why_dangling(binding))
        if binding.scope == UNKNOWN:
            needs = (f"the namespace that {binding.manifest.title} is applied to",)
        if len(found) > 1:
            needs = (*needs, f"which definition of {found[0].manifest.title} is applied")
        for role in found:
            if role.manifest.body.get("aggregationRule"):
                self._leave_open(
                    binding, "which takes its rules from other roles by label, not read"
                )
            else:
                yield role, needs

    def _lookup(self, binding: _Binding) -> tuple[list[_Role], tuple[str, ...]]:
        kind, name = binding.role_kind, binding.role_name
        if kind == "ClusterRole":
            return self.roles.get((kind, "", name), []), ()
        exact = self.roles.get((kind, binding.manifest.namespace, name), [])
        if exact or kind != "Role" or binding.scope == "*":
            return (exact if binding.scope != "*" else []), ()
        floating = self.roles.get((kind, UNKNOWN, name), [])
        return floating, (f"the namespace that Role {name} is applied to",)

    def _leave_open(self, binding: _Binding, why: str) -> None:
        holders = dict.fromkeys(holder.principal for holder in self._all_holders(binding))
        who = ", ".join(holders) or "nobody"
        what = f"{binding.manifest.title} gives {who} the {binding.role_kind} {binding.role_name}"
        place = binding.manifest.at("roleRef", "name")
        self.unresolved.append(Unresolved(f"{what}, {why}", place, tuple(holders)))

    def _all_holders(self, binding: _Binding) -> Iterator[_Holder]:
        for subject in binding.subjects:
            yield from self._holders(binding, subject)

    def _holders(self, binding: _Binding, subject: Subject) -> Iterator[_Holder]:
        if subject.kind == "ServiceAccount":
            yield self._account(binding, subject)
        elif subject.kind == "User":
            yield _Holder(_user(subject.name))
        else:
            yield _Holder(f"group:{subject.name}")
            yield from self._members(subject.name)

    def _account(self, binding: _Binding, subject: Subject) -> _Holder:
        principal = self.account_of(binding, subject)
        if subject.namespace or binding.scope != "*":
            return _Holder(principal)
        return _Holder(principal, (f"the namespace of the service account {subject.name}",))

    def account_of(self, binding: _Binding, subject: Subject) -> str:
        """Principal of a service account; without a namespace, it is that of the binding."""
        namespace = subject.namespace or binding.manifest.namespace or self.namespace or UNKNOWN
        return f"{_ACCOUNT}{namespace}:{subject.name}"

    def _members(self, group: str) -> Iterator[_Holder]:
        """Service accounts that are in a group without anybody saying so."""
        through = f", through group {group}"
        for account in sorted(self.accounts):
            namespace = account.removeprefix(_ACCOUNT).partition(":")[0]
            if group in {"system:authenticated", "system:serviceaccounts"} or (
                group == f"system:serviceaccounts:{namespace}"
            ):
                yield _Holder(account, (), through)


def _lines(binding: _Binding, role: _Role) -> list[_Line]:
    """Everything that the role gives in the scope of the binding."""
    note = f"{role.manifest.title}, bound by {binding.manifest.title}"
    places: dict[tuple[int, int], Location] = {}
    found = []
    for rule in role.rules:
        for resource, verb, names, position in atoms(rule, binding.scope):
            key = (rule.index, position)
            if key not in places:
                path = ("rules", rule.index, "verbs", position)
                places[key] = role.manifest.at(*path, note=note)
            found.append(_Line(resource, verb, names, places[key]))
    return found


def read(documents: Sequence[Document], setting: Setting = UNSTATED, /) -> Granted:
    """Grants, and what they let one become, of all documents taken together.

    Args:
        documents: Manifests, lists, exports; kinds that say nothing of access are passed over.
        setting: The cluster they come from.
    """
    reading = Reading(setting.namespace)
    cluster = _Cluster(setting.system, setting.namespace)
    for manifest in reading.manifests(documents):
        _take_in(cluster, reading, manifest)
    reading.raise_problems()
    grants = cluster.grants()
    reach = becomings(grants, sorted(cluster.accounts), setting.server_version)
    return Granted(
        grants=(*grants, *reach.grants),
        becomings=reach.becomings,
        unresolved=tuple(cluster.unresolved),
        principals=tuple(sorted(cluster.accounts | cluster.others)),
        everything=reach.everything | ({"group:system:masters"} & cluster.others),
    )


def _take_in(cluster: _Cluster, reading: Reading, manifest: Manifest) -> None:
    if manifest.kind == "ServiceAccount":
        cluster.accounts.add(f"{_ACCOUNT}{manifest.namespace}:{manifest.name}")
    elif manifest.kind in {"Role", "ClusterRole"}:
        _take_in_role(cluster, reading, manifest)
    else:
        _take_in_binding(cluster, reading, manifest)


def _take_in_role(cluster: _Cluster, reading: Reading, manifest: Manifest) -> None:
    role = _Role(manifest, reading.rules(manifest))
    same_name = cluster.roles.setdefault(role.key, [])
    if all(role.rules != other.rules for other in same_name):
        same_name.append(role)


def _take_in_binding(cluster: _Cluster, reading: Reading, manifest: Manifest) -> None:
    reference = reading.table(manifest, "roleRef")
    kind = reading.text(manifest, reference, "roleRef", "kind")
    name = reading.text(manifest, reference, "roleRef", "name")
    if not (kind and name):
        message = f"this {manifest.kind} has no roleRef with a kind and a name"
        reading.say(manifest, "roleRef", message=message)
    binding = _Binding(manifest, kind, name, reading.subjects(manifest))
    cluster.bindings.append(binding)
    for subject in binding.subjects:
        _take_in_subject(cluster, binding, subject)


def _take_in_subject(cluster: _Cluster, binding: _Binding, subject: Subject) -> None:
    if subject.kind == "ServiceAccount":
        cluster.accounts.add(cluster.account_of(binding, subject))
        _without_namespace(cluster, binding, subject)
        return
    principal = _user(subject.name) if subject.kind == "User" else f"group:{subject.name}"
    known = cluster.accounts if principal.startswith(_ACCOUNT) else cluster.others
    known.add(principal)


def _without_namespace(cluster: _Cluster, binding: _Binding, subject: Subject) -> None:
    if subject.namespace or binding.scope != "*":
        return
    what = (
        f"{binding.manifest.title} names the service account {subject.name} without its namespace; "
        "the API server refuses it as written"
    )
    place = binding.manifest.at("subjects", subject.index)
    holder = cluster.account_of(binding, subject)
    cluster.unresolved.append(Unresolved(what, place, (holder,)))


def _why_dangling(binding: _Binding) -> str:
    if binding.role_kind != "ClusterRole" and binding.scope == "*":
        return "but it can only refer to a ClusterRole"
    return "which nothing in this evidence defines"


def _user(name: str) -> str:
    """A user; a service account may be bound by its user name too."""
    return name if name.startswith(_ACCOUNT) else f"user:{name}"
