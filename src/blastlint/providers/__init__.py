"""Readers of foreign files: what is really granted, what an action changes, what a grant opens."""

from __future__ import annotations

from blastlint.source import InputError, Problem, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Protocol

    from blastlint.providers.grants import Effect, Granted, Setting
    from blastlint.source import Document

    class Provider(Protocol):
        """One platform's reader; each is a module with these three functions.

        A module whose evidence is neither YAML nor JSON has a constant `LINES`: the suffixes of
        its files, which it is given as documents that are lists of lines. If only files of some
        names are, beside YAML and JSON, it has a constant `LINE_FILES`: those names. Lines of
        YAML and JSON are repeated if all keys on them are in its constant `QUOTABLE`: keys whose
        values hold no secrets. Maps and lists under the keys in its constant `PASSED_OVER` are
        not built: nobody asks for them. One whose actions are patterns compares them by a fourth
        function, `action_covers`.
        """

        def read(self, documents: Sequence[Document], setting: Setting = ..., /) -> Granted:
            """Everything that the documents, taken together, say."""

        def effect(self, resource: str, action: str) -> Effect:
            """What the action on the resource changes."""

        def resource_covers(self, granted: str, needed: str, scope: str = "*") -> bool:
            """Whether a grant of one resource, limited to a scope, opens another."""


PROVIDERS: dict[str, str] = {
    "aws-iam": "blastlint.providers.aws.iam",
    "github": "blastlint.providers.github.evidence",
    "kubernetes-rbac": "blastlint.providers.kubernetes.rbac",
    "mcp-clients": "blastlint.providers.mcp.clients",
    "mcp-tools": "blastlint.providers.mcp.tools",
    "oauth-scopes": "blastlint.providers.oauth.scopes",
    "openapi": "blastlint.providers.openapi.operations",
    "postgres": "blastlint.providers.postgres.dumps",
}
"""Module of every kind of evidence; loaded when a run needs it."""

_KINDS_OF_SYSTEM = {
    "aws": "aws-iam",
    "github": "github",
    "kubernetes": "kubernetes-rbac",
    "postgres": "postgres",
}
"""Which provider knows the resources and actions of a system of that kind."""


def provider(kind: str) -> Provider:
    """The provider of a kind of evidence, loaded now."""
    if kind not in PROVIDERS:
        hint = did_you_mean(kind, PROVIDERS) or f"the kinds are {', '.join(PROVIDERS)}"
        raise InputError(Problem(f"unknown kind of evidence '{kind}'", help=hint))
    import importlib  # noqa: PLC0415 -- a run without evidence needs none of it

    module: Any = importlib.import_module(PROVIDERS[kind])
    loaded: Provider = module
    return loaded


def lines_read_by(reader: Provider) -> tuple[str, ...]:
    """Suffixes of its files, if a provider reads lines and not YAML: its constant `LINES`."""
    lines: tuple[str, ...] = getattr(reader, "LINES", ())
    return lines


def line_files_of(reader: Provider) -> tuple[str, ...]:
    """Names of the files that it reads as lines beside YAML and JSON: its constant `LINE_FILES`."""
    names: tuple[str, ...] = getattr(reader, "LINE_FILES", ())
    return names


def quotable_keys_of(reader: Provider) -> frozenset[str]:
    """Keys of its files whose lines may be repeated: its constant `QUOTABLE`; without it, none."""
    keys: frozenset[str] = getattr(reader, "QUOTABLE", frozenset())
    return keys


def passed_over_by(reader: Provider) -> frozenset[str]:
    """Keys of its files under which it looks at nothing: its constant `PASSED_OVER`."""
    keys: frozenset[str] = getattr(reader, "PASSED_OVER", frozenset())
    return keys


def covering_of(reader: Provider) -> Callable[[str, str], bool] | None:
    """How a platform's actions cover others, if they are patterns: its function `action_covers`."""
    found: Callable[[str, str], bool] | None = getattr(reader, "action_covers", None)
    return found


def kind_for_system(kind: str) -> str | None:
    """Which kind of evidence speaks the language of a system of this kind, if one does."""
    return _KINDS_OF_SYSTEM.get(kind)


def is_platform(evidence: str) -> bool:
    """Whether a kind of evidence speaks the language of some kind of system."""
    return evidence in _KINDS_OF_SYSTEM.values()


def covers(granted: str, needed: str) -> bool:
    """Whether one action covers another: literally, or by `*`; `patch` never covers `update`."""
    return granted in {"*", needed}
