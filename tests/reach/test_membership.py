"""What somebody has as a member of others: the way there tells it, and a cut takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.providers.grants import Setting
from blastlint.providers.postgres.dumps import read
from blastlint.source import lines_of
from reach.stories import graph_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.reach import CredentialPath

DUMP = """--
-- PostgreSQL database dump
--
-- Dumped from database version 16.1
-- Dumped by pg_dump version 16.1
CREATE DATABASE shop;
ALTER DATABASE shop OWNER TO boss;
\\connect shop
CREATE TABLE public.orders (id integer);
ALTER TABLE public.orders OWNER TO boss;
CREATE TABLE public.notes (id integer);
ALTER TABLE public.notes OWNER TO boss;
{grants}
--
-- PostgreSQL database dump complete
--
"""
ROLES = """--
-- PostgreSQL database cluster dump
--
CREATE ROLE ann;
ALTER ROLE ann WITH NOSUPERUSER INHERIT LOGIN;
CREATE ROLE boss;
CREATE ROLE sales;
CREATE ROLE support;
CREATE ROLE team;
{members}
--
-- PostgreSQL database cluster dump complete
--
"""
STORY = """
agents: {bot: {}}
systems: {shop: {kind: postgres}}
credentials: {login: {principal: ann}}
tools:
  ask: {agents: [bot], system: shop, credential: login, NEEDS}
evidence:
  dumps: {kind: postgres, files: [dumps], system: shop, observed_at: 2026-05-30}
"""
DELETE = "GRANT DELETE ON TABLE public.orders TO sales;"
MEMBER = "GRANT sales TO ann;"


def opened(tmp_path: Path, members: str, grants: str, needs: str = "") -> dict[str, CredentialPath]:
    """What the login of ann opens and nobody declared, by resource."""
    dumps = (
        lines_of(DUMP.format(grants=grants).encode(), "shop.sql"),
        lines_of(ROLES.format(members=members).encode(), "roles.sql"),
    )
    story = STORY.replace("NEEDS", needs or "open_ended: sql, effect: read")
    graph = graph_of(story, tmp_path, {"dumps": read(dumps, Setting(system="shop"))})
    return {one.resource: one for one in graph.undeclared()}


def test_the_way_goes_over_the_membership(tmp_path: Path) -> None:
    """The line that makes ann a member stands between her and the grant of the group."""
    one = opened(tmp_path, MEMBER, DELETE)["public.orders"]
    assert [hop.why for hop in one.witness.hops][-2:] == [
        "ann has what sales has, as its member",
        "sales is granted DELETE on public.orders in shop",
    ]
    member, granted = one.witness.hops[-2:]
    assert (member.edge, granted.edge) == ("becomes", "grants")
    assert member.location is not None
    assert granted.location is not None
    assert (member.location.text, granted.location.text) == (MEMBER, DELETE)


@pytest.mark.parametrize(
    "members",
    [
        MEMBER,
        "GRANT sales TO ann WITH INHERIT TRUE;",
        "GRANT sales TO ann WITH INHERIT TRUE, SET FALSE;",
        "GRANT sales TO ann WITH INHERIT FALSE, SET TRUE;",
    ],
)
def test_a_membership_is_revoked_however_it_is_used(tmp_path: Path, members: str) -> None:
    """It goes as a whole: what is inherited, and what SET ROLE gives."""
    found = opened(tmp_path, members, f"{DELETE}\n{DELETE.replace('orders', 'notes')}")
    cut = found["public.orders"].cut
    assert (cut.remove, cut.closes) == (("revoke sales from ann",), 2)


def test_a_membership_of_a_member_is_cut_at_the_nearest(tmp_path: Path) -> None:
    """Ann has it as a member of the team, which is a member of sales."""
    members = "GRANT team TO ann;\nGRANT sales TO team;"
    cut = opened(tmp_path, members, DELETE)["public.orders"].cut
    assert cut.closes == 1
    assert cut.remove in {("revoke team from ann",), ("revoke sales from team",)}


def test_one_of_two_memberships_is_not_enough(tmp_path: Path) -> None:
    """Both groups may delete: to leave one of them changes nothing."""
    both = f"{DELETE}\n{DELETE.replace('sales', 'support')}"
    members = f"{MEMBER}\nGRANT support TO ann;"
    cut = opened(tmp_path, members, both)["public.orders"].cut
    assert cut.remove == ("revoke sales from ann", "revoke support from ann")


@pytest.mark.parametrize("other", ["ann", "PUBLIC"])
def test_what_one_has_anyway_is_not_inherited(tmp_path: Path, other: str) -> None:
    """To leave the group takes nothing from who has it too, or from everybody."""
    both = f"{DELETE}\n{DELETE.replace('TO sales', f'TO {other}')}"
    one = opened(tmp_path, MEMBER, both)["public.orders"]
    assert "revoke sales from ann" not in one.cut.remove or len(one.cut.remove) > 1
    assert one.witness.hops[-1].why.startswith("ann is granted DELETE")


def test_passing_on_what_everybody_has_comes_of_the_membership(tmp_path: Path) -> None:
    """PUBLIC may read; that ann may pass it on is what the group has, and leaves with it."""
    both = "GRANT SELECT ON TABLE public.orders TO PUBLIC;\n" + DELETE.replace(
        "DELETE", "SELECT"
    ).replace(";", " WITH GRANT OPTION;")
    one = opened(
        tmp_path, MEMBER, both, "requires: [{resources: [public.orders], actions: [SELECT]}]"
    )["public.orders"]
    assert one.actions == ("GRANT",)
    assert one.cut.remove == ("revoke sales from ann",)


def test_a_needed_membership_stays(tmp_path: Path) -> None:
    """The tool reads by it: what nobody needs is taken away from the group instead."""
    grants = f"{DELETE}\nGRANT SELECT ON TABLE public.notes TO sales;"
    needs = "effect: read, requires: [{resources: [public.notes], actions: [SELECT]}]"
    found = opened(tmp_path, MEMBER, grants, needs)
    (words,) = found["public.orders"].cut.remove
    assert words.startswith("take `DELETE` on `public.orders` in shop away from principal sales")
