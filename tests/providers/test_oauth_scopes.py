"""OAuth scopes: every answer that lists them, what they open, and what nobody knows of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.providers.grants import Granted, Setting
from blastlint.providers.oauth import catalogue, google, scopes, slack
from blastlint.source import InputError, lines_of
from providers.evidence import corpus

G = google.PREFIX


def of(value: object) -> Granted:
    """What a value, as a document, opens."""
    return written(json.dumps(value))


def written(text: str) -> Granted:
    """What a text opens."""
    return scopes.read([lines_of(text.encode(), "scopes.json")], Setting(system="mail"))


def opened(found: Granted, scope: str) -> set[str]:
    """The effects that a scope opens."""
    return {grant.effect for grant in found.grants if grant.resource == scope}


def manifest(**given: object) -> dict[str, object]:
    """A Slack manifest with some scopes."""
    return {"display_information": {"name": "helper"}, "oauth_config": {"scopes": given}}


@pytest.mark.parametrize(
    ("value", "principal"),
    [
        ({"scope": f"openid {G}drive", "azp": "1.apps"}, "client/1.apps"),
        ({"scope": f"{G}drive", "azp": "1", "email": "jo@example.com"}, "jo@example.com"),
        ({"active": True, "scope": f"{G}drive", "username": "jo"}, "jo"),
        ({"active": True, "scope": f"{G}drive", "client_id": "c"}, "client/c"),
        ({"access_token": "x", "scope": f"{G}drive", "token_type": "Bearer"}, "token"),
        ({"token": "x", "refresh_token": "y", "scopes": [f"{G}drive"]}, "token"),
        ({"oauthScopes": [f"{G}drive"], "timeZone": "UTC"}, "token"),
        ([f"{G}drive"], "token"),
        (f"openid {G}drive", "token"),
    ],
    ids=["info", "info with mail", "user", "client", "answer", "stored", "script", "list", "text"],
)
def test_scopes_are_read_from_every_shape(value: object, principal: str) -> None:
    """A token response, an introspection, token information, stored credentials, and a list."""
    found = of(value)
    assert found.principals == (principal,)
    assert opened(found, f"{G}drive") >= {"read", "destroy", "grant"}
    assert {grant.system for grant in found.grants} == {"mail"}


def test_a_file_with_a_scope_a_line_is_a_list() -> None:
    """What people paste."""
    found = written(f"{G}gmail.send\n{G}drive.file\n")
    assert {grant.resource for grant in found.grants} == {f"{G}gmail.send", f"{G}drive.file"}


def test_a_manifest_has_a_bot_and_its_users() -> None:
    """Two tokens of one application; optional scopes are granted by whoever installs it."""
    found = of(manifest(bot=["chat:write"], bot_optional=["files:read"], user=["search:read"]))
    assert found.principals == ("bot/helper", "user/helper")
    by = {(grant.holder, grant.resource): grant for grant in found.grants}
    assert "if whoever installs it agrees" in by["bot/helper", "files:read"].condition
    assert "installs" not in by["bot/helper", "chat:write"].condition
    assert by["user/helper", "search:read"].effect == "read"


def test_an_installation_has_two_tokens() -> None:
    """Slack answers with the bot's scopes, separated by commas, and the user's."""
    user = {"id": "U1", "scope": "search:read", "access_token": "xoxp-1"}
    found = of({"ok": True, "app_id": "A1", "scope": "chat:write,users:read", "authed_user": user})
    assert found.principals == ("bot/A1", "user/A1")
    assert opened(found, "chat:write") == {"notify", "mutate", "destroy"}


# --- what scopes mean ---------------------------------------------------------------------------


def test_a_scope_is_an_upper_bound() -> None:
    """Nobody may more than the user behind the token."""
    found = of([f"{G}drive"])
    assert {grant.certainty for grant in found.grants} == {"conditional"}
    assert all(g.condition.startswith("as far as the user who agreed may") for g in found.grants)


def test_a_service_account_may_stand_for_anybody() -> None:
    """D8: delegation for a whole domain is stated elsewhere; without it nobody is told."""
    found = of({"scope": f"{G}gmail.send", "email": "bot@shop.iam.gserviceaccount.com"})
    (grant,) = found.grants
    assert grant.certainty == "needs-fact"
    assert grant.needs == "whether this service account may act for users of its domain"
    assert found.becomings == ()


ASKED = {"iss": "bot@shop.iam.gserviceaccount.com", "scope": f"{G}gmail.send",
         "sub": "jo@Example.com", "aud": "https://oauth2.googleapis.com/token"}  # fmt: skip


def test_delegation_is_for_every_user_of_the_domain() -> None:
    """D8: the claims name one user; the same key asks for the token of any other."""
    found = of(ASKED)
    (turn,) = found.becomings
    assert (turn.holder, turn.principal) == (ASKED["iss"], "domain/example.com")
    assert turn.certainty == "conditional"
    (grant,) = found.grants
    assert (grant.holder, grant.resource, grant.effect) == (
        "domain/example.com",
        f"{G}gmail.send",
        "notify",
    )
    assert "the administrator of example.com lets it" in grant.condition
    assert grant.certainty == "conditional"


@pytest.mark.parametrize(
    "change",
    [
        {"sub": "10769150350006150715113082367"},
        {"sub": ASKED["iss"]},
        {"sub": None},
        {"sub": 7},
        {"sub": "@example.com"},
    ],
)
def test_a_service_account_that_asks_for_itself_delegates_nothing(change: dict[str, Any]) -> None:
    """D8: its own number or name as the subject is no user of a domain."""
    found = of({**ASKED, **change})
    assert found.becomings == ()
    assert {grant.holder for grant in found.grants} == {ASKED["iss"]}


def test_delegation_is_stated_by_a_service_account_alone() -> None:
    """D8: what tells of a user's own token has a subject, too."""
    found = of({"active": True, "scope": f"{G}drive", "username": "jo", "sub": "jo@example.com"})
    assert found.becomings == ()
    assert {grant.holder for grant in found.grants} == {"jo"}


@pytest.mark.parametrize(
    ("more", "lasts"),
    [
        ({"refresh_token": "1//x"}, True),
        ({"access_type": "offline"}, True),
        ({"access_type": "online"}, False),
        ({"refresh_token": None}, False),
        ({"expires_in": 3599}, False),
    ],
)
def test_a_token_that_can_be_renewed_lasts(more: dict[str, Any], *, lasts: bool) -> None:
    """D8: an hour written beside a token is no limit where a refresh token comes with it."""
    (grant,) = of({"access_token": "x", "scope": f"{G}gmail.send", **more}).grants
    assert ("until it is revoked" in grant.condition) is lasts
    assert "1//x" not in repr(grant)


def test_offline_access_makes_every_scope_last() -> None:
    """D8: it is a scope of its own, and lengthens what the others open."""
    found = of({"access_token": "x", "scope": f"offline_access {G}gmail.send"})
    assert all("until it is revoked" in grant.condition for grant in found.grants)


def test_a_bot_sees_the_conversations_that_it_is_in() -> None:
    """The same scope opens more to a user's token."""
    found = of(manifest(bot=["channels:history"], user=["channels:history"]))
    where = {g.holder: "in the conversations that it is in" in g.condition for g in found.grants}
    assert where == {"bot/helper": True, "user/helper": False}


@pytest.mark.parametrize(
    ("scope", "effects"),
    [
        (f"{G}gmail.compose", {"notify"}),
        (f"{G}gmail.settings.basic", {"mutate"}),
        (f"{G}gmail.settings.sharing", {"grant"}),
        (f"{G}calendar.readonly", {"append"}),
        (f"{G}drive.readonly", {"append", "mutate"}),
        (f"{G}contacts.other.readonly", {"append"}),
        (f"{G}cloud-platform.read-only", {"spend", "mutate"}),
        (f"{G}script.projects", {"execute"}),
        (f"{G}admin.directory.user.security", {"grant"}),
        (f"{G}devstorage.read_write", {"destroy"}),
        ("https://mail.google.com/", {"destroy", "notify"}),
    ],
)
def test_names_do_not_tell_what_scopes_open(scope: str, effects: set[str]) -> None:
    """Composing sends, and some read-only names write."""
    assert opened(of([scope]), scope) >= effects


def test_a_write_behind_a_read_only_name_is_a_question() -> None:
    """A vendor lists the scope as enough; nobody here has tried."""
    (doubt,) = [g for g in of([f"{G}drive.readonly"]).grants if g.effect == "mutate"]
    assert doubt.certainty == "needs-fact"
    assert "Google lists it as enough" in doubt.needs


def test_plain_reading_is_plain() -> None:
    """A read-only scope without a surprise opens reading alone."""
    for scope in (f"{G}contacts.readonly", f"{G}documents.readonly", "openid"):
        assert opened(of([scope]), scope) == {"read"}


def test_a_scope_of_few_files_says_so() -> None:
    """`drive.file` is a narrow scope with a wide list of methods."""
    assert all(
        "only files that the application made" in g.condition for g in of([f"{G}drive.file"]).grants
    )
    assert not scopes.resource_covers(f"{G}drive.file", f"{G}drive.metadata.readonly")


@pytest.mark.parametrize("scope", ["files:delete", f"{G}drive.everything", "admin.*", "repo"])
def test_an_unknown_scope_is_a_question(scope: str) -> None:
    """It is neither dropped nor taken for harmless."""
    (grant,) = of([scope]).grants
    assert (grant.action, grant.effect, grant.certainty) == ("*", "unknown", "needs-fact")
    assert "not in the catalogues" in grant.needs


def test_a_common_word_is_slacks_only_among_slacks() -> None:
    """Other services have scopes called `files:read`, too."""
    assert opened(of(["files:read", "users:read", "openid"]), "files:read") == {"read"}
    assert opened(of(["files:read", "invoices:pay"]), "files:read") == {"unknown"}
    mixed = of(manifest(bot=["files:read", "invoices:pay"]))
    assert opened(mixed, "files:read") == {"read"}


def test_effects_are_asked_by_scope() -> None:
    """An effect that a scope does not have is unknown."""
    assert scopes.effect("chat:write", "notify") == "notify"
    assert scopes.effect("chat:write", "spend") == "unknown"
    assert scopes.effect("nothing", "read") == "unknown"


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        (f"{G}drive", f"{G}drive.readonly", True),
        (f"{G}gmail.modify", f"{G}gmail.send", True),
        (f"{G}gmail.readonly", f"{G}gmail.send", False),
        (f"{G}gmail.modify", f"{G}gmail.settings.sharing", False),
        (f"{G}tasks", f"{G}tasks.readonly", True),
        (f"{G}tasks.readonly", f"{G}tasks", False),
        (f"{G}cloud-platform", f"{G}bigquery", True),
        (f"{G}cloud-platform", f"{G}drive", False),
        ("files:write", "files:read", False),
        ("chat:write", "chat:write.public", False),
        ("*", "anything", True),
    ],
)
def test_a_scope_covers_another_only_on_the_same_objects(
    wide: str, narrow: str, *, covered: bool
) -> None:
    """In Slack, a right to write is none to read."""
    assert scopes.resource_covers(wide, narrow) is covered


def test_what_covers_opens_no_less() -> None:
    """A wide scope has every effect of the narrow one, channels of changes aside."""
    for wide, narrow in google.COVERS.items():
        ours = catalogue.effects_of(wide if ":" in wide else G + wide)
        for one in narrow.split():
            theirs = {o.effect for o in catalogue.openings(G + one, is_slack=False) if not o.needs}
            assert theirs - {"append"} <= ours, (wide, one)


def test_catalogues_are_well_formed() -> None:
    """Each scope stands once, with letters that mean something."""
    for table in (google.TABLE, slack.TABLE):
        names = [line.split()[0] for line in table.strip().splitlines()]
        assert len(names) == len(set(names))
        for line in table.strip().splitlines():
            letters = line.split()[1]
            assert set(letters) <= set("ramdnsxgwc")
            assert len(set(letters)) == len(letters)
            assert set(letters) - {"w", "c"}
    assert set(google.DOUBTS) <= {line.split()[0] for line in google.TABLE.strip().splitlines()}


# --- what is left open, and refused -------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"active": False}, "token: the token is not active"),
        ({"active": True, "client_id": "c"}, "client/c: the answer does not say which scopes"),
        ({"ok": True, "app_id": "A1", "bot_user_id": "B"}, "bot/A1: the answer does not say"),
    ],
)
def test_silence_is_no_answer(value: object, what: str) -> None:
    """A token whose scopes are not told may have any."""
    found = of(value)
    assert not found.grants
    assert found.unresolved[0].what.startswith(what)
    assert found.unresolved[0].holders == found.principals


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "no scopes that were granted"),
        ([], "no scopes that were granted"),
        ({"name": "x"}, "no scopes that were granted"),
        ({"issuer": "x", "scopes_supported": ["a"]}, "the scopes that a server offers"),
        ({"error": "invalid_token"}, "this is an error"),
        ({"tools": []}, "use the kind mcp-tools"),
        ([{"name": "a", "inputSchema": {}}], "use the kind mcp-tools"),
        ({"openapi": "3.0.0"}, "use the kind openapi"),
        ({"mcpServers": {"a": {"command": "x"}}}, "use the kind mcp-clients"),
        ([7], "expected a scope"),
        ({"scopes": [7]}, "expected a scope"),
        ({"scope": 7}, "expected scopes"),
        (['a "b'], "this is no scope"),
        (["{{ .Values.scope }}"], "template"),
        (["${SCOPE}"], "template"),
        (manifest(robot=["x"]), "'robot' is no kind of scopes"),
        ({"oauth_config": {"scopes": ["x"]}}, "expected a map with bot and user"),
    ],
)
def test_what_lists_no_scopes_is_refused_with_its_place(value: object, message: str) -> None:
    """Nothing is taken for a token without rights that is not one."""
    with pytest.raises(InputError, match=message) as refused:
        of(value)
    assert all(problem.location for problem in refused.value.problems)


def test_an_answer_that_is_cut_off_is_refused() -> None:
    """Half a list of scopes is no list."""
    with pytest.raises(InputError, match="the end of the file"):
        written('{"scope": "openid", "expires_in": [')
    with pytest.raises(InputError, match="no scopes that were granted"):
        written("")


@pytest.mark.parametrize("wrap", ["{}", '["openid", "{}"]', '{{"scope": "openid {}"}}'])
def test_a_token_given_as_a_scope_is_refused_unseen(wrap: str) -> None:
    """People paste the token and not its scopes."""
    text = wrap.format("xoxb-hunter2hunter2")
    with pytest.raises(InputError, match="looks like a secret"):
        written(text)
    assert "hunter2" not in told(text)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["access_token", "refresh_token", "id_token", "token", "client_secret"]),
    st.sampled_from([None, 1]),
    st.sampled_from(["openid", "unknown:scope", "${X}", 7]),
)
def test_no_token_is_repeated(key: str, indent: int | None, scope: object) -> None:
    """An answer that holds a token is told of without its lines."""
    value: dict[str, Any] = {"scope": scope, key: "hunter2hunter2", "authed_user": {}}
    for shape in (value, {**value, "authed_user": {"scope": "search:read", key: "hunter2hunter2"}}):
        text = json.dumps(shape, indent=indent)
        for part in (
            text,
            text[:-1],
            text[: text.index("hunter2") + 9],
            text.replace(":", ": !", 2),
        ):
            assert "hunter2" not in told(part)


def told(text: str) -> str:
    """Everything that is said of a text, or why it is refused."""
    try:
        return repr(written(text))
    except InputError as error:
        return repr(error.problems)


@pytest.mark.parametrize(
    "text", ["hunter2 swordfish", "grantee,password\nbob,hunter2", "CREATE ROLE app PASSWORD 'x';"]
)
def test_a_text_in_which_nothing_looks_like_a_scope_is_no_list_of_them(text: str) -> None:
    """Any file would be one; what stands in it would be told as scopes that nobody knows."""
    with pytest.raises(InputError, match="no scope"):
        written(text)


# --- real input ---------------------------------------------------------------------------------


def test_every_scope_that_the_real_interface_asks_for_is_known() -> None:
    """The published description is older than the service; the catalogue knows all its scopes."""
    (document,) = corpus("openapi-slack", ".json")
    declared = set(document.value["securityDefinitions"]["slackAuth"]["scopes"]) - {"none"}
    assert len(declared) == 66
    assert {scope for scope in declared if not catalogue.openings(scope, is_slack=True)} == set()


def test_the_catalogue_agrees_with_the_methods_of_the_real_interface() -> None:
    """No scope that a writing method asks for alone is said to open reading only."""
    (document,) = corpus("openapi-slack", ".json")
    writing = ("delete", "remove", "create", "archive", "kick", "invite", "rename", "postMessage")
    for path, item in document.value["paths"].items():
        for operation in item.values():
            (asked,) = [one["slackAuth"] for one in operation.get("security", [{"slackAuth": []}])]
            if path.endswith(writing) and asked and "none" not in asked:
                assert all(catalogue.effects_of(scope) - {"read"} for scope in asked), path
