"""The examples that the help of every command ends with."""

from __future__ import annotations

EXAMPLES = """\
examples:
  blastlint init --from tools.json --from rbac.yaml
                                             draft an inventory from what lies there
  blastlint check                            judge the inventory in this folder
  blastlint check inventories -f html -o report.html
                                             the same, as a page to read and to send
  blastlint reach refund-agent               everything that the agent can do, and how
  blastlint grants kubernetes-rbac rbac.yaml what a cluster's roles really grant
  blastlint explain undeclared-blast-path    what a rule looks for, why, and what to do

exit codes: 0 ready, 1 blocked or cannot tell, 2 nothing was judged, 3 a fault of blastlint
"""
INIT_EXAMPLES = """\
examples:
  blastlint init --from tools.json --from rbac.yaml
                                             draft from a list of MCP tools and Kubernetes RBAC
  blastlint init --from till@shop=tools.json --from shop=rbac.yaml --agent cashier
                                             tools of the server till, which act on the cluster shop
  blastlint init                             read the same files again, keep what you wrote
  blastlint init --diff                      show what that would change

kinds, guessed unless you say KIND: aws-iam, backstage, github, kubernetes-rbac, mcp-clients,
mcp-tools, oauth-scopes, openapi, openslo, postgres

exit codes: 0 drafted, 1 with --diff if something would change, 2 nothing was drafted
"""
CHECK_EXAMPLES = """\
examples:
  blastlint check                                judge the inventory in this folder
  blastlint check inventories --fail-on warning  judge every inventory below a folder, strictly
  blastlint check -f text -f sarif -o out.sarif  print text, and write SARIF to a file
  blastlint check --as-of 2026-06-02             judge as on that day: same input, same bytes
  blastlint check --diff                         show what --fix would change
  blastlint check --fix                          change it, and judge what is left

exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 nothing was judged
"""
DIFF_EXAMPLES = """\
examples:
  blastlint diff main                            what the files on the disk change against main
  blastlint diff main HEAD -f markdown           the same of two revisions, as a comment
  blastlint diff before.json after.json          of two saved reports
  blastlint diff main HEAD --trust-base -f sarif -o out.sarif

exit codes: 0 nothing wider that nobody declared or accepted, and no new finding at or above
--fail-on; 1 something; 2 nothing was judged
"""
BASELINE_EXAMPLES = """\
examples:
  blastlint baseline                             write blastlint-baseline.yaml beside the inventory
  blastlint baseline                             later: take out what is fixed, add nothing
"""
REACH_EXAMPLES = """\
examples:
  blastlint reach refund-agent                   everything, with the way to it, hop by hop
  blastlint reach refund-agent --to stripe -f json
"""
REPORT_EXAMPLES = """\
examples:
  blastlint report inventories -o report.html    judge, and write one page to read, print and send
  blastlint report --from report.json -o report.html
                                                 the same page of a saved JSON report
  blastlint report --since approved.json -o report.html
                                                 with what changed since the one that was approved
"""
SHEET_EXAMPLES = """\
examples:
  blastlint sheet refund-agent                   what whoever is paged first needs
  blastlint sheet refund-agent stripe.refund.create --as payments-oncall
  blastlint sheet refund-agent --from report.json --started-at 2026-06-02T02:17Z
                                                 without the repository, with the windows that end
"""
GRANTS_EXAMPLES = """\
examples:
  blastlint grants github .github --namespace octo/app --derive
  blastlint grants kubernetes-rbac rbac.yaml roles/
  blastlint grants kubernetes-rbac rbac.yaml --for system:serviceaccount:shop:till --derive
  blastlint grants aws-iam account.json --for arn:aws:iam::111122223333:role/till --derive
  blastlint grants postgres roles.sql shop.sql   what each role of a server may do
  blastlint grants mcp-tools tools.json          the tools that a server offers, with their hints

kinds: aws-iam, github, kubernetes-rbac, mcp-clients, mcp-tools, oauth-scopes, openapi, postgres
"""
LSP_EXAMPLES = """\
An editor starts this command itself and speaks the Language Server Protocol with it. The page
docs/editors.md tells how to set up VS Code, Neovim, Helix and the JetBrains editors.
"""
IDS_EXAMPLES = """\
examples:
  blastlint ids agents                           the agents of the inventory in this folder
  blastlint ids tools inventories                the tools of every inventory below a folder
  blastlint ids rules                            the rules
"""
COMPLETION_EXAMPLES = """\
examples:
  eval "$(blastlint completion bash)"            in this shell; in ~/.bashrc: in every new one
  eval "$(blastlint completion zsh)"             the same in ~/.zshrc, after compinit
  blastlint completion fish > ~/.config/fish/completions/blastlint.fish
"""
