#!/bin/sh
# Walks all journeys. The camera's go first and alone: a face moves in time with the prompts, and on a busy machine it would
# move too late. The others go two at a time, by their names; the one that opens every page takes longest and is called so that
# it begins early. `walk.sh camera` and `walk.sh others` walk a part; `walk.sh times` those that have limits in time, one after
# the other, and holds them to these.
cd "$(dirname "$0")" || exit 1
walk() { node --test --test-reporter=spec "$@"; }
camera() { walk journeys/face.test.mjs; }
others() {
  files=$(ls journeys/*.test.mjs | grep -v '/face\.test')
  # shellcheck disable=SC2086 # one word for each file
  walk --test-concurrency=2 $files
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
