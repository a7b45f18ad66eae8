"""Workflow files as they are written: triggers, jobs, permissions, and what the jobs use."""

from __future__ import annotations

import re

from blastlint.providers.github import catalogue, events
from blastlint.providers.github.repository import UNKNOWN
from blastlint.source import did_you_mean
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.github.nodes import Node, Problems
    from blastlint.source import Location

_FOLDER = ".github/workflows/"
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_INDEXED = re.compile(r"\bsecrets\s*\[\s*'([^']+)'\s*\]", re.IGNORECASE)
_DOTTED = re.compile(r"\bsecrets\s*\.\s*([A-Za-z_][A-Za-z0-9_-]*)", re.IGNORECASE)
_ANY = re.compile(r"(?<![.\w-])secrets\b", re.IGNORECASE)
EVERY = "*"
"""Name that stands for every secret."""


@dataclass(frozen=True, slots=True)
class Level:
    """One permission as it is written."""

    key: str
    """Key as workflows write it."""
    action: str
    """`read` or `write`; writing includes reading."""
    location: Location


@dataclass(slots=True)
class Job:
    """One job."""

    workflow: Workflow
    node: Node
    permissions: tuple[Level, ...] | None
    """What it states itself; None if it states nothing."""
    needs: tuple[str, ...]
    """Jobs that run before it."""
    uses: str
    """The workflow that it calls; empty if it has steps."""

    @property
    def principal(self) -> str:
        """`OWNER/REPO/.github/workflows/FILE:JOB`."""
        return f"{self.workflow.path}:{self.node.name}"

    @property
    def stated(self) -> tuple[Level, ...] | None:
        """Its own permissions, which replace the workflow's; else those; None if neither says."""
        return self.workflow.permissions if self.permissions is None else self.permissions

    def steps(self) -> list[Node]:
        """Its steps."""
        return [step for step in self.node.get("steps").items() if isinstance(step.value, dict)]

    def runs_files(self) -> bool:
        """Whether it takes the repository's files and runs something."""
        checked_out = False
        for step in self.steps():
            uses = str(step.get("uses").value or "")
            checked_out = checked_out or uses.startswith("actions/checkout")
            if checked_out and (step.has("run") or uses.startswith("./")):
                return True
        return False

    def secrets(self) -> Iterator[tuple[str, Location]]:
        """Yield the names of the secrets it uses, `*` for all; the token of the run is none."""
        seen = {"GITHUB_TOKEN"}
        around = () if self.uses else expressions(self.workflow.node.get("env"))
        for node, text in (*expressions(self.node), *around):
            for name in _secret_names(text):
                if name not in seen:
                    seen.add(name)
                    yield name, node.at()


@dataclass(slots=True)
class Workflow:
    """One workflow file."""

    node: Node
    repository: str
    triggers: dict[str, Node] = field(default_factory=dict)
    """By event: its filters."""
    permissions: tuple[Level, ...] | None = None
    jobs: dict[str, Job] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.node.document.file.rpartition("/")[2]

    @property
    def path(self) -> str:
        """`OWNER/REPO/.github/workflows/FILE`."""
        return f"{self.repository or UNKNOWN}/{_FOLDER}{self.file}"

    @property
    def name(self) -> str:
        """What other workflows call it in `workflow_run`."""
        stated = self.node.get("name").value
        return stated if isinstance(stated, str) else f"{_FOLDER}{self.file}"


def workflow(node: Node, repository: str, problems: Problems) -> Workflow:
    """Read one workflow."""
    found = Workflow(node, repository)
    found.triggers = _triggers(node, problems)
    found.permissions = _permissions(node, problems)
    for one in problems.table(node.get("jobs")).items():
        if isinstance(one.value, dict):
            found.jobs[one.name] = _job(found, one, problems)
        else:
            problems.say(one, "expected a job: a map with runs-on and steps, or uses")
    if not found.jobs:
        problems.say(node.get("jobs"), "this workflow has no jobs")
    return found


def _job(found: Workflow, node: Node, problems: Problems) -> Job:
    uses = problems.text(node.get("uses"))
    problems.rows(node.get("steps"))
    return Job(found, node, _permissions(node, problems), problems.texts(node.get("needs")), uses)


def _triggers(node: Node, problems: Problems) -> dict[str, Node]:
    written = node.get("on")
    if written.value is None:
        problems.say(written, "this workflow does not say what starts it: it has no 'on'")
    if isinstance(written.value, str):
        found = {written.value: written}
    elif isinstance(written.value, list):
        found = {problems.text(row): row for row in written.items()}
    else:
        found = {row.name: row for row in problems.table(written).items()}
    for name, one in found.items():
        if name not in events.ALL:
            help_ = did_you_mean(name, events.ALL) or "see GitHub's list of events"
            problems.say(one, f"'{name}' is no event that starts a workflow", help_, key=True)
    return found


def _permissions(node: Node, problems: Problems) -> tuple[Level, ...] | None:
    if not node.has("permissions"):
        return None
    written = node.get("permissions")
    if isinstance(written.value, dict):
        levels = (_level(one, problems) for one in written.items())
        return tuple(level for pair in levels for level in pair)
    if isinstance(written.value, str) and written.value in {"read-all", "write-all"}:
        return tuple(_all(written.value.removesuffix("-all"), written.at()))
    help_ = "write a map of permissions, read-all, write-all or {}"
    problems.say(written, f"these permissions are not known before the run{_which(written)}", help_)
    return None


def _which(node: Node) -> str:
    return f": {node.value}" if isinstance(node.value, str) else ""


def _level(node: Node, problems: Problems) -> tuple[Level, ...]:
    known = catalogue.TOKEN_KEYS.get(node.name)
    if known is None:
        help_ = did_you_mean(node.name, catalogue.TOKEN_KEYS) or ""
        if node.name == "workflows":
            help_ = "the token of a workflow never changes workflow files; an App's may"
        problems.say(node, f"there is no permission '{node.name}' for a job", help_, key=True)
        return ()
    if node.value == "none":
        return ()
    if node.value not in known:
        allowed = f"{node.name} is one of {', '.join((*known, 'none'))}"
        problems.say(node, f"expected a level of access{_which(node)}", allowed)
        return ()
    return tuple(_up_to(node.name, node.value, node.at()))


def _all(action: str, place: Location) -> Iterator[Level]:
    """Yield what `read-all` or `write-all` gives: of each permission, as much as it has."""
    for key, known in catalogue.TOKEN_KEYS.items():
        level = "write" if action == "write" and "write" in known else "read"
        if level in known:
            yield from _up_to(key, level, place)


def _up_to(key: str, action: str, place: Location) -> Iterator[Level]:
    for level in catalogue.TOKEN_KEYS[key]:
        if level in {"read", action}:
            yield Level(key, level, place)


def defaults(setting: str, place: Location) -> tuple[Level, ...]:
    """What a job gets when neither it nor its workflow says: by the repository's setting."""
    if setting == "write":
        return tuple(one for one in _all("write", place) if one.key not in catalogue.NOT_BY_DEFAULT)
    return tuple(Level(key, "read", place) for key in catalogue.ALWAYS_BY_DEFAULT)


def expressions(node: Node) -> Iterator[tuple[Node, str]]:
    """Yield every expression in a value: between `${{` and `}}`, and the whole of an `if`."""
    if isinstance(node.value, str):
        if node.name == "if":
            yield node, node.value
        else:
            yield from ((node, found) for found in _braced(node.value))
    else:
        for one in node.items():
            yield from expressions(one)


def _braced(text: str) -> Iterator[str]:
    start = text.find("${{")
    end = text.find("}}", start)
    while 0 <= start < end:
        yield text[start + 3 : end]
        start = text.find("${{", end)
        end = text.find("}}", start)


def _secret_names(text: str) -> Iterator[str]:
    yield from (name.upper() for name in _INDEXED.findall(text))
    plain = _LITERAL.sub("''", _INDEXED.sub("", text))
    yield from (name.upper() for name in _DOTTED.findall(plain))
    if _ANY.search(_DOTTED.sub("", plain)):
        yield EVERY


def passed_on(caller: Job, name: str) -> Iterator[str]:
    """Yield the secrets that a calling job passes under a name."""
    written = caller.node.get("secrets")
    if written.value == "inherit":
        yield name
    for one in written.items():
        if name in {EVERY, one.name.upper()}:
            yield from (real for _, text in expressions(one) for real in _secret_names(text))
