"""Whatever names evidence brings along, every output shows them and obeys none."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from blastlint.options import FORMATS
from blastlint.providers import PROVIDERS
from planted import MAKERS, Planted, rows
from reporters.reports import HOSTILE
from reporters.test_html import without_ours
from test_secrets import inventory, lay, said

if TYPE_CHECKING:
    from pathlib import Path

NAMING = {
    "name", "RoleName", "UserName", "PolicyName", "Sid", "title", "description", "summary",
    "operationId", "slug", "namespace", "command", "PolicyDocument", "resources", "login", "scope",
}  # fmt: skip
"""Keys under which evidence of some kind names something, or describes it."""
REFUSED = 2
"""Exit code where nothing was judged, and only the reasons are printed."""
TEXTS = [text for text in HOSTILE if text]


def renamed(value: Any, text: str, *, here: bool = False) -> Any:  # noqa: ANN401 -- any JSON
    """Return a value with a text added to whatever names or describes something in it."""
    if isinstance(value, dict):
        return {key: renamed(one, text, here=key in NAMING) for key, one in value.items()}
    if isinstance(value, list):
        return [renamed(one, text, here=here) for one in value]
    return f"{value}{text}" if here and isinstance(value, str) else value


def hostile(kind: str, text: str) -> dict[str, str]:
    """Return evidence of a kind, full of a text; quoted identifiers where it is SQL."""
    files = MAKERS[kind](Planted(), lambda value: rows(renamed(value, text)))
    identifier = '"' + text.replace('"', '""').replace("\n", " ").replace("\r", " ") + '"'
    return {
        name: re.sub(r"\borders\b", lambda _: identifier, found) if name.endswith(".sql") else found
        for name, found in files.items()
    }


def harm(form: str, text: str) -> list[str]:
    """Return the lines of an output that a terminal, a build or a browser would act on."""
    shown = without_ours(text) if form == "html" else text
    ours = ("::error ", "::warning ", "::notice ") if form == "github" else ()
    return [
        line[:200]
        for line in shown.split("\n")
        if not line.isprintable()
        or (line.lstrip().startswith("::") and not line.startswith(ours or "\0"))
        or (form not in {"json", "sarif", "gitlab"} and ("##[" in line or "##vso[" in line))
        or (form in {"html", "junit"} and ("<script>alert" in line or "<img" in line))
    ]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("kind", PROVIDERS)
def test_names_of_evidence_are_shown_harmlessly(kind: str, text: str, tmp_path: Path) -> None:
    """In every format, in what is granted, and in what is said of evidence that is refused."""
    folder = lay(
        {
            name: found.encode(errors="replace").decode()
            for name, found in hostile(kind, text).items()
        },
        tmp_path,
    )
    code, listed = said("grants", kind, str(folder), "--derive", "-f", "json")
    assert harm("json", listed) == []
    assert harm("text", said("grants", kind, str(folder), "--derive")[1]) == []
    principals = [row["principal"] for row in json.loads(listed)["principals"]] if code == 0 else []
    safe = [one for one in principals if one.isprintable()]
    (tmp_path / "inventory.yaml").write_text(inventory(kind, safe), encoding="utf-8")
    for form in FORMATS:
        code, shown = said("check", str(tmp_path), "--as-of", "2026-06-02", "-f", form)
        assert harm(form if code < REFUSED else "text", shown) == []
    assert harm("text", said("reach", "a", str(tmp_path))[1]) == []
