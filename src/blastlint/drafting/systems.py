"""Rows of the systems that can be harmed, and of the teams that answer for them."""

from __future__ import annotations

from blastlint.drafting.rows import Cell, Row, ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.drafting.rows import Draft


def system_row(name: str, about: str, draft: Draft, kind: str = "") -> Row:
    """Return a system of which only its name, and perhaps its kind, is known."""
    who = asked_of(name)
    known = {"kind": Cell(kind, "the kind of its evidence")} if kind else {}
    return Row(
        "systems",
        name,
        {
            **known,
            "owner": ask(draft.wishes.asker, "which team answers for it?"),
            "on_call": ask(who, "which rotation is paged for it?"),
            "environment": ask(who, "production, staging, development or test?"),
            "audit_log": ask(who, "where is recorded what was done here?"),
        },
        (about,),
    )


def team_row(name: str, *about: str) -> Row:
    """Return a team of which only its name is known."""
    return Row("teams", name, {"members": ask(name, "how many people are in it?")}, about)


def owner_of(name: str, draft: Draft) -> str:
    """Return the team that answers for a system, or words for it."""
    known = draft.rows.get(("systems", name))
    owner = known.cells.get("owner") if known else None
    return str(owner.value) if owner and owner.value else asked_of(name)


def answers_for(name: str, draft: Draft) -> Cell:
    """Return the question who answers for what belongs to a system."""
    owner = owner_of(name, draft)
    known = owner != asked_of(name)
    return ask(owner if known else draft.wishes.asker, "which team answers for it?")


def asked_of(name: str) -> str:
    """Return words for the unknown team behind a system."""
    return f"owner of {name}"
