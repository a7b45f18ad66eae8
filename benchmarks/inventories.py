"""Makes inventories to measure with: seeded, complete, and as varied as a team would write them."""

from __future__ import annotations

import os
import random
from textwrap import indent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

AS_OF = "2026-06-02"
"""Day of judgement on which nothing of it has expired."""
NOUNS = ("order", "refund", "ticket", "invoice", "parcel", "voucher", "address", "contract")
TEAMS = ("payments", "support", "logistics", "billing", "identity", "platform")

HEAD = """\
# Made by benchmarks/inventories.py.
version: 1
name: {name}
policy:
  detection_lag: 20m
  max_undetected_effects: 500

agents:
  {agent}:
    owner: {owner}
    lifecycle: production
    environment: production
    audience:
      kind: customers
      daily_users: {users}
      hours: 24x7
      intake: [{{channel: help desk form, routes_to: "rotation:{owner}-oncall"}}]
    principal: {{kind: agent, id: "app/{agent}"}}
    untrusted_inputs: [ticket body]
    sensitive_data: [order history]
    ambient: []
    completion: {{signal: tool_receipt, guard: a promise without a call is stopped}}
    escalation: pages
    runbook: stop-{agent}
    kill_switch:
      method: switch {agent}.enabled off at the gateway
      requires: flags.write
      out_of_band: true
      measured: 30s
      tested_at: 2026-05-12
    model: {{id: vendor/model-2026-05-01, pinned: true}}
    evidence:
      captures: [prompt_version, model_id, sampling, context_snapshot, tool_io]
      retention: 60d
      requires: traces.read
    axes: [code, prompt, model]
    rollback_levers:
      - {{kind: code, requires: flags.write}}
      - {{kind: prompt, requires: flags.write}}
      - {{kind: model, requires: flags.write}}
      - {{kind: feature_flag, requires: flags.write}}
    deployment: {agent}
    monitors: [refusal_rate, correction_rate, tool_schema, model_version]
    alerts:
      - measure: correction_rate
        pages: "rotation:{owner}-oncall"
        carries: [run_id, trace_link, last_change, first_hour_sheet]
    attestation: {{by: {owner}, at: 2026-05-20}}
"""

READ = """\
{id}:
  agents: [{agent}]
  registered_name: {registered}
  schema_digest: sha256:{digest}
  enabled: true
  system: {system}
  credential: {credential}
  requires: [{{resources: [{noun}s], actions: [read], basis: live_run}}]
  effect: read
  open_ended: none
  environment: production
  scope: single_record
  max_rate: {rate}/min
  reversibility: {{class: read_only}}
  idempotency: {{strategy: natural, tested_at: 2026-05-18}}
  timeout: {timeout}s
  retry: reads
  on_ambiguous: retry_same_key
  result_means: completed
  on_denied: stop_and_escalate
  preflight: [incident_state, vendor_status]
  errors: status
  provenance: metadata.run_id
"""

WRITE = """\
{id}:
  # Asked for by {owner}; the number of calls is capped at the gateway.
  agents: [{agent}]
  registered_name: {registered}
  schema_digest: sha256:{digest}
  enabled: true
  system: {system}
  credential: {credential}
  requires: [{{resources: [{noun}s], actions: [read, change], basis: live_run}}]
  effect: mutate
  open_ended: none
  environment: production
  scope: single_record
  max_rate: {rate}/min
  reversibility:
    class: reversible
    window: 30d
    method: 'set the {noun} back to what its history shows'
  approval: {system}-approves
  idempotency:
    strategy: key
    key:
      field: Idempotency-Key
      source: business_key
      template: "{noun}:{{{noun}_id}}:{{case_id}}"
      sent_by: code
    window: 7d
    scope: provider_account
    on_mismatch: error
    tested_at: 2026-05-18
  timeout: {timeout}s
  retry: writes
  on_ambiguous: retry_same_key
  result_means: completed
  on_denied: stop_and_escalate
  preflight: [incident_state, vendor_status]
  errors: status
  provenance: metadata.run_id
  receipt: {{field: {noun}.revision, system_of_record: {system}}}
"""

SYSTEM = """\
{system}:
  kind: internal service
  owner: {team}
  on_call: {team}-oncall
  environment: production
  data: [pii]
  audit_log: {system}-audit
  action_catalogue: {{read: read, change: mutate}}
  propagates: []
  calendars: []
  attestation: {{by: {team}, at: 2026-05-19}}
"""

AUDIT_LOG = """\
{system}-audit:
  location: "{system} console, history"
  readers: [{readers}]
  join_keys: [metadata.run_id]
  attributable: true
  retention: 365d
  query_template: 'run_id = "{{run_id}}"'
"""

CREDENTIAL = """\
{system}-{agent}:
  kind: workload_identity
  principal: svc/{system}-{agent}
  owner: {team}
  environment: production
  grants: [{{system: {system}, resources: [{resources}], actions: [{actions}]}}]
  grants_source: {{kind: observed, observed_at: 2026-05-19}}
  used_by: [{agent}]
  also_reaches: []
  derives: []
  expires: 2026-08-01
  rotated_at: 2026-05-02
  revocation:
    by: {team}-oncall
    method: remove the identity
    measured: 3m
    requires: {team}.admin
"""

GATE = """\
{system}-approves:
  mode: per_action
  approvers: rotation:{team}-oncall
  enforced_at: downstream
  timeout: 24h
  on_timeout: deny
  shows: [case, change, customer, run_id]
"""

TEAM = """\
  {team}: {{members: 6, entitlements: [traces.read, flags.write, {team}.admin]}}
"""

ROTATION = """\
{team}-oncall:
  team: {team}
  time_zone: Europe/Amsterdam
  members: {members}
  coverage: 24x7
  entitlements: [traces.read, flags.write, {team}.admin]
  ack_timeout: 10m
"""

REST = """\
teams:
{teams}
rotations:
{rotations}
escalation_policies:
  pages:
    num_loops: 2
    ack: {{method: pager, identity: human}}
    rules:
      - {{targets: ["rotation:{owner}-oncall"], escalation_delay: 10m}}
      - {{targets: ["rotation:{second}-oncall"], escalation_delay: 15m}}

runbooks:
  stop-{agent}:
    author: {owner}
    reader: {owner}-oncall
    last_drill: {{at: 2026-05-12, by: "rotation:{owner}-oncall"}}
    steps:
      - do: switch the agent off
        requires: flags.write
        evidence_at: gateway dashboard
        evidence_requires: flags.write
      - {{do: read the traces of the run, requires: traces.read}}

deployments:
  {agent}:
    released: "2.4.0"
    released_at: 2026-05-28
    running: "2.4.0"
    observed_at: 2026-06-01
    promotion: human
    staleness_alert: {{after: 24h, pages: "rotation:{owner}-oncall"}}
    health_carries_version: true
    canary: {{members: 1, abort_when: correction rate doubles}}

retry_profiles:
  reads:
    layers:
      - layer: sdk
        max_attempts: 3
        initial_interval: 1s
        backoff_coefficient: 2
        jitter: true
        attempt_metric: true
      - {{layer: framework, max_attempts: 1}}
      - {{layer: queue, max_attempts: 1}}
      - {{layer: planner, max_attempts: 1}}
  writes:
    layers:
      - {{layer: sdk, max_attempts: 1}}
      - layer: framework
        max_attempts: 3
        initial_interval: 2s
        backoff_coefficient: 2
        maximum_interval: 30s
        jitter: true
        total_timeout: 5m
        attempt_metric: true
      - {{layer: queue, max_attempts: 1}}
      - {{layer: planner, max_attempts: 1}}
"""


class Story:
    """One agent, its tools, and the systems and teams behind them."""

    def __init__(self, name: str, tools: int, seed: int) -> None:
        """Choose everything that varies, by a seed."""
        self.dice = random.Random(seed)
        self.agent = f"{name}-agent"
        self.name = name
        self.owner, self.second = self.dice.sample(TEAMS, 2)
        self.systems = {
            f"{noun}-store": self.dice.choice(TEAMS)
            for noun in self.dice.sample(NOUNS, min(4, 1 + tools // 3))
        }
        self.tools = [self._tool(number) for number in range(tools)]

    def _tool(self, number: int) -> dict[str, str]:
        system = self.dice.choice(sorted(self.systems))
        noun, verb = system.removesuffix("-store"), self.dice.choice(("read", "change"))
        return {
            "verb": verb,
            "id": f"{noun}.{verb}-{number}",
            "registered": f"{noun}_{verb}_{number}",
            "digest": f"{self.dice.getrandbits(64):016x}",
            "agent": self.agent,
            "owner": self.owner,
            "system": system,
            "noun": noun,
            "credential": f"{system}-{self.agent}",
            "rate": str(self.dice.randint(5, 15)),
            "timeout": str(self.dice.randint(3, 9)),
        }

    def head(self) -> str:
        """Return what stands in the root file."""
        users = self.dice.randint(50, 5000)
        return HEAD.format(name=self.name, agent=self.agent, owner=self.owner, users=users)

    def rows(self, tools: list[dict[str, str]]) -> str:
        """Return the rows of some tools."""
        rows = ((READ if t["verb"] == "read" else WRITE).format(**t) for t in tools)
        return _section("tools", rows)

    def rest(self) -> str:
        """Return systems, credentials and people."""
        used = {t["system"]: self.systems[t["system"]] for t in self.tools}
        teams = sorted({self.owner, self.second, *used.values()})
        people = REST.format(
            agent=self.agent,
            owner=self.owner,
            second=self.second,
            teams="".join(TEAM.format(team=team) for team in teams),
            rotations=indent(
                "\n".join(ROTATION.format(team=t, members=self.dice.randint(5, 9)) for t in teams),
                "  ",
            ),
        )
        gates = {t["system"] for t in self.tools if t["verb"] == "change"}
        sections = {
            "systems": (SYSTEM.format(system=s, team=t) for s, t in used.items()),
            "audit_logs": (
                AUDIT_LOG.format(
                    system=s, readers=", ".join(sorted({f"{t}-oncall", f"{self.owner}-oncall"}))
                )
                for s, t in used.items()
            ),
            "credentials": (self._credential(s, t) for s, t in used.items()),
            "approval_gates": (
                GATE.format(system=s, team=t) for s, t in used.items() if s in gates
            ),
        }
        return "\n".join([*(_section(n, made) for n, made in sections.items()), people])

    def _credential(self, system: str, team: str) -> str:
        changes = any(t["system"] == system and t["verb"] == "change" for t in self.tools)
        return CREDENTIAL.format(
            system=system,
            agent=self.agent,
            team=team,
            resources=f"{system.removesuffix('-store')}s",
            actions="read, change" if changes else "read",
        )


def _section(name: str, entities: Iterator[str]) -> str:
    body = "\n".join(entities)
    return f"{name}:\n{indent(body, '  ')}" if body else ""


def single(tools: int = 10, seed: int = 1) -> str:
    """Return a whole inventory as one file."""
    story = Story("desk", tools, seed)
    return "\n".join([story.head(), story.rows(story.tools), story.rest()])


def write_many(directory: str, files: int = 1000, seed: int = 1, tools: int = 9) -> int:
    """Write inventories of ten files each below a directory; return how many bytes.

    Each file but the first and the last of an inventory holds `tools` tools.
    """
    written = 0
    for number in range(files // 10):
        story = Story(f"desk-{number}", 8 * tools, seed + number)
        parts = [story.rows(story.tools[at : at + tools]) for at in range(0, 8 * tools, tools)]
        texts = {f"tools/part-{at}.yaml": part for at, part in enumerate(parts)}
        texts |= {"inventory.yaml": story.head(), "behind.yaml": story.rest()}
        for name, text in texts.items():
            written += _write(os.path.join(directory, story.name, name), text)
    return written


def _write(path: str, text: str) -> int:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        return file.write(text)
