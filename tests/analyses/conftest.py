"""The worked example, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from blastlint.inventory.loading import Inventory, load

EXAMPLE = Path(__file__).resolve().parents[2] / "inventories" / "refund-agent"


@pytest.fixture(scope="session")
def example() -> Inventory:
    """Return the inventory of the refund agent."""
    (inventory,) = load([str(EXAMPLE)])
    return inventory
