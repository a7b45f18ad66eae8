"""What can be promised at best, and what fails together."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastlint.analyses.service_levels import availability, ceiling, shared_domains
from blastlint.inventory.record import id_of
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

shares = st.dictionaries(st.text(min_size=1), st.integers(0, 100_000).map(lambda n: n / 100_000))


def test_three_dependencies_give_less_than_each() -> None:
    """0.999 x 0.995 x 0.9995 = 0.9935, which is below a promise of 0.999."""
    most = ceiling({"stripe": 0.999, "model-vendor": 0.995, "orders-db": 0.9995})
    assert most == Decimal("0.9935079975")
    assert availability(most) == "0.9935"
    assert float(most) < 0.999


def test_a_product_is_exact() -> None:
    """A promise of exactly the product is kept: no digit is lost on the way."""
    assert float(ceiling({"a": 0.99, "b": 0.99})) == 0.9801
    assert ceiling({}) == 1


@given(shares, st.integers(0, 100_000))
def test_a_further_dependency_never_raises_the_ceiling(found: dict[str, float], more: int) -> None:
    """Nor does it ever lie above the weakest of them."""
    most = ceiling(found)
    assert ceiling({**found, "": more / 100_000}) <= most
    assert all(most <= Decimal(str(share)) for share in found.values())


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("1", "1"),
        ("0.999985", "0.999985"),
        ("0.99998549", "0.999985"),
        ("0.9801", "0.98"),
        ("0.5", "0.5"),
        ("0.009", "0"),
        ("0", "0"),
    ],
)
def test_an_availability_is_never_told_better_than_it_is(share: str, text: str) -> None:
    """It keeps two digits of the time down, and rounds down."""
    assert availability(Decimal(share)) == text


DOMAINS = """
agents:
  both: {slo: {hard_dependencies: {index: 0.999, orders-db: 0.999, model-vendor: 0.995}}}
  backed: {slo: {hard_dependencies: {index: 0.999}}, fallbacks: [copy]}
  apart: {slo: {hard_dependencies: {index: 0.999, ledger: 0.999}}}
  open: {slo: {hard_dependencies: {index: 0.999, queue: 0.999}}}
  alone: {slo: {hard_dependencies: {queue: 0.999}}}
  denied: {slo: {hard_dependencies: {index: 0.999, island: 0.999}}}
  silent: {}
systems:
  index: {failure_domain: one}
  orders-db: {failure_domain: one}
  ledger: {failure_domain: two}
  island: {failure_domain: null}
  queue: {}
fallbacks:
  copy: {failure_domain: one}
"""


def test_what_shares_a_domain_is_named(tmp_path: Path) -> None:
    """Two systems, or a system and what takes over; one alone shares with nobody."""
    inventory = inventory_of(DOMAINS, tmp_path)
    found = {n: shared_domains(inventory, agent) for n, agent in inventory.agents.items()}
    assert {name: one.domains for name, one in found.items() if one.domains} == {
        "both": {"one": ("system index", "system orders-db")},
        "backed": {"one": ("system index", "fallback copy")},
    }
    missing = {name: [id_of(part) for part, _ in one.missing] for name, one in found.items()}
    assert {name: ids for name, ids in missing.items() if ids} == {"open": ["queue"]}
