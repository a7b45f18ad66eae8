"""Which headers and fields take an idempotency key, by the names that vendors give them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.providers.openapi.inputs import Input

_KEYS = frozenset(
    {
        "clientrequesttoken",  # AWS
        "clienttoken",  # AWS
        "customertransactionid",  # Wise
        "dedupkey",  # PagerDuty
        "paypalrequestid",  # PayPal
        "repeatabilityrequestid",  # OASIS Repeatable Requests
        "xidempotenceuuid",  # Wise
    }
)
"""Names that say nothing of idempotency and mean it, without their signs, in lower case."""
_STEM = "idempoten"
"""Part of every other name: Idempotency-Key, idempotency_key, Cko-Idempotency-Key, …"""
_MAYBE = frozenset(
    {"requestid", "xrequestid", "clientrequestid", "correlationid", "xcorrelationid"}
)
"""Names that mean such a key at some vendors (Google, Revolut) and a trace at others."""


def key_of(inputs: Iterable[Input]) -> tuple[Input | None, str]:
    """The input that takes a key, and if there is none, one that may.

    A path or a query names what is acted on; a key stands in a header or in the body.
    """
    maybe = ""
    found: Input | None = None
    for one in inputs:
        if one.place in {"header", "body"} and _is_key(one.name):
            found = found or one
        elif one.place in {"header", "body"} and _plain(one.name) in _MAYBE:
            maybe = maybe or one.name
    return found, "" if found else maybe


def takes_key(arguments: Iterable[str]) -> str:
    """The first of some arguments that takes an idempotency key; empty if none does."""
    return next(filter(_is_key, arguments), "")


def _is_key(name: str) -> bool:
    plain = _plain(name)
    return _STEM in plain or plain in _KEYS


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
