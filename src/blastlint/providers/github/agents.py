"""How an AI agent is started in a job: actions and commands that are known to run one.

Sources: the documentation of each action and command.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.providers.github.nodes import Node

ACTIONS: dict[str, str] = {
    "anthropics/claude-code-action": "allowed_non_write_users",
    "anthropics/claude-code-base-action": "",
    "actions/ai-inference": "",
    "google-github-actions/run-gemini-cli": "",
    "openai/codex-action": "allow-users",
    "sst/opencode/github": "",
    "qodo-ai/pr-agent": "",
    "codium-ai/pr-agent": "",
    "coderabbitai/ai-pr-reviewer": "",
}
"""Action to the input that lets people without write access start it; empty: it asks nobody."""

APPS = {"anthropics/claude-code-action": "claude"}
"""Action to the App whose token its service gives it for an id token, if it is given none."""

MINTERS = frozenset(
    {
        "actions/create-github-app-token",
        "peter-murray/workflow-application-token-action",
        "tibdex/github-app-token",
    }
)
"""Actions that take the token of an App with its key."""

_COMMAND = re.compile(
    r"(?:^|[\s;&|(])(?:(?P<claude>claude)\b[^\n|;&]{0,500}\s(?:-p|--print)\b"
    r"|(?P<codex>codex)\s+exec\b"
    r"|(?P<gemini>gemini)\b[^\n|;&]{0,500}\s(?:-p|--prompt)\b"
    r"|(?P<opencode>opencode)\s+run\b"
    r"|(?P<copilot>copilot)\b[^\n|;&]{0,500}\s(?:-p|--prompt)\b"
    r"|(?P<aider>aider)\b[^\n|;&]{0,500}\s(?:-m|--message|--yes|--yes-always)\b"
    r"|(?P<cursor>cursor-agent)\b[^\n|;&]{0,500}\s(?:-p|--print)\b)",
    re.MULTILINE,
)
"""Commands that run an agent without a person at the keyboard."""


def agent_of(step: Node) -> str:
    """Return the agent that a step runs, as its action or command; empty if none is known."""
    uses = step.get("uses").value
    if isinstance(uses, str):
        name = uses.partition("@")[0]
        return next((one for one in ACTIONS if name.lower() == one), "")
    run = step.get("run").value
    found = _COMMAND.search(run) if isinstance(run, str) else None
    return next((text for text in found.groupdict().values() if text), "") if found else ""


def open_to_all(step: Node, agent: str) -> bool:
    """Whether people without write access may start the agent."""
    asks = ACTIONS.get(agent, "")
    if not asks:
        return True
    given = step.get("with", asks).value
    return isinstance(given, str) and bool(given.strip())
