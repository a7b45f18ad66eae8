"""What the token of every job may do: stated, inherited, capped by the caller, or by default."""

from __future__ import annotations

from blastlint.providers.github import catalogue
from blastlint.providers.github.repository import UNKNOWN
from blastlint.providers.github.workflows import EVERY, defaults, passed_on
from blastlint.providers.grants import Becoming, Grant, Unresolved
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.providers.github.repository import Repository
    from blastlint.providers.github.workflows import Job, Level, Workflow
    from blastlint.providers.grants import EdgeCertainty
    from blastlint.source import Location

_HERE = "./.github/workflows/"
_CALLER = "what the token of a workflow that calls it may do"
_ORDER: tuple[EdgeCertainty, ...] = ("proven", "conditional", "needs-fact")


@dataclass(frozen=True, slots=True)
class Right:
    """One permission of a token, and how sure it is."""

    key: str
    action: str
    location: Location
    condition: str = ""
    needs: str = ""

    @property
    def certainty(self) -> EdgeCertainty:
        """How sure it is."""
        return "needs-fact" if self.needs else "conditional" if self.condition else "proven"


Rights = dict[tuple[str, str], Right]
"""By key and action."""


@dataclass(slots=True)
class Tokens:
    """The jobs of all workflows, and who calls whom."""

    repository: Repository
    workflows: Sequence[Workflow]
    system: str
    callers: dict[str, list[Job]] = field(default_factory=dict)
    """By file of a workflow: the jobs that call it."""
    unresolved: list[Unresolved] = field(default_factory=list)
    environments: Mapping[str, str] = field(default_factory=dict)
    """By environment, in small letters, that asks a person: the condition."""
    _known: dict[str, Rights] = field(default_factory=dict)

    def prepare(self) -> None:
        """Find out which job calls which workflow."""
        files = self._files()
        if self.workflows and self.repository.name == UNKNOWN:
            what = "nothing says which repository these workflows lie in: state it as OWNER/REPO"
            holders = tuple(job.principal for job in self.jobs())
            place = self.workflows[0].node.at("jobs", key=True)
            self.unresolved.append(Unresolved(what, place, holders))
        for job in self.jobs():
            called = self._called(job)
            if called in files:
                self.callers.setdefault(called, []).append(job)
            elif job.uses:
                what = f"{job.principal} calls {job.uses}, which is not in this evidence"
                place = job.node.at("uses")
                self.unresolved.append(Unresolved(what, place, (job.principal,)))

    def _called(self, job: Job) -> str:
        """Return the file of the workflow that a job calls, if it is of this repository."""
        path = job.uses.partition("@")[0]
        own = f"{self.repository.name}/{_HERE[2:]}"
        return next((path[len(p) :] for p in (_HERE, own) if path.startswith(p)), "")

    def jobs(self) -> Iterator[Job]:
        """Yield every job, in file order."""
        for one in self.workflows:
            yield from one.jobs.values()

    # --- permissions ----------------------------------------------------------------------------

    def rights(self, job: Job, above: tuple[str, ...] = ()) -> Rights:
        """What the token of a job may do, over all the ways in which the job is started."""
        known = self._known.get(job.principal)
        if known is not None:
            return known
        found: Rights = {}
        for cap in self._caps(job, (*above, job.principal)):
            for key, right in self._under(job, cap).items():
                if key not in found or _rank(right) < _rank(found[key]):
                    found[key] = right
        if not above:
            self._known[job.principal] = found
        return found

    def _caps(self, job: Job, above: tuple[str, ...]) -> Iterator[Rights | str | None]:
        """Yield what limits the job: nothing, a caller's rights, or an unknown caller."""
        if job.workflow.triggers.keys() - {"workflow_call"}:
            yield None
        callers = self.callers.get(job.workflow.file, [])
        yield from (self.rights(one, above) for one in callers if one.principal not in above)
        if not callers and "workflow_call" in job.workflow.triggers:
            yield "a workflow that calls it grants as much"

    def _under(self, job: Job, cap: Rights | str | None) -> Rights:
        """What a job may do in one way of starting it; a call can only lower what it states."""
        if job.stated is None:
            if isinstance(cap, dict):
                return cap
            found = self.by_default(job.node.at(key=True))
            return _each(found, needs=_CALLER) if cap else found
        own = _rights(job.stated)
        if isinstance(cap, dict):
            return {key: max(own[key], cap[key], key=_rank) for key in own if key in cap}
        return _each(own, condition=cap) if cap else own

    def by_default(self, place: Location) -> Rights:
        """What the repository gives a job that states nothing."""
        setting = self.repository.token_default
        found = _rights(defaults(setting, place))
        if not setting:
            fact = f"the default permissions of workflows in {self.repository.title}"
            for key, right in _rights(defaults("write", place), needs=fact).items():
                found.setdefault(key, right)
        return found

    # --- grants ---------------------------------------------------------------------------------

    def grants(self) -> Iterator[Grant]:
        """Yield what every job may do."""
        for job in self.jobs():
            rights = self._shown(job)
            yield from (
                self._grant(job, one, inherent=_comes_along(one, rights)) for one in rights.values()
            )
            yield from self._secrets(job)
            yield from self._environment(job)

    def _shown(self, job: Job) -> Rights:
        """The rights of a job that has steps; those of a call are its workflow's."""
        return {} if job.uses and self._called(job) in self._files() else self.rights(job)

    def _files(self) -> set[str]:
        return {one.file for one in self.workflows}

    def _grant(self, job: Job, right: Right, *, inherent: bool = False) -> Grant:
        resource = catalogue.canonical(right.key)
        return Grant(
            holder=job.principal,
            system=self.system,
            scope=self.repository.name,
            resource=resource,
            action=right.action,
            effect=catalogue.effect(resource, right.action),
            location=right.location,
            condition=right.condition,
            certainty=right.certainty,
            needs=right.needs,
            inherent=inherent,
        )

    def _secrets(self, job: Job) -> Iterator[Grant]:
        for name, place in job.secrets():
            for real, condition, needs in self._passed(job, name):
                resource = f"{catalogue.SECRET}{real}"
                right = Right(resource, "read", place, condition, needs)
                yield self._grant(job, right)
        if job.node.get("secrets").value == "inherit":
            place = job.node.at("secrets")
            yield self._grant(job, Right(f"{catalogue.SECRET}{EVERY}", "read", place))

    def _passed(self, job: Job, name: str) -> Iterator[tuple[str, str, str]]:
        """Yield the secrets that a name stands for: in a called workflow, what callers pass."""
        if job.workflow.triggers.keys() - {"workflow_call"}:
            yield name, "", ""
            return
        callers = self.callers.get(job.workflow.file, [])
        if not callers:
            yield name, "", "which secrets a workflow that calls it passes"
        real = (one for caller in callers for one in passed_on(caller, name))
        yield from ((one, "", "") for one in dict.fromkeys(real))

    def _environment(self, job: Job) -> Iterator[Grant]:
        name, place = environment(job)
        if name:
            needs = "which environment the job runs in" if name == EVERY else ""
            gate = self.environments.get(name.lower(), "")
            right = Right(f"{catalogue.ENVIRONMENT}{name}", "deploy", place, gate, needs)
            yield replace(self._grant(job, right), second_person=bool(gate))

    def becomings(self) -> Iterator[Becoming]:
        """Yield that a job which calls a workflow is the jobs of it."""
        for job in self.jobs():
            for one in self.workflows if job.uses else ():
                if one.file == self._called(job):
                    place, via = job.node.at("uses"), f"calls {one.file}"
                    yield from (
                        Becoming(job.principal, called.principal, via, place)
                        for called in one.jobs.values()
                    )


def environment(job: Job) -> tuple[str, Location]:
    """Return the environment that a job deploys to: `*` if an expression names it, "" for none."""
    written = job.node.get("environment")
    named = written.get("name") if isinstance(written.value, dict) else written
    name = named.value if isinstance(named.value, str) else ""
    return (EVERY if "${{" in name else name), named.at()


def _rights(levels: Iterable[Level], needs: str = "") -> Rights:
    """The levels by key and action."""
    rights = (Right(one.key, one.action, one.location, needs=needs) for one in levels)
    return {(one.key, one.action): one for one in rights}


def _comes_along(right: Right, rights: Rights) -> bool:
    """Whether a right to read comes with the one to write and is as sure, or opens nothing itself.

    What a token of OpenID Connect opens is told by the subject that the job turns into.
    """
    above = rights.get((right.key, "write"))
    read = right.action == "read" and above is not None and above.certainty == right.certainty
    return read or right.key == "id-token"


def _each(rights: Rights, condition: str = "", needs: str = "") -> Rights:
    """The rights, each with a condition or a missing fact."""
    return {
        key: replace(one, condition=condition or one.condition, needs=one.needs or needs)
        for key, one in rights.items()
    }


def _rank(right: Right) -> int:
    return _ORDER.index(right.certainty)
