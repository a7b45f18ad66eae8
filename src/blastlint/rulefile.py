"""What a rule file holds: the model from which the schema of rule files is made.

A run reads rule files through that schema and never imports this module.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SEVERITIES = Literal["error", "warning", "note"]
Line = Annotated[str, Field(min_length=1, max_length=4096)]
Expression = Annotated[str, Field(min_length=1, max_length=4096)]


class Part(BaseModel):
    """A group of fields inside a rule."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )


class Related(Part):
    """A further place that a finding points at."""

    at: Expression
    """Path to the cell, such as `tool.retry.profile`; left out of the finding where it is absent."""
    note: Line
    """A few words about it; braces hold expressions."""


class Example(Part):
    """An inventory that the rule is run on: the rule's test and its page in the manual."""

    bad: Line | None = None
    """The smallest inventory with the fault; each line that is found ends in `# finding`."""
    good: Line | None = None
    """The same, right."""
    files: dict[str, str] | None = None
    """Evidence beside the inventory: file name to text."""


class SeverityIf(Part):
    """Where the severity depends on the facts: the first condition that holds decides."""

    error: Expression | None = None
    """Condition under which it is an error."""
    warning: Expression | None = None
    """Condition under which it is a warning."""
    note: Expression | None = None
    """Condition under which it is a note."""


def _kebab(**keywords: Any) -> Any:  # noqa: ANN401 -- pydantic's own signature
    return Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64, **keywords)


class RuleFile(Part):
    """One rule: what it looks at, when it speaks, what it says, and its own proof."""

    id: Annotated[str, _kebab()]
    """Kebab-case, states the fault, equals the file name."""
    title: Line
    """The fault, in one line."""
    severity: SEVERITIES
    """How bad it is: an error blocks the launch."""
    severity_if: SeverityIf | None = None
    """Conditions under which it is worse or better than that."""
    family: Annotated[str, _kebab()]
    """The folder it lies in."""
    each: Line
    """Kind of subject that it looks at, one after the other."""
    when: Expression
    """Condition under which it speaks."""
    message: Line
    """What it says; braces hold expressions."""
    at: Expression | None = None
    """Path to the cell that the finding points at; the subject itself where left out."""
    related: list[Related] | None = None
    """Further places."""
    why: Line
    """Why it matters."""
    fix: Line
    """The next step."""
    refs: list[Line]
    """Where to read more."""
    tags: list[Line]
    """Ids of public catalogues, such as `owasp-asi/ASI03`."""
    examples: list[Example]
    """Bad and good inventories."""
