"""The HTML page in a real browser: quiet, closed to the network, and usable by hand and by key."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from blastlint.check import check
from blastlint.reporters.html import render
from blastlint.values import replace
from reporters.browser import browser, opened
from reporters.reports import HOSTILE, poisoned, refund_report, two_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

    from blastlint.finding import Report

REPO = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 6, 2)
PHONE, LAPTOP, WALL = (
    {"width": w, "height": h} for w, h in ((390, 844), (1280, 800), (2560, 1440))
)
SHOWN = ("refund-agent", "release-agent", "clean-support")
"""Worked inventories of which pictures are taken."""
REACHABLE = "a[href], button, input, select, summary, [tabindex='0']"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """The worked inventories, judged; and two reports made by hand."""
    worked = {n: check([str(REPO / "inventories" / n)], as_of=AS_OF) for n in SHOWN}
    return {**worked, "by-hand": refund_report(), "two": two_report()}


@pytest.fixture(scope="module")
def pages(reports: dict[str, Report], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Their pages."""
    folder = tmp_path_factory.mktemp("pages")
    files = {name: folder / f"{name}.html" for name in reports}
    for name, file in files.items():
        file.write_text(render(reports[name]), encoding="utf-8", newline="\n")
    return files


@pytest.mark.parametrize("name", [*SHOWN, "by-hand", "two"])
def test_nothing_leaves_and_nothing_fails(
    chromium: Browser, pages: dict[str, Path], name: str
) -> None:
    """No request but the file itself, nothing on the console, nothing for the policy to stop."""
    with opened(chromium, pages[name]) as one:
        one.page.mouse.wheel(0, 4000)
        assert one.requests == [pages[name].as_uri()]
        assert one.errors == []
        assert one.violations() == []


def test_policy_holds(chromium: Browser, pages: dict[str, Path]) -> None:
    """Whatever somebody got into the page, it could not run, load, send or be parsed as HTML."""
    tries = {
        "script": "s = document.createElement('script'); s.append('ran = 1'); body.append(s)",
        "markup": "document.body.innerHTML = '<b>x</b>'",
        "handler": "document.body.setAttribute('onclick', 'ran = 1'); document.body.click()",
        "image": "i = new Image(); i.src = 'https://example.org/x.png'; body.append(i)",
        "style": "document.body.setAttribute('style', 'color: red')",
        "fetch": "fetch('https://example.org/').catch(() => 0)",
    }  # fmt: skip
    for name, attempt in tries.items():
        with opened(chromium, pages["by-hand"]) as one:
            safe = f"try {{ {attempt} }} catch (e) {{ window.threw = 1 }}"
            one.page.evaluate(f"() => {{ const body = document.body; {safe} }}")
            one.page.wait_for_timeout(50)
            assert one.page.evaluate("window.ran") is None, name
            assert one.violations() or one.page.evaluate("window.threw"), name
            assert [url for url in one.requests if not url.startswith("file:")] == [], name


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
def test_hostile_text_does_nothing(chromium: Browser, tmp_path: Path, text: str) -> None:
    """Text that tries to be markup or script is only text to a browser, too."""
    file = tmp_path / "hostile.html"
    file.write_text(render(poisoned(refund_report(), text)), encoding="utf-8", newline="\n")
    with opened(chromium, file) as one:
        for entry in one.page.locator("a.entry").all():
            entry.click()
        assert one.errors == []
        assert one.violations() == []
        assert one.requests == [file.as_uri()]
        assert one.page.title().startswith("Blocked: ")
        assert one.page.locator("h1").count() == 1


def shown_findings(tab: Tab) -> list[str]:
    """Return the ids of the findings that are not filtered out."""
    found: list[str] = tab.evaluate(
        "[...document.querySelectorAll('.finding')].filter(f => f.checkVisibility()).map(f => f.id)"
    )
    return found


def test_filters(chromium: Browser, pages: dict[str, Path], reports: dict[str, Report]) -> None:
    """Each filter leaves what it says; together they narrow; the address keeps them; Esc clears."""
    report = reports["refund-agent"]
    families = {rule.id: rule.family for rule in report.rules}
    by_severity = Counter(f.severity for f in report.findings)
    by_family = Counter(families[f.rule] for f in report.findings)
    with opened(chromium, pages["refund-agent"]) as one:
        tab = one.page
        for name, counted in (("severity", by_severity), ("family", by_family)):
            for value, number in counted.items():
                tab.locator(f"[data-filter={name}]").select_option(value)
                assert len(shown_findings(tab)) == number
                assert tab.locator(".found").inner_text() == f"{number} of {len(report.findings)}"
            tab.locator(f"[data-filter={name}]").select_option("")
        tab.locator("[data-filter=system]").select_option("stripe")
        with_stripe = shown_findings(tab)
        assert 0 < len(with_stripe) < len(report.findings)
        tab.locator("[data-filter=text]").fill("813 TIMES")
        assert len(shown_findings(tab)) == 1
        assert "#find:text=813%20TIMES&system=stripe" in tab.url
        tab.keyboard.press("Escape")
        assert len(shown_findings(tab)) == len(report.findings)
        assert tab.url.endswith("#findings")


def test_every_filter_fits_its_findings(chromium: Browser, pages: dict[str, Path]) -> None:
    """Every choice that is offered leaves some finding."""
    with opened(chromium, pages["refund-agent"]) as one:
        for select in one.page.locator("select").all():
            values = [v for v in select.evaluate("s => [...s.options].map(o => o.value)") if v]
            for value in values:
                select.select_option(value)
                empty_is_right = value in {"note", "waived"}
                assert bool(shown_findings(one.page)) != empty_is_right, value
            select.select_option("")


CALM = """async () => {
  for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0)));
}"""
"""Waits until the page has drawn what a key or a click asked for, and nothing moves any more."""


def test_one_way_alone(chromium: Browser, pages: dict[str, Path]) -> None:
    """A click leaves one way in sight, and tells each of its steps with file and line."""
    with opened(chromium, pages["refund-agent"]) as one:
        tab = one.page
        tab.locator("a.entry.undeclared", has_text="payouts").click()
        tab.evaluate(CALM)
        lit = tab.eval_on_selector_all("a.lit title", "e => e.map(x => x.textContent)")
        assert set(lit) == {
            "refund-agent, T3",
            "stripe.refund.create, spend · T3",
            "stripe.refund.get, read · T3",
            "stripe-rk",
            "create payouts on stripe, undeclared, latent",
        }
        told = tab.locator(".told").inner_text()
        for said in (
            "undeclared create stripe: payouts",
            "refund-agent may call stripe.refund.create",
            "stripe-rk is granted create on payouts",
        ):
            assert said in told.replace("✕ ", "").replace("\n", " ")
        assert len(re.findall(r"\.yaml:\d+:\d+", told)) == 3
        dim = tab.locator(".edge:not(.lit)").first
        assert float(dim.evaluate("e => getComputedStyle(e).opacity")) < 0.2
        tab.keyboard.press("Escape")
        tab.evaluate(CALM)
        assert tab.locator(".lit").count() == 0
        assert not tab.locator(".told").is_visible()


def test_a_node_tells_all_its_ways(chromium: Browser, pages: dict[str, Path]) -> None:
    """A credential isolates everything that it opens, what nobody declared first."""
    with opened(chromium, pages["refund-agent"]) as one:
        one.page.locator("a.node", has_text="gh-app").click()
        one.page.evaluate(CALM)
        lit = one.page.locator("a.entry.lit")
        assert lit.count() == 4
        assert one.page.locator(".told .state").first.inner_text().startswith("✕")
        assert one.page.locator(".told li, .told > div").count() >= 4


def test_keyboard(chromium: Browser, pages: dict[str, Path]) -> None:
    """Tab reaches everything that can be used, in order, the skip link first; Enter isolates."""
    with opened(chromium, pages["by-hand"]) as one:
        tab = one.page
        tab.evaluate(
            f"[...document.querySelectorAll(`{REACHABLE}`)].forEach((e, n) => e.dataset.at = n)"
        )
        wanted = tab.evaluate(
            f"[...document.querySelectorAll(`{REACHABLE}`)]"
            ".filter(e => e.checkVisibility({visibilityProperty: true})).map(e => e.dataset.at)"
        )
        reached = []
        for _ in range(len(wanted) + 1):
            tab.keyboard.press("Tab")
            at = tab.evaluate("document.activeElement.dataset.at")
            if at is None:
                break
            reached.append(at)
        assert reached == wanted
        tab.locator("a.entry").first.focus()
        tab.keyboard.press("Enter")
        tab.evaluate(CALM)
        assert tab.locator("a.entry[aria-current]").count() == 1
        tab.keyboard.press("Tab")
        tab.keyboard.press("/")
        assert tab.evaluate("document.activeElement.dataset.filter") == "text"


def test_skip_link_is_first(chromium: Browser, pages: dict[str, Path]) -> None:
    """The first Tab offers to skip to the findings, in sight."""
    with opened(chromium, pages["by-hand"]) as one:
        one.page.keyboard.press("Tab")
        assert one.page.evaluate("document.activeElement.className") == "skip"
        box = one.page.locator(".skip").bounding_box()
        assert box
        assert box["x"] >= 0


def test_deep_links(chromium: Browser, pages: dict[str, Path], reports: dict[str, Report]) -> None:
    """A link to a finding, an agent, a tool, a way or a filter opens and shows what it means."""
    file = pages["refund-agent"]
    finding = f"finding-{reports['refund-agent'].findings[7].fingerprint}"
    text = file.read_text(encoding="utf-8")
    agent, way, tool = (
        next(iter(re.findall(f'id="(agent-[0-9a-f]+{end})"', text))) for end in ("", "-r3", "-t0")
    )
    for name in (finding, agent, way, tool):
        with opened(chromium, file, f"#{name}") as one:
            box = one.page.locator(f"#{name}").bounding_box()
            assert box, name
            assert -5 <= box["y"] < 800, name
            assert one.errors == []
    with opened(chromium, file, f"#{way}") as one:
        assert one.page.locator("a.entry[aria-current]").count() == 1
        assert one.page.locator(f"#{way} .path").is_visible()
    with opened(chromium, file, "#find:severity=warning") as one:
        assert len(shown_findings(one.page)) == 16


@pytest.mark.parametrize(
    "hash_", ["#nothing", "#find:", "#find:severity=%00%FF", "#<img src=x onerror=alert(1)>", "#%"]
)
def test_strange_links_do_nothing(chromium: Browser, pages: dict[str, Path], hash_: str) -> None:
    """An address that leads nowhere opens the page, without an error."""
    with opened(chromium, pages["by-hand"], quote(hash_, safe="#%:=&")) as one:
        assert one.errors == []
        assert one.page.locator("h1").is_visible()
        assert one.violations() == []


def test_without_script(chromium: Browser, pages: dict[str, Path]) -> None:
    """Without script it says the same: verdict, every finding, every way; no dead controls."""
    with opened(chromium, pages["refund-agent"], java_script_enabled=False) as one:
        tab = one.page
        assert tab.locator("h1").inner_text().endswith("Blocked")
        assert not tab.locator(".filters").is_visible()
        assert tab.locator(".finding").count() == 53
        assert tab.locator("a.entry").count() == 15
        tab.locator("a.entry.undeclared").first.click()
        assert "-r" in tab.url
        assert tab.locator("tr[data-way]").first.is_visible()


def test_picture_and_list_say_the_same(pages: dict[str, Path], reports: dict[str, Report]) -> None:
    """Every way of the picture stands in the list, and every row of the list in the picture."""
    for name in SHOWN:
        text = pages[name].read_text(encoding="utf-8")
        ways = re.findall(r'class="entry [^"]*" href="#([^"]+)" data-w="(\d+)"', text)
        rows = dict(re.findall(r'<tr role="row" id="([^"]+)" data-way="(\d+)"', text))
        assert {way for _, way in ways} == set(rows.values())
        assert all(rows[href] == way for href, way in ways)
        reached = sum(len(agent.reach) for one in reports[name].inventories for agent in one.agents)
        assert len(rows) == reached


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_accessible(
    chromium: Browser, pages: dict[str, Path], scheme: str, size: dict[str, int]
) -> None:
    """Axe finds nothing, with a way isolated, a list open and a filter set."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe not installed")
    options: dict[str, Any] = {"viewport": size, "color_scheme": scheme, "bypass_csp": True}
    options["reduced_motion"] = "reduce"
    for name in ("by-hand", "release-agent"):
        with opened(chromium, pages[name], **options) as one:
            one.page.locator("a.entry.undeclared").first.click()
            one.page.locator("details.twin > summary").first.click()
            one.page.locator("tr[data-way] summary").first.click()
            one.page.locator("[data-filter=severity]").select_option("error")
            found = axe.Axe().run(one.page).response["violations"]
            said = [
                (v["id"], n["html"][:150], n.get("failureSummary", "")[:200])
                for v in found
                for n in v["nodes"][:3]
            ]
            assert said == []


@pytest.mark.parametrize("size", [PHONE, LAPTOP, WALL])
@pytest.mark.parametrize("name", ["by-hand", "refund-agent", "release-agent"])
def test_nothing_is_cut(
    chromium: Browser, pages: dict[str, Path], size: dict[str, int], name: str
) -> None:
    """The page is as wide as the screen, from a phone to a wall; only the picture scrolls."""
    with opened(chromium, pages[name], viewport=size) as one:
        for details in one.page.locator("details.twin").all():
            details.evaluate(
                "d => { for (const x of [d, ...d.querySelectorAll('details')]) x.open = true }"
            )
        assert one.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_print(chromium: Browser, pages: dict[str, Path], reports: dict[str, Report]) -> None:
    """Printed, nothing is wider than the paper, no row is split, and every error is there."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    paper = {"width": 718, "height": 1000}
    with opened(chromium, pages["refund-agent"], viewport=paper) as one:
        one.page.emulate_media(media="print")
        assert one.page.evaluate("document.documentElement.scrollWidth") <= paper["width"]
        wide = one.page.evaluate(
            "[...document.querySelectorAll('table, svg, article')].filter(e => e.checkVisibility()"
            f" && e.getBoundingClientRect().right > {paper['width'] + 1}).length"
        )
        assert wide == 0
        rows = "[...document.querySelectorAll('tr')].map(r => getComputedStyle(r).breakInside)"
        assert set(one.page.evaluate(rows)) == {"avoid"}
        data = one.page.pdf(format="A4", margin={"left": "1cm", "right": "1cm"})
    printed = pypdf.PdfReader(io.BytesIO(data))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in printed.pages))
    report = reports["refund-agent"]
    errors = [f for f in report.findings if f.severity == "error"]
    assert "Blocked" in text
    assert [f.rule for f in errors if f.rule not in text] == []
    assert [t.id for i in report.inventories for t in i.tools if t.id not in text] == []
    assert len(printed.pages) <= 14 + len(errors) / 4


def test_same_page_after_a_round_trip(tmp_path: Path, reports: dict[str, Report]) -> None:
    """A saved report gives the same page, byte for byte."""
    from blastlint.reporters.json import render as as_json  # noqa: PLC0415 -- used here alone
    from blastlint.reporters.saved import load  # noqa: PLC0415 -- as above

    for name, report in reports.items():
        file = tmp_path / f"{name}.json"
        file.write_text(as_json(report), encoding="utf-8")
        assert render(load(str(file))) == render(report)


def test_what_changed(chromium: Browser, reports: dict[str, Report], tmp_path: Path) -> None:
    """With an older report the first screen says what an agent newly reaches and what is fixed."""
    new = reports["refund-agent"]
    (inventory,) = new.inventories
    (agent,) = inventory.agents
    reach = tuple(row for row in agent.reach if row.resource != "payouts")
    before = replace(agent, reach=reach)
    old = replace(new, inventories=(replace(inventory, agents=(before,), findings=()),))
    file = tmp_path / "changed.html"
    file.write_text(render(new, old), encoding="utf-8", newline="\n")
    with opened(chromium, file) as one:
        said = one.page.locator(".changed").inner_text()
        assert "What changed since 2026-06-02" in said
        assert "refund-agent can now create payouts on stripe" in said
        assert one.errors == []
    same = render(new, new)
    assert "Nothing that a reviewer has to know of." in same


def test_small(pages: dict[str, Path]) -> None:
    """The page of a clean inventory is small enough to mail."""
    assert pages["clean-support"].stat().st_size <= 300_000


@pytest.mark.parametrize("name", SHOWN)
def test_pictures(chromium: Browser, pages: dict[str, Path], name: str, tmp_path: Path) -> None:
    """Pictures are taken at three widths in both schemes, and none of them is blank."""
    folder = Path(os.environ.get("BLASTLINT_PICTURES", str(tmp_path)))
    for size in (PHONE, LAPTOP, WALL):
        for scheme in ("light", "dark"):
            with opened(chromium, pages[name], viewport=size, color_scheme=scheme) as one:
                file = folder / f"{name}-{size['width']}-{scheme}.png"
                taken = one.page.screenshot(path=str(file))
                assert len(taken) > size["width"] * size["height"] / 60
