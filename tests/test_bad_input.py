"""Whatever is wrong with what people hand in, nothing passes, and they learn what to do."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from blastlint.cli import run
from commands import REPO, blastlint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD = "version: 1\nname: example\n"
AGENT = "agents: {agent: {}}\n"
ROLE = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n"
    "metadata: {name: reader, namespace: shop}\n"
    "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n"
)
LIST = json.dumps({"tools": [{"name": "search", "inputSchema": {"type": "object"}}]})
RULE = (REPO / "rules" / "inventory" / "owner-not-a-team.yaml").read_text(encoding="utf-8")
RULE = RULE.replace("owner-not-a-team", "own-rule").replace("profile: pilot\n", "")
CUT = len('{"apiVersion": "v1", "kind": "List", "items": [{"kind": "Ro')


@dataclass(frozen=True)
class Link:
    """A symbolic link; it leads out of the folder of the test."""

    target: str


@dataclass(frozen=True)
class Sparse:
    """A file of a size that takes no place on the disk."""

    size: int


@dataclass(frozen=True)
class Folder:
    """A folder without anything in it."""


Content = str | bytes | Link | Sparse | Folder


@dataclass(frozen=True)
class Case:
    """What is handed in, and what must be said about it."""

    files: Mapping[str, Content]
    said: str
    """How the message starts."""
    place: str = ""
    """FILE:LINE:COLUMN; nothing if there is no file to point at."""
    help: str = ""
    """How the next step starts."""
    arguments: tuple[str, ...] = ("check", ".")
    also: tuple[str, ...] = field(default=())
    """Further text that must be there: the second place."""


def inventory(text: str = "", files: Mapping[str, Content] | None = None) -> dict[str, Content]:
    """Return an inventory with one agent and some text, and the files beside it."""
    agents = "" if "agents:" in text else AGENT
    return {"inventory.yaml": HEAD + agents + text, **(files or {})}


def evidence(
    file: Content | None, kind: str = "kubernetes-rbac", files: str = "[evidence/prod.yaml]"
) -> dict[str, Content]:
    """Return an inventory that names one file of evidence, and the file."""
    text = f"evidence:\n  prod: {{kind: {kind}, files: {files}}}\n"
    return inventory(text, None if file is None else {"evidence/prod.yaml": file})


EVIDENCE = "inventory.yaml:5:41"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30)
)

INVENTORIES = {
    "an empty folder": Case({}, "no inventory found in '.'", help="an inventory is a folder with"),
    "a path that does not exist": Case(
        {},
        "'nowhere' does not exist",
        help="an inventory is a folder with",
        arguments=("check", "nowhere"),
    ),
    "a device": Case(
        {},
        "'/dev/zero' is no file and no folder",
        help="an inventory is a folder",
        arguments=("check", "/dev/zero"),
    ),
    "an empty file": Case(
        {"inventory.yaml": ""}, "the file is empty", "inventory.yaml:1:1", "fill it"
    ),
    "no YAML": Case(
        {"inventory.yaml": "version: 1\nname: [a\nfoo: }\n"},
        "found ':' where ',' or ']' is expected",
        "inventory.yaml:3:4",
        "add the missing character",
        also=("opened here",),
    ),
    "bytes": Case(
        {"inventory.yaml": b"version: 1\nname: \xff\xfe\n"},
        "the byte 0xFF is not UTF-8",
        "inventory.yaml:2:7",
        "save the file as UTF-8",
    ),
    "a list": Case(
        {"inventory.yaml": "- agents\n"},
        "expected a map of sections, found a list",
        "inventory.yaml:1:1",
        "fields here: version, name",
    ),
    "no agent": Case(
        {"inventory.yaml": HEAD},
        "no agent is declared, nothing to judge",
        "inventory.yaml:1:1",
        "describe at least one agent",
    ),
    "a duplicate key": Case(
        inventory("systems:\n  stripe: {}\n  stripe: {}\n"),
        "the key 'stripe' stands twice in one map",
        "inventory.yaml:6:3",
        "remove one of the two",
        also=("first written here",),
    ),
    "an unknown key": Case(
        inventory("tools:\n  pay:\n    reversable: {class: irreversible}\n"),
        "unknown field 'reversable'",
        "inventory.yaml:6:5",
        "did you mean 'reversibility'?",
    ),
    "a wrong type": Case(
        inventory("tools:\n  pay: {timeout: 30}\n"),
        "expected a duration such as 30s, 15m, 24h or 30d, found the number 30",
        "inventory.yaml:5:18",
        "write a number and a unit",
    ),
    "a dangling id": Case(
        inventory("rotations: {payments: {}}\nsystems:\n  stripe: {on_call: payment}\n"),
        "'payment' is not in rotations",
        "inventory.yaml:6:21",
        "did you mean 'payments'?",
    ),
    "two files that claim one id": Case(
        inventory("systems:\n  stripe: {}\n", {"more.yaml": "systems:\n  stripe: {}\n"}),
        "'stripe' stands in two files of this inventory",
        "more.yaml:2:3",
        "remove one of the two",
        also=("--> inventory.yaml:5:3", "first written here"),
    ),
    "an anchor": Case(
        inventory("systems:\n  stripe: &all {}\n  adyen: *all\n"),
        "the anchor '&all' is not read here",
        "inventory.yaml:5:11",
        "write it out",
    ),
    "an alias bomb in an inventory": Case(
        {"inventory.yaml": HEAD + BOMB},
        "the anchor '&a0' is not read here",
        "inventory.yaml:3:5",
        "write it out",
    ),
    "10,000 brackets": Case(
        {"inventory.yaml": f"{HEAD}agents: {'[' * 10_000}{']' * 10_000}\n"},
        "nested deeper than 64 levels",
        "inventory.yaml:3:72",
        "flatten it",
    ),
    "10,000 braces that nothing closes": Case(
        {"inventory.yaml": f"{HEAD}agents: {'{a: ' * 10_000}"},
        "nested deeper than 64 levels",
        "inventory.yaml:3:261",
        "flatten it",
    ),
    "10,000 dashes": Case(
        {"inventory.yaml": f"{HEAD}agents:\n  {'- ' * 10_000}a\n"},
        "nested deeper than 64 levels",
        "inventory.yaml:4:128",
        "flatten it",
    ),
    "100 MB": Case(
        {"inventory.yaml": Sparse(100 * 2**20)},
        "'inventory.yaml' is larger than",
        "inventory.yaml:1:1",
        "split it",
    ),
    "100 MB in a part": Case(
        inventory("", {"more.yaml": Sparse(100 * 2**20)}),
        "'more.yaml' is larger than",
        "more.yaml:1:1",
        "split it",
    ),
    "a link to a file outside": Case(
        inventory("", {"more.yaml": Link("outside.yaml")}),
        "'more.yaml' is a link",
        "more.yaml:1:1",
        "links are not followed",
    ),
    "a root file that is a link": Case(
        {"inventory.yaml": Link("outside.yaml")},
        "'inventory.yaml' is a link",
        "inventory.yaml:1:1",
        "links are not followed",
    ),
    "a link to a folder outside": Case(
        inventory("", {"more": Link(".")}), "'more' is a link", "more:1:1", "links are not followed"
    ),
    "an include that leaves the folder": Case(
        inventory("include: [../outside.yaml]\n"),
        "'../outside.yaml' lies outside of what encloses this inventory",
        "inventory.yaml:4:11",
        "include files of the same git checkout",
    ),
    "one bad inventory of two": Case(
        {
            "good/inventory.yaml": HEAD + AGENT,
            "bad/inventory.yaml": f"{HEAD}{AGENT}toolz: {{}}\n",
        },
        "unknown field 'toolz'",
        "bad/inventory.yaml:4:1",
        "did you mean 'tools'?",
    ),
    "a waiver without a reason": Case(
        inventory(
            "waivers:\n  later: {rule: over-grant, subject: 'tool:pay', approved_by: the boss, "
            "expires: 2026-12-01}\n"
        ),
        "the field 'reason' is missing",
        "inventory.yaml:5:3",
        "add 'reason': why it is acceptable",
    ),
    "a waiver with an empty reason": Case(
        inventory(
            "waivers:\n  later:\n    rule: over-grant\n    subject: tool:pay\n    reason: ''\n"
            "    approved_by: the boss\n    expires: 2026-12-01\n"
        ),
        "expected some words, found ''",
        "inventory.yaml:8:13",
    ),
}

EVIDENCES = {
    "a missing file": Case(
        evidence(None),
        "'evidence' does not exist",
        EVIDENCE,
        "name a file that can be read; paths start at the folder of the inventory",
    ),
    "a misspelt file": Case(
        inventory(
            "evidence:\n  prod: {kind: kubernetes-rbac, files: [evidence/prd.yaml]}\n",
            {"evidence/prod.yaml": ROLE},
        ),
        "'evidence/prd.yaml' does not exist",
        EVIDENCE,
        "did you mean 'prod.yaml'?",
    ),
    "an empty folder": Case(
        evidence(Folder()), "'evidence/prod.yaml' holds no evidence", EVIDENCE, "its files end in"
    ),
    "an empty file": Case(
        evidence(""), "'evidence/prod.yaml' holds no evidence", EVIDENCE, "export it again"
    ),
    "a file of comments": Case(
        evidence("# nothing\n---\n---\n"),
        "'evidence/prod.yaml' holds no evidence",
        EVIDENCE,
        "export it again",
    ),
    "an empty file beside a good one": Case(
        inventory(
            "evidence:\n  prod: {kind: kubernetes-rbac, files: [evidence/a, evidence/b]}\n",
            {"evidence/a": ROLE, "evidence/b": ""},
        ),
        "'evidence/b' holds no evidence",
        "inventory.yaml:5:53",
        "export it again",
    ),
    "null": Case(
        evidence("null\n"),
        "no role, binding or service account stands in this evidence",
        "evidence/prod.yaml:1:1",
        "give the files that say who may do what",
    ),
    "no file": Case(
        evidence(None, files="[]"), "no file is named", "inventory.yaml:5:40", "name at least one"
    ),
    "JSON cut in the middle": Case(
        evidence(
            json.dumps({"apiVersion": "v1", "kind": "List", "items": [{"kind": "Role"}]})[:CUT]
        ),
        "the quote that opens here is never closed",
        "evidence/prod.yaml:1:57",
        "close it",
        also=(f"--> {EVIDENCE}", "named here"),
    ),
    "YAML cut in the middle": Case(
        evidence(ROLE[:-10]),
        "found the end of the file where ',' or '}' is expected",
        "evidence/prod.yaml:4:51",
        "add the missing character",
        also=("opened here", "named here"),
    ),
    "roles given as tools": Case(
        evidence(ROLE, kind="mcp-tools"),
        "expected the answer to tools/list, or a tool",
        "evidence/prod.yaml:1:1",
        "this looks like Kubernetes objects: use the kind kubernetes-rbac",
    ),
    "tools given as roles": Case(
        evidence(LIST),
        "expected a Kubernetes object with apiVersion and kind",
        "evidence/prod.yaml:1:1",
        "this looks like a list of MCP tools: use the kind mcp-tools",
    ),
    "an unknown kind": Case(
        evidence(ROLE, kind="kubernetes-rback"),
        "unknown kind of evidence 'kubernetes-rback'",
        "inventory.yaml:5:16",
        "did you mean 'kubernetes-rbac'?",
    ),
    "a template": Case(
        evidence("kind: {{ .Values.kind }}\n"),
        "this looks like a template that has not been rendered",
        "evidence/prod.yaml:1:8",
        "render it first",
    ),
    "a link to a file outside": Case(
        evidence(Link("outside.yaml")),
        "'evidence/prod.yaml' is a link",
        "evidence/prod.yaml:1:1",
        "links are not followed",
    ),
    "a path that leaves the folder": Case(
        evidence(None, files="[../outside.yaml]"),
        "'../outside.yaml' leads out of its directory",
        EVIDENCE,
        "move the file inside",
    ),
    "an absolute path": Case(
        evidence(None, files="[/etc/passwd]"),
        "'/etc/passwd' is an absolute path",
        EVIDENCE,
        "write it relative",
    ),
    "an alias bomb": Case(
        evidence(BOMB),
        "aliases make this text too long",
        "evidence/prod.yaml:6:15",
        "write it out",
        also=("named here",),
    ),
    "10,000 brackets": Case(
        evidence("[" * 10_000 + "]" * 10_000),
        "nested deeper than 200 levels",
        "evidence/prod.yaml:1:201",
        "flatten it",
    ),
    "10,000 dashes": Case(
        evidence("- " * 10_000 + "a\n"),
        "nested deeper than 200 levels",
        "evidence/prod.yaml:1:400",
        "flatten it",
    ),
    "100 MB": Case(
        evidence(Sparse(100 * 2**20)),
        "'evidence/prod.yaml' is larger than",
        EVIDENCE,
        "split it",
    ),
}

PACK = ("check", ".", "--rules", "../pack")


def rule(before: str, after: str) -> dict[str, Content]:
    """Return a good inventory, and beside it a pack whose rule is changed in one place."""
    text = RULE.replace(before, after, 1)
    assert text != RULE
    return inventory("", {"../pack/own-rule.yaml": text})


WHEN = "when: team.owns > 0 && team.members < 2"
PACKS = {
    "a misspelt field": Case(
        rule("severity:", "severty:"),
        "unknown field 'severty'",
        "../pack/own-rule.yaml:4:1",
        "did you mean 'severity'?",
        PACK,
        also=("the field 'severity' is missing",),
    ),
    "a wrong type": Case(
        rule("severity: warning", "severity: 3"),
        "expected one of error, warning, note, found the number 3",
        "../pack/own-rule.yaml:4:11",
        arguments=PACK,
    ),
    "an unknown subject": Case(
        rule("each: team", "each: teem"),
        "no rule can look at each 'teem'",
        "../pack/own-rule.yaml:6:7",
        "did you mean 'team'?",
        PACK,
    ),
    "a condition that ends too early": Case(
        rule(WHEN, "when: team.members <"),
        "the expression ends too early, after '<'",
        "../pack/own-rule.yaml:7:20",
        "write a comparison",
        PACK,
    ),
    "a condition with two operators": Case(
        rule(WHEN, "when: team.members < && true"),
        "unexpected '&&'",
        "../pack/own-rule.yaml:7:22",
        "write a comparison",
        PACK,
    ),
    "an unknown field in a condition": Case(
        rule(WHEN, "when: team.membrs < 2"),
        "unknown field of Team: 'membrs'",
        "../pack/own-rule.yaml:7:12",
        "did you mean 'members'?",
        PACK,
    ),
    "a condition that is no condition": Case(
        rule(WHEN, "when: team.members"),
        "the expression is an int, not a bool",
        "../pack/own-rule.yaml:7:7",
        "write one that gives a bool",
        PACK,
    ),
    "10,000 brackets in a condition": Case(
        rule(WHEN, f"when: {'(' * 1_500}true{')' * 1_500}"),
        "nested more than 32 deep",
        "../pack/own-rule.yaml:7:7",
        "split the rule",
        PACK,
    ),
    "an unknown field in a message": Case(
        rule("{team.id} owns", "{team.nam} owns"),
        "unknown field of Team: 'nam'",
        "../pack/own-rule.yaml:9:10",
        "known: ",
        PACK,
    ),
    "an id that is not the file's name": Case(
        rule("id: own-rule", "id: other-rule"),
        "the rule's id is 'other-rule', its file is called 'own-rule.yaml'",
        "../pack/own-rule.yaml:2:5",
        "rename the file to other-rule.yaml",
        PACK,
    ),
    "an empty file": Case(
        inventory("", {"../pack/own-rule.yaml": ""}),
        "the file is empty",
        "../pack/own-rule.yaml:1:1",
        "fill it",
        PACK,
    ),
    "an empty folder": Case(
        inventory("", {"../pack": Folder()}),
        "no rule found in '../pack'",
        help="a rule is a .yaml file",
        arguments=PACK,
    ),
    "no folder": Case(
        inventory(), "there is no folder '../pack'", help="rules are read from", arguments=PACK
    ),
    "a file in place of a folder": Case(
        inventory("", {"../pack": "a rule\n"}),
        "there is no folder '../pack'",
        help="rules are read from",
        arguments=PACK,
    ),
    "an id that is taken": Case(
        inventory(
            "", {"../pack/owner-not-a-team.yaml": RULE.replace("own-rule", "owner-not-a-team")}
        ),
        "two rules are called 'owner-not-a-team'",
        "../pack/owner-not-a-team.yaml:2:5",
        "rename one of them",
        PACK,
        also=("the first one",),
    ),
    "100 MB": Case(
        inventory("", {"../pack/own-rule.yaml": Sparse(100 * 2**20)}),
        "'../pack/own-rule.yaml' is larger than",
        "../pack/own-rule.yaml:1:1",
        "split it",
        PACK,
    ),
    "a policy's pack that does not exist": Case(
        inventory("policy: {packs: [nowhere]}\n"),
        "there is no folder 'nowhere'",
        "inventory.yaml:4:18",
        "a pack is a folder with rule files",
    ),
    "a policy's pack outside": Case(
        inventory("policy: {packs: [../pack]}\n", {"../pack/own-rule.yaml": RULE}),
        "'../pack' lies outside of what encloses this inventory",
        "inventory.yaml:4:18",
    ),
    "a policy's pack on the machine": Case(
        inventory("policy: {packs: [/etc]}\n"),
        "'/etc' is not a path relative to this file",
        "inventory.yaml:4:18",
    ),
    "a policy's pack that is empty": Case(
        inventory("policy: {packs: [pack]}\n", {"pack": Folder()}),
        "no rule found in 'pack'",
        help="a rule is a .yaml file",
    ),
    "a policy's rule that does not exist": Case(
        inventory("policy: {rules: {over-grnt: off}}\n"),
        "there is no rule 'over-grnt'",
        "inventory.yaml:4:29",
        "did you mean 'over-grant'?",
    ),
    "a rule in the inventory": Case(
        inventory("", {"own-rule.yaml": RULE}),
        "a rule is no part of an inventory",
        "own-rule.yaml:6:1",
        "name its folder in policy.packs",
    ),
}

USAGES = {
    "an unknown command": Case(
        {}, "there is no command 'chek'", help="did you mean 'check'?", arguments=("chek",)
    ),
    "an unknown option": Case(
        {},
        "unrecognized arguments: --form",
        help="blastlint --help tells what can be written",
        arguments=("check", "--form"),
    ),
    "an unknown format": Case(
        {},
        "argument -f/--format: there is no format 'xml'; the formats are: text, concise,",
        help="blastlint check --help tells",
        arguments=("check", "-f", "xml"),
    ),
    "a day that is none": Case(
        {},
        "argument --as-of: '2026-02-30' is not a day such as 2026-06-02",
        help="blastlint check --help tells",
        arguments=("check", "--as-of", "2026-02-30"),
    ),
    "a week": Case(
        {},
        "argument --as-of: '2026-W01-1' is not a day such as 2026-06-02",
        help="blastlint check --help tells",
        arguments=("check", "--as-of", "2026-W01-1"),
    ),
    "no agent to ask about": Case(
        {},
        "the following arguments are required: AGENT",
        help="blastlint reach --help tells",
        arguments=("reach",),
    ),
    "a rule to select that does not exist": Case(
        inventory(),
        "there is no rule 'over-grnt'",
        help="did you mean 'over-grant'?",
        arguments=("check", "--select", "over-grnt"),
    ),
    "a rule to explain that does not exist": Case(
        {},
        "there is no rule 'over-grnt'",
        help="did you mean 'over-grant'?",
        arguments=("explain", "over-grnt"),
    ),
    "an agent that does not exist": Case(
        inventory(),
        "there is no agent 'agnt'",
        help="did you mean 'agent'?",
        arguments=("reach", "agnt"),
    ),
    "a system that does not exist": Case(
        inventory(),
        "there is no system 'stripe'",
        help="there is none",
        arguments=("reach", "agent", "--to", "stripe"),
    ),
    "two formats on the standard output": Case(
        inventory(),
        "two formats would share the standard output",
        help="give each --format an --output of its own",
        arguments=("check", "-f", "json", "-f", "text"),
    ),
    "two formats in one file": Case(
        inventory(),
        "two formats would share one file",
        help="give each --format an --output of its own",
        arguments=("check", "-f", "json", "-o", "report", "-f", "html", "-o", "./report"),
    ),
    "an output without a format": Case(
        inventory(),
        "--output a does not follow a --format of its own",
        help="write each --output after its --format",
        arguments=("check", "-o", "a", "-f", "json", "-o", "b"),
    ),
    "two outputs for a format": Case(
        inventory(),
        "--output b does not follow a --format of its own",
        help="write each --output after its --format",
        arguments=("check", "-f", "html", "-f", "json", "-o", "a", "-o", "b"),
    ),
    "an output in a folder that does not exist": Case(
        inventory(),
        "cannot write 'nowhere/report.json': no such file or directory",
        help="choose another --output",
        arguments=("check", "-f", "json", "-o", "nowhere/report.json"),
    ),
    "an output that is a folder": Case(
        inventory("", {"reports": Folder()}),
        "cannot write 'reports': is a directory",
        help="choose another --output",
        arguments=("check", "-f", "json", "-o", "reports"),
    ),
    "grants from a file that does not exist": Case(
        {"roles.yaml": ROLE},
        "'role.yaml' does not exist",
        "role.yaml:1:1",
        "did you mean 'roles.yaml'?",
        ("grants", "kubernetes-rbac", "role.yaml"),
    ),
    "grants from an empty file": Case(
        {"roles.yaml": ""},
        "'roles.yaml' holds no evidence",
        help="export it again",
        arguments=("grants", "kubernetes-rbac", "roles.yaml"),
    ),
    "grants of an unknown kind": Case(
        {"roles.yaml": ROLE},
        "unknown kind of evidence 'kubernets-rbac'",
        help="did you mean 'kubernetes-rbac'?",
        arguments=("grants", "kubernets-rbac", "roles.yaml"),
    ),
    "grants of a principal that nothing is said of": Case(
        {"roles.yaml": ROLE.replace("rules: ", "x: ")[: ROLE.index("rules")] + "rules: []\n"},
        "there is no principal 'system:serviceaccount:shop:till'",
        help="there is none",
        arguments=(
            "grants",
            "kubernetes-rbac",
            "roles.yaml",
            "--for",
            "system:serviceaccount:shop:till",
        ),
    ),
    "rules to test that do not exist": Case(
        {},
        "there is no folder 'pack'",
        help="rules are read from a folder",
        arguments=("test-rules", "pack"),
    ),
}

CASES = {
    f"{group}: {name}": case
    for group, cases in {
        "inventory": INVENTORIES,
        "evidence": EVIDENCES,
        "pack": PACKS,
        "command": USAGES,
    }.items()
    for name, case in cases.items()
}


def lay_out(files: Mapping[str, Content], folder: Path) -> Path:
    """Write the files of a case into a folder of their own; links lead to a file beside it."""
    here = folder / "here"
    here.mkdir()
    (folder / "outside.yaml").write_text(ROLE, encoding="utf-8")
    for name, content in files.items():
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        match content:
            case str():
                path.write_text(content, encoding="utf-8")
            case bytes():
                path.write_bytes(content)
            case Link(target):
                path.symlink_to(folder / target)
            case Folder():
                path.mkdir()
            case Sparse(size):
                with path.open("wb") as file:
                    file.truncate(size)
    return here


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_nothing_is_judged_and_the_place_is_named(case: Case, tmp_path: Path) -> None:
    """Exit code 2, an empty standard output, and a message with its place and the next step."""
    here = lay_out(case.files, tmp_path)
    before = sorted(here.rglob("*"))
    done = blastlint(*case.arguments, cwd=here)
    refused(done.returncode, done.stdout, done.stderr)
    assert f"error: {case.said}" in done.stderr
    assert not case.place or f"--> {case.place}\n" in done.stderr
    assert not case.help or f"= help: {case.help}" in done.stderr
    assert [text for text in case.also if text not in done.stderr] == []
    assert sorted(here.rglob("*")) == before, "nothing is left behind"


def refused(code: int, out: str, err: str) -> None:
    """Assert that a run says that nothing was judged, and says nothing else."""
    assert code == 2, err
    assert out == ""
    assert "Traceback" not in err
    assert err.splitlines()[-1].endswith(": nothing was judged")


def test_help_and_version_are_no_refusals() -> None:
    """What ends well is told apart from what does not by its exit code alone."""
    assert blastlint("--version").returncode == blastlint("check", "--help").returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads files of every mode")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    """Evidence that its owner has locked is refused, not skipped."""
    here = lay_out(evidence(ROLE), tmp_path)
    (here / "evidence" / "prod.yaml").chmod(0)
    done = blastlint("check", ".", cwd=here)
    refused(done.returncode, done.stdout, done.stderr)
    assert "may not be read: permission denied" in done.stderr
    assert f"--> {EVIDENCE}\n" in done.stderr


# --- waivers ------------------------------------------------------------------------------------

WAIVED = """\
agents: {agent: {owner: support, principal: {kind: agent, id: app/agent}}}
teams: {support: {members: 1}}
waivers:
  later:
    rule: owner-not-a-team
    subject: team:SUBJECT
    reason: Two people start in July.
    approved_by: PERSON
    expires: DAY
"""


def judged(tmp_path: Path, subject: str, person: str, day: str) -> tuple[int, str, str]:
    """Judge an inventory with one finding and one waiver, by the two rules that this is about."""
    text = WAIVED.replace("SUBJECT", subject).replace("PERSON", person).replace("DAY", day)
    here = lay_out(inventory(text), tmp_path)
    rules = ("--select", "owner-not-a-team,waiver-invalid")
    done = blastlint("check", ".", "-f", "concise", "--as-of", "2026-06-02", *rules, cwd=here)
    return done.returncode, done.stdout, done.stderr


def test_a_waiver_that_holds(tmp_path: Path) -> None:
    """On its last day a waiver still accepts its finding, which stays visible."""
    code, out, err = judged(tmp_path, "support", "head of support", "2026-06-02")
    assert (code, err) == (0, "")
    assert "ready" in out
    assert "1 waived" in out


@pytest.mark.parametrize(
    ("subject", "person", "day", "said"),
    [
        ("support", "head of support", "2026-06-01", "later has ended"),
        ("payments", "head of support", "2026-12-01", "later accepts nothing that is found"),
        ("support", "app/agent", "2026-12-01", "later was approved by an agent"),
        ("support", "agent:agent", "2026-12-01", "later was approved by an agent"),
    ],
    ids=["expired", "orphaned", "approved by its principal", "approved by its id"],
)
def test_a_waiver_that_does_not_hold(
    subject: str, person: str, day: str, said: str, tmp_path: Path
) -> None:
    """A waiver that is over, fits nothing, or is an agent's own, blocks the launch at its line."""
    code, out, err = judged(tmp_path, subject, person, day)
    assert (code, err) == (1, "")
    assert f"inventory.yaml:6:3: error[waiver-invalid] {said}" in out
    assert "example: blocked" in out


def test_a_waiver_of_a_rule_that_does_not_exist(tmp_path: Path) -> None:
    """A misspelt rule leaves the waiver without anything to accept, and the finding open."""
    text = WAIVED.replace("rule: owner-not-a-team", "rule: owner-no-team").replace("SUBJECT", "x")
    here = lay_out(inventory(text.replace("PERSON", "me").replace("DAY", "2026-12-01")), tmp_path)
    done = blastlint("check", ".", "-f", "concise", "--as-of", "2026-06-02", cwd=here)
    assert done.returncode == 1
    assert "error[waiver-invalid] later accepts nothing that is found" in done.stdout


# --- rules without end, and a machine in trouble --------------------------------------------------

LOOPS = "when: agent.tools.all(a, agent.tools.all(b, a.id == b.id || a.id != b.id))"


def endless(folder: Path, inventories: int = 1) -> Path:
    """Write inventories of 20 tools, and a rule that looks at each pair of them."""
    tools = "".join(f"  tool-{n}: {{agents: [agent]}}\n" for n in range(20))
    files = {f"{n}/inventory.yaml": f"{HEAD}{AGENT}tools:\n{tools}" for n in range(inventories)}
    text = RULE.split("examples:", maxsplit=1)[0].replace(WHEN, LOOPS)
    text = text.replace("each: team", "each: agent").replace("at: team.members\n", "")
    head, _, rest = text.partition("message: >-")
    _, _, why = rest.partition("why:")
    text = f'{head}message: "{{agent.id}}"\nwhy:{why}examples: []\n'
    return lay_out({**files, "../pack/own-rule.yaml": text}, folder)


@pytest.mark.parametrize(("inventories", "steps"), [(1, 419), (3, 419 * 3)])
def test_a_rule_that_takes_too_many_steps(
    inventories: int,
    steps: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A rule that does not come to an end stops the run; it never counts as finding nothing."""
    monkeypatch.chdir(endless(tmp_path, inventories))
    arguments = ("check", "--rules", "../pack", "--select", "own-rule", "--fail-on", "never")
    monkeypatch.setattr("blastlint.check.STEPS", steps)
    code = run(arguments)
    said = capsys.readouterr()
    refused(code, said.out, said.err)
    assert "the rule 'own-rule' takes too many steps to judge the inventory 'example'" in said.err
    assert "--> ../pack/own-rule.yaml:7:7" in said.err
    monkeypatch.setattr("blastlint.check.STEPS", steps + inventories)
    assert run(arguments) == 0
