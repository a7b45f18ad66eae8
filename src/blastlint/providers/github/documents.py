"""Sorts files by what they hold: workflows, rulesets, Apps, and other answers of GitHub's API."""

from __future__ import annotations

from blastlint.providers.github.nodes import Node, Problems
from blastlint.providers.recognise import recognise
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.source import Document

_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("workflow", ("jobs",)),
    ("ruleset", ("enforcement", "rules")),
    ("ruleset named", ("enforcement", "id")),
    ("protection", ("enforce_admins", "url")),
    ("protection", ("required_pull_request_reviews", "url")),
    ("branch", ("protected", "name")),
    ("manifest", ("default_permissions",)),
    ("installation", ("app_slug", "permissions")),
    ("app", ("slug", "permissions")),
    ("repository", ("full_name",)),
    ("owners checked", ("errors",)),
    ("environment", ("protection_rules", "name")),
    ("token default", ("default_workflow_permissions",)),
    ("subject", ("use_default",)),
)
"""What a map is: the first row whose keys it has all."""

_WRAPPERS = ("environments", "installations", "repositories")
"""Keys under which an answer lists what it found."""

_HELP = (
    "evidence of the kind github is a workflow, CODEOWNERS, an App's manifest, or GitHub's answer "
    "to /app, /app/installations, /repos/OWNER/REPO, and below that to /rulesets, /rulesets/ID, "
    "/branches/NAME, /branches/NAME/protection, /environments, /codeowners/errors, "
    "/actions/permissions/workflow, /actions/oidc/customization/sub"
)
_INERT = "/.github/"
_LIVE = "/.github/workflows/"


@dataclass(slots=True)
class Sorted:
    """The documents by kind."""

    by_kind: dict[str, list[Node]] = field(default_factory=dict)
    """Values of each kind, in file order."""
    incomplete: list[Node] = field(default_factory=list)
    """Answers that are one page of a longer list."""

    def of(self, kind: str) -> list[Node]:
        """Values of a kind; none when there are none."""
        return self.by_kind.get(kind, [])


def sort(documents: Sequence[Document], problems: Problems) -> Sorted:
    """Sort documents by what they hold; one that holds nothing known is a problem."""
    found = Sorted()
    for document in documents:
        _place(found, Node(document, (), document.value), problems)
    return found


def is_known(document: Document) -> bool:
    """Whether a document is a file of a repository or an answer of GitHub's API that is read."""
    problems = Problems()
    return bool(sort([document], problems).by_kind) and not problems.found


def is_code_owners(document: Document) -> bool:
    """Whether a document is the lines of a CODEOWNERS file."""
    return document.file.rpartition("/")[2] == "CODEOWNERS"


def _place(found: Sorted, node: Node, problems: Problems) -> None:
    if is_code_owners(node.document):
        found.by_kind.setdefault("owners", []).append(node)
        return
    for one in _unfolded(found, node):
        kind = _kind(one.value)
        if kind:
            found.by_kind.setdefault(kind, []).append(one)
        elif not _passed_over(one):
            problems.say(one, *_refusal(one.value))


def _kind(value: object) -> str:
    if not isinstance(value, dict) or ("errors" in value and "message" in value):
        return ""
    return next((kind for kind, keys in _KINDS if all(key in value for key in keys)), "")


def _unfolded(found: Sorted, node: Node) -> Iterator[Node]:
    """Yield the members of a list, or of what an answer lists; else the value itself."""
    key = next((key for key in _WRAPPERS if isinstance(node.get(key).value, list)), "")
    if not (key and node.has("total_count")):
        yield from node.items() if isinstance(node.value, list) and node.value else (node,)
        return
    total = node.get("total_count").value
    if isinstance(total, int) and total > len(node.get(key).value):
        found.incomplete.append(node)
    if key == "repositories":
        found.by_kind.setdefault("selection", []).append(node)
    else:
        yield from node.get(key).items()


def _passed_over(node: Node) -> bool:
    """Whether a file lies in `.github` where GitHub takes it for no workflow: it grants nothing."""
    path = f"/{node.document.file}"
    return _INERT in path and _LIVE not in path


def _refusal(value: object) -> tuple[str, str]:
    expected = "expected evidence from GitHub"
    if value == []:
        return f"{expected}; an empty list does not say what there is none of", _HELP
    if isinstance(value, dict) and isinstance(value.get("message"), str) and "status" in value:
        return "this is an error that GitHub answered with, no evidence", "export it again"
    if isinstance(value, dict) and {"type", "ruleset_id"} <= value.keys():
        help_ = "export /repos/OWNER/REPO/rulesets/ID of each: it names who may bypass it"
        return "these are the rules of a branch, without the rulesets they come from", help_
    kind = recognise(value)
    looks = f"this looks like evidence of the kind {kind}" if kind not in {"", "github"} else ""
    return expected, looks or _HELP
