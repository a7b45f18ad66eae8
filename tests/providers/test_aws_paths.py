"""Every published path: found with all that it takes, and not found with any of it missing."""

from __future__ import annotations

import re

import pytest

from blastlint.source import InputError, Root, read
from providers.aws_evidence import ROOT, allow, of, turns, user
from providers.aws_paths import (
    FOLDER,
    LACKING,
    TABLE,
    TWICE,
    UNDECIDED,
    VICTIM,
    account,
    files,
    found_by,
    no_longer_than,
    published,
)


def test_the_table_has_every_published_path() -> None:
    """65 paths, with the same permissions, and no other."""
    assert {path.id: {action for action, _ in path.actions} for path in TABLE.values()} == {
        path.id: set(path.permissions) for path in published().values()
    }
    assert len(TABLE) == 65


def test_one_published_file_repeats_a_key() -> None:
    """Our reader refuses it, so the tests read that one in another way."""
    published()
    refused = []
    for name in files():
        try:
            read(Root(str(FOLDER)), name)
        except InputError as error:
            refused.append((name, "learningEnvironments" in str(error)))
    assert refused == [(TWICE, True)]


@pytest.mark.parametrize("name", TABLE)
def test_all_permissions_escalate(name: str) -> None:
    """Exactly what is published is enough; what an export cannot tell is said in words."""
    path = published()[name]
    needs = found_by(path, path.permissions)[name]
    assert (UNDECIDED[name] in needs) if name in UNDECIDED else (needs == "")


@pytest.mark.parametrize("name", TABLE)
def test_no_permission_can_be_missing(name: str) -> None:
    """A3, A4, A5, A6, A7, A8: without any of them the path is gone; what remains needs no more."""
    path = published()[name]
    for missing in path.permissions:
        left = tuple(each for each in path.permissions if each != missing)
        assert set(found_by(path, left)) <= no_longer_than(left), f"without {missing}"


@pytest.mark.parametrize("name", LACKING["trust"])
def test_the_role_must_trust_whom_it_is_for(name: str) -> None:
    """A7: a role that lets in neither the compute nor the account is not reached."""
    path = published()[name]
    assert found_by(path, path.permissions, trust=True) == {}


def test_the_published_prerequisites_name_the_services() -> None:
    """Whom a role must trust is what the published prerequisites say, where they say it."""
    for path in published().values():
        for service in re.findall(r"trusts? ([a-z.-]+\.amazonaws\.com)", path.requires):
            assert service in TABLE[path.id].services, path.id


@pytest.mark.parametrize("name", LACKING["profile"])
def test_the_role_must_be_in_an_instance_profile(name: str) -> None:
    """A7: an instance runs as a role through a profile, and nobody here can make one."""
    path = published()[name]
    assert found_by(path, path.permissions, profile=True) == {}


def test_an_instance_profile_can_be_made() -> None:
    """A7: a role without a profile is passed to an instance by whoever can put it into one."""
    path = published()["ec2-001"]
    make = ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile")
    entities = account(path, path.permissions, profile=True)
    entities[0] = user("actor", *(allow(each) for each in (*path.permissions, *make)))
    assert f"{ROOT}:role/{VICTIM}" in {
        t.principal for t in turns(of(*entities), f"{ROOT}:user/actor")
    }


@pytest.mark.parametrize("name", LACKING["policy"])
def test_the_policy_must_be_attached(name: str) -> None:
    """A4: to rewrite a policy that nobody has gives nothing."""
    path = published()[name]
    assert name not in found_by(path, path.permissions, policy=True)


@pytest.mark.parametrize("name", LACKING["member"])
def test_the_group_must_be_ones_own(name: str) -> None:
    """A4: to change a group that one is not in gives nothing."""
    path = published()[name]
    assert found_by(path, path.permissions, member=True) == {}


def test_what_cannot_be_decided_is_counted() -> None:
    """A8, S25: 29 of 65 paths hang on a fact that the export of an account does not hold."""
    assert {path.id for path in TABLE.values() if path.fact} == set(UNDECIDED)
    assert len(UNDECIDED) == 29
