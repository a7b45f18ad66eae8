"""The command line keeps its promises: what is printed, where it goes, and the exit code."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from blastlint import options
from blastlint.cli import run
from blastlint.commands import COMMANDS
from blastlint.options import FORMATS, SCHEMAS
from blastlint.rules import PROFILES
from blastlint.version import __version__
from commands import HANG, REPO, blastlint, environment, python

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[..., tuple[int, str, str]]

INVENTORIES = REPO / "inventories"
PROMETHEUS = REPO.parent / "shared" / "corpora" / "k8s-kube-prometheus"
DAY = ("--as-of", "2026-06-02")
ESCAPE = "\x1b["
OWNED = """\
version: 1
name: example
agents: {agent: {owner: support}}
teams: {support: {members: 1}}
policy: {rules: {owner-not-a-team: SEVERITY}}
"""
"""An inventory in which the rule owner-not-a-team finds one thing."""
WAIVER = """\
waivers:
  later:
    rule: owner-not-a-team
    subject: team:support
    reason: Two people start in July.
    approved_by: head of support
    expires: 2026-12-01
"""


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in the repository, with 100 columns, and as if nobody had asked about colour."""
    monkeypatch.chdir(REPO)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command in this process: exit code, standard output, standard error."""

    def ask(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        out = capsys.readouterr()
        return code, out.out, out.err

    return ask


# --- help ---------------------------------------------------------------------------------------


def test_the_help_screen(said: Ask, golden: Callable[[Path, str], None]) -> None:
    """The first screen that a newcomer sees is looked at whenever it changes."""
    code, out, err = said("--help")
    assert (code, err) == (0, "")
    golden(REPO / "tests" / "golden" / "help.txt", out)


def test_no_argument_is_a_question_for_help(said: Ask) -> None:
    """Who types the name alone learns what to type next."""
    assert said() == said("--help")


def test_the_help_of_check(said: Ask) -> None:
    """Every option is explained, with examples that can be copied and the exit codes."""
    code, out, err = said("check", "--help")
    assert (code, err) == (0, "")
    options = ["--format", "--output", "--as-of", "--rules", "--select", "--ignore", "--fail-on"]
    assert [option for option in options if f"{option} " not in out] == []
    assert [form for form in FORMATS if form not in out] == []
    assert "examples:\n  blastlint check " in out
    assert "exit codes: 0 " in out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, said: Ask) -> None:
    """Help is printed for every command, and none of it is left empty."""
    code, out, err = said(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: blastlint {command} ")


def test_the_version(said: Ask) -> None:
    """The version is the same by the short way, by the long way and in the package."""
    assert said("--version") == said("-V") == (0, f"blastlint {__version__}\n", "")
    assert blastlint("--version").stdout == f"blastlint {__version__}\n"


# --- exit codes ---------------------------------------------------------------------------------


def test_ready_is_0(said: Ask) -> None:
    """An inventory in which nothing is found passes."""
    code, out, err = said("check", "inventories/clean-support", *DAY)
    assert (code, err) == (0, "")
    assert out.startswith("clean-support: ready")
    assert "nothing found" in out


def test_blocked_is_1(said: Ask) -> None:
    """An inventory with an error does not pass, and the report is on the standard output."""
    code, out, err = said("check", "inventories/refund-agent", *DAY)
    assert (code, err) == (1, "")
    assert "refund-agent: blocked" in out


def test_cannot_tell_is_1(tmp_path: Path, said: Ask) -> None:
    """An inventory that states nothing does not pass either."""
    text = "version: 1\nname: example\nagents: {agent: {lifecycle: production}}\n"
    (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
    code, out, _ = said("check", str(tmp_path), *DAY)
    assert code == 1
    assert "example: cannot-tell" in out


def test_nothing_judged_is_2(said: Ask) -> None:
    """What could not be read did not pass; the reason is on the standard error alone."""
    code, out, err = said("check", "nowhere")
    assert (code, out) == (2, "")
    assert err.endswith("1 problem: nothing was judged\n")


def test_a_fault_is_3(said: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program is told apart from everything that is wrong with the input."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("blastlint.check.check", broken)
    code, out, err = said("check", "inventories/clean-support")
    assert (code, out) == (3, "")
    assert "ZeroDivisionError" in err
    assert f"This is a fault of blastlint {__version__}, not of your files." in err
    assert err.endswith("\nnothing was judged\n")


@pytest.mark.parametrize("command", [("schema", "report"), ("rules",)], ids=["schema", "rules"])
def test_an_installation_that_lost_files(command: tuple[str, ...]) -> None:
    """A schema or rules that are gone are named; that is no fault of the program."""
    lost = "import sys; from blastlint import cli, data; data._PACKAGE = '/nowhere/at/all'; "
    done = python("-c", f"{lost}sys.exit(cli.run({command}))")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "/nowhere/" in done.stderr
    assert done.stderr.endswith("1 problem: nothing was judged\n")


@pytest.mark.parametrize("form", FORMATS)
def test_the_exit_code_never_depends_on_the_format(form: str, tmp_path: Path, said: Ask) -> None:
    """Whoever adds a report for a machine does not switch the gate off."""
    blocked, clean = REPO / "inventories/refund-agent", REPO / "inventories/clean-support"
    for folder, code in ((blocked, 1), (clean, 0)):
        command = ["check", str(folder), "--as-of", "2026-06-02", "-f", form]
        assert said(*command)[0] == code
        assert said(*command, "-o", str(tmp_path / "out"))[0] == code
    assert said("check", str(blocked), "-f", form, "--fail-on", "never")[0] == 0


@pytest.mark.parametrize(
    ("severity", "fails"),
    [
        ("error", ["error", "warning", "note"]),
        ("warning", ["warning", "note"]),
        ("note", ["note"]),
        ("off", []),
    ],
)
def test_fail_on(severity: str, fails: list[str], tmp_path: Path, said: Ask) -> None:
    """Findings as grave as asked make the exit code 1; `never` makes it 0 whatever is found."""
    text = OWNED.replace("SEVERITY", severity)
    (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
    arguments = ("check", str(tmp_path), *DAY, "--select", "owner-not-a-team,waiver-invalid")
    levels = ("error", "warning", "note", "never")
    codes = {level: said(*arguments, "--fail-on", level)[0] for level in levels}
    assert [level for level in levels if codes[level]] == fails
    assert set(codes.values()) <= {0, 1}
    if severity != "off":
        (tmp_path / "inventory.yaml").write_text(text + WAIVER, encoding="utf-8")
        assert said(*arguments, "--fail-on", "note")[0] == 0, "what is waived does not fail"


# --- choosing rules -----------------------------------------------------------------------------


def rules_found(out: str) -> set[str]:
    """Return the ids of the rules that found something, from a JSON report."""
    (inventory,) = json.loads(out)["inventories"]
    return {finding["rule"] for finding in inventory["findings"]}


def test_select_and_ignore(said: Ask) -> None:
    """Only the rules that are asked for judge, and none of those that are left out."""
    check = ("check", "inventories/refund-agent", *DAY, "-f", "json")
    every = rules_found(said(*check)[1])
    some = sorted(every)[:3]
    assert rules_found(said(*check, "--select", ",".join(some))[1]) == set(some)
    assert rules_found(said(*check, "--select", some[0], "--select", some[1])[1]) == set(some[:2])
    assert rules_found(said(*check, "--ignore", ",".join(some))[1]) == every - set(some)
    both = said(*check, "--select", ",".join(some), "--ignore", some[0])[1]
    assert rules_found(both) == set(some[1:])


def test_a_limited_run_leaves_other_waivers_alone(tmp_path: Path, said: Ask) -> None:
    """A waiver is not called useless because its rule did not judge this time."""
    text = OWNED.replace("SEVERITY", "warning") + WAIVER
    (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
    check = ("check", str(tmp_path), *DAY)
    assert said(*check, "--select", "waiver-invalid")[0] == 0
    assert said(*check, "--select", "waiver-invalid,owner-not-a-team")[0] == 0


def test_a_rule_of_a_policys_pack_can_be_selected(tmp_path: Path, said: Ask) -> None:
    """Rules that only one inventory brings along are selected, listed and counted like others."""
    rule = (REPO / "rules" / "inventory" / "owner-not-a-team.yaml").read_text(encoding="utf-8")
    (tmp_path / "pack").mkdir()
    own = rule.replace("owner-not-a-team", "own-rule")
    (tmp_path / "pack" / "own-rule.yaml").write_text(own, encoding="utf-8")
    text = OWNED.replace("rules: {owner-not-a-team: SEVERITY}", "packs: [pack]")
    (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
    check = ("check", str(tmp_path), *DAY, "-f", "sarif")
    (result,) = json.loads(said(*check, "--select", "own-rule")[1])["runs"]
    assert [rule["id"] for rule in result["tool"]["driver"]["rules"]] == ["own-rule"]
    assert [found["ruleId"] for found in result["results"]] == ["own-rule"]
    twice = ("--rules", str(tmp_path / "pack"), "--select", "own-rule")
    (result,) = json.loads(said(*check, *twice)[1])["runs"]
    assert len(result["results"]) == 1, "a pack that is named twice judges once"


# --- outputs ------------------------------------------------------------------------------------


def test_every_format_at_once(tmp_path: Path, said: Ask) -> None:
    """One run writes every format; each file holds what the format alone would print."""
    check = ("check", "inventories/refund-agent", *DAY)
    files = [("-f", form, "-o", str(tmp_path / form)) for form in FORMATS if form != "text"]
    code, out, err = said(*check, "-f", "text", *(word for words in files for word in words))
    assert (code, err) == (1, "")
    assert out == said(*check)[1]
    for form in FORMATS:
        if form != "text":
            assert (tmp_path / form).read_text(encoding="utf-8") == said(*check, "-f", form)[1]
    assert len(list(tmp_path.iterdir())) == len(FORMATS) - 1


def test_an_output_without_a_format_is_text(tmp_path: Path, said: Ask) -> None:
    """`--output` alone writes what would have been printed."""
    check = ("check", "inventories/clean-support", *DAY)
    assert said(*check, "-o", str(tmp_path / "report")) == (0, "", "")
    assert (tmp_path / "report").read_text(encoding="utf-8") == said(*check)[1]


def test_an_output_follows_a_link_and_leaves_devices_alone(tmp_path: Path, said: Ask) -> None:
    """What a name stands for is written to; the name itself stays what it is."""
    check = ("check", "inventories/clean-support", *DAY, "-o")
    (tmp_path / "link").symlink_to(tmp_path / "report")
    assert said(*check, str(tmp_path / "link"))[0] == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report").read_text(encoding="utf-8").startswith("clean-support: ready")
    assert said(*check, os.devnull)[0] == 0
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("name", sorted(path.name for path in INVENTORIES.iterdir()))
def test_the_report_is_what_its_schema_says(name: str, said: Ask) -> None:
    """Whoever reads the JSON can rely on the published schema."""
    schema = json.loads((REPO / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    report = json.loads(said("check", f"inventories/{name}", *DAY, "-f", "json")[1])
    assert list(Draft202012Validator(schema).iter_errors(report)) == []


# --- colour -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
    ],
)
def test_colour(
    variables: dict[str, str], *, coloured: bool, said: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is coloured in a pipe unless that is asked for; who wants no colour gets none."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert (ESCAPE in said("check", "inventories/refund-agent", *DAY)[1]) == coloured
    assert (ESCAPE in said("check", "nowhere")[2]) == coloured
    assert ESCAPE not in said("check", "inventories/refund-agent", *DAY, "-f", "markdown")[1]


def test_a_file_is_never_coloured(
    tmp_path: Path, said: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Colours are for terminals, whatever the environment says."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    said("check", "inventories/refund-agent", *DAY, "-o", str(tmp_path / "report"))
    assert ESCAPE not in (tmp_path / "report").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_is_coloured(variables: dict[str, str], *, coloured: bool) -> None:
    """On a terminal the report is coloured, unless somebody wants none."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "blastlint", "check", "inventories/clean-support", *DAY]
    env = {**environment(), **variables}
    done = subprocess.run(
        command, cwd=REPO, env=env, stdout=theirs, check=False, timeout=HANG, stdin=theirs
    )
    os.close(theirs)
    printed = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert (ESCAPE in printed) == coloured


# --- streams that fail --------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("rules",), ("schema", "inventory"), ("--help",)])
def test_a_reader_that_stops_reading(command: tuple[str, ...]) -> None:
    """`blastlint rules | head -1` ends in silence."""
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "blastlint", *command],
        env=environment(),
        stdout=theirs,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
        timeout=HANG,
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (2, "")


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `blastlint` is the command."""
    program = f'"{sys.executable}" -m blastlint'
    return subprocess.run(
        ["sh", "-c", command.replace("blastlint", program)],
        cwd=REPO,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=HANG,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")
@pytest.mark.parametrize("command", ["rules", "--version", "check inventories/clean-support"])
def test_a_closed_output(command: str) -> None:
    """A report that nobody could see is not given."""
    done = shell(f"blastlint {command} >&-")
    assert done.returncode == 2
    assert done.stderr.startswith("error: the standard output is closed\n")
    assert done.stderr.endswith("1 problem: nothing was judged\n")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")
def test_a_closed_error_output() -> None:
    """The exit code is right even if nobody can be told why."""
    assert shell("blastlint check nowhere 2>&-").returncode == 2
    assert shell("blastlint check nowhere >&- 2>&-").returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("command", ["rules", "--help", "check inventories/clean-support"])
def test_a_full_disk(command: str) -> None:
    """A report that could not be written is not given, in one line and without a traceback."""
    done = shell(f"blastlint {command} >/dev/full")
    assert done.returncode == 2
    assert done.stderr == (
        "error: cannot write to the standard output: no space left on device\n"
        "1 problem: nothing was judged\n"
    )


# --- reach and grants ---------------------------------------------------------------------------


def test_reach_in_text(said: Ask) -> None:
    """Everything that an agent can do, with the way to it, and how much of it nobody declared."""
    code, out, err = said("reach", "refund-agent", "inventories/refund-agent")
    assert (code, err) == (0, "")
    assert "stripe: create on payouts  (latent, proven, NOT DECLARED)\n    1 " in out
    assert out.splitlines()[-1].startswith("refund-agent reaches ")


def test_reach_in_json(said: Ask) -> None:
    """Every row says what, how surely, whether it is declared, and the way hop by hop."""
    ask = ("reach", "refund-agent", "inventories/refund-agent", "-f", "json")
    rows = json.loads(said(*ask)[1])
    keys = [
        "agent",
        "system",
        "resource",
        "actions",
        "effects",
        "certainty",
        "declared",
        "reach",
        "path",
    ]
    assert [row for row in rows if not set(keys) <= set(row)] == []
    (payouts,) = [row for row in rows if row["resource"] == "payouts"]
    assert (payouts["actions"], payouts["declared"]) == (["create"], False)
    assert payouts["path"]["hops"][0]["from"] == "agent refund-agent"
    only = json.loads(said(*ask, "--to", "stripe")[1])
    assert only == [row for row in rows if row["system"] == "stripe"]


@pytest.fixture
def prometheus() -> str:
    """Return the folder with the manifests of a real monitoring stack."""
    if not PROMETHEUS.is_dir():
        pytest.skip("the shared corpora are not here")
    return str(PROMETHEUS)


def test_grants_in_json(prometheus: str, said: Ask) -> None:
    """Every service account is listed with what it holds; what is not defined is not dropped."""
    code, out, err = said("grants", "kubernetes-rbac", prometheus, "-f", "json")
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    assert [p["principal"] for p in answer["principals"]] == [
        f"system:serviceaccount:monitoring:{name}"
        for name in [
            "alertmanager-main",
            "blackbox-exporter",
            "grafana",
            "kube-state-metrics",
            "node-exporter",
            "prometheus-adapter",
            "prometheus-k8s",
            "prometheus-operator",
        ]
    ]
    assert len(answer["unresolved"]) == 2
    assert "system:auth-delegator" in answer["unresolved"][0]["what"]
    assert "extension-apiserver-authentication-reader" in answer["unresolved"][1]["what"]
    held = {p["principal"].rpartition(":")[2]: p["grants"] for p in answer["principals"]}
    assert held["grafana"] == []
    secrets = [g for g in held["prometheus-operator"] if g["resource"] == "/secrets"]
    assert {grant["action"] for grant in secrets} == {"*"}


def test_grants_in_text(prometheus: str, said: Ask) -> None:
    """The same for people, who may ask about one principal alone."""
    code, out, err = said("grants", "kubernetes-rbac", prometheus)
    assert (code, err) == (0, "")
    assert out.count("\nunresolved: ") == 2
    assert out.splitlines()[-1].startswith("8 principals, ")
    assert out.splitlines()[-1].endswith(" 2 unresolved")
    ask = ("grants", "kubernetes-rbac", prometheus, "--for")
    one = said(*ask, "system:serviceaccount:monitoring:grafana")[1]
    assert one.startswith("system:serviceaccount:monitoring:grafana\n  nothing\n")
    assert "1 principal, 0 grants" in one


# --- the manual ---------------------------------------------------------------------------------


def test_explain(said: Ask) -> None:
    """A rule's page says what, why, how it decides, bad, good, what to do and where to read on."""
    code, out, err = said("explain", "undeclared-blast-path")
    assert (code, err) == (0, "")
    assert out.startswith("undeclared-blast-path (error, Reach)\n")
    parts = ["Why", "Bad", "Good", "Fix", "How it decides", "Profile", "References", "Tags"]
    assert [part for part in parts if f"\n\n{part}\n" not in out] == []


def test_rules(said: Ask) -> None:
    """Every rule file is a line of the list, in text and in JSON."""
    names = sorted(path.stem for path in (REPO / "rules").rglob("*.yaml"))
    code, out, err = said("rules")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[:-1]] == names
    assert out.splitlines()[-1] == f"{len(names)} rules"
    assert [rule["id"] for rule in json.loads(said("rules", "-f", "json")[1])] == names


def test_rules_of_a_profile(said: Ask) -> None:
    """What a profile asks for can be listed, and is more under a stricter one."""
    listed = {}
    for name in PROFILES:
        rules = json.loads(said("rules", "--profile", name, "-f", "json")[1])
        listed[name] = {rule["id"]: rule for rule in rules}
    pilot, production, regulated = (set(listed[name]) for name in PROFILES)
    assert pilot < production <= regulated
    assert {rule["profile"] for rule in listed["pilot"].values()} == {"pilot"}
    lines = said("rules", "--profile", "pilot")[1].splitlines()
    assert {line.split()[0] for line in lines[:-1]} == pilot
    assert {line.split()[2] for line in lines[:-1]} == {"pilot"}
    assert options.PROFILES == PROFILES


def test_rules_of_a_pack_of_one_profile(tmp_path: Path, said: Ask) -> None:
    """The severity is the one that the profile gives."""
    rule = (REPO / "rules" / "inventory" / "owner-not-a-team.yaml").read_text(encoding="utf-8")
    own = rule.replace("owner-not-a-team", "own-rule").split("examples:")[0] + "examples: []\n"
    graded = own.replace("severity: ", "severity_in: {regulated: note}\nseverity: ", 1)
    (tmp_path / "own-rule.yaml").write_text(graded, encoding="utf-8")
    for profile, severity in (("pilot", "warning"), ("regulated", "note")):
        listed = said("rules", "--rules", str(tmp_path), "--profile", profile)[1].splitlines()
        (line,) = [line for line in listed if line.startswith("own-rule ")]
        assert line.split()[1] == severity
    page = " ".join(said("explain", "own-rule", "--rules", str(tmp_path))[1].split())
    assert "Under `regulated` it is a note, whatever the severity above." in page


def test_an_unknown_profile_of_a_list(said: Ask) -> None:
    """A misspelt profile is no empty list."""
    code, out, err = said("rules", "--profile", "prodution")
    assert (code, out) == (2, "")
    assert "there is no profile 'prodution'; did you mean 'production'?" in err


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema(name: str, said: Ask) -> None:
    """Every published schema can be printed, and is one."""
    code, out, err = said("schema", name)
    assert (code, err) == (0, "")
    Draft202012Validator.check_schema(json.loads(out))


def test_test_rules(said: Ask) -> None:
    """The examples of the built-in rules hold."""
    code, out, err = said("test-rules", "rules")
    assert (code, err) == (0, "")
    assert out.endswith(" 0 failed\n")


@pytest.mark.parametrize(
    ("examples", "fault"),
    [
        (
            "  - good: |\n      agents: {agent: {owner: one}}\n      teams: {one: {members: 1}}\n",
            "good-1: inventory.yaml:2 is found, and not marked",
        ),
        (
            "  - good: |\n      agents: {agent: {}}\n    files: {a/../../../evil.yaml: x}\n",
            "good-1: cannot be judged: the file 'a/../../../evil.yaml' lies outside of the example",
        ),
        (
            "  - good: |\n      agents: {agent: {}}\n    files: {a: x, a/b: y}\n",
            "good-1: cannot be judged: the file 'a/b' cannot be written: ",
        ),
    ],
    ids=["wrong", "outside", "impossible"],
)
def test_test_rules_of_a_bad_pack(examples: str, fault: str, tmp_path: Path, said: Ask) -> None:
    """An example that does not hold is told, and nothing is written outside of it."""
    rule = (REPO / "rules" / "inventory" / "owner-not-a-team.yaml").read_text(encoding="utf-8")
    own = rule.replace("owner-not-a-team", "own-rule").split("examples:")[0] + "examples:\n"
    (tmp_path / "own-rule.yaml").write_text(own + examples, encoding="utf-8")
    code, out, err = said("test-rules", str(tmp_path))
    assert (code, err) == (1, "")
    assert f"own-rule {fault}" in out
    assert out.endswith("1 rule, 0 examples passed, 1 failed\n")
