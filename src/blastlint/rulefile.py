"""What a rule file holds: the model from which the schema of rule files is made.

A run reads rule files through that schema and never imports this module.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from blastlint.inventory.models.parts import Id, Part, Words
from blastlint.inventory.schema import schema_of

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]
Listing = Annotated[str, Field(max_length=65_536)]
Severity = Literal["error", "warning", "note"]
Profile = Literal["pilot", "production", "regulated"]


class RulePart(Part):
    """A group of fields of a rule: nothing in a rule is unknown."""

    settled: ClassVar[bool] = True


class Related(RulePart):
    """A further place that a finding points at."""

    at: Words
    """Path to the cell, such as `tool.retry.profile`; left out where the cell is absent."""
    note: Words
    """A few words about it; braces hold expressions."""


class Example(RulePart):
    """An inventory that the rule is run on: the rule's test and its page in the manual."""

    bad: Listing | None = None
    """The smallest inventory with the fault; each line that is found ends in `# finding`."""
    good: Listing | None = None
    """The same, right."""
    files: dict[Id, Listing] | None = None
    """Evidence beside the inventory: file name to text."""


class RuleRepair(RulePart):
    """A change of the inventory that settles what the rule finds, for `check --fix`."""

    title: Words
    """What it does, as an instruction of a few words; braces hold expressions."""
    when: Words | None = None
    """Condition under which it is the repair; always, where left out."""
    set: Words | None = None
    """Path to the cell that is given a value."""
    to: Words | None = None
    """Expression for that value."""
    remove: Words | None = None
    """Path to the entity, the entry of a list or the cell that is taken out."""
    ask: Words | None = None
    """Path to the cell that becomes `unknown`, with who finds it out, and by when."""
    safe: bool
    """Whether it needs nobody's judgement, and makes no danger quieter."""


class SeverityIf(RulePart):
    """Where the severity depends on the facts: the first condition that holds decides."""

    error: Words | None = None
    """Condition under which it is an error."""
    warning: Words | None = None
    """Condition under which it is a warning."""
    note: Words | None = None
    """Condition under which it is a note."""


class SeverityIn(RulePart):
    """Where the severity depends on the profile that the policy asks for."""

    pilot: Severity | None = None
    """Severity under the profile `pilot`."""
    production: Severity | None = None
    """Severity under the profile `production`."""
    regulated: Severity | None = None
    """Severity under the profile `regulated`."""


class RuleFile(RulePart):
    """One rule: what it looks at, when it speaks, what it says, and its own proof."""

    id: Slug
    """Kebab-case, states the fault, equals the file name."""
    title: Words
    """The fault, in one line."""
    severity: Severity
    """How bad it is: an error blocks the launch."""
    severity_if: SeverityIf | None = None
    """Conditions under which it is worse or better than that."""
    severity_in: SeverityIn | None = None
    """Severities that take the place of both under a profile."""
    profile: Profile | None = None
    """The first profile that asks for it; `pilot`, so every one, where left out."""
    waivable: bool | None = None
    """False where no waiver can accept its findings."""
    family: Slug
    """The folder it lies in."""
    each: Words
    """Kind of subject that it looks at, one after the other."""
    when: Words
    """Condition under which it speaks."""
    message: Words
    """What it says; braces hold expressions."""
    at: Words | None = None
    """Path to the cell that the finding points at; the subject itself where left out."""
    related: list[Related] | None = None
    """Further places."""
    why: Words
    """Why it matters."""
    fix: Words
    """The next step."""
    repairs: list[RuleRepair] | None = None
    """Changes of the inventory that take the next step; the first whose condition holds counts."""
    refs: list[Words]
    """Where to read more."""
    tags: list[Words]
    """Ids of public catalogues, such as `owasp-asi/ASI03`."""
    examples: list[Example]
    """Bad and good inventories."""


def rule_schema() -> dict[str, Any]:
    """Return the schema of a rule file."""
    models: dict[str, type[Part]] = {
        "Related": Related,
        "Example": Example,
        "RuleRepair": RuleRepair,
        "SeverityIf": SeverityIf,
        "SeverityIn": SeverityIn,
    }
    return schema_of("rule", RuleFile, "A rule of blastlint", models)
