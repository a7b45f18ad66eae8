"""The part of the contract that is a dossier: made from its classes, field by field."""

from __future__ import annotations

import ast
import inspect
import types
import typing
from functools import cache
from textwrap import dedent
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from blastlint.dossier.plain import hints, written


@cache
def part_of(kind: type) -> type[BaseModel]:
    """Return the model of a class: the same fields, each with what its docstring says."""
    told = _told(kind)
    fields: dict[str, Any] = {
        written(name): Annotated[_model(hint), Field(description=told.get(name))]
        for name, hint in hints(kind).items()
    }
    return create_model(
        kind.__name__, __config__=ConfigDict(extra="forbid"), __doc__=kind.__doc__, **fields
    )


def _model(hint: Any) -> Any:  # noqa: ANN401 -- any type
    if isinstance(hint, types.UnionType):
        first, second = map(_model, typing.get_args(hint))
        return first | second
    if typing.get_origin(hint) is tuple:
        return list[_model(typing.get_args(hint)[0])]  # type: ignore[misc]  # worked out at run time
    return part_of(hint) if hasattr(hint, "__match_args__") else hint


def _told(kind: type) -> dict[str, str]:
    """Return what is written under each field of a class."""
    body = ast.parse(dedent(inspect.getsource(kind))).body[0]
    told: dict[str, str] = {}
    name = ""
    for node in body.body if isinstance(body, ast.ClassDef) else ():
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif name and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told[name] = inspect.cleandoc(str(node.value.value))
            name = ""
    return told
