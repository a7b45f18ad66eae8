"""What was released against what runs, and upgrades that cannot upgrade themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.deployment import bootstraps, exercised, in_force, release_state
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("live_runs: 0, last_live_run: 2026-05-20", False),
        ("live_runs: 1, enabled: false", True),
        ("last_live_run: 2026-05-20, enabled: false", True),
        ("live_runs: null", False),
        ("live_runs: null, last_live_run: 2026-05-20", True),
        ("enabled: false", False),
        ("enabled: true", None),
        ("live_runs: {unknown: true}", None),
        ("live_runs: {unknown: true}, enabled: false", False),
    ],
)
def test_what_never_ran_is_not_there(cells: str, expected: object, tmp_path: Path) -> None:
    """A count decides, then a day; what is off and has neither has not run."""
    inventory = inventory_of(f"capabilities: {{upgrade: {{{cells}}}}}", tmp_path)
    assert exercised(inventory.capabilities["upgrade"]) is expected


@pytest.mark.parametrize(
    ("released", "running", "expected"),
    [
        ("0.36.1", "0.33.1", "behind"),
        ("0.10.0", "0.9.0", "behind"),
        ("0.9.0", "0.10.0", "ahead"),
        ("1.2", "v1.2.0", "same"),
        ("sha256:77aa", "sha256:4be1", "other"),
        ("1.0.0", "null", "behind"),
        ("null", "1.0.0", "ahead"),
        ("null", "null", "same"),
        ("1.0.0", "{unknown: true}", None),
    ],
)
def test_a_release_is_compared_as_a_version(
    released: str, running: str, expected: object, tmp_path: Path
) -> None:
    """Behind, the same, ahead, or another one of which nobody can say."""
    text = f"deployments: {{team: {{released: {_quoted(released)}, running: {_quoted(running)}}}}}"
    assert release_state(inventory_of(text, tmp_path).deployments["team"]) == expected


def _quoted(cell: str) -> str:
    return cell if cell == "null" or cell.startswith("{") else f'"{cell}"'


FIXES = """
agents:
  milo:
    deployment: team
    mitigations:
      later: {since: 0.36.0}
      same: {since: 0.33.1}
      earlier: {since: 0.9.0}
      nowhere: {since: null}
      open: {}
      named: {since: spring build}
  evan: {deployment: off, mitigations: {any: {since: 0.1.0}}}
  ada: {deployment: open, mitigations: {any: {since: 0.1.0}}}
  bob: {mitigations: {any: {since: 0.1.0}}}
deployments:
  team: {running: 0.33.1}
  off: {running: null}
  open: {}
"""


def test_a_fix_counts_when_its_version_runs(tmp_path: Path) -> None:
    """0.36.0 is not in 0.33.1; what cannot be compared is not decided, and no cell is to blame."""
    inventory = inventory_of(FIXES, tmp_path)
    found = {
        f"{name}/{key}": in_force(inventory, agent, fix)
        for name, agent in inventory.agents.items()
        for key, fix in (agent.mitigations or {}).items()
    }
    assert {name: force.holds for name, force in found.items()} == {
        "milo/later": False,
        "milo/same": True,
        "milo/earlier": True,
        "milo/nowhere": False,
        "milo/open": None,
        "milo/named": None,
        "evan/any": False,
        "ada/any": None,
        "bob/any": None,
    }
    missing = {name: [field for _, field in force.missing] for name, force in found.items()}
    assert {name: fields for name, fields in missing.items() if fields} == {
        "milo/open": ["since"],
        "ada/any": ["running"],
        "bob/any": ["deployment"],
    }
    assert found["milo/later"].running == "0.33.1"


def knots(inventory: Inventory) -> list[tuple[tuple[str, ...], list[str]]]:
    """Return the deployments of each knot, and the open cells."""
    return [(one.names, [field for _, field in one.missing]) for one in bootstraps(inventory)]


BY_ITSELF = """
agents: {milo: {deployment: team, capabilities: [upgrade]}}
capabilities: {upgrade: {}}
runbooks: {by-hand: {}}
deployments: {team: {rolled_out_by: upgrade, out_of_band: OUT}}
"""


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ("null", [(("team",), [])]),
        ("by-hand", []),
        ("{unknown: true}", [(("team",), ["out_of_band"])]),
    ],
)
def test_an_upgrade_that_installs_its_own_fix(out: str, expected: object, tmp_path: Path) -> None:
    """A runbook by hand is the way out; nobody knowing of one is a question."""
    assert knots(inventory_of(BY_ITSELF.replace("OUT", out), tmp_path)) == expected


def test_an_upgrade_from_outside_is_none(tmp_path: Path) -> None:
    """What an agent of another deployment rolls out, or nobody's capability, gets its fixes."""
    text = """
    agents:
      milo: {deployment: team}
      evan: {deployment: side, capabilities: [upgrade]}
      loose: {capabilities: [other]}
    capabilities: {upgrade: {}, other: {}}
    deployments:
      team: {rolled_out_by: upgrade, out_of_band: null}
      side: {promotion: human, out_of_band: null}
      lone: {rolled_out_by: other, out_of_band: null}
    """
    assert knots(inventory_of(text, tmp_path)) == []


def test_two_that_install_each_other(tmp_path: Path) -> None:
    """A circle is told once; a way into any of them by hand opens it, and so does a second home."""
    text = """
    agents:
      milo: {deployment: team, capabilities: [side-upgrade]}
      evan: {deployment: side}
      ada: {deployment: rest}
    tools: {upgrade: {agents: [evan], capability: team-upgrade}}
    capabilities: {team-upgrade: {}, side-upgrade: {}}
    runbooks: {by-hand: {}}
    deployments:
      team: {rolled_out_by: team-upgrade, out_of_band: null}
      side: {rolled_out_by: side-upgrade, out_of_band: null}
      rest: {rolled_out_by: side-upgrade, out_of_band: null}
    """
    assert knots(inventory_of(text, tmp_path)) == [(("side", "team"), [])]
    opened = text.replace("side-upgrade, out_of_band: null}", "side-upgrade, out_of_band: by-hand}")
    assert knots(inventory_of(opened, tmp_path)) == []
    outside = text.replace("agents: [evan]", 'agents: ["*"]').replace(
        "rest: {rolled_out_by: side-upgrade", "rest: {rolled_out_by: null"
    )
    assert knots(inventory_of(outside, tmp_path)) == []
