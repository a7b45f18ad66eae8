# Completion of blastlint for fish, made by shtab from the commands themselves: `blastlint completion --help`.

function _blastlint_rules
  blastlint ids rules 2>/dev/null
end

function _blastlint_rule_list
  set -l word (string replace -r -- '^--[a-z]+=' '' (commandline -ct))
  set -l before (string match -r -- '.*,' $word)
  for id in (blastlint ids rules 2>/dev/null)
    echo -- $before$id
  end
end

function _blastlint_revisions
  git for-each-ref --format='%(refname:short)' 2>/dev/null
end

function _blastlint_sides_file
  _blastlint_revisions
  __fish_complete_path (commandline -ct)
end

function _blastlint_agents
  blastlint ids agents 2>/dev/null
end

function _blastlint_rotations
  blastlint ids rotations 2>/dev/null
end

function _blastlint_systems
  blastlint ids systems 2>/dev/null
end

function _blastlint_teams
  blastlint ids teams 2>/dev/null
end

function _blastlint_tools
  blastlint ids tools 2>/dev/null
end


# Parse current commandline:
# - _shtab_blastlint_cmdpath=(sub)command path seen so far
# - _shtab_blastlint_npos=number of positional arguments given after it
# - options are skipped based on _shtab_blastlint_opts_with_value & _shtab_blastlint_commands lists
function _shtab_blastlint_scan
  set -g _shtab_blastlint_cmdpath ''
  set -g _shtab_blastlint_npos 0
  set -l tokens (commandline -opc)
  set -e tokens[1]
  set -l expect_value 0
  for t in $tokens
    if test $expect_value -eq 1
      set expect_value 0
      continue
    end
    switch "$t"
      case '--*=*'
        continue
      case '-*'
        if contains -- $t $_shtab_blastlint_opts_with_value
          set expect_value 1
        end
        continue
      case '*'
        if test $_shtab_blastlint_npos -eq 0
          set -l candidate $t
          if test -n "$_shtab_blastlint_cmdpath"
            set candidate "$_shtab_blastlint_cmdpath $t"
          end
          if contains -- $candidate $_shtab_blastlint_commands
            set -g _shtab_blastlint_cmdpath $candidate
            continue
          end
        end
        set -g _shtab_blastlint_npos (math $_shtab_blastlint_npos + 1)
    end
  end
end

# Condition helper: true if the current (sub)command path equals the given one.
function _shtab_blastlint_using
  _shtab_blastlint_scan
  test "$_shtab_blastlint_cmdpath" = "$argv"
end

set -g _shtab_blastlint_commands init check diff baseline report sheet reach grants explain rules schema lsp test-rules ids completion
set -g _shtab_blastlint_opts_with_value --agent --as --as-of --fail-on --for --format --from --ignore --inventory --namespace --new-from --output --owner --profile --rules --run --runs-as --select --since --started-at --to --trust-from -f -o

complete -c blastlint -e
complete -c blastlint -f

complete -c blastlint -n _shtab_blastlint_using -s h -l help -d 'show this help message and exit'
complete -c blastlint -n _shtab_blastlint_using -s V -l version -d 'show the version and exit'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a init -d 'Draft an inventory from what lies there, or bring one up to date.'
complete -c blastlint -n '_shtab_blastlint_using init' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using init' -l from -xka "(__fish_complete_path (commandline -ct))" -d 'file or folder to draft from, as [NAME[@SYSTEM]=][KIND:]FILE; may be repeated; else what was read the last time, or what usually lies in a repository'
complete -c blastlint -n '_shtab_blastlint_using init' -s o -l output -xka "(__fish_complete_directories)" -d 'folder of the inventory; else inventory'
complete -c blastlint -n '_shtab_blastlint_using init' -l agent -x -d 'agent that has the tools; else agent'
complete -c blastlint -n '_shtab_blastlint_using init' -l owner -xka "(_blastlint_teams)" -d 'team that answers for the agent'
complete -c blastlint -n '_shtab_blastlint_using init' -l runs-as -x -d 'what the agent acts as, such as system:serviceaccount:shop:till'
complete -c blastlint -n '_shtab_blastlint_using init' -l as-of -x -d 'day of the draft, YYYY-MM-DD; else today'
complete -c blastlint -n '_shtab_blastlint_using init' -l diff -d 'show what would be written, and write nothing'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a check -d 'Judge inventories.'
complete -c blastlint -n '_shtab_blastlint_using check' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using check' -s f -l format -xka "text concise json sarif markdown junit github gitlab html" -d 'text, concise, json, sarif, markdown, junit, github, gitlab, html; may be repeated; else text'
complete -c blastlint -n '_shtab_blastlint_using check' -s o -l output -xka "(__fish_complete_path (commandline -ct))" -d 'where the format before it is written; else printed'
complete -c blastlint -n '_shtab_blastlint_using check' -l as-of -x -d 'day of judgement, YYYY-MM-DD; else today'
complete -c blastlint -n '_shtab_blastlint_using check' -l rules -xka "(__fish_complete_directories)" -d 'folder with further rules'
complete -c blastlint -n '_shtab_blastlint_using check' -l select -xka "(_blastlint_rule_list)" -d 'judge by these rules only'
complete -c blastlint -n '_shtab_blastlint_using check' -l ignore -xka "(_blastlint_rule_list)" -d 'leave these rules out'
complete -c blastlint -n '_shtab_blastlint_using check' -l no-cache -d 'judge anew, and keep nothing'
complete -c blastlint -n '_shtab_blastlint_using check' -l fix -d 'first make the safe repairs, keeping layout and comments'
complete -c blastlint -n '_shtab_blastlint_using check' -l unsafe -d 'with --fix or --diff: also those to look through'
complete -c blastlint -n '_shtab_blastlint_using check' -l diff -d 'print what --fix would change; exit code 1 if anything'
complete -c blastlint -n '_shtab_blastlint_using check' -l staged -d 'judge what the next commit will hold'
complete -c blastlint -n '_shtab_blastlint_using check' -l new-from -xka "(_blastlint_revisions)" -d 'count only what is new since a revision'
complete -c blastlint -n '_shtab_blastlint_using check' -l trust-from -xka "(_blastlint_revisions)" -d 'take policy, packs, waivers and baseline from a revision, not from the change itself'
complete -c blastlint -n '_shtab_blastlint_using check' -l fail-on -xka "error warning note never" -d 'findings that make the exit code 1: error, warning, note or never; else error'
complete -c blastlint -n '_shtab_blastlint_using check; and test $_shtab_blastlint_npos -ge 0' -ka "(__fish_complete_path (commandline -ct))" -d 'folder or file; else this folder'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a diff -d 'Tell what a change lets an agent newly reach.'
complete -c blastlint -n '_shtab_blastlint_using diff' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using diff' -s f -l format -xka "text concise json sarif markdown junit github gitlab" -d 'text, concise, json, sarif, markdown, junit, github, gitlab; may be repeated; else text'
complete -c blastlint -n '_shtab_blastlint_using diff' -s o -l output -xka "(__fish_complete_path (commandline -ct))" -d 'where the format before it is written; else printed'
complete -c blastlint -n '_shtab_blastlint_using diff' -l as-of -x -d 'day of judgement, YYYY-MM-DD; else today'
complete -c blastlint -n '_shtab_blastlint_using diff' -l rules -xka "(__fish_complete_directories)" -d 'folder with further rules'
complete -c blastlint -n '_shtab_blastlint_using diff' -l select -xka "(_blastlint_rule_list)" -d 'judge by these rules only'
complete -c blastlint -n '_shtab_blastlint_using diff' -l ignore -xka "(_blastlint_rule_list)" -d 'leave these rules out'
complete -c blastlint -n '_shtab_blastlint_using diff' -l trust-base -d 'judge by the policy, packs, waivers and baseline of BASE, not by those of the change'
complete -c blastlint -n '_shtab_blastlint_using diff' -l fail-on -xka "error warning note never" -d 'new findings that make the exit code 1: error, warning, note or never; else error'
complete -c blastlint -n '_shtab_blastlint_using diff; and test $_shtab_blastlint_npos -eq 0' -ka "(_blastlint_sides_file)" -d 'revision, folder, or saved JSON report'
complete -c blastlint -n '_shtab_blastlint_using diff; and test $_shtab_blastlint_npos -eq 1' -ka "(_blastlint_sides_file)" -d 'the same; else the files on the disk'
complete -c blastlint -n '_shtab_blastlint_using diff; and test $_shtab_blastlint_npos -ge 2' -ka "(__fish_complete_path (commandline -ct))" -d 'inventories; else all below here'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a baseline -d 'Note today'"'"'s findings as known, or take out what is fixed.'
complete -c blastlint -n '_shtab_blastlint_using baseline' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using baseline' -l as-of -x -d 'day of judgement, YYYY-MM-DD; else today'
complete -c blastlint -n '_shtab_blastlint_using baseline' -l rules -xka "(__fish_complete_directories)" -d 'folder with further rules'
complete -c blastlint -n '_shtab_blastlint_using baseline' -l select -xka "(_blastlint_rule_list)" -d 'judge by these rules only'
complete -c blastlint -n '_shtab_blastlint_using baseline' -l ignore -xka "(_blastlint_rule_list)" -d 'leave these rules out'
complete -c blastlint -n '_shtab_blastlint_using baseline; and test $_shtab_blastlint_npos -ge 0' -ka "(__fish_complete_path (commandline -ct))" -d 'folder; else this folder'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a report -d 'Write the page that an approver reads.'
complete -c blastlint -n '_shtab_blastlint_using report' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using report' -s o -l output -xka "(__fish_complete_path (commandline -ct))" -d 'where it is written; else printed'
complete -c blastlint -n '_shtab_blastlint_using report' -l from -xka "(__fish_complete_path (commandline -ct))" -d 'saved JSON report; judge nothing'
complete -c blastlint -n '_shtab_blastlint_using report' -l since -xka "(__fish_complete_path (commandline -ct))" -d 'saved JSON report to compare with'
complete -c blastlint -n '_shtab_blastlint_using report' -l as-of -x -d 'day of judgement, YYYY-MM-DD; else today'
complete -c blastlint -n '_shtab_blastlint_using report' -l rules -xka "(__fish_complete_directories)" -d 'folder with further rules'
complete -c blastlint -n '_shtab_blastlint_using report' -l select -xka "(_blastlint_rule_list)" -d 'judge by these rules only'
complete -c blastlint -n '_shtab_blastlint_using report' -l ignore -xka "(_blastlint_rule_list)" -d 'leave these rules out'
complete -c blastlint -n '_shtab_blastlint_using report; and test $_shtab_blastlint_npos -ge 0' -ka "(__fish_complete_path (commandline -ct))" -d 'folder or file; else this folder'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a sheet -d 'Tell what whoever is paged for an agent needs in the first hour.'
complete -c blastlint -n '_shtab_blastlint_using sheet' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l inventory -xka "(__fish_complete_path (commandline -ct))" -d 'folder or file; else this folder'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l from -xka "(__fish_complete_path (commandline -ct))" -d 'saved JSON report; judge nothing'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l as -xka "(_blastlint_rotations)" -d 'who reads it; else the rotation that is paged first'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l started-at -x -d 'when it went wrong, with its zone: 2026-06-02T02:17Z'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l run -x -d 'the run that went wrong, for the queries'
complete -c blastlint -n '_shtab_blastlint_using sheet' -s f -l format -xka "text markdown json" -d 'text, markdown or json; else text'
complete -c blastlint -n '_shtab_blastlint_using sheet' -s o -l output -xka "(__fish_complete_path (commandline -ct))" -d 'where it is written; else printed'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l as-of -x -d 'day of judgement, YYYY-MM-DD; else today'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l rules -xka "(__fish_complete_directories)" -d 'folder with further rules'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l select -xka "(_blastlint_rule_list)" -d 'judge by these rules only'
complete -c blastlint -n '_shtab_blastlint_using sheet' -l ignore -xka "(_blastlint_rule_list)" -d 'leave these rules out'
complete -c blastlint -n '_shtab_blastlint_using sheet; and test $_shtab_blastlint_npos -eq 0' -ka "(_blastlint_agents)" -d 'id of the agent'
complete -c blastlint -n '_shtab_blastlint_using sheet; and test $_shtab_blastlint_npos -eq 1' -ka "(_blastlint_tools)" -d 'the one tool that matters; else all'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a reach -d 'Tell everything an agent can reach.'
complete -c blastlint -n '_shtab_blastlint_using reach' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using reach' -l to -xka "(_blastlint_systems)" -d 'only what leads there'
complete -c blastlint -n '_shtab_blastlint_using reach' -s f -l format -xka "text json" -d 'text or json; else text'
complete -c blastlint -n '_shtab_blastlint_using reach; and test $_shtab_blastlint_npos -eq 0' -ka "(_blastlint_agents)" -d 'id of the agent'
complete -c blastlint -n '_shtab_blastlint_using reach; and test $_shtab_blastlint_npos -ge 1' -ka "(__fish_complete_path (commandline -ct))" -d 'folder or file; else this folder'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a grants -d 'Tell what principals really hold, from evidence alone.'
complete -c blastlint -n '_shtab_blastlint_using grants' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using grants' -l for -x -d 'only this principal'
complete -c blastlint -n '_shtab_blastlint_using grants' -l derive -d 'also tell what each can become'
complete -c blastlint -n '_shtab_blastlint_using grants' -l namespace -x -d 'where what names no place of its own lies: namespace (kubernetes-rbac), OWNER/REPO (github), database (postgres)'
complete -c blastlint -n '_shtab_blastlint_using grants' -s f -l format -xka "text json" -d 'text or json; else text'
complete -c blastlint -n '_shtab_blastlint_using grants; and test $_shtab_blastlint_npos -eq 0' -ka "aws-iam github kubernetes-rbac mcp-clients mcp-tools oauth-scopes openapi postgres" -d 'what wrote the files; the kinds are named below'
complete -c blastlint -n '_shtab_blastlint_using grants; and test $_shtab_blastlint_npos -ge 1' -ka "(__fish_complete_path (commandline -ct))" -d 'file or folder'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a explain -d 'Print the page of a rule.'
complete -c blastlint -n '_shtab_blastlint_using explain' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using explain' -l rules -xka "(__fish_complete_directories)" -d 'folder with further rules'
complete -c blastlint -n '_shtab_blastlint_using explain; and test $_shtab_blastlint_npos -eq 0' -ka "(_blastlint_rules)" -d 'id of the rule'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a rules -d 'List the rules.'
complete -c blastlint -n '_shtab_blastlint_using rules' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using rules' -l rules -xka "(__fish_complete_directories)" -d 'folder with further rules'
complete -c blastlint -n '_shtab_blastlint_using rules' -l profile -xka "pilot production regulated" -d 'what it asks for: pilot, production, regulated'
complete -c blastlint -n '_shtab_blastlint_using rules' -s f -l format -xka "text json" -d 'text or json; else text'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a schema -d 'Print a JSON Schema.'
complete -c blastlint -n '_shtab_blastlint_using schema' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using schema; and test $_shtab_blastlint_npos -eq 0' -ka "inventory inventory-part rule report comparison" -d 'inventory, inventory-part, rule, report, comparison'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a lsp -d 'Serve an editor, on standard input and output.'
complete -c blastlint -n '_shtab_blastlint_using lsp' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a test-rules -d 'Run the examples of a folder of rules.'
complete -c blastlint -n '_shtab_blastlint_using test-rules' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using test-rules; and test $_shtab_blastlint_npos -eq 0' -ka "(__fish_complete_directories)" -d folder
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a ids -d 'List the ids of one kind, a line each.'
complete -c blastlint -n '_shtab_blastlint_using ids' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using ids; and test $_shtab_blastlint_npos -eq 0' -ka "agents approval_gates audit_logs calendars capabilities credentials deployments escalation_policies evidence fallbacks quotas retry_profiles rotations routes runbooks systems teams tools waivers workflows rules" -d 'agents, tools or another section; or rules'
complete -c blastlint -n '_shtab_blastlint_using ids; and test $_shtab_blastlint_npos -ge 1' -ka "(__fish_complete_path (commandline -ct))" -d 'folder or file; else this folder'
complete -c blastlint -n '_shtab_blastlint_using; and test $_shtab_blastlint_npos -eq 0' -a completion -d 'Print what lets a shell complete commands, options, rules and agents.'
complete -c blastlint -n '_shtab_blastlint_using completion' -s h -l help -d 'show this help message and exit'
complete -c blastlint -n '_shtab_blastlint_using completion; and test $_shtab_blastlint_npos -eq 0' -ka "bash zsh fish" -d 'bash, zsh, fish'
