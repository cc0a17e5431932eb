#!/bin/sh
# Walks all journeys. The camera's come first and alone: a face moves in time with the prompts, and on a busy machine it would
# move too late. The others go two at a time, by their names; the one that opens every page takes longest and is called so that
# it begins early. `walk.sh times` walks those that have limits in time, one after the other, and holds them to these.
cd "$(dirname "$0")" || exit 1
if [ "${1:-}" = times ]; then
  export HEALTHSYNC_TIMES=1
  timed=$(grep -l '/times\.mjs' journeys/*.test.mjs)
  # shellcheck disable=SC2086 # one word for each file
  exec node --test --test-concurrency=1 --test-reporter=spec $timed
fi
status=0
node --test --test-reporter=spec journeys/face.test.mjs || status=1
others=$(ls journeys/*.test.mjs | grep -v '/face\.test')
# shellcheck disable=SC2086 # one word for each file
node --test --test-concurrency=2 --test-reporter=spec $others || status=1
exit $status
