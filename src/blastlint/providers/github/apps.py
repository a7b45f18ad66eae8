"""GitHub Apps: what an installation grants, and what a manifest only asks for.

An installation's token has the permissions that its owner agreed to, on all repositories or on
selected ones; the manifest and the App's own page say what the App asks for, no more.
"""

from __future__ import annotations

import re

from blastlint.providers.github import catalogue
from blastlint.providers.grants import Becoming, Grant, Unresolved
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.github.documents import Sorted
    from blastlint.providers.github.nodes import Node, Problems
    from blastlint.providers.github.repository import Repository
    from blastlint.providers.grants import EdgeCertainty

_LEVELS: dict[str, tuple[str, ...]] = {
    "read": ("read",),
    "write": ("read", "write"),
    "admin": ("read", "write", "admin"),
}
_ALERTS = "secret_scanning_alerts"
_NOT_A_SLUG = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class App:
    """One App, as one piece of evidence shows it."""

    principal: str
    """`app/SLUG`."""
    id: int | None
    """Number by which rulesets name it."""
    node: Node
    permissions: str
    """Key of its permissions."""
    scope: str
    """Repository, or `*` for all of them."""
    condition: str = ""
    needs: str = ""

    @property
    def certainty(self) -> EdgeCertainty:
        """How sure it is that it holds its permissions."""
        return "needs-fact" if self.needs else "conditional" if self.condition else "proven"

    def may(self, permission: str, level: str = "write") -> bool:
        """Whether it has a permission."""
        held = self.node.get(self.permissions, permission).value
        return level in _LEVELS.get(str(held), ())


def apps(found: Sorted, here: Repository, problems: Problems) -> list[App]:
    """Return every App of the evidence; its installations alone, if there are any."""
    installed = [_installed(node, found, here, problems) for node in found.of("installation")]
    wanted = [_wanted(node, "permissions", problems) for node in found.of("app")]
    asked = [_wanted(node, "default_permissions", problems) for node in found.of("manifest")]
    known = {one.principal for one in installed}
    return [*installed, *(one for one in (*wanted, *asked) if one.principal not in known)]


def _installed(node: Node, found: Sorted, here: Repository, problems: Problems) -> App:
    principal = f"app/{problems.text(node.get('app_slug'))}"
    stopped = node.get("suspended_at").value is not None
    condition = "somebody lifts the suspension of the installation" if stopped else ""
    needs = ""
    scope = "*"
    if problems.text(node.get("repository_selection")) != "all":
        scope = here.name
        needs = _selection(found, here, principal)
    number = problems.number(node.get("app_id"))
    return App(principal, number, node, "permissions", scope, condition, needs)


def _selection(found: Sorted, here: Repository, principal: str) -> str:
    """Return the fact that is missing to know whether the repository is a selected one."""
    fact = f"whether {here.title} is among the repositories selected for {principal}"
    chosen = [one for node in found.of("selection") for one in node.get("repositories").items()]
    alone = len(found.of("installation")) == 1
    names = {str(one.get("full_name").value).lower() for one in chosen}
    return "" if alone and here.name.lower() in names else fact


def _wanted(node: Node, key: str, problems: Problems) -> App:
    slug = problems.text(node.get("slug"))
    if not slug:
        slug = _NOT_A_SLUG.sub("-", problems.text(node.get("name")).lower()).strip("-")
    if not slug:
        problems.say(node, "this App has no name")
    number = problems.number(node.get("id"))
    fact = f"an installation of app/{slug}: this is only what the App asks for"
    return App(f"app/{slug}", number, node, key, "*", needs=fact)


def grants(app: App, system: str, problems: Problems) -> Iterator[Grant]:
    """Yield what an App may do; writing includes reading."""
    for one in problems.table(app.node.get(app.permissions)).items():
        levels = _LEVELS.get(problems.text(one))
        if levels is None:
            problems.say(one, f"expected read, write or admin for {one.name}")
            continue
        for action in levels:
            yield Grant(
                holder=app.principal,
                system=system,
                scope=app.scope,
                resource=one.name,
                action=action,
                effect=catalogue.effect(one.name, action),
                location=one.at(),
                condition=app.condition,
                certainty=app.certainty,
                needs=app.needs,
                inherent=action != levels[-1] or one.name == "metadata",
            )


def alerts(app: App, here: Repository) -> Iterator[Becoming]:
    """Yield whom an App may turn into that reads the alerts of secret scanning.

    An alert shows the whole token that was found. Whether there is one that still works is told
    nowhere, so this is a question: one for each App and repository, not one for each alert.
    """
    if app.may(_ALERTS, "read"):
        fact = f"whether an alert of {here.title} is of a token that is still valid"
        yield Becoming(
            holder=app.principal,
            principal=f"leaked/{here.name}",
            via=f"reads the tokens that secret scanning found ({_ALERTS}: read)",
            location=app.node.at(app.permissions, _ALERTS),
            certainty="needs-fact",
            needs="; ".join(filter(None, (app.needs, fact))),
        )


def unknown(app: App) -> Iterator[Unresolved]:
    """Yield the permissions of an App that the catalogue does not know."""
    for one in app.node.get(app.permissions).items():
        if catalogue.canonical(one.name) not in catalogue.WRITES:
            what = f"what the permission {one.name} of {app.principal} allows is not known"
            yield Unresolved(what, one.at(key=True), (app.principal,))
