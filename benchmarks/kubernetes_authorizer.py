"""What Kubernetes' own authorizer allows, written down again: RBAC of parsed manifests.

Independent of the package: PyYAML reads, and the rules are those of the API server's RBAC
authorizer (`RuleAllows`, `ResourceMatches`, and the controller that aggregates roles).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

import yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Json = dict[str, Any]

EVERYWHERE = ""
"""The namespace of a request for what lies in none."""


class Request(NamedTuple):
    """A question to the authorizer."""

    who: str
    namespace: str
    verb: str
    group: str
    resource: str
    """With its subresource, if any: `pods/log`."""
    name: str = ""


@dataclass
class Cluster:
    """Roles and bindings of some manifests."""

    roles: dict[tuple[str, str], Json] = field(default_factory=dict)
    """By namespace, which is empty for a ClusterRole, and name."""
    bindings: list[Json] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path, files: tuple[str, ...] = ()) -> Cluster:
        """Read the manifests of a folder, or some of its files."""
        names = [folder / name for name in files] or sorted(folder.rglob("*.yaml"))
        return cls.of_texts(path.read_text(encoding="utf-8") for path in names)

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Cluster:
        """Read manifests."""
        found = cls()
        for text in texts:
            for document in yaml.safe_load_all(text):
                found._take_in(document)
        return found

    def _take_in(self, document: Any) -> None:  # noqa: ANN401 -- YAML
        if not isinstance(document, dict):
            return
        kind = document.get("kind", "")
        for item in document.get("items") or ():
            self._take_in({"kind": kind.removesuffix("List"), **item})
        if kind in {"Role", "ClusterRole"}:
            home = document["metadata"].get("namespace", "") if kind == "Role" else ""
            self.roles[home, document["metadata"]["name"]] = document
        if kind in {"RoleBinding", "ClusterRoleBinding"}:
            self.bindings.append(document)

    def allows(self, asked: Request) -> bool:
        """Whether the authorizer lets a request pass."""
        mine = {asked.who, *_groups(asked.who)}
        return any(
            _allows(rule, asked)
            for binding in self.bindings
            if binding["kind"] == "ClusterRoleBinding" or _home(binding) == asked.namespace != ""
            if mine & set(subjects(binding))
            for rule in self.rules(binding)
        )

    def rules(self, binding: Json) -> list[Json]:
        """The rules of the role that a binding names; none if nothing defines it."""
        refers = binding["roleRef"]
        home = _home(binding) if refers["kind"] == "Role" else ""
        return self._rules_of((home, refers["name"]))

    def _rules_of(self, key: tuple[str, str]) -> list[Json]:
        role = self.roles.get(key, {})
        selectors = (role.get("aggregationRule") or {}).get("clusterRoleSelectors")
        if selectors is None:
            return role.get("rules") or []
        chosen = [
            other
            for other, each in self.roles.items()
            if other[0] == "" and other != key
            if any(_selects(selector, each) for selector in selectors)
        ]
        return [rule for other in chosen for rule in self._rules_of(other)]


def subjects(binding: Json) -> Iterator[str]:
    """Who is bound, as service accounts, users and groups are called; one without home is left."""
    for subject in binding.get("subjects") or ():
        home = subject.get("namespace", "")
        if subject["kind"] == "ServiceAccount" and home:
            yield f"system:serviceaccount:{home}:{subject['name']}"
        elif subject["kind"] in {"User", "Group"}:
            yield f"{subject['kind'].lower()}:{subject['name']}"


def _home(thing: Json) -> str:
    return str(thing["metadata"].get("namespace", ""))


def _groups(who: str) -> Iterator[str]:
    """The groups that everybody of a kind is in; the API server adds them itself."""
    if not who.startswith("group:"):
        yield "group:system:authenticated"
    if who.startswith("system:serviceaccount:"):
        yield "group:system:serviceaccounts"
        yield f"group:system:serviceaccounts:{who.split(':')[2]}"


def _selects(selector: Json, role: Json) -> bool:
    labels = role["metadata"].get("labels") or {}
    return all(labels.get(key) == value for key, value in selector["matchLabels"].items())


def _allows(rule: Json, asked: Request) -> bool:
    return (
        bool({"*", asked.verb} & set(rule.get("verbs") or ()))
        and bool({"*", asked.group} & set(rule.get("apiGroups") or ()))
        and any(_is_in(one, asked.resource) for one in rule.get("resources") or ())
        and (not rule.get("resourceNames") or asked.name in rule["resourceNames"])
    )


def _is_in(named: str, resource: str) -> bool:
    _, slash, subresource = resource.partition("/")
    return named in {"*", resource} or bool(slash and named == f"*/{subresource}")


VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")


def requests(cluster: Cluster) -> Iterator[Request]:
    """Everything worth asking of a cluster: every subject, namespace, verb, resource and name."""
    rules = [rule for binding in cluster.bindings for rule in cluster.rules(binding)]
    who = sorted({one for binding in cluster.bindings for one in subjects(binding)})
    homes = sorted({EVERYWHERE, "elsewhere", *map(_home, cluster.bindings)})
    verbs = sorted({*VERBS, *(v for rule in rules for v in rule["verbs"])} - {"*"})
    things = sorted({thing for rule in rules for thing in _things(rule)} | {("", "pods", "")})
    for holder, home, verb, (group, resource, name) in product(who, homes, verbs, things):
        if not (verb in {"create", "deletecollection"} and name):
            yield Request(holder, home, verb, group, resource, name)


def random_manifests(seed: int) -> str:
    """Roles and bindings of a small made-up cluster, as YAML."""
    chance = random.Random(seed)
    roles = [_role(chance, number) for number in range(5)]
    bindings = [_binding(chance, number) for number in range(6)]
    return yaml.safe_dump_all([*roles, *bindings])


API = "rbac.authorization.k8s.io"
HOMES = ("billing", "shop")


def _role(chance: random.Random, number: int) -> Json:
    """Half of them ClusterRoles, some of which gather the others."""
    rules = [_rule(chance) for _ in range(chance.randint(1, 3))]
    meta: Json = {"name": f"r{number}", "labels": {"part": chance.choice(("a", "b", "c"))}}
    role: Json = {"apiVersion": f"{API}/v1", "kind": "ClusterRole", "metadata": meta}
    if chance.random() < 0.5:  # noqa: PLR2004 -- a coin
        role["kind"], meta["namespace"] = "Role", chance.choice(HOMES)
    elif chance.random() < 0.3:  # noqa: PLR2004 -- some
        selector = {"matchLabels": {"part": chance.choice(("a", "b"))}}
        meta["labels"] = {"part": "c"}
        return role | {"aggregationRule": {"clusterRoleSelectors": [selector]}, "rules": []}
    return role | {"rules": rules}


def _rule(chance: random.Random) -> Json:
    resources = ("pods", "pods/log", "*/log", "*", "secrets", "deployments", "nodes", "jobs")
    rule: Json = {
        "apiGroups": chance.sample(("", "apps", "batch", "*"), chance.randint(1, 2)),
        "resources": chance.sample(resources, chance.randint(1, 3)),
        "verbs": chance.sample((*VERBS, "*"), chance.randint(1, 3)),
    }
    named = chance.random() < 0.3  # noqa: PLR2004 -- some
    return rule | ({"resourceNames": chance.sample(("x", "y"), 1)} if named else {})


def _binding(chance: random.Random, number: int) -> Json:
    home = chance.choice((*HOMES, ""))
    refers = chance.choice(("Role", "ClusterRole")) if home else "ClusterRole"
    account = {"kind": "ServiceAccount", "name": "bot", "namespace": chance.choice(HOMES)}
    groups = ("devs", "system:serviceaccounts:shop", "system:authenticated")
    group = {"kind": "Group", "name": chance.choice(groups), "apiGroup": API}
    user = {"kind": "User", "name": "ann", "apiGroup": API}
    return {
        "apiVersion": f"{API}/v1",
        "kind": "RoleBinding" if home else "ClusterRoleBinding",
        "metadata": {"name": f"b{number}"} | ({"namespace": home} if home else {}),
        "roleRef": {"apiGroup": API, "kind": refers, "name": f"r{chance.randrange(5)}"},
        "subjects": chance.sample((account, group, user), chance.randint(1, 2)),
    }


def _things(rule: Json) -> Iterator[tuple[str, str, str]]:
    """Group, resource and name of what a rule is about; a name it does not say, too."""
    names = ["", *(rule.get("resourceNames") or ())]
    for group, resource, name in product(
        rule.get("apiGroups") or (), rule.get("resources") or (), names
    ):
        if "*" not in (group, resource) and not resource.startswith("*/"):
            yield group, resource, name
