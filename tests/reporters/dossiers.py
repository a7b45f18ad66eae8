"""A dossier in which every field of every class holds something."""

from __future__ import annotations

import types
import typing
from datetime import date
from typing import Any

from blastlint.dossier import Dossier
from blastlint.dossier.plain import hints

SAID = {
    "AgentCard.id": "refund-agent",
    "AgentCard.runbook": "rb-refund-agent",
    "Clock.name": "time in which it can be undone",
    "Clock.against": "detection, paging, acknowledgement and stopping",
    "CredentialCard.id": "stripe-rk",
    "GateCard.id": "refund-over-50",
    "Gated.id": "refund-over-50",
    "KillSwitch.method": "feature flag refund-agent.enabled",
    "LogCard.id": "stripe-events",
    "LogCard.query_template": "metadata.run_id = {run_id}",
    "LogCard.readers": "payments-oncall",
    "QuotaCard.period": "day",
    "QuotaCard.reset_time": "00:00",
    "QuotaCard.window": "fixed_calendar",
    "Response.rotation": "payments-oncall",
    "RotationCard.id": "payments-oncall",
    "RunbookCard.id": "rb-refund-agent",
    "SystemCard.id": "stripe",
    "SystemCard.audit_log": "stripe-events",
    "SystemCard.calendars": "quarter-close",
    "SystemCard.on_call": "payments-oncall",
    "CalendarCard.id": "quarter-close",
    "ToolCard.id": "stripe.refund.create",
    "Undo.class_": "compensable",
    "Worst.agent": "refund-agent",
    "agents": "refund-agent",
    "credentials": "stripe-rk",
    "currency": "USD",
    "holders": "payments-oncall",
    "owner": "payments",
    "requires": "stripe.dashboard",
    "targets": "rotation:payments-oncall",
    "team": "payments",
    "time_zone": "America/New_York",
}
"""What some texts say, by class and field or by field, so that the records join; see `text`."""


def filled() -> Dossier:
    """Return the dossier."""
    made: Dossier = _value(Dossier, "", "")
    return made


def text(kind: str, field: str) -> str:
    """Return what a text field of a class says."""
    return SAID.get(f"{kind}.{field}") or SAID.get(field) or f"{field.rstrip('_')} of {kind}"


def _value(hint: Any, kind: str, field: str) -> Any:  # noqa: ANN401 - any type
    if isinstance(hint, types.UnionType):
        return _value(typing.get_args(hint)[0], kind, field)
    if typing.get_origin(hint) is tuple:
        return (_value(typing.get_args(hint)[0], kind, field),)
    if hint is str:
        return text(kind, field)
    if hint is date:
        return date(2026, 5, 21)
    if hasattr(hint, "__match_args__"):
        every = hints(hint).items()
        return hint(**{name: _value(one, hint.__name__, name) for name, one in every})
    return {bool: True, int: 1_780_358_400, float: 3600.0}[hint]
