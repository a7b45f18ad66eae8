"""Evidence of every kind with a secret, another one each time, wherever one can stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[[object], str]

WORD = "zq7Xv"
"""Part of every planted secret; it is in no text of blastlint's own."""


class Planted:
    """Makes secrets that look like many kinds of them, each another one."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, shape: str = "{}") -> str:
        """Return a secret in some form, which nothing marks as one."""
        self.count += 1
        return shape.format(f"{WORD}{self.count:03}")

    def token(self) -> str:
        """Return a token as an issuer marks it."""
        return self("ghp_{}abcdefghijklmnop0123456789")


# --- what each kind of evidence can hold --------------------------------------------------------


def kubernetes(new: Planted, write: Write) -> dict[str, str]:
    """Objects of a namespace, those with secrets beside those that say who may do what."""
    account = "deployer"
    meta = {"name": account, "namespace": "shop", "annotations": {"note": new(), "ci/token": new()}}
    rbac = "rbac.authorization.k8s.io"
    container = {
        "name": "web",
        "image": f"registry.example/web:{new()}",
        "env": [{"name": "DB_PASSWORD", "value": new()}],
        "args": [f"--token={new()}", new.token()],
        "command": ["sh", "-c", new("curl https://u:{}@example.com")],
    }
    objects = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {**meta, "name": "keys"},
            "data": {"password": new(), "name": new()},
            "stringData": {"token": new.token(), "verbs": new()},
        },
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "n"}, "data": {"name": new()}},
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "stringData": {"verbs": new()},
            "metadata": {"name": "m"},
        },
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"app.ini": new()}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta},
        {
            "apiVersion": f"{rbac}/v1",
            "kind": "Role",
            "metadata": meta,
            "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "create"]}],
        },
        {
            "apiVersion": f"{rbac}/v1",
            "kind": "RoleBinding",
            "metadata": meta,
            "roleRef": {"apiGroup": rbac, "kind": "Role", "name": account},
            "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": "shop"}],
        },
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {**meta, "name": "web"},
            "spec": {
                "template": {"spec": {"serviceAccountName": account, "containers": [container]}}
            },
        },
    ]
    return {"all.json": write({"apiVersion": "v1", "kind": "List", "items": objects})}


def aws(new: Planted, write: Write) -> dict[str, str]:
    """An account: conditions, tags, and what else an export repeats."""
    arn = "arn:aws:iam::111122223333:"
    statement = {
        "Sid": new("Sid{}"),
        "Effect": "Allow",
        "Action": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction", "s3:*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestTag/key": new(), "aws:UserAgent": new()}},
    }
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": new()}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    role = {
        "RoleName": "till",
        "Arn": f"{arn}role/till",
        "Description": new(),
        "Tags": [{"Key": "password", "Value": new()}],
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": policy}],
    }
    encoded = quote(
        json.dumps({"Statement": [{**statement, "Condition": {"Bool": {"a:b": new()}}}]})
    )
    user = {
        "UserName": "bot",
        "Arn": f"{arn}user/bot",
        "Tags": [{"Key": "token", "Value": new.token()}],
        "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": encoded}],
    }
    lists = {
        "UserDetailList": [user],
        "RoleDetailList": [role],
        "GroupDetailList": [],
        "Policies": [],
    }
    return {"account.json": write(lists)}


def github(new: Planted, write: Write) -> dict[str, str]:
    """A repository: a workflow with literal values, an App's manifest, settings, owners."""
    step = {
        "uses": "anthropics/claude-code-action@v1",
        "with": {"anthropic_api_key": new(), "github_token": new.token(), "prompt": new()},
        "env": {"TOKEN": new()},
    }
    flow = {
        "name": "ci",
        "on": {
            "issues": {"types": ["opened"]},
            "workflow_call": {"inputs": {"a": {"default": new()}}},
        },
        "defaults": {"name": new()},
        "env": {
            "name": new(),
            "contents": new(),
            "PASSWORD": new(),
            "URL": new("https://bot:{}@example.com"),
        },
        "permissions": {"contents": "write", "id-token": "write"},
        "jobs": {
            "build": {
                "runs-on": "ubuntu-latest",
                "container": {"image": "a/b", "credentials": {"username": "u", "password": new()}},
                "env": {"KEY": new()},
                "if": f"github.actor != '{new()}'",
                "environment": {"name": "prod", "url": new("https://u:{}@example.com")},
                "steps": [step, {"run": f"curl -H 'Authorization: {new()}' https://example.com"}],
            },
            "call": {
                "uses": "./.github/workflows/ci.yml",
                "with": {"key": new()},
                "secrets": {"token": new()},
            },
        },
    }
    made = {
        "slug": "bot",
        "id": 7,
        "pem": new("-----BEGIN RSA PRIVATE KEY-----{}"),
        "client_secret": new(),
        "webhook_secret": new(),
        "permissions": {"contents": "write", "issues": "read"},
    }
    repository = {
        "full_name": "octo/app",
        "default_branch": "main",
        "private": False,
        "temp_clone_token": new(),
        "clone_url": new("https://x:{}@github.com/octo/app.git"),
        "owner": {"login": "octo", "id": 1},
    }
    return {
        "ci.yml": write(flow),
        "app.json": write(made),
        "repository.json": write(repository),
        "CODEOWNERS": f"* @octo  # {new()}\n!x @octo # {new()}\n",
    }


def postgres(new: Planted, _write: Write) -> dict[str, str]:
    """Dumps of roles and of a database, with every text that they can hold."""
    head = "--\n-- PostgreSQL database {}dump\n--\n\n-- Dumped from database version 16.1\n"
    end = "\n--\n-- PostgreSQL database {}dump complete\n--\n"
    roles = f"""
CREATE ROLE app; -- {new()}
ALTER ROLE app WITH LOGIN PASSWORD 'SCRAM-SHA-256$4096:{new()}' VALID UNTIL '{new()}';
CREATE ROLE owner PASSWORD
  '{new()}';
ALTER ROLE app SET search_path TO '{new()}';
COMMENT ON ROLE app IS '{new()}';
GRANT owner TO app; /* {new()} */
"""
    shop = f"""
CREATE DATABASE shop;
\\connect "dbname='shop' password='{new()}'"
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h', password '{new()}');
ALTER SERVER far OWNER TO owner;
CREATE USER MAPPING FOR app SERVER far OPTIONS (user 'u', password '{new()}');
CREATE USER MAPPING FOR app SERVER far OPTIONS ("user" 'u',
  password '{new()}');
CREATE FUNCTION public.f() RETURNS text LANGUAGE sql SECURITY DEFINER AS $_$ SELECT '{new()}' $_$;
ALTER FUNCTION public.f() OWNER TO owner;
CREATE TABLE public.t (a text DEFAULT '{new()}'); GRANT SELECT ON TABLE public.t TO app;
ALTER TABLE public.t OWNER TO owner;
CREATE POLICY p ON public.t USING (a = '{new()}');
CREATE SUBSCRIPTION s CONNECTION 'host=h password={new()}' PUBLICATION p;
COMMENT ON TABLE public.t IS '{new()}'; GRANT INSERT ON TABLE public.t TO app;
GRANT SELECT ON TABLE public.t TO app; -- {new()}
COPY public.t (a) FROM stdin;
{new()}
\\.
"""  # noqa: S608 -- it is a dump, and nothing runs it
    return {
        "roles.sql": head.format("cluster ") + roles + end.format("cluster "),
        "shop.sql": head.format("") + shop + end.format(""),
        "grants.csv": "grantee,table_schema,table_name,privilege_type,note\n"
        f"app,public,t,SELECT,{new()}\n",
    }


def clients(new: Planted, write: Write) -> dict[str, str]:
    """A client's configuration, which holds secrets in every place there is."""
    servers = {
        "github": {
            "command": "npx",
            "args": ["-y", "server-github@1.2.3", "--token", new(), f"--key={new()}", new.token()],
            "env": {"GITHUB_TOKEN": new.token(), "LOG_LEVEL": new()},
        },
        "shell": {"command": "sh", "args": ["-c", f"TOKEN={new()} server --password {new()}"]},
        "docker": {"command": "docker", "args": ["run", "-e", f"KEY={new()}", "image"]},
        "far": {
            "type": "http",
            "url": f"https://user:{new()}@example.com/mcp?api_key={new()}#{new()}",
            "headers": {"Authorization": f"Bearer {new()}", "X-Api-Key": new()},
        },
        "path": {"url": f"https://example.com/s/{new.token()}/mcp"},
        "db": {"command": "pg", "args": [f"postgresql://app:{new()}@db.example.com/shop"]},
    }
    return {"mcp.json": write({"mcpServers": servers, "env": {"SECRET_KEY": new()}})}


def tools(new: Planted, write: Write) -> dict[str, str]:
    """A list of tools whose schemas bring defaults and examples."""
    key = {"type": "string", "default": new(), "examples": [new.token()], "const": new()}
    tool = {
        "name": "pay",
        "description": f"Pays. Use the key {new()}.",
        "inputSchema": {
            "type": "object",
            "properties": {"key": key, "url": {"type": "string", "default": new("https://u:{}@x")}},
            "required": ["key"],
        },
        "annotations": {"title": new(), "readOnlyHint": True},
        "_meta": {"name": new()},
    }
    return {
        "tools.json": write(
            {"jsonrpc": "2.0", "id": new(), "result": {"tools": [tool], "nextCursor": new()}}
        )
    }


def openapi(new: Planted, write: Write) -> dict[str, str]:
    """A description with examples, defaults, and a login in an address."""
    operation = {
        "operationId": "pay",
        "description": f"Pays. For instance with {new()}.",
        "parameters": [
            {
                "name": "key",
                "in": "header",
                "schema": {"type": "string", "default": new()},
                "example": new(),
            }
        ],
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {"type": "object"},
                    "example": {"password": new.token()},
                }
            }
        },
        "security": [{"sign-in": ["pay"]}],
        "responses": {"200": {"description": new()}},
        "x-token": {"name": new()},
    }
    description = {
        "openapi": "3.1.0",
        "info": {"title": "shop", "version": "1", "description": new()},
        "servers": [{"url": new("https://user:{}@example.com")}],
        "paths": {"/pay": {"post": operation}},
        "components": {
            "securitySchemes": {
                "sign-in": {
                    "type": "oauth2",
                    "flows": {
                        "implicit": {
                            "authorizationUrl": new("https://u:{}@x"),
                            "scopes": {"pay": new()},
                        }
                    },
                }
            }
        },
    }
    return {"openapi.json": write(description)}


def scopes(new: Planted, write: Write) -> dict[str, str]:
    """The answer of a token's issuer."""
    return {
        "token.json": write(
            {
                "access_token": new("ya29.{}"),
                "refresh_token": new(),
                "id_token": new("eyJhbGciOi{}"),
                "client_secret": new(),
                "scope": "https://www.googleapis.com/auth/gmail.send unknown.scope",
                "token_type": "Bearer",
                "email": "bot@example.com",
            }
        ),
        "slack.json": write(
            {
                "ok": True,
                "app_id": "A1",
                "access_token": new("xoxb-{}"),
                "bot_user_id": "U1",
                "scope": "chat:write,files:read",
                "authed_user": {"scope": "search:read", "access_token": new("xoxp-{}")},
            }
        ),
    }


MAKERS: dict[str, Callable[[Planted, Write], dict[str, str]]] = {
    "aws-iam": aws,
    "github": github,
    "kubernetes-rbac": kubernetes,
    "mcp-clients": clients,
    "mcp-tools": tools,
    "oauth-scopes": scopes,
    "openapi": openapi,
    "postgres": postgres,
}


# --- how the same thing can be laid out ---------------------------------------------------------


def rows(value: object) -> str:
    """JSON with a line for each value."""
    return json.dumps(value, indent=1)


def block(value: object) -> str:
    """YAML with a line for each value."""
    return yaml.safe_dump(value, default_flow_style=False, sort_keys=False)


def flow(value: object) -> str:
    """YAML with brackets, cut into lines anywhere."""
    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=90)


def half(value: object) -> str:
    """YAML in the way of people: the innermost maps and lists in brackets."""
    return yaml.safe_dump(value, default_flow_style=None, sort_keys=False, width=200)


LAYOUTS = (rows, json.dumps, block, flow, half)
