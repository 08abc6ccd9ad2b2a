# shellcheck shell=bash
# Counts what `swift test` reported, from both test libraries. Source this file.

# What a line says that tells of a test that failed.
# shellcheck disable=SC2034
FAILED_TEST='^[^A-Za-z0-9 ]+ Test (".*"|[^ ]+\(.*\)) (with [0-9]+ test cases? )?(recorded an issue|failed after)|: error: '

# count_tests LOG: prints PASSED FAILED SKIPPED.
# Each library announces how many tests there were when it ends; a run that broke off has only the single lines.
count_tests() {
    LC_ALL=C.UTF-8 awk '
        # Swift Testing: "✔ Test name() passed after 0.1 seconds." The run itself and single arguments are not tests.
        /^[^A-Za-z0-9 ]+ Test (run with [0-9]+ tests|case passing) / {
            if ($0 ~ /Test run with/) { match($0, /run with [0-9]+/); testing = substr($0, RSTART + 9, RLENGTH - 9) }
            next
        }
        /^[^A-Za-z0-9 ]+ Test .* passed after [0-9.]+ seconds( with .*)?\.$/ { passed++ }
        /^[^A-Za-z0-9 ]+ Test .* failed after [0-9.]+ seconds( with .*)?\.$/ { failed++ }
        /^[^A-Za-z0-9 ]+ Test .* skipped(\.|: ".*")$/ { skipped++ }
        # XCTest
        /^Test Case .* passed \([0-9.]+ seconds\)$/ { passed++ }
        /^Test Case .* failed \([0-9.]+ seconds\)$/ { failed++ }
        /^Test Case .* skipped \([0-9.]+ seconds\)$/ { skipped++ }
        /^[ \t]*Executed [0-9]+ tests?, with / { xctest = $2 }
        END {
            announced = testing + xctest - failed - skipped
            if (testing != "" && announced > passed) passed = announced
            print passed + 0, failed + 0, skipped + 0
        }' "$1"
}
