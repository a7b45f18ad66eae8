"""The condition language of rules: a part of CEL in which a fact may be not stated.

From CEL come the syntax and the meaning of `&& || !`, `== != < <= > >=`, `in`, `?:`, literals,
`a.b`, `m["key"]`, `has()`, `size()`, `duration()`, `startsWith endsWith contains` and the macros
`exists all exists_one filter map`. There is no arithmetic, no pattern and no conversion.

Where it differs from CEL:

* What is not stated is a third truth value and flows through every operator by Kleene's logic:
  `false && x` is false whatever x is, `true && x` is not stated when x is not. A list one of
  whose elements is not stated is not stated itself (`map`, `filter`, `[a, b]`).
* `has(a.b)` is always true or false: whether a value is stated there, and is not null.
* A field of null is null; null holds no elements and its size is 0; null has no order, and no
  function, `!` or `&&` has an answer for it, so that these are not stated, with no cause.
* An absent key of a map is not stated.
* Every value may be compared with null, every int with a double; comparing what can never be
  equal is a mistake, and so is a written string that an enum does not know. Records are compared
  with null only: compare their ids.
* `duration()` takes a written text, and knows `d` for 24 hours.
* A macro's name must be new; a list is never built inside a list.
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
