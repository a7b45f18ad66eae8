"""The condition language of rules: a part of CEL in which a fact may be not stated.

Whatever is not stated flows through every operator by Kleene's logic: `false && not stated` is
false, `true && not stated` is not stated. `docs` say the rest; the grammar is in `syntax`.
"""

from blastlint.expression.conditions import Expression, compile_expression
from blastlint.expression.formatting import format_value
from blastlint.expression.templates import Template, compile_template
from blastlint.expression.types import (
    BOOL,
    DAY,
    DOUBLE,
    DURATION,
    INT,
    NULL,
    STRING,
    Budget,
    BudgetError,
    Environment,
    ExpressionError,
    Field,
    Function,
    NotStated,
    Type,
    enum_of,
    list_of,
    map_of,
    record_of,
    union,
)

__all__ = [
    "BOOL",
    "DAY",
    "DOUBLE",
    "DURATION",
    "INT",
    "NULL",
    "STRING",
    "Budget",
    "BudgetError",
    "Environment",
    "Expression",
    "ExpressionError",
    "Field",
    "Function",
    "NotStated",
    "Template",
    "Type",
    "compile_expression",
    "compile_template",
    "enum_of",
    "format_value",
    "list_of",
    "map_of",
    "record_of",
    "union",
]
