"""The page on accuracy: its numbers add up, and are those that are measured now."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

import accuracy
import truth
from kubernetes_authorizer import Cluster, Request
from truth_kubernetes import BUILT_IN

PAGE = accuracy.PAGE.read_text(encoding="utf-8")
SECTIONS = accuracy.sections(PAGE)


def test_every_source_of_truth_has_its_section_in_order() -> None:
    """What is measured is on the page, and nothing else."""
    assert list(SECTIONS) == [import_module(name).TITLE for name in accuracy.MODULES]


def test_every_row_adds_up() -> None:
    """All cases are agreed, missed, over-reported or undecidable."""
    rows = list(accuracy.counted(PAGE))
    assert len(rows) > 30
    for what, (cases, *verdicts) in rows:
        assert cases == sum(verdicts), what


def test_the_summary_is_that_of_the_sections() -> None:
    """The first table sums up the others, and the texts are put together as they are written."""
    assert accuracy.page(list(SECTIONS.values())) == PAGE


@pytest.mark.parametrize("name", accuracy.ALONE)
def test_what_needs_nothing_else_is_as_the_page_says(name: str) -> None:
    """The providers of today give the numbers on the page."""
    try:
        section = import_module(name).measured()
    except truth.AbsentError as error:
        pytest.skip(str(error))
    assert section.text() == SECTIONS[section.title]


def test_the_page_names_no_place_of_a_machine() -> None:
    """It is about the program, not about where it was measured."""
    assert re.findall(r"(?<![\w.])/(?:tmp|home|root|usr|opt|work)\b|site-packages", PAGE) == []


@pytest.mark.parametrize(
    ("expected", "said", "verdict"),
    [
        (True, "proven", "agreed"),
        (True, "conditional", "agreed"),
        (True, "needs-fact", "undecidable"),
        (True, "", "missed"),
        (False, "proven", "over-reported"),
        (False, "conditional", "over-reported"),
        (False, "needs-fact", "undecidable"),
        (False, "", "agreed"),
    ],
)
def test_a_verdict_is_strict(expected: bool, said: str, verdict: str) -> None:  # noqa: FBT001 -- a case
    """What is told under a condition counts as told; only a named missing fact is no answer."""
    assert truth.verdict(expected, said) == verdict


def test_a_measured_section_is_not_given_up() -> None:
    """A machine without the program or server would empty its section; the run says which."""
    title = "PostgreSQL: rights"
    gone = truth.absent(title, "no server")
    texts = [gone if name == title else text for name, text in SECTIONS.items()]
    assert accuracy.lost(PAGE, accuracy.page(texts)) == [title]
    assert accuracy.lost(accuracy.page(texts), accuracy.page(texts)) == []
    assert f"| {title} | not measured |" in accuracy.page(texts)


def test_the_second_authorizer_knows_what_the_sources_state() -> None:
    """It is held against the published facts about the built-in roles, as the provider is."""
    try:
        cluster = Cluster.of(truth.folder("k8s-builtin-roles"))
    except truth.AbsentError as error:
        pytest.skip(str(error))
    for fact in BUILT_IN:
        binding = {
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "b"},
            "roleRef": {"kind": "ClusterRole", "name": fact.who},
            "subjects": [{"kind": "User", "name": "ann"}],
        }
        alone = Cluster(cluster.roles, [binding])
        for verb in fact.verbs.split():
            for thing in fact.things.split():
                group, _, resource = thing.partition("/")
                asked = Request("user:ann", "", verb, group, resource)
                assert alone.allows(asked) == fact.so, (fact.who, asked)
