"""OpenAPI: operations as tools, the keys and scopes they declare, and what is left open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.providers.openapi import operations
from blastlint.source import InputError
from commands import REPO, blastlint
from providers.evidence import corpus, documents

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.providers.grants import Granted, HttpCall, RegisteredTool

OK = {"responses": {"200": {"description": "ok"}}}


def of(*values: object) -> Granted:
    """What the values, each a document of its own, describe."""
    texts = (json.dumps(value, indent=1) for value in values)
    return operations.read([doc for text in texts for doc in documents(text, kind="openapi")])


def described(paths: object, **more: object) -> Granted:
    """What a description with these paths says."""
    return of({"openapi": "3.1.0", "info": {}, "paths": paths, **more})


def one(operation: dict[str, object], method: str = "post", **more: object) -> RegisteredTool:
    """The one operation `refund` of a description."""
    written = {"operationId": "refund", **OK, **operation}
    (tool,) = described({"/refunds": {method: written}}, **more).tools
    return tool


def call(operation: dict[str, object], method: str = "post", **more: object) -> HttpCall:
    """The request of the one operation."""
    found = one(operation, method, **more).http
    assert found
    return found


def header(name: str, *, required: bool = False) -> dict[str, object]:
    """A header as a parameter."""
    return {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}


def body(schema: object, *, required: bool = True) -> dict[str, object]:
    """A JSON body of a schema."""
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": required, "content": content}}


def fields(*names: str, required: tuple[str, ...] = ()) -> dict[str, object]:
    """A schema with some fields."""
    properties = {name: {"type": "string"} for name in names}
    return {"type": "object", "properties": properties, "required": list(required)}


def test_an_operation_is_named_by_its_id_or_its_request() -> None:
    """An id is optional; two operations never share a name by accident."""
    found = described(
        {"/a": {"get": {"operationId": "listA", **OK}, "post": OK}, "/b": {"get": OK}}
    )
    assert [tool.name for tool in found.tools] == ["listA", "POST /a", "GET /b"]
    assert '"operationId": "listA"' in found.tools[0].location.text


def test_inputs_are_parameters_and_fields() -> None:
    """What stands on the path holds for each method, unless the operation says otherwise."""
    paths = {
        "/a/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True},
                {"name": "v", "in": "query", "required": True},
            ],
            "put": {
                "parameters": [{"name": "v", "in": "query"}],
                **body(fields("x", "y", required=("x",))),
                **OK,
            },
        }
    }
    (tool,) = described(paths).tools
    assert tool.arguments == ("id", "v", "x", "y")
    assert tool.required == ("id", "x")


@pytest.mark.parametrize(
    ("method", "safe", "idempotent"),
    [
        ("get", True, True),
        ("head", True, True),
        ("options", True, True),
        ("trace", True, True),
        ("put", False, True),
        ("delete", False, True),
        ("post", False, False),
        ("patch", False, False),
    ],
)
def test_methods_mean_what_the_standard_says(method: str, *, safe: bool, idempotent: bool) -> None:
    """RFC 9110: a PUT repeats, a PATCH does not."""
    found = call({}, method)
    assert (found.safe, found.idempotent) == (safe, idempotent)
    assert bool(found.needs) is not idempotent


# --- idempotency keys ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Idempotency-Key",
        "idempotency-key",
        "X-Idempotency-Key",
        "Cko-Idempotency-Key",
        "PayPal-Request-Id",
        "Repeatability-Request-ID",
        "X-idempotence-uuid",
    ],
)
def test_vendors_name_the_header_in_their_own_way(name: str) -> None:
    """A key is a key, whatever it is called."""
    assert call({"parameters": [header(name)]}).key == name
    assert call({"parameters": [header(name, required=True)]}).key_required


@pytest.mark.parametrize("name", ["idempotency_key", "idempotencyKey", "clientToken", "dedup_key"])
def test_a_key_may_stand_in_the_body(name: str) -> None:
    """Square, AWS and PagerDuty take it as a field."""
    assert call(body(fields(name))).key == name
    assert call(body(fields(name, required=(name,)))).key_required
    assert not call(body(fields(name, required=(name,)), required=False)).key_required


@pytest.mark.parametrize("name", ["X-Request-Id", "request_id", "x-correlation-id"])
def test_a_name_for_a_trace_is_no_key_but_a_question(name: str) -> None:
    """Some vendors dedupe by it, most only log it."""
    found = call({"parameters": [header(name)]})
    assert found.key == ""
    assert found.needs.startswith(f"whether {name} makes a repeated call harmless")


def test_a_key_in_the_address_is_none() -> None:
    """A query or path names what is acted on."""
    found = call({"parameters": [{"name": "idempotency_key", "in": "query"}]})
    assert found.key == ""


def test_what_is_not_declared_is_not_denied() -> None:
    """A missing key is a question about the server, never a fact."""
    assert call({}).needs == "whether it takes an idempotency key: none is declared"
    assert call({"parameters": [header("Idempotency-Key")]}).needs == ""


def test_a_key_is_found_behind_references() -> None:
    """A reference to a reference, with signs in its pointer."""
    components = {
        "parameters": {
            "a/b c": {"$ref": "#/components/parameters/k"},
            "k": header("Idempotency-Key"),
        }
    }
    found = call(
        {"parameters": [{"$ref": "#/components/parameters/a~1b%20c"}]}, components=components
    )
    assert found.key == "Idempotency-Key"


def test_a_key_is_found_in_a_composed_body() -> None:
    """Through a shared body, `allOf` and a reference within."""
    schemas = {
        "Base": fields("idempotency_key"),
        "Refund": {"allOf": [{"$ref": "#/components/schemas/Base"}, fields("amount")]},
    }
    shared = body({"$ref": "#/components/schemas/Refund"})["requestBody"]
    found = call(
        {"requestBody": {"$ref": "#/components/requestBodies/R"}},
        components={"schemas": schemas, "requestBodies": {"R": shared}},
    )
    assert (found.key, found.needs) == ("idempotency_key", "")


def test_a_key_of_one_form_is_not_one_of_all() -> None:
    """A call in another form cannot send it."""
    some = call(body({"oneOf": [fields("idempotency_key", "a"), fields("b")]}))
    assert some.needs == "which forms of the body take idempotency_key"
    every = call(body({"anyOf": [fields("idempotency_key", "a"), fields("idempotency_key")]}))
    assert every.needs == ""


def test_circles_end() -> None:
    """A schema that holds itself, a parameter that names itself, and a deep tower."""
    tower: dict[str, object] = {
        f"T{n}": {"oneOf": [{"$ref": f"#/components/schemas/T{n + 1}"}] * 3} for n in range(400)
    }
    node = {"allOf": [{"$ref": "#/components/schemas/Node"}, fields("idempotency_key")]}
    components = {
        "schemas": {"Node": node, "T400": fields("x"), **tower},
        "parameters": {"P": {"$ref": "#/components/parameters/P"}},
    }
    found = described(
        {
            "/a": {"post": {**body({"$ref": "#/components/schemas/Node"}), **OK}},
            "/b": {"post": {**body({"$ref": "#/components/schemas/T0"}), **OK}},
            "/c": {"post": {"parameters": [{"$ref": "#/components/parameters/P"}], **OK}},
        },
        components=components,
    )
    assert found.tools[0].arguments == ("idempotency_key",)
    assert ["operation POST /b" in gap.what for gap in found.unresolved] == [True, False]


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("other.yaml#/Key", "which is another document, not read"),
        ("https://example.com/spec.json", "which is another document, not read"),
        ("#/components/parameters/Missing", "which nothing in it defines"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_once(reference: str, why: str) -> None:
    """What stands behind it could be the key."""
    found = described({"/a": {"post": {"parameters": [{"$ref": reference}] * 2, **OK}}})
    (gap,) = found.unresolved
    assert gap.what == f"operation POST /a refers to {reference}, {why}"


def test_a_path_may_stand_elsewhere() -> None:
    """A path item behind a reference has operations, too."""
    items = {"I": {"get": {"operationId": "there", **OK}}}
    found = described({"/a": {"$ref": "#/components/pathItems/I"}}, components={"pathItems": items})
    assert [tool.name for tool in found.tools] == ["there"]
    assert (
        "path /b refers to far.yaml" in described({"/b": {"$ref": "far.yaml"}}).unresolved[0].what
    )


# --- scopes -------------------------------------------------------------------------------------

SCHEMES = {
    "securitySchemes": {
        "oauth": {"type": "oauth2", "flows": {}},
        "oidc": {"type": "openIdConnect"},
        "key": {"type": "apiKey", "name": "X-Key", "in": "header"},
    }
}


@pytest.mark.parametrize(
    ("security", "scopes", "optional"),
    [
        ([{"oauth": ["a", "b"]}], (("a", "b"),), False),
        ([{"oauth": ["a"]}, {"oauth": ["b"]}], (("a",), ("b",)), False),
        ([{"oauth": ["a"], "oidc": ["b"]}], (("a", "b"),), False),
        ([{"oauth": ["a"]}, {"key": []}], (("a",), ()), False),
        ([{"oauth": ["a"], "key": []}], (("a",),), False),
        ([{}, {"oauth": ["a"]}], ((), ("a",)), True),
        ([{"key": ["role"]}], ((),), False),
        ([], ((),), True),
    ],
    ids=["and", "or", "and of two", "or a key", "and a key", "optional", "roles", "open"],
)
def test_scopes_are_alternatives_of_sets(
    security: object, scopes: tuple[tuple[str, ...], ...], *, optional: bool
) -> None:
    """A list is a choice, a map is all at once, and an empty map needs no login."""
    found = call({"security": security}, components=SCHEMES)
    assert (found.scopes, found.optional) == (scopes, optional)


def test_an_operation_replaces_what_holds_for_all() -> None:
    """The document's word holds where the operation is silent; an empty list is a word."""
    everywhere: dict[str, Any] = {"components": SCHEMES, "security": [{"oauth": ["all"]}]}
    assert call({}, **everywhere).scopes == (("all",),)
    assert call({"security": [{"oauth": ["one"]}]}, **everywhere).scopes == (("one",),)
    assert call({"security": []}, **everywhere).optional
    assert call({}, components=SCHEMES).scopes is None


def test_a_scheme_that_nothing_defines_is_a_question() -> None:
    """What it asks for is kept, and the hole is told."""
    paths = {"/a": {"get": {"security": [{"ghost": ["x"]}], **OK}}}
    found = described(paths, components=SCHEMES)
    assert found.tools[0].http
    assert found.tools[0].http.scopes == (("x",),)
    assert "the security scheme ghost, which nothing in it defines" in found.unresolved[0].what


# --- versions and refusals ----------------------------------------------------------------------


def test_swagger_2_is_read() -> None:
    """Its bodies and forms are parameters, its schemes have a key of their own."""
    parameters = [
        {"name": "body", "in": "body", "required": True, "schema": {"$ref": "#/definitions/R"}},
        {"name": "idempotency_key", "in": "formData", "type": "string"},
    ]
    operation = {"parameters": parameters, "security": [{"o": ["refunds:write"]}], **OK}
    (tool,) = of(
        {
            "swagger": "2.0",
            "paths": {"/r": {"post": operation}},
            "definitions": {"R": fields("amount", required=("amount",))},
            "securityDefinitions": {"o": {"type": "oauth2", "flow": "accessCode"}},
        }
    ).tools
    assert (tool.arguments, tool.required) == (("amount", "idempotency_key"), ("amount",))
    assert tool.http
    assert (tool.http.key, tool.http.scopes) == ("idempotency_key", (("refunds:write",),))


def test_a_version_that_looks_like_a_number_is_read() -> None:
    """YAML takes `3.1` for a number."""
    text = "openapi: 3.1\npaths: {/a: {get: {}}}\n"
    assert [tool.name for tool in operations.read(documents(text)).tools] == ["GET /a"]


def test_calls_of_others_are_no_tools() -> None:
    """Nobody calls a webhook but the server."""
    found = of({"openapi": "3.1.0", "webhooks": {"paid": {"post": {"operationId": "paid"}}}})
    assert found.tools == ()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "expected an OpenAPI description"),
        ([], "expected an OpenAPI description"),
        ({"mcpServers": {"a": {"command": "x"}}}, "use the kind mcp-clients"),
        ({"tools": []}, "use the kind mcp-tools"),
        ({"openapi": "4.0.0", "paths": {}}, "this version of OpenAPI is not read: '4.0.0'"),
        ({"swagger": "1.2", "apis": []}, "this version of OpenAPI is not read: '1.2'"),
        ({"openapi": "3.0.0"}, "has no paths"),
        ({"openapi": "3.0.0", "paths": []}, "has no paths"),
        ({"openapi": "3.0.0", "paths": {"/a": 7}}, "expected a map of methods"),
        ({"openapi": "3.0.0", "paths": {"/a": {"get": 7}}}, "expected an operation"),
        ({"openapi": "3.0.0", "paths": {"/{{ x }}": {}}}, "template"),
        (
            {"openapi": "3.0.0", "paths": {"/a": {"get": {"security": {"o": []}}}}},
            "expected a list of security requirements",
        ),
        (
            {"openapi": "3.0.0", "paths": {"/a": {"get": {"security": [{"o": None}]}}}},
            "expected a list of scopes for o",
        ),
        (
            {
                "openapi": "3.0.0",
                "paths": {"/a": {"get": {"operationId": "x"}}, "/b": {"get": {"operationId": "x"}}},
            },
            "two operations are called x",
        ),
    ],
)
def test_what_is_no_description_is_refused_with_its_place(value: object, message: str) -> None:
    """A description that cannot be read has no operations; every refusal has a place."""
    with pytest.raises(InputError, match=message) as refused:
        of(value)
    assert all(problem.location for problem in refused.value.problems)


def test_a_description_that_is_cut_off_is_refused() -> None:
    """Half a list of operations is no list."""
    with pytest.raises(InputError, match="the end of the file"):
        documents('{"openapi": "3.0.0", "paths": {"/a": {"get": {}')


# --- digests, effects, cover --------------------------------------------------------------------


def test_a_change_behind_a_reference_changes_the_digest() -> None:
    """Two operations are the same only if everything that they take is."""
    operation = body({"$ref": "#/components/schemas/A"})
    inner = {"A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}}
    digests = {
        one(operation, components={"schemas": {**inner, "B": fields(name)}}).schema_digest
        for name in ("x", "y")
    }
    assert len(digests) == 2


def test_effects_are_those_of_methods() -> None:
    """A POST may be a read or a payment: nobody knows from here."""
    known = {m: operations.effect("/a", m) for m in ("GET", "PUT", "PATCH", "DELETE", "POST")}
    assert list(known.values()) == ["read", "mutate", "mutate", "destroy", "unknown"]


def test_a_path_with_parameters_covers_its_values() -> None:
    """Each parameter stands for one part of a path, never for several or none."""
    assert operations.resource_covers("/a/{id}/b", "/a/7/b")
    assert operations.resource_covers("*", "/a")
    assert not operations.resource_covers("/a/{id}", "/a/7/b")
    assert not operations.resource_covers("/a/{id}", "/a/")
    assert not operations.resource_covers("/a/7", "/a/{id}")


def test_an_interface_has_no_hints_to_contradict(tmp_path: Path) -> None:
    """What a tool list leaves unsaid means the worst; a description of HTTP says it otherwise."""
    paths = {"/a": {"get": {"operationId": "list_a", **OK}}}
    (tmp_path / "api.json").write_text(json.dumps({"openapi": "3.1.0", "paths": paths}))
    (tmp_path / "inventory.yaml").write_text(
        "version: 1\nname: x\nagents: {a: {}}\nsystems: {s: {}}\n"
        "tools: {t: {agents: [a], registered_name: list_a, system: s, effect: read}}\n"
        "evidence: {api: {kind: openapi, files: [api.json], agents: [a]}}\n"
    )
    done = blastlint(
        *("check", str(tmp_path), "--format", "concise"), env={"PYTHONPATH": str(REPO / "src")}
    )
    assert done.returncode == 1
    assert "Hint" not in done.stdout
    assert "tool-not-inventoried" not in done.stdout


KEYS = st.sampled_from(
    [
        *("$ref", "parameters", "requestBody", "content", "schema", "properties", "allOf", "oneOf"),
        *("security", "name", "in", "required", "get", "post", "operationId", "application/json"),
    ]
)
VALUES: st.SearchStrategy[object] = st.recursive(
    st.sampled_from(
        ["#/paths/~1a", "#/paths/~1a/get", "#", "x.yaml", "header", "a", True, 7, None]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4), st.dictionaries(KEYS, VALUES, max_size=3))
def test_no_description_breaks_the_reader(
    item: dict[str, object], other: dict[str, object]
) -> None:
    """Whatever stands where, it is read or refused with a place."""
    try:
        described({"/a": item, "/b": other})
    except InputError as error:
        assert all(problem.location for problem in error.problems)  # noqa: PT017 -- some are read


# --- real input ---------------------------------------------------------------------------------


def test_the_payment_interface_declares_a_key_for_nearly_every_write() -> None:
    """28 operations; 22 of 23 POST take a key, all of them behind a reference."""
    found = operations.read(corpus("openapi-adyen-checkout", ".json"))
    calls = [tool.http for tool in found.tools if tool.http]
    posts = [each for each in calls if each.method == "POST"]
    assert (len(calls), len(posts)) == (28, 23)
    assert sum(each.key == "Idempotency-Key" for each in calls) == 22
    (without,) = [each for each in posts if not each.key]
    assert (without.path, without.scopes) == ("/validateShopperId", None)
    patch = next(each for each in calls if each.method == "PATCH")
    assert patch.needs == "whether it takes an idempotency key: none is declared"
    assert found.unresolved == ()


def test_the_message_interface_declares_scopes_and_no_key() -> None:
    """174 operations, 94 of them POST, none with a key, each with the scopes that it needs."""
    found = operations.read(corpus("openapi-slack", ".json"))
    calls = {tool.name: tool.http for tool in found.tools if tool.http}
    assert len(calls) == 174
    assert sum(each.method == "POST" for each in calls.values()) == 94
    assert not any(each.key for each in calls.values())
    asked = {scope for each in calls.values() for way in each.scopes or () for scope in way}
    assert len(asked - {"none"}) == 60
    both = calls["chat_postMessage"].scopes  # written as one set; the vendor means either
    assert both == (("chat:write:user", "chat:write:bot"),)
    publish = calls["views_publish"]
    assert (publish.method, publish.safe) == ("GET", True)  # by its method; it writes
    assert found.unresolved == ()
