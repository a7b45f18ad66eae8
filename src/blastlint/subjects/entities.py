"""The things that an inventory names, and the cells, tools and waivers that stand beside them."""

from __future__ import annotations

from functools import partial

from blastlint.analyses.tiers import TIERS
from blastlint.expression import BOOL, DAY, INT, STRING, enum_of, list_of, record_of
from blastlint.inventory.record import (
    as_written,
    at,
    id_of,
    open_cells,
    path_of,
    state,
    unknown,
)
from blastlint.subjects.answer import Answer, View
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from blastlint.inventory.models import Entity, Part, Tool, Waiver
    from blastlint.inventory.record import State
    from blastlint.source import Location
    from blastlint.subjects.facts import Facts, Registration

SECTIONS = {
    "agents": ("agent", "Agent"),
    "tools": ("tool", "Tool"),
    "systems": ("system", "System"),
    "audit_logs": ("audit_log", "AuditLog"),
    "credentials": ("credential", "Credential"),
    "teams": ("team", "Team"),
    "rotations": ("rotation", "Rotation"),
    "escalation_policies": ("escalation_policy", "EscalationPolicy"),
    "approval_gates": ("approval_gate", "ApprovalGate"),
    "calendars": ("calendar", "Calendar"),
    "quotas": ("quota", "Quota"),
    "retry_profiles": ("retry_profile", "RetryProfile"),
    "runbooks": ("runbook", "Runbook"),
    "fallbacks": ("fallback", "Fallback"),
    "capabilities": ("capability", "Capability"),
    "deployments": ("deployment", "Deployment"),
    "routes": ("route", "Route"),
    "workflows": ("workflow", "Workflow"),
}
"""Section to the kind of its entities, and the part they are."""


def _entities(section: str) -> Callable[[Facts], Iterator[Subject]]:
    """Return the function that lists the entities of a section which concern some agent."""

    def subjects(facts: Facts) -> Iterator[Subject]:
        for name, entity in getattr(facts.inventory, section).items():
            agents = facts.concerned(section, entity)
            if agents:
                yield Subject(
                    SubjectId(SECTIONS[section][0], name),
                    entity,
                    partial(at, entity, key=True),
                    agents,
                )

    return subjects


# --- cells --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that a launch cannot do without, or one that nobody knows."""

    section: str
    entity: Entity
    part: Part
    """The entity, or what of it holds the cell."""
    field: str
    needed: bool
    """True if a launch cannot do without it."""
    state: State
    """Whether it is stated."""
    written: object
    """What the file says, unconverted; None if nothing."""

    @property
    def open_cell(self) -> tuple[Part, str]:
        """The cell as an answer that is not stated names it."""
        return self.part, self.field

    @property
    def name(self) -> str:
        """`KIND.FIELD`."""
        return f"{SECTIONS[self.section][0]}.{self.path}"

    @property
    def path(self) -> str:
        """The field, after what it stands in: `reversibility.window`."""
        if self.part is self.entity:
            return self.field
        return ".".join(str(step) for step in (*path_of(self.part)[2:], self.field))

    @property
    def text(self) -> str:
        """The text of the cell; empty for what is no text."""
        return self.written if isinstance(self.written, str) else ""

    @property
    def blank(self) -> bool:
        """True for a text that says nothing."""
        return isinstance(self.written, str) and not self.written.strip()


def _cells(facts: Facts) -> Iterator[Subject]:
    """List the needed cells, and every other one that is unknown."""
    told = set()
    for section, entity, field, agents in facts.needed_cells():
        stands, written = state(entity, field), as_written(entity).get(field)
        told.add((section, id_of(entity), field))
        yield _cell(Cell(section, entity, entity, field, True, stands, written), agents)  # noqa: FBT003 -- in order
    for section, entity, part, field in _unknown_cells(facts):
        agents = facts.concerned(section, entity)
        if agents and not (part is entity and (section, id_of(entity), field) in told):
            yield _cell(Cell(section, entity, part, field, False, "unknown", None), agents)  # noqa: FBT003 -- as above


def _unknown_cells(facts: Facts) -> Iterator[tuple[str, Entity, Part, str]]:
    for section in SECTIONS:
        for entity in getattr(facts.inventory, section).values():
            yield from ((section, entity, *cell) for cell in open_cells(entity))


def _cell(cell: Cell, agents: tuple[str, ...]) -> Subject:
    name = f"{SECTIONS[cell.section][0]} {id_of(cell.entity)}.{cell.path}"
    stands = cell.state
    open_ = stands in {"missing", "unknown"}
    return Subject(
        SubjectId("cell", name),
        cell,
        partial(at, cell.part, cell.field)
        if stands != "missing"
        else partial(at, cell.entity, key=True),
        agents,
        certain=stands == "value",
        cell=(cell.part, cell.field) if open_ else None,
    )


def _plan(cell: Cell) -> str:
    """Return what is planned for a cell: who finds it out, and by when."""
    plan = unknown(cell.part, cell.field)
    owner = (plan.owner if plan else None) or "no team"
    day = f"by {plan.resolve_by}" if plan and plan.resolve_by else "and no day is set"
    return f"{owner} is to find it out {day}"


def _overdue(facts: Facts, cell: Cell) -> bool:
    """Return whether an unknown cell has no plan, or one that is past its day."""
    plan = unknown(cell.part, cell.field)
    if plan is None:
        return False
    return plan.owner is None or plan.resolve_by is None or plan.resolve_by < facts.as_of


# --- registered tools, waivers, problems --------------------------------------------------------


def _registrations(facts: Facts) -> Iterator[Subject]:
    for registration in facts.registrations():
        name = f"{id_of(registration.evidence)}/{registration.tool.name}"
        yield Subject(
            SubjectId("registered_tool", name),
            registration,
            partial(_here, registration.tool.location),
            registration.agents,
        )


def _rows(facts: Facts, registration: Registration) -> list[View]:
    """Return the rows that cover a registered tool."""
    return [
        View(facts, tool)
        for tool in facts.once(_named).get(registration.tool.name, ())
        if set(facts.agents_of(tool)) & set(registration.agents)
    ]


def _namesake(facts: Facts, registration: Registration) -> View | None:
    """Return the row that has a registered tool's name for its id, and no registered name."""
    tool = facts.inventory.tools.get(registration.tool.name)
    if tool is None or state(tool, "registered_name") != "missing":
        return None
    called = set(facts.agents_of(tool)) & set(registration.agents)
    return View(facts, tool) if called else None


def _named(facts: Facts) -> dict[str | None, list[Tool]]:
    """Return the rows by their registered name."""
    found: dict[str | None, list[Tool]] = {}
    for tool in facts.inventory.tools.values():
        found.setdefault(tool.registered_name, []).append(tool)
    return found


def _gaps(facts: Facts) -> Iterator[Subject]:
    """List the references of evidence that nothing in it defines and that touch an agent."""
    for gap in facts.gaps():
        place = gap.reference.location
        name = f"{id_of(gap.evidence)}/{gap.reference.what}"
        yield Subject(
            SubjectId("evidence_gap", name), gap, partial(_here, place), gap.agents, certain=False
        )


def _here(place: Location) -> Location:
    return place


def _waivers(facts: Facts) -> Iterator[Subject]:
    every = tuple(sorted(facts.inventory.agents))
    for name, waiver in facts.inventory.waivers.items():
        yield Subject(SubjectId("waiver", name), waiver, partial(at, waiver, key=True), every)


def _known(facts: Facts) -> Iterator[Subject]:
    every = tuple(sorted(facts.inventory.agents))
    for one in facts.baseline or ():
        if one.location:
            name = SubjectId("known_finding", f"{one.rule} on {one.subject}")
            yield Subject(name, one, partial(_here, one.location), every)


def _last_day(facts: Facts, _: Waiver) -> date:
    """Return the last day on which a waiver of today may end."""
    return facts.as_of + facts.inventory.policy.max_waiver_span


def _is_agent(facts: Facts, waiver: Waiver) -> bool:
    """Return whether a waiver's approver is an agent, by id or principal."""
    agents = facts.inventory.agents.values()
    names = {f"agent:{id_of(agent)}" for agent in agents} | {id_of(agent) for agent in agents}
    names |= {a.principal.id for a in agents if a.principal and a.principal.id}
    return waiver.approved_by in names or waiver.approved_by.startswith("agent:")


RECORDS = {
    "Cell": {
        "entity": Answer(STRING, lambda _, cell: SECTIONS[cell.section][0]),
        "id": Answer(STRING, lambda _, cell: id_of(cell.entity)),
        "name": Answer(STRING, lambda _, cell: cell.name),
        "field": Answer(STRING, lambda _, cell: cell.path),
        "needed": Answer(BOOL, lambda _, cell: cell.needed),
        "tier": Answer(
            enum_of(*TIERS), lambda facts, cell: facts.tier_of(cell.section, cell.entity)
        ),
        "plan": Answer(STRING, lambda _, cell: _plan(cell)),
        "state": Answer(STRING, lambda _, cell: cell.state),
        "text": Answer(STRING, lambda _, cell: cell.text),
        "word": Answer(STRING, lambda _, cell: cell.text.strip().casefold()),
        "blank": Answer(BOOL, lambda _, cell: cell.blank),
        "overdue": Answer(BOOL, _overdue),
    },
    "Registration": {
        "name": Answer(STRING, lambda _, r: r.tool.name),
        "evidence": Answer(STRING, lambda _, r: id_of(r.evidence)),
        "schema_digest": Answer(STRING, lambda _, r: r.tool.schema_digest),
        "unlisted": Answer(list_of(STRING), lambda _, r: list(r.tool.unlisted)),
        "namesake": Answer(record_of("Tool"), _namesake),
        "rows": Answer(list_of(record_of("Tool")), _rows),
        "agents": Answer(list_of(STRING), lambda _, r: list(r.agents)),
        "arguments": Answer(list_of(STRING), lambda _, r: list(r.tool.arguments)),
    },
    "Gap": {
        "what": Answer(STRING, lambda _, gap: gap.reference.what),
        "evidence": Answer(STRING, lambda _, gap: id_of(gap.evidence)),
        "credentials": Answer(list_of(STRING), lambda _, gap: list(gap.credentials)),
        "agents": Answer(list_of(STRING), lambda _, gap: list(gap.agents)),
    },
    "Waiver": {
        "id": Answer(STRING, lambda _, waiver: id_of(waiver)),
        "expired": Answer(BOOL, lambda facts, waiver: waiver.expires < facts.as_of),
        "last_day": Answer(DAY, _last_day),
        "matches": Answer(INT, lambda facts, waiver: facts.accepted.get(id_of(waiver), 0)),
        "approved_by_agent": Answer(BOOL, _is_agent),
        "forbidden": Answer(BOOL, lambda facts, waiver: waiver.rule in facts.unwaivable),
    },
    "KnownFinding": {
        "rule": Answer(STRING, lambda _, one: one.rule),
        "subject": Answer(STRING, lambda _, one: one.subject),
        "found": Answer(BOOL, lambda facts, one: (one.rule, one.subject) in facts.found),
    },
    "InputProblem": {
        "code": Answer(STRING, lambda _, problem: problem.code),
        "message": Answer(STRING, lambda _, problem: problem.message),
    },
}
"""Records of the condition language beside the inventory's own."""


def _none(_: Facts) -> Iterator[Subject]:
    """List nothing: an inventory that can be judged has no problem."""
    return iter(())


KINDS = (
    *(
        Kind(noun, part, _entities(section), f"every {noun.replace('_', ' ')} in use")
        for section, (noun, part) in SECTIONS.items()
    ),
    Kind("cell", "Cell", _cells, "every cell that a launch cannot do without, or nobody knows"),
    Kind("registered_tool", "Registration", _registrations, "every tool that a server offers"),
    Kind("evidence_gap", "Gap", _gaps, "every reference in evidence that leads nowhere"),
    Kind("waiver", "Waiver", _waivers, "every waiver"),
    Kind("known_finding", "KnownFinding", _known, "every finding that the baseline holds"),
    Kind("problem", "InputProblem", _none, "everything that is wrong with the input"),
)
