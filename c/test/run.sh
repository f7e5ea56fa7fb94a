#!/bin/sh
# run.sh RUN_TESTS LIBRARY...: runs the tests over each library and adds up.
run_tests=$1
shift
[ $# -gt 0 ] || { echo "no library to test" >&2; exit 2; }
passed=0 failed=0 skipped=0
for library; do
  output=$("$run_tests" "$library" 2>&1)
  total=$(printf '%s\n' "$output" | tail -n 1)
  printf '%s\n' "$output" | sed '$d'
  case $total in
  *" passed, "*" failed"*) ;;
  *) echo "$total"; total="0 passed, 1 failed" ;;
  esac
  echo "$(basename "$library"): $total"
  set -- $total
  passed=$((passed + $1)) failed=$((failed + $3))
  [ $# -lt 6 ] || skipped=$((skipped + $5))
done
line="$passed passed, $failed failed"
[ $skipped -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ $failed -eq 0 ]
