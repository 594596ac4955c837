#!/bin/sh
# Run a stage of the tests and note how long it took: tests/timed.sh NAME COMMAND…
name=$1
shift
start=$(date +%s)
"$@"
status=$?
mkdir -p _build
printf '%-44s %5d s\n' "$name" $(($(date +%s) - start)) >> _build/times.txt
exit $status
