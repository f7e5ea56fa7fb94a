#!/bin/sh
# run.sh RUN_TESTS LIBRARY...: runs the tests over each library and adds up.
# What failed is printed once more at the end, where it survives a log that is
# cut off in front.
run_tests=$1
shift
[ $# -gt 0 ] || { echo "no library to test" >&2; exit 2; }
passed=0 failed=0 skipped=0 failures=
for library; do
  output=$("$run_tests" "$library" 2>&1)
  total=$(printf '%s\n' "$output" | tail -n 1)
  printf '%s\n' "$output" | sed '$d'
  failures="$failures$(printf '%s\n' "$output" | awk '
    /^(ok|SKIP) / { why = ""; next }
    { why = why $0 "\n" }
    /^FAILED / { printf "%s", why; why = "" }')
"
  case $total in
  *" passed, "*" failed"*) ;;
  *) echo "$total"; total="0 passed, 1 failed" ;;
  esac
  echo "$(basename "$library"): $total"
  set -- $total
  passed=$((passed + $1)) failed=$((failed + $3))
  [ $# -lt 6 ] || skipped=$((skipped + $5))
done
printf '%s' "$failures" | sed '/^$/d'
line="$passed passed, $failed failed"
[ $skipped -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ $failed -eq 0 ]
