#!/usr/bin/env bash
# Runs the built tests and adds up what happened. The test program is started directly, not through `dotnet test`: its
# verbose reporter names every start and end, so a hang can be told by name, and its summary line is what is counted.
#
#   run-tests.sh [FILTER]    part of a qualified name (Scram, Config.ConfigLoaderTests) or an xunit query (/…)
#
# TEST_TIMEOUT (default 46m) bounds the whole run. Results: {run.log,results.xml,summary} in TEST_OUT (default artifacts/test).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

filter=${1:-}
program=Tigger.Tests/bin/Release/net10.0/Tigger.Tests.dll
out=${TEST_OUT:-artifacts/test}
limit=${TEST_TIMEOUT:-46m}

arguments=(-noColor -reporter verbose -xml "$out/results.xml")
case "$filter" in
  "") ;;
  # Explicit tests (those of the packages) run only when they are asked for.
  "/[Packages=yes]") arguments+=(-filter "$filter" -explicit only) ;;
  /*) arguments+=(-filter "$filter") ;;
  *) arguments+=(-method "*${filter#FullyQualifiedName~}*") ;;
esac

rm -rf "$out"
mkdir -p "$out"
[ -f "$program" ] || { echo "run-tests: $program is missing; run make build first" >&2; exit 1; }

# SIGINT lets the fixtures stop their servers; a run that ignores it for a minute is killed.
code=0
timeout --signal=INT --kill-after=60s "$limit" dotnet "$program" "${arguments[@]}" 2>&1 |
  tee "$out/run.log" | { grep -v --line-buffered '\[STARTING\]$' || true; } || code=$?

names() { sed -nE "s/^ *(.*) \[$1\]( Time: [0-9.]+s)?\$/\1/p" "$out/run.log" | sort; }
count() { names "$1" | wc -l; }

# ` Tigger.Tests  Total: 3, Errors: 0, Failed: 1, Skipped: 1, Not Run: 0, Time: 0.1s`, or only the total when it is 0
total=$(grep -E '^ +Tigger\.Tests +Total: [0-9]+' "$out/run.log" | tail -n 1 || true)
number() { sed -nE "s/.* $1: ([0-9]+).*/\1/p" <<<"$total" | grep . || echo 0; }

if [ -n "$total" ]; then
  skipped=$(number Skipped)
  failed=$(($(number Failed) + $(number Errors)))
  passed=$(($(number Total) - $(number Failed) - skipped - $(number "Not Run")))
else
  # No summary: the program died or was killed. Whatever had started and not ended counts as failed; at least one did.
  skipped=$(count SKIP)
  passed=$(($(count FINISHED) - $(count FAIL) - skipped))
  running=$(comm -23 <(names STARTING) <(names FINISHED))
  failed=$(($(count FAIL) + $(grep -c . <<<"$running" || true)))
  [ "$failed" -gt 0 ] || failed=1
  case "$code" in
    124 | 137) echo "run-tests: stopped after $limit (exit code $code); still running:" ;;
    *) echo "run-tests: the test program ended without a summary (exit code $code); it was running:" ;;
  esac
  echo "${running:-nothing that had a name}"
fi

# A skip is a hole in the proof. Only tests that need eBPF privileges may have one, and their reason says so.
# The reason stands indented below the name; other output of the test may come in between.
skips() {
  awk '/ \[SKIP\]$/ { sub(/^ +/, ""); sub(/ \[SKIP\]$/, ""); name = $0; next }
       name != "" && /^      [^ ]/ { sub(/^ +/, ""); print name "\t" $0; name = "" }' "$out/run.log"
}
if [ "$skipped" -gt 0 ]; then
  echo "run-tests: skipped tests and their reasons:"
  skips | sed 's/\t/: /; s/^/  /'
  unexcused=$((skipped - $(skips | cut -f 2- | grep -c BPF || true)))
  if [ "$unexcused" -gt 0 ]; then
    echo "run-tests: $unexcused of them for a reason other than BPF; counted as failed"
    skipped=$((skipped - unexcused))
    failed=$((failed + unexcused))
  fi
fi

# Why they failed, once more at the end and short: of a long run often only the last lines are kept. The message stands
# indented below the name, up to the stack, of which the first frame is kept, or the output; other tests' lines begin further
# left.
failures() {
  awk '/^    [^ ].* \[FAIL\]$/ { sub(/^ +/, ""); print "run-tests: " substr($0, 1, 200); left = 5; inside = 1; next }
       /^ ? ? ? ?[^ ]/ || /^ +Output:$/ { left = 0; inside = 0 }
       /^ +Stack Trace:$/ { left = inside; next }
       left > 0 { print substr($0, 1, 160); left-- }' "$out/run.log"
}
if [ "$(count FAIL)" -gt 0 ]; then
  failures
fi

# On a machine of two noisy cores a deadline can pass without a fault of ours. A few failures of a whole run are looked at once
# more, alone; what fails again has failed, what does not is named, so that it is not forgotten.
again() {
  local methods=() test
  while read -r test; do methods+=(-method "${test%%(*}"); done < <(names FAIL | uniq)
  dotnet "$program" -noColor -reporter verbose "${methods[@]}" >"$out/again.log" 2>&1 || true
  while read -r test; do
    if grep -qF " $test [FINISHED]" "$out/again.log" && ! grep -qF " $test [FAIL]" "$out/again.log"; then
      echo "run-tests: failed beside others and passed alone: $test"
      failed=$((failed - 1))
      passed=$((passed + 1))
    fi
  done < <(names FAIL | uniq)
  if [ "$failed" -eq 0 ]; then code=0; fi
}
if [ -n "$total" ] && [ -z "$filter" ] && [ "$failed" -gt 0 ] && [ "$failed" -le 8 ] && [ "$(names FAIL | uniq | wc -l)" -eq "$failed" ]; then
  again
fi

echo "$passed passed, $failed failed, $skipped skipped" | tee "$out/summary"
[ "$failed" -eq 0 ] || exit 1
[ "$code" -eq 0 ] || { echo "run-tests: the test program ended with exit code $code" >&2; exit 1; }
[ "$passed" -gt 0 ] || { echo "run-tests: no test ran" >&2; exit 1; }
