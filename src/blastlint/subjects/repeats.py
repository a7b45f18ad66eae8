"""What repeats calls, and what the numbers say of it: retry layers, profiles, cost, load."""

from __future__ import annotations

from functools import partial
from math import inf

from blastlint.analyses.attempts import length
from blastlint.analyses.cells import unstated
from blastlint.analyses.keys import HARMLESS, parts_of
from blastlint.analyses.layers import (
    counted,
    open_attempts,
    open_times,
    profile_attempts,
    read_layer,
    repeats_on,
    spreads,
)
from blastlint.analyses.load import Step, expected_attempts, load_factor, views
from blastlint.analyses.products import usual
from blastlint.analyses.tiers import TIERS
from blastlint.expression import BOOL, DOUBLE, DURATION, INT, STRING, NotStated, enum_of, record_of
from blastlint.inventory.record import at, id_of, path_of, state
from blastlint.subjects.answer import NAMES, Answer, View, or_missing
from blastlint.subjects.facts import writes
from blastlint.subjects.subject import Kind, Subject, SubjectId

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.analyses.cells import Cell
    from blastlint.analyses.retries import RetryFacts
    from blastlint.inventory.models import Fallback, IdempotencyKey, RetryLayer, RetryProfile, Tool
    from blastlint.subjects.facts import Facts

# --- profiles -----------------------------------------------------------------------------------


def _users(facts: Facts) -> dict[str, list[Tool]]:
    """Return the tools in use by retry profile."""
    found: dict[str, list[Tool]] = {}
    for tool in facts.tools():
        if tool.retry is not None:
            found.setdefault(tool.retry, []).append(tool)
    return found


def users(facts: Facts, profile: str) -> list[Tool]:
    """Return the tools that some agent can call and that a profile repeats."""
    return facts.once(_users).get(profile, [])


def _reading(facts: Facts, profile: RetryProfile) -> list[str]:
    return sorted(id_of(tool) for tool in users(facts, id_of(profile)) if tool.effect == "read")


def _harmed(facts: Facts, profile: RetryProfile) -> object:
    """Return the writes of a profile whose repeat is not harmless of itself; sorted."""
    writing = [t for t in users(facts, id_of(profile)) if t.effect not in {"read", None}]
    kinds = [(tool, facts.retry(tool)) for tool in writing]
    found = sorted(id_of(t) for t, f in kinds if f.protection and f.protection not in HARMLESS)
    missing = tuple(cell for _, f in kinds if f.protection is None for cell in f.missing)
    return found if found or not missing else NotStated(missing)


def _repeating(_: Facts, profile: RetryProfile) -> object:
    """Return the layers of a profile that repeat, each with its attempts, inner to outer."""
    if profile.layers is None:
        missing = unstated(profile, "layers")
        return NotStated(missing) if missing else []
    layers = [read_layer(part) for part in profile.layers]
    found = [counted(layer) for layer in layers if (layer.most() or 1) > 1]
    missing = open_attempts(profile.layers)
    return found if len(found) > 1 or not missing else NotStated(missing)


def _profile_load(_: Facts, profile: RetryProfile) -> object:
    """Return how many times the usual load a profile makes of calls that keep failing."""
    attempts, missing = profile_attempts(profile)
    return or_missing(load_factor(attempts, profile.retry_budget), missing)


# --- layers -------------------------------------------------------------------------------------


def _layers(facts: Facts) -> Iterator[Subject]:
    for name, profile in facts.inventory.retry_profiles.items():
        agents = facts.concerned("retry_profiles", profile)
        for number, part in enumerate(profile.layers or () if agents else ()):
            again = sum(one.layer == part.layer for one in (profile.layers or ())[:number])
            title = f"{name}/{part.layer}{f'#{again + 1}' if again else ''}"
            yield Subject(SubjectId("retry_layer", title), part, partial(at, part), agents)


def _of_layer(part: RetryLayer) -> tuple[str, int]:
    """Return the profile of a layer, and its position there."""
    _, profile, _, number = path_of(part)
    return str(profile), int(number)


def _profile(facts: Facts, part: RetryLayer) -> View:
    return View(facts, facts.inventory.retry_profiles[_of_layer(part)[0]])


def _tools(facts: Facts, part: RetryLayer) -> list[Tool]:
    return users(facts, _of_layer(part)[0])


def _attempts(_: Facts, part: RetryLayer) -> object:
    return or_missing(read_layer(part).most(), open_attempts([part]))


def _inside(facts: Facts, part: RetryLayer) -> tuple[list[tuple[float, str]], tuple[Cell, ...]]:
    """Return how long the work inside a layer takes at worst, by tool, and what would tell."""
    number, known, missing = _of_layer(part)[1], [], []
    for tool in _tools(facts, part):
        made = facts.retry(tool)
        lasts = made.stages[number].duration
        if lasts is None:
            missing += _untimed(facts, part, tool, made, number)
        else:
            known.append((lasts, id_of(tool)))
    return known, tuple(dict.fromkeys(missing))


def _untimed(
    facts: Facts, part: RetryLayer, tool: Tool, made: RetryFacts, number: int
) -> list[Cell]:
    """Return the cells without which nobody knows how long the work inside a layer takes."""
    layers = facts.inventory.retry_profiles[_of_layer(part)[0]].layers or []
    inner = layers[:number]
    waits = open_times(inner, made.layers[:number], made.stages[number])
    return [*unstated(tool, "timeout"), *open_attempts(inner), *waits]


def work_inside(facts: Facts, part: RetryLayer) -> object:
    """Return how long the work inside a layer takes at worst, or what would tell."""
    known, missing = _inside(facts, part)
    return NotStated(missing) if missing else length(max(known, default=(0.0, ""))[0])


def _slowest(facts: Facts, part: RetryLayer) -> str:
    known, _ = _inside(facts, part)
    return max(known, default=(0.0, ""))[1]


def _backs_off(_: Facts, part: RetryLayer) -> object:
    """Return whether each wait of a layer is longer than the one before."""
    layer = read_layer(part)
    if layer.initial is None:
        return NotStated(((part, "initial_interval"),))
    if layer.initial == 0 or state(part, "backoff_coefficient") == "null":
        return False
    if layer.coefficient is None:
        return NotStated(((part, "backoff_coefficient"),))
    return layer.coefficient > 1


def _visibility(_: Facts, part: RetryLayer) -> object:
    seconds = read_layer(part).visibility
    return NotStated(((part, "visibility_timeout"),)) if seconds is None else length(seconds)


def _worst_view(_: Facts, part: RetryLayer) -> object:
    """Return how one call that succeeds at last counts in three views."""
    most = read_layer(part).most()
    if most is None:
        return NotStated(open_attempts([part]))
    if most == inf:
        return "1 of 1 tasks, after failed attempts without end"
    told = views([Step(part.layer, most, succeeded=True)])
    return f"1 of 1 tasks, {told.attempts.failed:g} of {told.attempts.total:g} attempts failed"


# --- tools --------------------------------------------------------------------------------------


def _of_facts(name: str) -> Callable[[Facts, Tool], object]:
    return lambda facts, tool: list(getattr(facts.retry(tool), name))


def _expected(facts: Facts, tool: Tool) -> object:
    found = facts.retry(tool)
    if tool.failure_rate is None:
        missing = unstated(tool, "failure_rate")
        return NotStated(missing) if missing else None
    if found.attempts is None:
        return NotStated(found.missing)
    return expected_attempts(found.layers, tool.failure_rate)


def _parts(_: Facts, key: IdempotencyKey) -> object:
    if key.template is None:
        missing = unstated(key, "template")
        return NotStated(missing) if missing else 0
    return parts_of(key.template)


def _sender(facts: Facts, key: IdempotencyKey) -> object:
    """Return what sends a key: what the row says, or the model, where it is an argument of it."""
    if key.sent_by is not None or state(key, "sent_by") == "null":
        return key.sent_by
    tool = facts.inventory.tools[str(path_of(key)[1])]
    asked = facts.once(_arguments).get(tool.registered_name or "", frozenset())
    return "model" if key.field in asked else NotStated(((key, "sent_by"),))


def _arguments(facts: Facts) -> dict[str, frozenset[str]]:
    """Return the arguments that a planner fills in, by registered name, as servers list them."""
    found: dict[str, frozenset[str]] = {}
    for tool in (one.tool for one in facts.registrations() if one.tool.http is None):
        found[tool.name] = found.get(tool.name, frozenset()) | frozenset(tool.arguments)
    return found


# --- fallbacks ----------------------------------------------------------------------------------


def _foreign(facts: Facts, fallback: Fallback) -> object:
    """Return the writes that a fallback makes again where nobody remembers the first; sorted."""
    tools = [facts.inventory.tools[name] for name in fallback.takes_over or ()]
    writing = [tool for tool in tools if writes(tool) and not _everywhere(tool)]
    if writing and fallback.shares is None and state(fallback, "shares") != "null":
        return NotStated(((fallback, "shares"),))
    kept = set(fallback.shares or ())
    homes = ((t, {f"system:{t.system}", f"credential:{t.credential}"}) for t in writing)
    return sorted(id_of(tool) for tool, home in homes if not home & kept)


def _everywhere(tool: Tool) -> bool:
    """Return whether a key of a tool is remembered whoever the call is sent to."""
    claim = tool.idempotency
    return claim is not None and claim.key is not None and claim.scope == "global"


RECORDS = {
    "RetryProfile": {
        "reading_tools": Answer(NAMES, _reading),
        "harmed_tools": Answer(NAMES, _harmed),
        "repeating_layers": Answer(NAMES, _repeating),
        "load_factor": Answer(DOUBLE, _profile_load),
        "tools": Answer(NAMES, lambda facts, p: sorted(map(id_of, users(facts, id_of(p))))),
    },
    "RetryLayer": {
        "profile": Answer(record_of("RetryProfile"), _profile),
        "tools": Answer(NAMES, lambda facts, part: sorted(map(id_of, _tools(facts, part)))),
        "writes": Answer(BOOL, lambda facts, part: any(map(writes, _tools(facts, part)))),
        "tier": Answer(enum_of(*TIERS), lambda facts, part: facts.worst_tier(_tools(facts, part))),
        "attempts": Answer(DOUBLE, _attempts),
        "inner_duration": Answer(DURATION, work_inside),
        "slowest": Answer(STRING, _slowest),
        "backs_off": Answer(BOOL, _backs_off),
        "spreads": Answer(
            BOOL, lambda _, part: or_missing(spreads(part), unstated(part, "jitter"))
        ),
        "repeats": Answer(NAMES, lambda _, part: repeats_on(part)),
        "visibility": Answer(DURATION, _visibility),
        "worst_view": Answer(STRING, _worst_view),
    },
    "Retries": {
        "assumed_layers": Answer(NAMES, _of_facts("assumed_layers")),
        "undeclared_defaults": Answer(
            NAMES, lambda facts, tool: [usual(one) for one in facts.retry(tool).undeclared_layers]
        ),
        "instance_movers": Answer(NAMES, _of_facts("instance_movers")),
        "region_movers": Answer(NAMES, _of_facts("region_movers")),
        "expected_attempts": Answer(DOUBLE, _expected),
    },
    "IdempotencyKey": {
        "parts": Answer(INT, _parts),
        "sender": Answer(enum_of("code", "sdk", "model"), _sender),
    },
    "Fallback": {"foreign_writes": Answer(NAMES, _foreign)},
}
"""Record to the facts that are worked out for it."""

KINDS = (Kind("retry_layer", "RetryLayer", _layers, "every layer of a retry profile in use"),)
