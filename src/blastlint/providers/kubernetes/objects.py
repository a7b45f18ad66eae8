"""Kubernetes objects as they stand in files: lists unfolded, namespaces filled in."""

from __future__ import annotations

from blastlint.providers.kubernetes.effects import RBAC
from blastlint.providers.kubernetes.workloads import GROUPS, POD_SPEC
from blastlint.providers.recognise import advice
from blastlint.source import InputError, Problem, did_you_mean
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.source import Document, Location

    Path = tuple[str | int, ...]

UNKNOWN = "?"
"""Namespace of an object that names none, when nobody said where it is applied."""

_RULE_KEYS = ("apiGroups", "resources", "verbs", "resourceNames", "nonResourceURLs")
_OPENSHIFT = "authorization.openshift.io"
_RBAC_KINDS = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
_CRD = "CustomResourceDefinition"
_CLUSTER_KINDS = ("ClusterRole", "ClusterRoleBinding", "Namespace", _CRD)
_GROUPS = {
    **dict.fromkeys(_RBAC_KINDS, (RBAC,)),
    **dict.fromkeys(POD_SPEC, GROUPS),
    "Namespace": ("",),
    "ServiceAccount": ("",),
    _CRD: ("apiextensions.k8s.io",),
}
"""Kinds that are read, with the groups they may be in."""
_ACCESS_KINDS = (*_RBAC_KINDS, "ServiceAccount")
"""Kinds without one of which a file says nothing of access."""
_SUBJECT_KINDS = ("ServiceAccount", "User", "Group")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object that matters for access, and where it stands."""

    document: Document
    """Document that holds it."""
    pointer: Path
    """Where in the document; not empty inside a list."""
    kind: str
    """Such as Role, RoleBinding, ServiceAccount, Namespace or Deployment."""
    name: str
    """Its name."""
    namespace: str
    """Its namespace; empty for cluster-scoped kinds, `?` when not known."""
    body: dict[str, object]
    """Its fields."""

    def at(self, *path: str | int, note: str = "") -> Location:
        """The place of one of its fields."""
        return self.document.at((*self.pointer, *path), note)

    def value(self, *path: str | int) -> object:
        """One of its fields; None when it is absent."""
        found: object = self.body
        for step in path:
            if isinstance(step, int):
                found = found[step] if isinstance(found, list) else None
            else:
                found = found.get(step) if isinstance(found, dict) else None
        return found

    @property
    def exported(self) -> bool:
        """Whether a server wrote it: what people write has no version or identity of its own."""
        return bool(self.value("metadata", "uid") or self.value("metadata", "resourceVersion"))

    @property
    def title(self) -> str:
        """What people call it: `Role billing/reader`."""
        where = f"{self.namespace}/" if self.namespace not in {"", UNKNOWN} else ""
        return f"{self.kind} {where}{self.name}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a role, as written."""

    index: int
    """Position in the role."""
    groups: tuple[str, ...]
    """`apiGroups`."""
    resources: tuple[str, ...]
    """`resources`."""
    verbs: tuple[str, ...]
    """`verbs`."""
    names: tuple[str, ...]
    """`resourceNames`."""
    urls: tuple[str, ...]
    """`nonResourceURLs`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of a binding, as written."""

    index: int
    """Position in the binding."""
    kind: str
    """ServiceAccount, User or Group."""
    name: str
    """Its name."""
    namespace: str
    """Its namespace; empty when it names none."""


@dataclass(slots=True)
class Reading:
    """Objects of all documents, and everything that is wrong with them."""

    namespace: str
    """Namespace that objects without one are applied to; empty when not known."""
    problems: list[Problem] = field(default_factory=list)
    """What was found wrong so far; raised together."""
    lists: int = 0
    """How many lists were seen; an empty one says that there is nothing."""
    cut: list[Location] = field(default_factory=list)
    """Where a list says that it goes on elsewhere."""

    def manifests(self, documents: Sequence[Document]) -> list[Manifest]:
        """Objects of the documents that matter for access, in file order."""
        found = [
            manifest
            for document in documents
            if document.value is not None
            for manifest in self._unfold(document, (), document.value, "", "")
        ]
        access = any(manifest.kind in _ACCESS_KINDS for manifest in found)
        if documents and not (access or self.lists or self.problems):
            message = "no role, binding or service account stands in this evidence"
            self._say(documents[0], (), message, "give the files that say who may do what")
        self.raise_problems()
        return found

    def raise_problems(self) -> None:
        """Stop with everything that was found wrong."""
        if self.problems:
            raise InputError(*self.problems)

    def _unfold(
        self, document: Document, pointer: Path, value: object, version: str, kind: str
    ) -> Iterator[Manifest]:
        body = value if isinstance(value, dict) else {}
        api, named = body.get("apiVersion", version), body.get("kind", kind)
        if not (body and isinstance(api, str) and api and isinstance(named, str) and named):
            self._refuse(document, pointer, value)
        elif named.endswith("List") and "items" in body:
            self._count(document, pointer, body)
            inner = (api, named.removesuffix("List")) if named != "List" else ("", "")
            yield from self._unfold_items(document, pointer, body["items"], inner)
        elif self._matters(document, pointer, api, named):
            yield self._manifest(document, pointer, named, body)

    def _count(self, document: Document, pointer: Path, body: dict[str, object]) -> None:
        self.lists += 1
        metadata = body.get("metadata")
        if isinstance(metadata, dict) and metadata.get("continue"):
            self.cut.append(document.at((*pointer, "metadata", "continue")))

    def _matters(self, document: Document, pointer: Path, version: str, kind: str) -> bool:
        group = version.rpartition("/")[0]
        if kind in _RBAC_KINDS and group == _OPENSHIFT:
            message = f"OpenShift's own form of {kind} is not read"
            help_ = f"export it with 'oc get {kind.lower()}s.{RBAC} -o yaml'"
            self._say(document, pointer, message, help_)
        return group in _GROUPS.get(kind, ())

    def _unfold_items(
        self, document: Document, pointer: Path, items: object, inner: tuple[str, str]
    ) -> Iterator[Manifest]:
        if items is None:
            return
        if not isinstance(items, list):
            self._say(document, (*pointer, "items"), "expected a list of Kubernetes objects")
            return
        for index, item in enumerate(items):
            yield from self._unfold(document, (*pointer, "items", index), item, *inner)

    def _manifest(
        self, document: Document, pointer: Path, kind: str, body: dict[str, object]
    ) -> Manifest:
        bare = Manifest(document, pointer, kind, "", "", body)
        metadata = self.table(bare, "metadata")
        name = self.text(bare, metadata, "metadata", "name") or self.text(
            bare, metadata, "metadata", "generateName"
        )
        if not name and kind not in POD_SPEC:
            self.say(bare, "metadata", message=f"this {kind} has no metadata.name")
        written = self.text(bare, metadata, "metadata", "namespace")
        namespace = "" if kind in _CLUSTER_KINDS else written or self.namespace or UNKNOWN
        return replace(bare, name=name, namespace=namespace)

    def rules(self, manifest: Manifest) -> tuple[Rule, ...]:
        """The rules of a role; none when they are absent or null."""
        rows = self.rows(manifest, "rules")
        return tuple(self._rule(manifest, index, row) for index, row in rows)

    def _rule(self, manifest: Manifest, index: int, row: dict[str, object]) -> Rule:
        lists = [self.texts(manifest, row, "rules", index, key) for key in _RULE_KEYS]
        rule = Rule(index, *lists)
        if not rule.verbs:
            self.say(manifest, "rules", index, message="this rule has no verbs")
        if not rule.urls and not (rule.groups and rule.resources):
            message = "this rule needs apiGroups and resources, or nonResourceURLs"
            self.say(manifest, "rules", index, message=message)
        return rule

    def subjects(self, manifest: Manifest) -> tuple[Subject, ...]:
        """The subjects of a binding; none when they are absent or null."""
        rows = self.rows(manifest, "subjects")
        return tuple(self._subject(manifest, index, row) for index, row in rows)

    def _subject(self, manifest: Manifest, index: int, row: dict[str, object]) -> Subject:
        kind, name, namespace = (
            self.text(manifest, row, "subjects", index, key)
            for key in ("kind", "name", "namespace")
        )
        if kind not in _SUBJECT_KINDS:
            hint = (
                did_you_mean(kind, _SUBJECT_KINDS)
                or "a subject is one of ServiceAccount, User, Group"
            )
            message = f"'{kind}' is no kind of subject" if kind else "this subject has no kind"
            self.say(manifest, "subjects", index, "kind", message=message, help_=hint)
        elif not name:
            self.say(manifest, "subjects", index, message="this subject has no name")
        return Subject(index, kind, name, namespace)

    def labels(self, manifest: Manifest) -> dict[str, str]:
        """The labels of an object."""
        return self.texts_by_name(manifest, "metadata", "labels")

    def texts_by_name(self, manifest: Manifest, *path: str | int) -> dict[str, str]:
        """A map of texts; an empty one when it is absent."""
        found = self.table(manifest, *path)
        return {
            name: self._checked(manifest, value, (*path, name)) for name, value in found.items()
        }

    def rows(self, manifest: Manifest, *path: str | int) -> Iterator[tuple[int, dict[str, object]]]:
        """The maps of a list, with their positions."""
        value = manifest.value(*path)
        if value is not None and not isinstance(value, list):
            self.say(manifest, *path, message=f"expected a list of {path[-1]}")
            return
        for index, row in enumerate(value or ()):
            if isinstance(row, dict):
                yield index, row
            else:
                self.say(manifest, *path, index, message="expected a map")

    def table(self, manifest: Manifest, *path: str | int) -> dict[str, object]:
        """A map of the object; an empty one when it is absent."""
        value = manifest.value(*path)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.say(manifest, *path, message="expected a map")
        return {}

    def text(self, manifest: Manifest, row: dict[str, object], *path: str | int) -> str:
        """A text of the object; empty when it is absent."""
        value = row.get(str(path[-1]))
        return "" if value is None else self._checked(manifest, value, path)

    def texts(
        self, manifest: Manifest, row: dict[str, object], *path: str | int
    ) -> tuple[str, ...]:
        """A list of texts of the object; empty when it is absent."""
        value = row.get(str(path[-1]))
        if value is None:
            return ()
        if not isinstance(value, list):
            self.say(manifest, *path, message="expected a list of texts")
            return ()
        return tuple(self._checked(manifest, item, (*path, i)) for i, item in enumerate(value))

    def _checked(self, manifest: Manifest, value: object, path: Path) -> str:
        if not isinstance(value, str):
            self.say(manifest, *path, message="expected a text", help_="write it in quotes")
            return ""
        if "{{" in value:
            self._template(manifest.document, (*manifest.pointer, *path))
        return value

    def say(self, manifest: Manifest, *path: str | int, message: str, help_: str = "") -> None:
        """Note that a field of an object is wrong."""
        self._say(manifest.document, (*manifest.pointer, *path), message, help_)

    def _say(self, document: Document, pointer: Path, message: str, help_: str = "") -> None:
        self.problems.append(Problem(message, document.at(pointer), help=help_))

    def _template(self, document: Document, pointer: Path) -> None:
        self._say(
            document,
            pointer,
            "this is a Helm template that was not rendered",
            "give the output of 'helm template', or of 'kubectl get ... -o yaml'",
        )

    def _refuse(self, document: Document, pointer: Path, value: object) -> None:
        message = "expected a Kubernetes object with apiVersion and kind"
        self._say(document, pointer, message, _advice(value))


def _advice(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("resources"), list):
        return "this looks like a kustomization: give the output of 'kubectl kustomize'"
    return advice(value, "kubernetes-rbac")
