"""Conditions on the time: what is over for good, judged by the evidence and by no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.providers.aws.dates import moment
from blastlint.providers.aws.iam import read
from providers.aws_evidence import (
    ALICE,
    allow,
    attached,
    deny,
    document,
    managed,
    of,
    policy,
    role,
    trust,
    user,
)

if TYPE_CHECKING:
    from blastlint.providers.grants import Granted

MADE = {"CreateDate": "2023-03-09T10:42:00+00:00"}
"""The day of the evidence is this, or later."""


def certainty(found: Granted, action: str = "s3:GetObject") -> str:
    """How sure it is that alice may do something; empty if she may not."""
    sure = [one for one in found.grants if (one.holder, one.action) == (ALICE, action)]
    return sure[0].certainty if sure else ""


def judged(effect: str, operator: str, key: str, value: object, **more: str) -> str:
    """How sure a right is that has a condition, or that a Deny with one may take away."""
    when = {"Condition": {operator: {key: value}}}
    one = allow("s3:GetObject", **when)
    both = (allow("s3:GetObject"), deny("s3:GetObject", **when))
    return certainty(of(user("alice", *(both if effect == "Deny" else (one,)), **more)))


NOW, EPOCH, ISSUED = "aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime"
LONG_AGO, LATER = "2020-01-01T00:00:01Z", "2031-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("operator", "key", "value", "sure"),
    [
        ("DateLessThan", NOW, LONG_AGO, ""),
        ("DateLessThan", ISSUED, LONG_AGO, ""),
        ("DateLessThanEquals", NOW, "2020-01-01", ""),
        ("DateEquals", NOW, LONG_AGO, ""),
        ("DateLessThanIfExists", NOW, LONG_AGO, ""),
        ("DateLessThan", EPOCH, "1577836801", ""),
        ("NumericLessThan", EPOCH, "1577836801", ""),
        ("DateLessThan", NOW, [LONG_AGO, "2021-01-01"], ""),
        ("DateGreaterThan", NOW, LONG_AGO, "proven"),
        ("DateLessThan", NOW, LATER, "conditional"),
        ("DateLessThan", NOW, [LONG_AGO, LATER], "conditional"),
        ("DateGreaterThan", NOW, LATER, "conditional"),
        ("DateGreaterThan", ISSUED, LONG_AGO, "conditional"),
        ("DateLessThanIfExists", ISSUED, LONG_AGO, "conditional"),
        ("DateNotEquals", NOW, LONG_AGO, "conditional"),
        ("ForAnyValue:DateLessThan", NOW, LONG_AGO, "conditional"),
        ("DateLessThan", NOW, "20200101", "conditional"),
        ("DateLessThan", NOW, "soon", "conditional"),
        ("DateLessThan", "aws:MultiFactorAuthAge", LONG_AGO, "conditional"),
        ("StringLike", NOW, "2020*", "conditional"),
    ],
)
def test_a_time_that_is_over_allows_nothing(
    operator: str, key: str, value: object, sure: str
) -> None:
    """Whatever asks for a time before the evidence was made is met by no request any more."""
    assert judged("Allow", operator, key, value, **MADE) == sure


@pytest.mark.parametrize(
    ("operator", "key", "value", "sure"),
    [
        ("DateLessThan", ISSUED, LONG_AGO, "proven"),
        ("DateLessThan", NOW, LONG_AGO, "proven"),
        ("DateGreaterThan", NOW, LONG_AGO, ""),
        ("DateLessThan", ISSUED, LATER, "conditional"),
    ],
)
def test_a_deny_whose_time_is_over_denies_nothing(
    operator: str, key: str, value: object, sure: str
) -> None:
    """Sessions that were revoked long ago are gone; a Deny from a past day on holds for good."""
    assert judged("Deny", operator, key, value, **MADE) == sure


def test_a_session_outlives_the_moment_of_its_token() -> None:
    """A token of the day before may still be in use: up to 36 hours nothing is decided."""
    assert judged("Allow", "DateLessThan", ISSUED, "2023-03-08T00:00:00Z", **MADE) == "conditional"
    assert judged("Allow", "DateLessThan", ISSUED, "2023-03-07T22:00:00Z", **MADE) == ""
    assert judged("Allow", "DateLessThan", NOW, "2023-03-08T00:00:00Z", **MADE) == ""


def test_without_a_day_nothing_is_over_and_the_moment_is_told() -> None:
    """A policy alone tells no day: the right stays, and a reader sees until when."""
    when = {"Condition": {"DateLessThan": {ISSUED: LONG_AGO}}}
    (found,) = read([document(policy(allow("s3:GetObject", **when)))]).grants
    assert found.certainty == "conditional"
    assert (
        found.condition == "the condition on aws:TokenIssueTime before 2020-01-01 00:00:01 is met"
    )


def test_the_newest_moment_of_the_whole_evidence_counts() -> None:
    """Of whomever it is told: the export was made after it."""
    when = {"Condition": {"DateLessThan": {NOW: LONG_AGO}}}
    alice = user("alice", allow("s3:GetObject", **when), CreateDate="2019-01-01T00:00:00Z")
    assert certainty(of(alice)) == "conditional"
    seen = {"RoleLastUsed": {"LastUsedDate": "2023-03-27 17:24:21+00:00"}}
    assert certainty(of(alice, role("till", trust({"AWS": ALICE}), **seen))) == ""


def test_a_trust_that_is_over_lets_nobody_in() -> None:
    """The date of a trust policy is judged like any other."""
    for moment_, steps in ((LONG_AGO, 0), (LATER, 1)):
        trusts = trust({"AWS": ALICE}, Condition={"DateLessThan": {NOW: moment_}})
        found = of(user("alice", **MADE), role("till", trusts))
        assert len(found.becomings) == steps


def test_a_boundary_that_is_over_allows_nothing() -> None:
    """So does a boundary, and a managed policy."""
    when = {"Condition": {"DateLessThan": {NOW: LONG_AGO}}}
    past = managed("past", policy(allow("*", **when)))
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": past["Arn"]}}
    held = {"AttachedManagedPolicies": attached("past")}
    assert of(user("alice", allow("s3:*"), **MADE, **bounded), policies=(past,)).grants == ()
    assert of(user("alice", **MADE, **held), policies=(past,)).grants == ()


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2020-01-01", "2020-01-01T00:00:00+00:00"),
        ("2020-01-01T02:00:00+02:00", "2020-01-01T00:00:00+00:00"),
        ("2020-01-01 00:00:00", "2020-01-01T00:00:00+00:00"),
        ("1577836800", "2020-01-01T00:00:00+00:00"),
        ("2020", None),
        ("20300101", None),
        ("99999999999999999999", None),
        ("2020-13-01", None),
        (1577836800, None),
    ],
)
def test_a_moment_is_read_as_aws_writes_it(written: object, read_as: str | None) -> None:
    """In ISO 8601 or in seconds; whatever could be meant in two ways is left open."""
    found = moment(written)
    assert found == (moment(read_as) if read_as else None)
