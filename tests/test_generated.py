"""Generated files say what they are generated from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from blastlint.inventory.schema import inventory_schema, part_schema, schema_text
from blastlint.inventory.shape import shape
from blastlint.manual import families, page, parts
from blastlint.rulefile import rule_schema
from blastlint.rules import load_rules
from blastlint.subjects.vocabulary import records
from command_pages import page as commands
from illustrations import illustrated
from meanings import MEANINGS
from reference import askable, fields, kinds
from rule_pages import pages, profiles

if TYPE_CHECKING:
    from collections.abc import Callable

REPO = Path(__file__).resolve().parents[1]
SCHEMAS = REPO / "schemas"
DOCS = REPO / "docs"
MANUAL = DOCS / "rules"
ASKED = re.compile(r"(?<=<!-- profiles -->\n)(.*)(?=<!-- end -->)", re.DOTALL)
SCHEMA_NAMES = sorted(path.name.partition(".")[0] for path in SCHEMAS.glob("*.schema.json"))
MADE = {"inventory": inventory_schema, "inventory-part": part_schema, "rule": rule_schema}


@pytest.mark.parametrize("name", MADE)
def test_a_published_schema_is_what_the_models_say(
    name: str, golden: Callable[[Path, str], None]
) -> None:
    """Who changes a model sees the schema change in the same commit."""
    golden(SCHEMAS / f"{name}.schema.json", schema_text(illustrated(MADE[name](), name)))


@pytest.mark.parametrize("name", MADE)
def test_a_published_schema_is_a_schema(name: str) -> None:
    """Every editor can read it: it is valid against its metaschema."""
    Draft202012Validator.check_schema(MADE[name]())


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_property_says_what_it_means(name: str) -> None:
    """Whoever rests on a word in an editor, or reads a report without us, is told what it is."""
    silent = [where for where, said in properties(name) if not said.get("description")]
    assert silent == []


@pytest.mark.parametrize("name", MADE)
def test_every_property_shows_an_example(name: str) -> None:
    """What can be written is shown as it is written."""
    assert [where for where, said in properties(name) if not said.get("examples")] == []


@pytest.mark.parametrize("name", MADE)
def test_every_example_is_right(name: str) -> None:
    """What is copied from a schema is accepted by it."""
    definitions = published(name)["$defs"]
    wrong = [
        f"{where}: {error.message}"
        for where, said in properties(name)
        for example in said["examples"]
        for error in Draft202012Validator({"$defs": definitions, **said}).iter_errors(example)
    ]
    assert wrong == []


def published(name: str) -> dict[str, Any]:
    """Return a schema as it lies in the repository."""
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_bytes())
    return found


def properties(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Return every property of a published schema, each with its place."""
    schema = published(name)
    parts = {"": schema, **schema["$defs"]}
    return [
        (f"{part}.{field}", said)
        for part, definition in parts.items()
        for field, said in definition.get("properties", {}).items()
    ]


def test_the_manual_is_what_the_rules_say(
    golden: Callable[[Path, str], None], request: pytest.FixtureRequest
) -> None:
    """Who changes a rule sees its page change in the same commit; no page outlives its rule."""
    made = pages()
    left = {str(page.relative_to(MANUAL)) for page in MANUAL.rglob("*.md")} - set(made)
    for name in sorted(left if request.config.getoption("--accept") else ()):
        (MANUAL / name).unlink()
        left.remove(name)
    assert left == set()
    for name, text in made.items():
        golden(MANUAL / name, text)


def test_the_manual_reads_as_it_was_meant() -> None:
    """To a Markdown reader a page is one rule, and every example one listing."""
    made = pages()
    reader = MarkdownIt("commonmark").enable("table")
    for rule in load_rules():
        tokens = reader.parse(made[f"{rule.family}/{rule.id}.md"])
        titles = [
            tokens[i + 1].content for i, t in enumerate(tokens) if t.tag == "h1" and t.nesting == 1
        ]
        assert titles == [rule.id]
        listings = [token for token in tokens if token.type == "fence" and token.info == "yaml"]
        assert len(listings) == sum(1 + len(e.files or {}) for e in rule.examples)
        inside = [child for token in tokens for child in token.children or ()]
        assert {"html_block", "html_inline"}.isdisjoint(t.type for t in (*tokens, *inside))


def test_a_page_says_what_the_terminal_says() -> None:
    """Who reads a rule in a browser and who asks for it in a terminal read the same words."""
    made = pages()
    for rule in load_rules():
        online = plain(made[f"{rule.family}/{rule.id}.md"])
        for part in parts(rule):
            for block in part.blocks:
                assert plain(block.text) in online, (rule.id, part.title)
                assert plain(block.text) in plain(page(rule.id)), (rule.id, part.title)


def plain(text: str) -> str:
    """Return the letters and digits of a text: no form, no line ends."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_every_family_of_rules_is_introduced() -> None:
    """A folder of rules has a title, and a sentence on what its rules look for."""
    assert {rule.family for rule in load_rules()} <= set(families())
    titles = [family.title for family in families().values()]
    assert len(set(titles)) == len(titles)
    assert [f.about for f in families().values() if not f.about.endswith(".")] == []


def test_the_page_on_profiles_counts_the_rules(golden: Callable[[Path, str], None]) -> None:
    """Whoever chooses a profile sees what it asks for."""
    page = DOCS / "profiles.md"
    text = page.read_text(encoding="utf-8")
    assert ASKED.search(text)
    golden(page, ASKED.sub(lambda _: f"\n{profiles()}\n", text))


def test_the_reference_is_what_the_models_say(golden: Callable[[Path, str], None]) -> None:
    """Who adds a field or a fact sees it appear in the reference."""
    golden(DOCS / "fields.md", fields())


def test_the_page_of_commands_is_what_the_parser_says(
    golden: Callable[[Path, str], None],
) -> None:
    """Who adds an option sees it appear on the page."""
    golden(DOCS / "commands.md", commands())


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
