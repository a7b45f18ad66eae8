"""Rows of the principals that a platform's evidence names, with what each is really granted."""

from __future__ import annotations

import re
from collections import Counter

from blastlint.drafting.meaning import gravity
from blastlint.drafting.rows import Cell, Row, ask
from blastlint.drafting.sources import slug
from blastlint.drafting.systems import answers_for, asked_of, system_row
from blastlint.reporters.words import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from blastlint.drafting.rows import Draft, Wishes
    from blastlint.drafting.sources import Source
    from blastlint.providers.grants import Grant, Granted

MOST = 12
"""Principals of one platform that are drafted without being asked for."""
_HARMLESS = 2
"""Weight of a principal that is not worth telling of."""
_WORTH_SAYING = 3
"""Effects and ways that a line of the worklist tells."""
_KINDS = {
    "aws-iam": ("aws", "an AWS account"),
    "github": ("github", "a repository of GitHub"),
    "kubernetes-rbac": ("kubernetes", "a Kubernetes cluster"),
    "postgres": ("postgres", "a PostgreSQL server"),
    "oauth-scopes": ("", "what OAuth tokens open"),
}
_FORMS = {
    "github": "installation_token",
    "kubernetes-rbac": "service_account",
    "postgres": "db_role",
    "oauth-scopes": "oauth_token",
}


def platform(source: Source, draft: Draft) -> None:
    """Draft a platform as a system, and its principals as credentials."""
    kind, about = _KINDS[source.kind]
    wishes = draft.wishes
    draft.put(system_row(source.system, about, draft, kind))
    granted = source.granted
    for one in granted.unresolved:
        draft.note(3, f"{source.system}: {one.what} ({source.place(one.location)})")
    principals = [name for name in granted.principals if not _is_form(name)]
    chosen = [name for name in principals if name == wishes.runs_as]
    if len(principals) <= MOST:
        chosen = principals
    elif not chosen:
        text = f"{source.system} names {len(principals)} principals"
        draft.note(0, f"{text}: say which one the agent acts as, with --runs-as")
    for name in chosen:
        draft.put(principal_row(source, name, draft, _holders(name, wishes)))
    _worst(source, principals, draft)


def _holders(principal: str, wishes: Wishes) -> tuple[str, ...]:
    """Return the agents that are known to hold a principal."""
    return (wishes.agent,) if principal == wishes.runs_as else ()


def _is_form(principal: str) -> bool:
    """Whether a name stands for many principals, or for one of a namespace that nobody states."""
    return bool(_FORM.search(principal)) or principal in {"anyone", "PUBLIC", "public"}


def facts(source: Source) -> list[str]:
    """Return what is worth knowing of a platform's evidence as a whole."""
    granted = source.granted
    counted = ", ".join(count(number, kind) for kind, number in _objects(source))
    return [
        *([counted] if counted else []),
        f"{count(len(granted.principals), 'principal')}, {count(len(granted.grants), 'grant')}",
        *(one.what for one in granted.unresolved),
    ]


def _objects(source: Source) -> list[tuple[str, int]]:
    """Count what evidence holds, by its own words, sorted."""
    found: Counter[str] = Counter()
    for document in source.documents:
        found.update(_kinds(document.value))
    return sorted(found.items())


_LISTS = {
    "UserDetailList": "user",
    "GroupDetailList": "group",
    "RoleDetailList": "role",
    "Policies": "policy",
}


def _kinds(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    items = value.get("items")
    if isinstance(items, list) and str(value.get("kind", "")).endswith("List"):
        for item in items:
            yield from _kinds(item)
    elif isinstance(value.get("kind"), str):
        yield value["kind"]
    elif isinstance(value.get("jobs"), dict):
        yield "workflow"
        yield from ("job" for _ in value["jobs"])
    elif "enforcement" in value:
        yield "ruleset"
    for key, words in _LISTS.items():
        rows = value.get(key)
        yield from (words for _ in (rows if isinstance(rows, list) else ()))


def principal_row(source: Source, name: str, draft: Draft, agents: Sequence[str] = ()) -> Row:
    """Return a principal as a credential.

    Args:
        source: evidence that names it.
        name: principal, as its platform writes it.
        draft: what is drafted so far.
        agents: agents that are known to hold it.
    """
    who = asked_of(source.system)
    own = [grant for grant in source.granted.grants if grant.holder == name]
    form = _FORMS.get(source.kind)
    known = {"kind": Cell(form)} if form else {}
    held = Cell(list(agents), "the agent acts as it; who else?")
    cells = {
        **known,
        "principal": Cell(name, _first_place(source, own)),
        "owner": answers_for(source.system, draft),
        "grants": Cell(list(_claims(source.system, own)), "what the evidence shows"),
        "used_by": held if agents else ask(who, "which agents and services hold it?"),
        "also_reaches": ask(who, "which of this is known and accepted beyond what the tools need?"),
        "revocation": ask(who, "who takes it away, how, and how long does that take?"),
    }
    return Row("credentials", credential_id(name, source, draft), cells)


def credential_id(principal: str, source: Source, draft: Draft) -> str:
    """Return an id for a principal's credential that no other principal has."""
    for text in (_short(principal), principal):
        name = slug(text) or slug(source.system)
        row = draft.rows.get(("credentials", name))
        if row is None or row.cells["principal"].value == principal:
            return name
    return f"{source.system}-{slug(principal)}"


def _short(principal: str) -> str:
    """Return the part of a principal that people call it by."""
    return (
        principal.rpartition("/")[2].rpartition(":")[2] if "/" not in principal else _job(principal)
    )


def _job(principal: str) -> str:
    file, colon, job = principal.rpartition("/")[2].partition(":")
    stem = file.rpartition(".")[0] or file
    return f"{stem}-{job}" if colon and job != stem else stem


def _first_place(source: Source, grants: Sequence[Grant]) -> str:
    return f"first granted in {source.place(grants[0].location)}" if grants else "granted nothing"


def _claims(system: str, grants: Iterable[Grant]) -> Iterator[dict[str, Any]]:
    """Yield grants, those joined that differ in their actions or their resources alone.

    What only a missing fact would grant is left out.
    """
    actions: dict[tuple[str, str, str], dict[str, None]] = {}
    for grant in grants:
        if grant.certainty != "needs-fact" and grant.scope != "?":
            key = (grant.scope, _condition(grant), grant.resource)
            actions.setdefault(key, {})[grant.action] = None
    rows: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (scope, condition, resource), does in actions.items():
        rows.setdefault((scope, condition, tuple(does)), []).append(resource)
    for (scope, condition, does_all), resources in rows.items():
        claim: dict[str, Any] = {
            "system": system,
            "resources": resources,
            "actions": list(does_all),
        }
        if scope not in {"", "*"}:
            claim["scope"] = scope
        yield {**claim, "condition": condition} if condition else claim


def _condition(grant: Grant) -> str:
    only = f"only {', '.join(grant.names)}" if grant.names else ""
    return "; ".join(filter(None, (only, grant.condition)))


def _worst(source: Source, principals: Sequence[str], draft: Draft) -> None:
    """Say of the gravest principals what they can do, for somebody may be such an agent."""
    wishes = draft.wishes
    told = ((_power(source.granted, name), name) for name in principals)
    ranked = sorted(
        (row for row in told if row[0][0] < _HARMLESS), key=lambda row: (row[0][0], row[1])
    )
    for (weight, text), name in ranked[:MOST]:
        whose = (
            f"{wishes.agent} acts as it" if name == wishes.runs_as else "which agent acts as it?"
        )
        draft.note(1 if weight else 0, f"{name} {text}: {whose}")


_FORM = re.compile(r"\*|^system:serviceaccount:\?:")


def _power(granted: Granted, name: str) -> tuple[int, str]:
    """Return how grave a principal is (0 is worst), and what it can do, in words."""
    if name in granted.everything:
        return 0, "may do everything"
    turns = [one for one in granted.becomings if one.holder == name and one.certainty == "proven"]
    whole = [one for one in turns if one.principal.endswith("*")]
    if whole:
        ways = list(dict.fromkeys(_way(one.via) for one in whole))[:_WORTH_SAYING]
        return 0, f"can become {whole[0].principal} ({'; '.join(ways)})"
    own = [one for one in granted.grants if one.holder == name and one.certainty == "proven"]
    by_gravity = sorted(
        {one.effect for one in own} - {"read", "unknown"}, key=gravity, reverse=True
    )
    if not by_gravity:
        return _HARMLESS, ""
    named = [f"{effect} {_some(own, effect)}" for effect in by_gravity[:_WORTH_SAYING]]
    return 1, f"can {', '.join(named)}"


def _way(via: str) -> str:
    return via.partition(" (")[0]


def _some(own: Sequence[Grant], effect: str) -> str:
    """Name a few resources that one effect is granted on."""
    names = list(dict.fromkeys(one.resource for one in own if one.effect == effect))
    more = f" and {len(names) - _WORTH_SAYING} more" if len(names) > _WORTH_SAYING else ""
    return f"{', '.join(names[:_WORTH_SAYING])}{more}"
