"""What the benchmarks measure with is sound: complete inventories, webs as large as they say."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

import draft
import fleet
import inventories
import pages
import run
import web
from blastlint.check import check
from blastlint.drafting import draft_inventory, put_down
from blastlint.inventory.loading import load
from blastlint.inventory.shape import shape

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date.fromisoformat(inventories.AS_OF)


@pytest.mark.parametrize(("tools", "seed"), [(10, 1), (1, 2), (40, 3)])
def test_one_file_is_a_clean_inventory(tools: int, seed: int, tmp_path: Path) -> None:
    """A run is measured on its usual case: everything is stated, and nothing is found."""
    file = tmp_path / "one.yaml"
    file.write_text(inventories.single(tools, seed), encoding="utf-8")
    report = check([str(file)], as_of=AS_OF)
    assert report.findings == ()
    assert [len(one.tools) for one in report.inventories] == [tools]


def test_a_draft_is_made_from_as_much_as_it_says(tmp_path: Path) -> None:
    """Every tool has a row, and every service account is told of."""
    draft.write(str(tmp_path))
    sources = [str(tmp_path / name) for name in draft.FILES]
    home = str(tmp_path / "inventory")
    done = draft_inventory(sources, home, "", "", "", AS_OF)
    put_down(done)
    (inventory,) = load([home])
    assert len(inventory.tools) == draft.TOOLS
    assert f"{draft.ACCOUNTS} principals" in done.worklist[0].text


def test_many_files_are_clean_inventories(tmp_path: Path) -> None:
    """Every inventory of the large corpus is ready, too, and none of its files is left aside."""
    written = inventories.write_many(str(tmp_path), files=40, tools=3)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 40
    assert sum(path.stat().st_size for path in files) == written
    report = check([str(tmp_path)], as_of=AS_OF)
    assert report.findings == ()
    assert [len(one.tools) for one in report.inventories] == [24] * 4


def test_a_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two runs of a benchmark measure the same work."""
    for name in ("a", "b"):
        inventories.write_many(str(tmp_path / name), files=10, tools=2)
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in _files(tmp_path / name)}
        for name in ("a", "b")
    )
    assert first == second
    assert inventories.single(seed=1) != inventories.single(seed=2)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_chain_is_walked_to_its_end(tmp_path: Path) -> None:
    """Every agent reaches the last role's bucket, the first one over every role there is."""
    file = tmp_path / "web.yaml"
    file.write_text(web.inventory_text(), encoding="utf-8")
    (inventory,) = load([str(file)])
    found = web.measured(inventory, web.chain(150))
    assert found["paths"] == web.AGENTS
    assert found["hops"] > 150


def test_a_flat_web_is_as_large_as_it_says(tmp_path: Path) -> None:
    """Nearly every agent reaches every bucket: nothing of the web is cut off."""
    file = tmp_path / "web.yaml"
    file.write_text(web.inventory_text(), encoding="utf-8")
    (inventory,) = load([str(file)])
    granted = web.flat(2000)
    assert len(granted.becomings) == 2000
    assert web.measured(inventory, granted)["paths"] > 0.9 * web.AGENTS * web.BUCKETS


def test_a_fleet_has_every_section_and_makes_rules_speak(tmp_path: Path) -> None:
    """Rules are measured on work: a fleet is read as it is written, and most rules find."""
    written = fleet.write(str(tmp_path / "fleet"), tools=100)
    assert written == sum(path.stat().st_size for path in (tmp_path / "fleet").iterdir())
    (inventory,) = load([str(tmp_path / "fleet")])
    sections = set(shape().sections) - fleet.APART
    assert [name for name in sorted(sections) if not getattr(inventory, name)] == []
    assert len(inventory.tools) == 100
    told = fleet.measured(str(tmp_path / "fleet"))["rules"]
    speaking = [name for name, one in told.items() if one["found"]]
    assert len(speaking) > len(told) / 2
    assert all(one["seconds"] >= 0 for one in told.values())


def test_a_fleet_is_the_same_for_a_seed(tmp_path: Path) -> None:
    """Two runs measure the same work."""
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        fleet.write(str(tmp_path / name), tools=50, seed=seed)
        texts.append((tmp_path / name / "desk-0.yaml").read_text(encoding="utf-8"))
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(
    ("measured", "met"), [(0.5, "stretch"), (1.0, "stretch"), (1.5, "budget"), (2.5, "missed")]
)
def test_a_figure_is_held_against_its_budget(measured: float, met: str) -> None:
    """A missed budget is called one."""
    assert run.Row("work", measured, run.TIMES, 2, 1, "").met == met


def test_a_command_that_fails_is_not_measured() -> None:
    """A crash is fast, and no result."""
    assert run.cpu_of([sys.executable, "-c", "pass"]) > 0
    with pytest.raises(SystemExit, match="failed"):
        run.cpu_of([sys.executable, "-c", "raise SystemExit(1)"])


def test_an_unknown_benchmark_is_refused() -> None:
    """A misspelt name does not measure nothing in silence."""
    with pytest.raises(SystemExit, match="no benchmark is called fast: choose of version, one"):
        run.main(["fast"])


def test_a_fleet_of_pages_is_as_large_as_asked(tmp_path: Path) -> None:
    """Every agent of the measured page has an inventory of its own and all its tools."""
    report = pages.fleet(str(tmp_path), 2)
    assert [len(one.agents) for one in report.inventories] == [1, 1]
    assert [len(one.tools) for one in report.inventories] == [pages.TOOLS] * 2
    assert pages.Row("a", 2, 2, "s").met
    assert not pages.Row("a", 2.1, 2, "s").met
