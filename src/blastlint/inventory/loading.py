"""Inventories as a whole: finds their files, reads and merges them, and checks that all fits.

Everything that is wrong, in all files of all inventories, is raised together.
"""

from __future__ import annotations

import gc
import os

from blastlint.inventory import discovery
from blastlint.inventory.merging import Draft
from blastlint.inventory.pairing import paired
from blastlint.inventory.policy import PolicyValues
from blastlint.inventory.shape import shape
from blastlint.progress import through
from blastlint.source import InputError, Problem, Root, shown
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from blastlint.inventory import models
    from blastlint.inventory.discovery import Place, Tree
    from blastlint.inventory.record import Record
    from blastlint.source import Document, Location


class Nowhere(Root):
    """A folder that holds nothing."""

    def exists(self, relative: str) -> bool:  # noqa: ARG002 -- as any other folder
        """Return False."""
        return False


class Inventory:
    """What people declare about a set of agents: every section a map by id, sorted."""

    __slots__ = (
        "agents",
        "approval_gates",
        "audit_logs",
        "authority",
        "calendars",
        "capabilities",
        "credentials",
        "deployments",
        "directory",
        "documents",
        "escalation_policies",
        "evidence",
        "fallbacks",
        "name",
        "place",
        "policy",
        "postmortem_template",
        "quotas",
        "retry_profiles",
        "root",
        "rotations",
        "routes",
        "runbooks",
        "set_aside",
        "systems",
        "teams",
        "tools",
        "waivers",
        "workflows",
    )

    name: str
    place: Place
    """Where it lies, and what encloses it."""
    root: Root
    """The folder, to read further files from."""
    directory: str
    """The folder, as people call it; nothing for where they are."""
    documents: tuple[Document, ...]
    """Every file it was read from, the root file first, the others sorted."""
    policy: PolicyValues
    authority: Inventory
    """The inventory whose policy, packs, waivers and baseline judge this one; mostly itself."""
    set_aside: tuple[str, ...]
    """What it says of its own judgement and is not trusted, in words."""
    agents: Mapping[str, models.Agent]
    tools: Mapping[str, models.Tool]
    systems: Mapping[str, models.System]
    audit_logs: Mapping[str, models.AuditLog]
    credentials: Mapping[str, models.Credential]
    teams: Mapping[str, models.Team]
    rotations: Mapping[str, models.Rotation]
    escalation_policies: Mapping[str, models.EscalationPolicy]
    approval_gates: Mapping[str, models.ApprovalGate]
    calendars: Mapping[str, models.Calendar]
    quotas: Mapping[str, models.Quota]
    retry_profiles: Mapping[str, models.RetryProfile]
    runbooks: Mapping[str, models.Runbook]
    fallbacks: Mapping[str, models.Fallback]
    capabilities: Mapping[str, models.Capability]
    deployments: Mapping[str, models.Deployment]
    routes: Mapping[str, models.Route]
    workflows: Mapping[str, models.Workflow]
    waivers: Mapping[str, models.Waiver]
    evidence: Mapping[str, models.Evidence]
    postmortem_template: models.PostmortemTemplate | None

    def __init__(  # noqa: PLR0917 -- built in one place
        self,
        name: str,
        place: Place,
        documents: tuple[Document, ...],
        policy: PolicyValues,
        sections: Mapping[str, Mapping[str, Record]],
        postmortem_template: Any,  # noqa: ANN401 -- a record, which the type checker takes for its model
    ) -> None:
        self.name = name
        self.place = place
        self.root = place.root
        self.directory = place.shown
        self.documents = documents
        self.policy = policy
        self.authority = self
        self.set_aside = ()
        self.postmortem_template = postmortem_template
        for section in shape().sections:
            setattr(self, section, sections.get(section, {}))

    @property
    def location(self) -> Location:
        """Where the inventory says its name."""
        return self.documents[0].at(("name",))

    def __repr__(self) -> str:
        return f"<Inventory {self.name}>"


def load(paths: Sequence[str]) -> tuple[Inventory, ...]:
    """Return the inventories that some paths hold; no path means where people are.

    Raises:
        InputError: something cannot be read or does not fit; all problems at once, sorted.
    """
    return load_places(*discovery.places(paths))


def found_in(tree: Tree, paths: Sequence[str], *, required: bool = True) -> tuple[Inventory, ...]:
    """Return the inventories that some paths hold in a tree that does not lie on the disk.

    Raises:
        InputError: as `load`; also if there is none, and one is required.
    """
    places = discovery.places_in(tree, paths)
    if required and not places:
        named = ", ".join(map(shown, paths)) or "the repository below this folder"
        help_ = f"an inventory is a folder with a file {discovery.ROOT_FILE}"
        raise InputError(Problem(f"no inventory found in {tree.name} of {named}", help=help_))
    return load_places(places)


def hold_to(
    inventories: Iterable[Inventory], trusted: Iterable[Inventory]
) -> tuple[Inventory, ...]:
    """Let inventories be judged by what their trusted versions say; return what has gone.

    The trusted version lies in the same folder; only one that was moved is found by its name, so
    that nobody is judged by another's policy for a new name. Without a trusted version, the
    default policy judges, without waivers.
    """
    pairs = paired(trusted, inventories, (_path_and_name, _path, lambda one: one.name))
    for before, inventory in pairs:
        if inventory is not None:
            _hold_to(inventory, before or _silent(inventory))
    return tuple(before for before, now in pairs if now is None and before is not None)


def moved_agents(
    inventories: Sequence[Inventory], trusted: Sequence[Inventory]
) -> Iterator[Problem]:
    """Yield the agents that a change hands to an inventory with another policy.

    Args:
        inventories: what is judged, held to its trusted versions.
        trusted: all of these.
    """
    held = {id(one.authority): one for one in inventories}
    left = [
        (name, origin)
        for origin in trusted
        for name in origin.agents
        if id(origin) not in held or name not in held[id(origin)].agents
    ]
    for inventory in inventories:
        added = inventory.agents.keys() - inventory.authority.agents.keys()
        for name, origin in left:
            if name in added and origin.policy.text != inventory.policy.text:
                yield _moved(name, origin, inventory)


def _moved(name: str, origin: Inventory, inventory: Inventory) -> Problem:
    return Problem(
        f"the agent '{name}' was judged by the policy of {shown(origin.name)}, and the change "
        f"hands it to {shown(inventory.name)}, whose policy is another one",
        inventory.documents[0].at(("name",)),
        "let somebody move it who may change policies, or leave it where it was",
    )


def _path(inventory: Inventory) -> tuple[str, str]:
    """Return where an inventory lies within what encloses it: alike on the disk and in git."""
    place = inventory.place
    return os.path.relpath(place.directory, place.enclosure), place.file


def _path_and_name(inventory: Inventory) -> tuple[str, str, str]:
    return (*_path(inventory), inventory.name)


def _hold_to(inventory: Inventory, trusted: Inventory) -> None:
    """Judge an inventory by its trusted version; a waiver that it took out does not count."""
    inventory.set_aside = tuple(_set_aside(inventory, trusted))
    inventory.authority = trusted
    inventory.policy = trusted.policy
    kept = {(waiver.rule, waiver.subject) for waiver in inventory.waivers.values()}
    inventory.waivers = {
        name: waiver
        for name, waiver in trusted.waivers.items()
        if (waiver.rule, waiver.subject) in kept
    }


def _silent(inventory: Inventory) -> Inventory:
    """Return an inventory of the same name that says nothing; it lies where nothing is."""
    home = inventory.documents[0]
    place = replace(inventory.place, open=Nowhere)
    return Inventory(inventory.name, place, (home,), PolicyValues(home), {}, None)


def _set_aside(inventory: Inventory, trusted: Inventory) -> Iterator[str]:
    """Yield, in words, what an inventory says of its own judgement and its trusted version not."""
    before = dict(trusted.policy.said)
    for name, said in inventory.policy.said:
        if before.get(name) != said:
            yield f"policy.{name}: {said}" + (
                f" instead of {before[name]}" if name in before else ""
            )
    for name, waiver in inventory.waivers.items():
        other = trusted.waivers.get(name)
        if other is None or _terms(other) != _terms(waiver):
            yield f"waiver {name}: {waiver.rule} on {waiver.subject} until {waiver.expires}"


def _terms(waiver: models.Waiver) -> tuple[object, ...]:
    return waiver.rule, waiver.subject, waiver.approved_by, waiver.expires


def load_places(places: Sequence[Place], problems: Sequence[Problem] = ()) -> tuple[Inventory, ...]:
    """Return the inventories that lie in some places.

    Args:
        places: where they lie.
        problems: what is wrong already.

    Raises:
        InputError: as `load`.
    """
    problems = list(problems)
    collecting = gc.isenabled()
    gc.disable()  # records that are being built hold no garbage; looking for it takes a fifth
    try:
        loaded = [_load(place, problems) for place in through(places, "reading", "inventories")]
    finally:
        if collecting:
            gc.enable()
    if problems:
        raise InputError(*_in_order(problems))
    return tuple(inventory for inventory in loaded if inventory)


def _load(place: Place, problems: list[Problem]) -> Inventory | None:
    """Return one inventory, or None if something is wrong with it."""
    draft = drafted(place)
    problems += draft.problems
    return None if draft.problems else finished(draft)


def drafted(place: Place) -> Draft:
    """Return an inventory as far as it can be read, with everything that is wrong with it."""
    draft = Draft(place)
    draft.read_all()
    draft.check()
    return draft


def finished(draft: Draft) -> Inventory:
    """Return the inventory that a draft without problems is."""
    return Inventory(
        draft.name,
        draft.place,
        tuple(draft.documents),
        draft.policy(),
        {name: dict(sorted(section.items())) for name, section in draft.sections.items()},
        draft.postmortem_template,
    )


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Sort problems by place, and drop repeats: inventories may share a file that is wrong."""
    unique = {(_key(problem), problem.message): problem for problem in problems}
    return [unique[key] for key in sorted(unique)]


def _key(problem: Problem) -> tuple[str, int, int]:
    place = problem.location
    return (place.file, place.span.line, place.span.column) if place else ("", 0, 0)
