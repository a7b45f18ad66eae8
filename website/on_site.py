"""Makes the pages of `docs`, which are written for GitHub, the pages of a site."""

from __future__ import annotations

import os
import re
from itertools import groupby
from posixpath import dirname, join, normpath, relpath
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

from blastlint.manual import families
from blastlint.rules import load_rules

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

REPOSITORY = "https://github.com/blastlint/blastlint/blob/main/"
"""Where files lie that are no pages."""
MANUAL = "rules/README.md"
MOVED = {"CHANGELOG.md": "changelog.md"}
"""Files of the repository's root to the pages of the site that stand for them."""
_PIECE = re.compile(
    r"(?P<listing>^ *(?P<fence>```+).*?^ *(?P=fence) *$)"
    r"|(?P<code>`[^`\n]+`)"
    r"|(?P<lead>\]\()(?P<target>[^()\s]+)(?=\))",
    re.MULTILINE | re.DOTALL,
)
_ABOUT = re.compile(r"\A( *```+\w+) +([^\n{}=\"]+)$", re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List all rules where the navigation names their index."""
    config.nav = _listed(config.nav or [])
    return config


def _listed(nav: list[Any]) -> list[Any]:
    found: list[Any] = []
    for entry in nav:
        if isinstance(entry, dict):
            found.append({t: _listed(e) if isinstance(e, list) else e for t, e in entry.items()})
        elif entry == MANUAL:
            found.append({"Rules": [MANUAL, *_families()]})
        else:
            found.append(entry)
    return found


def _families() -> list[dict[str, list[str]]]:
    """Return the pages of the rules by the titles of their families, in the index's order."""
    rules = sorted(load_rules(), key=lambda rule: (families()[rule.family].title, rule.id))
    return [
        {families()[family].title: [f"rules/{family}/{rule.id}.md" for rule in members]}
        for family, members in groupby(rules, key=lambda rule: rule.family)
    ]


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the page that lies outside of `docs`."""
    source = os.path.join(os.path.dirname(config.docs_dir), "CHANGELOG.md")
    files.append(File.generated(config, MOVED["CHANGELOG.md"], abs_src_path=source))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links to files that are no pages to the repository; show the names of listed files."""
    del config, files
    home = page.file.src_uri

    def changed(match: re.Match[str]) -> str:
        if match["listing"]:
            return _ABOUT.sub(r'\1 title="\2"', match[0], count=1)
        return match["lead"] + link(match["target"], home) if match["target"] else match[0]

    return _PIECE.sub(changed, markdown)


def link(target: str, home: str) -> str:
    """Return where a link of a page leads on the site.

    Args:
        target: As it is written for GitHub.
        home: Path of the page that it stands on, below `docs`.
    """
    name, mark, anchor = target.partition("#")
    if ":" in name or not name:
        return target
    base = "" if home in MOVED.values() else join("docs", dirname(home))
    file = normpath(join(base, name))
    inside = MOVED.get(file) or (file.removeprefix("docs/") if file.startswith("docs/") else "")
    if not inside:
        return REPOSITORY + file + mark + anchor
    return relpath(inside, dirname(home) or ".") + mark + anchor
