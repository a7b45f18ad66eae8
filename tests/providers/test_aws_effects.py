"""What actions of AWS change, where their access level or first word says something else."""

from __future__ import annotations

import json
import os
from typing import get_args

import pytest

from blastlint.inventory.models.parts import Effect
from blastlint.providers.aws import actions
from blastlint.providers.aws.actions import DATA, effect, known, table

with open(os.path.join(DATA, "aws_effects.json"), encoding="utf-8") as file:
    CORRECTIONS: dict[str, tuple[str, str]] = json.load(file)

SPENDING = """
athena:CreateCapacityReservation
aws-marketplace:AcceptAgreementPaymentRequest aws-marketplace:AcceptAgreementRequest
aws-marketplace:Subscribe
bedrock:CreateFoundationModelAgreement bedrock:CreateProvisionedModelThroughput
bedrock-agentcore:ProcessPayment bedrock-mantle:CreateReservation
chime:CreatePhoneNumberOrder
cloudfront:CreateSavingsPlan
connect:ClaimPhoneNumber
devicefarm:PurchaseOffering devicefarm:RenewOffering
dynamodb:PurchaseReservedCapacityOfferings
ec2:AcceptCapacityReservationBillingOwnership ec2:AcceptReservedInstancesExchangeQuote
ec2:AllocateHosts ec2:CreateCapacityReservation ec2:CreateCapacityReservationFleet
ec2:PurchaseCapacityBlock ec2:PurchaseCapacityBlockExtension ec2:PurchaseHostReservation
ec2:PurchaseReservedInstancesOffering ec2:PurchaseScheduledInstances
eks:CreateEksAnywhereSubscription
elasticache:PurchaseReservedCacheNodesOffering
es:PurchaseReservedElasticsearchInstanceOffering es:PurchaseReservedInstanceOffering
glacier:PurchaseProvisionedCapacity
iq:ApprovePaymentRequest
mechanicalturk:ApproveAssignment mechanicalturk:CreateHIT mechanicalturk:SendBonus
mediaconnect:PurchaseOffering medialive:PurchaseOffering
memorydb:PurchaseReservedNodesOffering
outposts:CreateOrder
payments:AcceptFinancingApplicationTerms payments:MakePayment
pricingplanmanager:ApprovePaidSubscription pricingplanmanager:CreateSubscription
quicksight:CreateAccountSubscription quicksight:Subscribe
rds:CreateDBCapacityReservation rds:PurchaseReservedDBInstancesOffering
redshift:AcceptReservedNodeExchange redshift:PurchaseReservedNodeOffering
redshift-serverless:CreateReservation
route53domains:RegisterDomain route53domains:RenewDomain route53domains:TransferDomain
sagemaker:CreateReservedCapacity sagemaker:CreateTrainingPlan
savingsplans:CreateSavingsPlan
shield:CreateSubscription
sms-voice:RequestPhoneNumber
supportplans:AcceptSupportAgreement supportplans:CreateSupportPlanSchedule
user-subscriptions:ConfirmPurchaseSession
"""
"""All that is told as spending; each buys something, or costs from then on without being used."""


def every() -> list[str]:
    """Every action of AWS."""
    services = table()["actions"]
    return [
        f"{service}:{name}"
        for service, rows in services.items()
        for listed in rows.values()
        for name in listed.split()
    ]


EVERY = every()


def test_spending_is_buying_and_nothing_else() -> None:
    """To accept an invitation costs nothing; what is told as spending was looked at one by one."""
    assert {each for each in EVERY if effect("", each) == "spend"} == set(SPENDING.split())


@pytest.mark.parametrize("action", sorted(CORRECTIONS))
def test_a_correction_is_of_a_real_action_and_has_a_reason(action: str) -> None:
    """It names one that AWS has, by its full name, and says in words why."""
    change, reason = CORRECTIONS[action]
    real = [each for each in EVERY if each.partition(":")[2] == "PutResourcePolicy"]
    named = real if action == "*:PutResourcePolicy" else [action]
    assert named
    assert set(named) <= set(EVERY)
    assert {effect("", each) for each in named} == {change}
    assert change in get_args(Effect)
    assert reason
    assert reason[0].islower()
    assert not reason.endswith(".")


@pytest.mark.parametrize(
    "action",
    [
        *("ram:AssociateResourceShare", "ram:CreateResourceShare", "ram:UpdateResourceShare"),
        *("rds:ModifyDBSnapshotAttribute", "rds:ModifyDBClusterSnapshotAttribute"),
        *("ec2:ModifyImageAttribute", "ec2:ModifySnapshotAttribute", "kms:CreateGrant"),
        *("s3:PutBucketPolicy", "s3:PutBucketAcl", "s3:PutObjectAcl", "lambda:AddPermission"),
        *("secretsmanager:PutResourcePolicy", "xray:PutResourcePolicy", "oam:PutSinkPolicy"),
    ],
)
def test_what_shares_with_others_is_a_grant(action: str) -> None:
    """It hands data or a resource to somebody else, whatever its name says."""
    assert effect("", action) == "grant"


@pytest.mark.parametrize(
    "action",
    [
        *("iam:UpdateSAMLProvider", "iam:CreateOpenIDConnectProvider"),
        *("iam:UpdateOpenIDConnectProviderThumbprint", "iam:CreateServiceSpecificCredential"),
        *("iam:ResetServiceSpecificCredential", "iam:UpdateAccessKey", "iam:CreateRole"),
        *("sso:CreatePermissionSet", "sso:CreateAccountAssignment", "quicksight:CreateAdmin"),
        *("eks:CreateAccessEntry", "redshift:GetClusterCredentials", "sts:GetFederationToken"),
        *("organizations:RegisterDelegatedAdministrator", "guardduty:AcceptInvitation"),
    ],
)
def test_what_lets_somebody_in_is_a_grant(action: str) -> None:
    """It makes a credential, trusts an issuer, or gives somebody rights."""
    assert effect("", action) == "grant"


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("ram:AcceptResourceShareInvitation", "mutate"),
        ("ec2:AcceptVpcPeeringConnection", "mutate"),
        ("artifact:AcceptAgreement", "mutate"),
        ("quicksight:DescribeTopicPermissions", "read"),
        ("billing:GetResourcePolicy", "read"),
        ("datazone:GetIamPortalLoginUrl", "grant"),
        ("ec2-instance-connect:SendSerialConsoleSSHPublicKey", "execute"),
        ("dsql:DbConnect", "execute"),
        ("iam:DeleteAccessKey", "destroy"),
        ("iam:CreateUser", "append"),
        ("madeup:PutResourcePolicy", "unknown"),
    ],
)
def test_a_name_is_not_taken_for_what_it_sounds_like(action: str, change: str) -> None:
    """Accepting buys nothing, to look at permissions gives none, and to connect is to run."""
    assert effect("", action) == change


def test_a_wildcard_knows_the_corrections() -> None:
    """The worst that it covers counts, corrected."""
    assert effect("", "rds:ModifyDBSnapshot*") == "grant"
    assert effect("", "ram:Accept*") == "mutate"
    assert not known("ram:Spend*")


def test_no_correction_says_what_is_said_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that changes nothing would hide that AWS has mended it."""
    monkeypatch.setattr(actions, "corrections", dict)
    effect.cache_clear()
    said = {one: effect("", one.replace("*", "xray")) for one in CORRECTIONS}
    effect.cache_clear()
    assert [one for one, (change, _) in CORRECTIONS.items() if said[one] == change] == []
