# Sourced by scripts/test and scripts/check: runs named steps one after the other, stops at the first that fails, and
# closes with a table of what each took.

steps=()
trap 'finish $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A script that has something to put away replaces this.
put_away() { :; }

step() { # name, command …
  local name=$1 begun=$EPOCHREALTIME status
  shift
  printf '\n━━ %s\n' "$name"
  # Not `if ("$@")`: inside a condition bash forgets `set -e`, and a step of two commands would hide the first's failure.
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  steps+=("$(awk -v from="$begun" -v to="$EPOCHREALTIME" 'BEGIN { printf "%7.1f s", to - from }')  $([ "$status" -eq 0 ] && echo 'ok    ' || echo FAILED)  $name")
  [ "$status" -eq 0 ] || exit "$status"
}

finish() {
  local status=$1
  trap - EXIT INT TERM
  put_away
  printf '\n━━ steps\n'
  [ "${#steps[@]}" -eq 0 ] || printf '%s\n' "${steps[@]}"
  awk -v seconds="$SECONDS" -v ok="$status" 'BEGIN { printf "%7d s  %s  in all\n", seconds, ok == 0 ? "ok    " : "FAILED" }'
  exit "$status"
}
