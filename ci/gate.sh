#!/bin/sh
# The gate for any build server: `gate.sh BASE [PATH…]`, with blastlint on the path.
#
# Judges the commit that is checked out by what it changes against BASE, and by the policy, rules,
# waivers and baseline of BASE. Exit codes are those of blastlint: 0 lets the change through.
set -eu
base=${1:?usage: gate.sh BASE [PATH...]}
shift
exec blastlint diff "$base" HEAD "$@" --trust-base \
  -f text -f json -o blastlint.json -f sarif -o blastlint.sarif -f junit -o blastlint.xml
