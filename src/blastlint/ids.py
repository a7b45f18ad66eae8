"""Lists ids: those of a section of inventories, or those of the rules."""

from __future__ import annotations

from blastlint.granted import no_such
from blastlint.inventory.loading import load
from blastlint.inventory.shape import shape
from blastlint.rules import load_rules
from blastlint.source import InputError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

RULES = "rules"


def ids_of(section: str, paths: Sequence[str]) -> str:
    """Return the ids of one kind, sorted, a line each.

    Args:
        section: section of inventories, such as `agents`; or `rules`.
        paths: inventories; none means the current folder.

    Raises:
        InputError: there is no such section, or an inventory cannot be read.
    """
    sections = (*sorted(shape().sections), RULES)
    if section not in sections:
        raise no_such("section", section, sections)
    if section == RULES:
        if paths:
            help_ = "leave the path out, or name a section of an inventory"
            raise InputError(Problem("rules do not lie in an inventory", help=help_))
        found = {rule.id for rule in load_rules()}
    else:
        found = {name for inventory in load(paths) for name in getattr(inventory, section)}
    return "".join(f"{name}\n" for name in sorted(found))
