#!/bin/sh
# Walks all journeys. The camera's go first and alone: a face moves in time with the prompts, and on a busy machine it would
# move too late. The others go two at a time, by their names; the one that opens every page takes longest and is called so that
# it begins early. `walk.sh camera` and `walk.sh others` walk a part; `walk.sh times` those that have limits in time, one after
# the other, and holds them to these.
cd "$(dirname "$0")" || exit 1
walk() { node --test --test-reporter=spec "$@"; }

# What fails among others is walked once more, alone: what fails there too is a fault. What passes then is a race, and is named at
# the end so that somebody looks for it. More than three files at once are no race.
MOST_AGAIN=3
walk_twice() {
  told=$(mktemp)
  walk --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination="$told" "$@" && { rm -f "$told"; return 0; }
  failed=$(sed -n "s/^ *location: '.*\(journeys\/[a-z-]*\.test\.mjs\):.*/\1/p" "$told" | sort -u)
  rm -f "$told"
  count=$(echo "$failed" | grep -c .)
  if [ "$count" -eq 0 ] || [ "$count" -gt "$MOST_AGAIN" ]; then return 1; fi
  echo "━━ failed, and walked once more alone:" $failed
  # shellcheck disable=SC2086
  walk --test-concurrency=1 $failed || return 1
  echo "━━ passed at the second try only, which is a race to be looked for:" $failed
}
camera() { walk journeys/face.test.mjs; }
others() {
  files=$(ls journeys/*.test.mjs | grep -v '/face\.test')
  # shellcheck disable=SC2086 # one word for each file
  walk_twice --test-concurrency=2 $files
}
case "${1:-}" in
camera) camera ;;
others) others ;;
times)
  export HEALTHSYNC_TIMES=1
  files=$(grep -l '/times\.mjs' journeys/*.test.mjs)
  # shellcheck disable=SC2086
  walk --test-concurrency=1 $files
  ;;
*)
  status=0
  camera || status=1
  others || status=1
  exit $status
  ;;
esac
