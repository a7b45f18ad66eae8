"""Generated files say what they are generated from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from blastlint.inventory.schema import inventory_schema, part_schema, schema_text
from blastlint.inventory.shape import shape
from blastlint.manual import markdown
from blastlint.rulefile import rule_schema
from blastlint.rules import load_rules
from blastlint.subjects.vocabulary import records
from meanings import MEANINGS
from reference import askable, fields, kinds

if TYPE_CHECKING:
    from collections.abc import Callable

REPO = Path(__file__).resolve().parents[1]
SCHEMAS = REPO / "schemas"
DOCS = REPO / "docs"
MADE = {"inventory": inventory_schema, "inventory-part": part_schema, "rule": rule_schema}


@pytest.mark.parametrize("name", MADE)
def test_a_published_schema_is_what_the_models_say(
    name: str, golden: Callable[[Path, str], None]
) -> None:
    """Who changes a model sees the schema change in the same commit."""
    golden(SCHEMAS / f"{name}.schema.json", schema_text(MADE[name]()))


@pytest.mark.parametrize("name", MADE)
def test_a_published_schema_is_a_schema(name: str) -> None:
    """Every editor can read it: it is valid against its metaschema."""
    Draft202012Validator.check_schema(MADE[name]())


def test_the_manual_is_what_the_rules_say(golden: Callable[[Path, str], None]) -> None:
    """Who changes a rule sees its page change in the same commit."""
    golden(DOCS / "rules.md", markdown())


def test_the_manual_reads_as_it_was_meant() -> None:
    """To a Markdown reader every rule is one heading, and every example one listing."""
    rules = load_rules()
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown())
    inner = [
        tokens[i + 1].content for i, t in enumerate(tokens) if t.tag == "h3" and t.nesting == 1
    ]
    assert sorted(inner) == [rule.id for rule in rules]
    listings = [token for token in tokens if token.type == "fence" and token.info == "yaml"]
    assert len(listings) == sum(1 + len(e.files or {}) for rule in rules for e in rule.examples)
    inside = [child for token in tokens for child in token.children or ()]
    assert {"html_block", "html_inline"}.isdisjoint(token.type for token in (*tokens, *inside))


def test_the_reference_is_what_the_models_say(golden: Callable[[Path, str], None]) -> None:
    """Who adds a field or a fact sees it appear in the reference."""
    golden(DOCS / "fields.md", fields())


def test_the_reference_explains_every_fact() -> None:
    """No word of a condition is without its meaning, and none is explained that does not exist."""
    facts = {
        name: set(known) - set(shape().part(name).fields if name in shape().names else ())
        for name, known in records().items()
        if name in askable() and name != "Thresholds"
    }
    told = {name: set(meanings) for name, meanings in MEANINGS.items()}
    for name, words in facts.items():
        assert words - {"id"} <= told.get(name, set()), name
    for name, words in told.items():
        assert words <= set(records()[name]), name


BLOCK = re.compile(r"(?<=<!-- kinds -->\n)(.*)(?=<!-- end -->)", re.DOTALL)


def test_the_page_on_rules_names_every_kind_of_subject(golden: Callable[[Path, str], None]) -> None:
    """Whoever writes a rule finds all that it can look at."""
    page = DOCS / "writing-rules.md"
    text = page.read_text(encoding="utf-8")
    assert BLOCK.search(text)
    golden(page, BLOCK.sub(lambda _: f"\n{kinds()}\n", text))
