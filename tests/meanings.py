"""What the facts mean that blastlint works out, in words: half of the reference of fields."""

from __future__ import annotations

MEANINGS: dict[str, dict[str, str]] = {
    "Tool": {
        "write": "It changes something: its effect is other than `read`.",
        "live": "An agent that is live can call it.",
        "binds_every_agent": "Its `agents` hold `*`.",
        "tier": (
            "T0 to T3, by the worst of effect, reversibility, scope, data, and what its credential"
            " opens undeclared."
        ),
        "retry": "What its retries do to one intent.",
        "protected": "Its `idempotency` makes a repeat harmless, or has it refused or recognised.",
        "gate": "What its human gate is worth: asked for every call, for some, for none.",
        "residue": (
            "What passes ungated before an agent is stopped, such as `813 x 50 USD = 40,650 USD`;"
            " empty where that is not known."
        ),
        "response": (
            "Time from the first bad call until a person can undo it: detection, paging,"
            " acknowledgement, stopping; null where its class needs no undoing in time."
        ),
        "outcome": (
            "Worst class of what a call sets off: its own, or that of an effect which its system"
            " passes on."
        ),
        "containment": "What happens until an agent that calls it is stopped.",
        "pages": "It is on, is no read, and acts on a system of kind `pager`.",
        "posts_in": "Channels in which it writes and in which pages are seen.",
        "unblocked": "`acknowledged`, `resolved`: those that `reserved_words_blocked` lacks.",
        "hint_contradictions": "Hints of its server that the row contradicts, in words.",
        "hint_doubts": "The same for hints that the server leaves out and that mean the worst.",
        "undo": (
            "What is said to undo a call of it, and whether that can be done; null where nothing"
            " is named."
        ),
        "offer": "What a server offers under its registered name; null where no list has it.",
        "listed": "A server still offers it; null where no list could tell.",
        "unheld": "What it hands out and its credential does not hold, as `ACTION on RESOURCE`.",
    },
    "Containment": {
        "ungated": (
            "Most calls that no gate holds back until the agent is stopped; 0 where nothing stops"
            " it at all."
        ),
        "lasts": "Time from the first bad call to the last one.",
    },
    "Retries": {
        "profile": "The retry profile.",
        "attempts": "Most calls for one intent, over all declared layers.",
        "effects": "Most effects of one intent.",
        "repeatable": "A write is repeated, and only a key could make the repeat harmless.",
        "protection": "What a repeat meets.",
        "last_start": "Latest start of the last attempt.",
        "inside_last_start": "Latest start of the last attempt with the same key.",
        "worst_duration": "Worst time until the outermost layer gives up.",
        "amplification": "Where the attempts come from: `sdk 3 x framework 3`.",
        "mint_level": "Layer each of whose attempts makes a fresh key; null for none.",
        "repeating_layers": "Layers with more than one attempt, inner to outer.",
        "reminting_layers": "Those of them that carry a fresh key each time.",
        "unbounded_layers": "Layers that nothing ends.",
        "undeclared_layers": "Layers that every agent has, or that make the key, undeclared.",
        "undeclared_defaults": "The same, each with what known products do there by default.",
        "assumed_layers": "Layers whose attempts are not stated: the default of their product.",
        "instance_movers": "Repeating layers that may carry the key to another instance.",
        "region_movers": "Those of them that may carry it to another region.",
        "expected_attempts": (
            "Attempts to expect of one intent, by the measured `failure_rate`; null without one."
        ),
    },
    "Agent": {
        "live": "It is in production or has daily users; silence about both means yes.",
        "writes": "A tool that changes something is switched on for it.",
        "tools": "Tools that it can call.",
        "tier": "The worst of its tools', one higher if the Rule of Two is broken.",
        "ungated_changes": "Tools that change something with no person's yes to every call.",
        "first_responder": "Rotation that is paged first for it; null for nobody.",
        "uncovered": "Hours in which people use it and nobody is on call.",
        "switch_shares": "What its kill switch depends on and it uses or can change itself.",
        "unlevered": (
            "Axes along which it changes and has no rollback lever: of `axes`, or of code, prompt"
            " and model."
        ),
        "unmonitored": "Ways to get worse in silence that none of its `monitors` shows, in words.",
        "prose_tools": "Tools whose failures reach it only as a sentence.",
        "sensitive_reads": "Tools by which it reads personal, payment or health data, or secrets.",
        "open_sends": (
            "Tools by which it can tell outsiders something, with neither a person's yes to every"
            " call nor a list of recipients."
        ),
        "unattended_changes": (
            "Tools that change something in runs of its schedule, with no person's yes to every"
            " call."
        ),
        "unverified": (
            "Credentials that it holds and whose grants no evidence shows, and nobody has looked"
            " at within `policy.max_attestation_age`."
        ),
        "unjoined_views": (
            "Metrics of different views that count different units and share no correlation key."
        ),
        "worst_view": (
            "How one success of its most repeated tool counts: `1 of 1 tasks, 2 of 3 attempts"
            " failed, 3 billed`; empty where that is not known."
        ),
        "only_ambient": (
            "Credentials in its runtime that no tool of it acts with, and servers that its client"
            " starts or calls and no credential speaks of."
        ),
        "streams": "It says how it streams its answers, and not that it does not.",
        "open_streams": "Streams that are open at the peak: arrivals x mean duration.",
        "stream_room": "Streams that all its nodes together hold open.",
        "ceiling": "Most that it can promise: the product of its hard dependencies' availability.",
        "ceiling_sum": "How that comes about: `0.999 x 0.995 = 0.994`; empty without dependencies.",
        "shared_domains": (
            "Failure domains that several of its hard dependencies and fallbacks share, each with"
            " these; a dependency that is no system of the inventory is left out."
        ),
        "evidence_needed": (
            "How long what a run saw is needed: until its review is due, and at least"
            " `policy.min_evidence_retention`."
        ),
    },
    "System": {
        "agents": "Agents whose tools act on it.",
        "tools": "Tools that act on it.",
        "written": "A tool changes something in it.",
        "tier": "The worst of the tools that act on it.",
        "changed": "An agent can change something in it, declared or not.",
        "database": "It is a database: its kind is `database` or `postgres`.",
        "agents_that_bypass": "Agents that its protection does not bind.",
        "live": "A live agent's tool acts on it.",
    },
    "Credential": {
        "holders": (
            "Agents that hold it, or another credential of its principal on the same system, and"
            " everything in `used_by`."
        ),
        "live": "A live agent holds it.",
        "writes": "A grant of it does more than read, as far as is known.",
        "tier": "The worst of the tools that act with it.",
    },
    "AuditLog": {
        "tier": "The worst of the tools that are recorded in it.",
        "needed": (
            "How long its records may be needed: 14 d from the detection of a fault, and for as"
            " long as a call can be undone."
        ),
        "way_back": "Longest time for which a call that it records can be undone.",
        "live": "A live agent is recorded in it.",
    },
    "EscalationPolicy": {
        "ends_in_rotation": "Its last level reaches people.",
        "rotations": "Rotations that a page to it can reach, on any level.",
        "non_pagers": "Targets that page nobody: channels, mailboxes, teams, names of people.",
        "machine_ends": "Machines of its last level, where no person is in reach from there.",
        "machines": "Agents, services, webhooks that see its pages, or post where they are seen.",
        "untimed": "Rotations on its levels whose `ack_timeout` is null.",
    },
    "Rotation": {
        "alone": "A live agent's page reaches this rotation and no second one.",
        "first_for": "Live agents for which it is paged first.",
    },
    "Uncovered": {
        "worst": "Sum of them in the worst week of a year; 0 s for none.",
        "first": "The next of them, in UTC.",
        "rotations": "Rotations that are paged for the agent, in order.",
    },
    "RollbackLever": {"usable": "The rotation paged first has the entitlement."},
    "Runbook": {
        "drilled_by_reader": "Its `reader` did the last drill.",
        "tier": "The worst of the agents that use it.",
    },
    "Complaint": {
        "agent": "The agent.",
        "channel": "The channel.",
        "routes_to": "Whom it goes to, as written.",
        "rotation": "Rotation that hears it first; null for none.",
        "reads_traces": "That rotation has what `evidence.requires` names.",
    },
    "AgentAlert": {
        "agent": "The agent.",
        "measure": "What is measured.",
        "leaves_out": "What its page does not carry.",
    },
    "Contact": {
        "entity": "Who turns to it, such as `runbook ID`.",
        "what": "What for, such as `step 3`.",
        "target": "To whom, as written.",
        "kind": "`rotation`, `person`, `channel` and so on.",
    },
    "Calendar": {
        "binds_writes": "A system that keeps it is changed by a tool.",
        "over": "Its last window has passed.",
    },
    "Quota": {
        "live": "A live agent draws on it.",
        "tier": "The worst of the agents that draw on it.",
        "losses": "Groups that go without in the worst window of the coming year.",
        "lost": "The same, in words.",
        "runs_out": "When it runs out in that window, in words; empty if it lasts.",
        "lead": "Time from its alert until it runs out; null if it lasts or nothing alerts.",
        "response": "Longest time from the page for one of its agents until that is stopped.",
        "hurry": "Both, in words.",
        "asked": "Most units that are asked for within one window.",
        "attempts": (
            "Calls for one that it refuses: by `retry`, or by the worst of its tools; null if it"
            " has neither."
        ),
        "storm": "Units that are asked for when every call is repeated that often.",
        "moves": "How its reset moves on the clocks of those who draw, up to the horizon.",
        "shared_fate": "Who notices or mends one of its agents and draws on it too, in words.",
        "short_months": "By how much it falls short of 31 days, if it is enough for 30; or empty.",
    },
    "Loss": {
        "name": "The group, as in `demand`.",
        "share": "Share of its day, week or month that it does not get, 0 to 1.",
        "core": "The part of that share that falls into its working hours.",
        "text": "The same, in words, with the hours by its own clock.",
    },
    "Meeting": {
        "agent": "The agent that starts by itself.",
        "schedule": "When it does.",
        "calendar": "A freeze, maintenance or blackout of a system that its runs change.",
        "skipped": "The scheduler heeds the calendar: `skips` names it.",
        "inside": "Starts inside a window, up to the horizon.",
        "first": "The first of them, by the schedule's clock.",
        "last": "The last of them.",
        "crossing": "Starts before a window whose run may last into it.",
        "first_crossing": "The first of them.",
    },
    "WallClock": {
        "what": "What it belongs to, such as `schedule of ID`.",
        "text": "The time, as it is written.",
        "time_zone": "The zone that is named for it.",
        "doubts": "Times up to the horizon that the clocks skip or show twice, in words.",
    },
    "Team": {"owns": "Agents, systems and credentials in use that it owns."},
    "Capability": {
        "relied_on": "A tool names it, or `relied_on_for` does.",
        "exercised": "It has run for real; what is off and has no runs has not.",
    },
    "Deployment": {
        "lag": "Time since its release.",
        "release": (
            "What runs is the `same` as the latest release, `behind` it, `ahead` of it, or some"
            " `other` version that cannot be compared."
        ),
        "upgraded_by_itself": (
            "Deployments, this one first, that only capabilities of their own agents replace."
        ),
        "tier": "The worst tier of its agents.",
    },
    "Fallback": {
        "extra": "What its own credentials open beyond those of an agent that falls back to it.",
        "tier": "The worst tier of its agents.",
        "foreign_writes": (
            "Writes that it makes again with neither the system nor the credential of the first."
        ),
    },
    "StreamHop": {
        "agent": "The agent that streams.",
        "hop": "The proxy; not stated where nobody says which there are.",
        "silence": "Longest time without a byte: the longest gap, cut short by a heartbeat.",
    },
    "PostmortemTemplate": {
        "not_asked": "Fields that a review of an agent needs and that it does not ask for.",
        "verifies": "It asks how one will know that an action helped.",
    },
    "Requirement": {
        "holder": "The tool or capability.",
        "need": "The need.",
        "tier": "The tier of the tool, or the worst of the capability's agents.",
    },
    "Mitigation": {
        "id": "Its id.",
        "agent": "The agent that relies on it.",
        "in_force": "The version that runs carries it.",
        "running": "Version of the agent that runs.",
    },
    "Check": {"id": "Its id.", "agent": "The agent that declares it."},
    "Payload": {
        "agent": "The agent whose payloads they are.",
        "way": "What they take: `the link to` another end, or the transport that a fix widens.",
        "largest": "The largest of them, in bytes.",
        "limit": "The largest that the transport takes, in bytes; null for no limit.",
        "largest_size": "The same, as people write it: `3 MiB`.",
        "limit_size": "The same, as people write it: `1 MiB`.",
    },
    "Incident": {
        "id": "Its name.",
        "kinds": "Kinds of its fixes: `defensive`, `systemic`.",
        "fixes": "Ids of its fixes.",
    },
    "Cell": {
        "entity": "Kind of the entity, such as `tool`.",
        "id": "Id of the entity.",
        "name": "Kind and field, such as `tool.system`.",
        "field": "Name of the field, after what it stands in: `reversibility.window`.",
        "needed": "A launch cannot do without it.",
        "tier": "Tier of the entity: the worst of the tools that it is for.",
        "plan": "Who is to find it out, and by when, in words.",
        "state": "`value`, `null`, `unknown` or `missing`.",
        "text": "Its text; empty for what is no text.",
        "word": "The same in lower case, without spaces around it.",
        "blank": "It is a text that says nothing.",
        "overdue": "It is `unknown` without owner or day, or past its day.",
    },
    "Registration": {
        "name": "Registered name.",
        "evidence": "Id of the evidence that lists it.",
        "schema_digest": "Digest of its name and its input schema.",
        "unlisted": "Arguments that its description lists and its schema does not take.",
        "rows": "Tools of the inventory that cover it.",
        "namesake": "The tool whose id is its name, and that states no registered name itself.",
        "agents": "Agents that it is offered to.",
        "arguments": "Arguments that it takes.",
    },
    "Gap": {
        "what": "What is referred to and not there, in words.",
        "evidence": "Id of the evidence.",
        "credentials": "Credentials whose principal it concerns.",
        "agents": "Agents that hold one of them, or that the evidence names.",
    },
    "Waiver": {
        "id": "Its id.",
        "expired": "Its last day is over.",
        "last_day": "Last day on which it may end, were it approved on the day of judgement.",
        "matches": "Findings that it fits.",
        "approved_by_agent": "Its approver is an agent, by id or principal.",
        "forbidden": "Its rule can be waived by nobody.",
    },
    "KnownFinding": {
        "rule": "Rule whose finding the baseline holds.",
        "subject": "What it was found on, as `KIND:ID`.",
        "found": "It is found today, too.",
    },
    "InputProblem": {
        "code": "`schema-invalid`, `dangling-reference` or `duplicate-id`.",
        "message": "What is wrong, in words.",
    },
    "Path": {
        "declared": "The inventory says so, or a tool needs as much on the same resource.",
        "credential": "Credential in an agent's hands, where the path starts.",
        "holding": "That credential in words, with the others of the agent that it takes as well.",
        "system": "Id of the system, declared or not.",
        "resource": "Resource, as the platform writes it.",
        "scope": "Namespace, repository or schema; `*` or empty for all.",
        "actions": "Actions that are open there.",
        "effects": "Classes of change of these actions.",
        "agents": "Agents that reach it.",
        "certainty": "`proven`, `conditional` or `needs-fact`, of the surest action.",
        "reach": "`direct` or `latent`.",
        "reads_only": "No action does more than read.",
        "sensitive": "The system holds personal, payment or health data or secrets, or is unknown.",
        "gates": "Human gates on the weakest way.",
        "acknowledges": (
            "Actions by which a page can be taken, ended or redirected; on a system of kind"
            " `pager` alone."
        ),
    },
    "Surplus": {
        "credential": "Credential that is granted too much.",
        "system": "Id of the system.",
        "resource": "Resource that some tool needs.",
        "scope": "Namespace, repository or schema.",
        "actions": "Actions that nobody needs.",
        "effects": "Classes of change of these actions.",
        "needed": "Actions that somebody needs there.",
    },
    "Shortfall": {
        "holder": "Who needs it: `tool ID` or `capability ID`.",
        "credential": "Credential that lacks it.",
        "system": "Id of the system.",
        "resource": "Resource that is needed.",
        "scope": "Where it is needed; empty for anywhere.",
        "actions": "Actions that no grant covers.",
        "granted": "Actions that are granted there.",
        "basis": "How the need is known; empty if that is not stated.",
        "enabled": "The tool or capability is switched on.",
    },
    "HeldGrant": {
        "credential": "Credential that holds it.",
        "system": "Id of the system.",
        "resource": "Resource, as the platform writes it.",
        "scope": "Namespace, repository or schema.",
        "action": "Action, as the platform writes it.",
        "effect": "Class of change, or `unknown`.",
        "wildcard": "There is a `*` in resource or action.",
        "declared": "A person typed it; false where evidence shows it.",
    },
    "Turn": {
        "credential": "Credential whose holder can turn.",
        "principal": "Into whom, as its platform writes it.",
        "via": "How, in words.",
        "declared": "The credential's `derives` names it.",
        "certainty": "`proven`, `conditional` or `needs-fact`.",
        "needs": "The missing fact, in words.",
    },
    "Pair": {
        "merges": (
            "What evidence says of the agent's merging here: `alone`, `second-person`, or"
            " `unknown` without such evidence."
        ),
        "agent": "The agent.",
        "system": "The system.",
        "tier": "The worst of the agent's tools on it.",
        "first_responder": "Rotation that is paged first for the agent.",
        "on_call_reads": "The system's rotation can read its audit log.",
        "responder_reads": "The agent's first rotation can.",
        "can_push": "The agent can push to the code.",
        "can_merge": "The agent can merge: by that right, or on GitHub by any push.",
        "bypasses": "A name that the agent acts under is among `bypass_actors`.",
    },
    "StoredLog": {
        "log": "The audit log.",
        "writers": "Agents that can change its store.",
    },
    "BackedUp": {
        "system": "The system.",
        "destroyers": "Agents that can destroy both its data and its backup.",
    },
    "Guardrail": {
        "agent": "The agent that is held back.",
        "system": "Where the guardrail lies.",
        "resources": "What it is called there; `*` for all of the system.",
        "writable": "The agent can change it.",
        "action": "The action by which it can; empty if it cannot.",
        "credential": "The credential with which it can; empty if it cannot.",
    },
    "Claim": {
        "credential": "The credential.",
        "system": "The system that it is said to open.",
        "resource": "The resource, as it was typed.",
        "scope": "The scope, as it was typed; empty for any.",
        "typed": "The grant, as it was typed.",
        "kept": "Typed actions that the evidence shows, or may show, on one of the resources.",
        "separable": "What the evidence does not show is shown on no other resource of the grant.",
        "unreal": "Typed actions that the evidence does not show.",
        "granted": "Actions that it does show there.",
    },
    "Connection": {
        "origin": "The agent or tool, such as `agent ID`.",
        "origin_environment": "Its environment.",
        "target": "The system or credential that it gets to, such as `system ID`.",
        "target_environment": "The environment of that.",
    },
    "Step": {
        "runbook": "The runbook.",
        "number": "Place in the runbook, from 1.",
        "do": "What is done.",
        "requires": "Entitlement that it needs.",
        "accessible": "The reader has it.",
        "reader": "Rotation that must do it.",
        "holders": "Rotations that could.",
        "step": "The step as it is written.",
        "evidence_readable": "The reader has what `evidence_requires` names.",
    },
    "RetryProfile": {
        "tools": "Tools in use that it repeats.",
        "reading_tools": "Those of them that only read.",
        "harmed_tools": "Those that write and whose repeat is not harmless of itself.",
        "repeating_layers": "Layers with more than one attempt, each with the number.",
        "load_factor": (
            "How many times the usual load falls on a system that fails: the attempts, or what the"
            " retry budget leaves of them."
        ),
    },
    "RetryLayer": {
        "profile": "The profile that it is a layer of.",
        "tools": "Tools in use that it repeats.",
        "writes": "One of them changes something.",
        "tier": "The worst tier of them.",
        "attempts": "Attempts, as stated or by the default of its product.",
        "inner_duration": "How long the work inside it takes at worst.",
        "slowest": "Tool whose call takes that long.",
        "backs_off": "Each wait is longer than the one before.",
        "spreads": "Waits are spread, as stated or by the default of its product.",
        "repeats": "What it repeats, as stated or by the default of its product; else null.",
        "visibility": "Its visibility timeout, as stated or by the default of its product.",
        "worst_view": "How one call that succeeds at last counts: as a task, and in attempts.",
    },
    "IdempotencyKey": {
        "parts": "How many different parts its `template` has.",
        "sender": "What puts it into the call; the model, if a server lists it as an argument.",
    },
    "Commitment": {
        "agent": "The agent that may promise it.",
        "callable": "That agent can call the tool behind it.",
    },
    "Metric": {
        "agent": "The agent that it is about.",
        "worst_attempts": "Most attempts of one intent, over the agent's tools.",
        "expected_attempts": (
            "Most attempts to expect, over the tools with a `failure_rate`; null without any."
        ),
        "costs": (
            "What one task of the most repeated tool costs, expected and at worst; empty where"
            " nobody states it."
        ),
    },
    "Indicator": {
        "agent": "The agent that it is about.",
        "name": "Name of the metric, or `slo`.",
        "unit": "What one count is.",
    },
    "Undoing": {
        "by": "What undoes it: `tool ID`, `runbook ID` or `a person`.",
        "executable": "An agent or a rotation can do that.",
        "why": "The reason, in words.",
    },
    "Workflow": {
        "final": "The first step that cannot be undone, where one that may have to be follows.",
        "late": "That later step.",
        "understated": "How it counts as less than its worst step, in words; empty if it does not.",
    },
    "Opened": {
        "credential": "The credential.",
        "system": "The database that it opens.",
        "agents": "Agents that hold the credential.",
        "actions": "Actions on whole objects: drop, truncate, alter, and delete without a limit.",
        "resources": "Where it may do that.",
    },
    "Attested": {
        "entity": "Kind of the entity, such as `tool`.",
        "id": "Id of the entity.",
        "attestation": "Who says that its facts are true, and when.",
        "owners": "Teams that answer for what it says; empty where it belongs to none.",
        "tier": "Tier of the entity: the worst of the tools that it is for.",
    },
    "Decision": {"id": "Its id.", "agent": "The agent that takes it."},
    "GuardrailChange": {"id": "Its id.", "agent": "The agent that makes it."},
    "Cycle": {"nodes": "Who turns to whom, the first one again at the end."},
    "Repair": {
        "component": "What is repaired.",
        "routes": "Ids of its routes.",
        "single": "There is no second way that works while it is broken.",
        "through_itself": "Every route passes the part itself.",
    },
}
"""Record to its worked-out facts, and what each means."""
