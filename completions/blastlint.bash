# Completion of blastlint for bash, made by shtab from the commands themselves: `blastlint completion --help`.

_shtab_blastlint_subparsers=(init check diff baseline report sheet reach grants explain rules schema lsp test-rules ids completion)

_shtab_blastlint_init_option_strings=(-h --help --from -o --output --agent --owner --runs-as --as-of --diff)
_shtab_blastlint_check_option_strings=(-h --help -f --format -o --output --as-of --rules --select --ignore --no-cache --fix --unsafe --diff --staged --new-from --trust-from --fail-on)
_shtab_blastlint_diff_option_strings=(-h --help -f --format -o --output --as-of --rules --select --ignore --trust-base --fail-on)
_shtab_blastlint_baseline_option_strings=(-h --help --as-of --rules --select --ignore)
_shtab_blastlint_report_option_strings=(-h --help -o --output --from --since --as-of --rules --select --ignore)
_shtab_blastlint_sheet_option_strings=(-h --help --inventory --from --as --started-at --run -f --format -o --output --as-of --rules --select --ignore)
_shtab_blastlint_reach_option_strings=(-h --help --to -f --format)
_shtab_blastlint_grants_option_strings=(-h --help --for --derive --namespace -f --format)
_shtab_blastlint_explain_option_strings=(-h --help --rules)
_shtab_blastlint_rules_option_strings=(-h --help --rules --profile -f --format)
_shtab_blastlint_schema_option_strings=(-h --help)
_shtab_blastlint_lsp_option_strings=(-h --help)
_shtab_blastlint_test_rules_option_strings=(-h --help)
_shtab_blastlint_ids_option_strings=(-h --help)
_shtab_blastlint_completion_option_strings=(-h --help)
_shtab_blastlint_option_strings=(-h --help -V --version)

_shtab_blastlint_init___from_COMPGEN=_shtab_compgen_files
_shtab_blastlint_init__o_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_init___output_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_init___agent_COMPGEN=''
_shtab_blastlint_init___owner_COMPGEN=_blastlint_teams
_shtab_blastlint_init___runs_as_COMPGEN=''
_shtab_blastlint_init___as_of_COMPGEN=''
_shtab_blastlint_check_pos_0_COMPGEN=_shtab_compgen_files
_shtab_blastlint_check__o_COMPGEN=_shtab_compgen_files
_shtab_blastlint_check___output_COMPGEN=_shtab_compgen_files
_shtab_blastlint_check___as_of_COMPGEN=''
_shtab_blastlint_check___rules_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_check___select_COMPGEN=_blastlint_rule_list
_shtab_blastlint_check___ignore_COMPGEN=_blastlint_rule_list
_shtab_blastlint_check___new_from_COMPGEN=_blastlint_revisions
_shtab_blastlint_check___trust_from_COMPGEN=_blastlint_revisions
_shtab_blastlint_diff_pos_0_COMPGEN=_blastlint_sides_file
_shtab_blastlint_diff_pos_1_COMPGEN=_blastlint_sides_file
_shtab_blastlint_diff_pos_2_COMPGEN=_shtab_compgen_files
_shtab_blastlint_diff__o_COMPGEN=_shtab_compgen_files
_shtab_blastlint_diff___output_COMPGEN=_shtab_compgen_files
_shtab_blastlint_diff___as_of_COMPGEN=''
_shtab_blastlint_diff___rules_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_diff___select_COMPGEN=_blastlint_rule_list
_shtab_blastlint_diff___ignore_COMPGEN=_blastlint_rule_list
_shtab_blastlint_baseline_pos_0_COMPGEN=_shtab_compgen_files
_shtab_blastlint_baseline___as_of_COMPGEN=''
_shtab_blastlint_baseline___rules_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_baseline___select_COMPGEN=_blastlint_rule_list
_shtab_blastlint_baseline___ignore_COMPGEN=_blastlint_rule_list
_shtab_blastlint_report_pos_0_COMPGEN=_shtab_compgen_files
_shtab_blastlint_report__o_COMPGEN=_shtab_compgen_files
_shtab_blastlint_report___output_COMPGEN=_shtab_compgen_files
_shtab_blastlint_report___from_COMPGEN=_shtab_compgen_files
_shtab_blastlint_report___since_COMPGEN=_shtab_compgen_files
_shtab_blastlint_report___as_of_COMPGEN=''
_shtab_blastlint_report___rules_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_report___select_COMPGEN=_blastlint_rule_list
_shtab_blastlint_report___ignore_COMPGEN=_blastlint_rule_list
_shtab_blastlint_sheet_pos_0_COMPGEN=_blastlint_agents
_shtab_blastlint_sheet_pos_1_COMPGEN=_blastlint_tools
_shtab_blastlint_sheet___inventory_COMPGEN=_shtab_compgen_files
_shtab_blastlint_sheet___from_COMPGEN=_shtab_compgen_files
_shtab_blastlint_sheet___as_COMPGEN=_blastlint_rotations
_shtab_blastlint_sheet___started_at_COMPGEN=''
_shtab_blastlint_sheet___run_COMPGEN=''
_shtab_blastlint_sheet__o_COMPGEN=_shtab_compgen_files
_shtab_blastlint_sheet___output_COMPGEN=_shtab_compgen_files
_shtab_blastlint_sheet___as_of_COMPGEN=''
_shtab_blastlint_sheet___rules_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_sheet___select_COMPGEN=_blastlint_rule_list
_shtab_blastlint_sheet___ignore_COMPGEN=_blastlint_rule_list
_shtab_blastlint_reach_pos_0_COMPGEN=_blastlint_agents
_shtab_blastlint_reach_pos_1_COMPGEN=_shtab_compgen_files
_shtab_blastlint_reach___to_COMPGEN=_blastlint_systems
_shtab_blastlint_grants_pos_1_COMPGEN=_shtab_compgen_files
_shtab_blastlint_grants___for_COMPGEN=''
_shtab_blastlint_grants___namespace_COMPGEN=''
_shtab_blastlint_explain_pos_0_COMPGEN=_blastlint_rules
_shtab_blastlint_explain___rules_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_rules___rules_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_test_rules_pos_0_COMPGEN=_shtab_compgen_dirs
_shtab_blastlint_ids_pos_1_COMPGEN=_shtab_compgen_files

_shtab_blastlint_check__f_choices=(text concise json sarif markdown junit github gitlab html)
_shtab_blastlint_check___format_choices=(text concise json sarif markdown junit github gitlab html)
_shtab_blastlint_check___fail_on_choices=(error warning note never)
_shtab_blastlint_diff__f_choices=(text concise json sarif markdown junit github gitlab)
_shtab_blastlint_diff___format_choices=(text concise json sarif markdown junit github gitlab)
_shtab_blastlint_diff___fail_on_choices=(error warning note never)
_shtab_blastlint_sheet__f_choices=(text markdown json)
_shtab_blastlint_sheet___format_choices=(text markdown json)
_shtab_blastlint_reach__f_choices=(text json)
_shtab_blastlint_reach___format_choices=(text json)
_shtab_blastlint_grants_pos_0_choices=(aws-iam github kubernetes-rbac mcp-clients mcp-tools oauth-scopes openapi postgres)
_shtab_blastlint_grants__f_choices=(text json)
_shtab_blastlint_grants___format_choices=(text json)
_shtab_blastlint_rules___profile_choices=(pilot production regulated)
_shtab_blastlint_rules__f_choices=(text json)
_shtab_blastlint_rules___format_choices=(text json)
_shtab_blastlint_schema_pos_0_choices=(inventory inventory-part rule report comparison)
_shtab_blastlint_ids_pos_0_choices=(agents approval_gates audit_logs calendars capabilities credentials deployments escalation_policies evidence fallbacks quotas retry_profiles rotations routes runbooks systems teams tools waivers workflows rules)
_shtab_blastlint_completion_pos_0_choices=(bash zsh fish)
_shtab_blastlint_pos_0_choices=(init check diff baseline report sheet reach grants explain rules schema lsp test-rules ids completion)

_shtab_blastlint_init__h_nargs=0
_shtab_blastlint_init___help_nargs=0
_shtab_blastlint_init___diff_nargs=0
_shtab_blastlint_check_pos_0_nargs='*'
_shtab_blastlint_check__h_nargs=0
_shtab_blastlint_check___help_nargs=0
_shtab_blastlint_check___no_cache_nargs=0
_shtab_blastlint_check___fix_nargs=0
_shtab_blastlint_check___unsafe_nargs=0
_shtab_blastlint_check___diff_nargs=0
_shtab_blastlint_check___staged_nargs=0
_shtab_blastlint_diff_pos_2_nargs='*'
_shtab_blastlint_diff__h_nargs=0
_shtab_blastlint_diff___help_nargs=0
_shtab_blastlint_diff___trust_base_nargs=0
_shtab_blastlint_baseline_pos_0_nargs='*'
_shtab_blastlint_baseline__h_nargs=0
_shtab_blastlint_baseline___help_nargs=0
_shtab_blastlint_report_pos_0_nargs='*'
_shtab_blastlint_report__h_nargs=0
_shtab_blastlint_report___help_nargs=0
_shtab_blastlint_sheet__h_nargs=0
_shtab_blastlint_sheet___help_nargs=0
_shtab_blastlint_reach_pos_1_nargs='*'
_shtab_blastlint_reach__h_nargs=0
_shtab_blastlint_reach___help_nargs=0
_shtab_blastlint_grants_pos_1_nargs=+
_shtab_blastlint_grants__h_nargs=0
_shtab_blastlint_grants___help_nargs=0
_shtab_blastlint_grants___derive_nargs=0
_shtab_blastlint_explain__h_nargs=0
_shtab_blastlint_explain___help_nargs=0
_shtab_blastlint_rules__h_nargs=0
_shtab_blastlint_rules___help_nargs=0
_shtab_blastlint_schema__h_nargs=0
_shtab_blastlint_schema___help_nargs=0
_shtab_blastlint_lsp__h_nargs=0
_shtab_blastlint_lsp___help_nargs=0
_shtab_blastlint_test_rules__h_nargs=0
_shtab_blastlint_test_rules___help_nargs=0
_shtab_blastlint_ids_pos_1_nargs='*'
_shtab_blastlint_ids__h_nargs=0
_shtab_blastlint_ids___help_nargs=0
_shtab_blastlint_completion__h_nargs=0
_shtab_blastlint_completion___help_nargs=0
_shtab_blastlint_pos_0_nargs=A...
_shtab_blastlint__h_nargs=0
_shtab_blastlint___help_nargs=0
_shtab_blastlint__V_nargs=0
_shtab_blastlint___version_nargs=0


# Prints the lines that start with a word, if nothing in them means anything to a shell.
_blastlint_offer() {
  local line
  while IFS= read -r line; do
    [[ $line == "$1"* && $line =~ ^[A-Za-z0-9._/@,+:-]+$ ]] && printf '%s\n' "$line"
  done
}

_blastlint_rules() { blastlint ids rules 2>/dev/null | _blastlint_offer "$1"; }

_blastlint_rule_list() {
  local before="" line
  [[ $1 == *,* ]] && before="${1%,*},"
  blastlint ids rules 2>/dev/null |
    while IFS= read -r line; do printf '%s\n' "$before$line"; done | _blastlint_offer "$1"
}

_blastlint_revisions() {
  git for-each-ref --format='%(refname:short)' 2>/dev/null | _blastlint_offer "$1"
}

_blastlint_sides_file() { _blastlint_revisions "$1"; compgen -f -- "$1"; }

_blastlint_agents() { blastlint ids agents 2>/dev/null | _blastlint_offer "$1"; }

_blastlint_rotations() { blastlint ids rotations 2>/dev/null | _blastlint_offer "$1"; }

_blastlint_systems() { blastlint ids systems 2>/dev/null | _blastlint_offer "$1"; }

_blastlint_teams() { blastlint ids teams 2>/dev/null | _blastlint_offer "$1"; }

_blastlint_tools() { blastlint ids tools 2>/dev/null | _blastlint_offer "$1"; }


# $1=COMP_WORDS[1]
_shtab_compgen_files() {
  compgen -f -- $1  # files
}

# $1=COMP_WORDS[1]
_shtab_compgen_dirs() {
  compgen -d -- $1  # recurse into subdirs
}

# $1=COMP_WORDS[1]
_shtab_replace_nonword() {
  echo "${1//[^[:word:]]/_}"
}

# set default values (called for the initial parser & any subparsers)
_set_parser_defaults() {
  local subparsers_var="${prefix}_subparsers[@]"
  sub_parsers=${!subparsers_var-}

  local current_option_strings_var="${prefix}_option_strings[@]"
  current_option_strings=${!current_option_strings_var}

  completed_positional_actions=0

  _set_new_action "pos_$completed_positional_actions" true
}

# $1=action identifier
# $2=positional action (bool)
# set all identifiers for an action's parameters
_set_new_action() {
  current_action="${prefix}_$(_shtab_replace_nonword $1)"

  local current_action_compgen_var=${current_action}_COMPGEN
  current_action_compgen="${!current_action_compgen_var-}"

  local current_action_choices_var="${current_action}_choices[@]"
  current_action_choices="${!current_action_choices_var-}"

  local current_action_nargs_var="${current_action}_nargs"
  if [ -n "${!current_action_nargs_var-}" ]; then
    current_action_nargs="${!current_action_nargs_var}"
  else
    current_action_nargs=1
  fi

  current_action_args_start_index=$(( $word_index + 1 - $pos_only ))

  current_action_is_positional=$2
}

# Notes:
# `COMPREPLY`: what will be rendered after completion is triggered
# `completing_word`: currently typed word to generate completions for
# `${!var}`: evaluates the content of `var` and expand its content as a variable
#     hello="world"
#     x="hello"
#     ${!x} -> ${hello} -> "world"
_shtab_blastlint() {
  local completing_word="${COMP_WORDS[COMP_CWORD]}"
  local previous_word="${COMP_WORDS[COMP_CWORD-1]}"
  local completed_positional_actions
  local current_action
  local current_action_args_start_index
  local current_action_choices
  local current_action_compgen
  local current_action_is_positional
  local current_action_nargs
  local current_option_strings
  local sub_parsers
  COMPREPLY=()

  local prefix=_shtab_blastlint
  local word_index=0
  local pos_only=0 # "--" delimiter not encountered yet
  _set_parser_defaults
  word_index=1

  # determine what arguments are appropriate for the current state
  # of the arg parser
  while [ $word_index -ne $COMP_CWORD ]; do
    local this_word="${COMP_WORDS[$word_index]}"

    if [[ $pos_only = 1 || " $this_word " != " -- " ]]; then
      if [[ -n $sub_parsers && " ${sub_parsers[@]} " == *" $this_word "* ]]; then
        # valid subcommand: add it to the prefix & reset the current action
        prefix="${prefix}_$(_shtab_replace_nonword $this_word)"
        _set_parser_defaults
      fi

      if [[ " ${current_option_strings[@]} " == *" $this_word "* ]]; then
        # a new action should be acquired (due to recognised option string or
        # no more input expected from current action);
        # the next positional action can fill in here
        _set_new_action $this_word false
      fi

      if [[ "$current_action_nargs" != "*" ]] && \
         [[ "$current_action_nargs" != "+" ]] && \
         [[ "$current_action_nargs" != "?" ]] && \
         [[ "$current_action_nargs" != *"..." ]] && \
         (( $word_index + 1 - $current_action_args_start_index - $pos_only >= \
            $current_action_nargs )); then
        $current_action_is_positional && let "completed_positional_actions += 1"
        _set_new_action "pos_$completed_positional_actions" true
      fi
    else
      pos_only=1 # "--" delimiter encountered
    fi

    let "word_index+=1"
  done

  # Generate the completions

  COMPREPLY=()
  if [[ $pos_only = 0 && "$completing_word" == -* &&
        ( -z "$current_action_compgen" || "$current_action_is_positional" = true ) ]]; then
    # optional argument started: use option strings
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_option_strings[*]}" -- "$completing_word")
  elif [[ "$previous_word" =~ ^[0-9\&]*[\<\>]\>?$ ]]; then
    # handle redirection operators
    compopt -o filenames 2>/dev/null || : # bash>=4
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$completing_word")
  else
    # use choices & compgen
    local action_compgen_word="$completing_word"
    # handle tab-completing in the middle of a line (#248 <- #116)
    [[ -n "$current_action_compgen" && "$completing_word" == -* ]] && action_compgen_word=""
    [ -n "$current_action_compgen" ] && {
      [[ "$current_action_compgen" =~ _(file|dir|glob|FILE|DIR|GLOB)|File|Dir|Glob ]] &&
        compopt -o filenames 2>/dev/null || : # bash>=4
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
        "$current_action_compgen" "$action_compgen_word")
    }
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_action_choices[*]}" -- "$completing_word")
  fi

  if [[ ${#COMPREPLY[@]} = 0 ]]; then
    # native fallback matches are not necessarily filenames (e.g. variables)
    compopt +o filenames 2>/dev/null || : # bash>=4
  fi

  return 0
}

complete -o bashdefault -F _shtab_blastlint blastlint
