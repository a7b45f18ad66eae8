"""Client configurations: every shape, what a server holds by name, and never a value."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.granted import _as_json, _as_text
from blastlint.providers.grants import Granted, Setting
from blastlint.providers.mcp import clients, tools
from blastlint.source import EVIDENCE, Document, InputError, Root, lines_of, parse, read_lines
from commands import REPO, blastlint
from providers.evidence import CORPORA

if TYPE_CHECKING:
    from pathlib import Path

HERE = {"PYTHONPATH": str(REPO / "src")}
STDIO = {"command": "node", "args": ["server.js"]}
REMOTE = {"url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${TOKEN}"}}


def of(text: str | object, file: str = ".mcp.json") -> Granted:
    """What a configuration, written or as a value, says."""
    written = text if isinstance(text, str) else json.dumps(text, indent=1)
    return clients.read([lines_of(written.encode(), file)], Setting(system="laptop"))


def server(**body: object) -> Granted:
    """What the configuration of one server `s` says."""
    return of({"mcpServers": {"s": body}})


def resources(found: Granted) -> list[str]:
    """Every resource, with its action."""
    return [f"{grant.action} {grant.resource}" for grant in found.grants]


def turns(found: Granted) -> set[str]:
    """Everything that somebody becomes."""
    return {turn.principal for turn in found.becomings}


@pytest.mark.parametrize(
    "shape",
    [
        {"mcpServers": {"s": STDIO}},
        {"servers": {"s": STDIO}, "inputs": []},
        {"mcp": {"servers": {"s": STDIO}}, "editor.tabSize": 2},
        {"mcp": {"s": {"type": "local", "command": ["node", "server.js"]}}},
        {"s": STDIO},
        {"mcpServers": [{"name": "s", **STDIO}]},
        {"context_servers": {"s": {"command": {"path": "node", "args": ["server.js"]}}}},
        {"amp.mcpServers": {"s": STDIO}},
    ],
    ids=["mcpServers", "servers", "settings", "opencode", "bare", "list", "zed", "amp"],
)
def test_a_server_is_found_in_every_shape(shape: object) -> None:
    """Clients keep their servers under different keys; what a server is stays the same."""
    found = of(shape)
    assert found.principals == ("mcp:s",)
    assert resources(found) == ["run host", "use host/logins"]
    assert {(grant.effect, grant.system) for grant in found.grants} == {
        ("execute", "laptop"),
        ("unknown", "laptop"),
    }


def test_a_yaml_configuration_is_read() -> None:
    """A client may keep its servers in YAML."""
    found = of("mcpServers:\n  - name: s\n    command: node\n    args: [a.js]\n", "config.yaml")
    assert found.principals == ("mcp:s",)


def test_codex_keeps_servers_in_toml() -> None:
    """Tables of TOML, with variables by name and a place for each."""
    found = of(
        '[mcp_servers.docs]\ncommand = "npx"\nargs = ["-y", "docs"]\n\n'
        '[mcp_servers.docs.env]\nDOCS_TOKEN = "abc"\n\n'
        '[mcp_servers."far away"]\nurl = "https://a.example.com/mcp"\n'
        'bearer_token_env_var = "FAR_TOKEN"\nenv_http_headers = { "X-Key" = "FAR_KEY" }\n',
        "config.toml",
    )
    assert found.principals == ("mcp:docs", "mcp:far away")
    assert {"mcp:docs/env:DOCS_TOKEN", "mcp:far away/header:Authorization"} <= turns(found)
    assert {
        ("credential/env:DOCS_TOKEN", "config.toml:6:1"),
        ("server/a.example.com", "config.toml:9:1"),
        ("credential/header:X-Key", "config.toml:11:1"),
    } <= {(grant.resource, str(grant.location)) for grant in found.grants}


def test_comments_and_trailing_commas_move_no_place() -> None:
    """What an editor accepts is read, and every place stays that of the file."""
    found = of(
        '// mine\n{ "servers": { /* one\n two */ "s": {\n'
        '   "url": "https://a.example.com//x", // not a comment in the address\n'
        '   "headers": {"X-Key": "${K}",},\n }, }, }\n'
    )
    assert [str(grant.location) for grant in found.grants] == [
        ".mcp.json:4:11",
        ".mcp.json:5:25",
    ]


def test_servers_of_a_project_are_their_own_principals() -> None:
    """One name in two projects may be two servers."""
    found = of(
        {
            "mcpServers": {"s": STDIO},
            "projects": {"/home/a": {"mcpServers": {"s": REMOTE}}, "/home/b": {}},
        }
    )
    assert found.principals == ("mcp:s", "mcp:s@/home/a")


def test_a_started_server_is_the_account_of_its_client() -> None:
    """Whoever controls a program controls what lies on its machine, which no file tells."""
    found = server(command="node", args=None)
    (turn,) = found.becomings
    assert (turn.holder, turn.principal, turn.certainty) == ("mcp:s", "host", "proven")
    logins = next(grant for grant in found.grants if grant.resource == "host/logins")
    assert logins.certainty == "needs-fact"
    assert "~/.aws" in logins.needs


@pytest.mark.parametrize(
    ("body", "held"),
    [
        ({"env": {"GITHUB_TOKEN": "abc"}}, "env:GITHUB_TOKEN"),
        ({"environment": {"API_KEY": "{env:K}"}}, "env:API_KEY"),
        ({"env": {"API_KEY": {"file": "/run/secrets/k"}}}, "env:API_KEY"),
        ({"env": {"LOOKS_HARMLESS": "ghp_0123456789abcdef"}}, "env:LOOKS_HARMLESS"),
        ({"env": {"DATABASE": "postgres://u:p@h/d"}}, "env:DATABASE"),
        ({"env": ["DOCS_TOKEN=abc"]}, "env:DOCS_TOKEN"),
        ({"env_vars": ["DOCS_TOKEN"]}, "env:DOCS_TOKEN"),
        ({"args": ["--token", "abc"]}, "argument:--token"),
        ({"args": ["--api-key=abc"]}, "argument:--api-key"),
        ({"args": ["--kubeconfig", "/x"]}, "argument:--kubeconfig"),
        ({"args": ["postgresql://u:p@h/d"]}, "argument:1"),
        ({"args": ["x", '{"apiKey": "abc"}']}, "argument:2"),
        ({"args": ["--config", "token=abc"]}, "argument:2"),
        ({"command": {"path": "node", "env": {"API_KEY": "abc"}}}, "env:API_KEY"),
        ({"command": "sh", "args": ["-c", "export A_KEY=abc && node s.js"]}, "argument:1"),
        ({"args": ["--url=https://a.example.com/?api_key=abc"]}, "address"),
        ({"args": ["sk-live-0123456789"]}, "argument:1"),
        ({"args": ["--header", "Authorization: Bearer x"]}, "header:Authorization"),
        ({"command": "docker", "args": ["run", "-e", "GH_TOKEN", "img"]}, "env:GH_TOKEN"),
        ({"command": "docker", "args": ["run", "--env=GH_TOKEN=x", "img"]}, "env:GH_TOKEN"),
        ({"command": "docker", "args": ["run", "--env-file", "x", "img"]}, "env-file"),
        ({"command": "env", "args": ["GH_TOKEN=x", "node", "s.js"]}, "env:GH_TOKEN"),
        ({"command": "sh", "args": ["-c", "GH_TOKEN=x node s.js"]}, "env:GH_TOKEN"),
        ({"command": "cmd", "args": ["/c", "node", "--token", "x"]}, "argument:--token"),
        ({"command": "node s.js --token x", "args": None}, "argument:--token"),
        ({"envFile": ".env"}, "env-file"),
    ],
)
def test_a_credential_is_found_wherever_it_is_given(body: dict[str, object], held: str) -> None:
    """In variables, arguments, a command line in one text, and what a shell is told."""
    found = server(**{"command": "node", **body})
    assert f"mcp:s/{held}" in turns(found)
    grant = next(grant for grant in found.grants if grant.resource == f"credential/{held}")
    assert (grant.certainty, grant.effect) == ("needs-fact", "unknown")


def test_an_option_takes_its_value() -> None:
    """A secret behind an option is one credential, two without a name are two."""
    secret = "ghp_0123456789abcdef"  # noqa: S105 -- made up
    found = server(command="node", args=["--token", secret, secret, "--key", secret])
    held = {turn.principal for turn in found.becomings} - {"host"}
    names = ("argument:--token", "argument:3", "argument:--key")
    assert held == {f"mcp:s/{name}" for name in names}


def test_settings_are_no_credentials() -> None:
    """Levels, ports, switches, hosts and folders raise no question."""
    given = {"LOG_LEVEL": "debug", "PORT": "8080", "SAFE": "true", "DIR": "~/data", "N": 3, "E": ""}
    found = server(command="node", env={**given, "HOST": "https://git.example.com"})
    assert resources(found) == ["run host", "use host/logins"]


def test_what_may_be_a_credential_is_a_question() -> None:
    """A variable whose name tells nothing is neither passed over nor accused."""
    found = server(command="node", env={"WORKSPACE": "acme"})
    turn = next(turn for turn in found.becomings if turn.principal != "host")
    assert turn.certainty == "needs-fact"
    assert turn.needs.startswith("whether environment variable WORKSPACE is a credential")


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("abc", "whose value stands in this file"),
        ("Bearer abc", "whose value stands in this file"),
        ("${GH_TOKEN:-abc}", "taken from another place"),
        ("Bearer ${GH_TOKEN}", "taken from the variable GH_TOKEN"),
        ("{env:GH_TOKEN}", "taken from the variable GH_TOKEN"),
        ("${input:key}", "asked for when the client starts"),
        ("op://vault/item/key", "taken from another place"),
        ("", "whose value is not in this file"),
    ],
)
def test_a_reference_is_told_from_a_value(value: str, source: str) -> None:
    """A value in the file is read by everybody who reads the file."""
    found = server(url="https://a.example.com", headers={"X-Key": value})
    assert [turn.via for turn in found.becomings] == [f"holds header X-Key, {source}"]


def test_a_container_hides_the_machine_but_what_it_is_given() -> None:
    """A server in a container has no logins but those that are mounted."""
    found = server(command="docker", args=["run", "-v", "/home/me/.aws:/root/.aws:ro", "img"])
    assert resources(found) == ["run container", "fetch host/package", "use host/mount"]
    assert "~/.aws" in found.grants[2].needs
    assert not found.becomings


@pytest.mark.parametrize(
    "args",
    [
        ["-v", "/var/run/docker.sock:/var/run/docker.sock"],
        ["--volume=/:/host"],
        ["-v", "/home/me:/home/me"],
        ["--mount", "type=bind,source=/root,target=/x"],
        ["--privileged"],
    ],
)
def test_a_container_with_the_whole_machine_is_the_machine(args: list[str]) -> None:
    """The socket of Docker, the root of the files and a home folder give everything."""
    assert turns(server(command="docker", args=["run", *args, "img"])) == {"host"}


@pytest.mark.parametrize(
    ("command", "fetches"),
    [
        ("npx -y @scope/server", True),
        ("npx -y @scope/server@latest", True),
        ("npx -y @scope/server@1.2.3", False),
        ("npx --package=@scope/server@1.2.3 serve", False),
        ("uvx --from pkg==1.0 serve", False),
        ("uvx pkg", True),
        ("bun x pkg", True),
        ("dnx Hex1b.McpServer@0.47.0 --yes", False),
        ("pipx run pkg", True),
        ("go run example.com/x@latest", True),
        ("node server.js", False),
        ("docker run ghcr.io/x/y:1.2.3", True),
        (f"docker run ghcr.io/x/y@sha256:{'0' * 64}", False),
    ],
)
def test_an_unpinned_package_is_a_question(command: str, *, fetches: bool) -> None:
    """Whoever publishes a package decides what runs, unless its version is written."""
    assert ("fetch host/package" in resources(server(command=command))) is fetches


@pytest.mark.parametrize(
    "address",
    [
        "https://u:p@a.example.com/mcp",
        "https://a.example.com/mcp?key=abc",
        "https://a.example.com/s/0123456789abcdef0123/mcp",
        "https://x0123456789abcdef.example.com/mcp",
    ],
)
def test_an_address_may_be_the_credential(address: str) -> None:
    """Whoever knows it may call it; its random part is not shown."""
    found = server(url=address)
    assert turns(found) == {"mcp:s/address"}
    assert "0123456789abcdef" not in repr(found)
    assert not found.unresolved


def test_one_value_in_two_places_is_one_credential() -> None:
    """Whoever takes it from one server has what it opens through the other."""
    found = of(
        {
            "mcpServers": {
                "a": {"command": "a", "env": {"GH_TOKEN": "hunter2"}},
                "b": {"url": "https://b.example.com", "headers": {"X-Key": "Bearer hunter2"}},
                "c": {"command": "c", "env": {"GH_TOKEN": "other"}},
            }
        }
    )
    ends = {"mcp:a/env:GH_TOKEN", "mcp:b/header:X-Key"}
    same = [turn for turn in found.becomings if "same value" in turn.via]
    assert [{turn.holder, turn.principal} for turn in same] == [ends, ends]


@pytest.mark.parametrize(
    "command",
    ["C:\\Program Files\\nodejs\\npx.cmd", "/usr/local/bin/npx", "/Applications/My App/npx", "npx"],
)
def test_a_program_is_known_by_its_name(command: str) -> None:
    """Its folder, its suffix and the spaces in its path do not hide it."""
    found = server(command=command, args=["-y", "pkg"])
    assert "fetch host/package" in resources(found)


def test_a_client_may_keep_other_settings_beside_its_servers() -> None:
    """Under `mcp`, Gemini keeps lists of names, and OpenCode its servers."""
    both = of({"mcp": {"allowed": ["s"]}, "mcpServers": {"s": STDIO}})
    assert both.principals == ("mcp:s",)
    assert not both.unresolved


def test_reach_goes_on_through_a_server(tmp_path: Path) -> None:
    """An inventory that names the credential of a server says where it leads."""
    (tmp_path / "mcp.json").write_text(
        json.dumps({"mcpServers": {"s": {**STDIO, "env": {"GH_TOKEN": "hunter2"}}}})
    )
    (tmp_path / "inventory.yaml").write_text(
        "version: 1\nname: x\nagents: {a: {}}\nsystems: {laptop: {kind: host}, github: {}}\n"
        "credentials:\n  s: {principal: 'mcp:s'}\n"
        "  gh: {principal: 'mcp:s/env:GH_TOKEN', grants: [{system: github, resources: [contents], "
        "actions: [write]}]}\n"
        "tools: {t: {agents: [a], system: laptop, credential: s, effect: read}}\n"
        "evidence: {c: {kind: mcp-clients, files: [mcp.json], system: laptop}}\n"
    )
    done = blastlint("reach", "a", str(tmp_path), "--to", "github", env=HERE)
    assert "mcp:s can become mcp:s/env:GH_TOKEN: holds environment variable" in done.stdout
    assert "github: write on contents" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr


def test_a_called_server_without_credential_leaves_open_who_signs_in() -> None:
    """The login happens in a browser, with scopes that no file shows."""
    found = server(url="https://a.example.com/mcp")
    assert resources(found) == ["call server/a.example.com"]
    assert "how and as whom" in found.unresolved[0].what
    assert found.unresolved[0].holders == ("mcp:s",)
    assert not of({"mcpServers": {"s": REMOTE}}).unresolved


def test_a_server_that_is_switched_off_is_conditional() -> None:
    """Switching it on takes one word."""
    for body in ({"disabled": True}, {"enabled": False}):
        found = server(command="node", **body)
        assert found.grants[0].certainty == "conditional"
        assert "switches it off" in found.grants[0].condition


@pytest.mark.parametrize("odd", [None, 7, "text", [], {}, {"type": "stdio"}, {"url": "${URL}"}])
def test_an_odd_server_sinks_no_other(odd: object) -> None:
    """What cannot be understood is a question about that server alone."""
    found = of({"mcpServers": {"odd": odd, "s": STDIO}})
    assert found.principals == ("mcp:odd", "mcp:s")
    assert [gap.holders for gap in found.unresolved] == [("mcp:odd",)]


def test_an_argument_may_hold_braces() -> None:
    """Docker has templates of its own."""
    assert resources(server(command="node", args=["--format", "{{.ID}}"]))[0] == "run host"


def test_a_client_that_never_asks_runs_anything() -> None:
    """`bypassPermissions` is a shell; an allow list opens what it names."""
    found = of({"permissions": {"defaultMode": "bypassPermissions"}})
    assert resources(found) == ["run host", "use host/logins"]
    assert turns(found) == {"host"}
    some = of({"permissions": {"allow": ["Read", "Bash(git push --token x)"]}})
    assert [(g.resource, g.certainty) for g in some.grants] == [
        ("host", "conditional"),
        ("host/logins", "needs-fact"),
    ]
    assert not some.becomings


def test_codex_without_a_sandbox_runs_anything() -> None:
    """The sandbox is the limit; asking first helps only where it is not left to the model."""
    open_ = of('model = "x"\nsandbox_mode = "danger-full-access"\n', "config.toml")
    assert turns(open_) == {"host"}
    assert str(open_.grants[0].location) == "config.toml:2:1"
    asked = 'approval_policy = "untrusted"\nsandbox_mode = "danger-full-access"\n'
    assert of(asked, "config.toml").grants[0].certainty == "conditional"
    (inside,) = of('sandbox_mode = "workspace-write"\n', "config.toml").grants
    assert inside.condition == "inside its sandbox"
    assert not of('sandbox_mode = "read-only"\n', "config.toml").grants


def test_what_a_client_denies_it_does_not_run() -> None:
    """A rule that denies holds even where nothing is asked."""
    for rule in ("Bash", "Bash(*)"):
        rights = {"defaultMode": "bypassPermissions", "allow": ["Bash"], "deny": [rule]}
        assert not of({"permissions": rights}).grants
    rights = {"defaultMode": "bypassPermissions", "deny": ["Bash(rm:*)", "Read(.env)"]}
    assert of({"permissions": rights}).grants[0].certainty == "conditional"


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("[]", "names no MCP server"),
        ('{"mcpServer": {}}', "names no MCP server; did you mean 'mcpServers'"),
        ('{"tools": []}', "use the kind mcp-tools"),
        ('{"openapi": "3.1.0", "servers": []}', "use the kind openapi"),
        ("apiVersion: v1\nkind: Secret", "use the kind kubernetes-rbac"),
        ('{"mcpServers": 7}', "expected a map of servers"),
        ('{"mcpServers": {"s": {"command": "node"', "the end of the file where"),
        ('{"mcpServers": {"s": {"command": "{{ .Values.x }}"}}}', "template"),
        ('{"mcpServers": {"s": {"env": {"A": "{{ .Values.x }}"}}}}', "template"),
        ('{"mcpServers": {"s": {"command": "x", "args": ["{{ .Values.x }}"]}}}', "template"),
        ("{{ toJson .Values.mcp }}", "template"),
        ("[mcp_servers.a]\ncommand = ", "cannot be read as TOML"),
        ("[mcp_servers.a", "cannot be read as TOML"),
        ('{"mcpServers": {"s": {"command": "a", "command": "b"}}}', "a key stands twice"),
        ('{"mcpServers": {"s": {"command": !x "a"}}}', "a tag is not read"),
        ('{"mcpServers": "other.json"}', "give the file that holds the map"),
    ],
)
def test_what_is_no_configuration_is_refused_with_its_place(text: str, message: str) -> None:
    """Nothing is taken for an empty configuration that is not one."""
    with pytest.raises(InputError, match=message) as refused:
        of(text, "config.toml" if text.startswith("[mcp") else ".mcp.json")
    assert all(problem.location for problem in refused.value.problems)


def test_a_configuration_given_as_tools_is_refused_without_its_line() -> None:
    """The line that would be shown may hold a secret."""
    text = '{"mcpServers": {"s": {"command": "node", "env": {"TOKEN": "hunter2"}}}}'
    with pytest.raises(InputError, match="use the kind mcp-clients") as refused:
        tools.read(parse(text.encode(), "f.json", EVIDENCE))
    assert "hunter2" not in repr(refused.value.problems)


# --- no value is ever repeated ------------------------------------------------------------------

SECRETS = st.builds(
    lambda seed: "".join(random.Random(seed).choices("abcdefghjkmnpqrstvwxyz", k=9)) + "7Q",  # noqa: S311 -- a test's secret
    st.integers(0, 10**9),
)
WRAPPED = [
    "{}",
    "Bearer {}",
    "https://mcp.example.com/{}/sse",
    "https://u:{}@mcp.example.com/",
    "https://mcp.example.com/?k={}",
    "postgres://u:{}@db/x",
    "--token={}",
    "NAME={}",
    "${{X:-{}}}",
    "Authorization: Bearer {}",
    "!{}",
    "'{}",
    "{}: {}",
    "/home/{}/x:/x",
    "node {} --password {}",
    "sh -c 'K={} node'",
]
WHOLE = {
    "command": "npx",
    "args": [
        "-y",
        "pkg",
        "--header",
        "A: b",
        "-e",
        "X=y",
        "-v",
        "/x:/y",
        "--token",
        "t",
        "--mount",
    ],
    "env": {"A": "x", "B_TOKEN": "y", "C": {"file": "z"}},
    "environment": ["D=x"],
    "headers": {"X-Any": "x", "Authorization": "y"},
    "http_headers": {"X": "y"},
    "env_http_headers": {"X-K": "NAME"},
    "bearer_token_env_var": "NAME",
    "env_vars": ["NAME"],
    "envFile": "x",
    "headersHelper": "x",
    "url": "https://a.example.com/mcp",
    "serverUrl": "https://b.example.com/mcp",
    "httpUrl": "https://c.example.com/mcp",
    "type": "stdio",
    "cwd": "/x",
    "other": {"nested": ["x"]},
}
SHAPES = [
    {"mcpServers": {"s": WHOLE}, "permissions": {"defaultMode": "x", "allow": ["Bash(x)"]}},
    {"servers": {"s": {**WHOLE, "command": "docker"}}, "inputs": [{"id": "x", "default": "y"}]},
    {"mcp": {"s": {**WHOLE, "command": ["sh", "-c", "x"]}}, "env": {"K": "v"}},
    {"mcpServers": [{"name": "x", **{k: v for k, v in WHOLE.items() if k != "command"}}]},
    {"context_servers": {"s": {"command": {"path": "x", "args": ["y"]}}}},
]


def texts(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where a text stands in a value."""
    if isinstance(value, str):
        return [path]
    rows = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type] # a map or a list
    return [found for key, inner in rows for found in texts(inner, (*path, key))]


def planted(value: object, path: tuple[str | int, ...], text: str) -> object:
    """The value with another text in one place."""
    if not path:
        return text
    if isinstance(value, dict):
        return {k: planted(v, path[1:], text) if k == path[0] else v for k, v in value.items()}
    assert isinstance(value, list)
    return [planted(v, path[1:], text) if i == path[0] else v for i, v in enumerate(value)]


def told(text: str, file: str = ".mcp.json") -> str:
    """Everything that is said about a configuration, or why it is refused."""
    try:
        found = clients.read([lines_of(text.encode(), file)])
    except InputError as error:
        return repr(error.problems)
    names = found.principals
    everything = [*_as_text(found, names, derive=True), str(_as_json(found, names, derive=True))]
    return "".join([*everything, repr(found)])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SHAPES), st.data(), SECRETS, st.sampled_from(WRAPPED))
def test_no_value_is_ever_repeated(
    shape: object, data: st.DataObject, secret: str, wrap: str
) -> None:
    """A secret in any text but a server's name appears nowhere, whole file or cut off."""
    path = data.draw(st.sampled_from([p for p in texts(shape) if p[-1] != "name"]))
    text = json.dumps(planted(shape, path, wrap.replace("{}", secret)))
    if data.draw(st.booleans()):
        text = text[: data.draw(st.integers(0, len(text)))]
    assert secret not in told(text)


@settings(max_examples=100, deadline=None)
@given(SECRETS, st.sampled_from(["", '"', "'", "\\", ": ", "\x07", "\t!", "&a *b "]))
def test_no_value_of_a_broken_file_is_repeated(secret: str, odd: str) -> None:
    """What cannot be parsed is told by its place alone."""
    for text in (
        f'{{"mcpServers": {{"s": {{"env": {{"K": "x" {odd}{secret}}}}}}}}}',
        f'{{"mcpServers": {{"s": {{"env": {odd}{secret}}}}}}}',
        f'[mcp_servers.s]\ncommand = "{odd}{secret}"\nenv = {{ K = {odd}{secret} }}\n',
    ):
        assert secret not in told(text, "config.toml" if text[0] == "[" else "c.json")


def test_the_command_shows_names_and_no_values(tmp_path: Path) -> None:
    """What a person sees of a file with a secret on one long line."""
    file = tmp_path / "mcp.json"
    file.write_text('{"mcpServers": {"s": {"command": "x", "env": {"A_TOKEN": "hunter2"}}}}')
    for extra in ([], ["--derive"], ["--format", "json"]):
        done = blastlint("grants", "mcp-clients", str(file), *extra, env=HERE)
        assert "A_TOKEN" in done.stdout
        assert "hunter2" not in done.stdout + done.stderr
    file.write_text('{"mcpServers": {"s": {"env": {"A_TOKEN": "hunter2", ]')
    done = blastlint("grants", "mcp-clients", str(file), env=HERE)
    assert done.returncode == 2
    assert "hunter2" not in done.stdout + done.stderr


# --- real input ---------------------------------------------------------------------------------


def real(folder: str, *suffixes: str) -> list[Document]:
    """The files of a real corpus, as lines."""
    if not (CORPORA / folder).is_dir():
        pytest.skip(f"the corpus {folder} is not here")
    root = Root(str(CORPORA / folder))
    return [read_lines(root, name) for name in root.walk("", suffixes)]


def test_real_configurations() -> None:
    """Three shapes, one of them with comments and trailing commas, one a bare map."""
    found = clients.read(real("mcp-client-configs", ".json", ".jsonc"))
    assert found.principals == (
        "mcp:aspire",
        "mcp:aspire-debug",
        "mcp:aspire-local",
        "mcp:github",
        "mcp:hex1b",
        "mcp:playwright-test",
        "mcp:prowler",
        "mcp:test-server",
    )
    assert sum(grant.resource == "host/package" for grant in found.grants) == 2
    assert {turn.principal for turn in found.becomings} == {
        "host",
        "mcp:prowler/header:Authorization",
    }


def test_empty_configurations_are_configurations() -> None:
    """Eleven agents have an empty file; a reader must not fail on them."""
    files = real("agent-configs-witwave", "mcp.json")
    assert len(files) == 11
    assert clients.read(files) == Granted()


def test_nine_real_agents_run_without_asking() -> None:
    """Nine settings bypass every question, two have an allow list without a shell."""
    files = real("agent-configs-witwave", "settings.json")
    found = [clients.read([file]) for file in files]
    assert len(files) == 12
    assert sum("run host" in resources(one) for one in found) == 9
    assert sum(bool(one.principals) and not one.grants for one in found) == 2
