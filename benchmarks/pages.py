"""Measures the page of a fleet: how large it is, and how long a browser takes until it can be used.

    python benchmarks/pages.py [AGENTS]

Every agent has an inventory of its own with 20 tools. Seconds of the browser are CPU time of the
page's main thread, so that other work on the machine does not count. Exits with 1 if a budget is
missed.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date
from tempfile import TemporaryDirectory
from time import process_time
from typing import NamedTuple

import inventories
from blastlint.check import check
from blastlint.reporters.html import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.finding import Report

AGENTS, TOOLS = 500, 20
LARGEST, READY, SINGLE = 20.0, 3.0, 0.3
"""Megabytes of the fleet's page, seconds until it can be used, megabytes of one agent's page."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FILTER = """() => {
  const select = document.querySelector("[data-filter=severity]");
  select.value = "error";
  select.dispatchEvent(new Event("input"));
  document.body.getBoundingClientRect();
}"""
ISOLATE = """() => {
  const entry = document.querySelector("a.entry");
  entry.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
  document.body.getBoundingClientRect();
}"""


class Row(NamedTuple):
    """One measure beside its budget."""

    work: str
    measured: float
    budget: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether it keeps to its budget."""
        return self.measured <= self.budget


def fleet(folder: str, agents: int) -> Report:
    """Write so many inventories of one agent each, and judge them."""
    for number in range(agents):
        own = os.path.join(folder, f"desk-{number}")
        os.makedirs(own)
        with open(os.path.join(own, "inventory.yaml"), "w", encoding="utf-8") as file:
            file.write(inventories.single(TOOLS, number + 1))
    return check([folder], as_of=date.fromisoformat(inventories.AS_OF))


def measured(agents: int) -> Iterator[Row]:
    """Yield what the pages of one agent and of a fleet cost."""
    with TemporaryDirectory() as folder:
        single = render(fleet(os.path.join(folder, "one"), 1))
        yield Row("page of one agent", len(single.encode()) / 1e6, SINGLE, "MB")
        report = fleet(os.path.join(folder, "many"), agents)
        start = process_time()
        page = render(report)
        tools = sum(len(one.tools) for one in report.inventories)
        found = len(report.findings)
        name = f"page of {agents:,} agents, {tools:,} tools, {found:,} findings"
        yield Row(f"writing the {name}", process_time() - start, 30, "s")
        yield Row(name, len(page.encode()) / 1e6, LARGEST, "MB")
        file = os.path.join(folder, "fleet.html")
        with open(file, "w", encoding="utf-8") as handle:
            handle.write(page)
        yield from _browsed(file)


def _browsed(file: str) -> Iterator[Row]:
    """Yield the seconds that a browser works until the page is there, and for what one does."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where it is installed

    with sync_playwright() as play:
        own = play.chromium.executable_path
        path = own if os.path.exists(own) else next(filter(None, map(shutil.which, BROWSERS)))
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        console = page.context.new_cdp_session(page)
        console.send("Performance.enable", {"timeDomain": "threadTicks"})

        def busy() -> float:
            metrics = console.send("Performance.getMetrics")["metrics"]
            return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

        page.goto(f"file://{file}")
        ready = busy()
        yield Row("browser, until it can be used", ready, READY, "s")
        for name, action in (("filtering", FILTER), ("one way alone", ISOLATE)):
            before = busy()
            page.evaluate(action)
            yield Row(f"browser, {name}", busy() - before, READY / 3, "s")
        browser.close()


def main(arguments: list[str]) -> int:
    """Print one table; return 1 if a budget is missed."""
    rows = list(measured(int(arguments[0]) if arguments else AGENTS))
    for row in rows:
        sign = "" if row.met else "  missed"
        print(f"{row.work:60} {row.measured:8.2f} {row.unit:2} of {row.budget:g}{sign}")
    return int(not all(row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
