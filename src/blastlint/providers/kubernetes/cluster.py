"""Bindings and their roles put together: who holds what, where, and what is missing to know it."""

from __future__ import annotations

from blastlint.providers.grants import Grant, Unresolved
from blastlint.providers.kubernetes.effects import effect
from blastlint.providers.kubernetes.objects import UNKNOWN, Reading
from blastlint.providers.kubernetes.roles import SHIPPED, shipped_manifests
from blastlint.providers.kubernetes.rules import atoms
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from blastlint.providers.grants import Becoming
    from blastlint.providers.kubernetes.objects import Manifest, Subject
    from blastlint.providers.kubernetes.roles import Piece, Roles
    from blastlint.providers.kubernetes.workloads import Workload
    from blastlint.source import Location

ACCOUNT = "system:serviceaccount:"
"""What the user name of every service account begins with."""

_IMPLICIT = ("system:authenticated", "system:serviceaccounts", "system:unauthenticated")
"""Groups that somebody is in without anybody saying so."""
_ANONYMOUS = "user:system:anonymous"
_NO_SUCH_LABELS = (
    "which takes its rules from other roles by label, and nothing in this evidence has the labels"
)


@dataclass(frozen=True, slots=True)
class Binding:
    """A RoleBinding or ClusterRoleBinding, as written."""

    manifest: Manifest
    """Where it stands."""
    role_kind: str
    """Kind of its role."""
    role_name: str
    """Name of its role."""
    subjects: tuple[Subject, ...]
    """Who is bound."""

    @property
    def scope(self) -> str:
        """Where its role holds: a namespace, or `*` for everywhere."""
        return "*" if self.manifest.kind == "ClusterRoleBinding" else self.manifest.namespace


def binding_of(reading: Reading, manifest: Manifest) -> Binding:
    """Read a binding; what is wrong with it is told to the reading."""
    reference = reading.table(manifest, "roleRef")
    kind = reading.text(manifest, reference, "roleRef", "kind")
    name = reading.text(manifest, reference, "roleRef", "name")
    if not (kind and name):
        message = f"this {manifest.kind} has no roleRef with a kind and a name"
        reading.say(manifest, "roleRef", message=message)
    return Binding(manifest, kind, name, reading.subjects(manifest))


@dataclass(frozen=True, slots=True)
class Holder:
    """A principal that a binding binds."""

    principal: str
    """Its name."""
    needs: tuple[str, ...] = ()
    """What must be known before it is bound for sure."""
    through: str = ""
    """In words, the group that it is bound through."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one verb of a bound role opens."""

    resource: str
    verb: str
    names: tuple[str, ...]
    location: Location
    needs: tuple[str, ...]


@dataclass(slots=True)
class Cluster:
    """What the documents say, put together."""

    system: str
    namespace: str
    roles: Roles
    bindings: list[Binding] = field(default_factory=list)
    accounts: dict[str, Location] = field(default_factory=dict)
    """Service accounts, each with the place that first names it."""
    others: dict[str, Location] = field(default_factory=dict)
    """Users and groups, likewise."""
    identities: list[Becoming] = field(default_factory=list)
    """What service accounts are outside the cluster."""
    levels: dict[str, str] = field(default_factory=dict)
    """Level that Pod Security enforces, by namespace; empty where the Namespace has none."""
    custom: set[str] = field(default_factory=set)
    """Custom resources that live in no namespace."""
    workloads: list[Workload] = field(default_factory=list)
    """What runs pods."""
    tokenless: set[str] = field(default_factory=set)
    """Service accounts whose token is in no pod that does not ask for it."""
    unresolved: list[Unresolved] = field(default_factory=list)

    def platform(self, server_version: str) -> str:
        """`eks` if its version or an annotation of a service account says so; else empty."""
        annotated = any("eks.amazonaws.com/" in one.via for one in self.identities)
        return "eks" if annotated or "eks" in server_version else ""

    def running(self) -> dict[str, list[str]]:
        """Service accounts of which some pod carries the token, by namespace; sorted."""
        found: dict[str, set[str]] = {}
        for workload in self.workloads:
            principal = self.name(workload.account, workload.namespace)
            mounts = workload.mounts
            if principal not in self.tokenless if mounts is None else mounts:
                found.setdefault(workload.namespace, set()).add(principal)
        return {namespace: sorted(names) for namespace, names in found.items()}

    # --- taking in ------------------------------------------------------------------------------

    def take_in(self, binding: Binding) -> None:
        """Take in a binding and those whom it names."""
        self.bindings.append(binding)
        for subject in binding.subjects:
            principal = self.principal(binding, subject)
            known = self.accounts if principal.startswith(ACCOUNT) else self.others
            known.setdefault(principal, binding.manifest.at("subjects", subject.index))
            self._without_namespace(binding, subject, principal)

    def principal(self, binding: Binding, subject: Subject) -> str:
        """The principal that a subject is."""
        if subject.kind == "ServiceAccount":
            return self.name(subject.name, subject.namespace or binding.manifest.namespace)
        return _user(subject.name) if subject.kind == "User" else f"group:{subject.name}"

    def name(self, account: str, namespace: str) -> str:
        """The name of a service account."""
        return f"{ACCOUNT}{namespace or self.namespace or UNKNOWN}:{account}"

    def _without_namespace(self, binding: Binding, subject: Subject, principal: str) -> None:
        if subject.kind != "ServiceAccount" or subject.namespace or binding.scope != "*":
            return
        what = (
            f"{binding.manifest.title} names the service account {subject.name} without its "
            "namespace; the API server refuses it as written"
        )
        place = binding.manifest.at("subjects", subject.index)
        self.unresolved.append(Unresolved(what, place, (principal,)))

    # --- grants ---------------------------------------------------------------------------------

    def grants(self) -> tuple[Grant, ...]:
        """What the bindings give; what they leave open is noted."""
        return tuple(grant for binding in self.bindings for grant in self._given(binding))

    def _given(self, binding: Binding) -> Iterator[Grant]:
        lines = list(self._lines(binding))
        for holder in self._holders(binding):
            for line in lines:
                yield self._grant(binding.scope, holder, line)

    def _grant(self, scope: str, holder: Holder, line: Line) -> Grant:
        missing = "; ".join(dict.fromkeys((*line.needs, *holder.needs)))
        place, through = line.location, holder.through
        return Grant(
            holder=holder.principal,
            system=self.system,
            scope=scope,
            resource=line.resource,
            action=line.verb,
            effect=effect(line.resource, line.verb),
            location=place.noted(place.note + through) if through else place,
            names=line.names,
            certainty="needs-fact" if missing else "proven",
            needs=missing,
        )

    def _lines(self, binding: Binding) -> Iterator[Line]:
        """Everything that the binding gives in its scope."""
        found, needs = self.roles.find(binding.role_kind, binding.scope, binding.role_name)
        if not found or found[0].shipped:
            self._leave_open(binding, _why_dangling(binding, shipped=bool(found)))
        if binding.scope == UNKNOWN:
            needs = (f"the namespace that {binding.manifest.title} is applied to", *needs)
        if len(found) > 1:
            needs = (*needs, f"which definition of {found[0].manifest.title} is applied")
        for role in found:
            pieces = self.roles.pieces(role)
            if not pieces:
                self._leave_open(binding, _NO_SUCH_LABELS)
            yield from _lines_of(binding, pieces, needs, self.custom)

    def _leave_open(self, binding: Binding, why: str) -> None:
        holders = dict.fromkeys(holder.principal for holder in self._holders(binding))
        if not holders:
            return  # whatever the role is, nobody has it
        who = ", ".join(holders)
        what = f"{binding.manifest.title} gives {who} the {binding.role_kind} {binding.role_name}"
        place = binding.manifest.at("roleRef", "name")
        self.unresolved.append(Unresolved(f"{what}, {why}", place, tuple(holders)))

    # --- holders --------------------------------------------------------------------------------

    def _holders(self, binding: Binding) -> Iterator[Holder]:
        for subject in binding.subjects:
            principal = self.principal(binding, subject)
            in_doubt = subject.kind == "ServiceAccount" and not subject.namespace
            if in_doubt and binding.scope == "*":
                yield Holder(principal, (f"the namespace of the service account {subject.name}",))
            else:
                yield Holder(principal)
            if subject.kind == "Group":
                yield from self._members(subject.name)

    def _members(self, group: str) -> Iterator[Holder]:
        """Those who are in a group without anybody saying so."""
        through = f", through group {group}"
        if group in {"system:authenticated", "system:serviceaccounts"}:
            yield from (Holder(account, (), through) for account in sorted(self.accounts))
        elif group.startswith("system:serviceaccounts:"):
            start = f"{ACCOUNT}{group.removeprefix('system:serviceaccounts:')}:"
            inside = (account for account in sorted(self.accounts) if account.startswith(start))
            yield from (Holder(account, (), through) for account in inside)
        for user in sorted(self.others) if group.endswith("authenticated") else ():
            anonymous = user == _ANONYMOUS
            if user.startswith("user:") and group == _group_of_all(anonymous=anonymous):
                yield Holder(user, (), through)

    # --- what is built in -----------------------------------------------------------------------

    def shipped_grants(self) -> Iterator[Grant]:
        """What the built-in bindings give the principals that the evidence names.

        What everybody has by them through an implicit group is left out: it is the same for all,
        to ask what the server offers and what oneself may do.
        """
        named: Mapping[str, Location] = {**self.accounts, **self.others}
        if not any(_may_be_built_in(name) for name in named):
            return
        reading = Reading("")
        written = {(b.manifest.kind, b.manifest.namespace, b.manifest.name) for b in self.bindings}
        for manifest in shipped_manifests():
            key = (manifest.kind, manifest.namespace, manifest.name)
            if manifest.kind.endswith("Binding") and key not in written:
                yield from self._shipped(binding_of(reading, manifest), named)

    def _shipped(self, binding: Binding, named: Mapping[str, Location]) -> Iterator[Grant]:
        found, _ = self.roles.find(binding.role_kind, binding.scope, binding.role_name)
        title = binding.manifest.title
        for subject in binding.subjects:
            principal = self.principal(binding, subject)
            if principal not in named or subject.name in _IMPLICIT:
                continue
            place = named[principal].noted(f"{title} of the cluster, {SHIPPED}")
            needs = (f"that {title} is {SHIPPED}",)
            pieces = [piece for role in found for piece in self.roles.pieces(role)]
            for line in _lines_at(place, pieces, binding.scope, needs):
                yield self._grant(binding.scope, Holder(principal), line)


def _group_of_all(*, anonymous: bool) -> str:
    return "system:unauthenticated" if anonymous else "system:authenticated"


def _may_be_built_in(name: str) -> bool:
    return name.startswith(("user:system:", "group:system:", f"{ACCOUNT}kube-"))


def _why_dangling(binding: Binding, *, shipped: bool) -> str:
    if shipped:
        return f"which nothing in this evidence defines; it is taken {SHIPPED}"
    if binding.role_kind != "ClusterRole" and binding.scope == "*":
        return "but it can only refer to a ClusterRole"
    return "which nothing in this evidence defines"


def _lines_of(
    binding: Binding, pieces: Iterable[Piece], needs: tuple[str, ...], custom: Container[str]
) -> Iterator[Line]:
    """What the pieces of a role open; what one of them has opened already is not said again."""
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    for piece in pieces:
        before = frozenset(seen)
        facts = (*needs, *piece.needs)
        if piece.source.shipped:
            lines = _at_reference(binding, piece, facts)
        else:
            lines = _at_verbs(binding, piece, facts, custom)
        for line in lines:
            key = (line.resource, line.verb, line.names)
            if key not in before:
                yield line
            seen.add(key)


def _at_verbs(
    binding: Binding, piece: Piece, needs: tuple[str, ...], custom: Container[str]
) -> Iterator[Line]:
    """Lines at the verbs that give them."""
    note = f"{_chain(piece)}, bound by {binding.manifest.title}"
    places: dict[tuple[int, int], Location] = {}
    for rule in piece.source.rules:
        for resource, verb, names, position in atoms(rule, binding.scope, custom):
            key = (rule.index, position)
            if key not in places:
                path = ("rules", rule.index, "verbs", position)
                places[key] = piece.source.manifest.at(*path, note=note)
            yield Line(resource, verb, names, places[key], needs)


def _at_reference(binding: Binding, piece: Piece, needs: tuple[str, ...]) -> Iterator[Line]:
    """Lines at the reference to a role that no file defines."""
    note = f"{_chain(piece)} {SHIPPED}, bound by {binding.manifest.title}"
    place = binding.manifest.at("roleRef", "name", note=note)
    return _lines_at(place, [piece], binding.scope, needs)


def _lines_at(
    place: Location, pieces: Sequence[Piece], scope: str, needs: tuple[str, ...]
) -> Iterator[Line]:
    for piece in pieces:
        for rule in piece.source.rules:
            for resource, verb, names, _ in atoms(rule, scope):
                yield Line(resource, verb, names, place, (*needs, *piece.needs))


def _chain(piece: Piece) -> str:
    """The role that has the rules, and the one that takes them in."""
    title = piece.source.manifest.title
    if piece.source is piece.role:
        return title
    return f"{title}, taken in by {piece.role.manifest.title}"


def _user(name: str) -> str:
    """A user; a service account may be bound by its user name too."""
    return name if name.startswith(ACCOUNT) else f"user:{name}"
