"""Opens pages in a real browser, and watches that nothing leaves them and nothing fails."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Request

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""


class Opened(NamedTuple):
    """A page, and what went wrong on it."""

    page: Page
    errors: list[str]
    """What the console said, scripts that failed, and dialogs."""
    requests: list[str]
    """What was asked for, and not stopped by the page's own security policy."""

    def violations(self) -> list[str]:
        """Return what the page's own security policy stopped."""
        found: list[str] = self.page.evaluate("window.violations || []")
        return found


def _stopped(request: Request, requests: list[str]) -> None:
    """What the policy stops is announced like any request, and never sent."""
    if request.failure == "csp":
        requests.remove(request.url)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium; skip where there is none."""
    play = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with play.sync_playwright() as started:
        own = started.chromium.executable_path
        found = own if os.path.exists(own) else next(filter(None, map(shutil.which, NAMES)), None)
        if found is None:
            pytest.skip("no Chromium: `playwright install chromium`, or the system's own package")
        running = started.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def opened(running: Browser, file: Path, hash_: str = "", **context: Any) -> Iterator[Opened]:  # noqa: ANN401 -- the browser's own options
    """Open a file in a fresh profile."""
    own = running.new_context(**{"viewport": {"width": 1280, "height": 800}, **context})
    try:
        page = own.new_page()
        errors: list[str] = []
        requests: list[str] = []
        page.on("console", lambda said: errors.append(said.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: requests.append(request.url))
        page.on("requestfailed", lambda request: _stopped(request, requests))
        if context.get("java_script_enabled", True):
            page.add_init_script(WATCH)
        page.goto(file.as_uri() + hash_)
        yield Opened(page, errors, requests)
    finally:
        own.close()
