"""The documentation site: builds strictly, leads nowhere wrong, asks no network, fits a phone."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest

from reporters.browser import browser, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from reporters.browser import Opened

REPO = Path(__file__).resolve().parent.parent
DOCS = REPO / "docs"
PHONE = {"width": 390, "height": 844}
LEFT_OUT = {"404.html"}
"""Made for a server's root: its links start with a slash."""
READ_ON_A_PHONE = [
    *(page for page in sorted(DOCS.rglob("*.md")) if DOCS / "rules" not in page.parents),
    DOCS / "rules" / "README.md",
    DOCS / "rules" / "reach" / "undeclared-blast-path.md",
    DOCS / "rules" / "rollback" / "hard-delete.md",
]
_LOADS = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href")}
"""What a browser asks for by itself."""


class Link(NamedTuple):
    """Where a page leads to, or what it loads."""

    tag: str
    attribute: str
    target: str


class Html(HTMLParser):
    """The names and links of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[Link] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a tag."""
        for attribute, value in attrs:
            if attribute == "id" or (tag, attribute) == ("a", "name"):
                self.names.add(value or "")
            elif attribute in {"href", "src"}:
                self.links.append(Link(tag, attribute, value or ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site; a warning is a failure."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=REPO,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Html]:
    """All pages of the site."""
    return {file: Html(file.read_text(encoding="utf-8")) for file in site.rglob("*.html")}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with browser() as running:
        yield running


def made_of(page: Path, site: Path) -> Path:
    """Return the file that a page of `docs` becomes."""
    path = page.relative_to(DOCS)
    return site / (
        path.parent / "index.html" if path.stem == "README" else path.with_suffix(".html")
    )


def test_every_page_is_on_the_site(site: Path) -> None:
    """Every page of `docs`, and the changelog."""
    expected = {made_of(page, site) for page in DOCS.rglob("*.md")} | {site / "changelog.html"}
    assert {file for file in site.rglob("*.html") if file.name not in LEFT_OUT} == expected


def test_every_link_leads_somewhere(site: Path, pages: dict[Path, Html]) -> None:
    """Within the site: the file exists, and so does the name on it."""
    assert sum(len(page.links) for page in pages.values()) > len(pages)
    wrong = [
        f"{file.relative_to(site)}: {link.target}"
        for file, page in pages.items()
        for link in page.links
        if file.name not in LEFT_OUT and not leads(file, link.target, pages)
    ]
    assert wrong == []


def leads(file: Path, target: str, pages: dict[Path, Html]) -> bool:
    """Return whether a link leads somewhere; those to other places are taken at their word."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return parts.scheme == "https"
    other = Path(os.path.normpath(file.parent / unquote(parts.path))) if parts.path else file
    if not parts.fragment or other not in pages:
        return other.is_file()
    return unquote(parts.fragment) in pages[other].names


def test_links_to_the_repository_lead_to_files(pages: dict[Path, Html]) -> None:
    """What is no page is looked at where it lies."""
    start = "https://github.com/blastlint/blastlint/blob/main/"
    linked = {
        unquote(link.target.removeprefix(start).partition("#")[0])
        for page in pages.values()
        for link in page.links
        if link.target.startswith(start)
    }
    assert "schemas/inventory.schema.json" in linked
    assert [file for file in sorted(linked) if not (REPO / file).exists()] == []


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[Path, Html]) -> None:
    """No font, script, picture or style; and no style that loads one."""
    loads = [link for page in pages.values() for link in page.links if link[:2] in _LOADS]
    assert loads
    assert [link.target for link in loads if urlsplit(link.target).netloc] == []
    styles = [file.read_text(encoding="utf-8") for file in site.rglob("*.css")]
    assert styles
    for text in styles:
        assert "url(http" not in text.replace('"', "").replace("'", "")
        assert "@import" not in text


def test_a_phone_shows_every_page_in_its_width(site: Path, chromium: Browser) -> None:
    """Tables and listings scroll by themselves, the page does not; nothing fails."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    with opened(chromium, site / "index.html", viewport=PHONE) as one:
        for page in READ_ON_A_PHONE:
            one.page.goto(made_of(page, site).as_uri())
            assert one.page.evaluate(wide) == 0, page
            assert not abroad(one), page
            assert one.errors == [], page


def test_the_search_needs_no_server(site: Path, chromium: Browser) -> None:
    """Opened as a file, it finds a word on the pages, and asks nobody."""
    with opened(chromium, site / "reach.html") as one:
        one.page.keyboard.press("/")
        one.page.keyboard.type("payouts")
        found = one.page.locator(".md-search-result__item a")
        found.first.wait_for(state="attached", timeout=15_000)
        assert "gate.html" in str(found.first.get_attribute("href"))
        one.page.wait_for_load_state("networkidle")
        assert not abroad(one)


def abroad(one: Opened) -> list[str]:
    """Return what a page asked of anybody else."""
    return [url for url in one.requests if not url.startswith(("file:", "data:"))]


def test_a_page_reads_without_script(site: Path, chromium: Browser) -> None:
    """The words are in the file."""
    with opened(chromium, site / "index.html", java_script_enabled=False) as one:
        assert one.page.locator("h1").inner_text().startswith("blastlint")
        assert one.page.locator("article").inner_text().count("\n") > 10


@pytest.mark.parametrize("picture", sorted(DOCS.rglob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_says_in_words_what_it_shows(picture: Path) -> None:
    """With a title and a description, for whoever hears it, and its own ground under the ink."""
    text = picture.read_text(encoding="utf-8")
    assert 'role="img" aria-labelledby="t d"' in text
    assert all(f"<{part}" in text for part in ('title id="t"', 'desc id="d"', "rect"))
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
