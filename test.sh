#!/bin/bash
# Runs everything CI runs, and ends with "N passed, N failed". Kinds can be named: ./test.sh Cairn.UnitTests
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")"
. eng/prerequisites.sh
ensure_dotnet
ensure_rocksdb

# Project and the least number of tests it must run: an empty run is a failure, not a success.
kinds='
Cairn.UnitTests       500
Cairn.SimulationTests   4
Cairn.FunctionalTests 100
Cairn.SystemTests      20
'

results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
passed=0
failed=0

finish() {
  echo
  printf '%s' "$table"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

table=''
if ! CI=true dotnet build Cairn.slnx -c Release --nologo -v quiet; then
  table=$'the build failed\n'
  failed=1
  finish
fi

while read -r project minimum; do
  if [ -z "$project" ] || { [ $# -gt 0 ] && [[ " $* " != *" $project "* ]]; }; then
    continue
  fi
  if [ "$project" = Cairn.SystemTests ] && ! eng/clients/install.sh; then
    echo "The foreign clients could not be installed" >&2
  fi
  echo "== $project"
  started=$SECONDS
  log=$results/$project.log
  "artifacts/bin/$project/release/$project" -noLogo -noColor -junit "$results/$project.xml" 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  summary=$(grep -E '^ +Cairn\.[A-Za-z]+Tests +Total: ' "$log" | tail -1)
  number() { sed -n "s/.*\b$1: *\([0-9]*\).*/\1/p" <<<"$summary"; }
  total=$(number Total)
  skipped=$(number Skipped)
  bad=$(($(number Failed) + $(number Errors)))
  good=$((${total:-0} - $(number Failed) - ${skipped:-0}))
  if [ "$good" -lt "$minimum" ]; then
    echo "$project passed $good tests; at least $minimum are expected" >&2
    bad=$((bad + 1))
  elif [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "$project ended with exit code $code" >&2
    bad=1
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  table+=$(printf '%-24s %5d passed %5d failed %5d skipped %5d s' "$project" "$good" "$bad" "${skipped:-0}" $((SECONDS - started)))$'\n'
done <<<"$kinds"
finish
