"""What stands before a branch: the rulesets and the protection that are about it, or may be."""

from __future__ import annotations

from blastlint.providers.github.patterns import matches
from blastlint.providers.github.repository import protected_branch
from blastlint.providers.github.rulesets import protection, ruleset
from blastlint.source import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.github.documents import Sorted
    from blastlint.providers.github.nodes import Node, Problems
    from blastlint.providers.github.repository import Repository
    from blastlint.providers.github.rulesets import Gate

DEFAULT = "~DEFAULT_BRANCH"
"""The default branch, whatever its name."""
_ENFORCEMENT = ("active", "evaluate", "disabled")
_TARGETS = ("branch", "tag", "push", "repository")


def branches(found: Sorted, here: Repository, problems: Problems) -> list[str]:
    """Return the branches of which to ask who merges: the default one, and any that is shown."""
    shown = [protected_branch(node, problems) for node in found.of("protection")]
    shown += [problems.text(node.get("name")) for node in found.of("branch")]
    first = here.branch or ("" if shown else DEFAULT)
    return list(dict.fromkeys(name for name in (first, *shown) if name))


def gates(found: Sorted, here: Repository, branch: str, problems: Problems) -> list[Gate]:
    """Return everything that stands before a branch, as far as the evidence shows it."""
    rules = [
        ruleset(node, needs, problems)
        for node in found.of("ruleset")
        for needs in _about(node, here, branch)
    ]
    protections = [
        protection(node, branch, problems)
        for node in found.of("protection")
        if protected_branch(node, problems) == branch
    ]
    return [*rules, *protections]


def missing(found: Sorted, here: Repository, branch: str) -> list[str]:
    """Return the facts without which it is open whether anything else stands before a branch."""
    shown = [node for node in found.of("branch") if node.get("name").value == branch]
    if any(node.get("protected").value is False for node in shown):
        return []
    facts = []
    plain = any(node.get("protection", "enabled").value is False for node in shown)
    if not (plain or any(_is_of(node, branch) for node in found.of("protection"))):
        facts.append(f"the branch protection of {branch}")
    if not found.of("ruleset named") or any(unread(found)):
        facts.append(f"all rulesets of {here.title}")
    return facts


def _is_of(node: Node, branch: str) -> bool:
    return str(node.get("url").value).endswith(f"/branches/{branch.replace('/', '%2F')}/protection")


def unread(found: Sorted) -> Iterator[Node]:
    """Yield the rulesets that a list names and no file shows."""
    known = [node.get("id").value for node in found.of("ruleset")]
    for node in found.of("ruleset named"):
        if node.get("id").value not in known and node.get("enforcement").value == "active":
            yield node


def closing_workflows(found: Sorted, here: Repository, problems: Problems) -> list[Gate]:
    """Return the rulesets that keep everybody from changing workflow files on any branch."""
    closing = (
        node
        for node in _certain(found, here)
        if (node.get("target").value == "push" and _restricts_workflows(node)) or _shuts(node)
    )
    return [ruleset(node, "", problems) for node in closing]


def closing_branches(found: Sorted, here: Repository, problems: Problems) -> list[Gate]:
    """Return the rulesets that keep everybody from pushing to any branch, old or new."""
    return [ruleset(node, "", problems) for node in _certain(found, here) if _shuts(node)]


def _certain(found: Sorted, here: Repository) -> Iterator[Node]:
    """Yield the rulesets that are enforced, and surely about this repository."""
    for node in found.of("ruleset"):
        if _enforced(node) and all(one is True for one in _of_repository(node, here)):
            yield node


def _shuts(node: Node) -> bool:
    names = node.get("conditions", "ref_name")
    wide = "~ALL" in names.get("include").words() and not names.get("exclude").words()
    rules = {str(rule.get("type").value) for rule in node.get("rules").items()}
    return node.get("target").value == "branch" and wide and {"creation", "update"} <= rules


def silent(found: Sorted) -> Iterator[Node]:
    """Yield the rulesets that do not say who may bypass them."""
    for node in found.of("ruleset"):
        if _enforced(node) and not node.has("bypass_actors"):
            yield node


def _restricts_workflows(node: Node) -> bool:
    paths = (
        str(path.value)
        for rule in node.get("rules").items()
        if rule.get("type").value == "file_path_restriction"
        for path in rule.get("parameters", "restricted_file_paths").items()
    )
    return any(matches(path, ".github/workflows/any.yml") for path in paths)


# --- which branch a ruleset is about ------------------------------------------------------------


def check(found: Sorted, problems: Problems) -> None:
    """Note what decides in a ruleset and cannot be read: enforcement, target, conditions."""
    for node in found.of("ruleset"):
        for key, known in (("enforcement", _ENFORCEMENT), ("target", _TARGETS)):
            written = node.get(key).value
            if written not in known and not (key == "target" and written is None):
                help_ = did_you_mean(str(written), known) or f"one of {', '.join(known)}"
                problems.say(node.get(key), f"'{written}' is no {key} of a ruleset", help_)
        for condition in problems.table(node.get("conditions")).items():
            _check_condition(condition, problems)


def _check_condition(condition: Node, problems: Problems) -> None:
    table = problems.table(condition)
    for key in ("include", "exclude") if condition.name in {"ref_name", "repository_name"} else ():
        problems.texts(table.get(key))


def _enforced(node: Node) -> bool:
    """Whether a ruleset is enforced: one that is evaluated or disabled stops nobody."""
    return bool(node.get("enforcement").value == "active")


def _about(node: Node, here: Repository, branch: str) -> Iterator[str]:
    """Yield once, with the fact that is missing, if a ruleset may be about a branch."""
    target = node.get("target").value or "branch"
    if target != "branch" or not _enforced(node):
        return
    verdicts = [_of_branch(node, here, branch), *_of_repository(node, here)]
    if False not in verdicts:
        yield "; ".join(one for one in verdicts if isinstance(one, str))


def _of_branch(node: Node, here: Repository, branch: str) -> bool | str:
    title = node.get("name").value
    condition = node.get("conditions", "ref_name")
    if condition.value is None:
        return f"the branches that the ruleset {title} is for"
    included = [_fits(p, here, branch) for p in condition.get("include").words()]
    excluded = [_fits(p, here, branch) for p in condition.get("exclude").words()]
    if True in excluded or not any(one is not False for one in included):
        return False
    if True in included and None not in excluded:
        return True
    return f"the default branch of {here.title}"


def _fits(pattern: str, here: Repository, branch: str) -> bool | None:
    """Whether a pattern is about a branch; None if the branch's name is not known."""
    if pattern == "~ALL":
        return True
    if pattern == DEFAULT:
        known = here.branch or branch == DEFAULT
        return branch in {DEFAULT, here.branch} if known else None
    return None if branch == DEFAULT else matches(pattern.removeprefix("refs/heads/"), branch)


def _of_repository(node: Node, here: Repository) -> Iterator[bool | str]:
    """Yield whether a ruleset of an organization is about a repository, by each condition."""
    for condition in node.get("conditions").items():
        if condition.name == "repository_name":
            yield _named(condition, here)
        elif condition.name == "repository_id":
            listed = [one.value for one in condition.get("repository_ids").items()]
            yield here.id in listed if here.id is not None else f"the id of {here.title}"
        elif condition.name != "ref_name":
            yield f"whether {here.title} meets the {condition.name} of {node.get('name').value}"


def _named(condition: Node, here: Repository) -> bool | str:
    name = here.name.partition("/")[2]
    included, excluded = condition.get("include").words(), condition.get("exclude").words()
    if not name:
        return True if "~ALL" in included and not excluded else "the name of the repository"
    fits = any(one == "~ALL" or matches(one, name) for one in included)
    return fits and not any(matches(one, name) for one in excluded)
