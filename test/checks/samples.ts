/** What test programs print, shortened by hand, and what is to be read from it. Paths are relative, as in a report. */
export type Sample = {
	name: string;
	output: string;
	exitCode: number;
	passed: number | undefined;
	failed: number | undefined;
	/** Name, file and line of each failure; and words that its message has. */
	failures: { name: string; file?: string; line?: number; says?: string }[];
};

export const javascript: Sample[] = [
	{
		name: 'node:test spec',
		exitCode: 1,
		passed: 2,
		failed: 2,
		failures: [
			{ name: 'subtracts', file: 'sum.test.js', line: 5, says: '1 !== 2' },
			{ name: 'inner', file: 'sum.test.js', line: 8, says: '+ actual - expected' },
		],
		output: `✔ adds (0.6ms)
✖ subtracts (1.4ms)
▶ group
  ✖ inner (0.3ms)
  ✔ other (0.1ms)
✖ group (1.1ms)
ℹ tests 4
ℹ suites 1
ℹ pass 2
ℹ fail 2
ℹ cancelled 0
ℹ skipped 0
ℹ todo 0
ℹ duration_ms 60.1

✖ failing tests:

test at sum.test.js:5:1
✖ subtracts (1.4ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

  1 !== 2

      at TestContext.<anonymous> (sum.test.js:5:32)
      at Test.runInAsyncScope (node:async_hooks:227:14)
      at async startSubtestAfterBootstrap (node:internal/test_runner/harness:387:3) {
    generatedMessage: true,
    code: 'ERR_ASSERTION',
    actual: 1,
    expected: 2,
    operator: 'strictEqual'
  }

test at sum.test.js:8:3
✖ inner (0.3ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly deep-equal:
  + actual - expected

      at TestContext.<anonymous> (sum.test.js:8:12) {
    code: 'ERR_ASSERTION'
  }
`,
	},
	{
		name: 'node:test spec, a file that cannot be loaded',
		exitCode: 1,
		passed: 1,
		failed: 1,
		failures: [{ name: 'b.test.js', file: 'b.test.js', line: 1, says: "SyntaxError: Unexpected token ';'" }],
		output: `✔ adds (0.6ms)
b.test.js:1
const x = (;
           ^

SyntaxError: Unexpected token ';'
    at compileSourceTextModule (node:internal/modules/esm/utils:319:16)

Node.js v24.1.0
✖ b.test.js (86.1ms)
ℹ tests 2
ℹ suites 0
ℹ pass 1
ℹ fail 1
ℹ cancelled 0
ℹ skipped 0
ℹ todo 0
ℹ duration_ms 90

✖ failing tests:

test at b.test.js:1:1
✖ b.test.js (86.1ms)
  'test failed'
`,
	},
	{
		name: 'node:test TAP',
		exitCode: 1,
		passed: 1,
		failed: 2,
		failures: [
			{ name: 'subtracts', file: 'sum.test.js', line: 4, says: 'strictly equal' },
			{ name: 'inner', file: 'sum.test.js', line: 9 },
		],
		output: `TAP version 13
# Subtest: adds
ok 1 - adds
  ---
  duration_ms: 1.2
  ...
# Subtest: subtracts
not ok 2 - subtracts
  ---
  duration_ms: 1.3
  location: 'sum.test.js:4:1'
  failureType: 'testCodeFailure'
  error: |-
    Expected values to be strictly equal:

    1 !== 2

  code: 'ERR_ASSERTION'
  stack: |-
    TestContext.<anonymous> (sum.test.js:4:32)
    Test.run (node:internal/test_runner/test:1402:25)
  ...
# Subtest: group
    # Subtest: inner
    not ok 1 - inner
      ---
      location: 'sum.test.js:9:3'
      failureType: 'testCodeFailure'
      error: 'wrong'
      ...
    1..1
not ok 3 - group
  ---
  location: 'sum.test.js:8:1'
  failureType: 'subtestsFailed'
  error: '1 subtest failed'
  ...
ok 4 - later # SKIP
1..4
# tests 4
# suites 1
# pass 1
# fail 2
# cancelled 0
# skipped 1
`,
	},
	{
		name: 'jest',
		exitCode: 1,
		passed: 3,
		failed: 1,
		failures: [{ name: 'sum > adds negative numbers', file: 'src/sum.test.js', line: 9, says: 'Expected: -3' }],
		output: `PASS src/other.test.js
FAIL src/sum.test.js
  sum
    ✓ adds (2 ms)
    ✕ adds negative numbers (3 ms)

  ● sum › adds negative numbers

    expect(received).toBe(expected) // Object.is equality

    Expected: -3
    Received: 3

       7 |
       8 |   test('adds negative numbers', () => {
    >  9 |     expect(sum([-1, -2])).toBe(-3);
         |                           ^

      at Object.toBe (src/sum.test.js:9:27)
      at new Promise (<anonymous>)
      at node_modules/jest-circus/build/utils.js:231:10

Test Suites: 1 failed, 1 passed, 2 total
Tests:       1 failed, 3 passed, 4 total
Snapshots:   0 total
Time:        0.812 s
Ran all test suites.
`,
	},
	{
		name: 'jest, a suite that cannot be loaded',
		exitCode: 1,
		passed: 0,
		failed: 1,
		failures: [{ name: 'Test suite failed to run', file: 'src/sum.test.js', says: 'Cannot find module' }],
		output: `FAIL src/sum.test.js
  ● Test suite failed to run

    Cannot find module './gone' from 'src/sum.test.js'

Test Suites: 1 failed, 1 total
Tests:       0 total
Snapshots:   0 total
Time:        0.2 s
`,
	},
	{
		name: 'vitest',
		exitCode: 1,
		passed: 3,
		failed: 1,
		failures: [{ name: 'sum > adds negative numbers', file: 'src/sum.test.ts', line: 9, says: 'expected 3 to be -3' }],
		output: ` RUN  v3.1.0

 ❯ src/sum.test.ts (4 tests | 1 failed) 5ms
   × sum > adds negative numbers 3ms

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  src/sum.test.ts > sum > adds negative numbers
AssertionError: expected 3 to be -3 // Object.is equality

- Expected
+ Received

- -3
+ 3

 ❯ src/sum.test.ts:9:27
      7|
      9|     expect(sum([-1, -2])).toBe(-3);
       |                           ^

⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯

 Test Files  1 failed (1)
      Tests  1 failed | 3 passed (4)
   Start at  10:00:00
   Duration  300ms
`,
	},
	{
		name: 'mocha',
		exitCode: 1,
		passed: 3,
		failed: 2,
		failures: [
			{ name: 'sum > adds negative numbers', file: 'test/sum.js', line: 9, says: '3 !== -3' },
			{ name: 'mean > of nothing', says: 'TypeError' },
		],
		output: `
  sum
    ✔ adds
    1) adds negative numbers


  3 passing (5ms)
  2 failing

  1) sum
       adds negative numbers:

      AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

3 !== -3

      + expected - actual

      at Context.<anonymous> (test/sum.js:9:12)
      at process.processImmediate (node:internal/timers:485:21)

  2) mean
       of nothing:
     TypeError: numbers is not iterable
      at mean (sum.js:4:2)

`,
	},
	{
		name: 'bun',
		exitCode: 1,
		passed: 3,
		failed: 1,
		failures: [{ name: 'sum > adds negative numbers', file: 'sum.test.ts', line: 9, says: 'Expected: -3' }],
		output: `bun test v1.2.0 (abc)

sum.test.ts:
(pass) sum > adds [0.1ms]
7 | test('adds negative numbers', () => {
9 |   expect(sum([-1, -2])).toBe(-3);
                          ^
error: expect(received).toBe(expected)

Expected: -3
Received: 3

      at <anonymous> (sum.test.ts:9:25)
(fail) sum > adds negative numbers [0.2ms]

 3 pass
 1 fail
 4 expect() calls
Ran 4 tests across 1 file. [10.00ms]
`,
	},
	{
		name: 'deno',
		exitCode: 1,
		passed: 3,
		failed: 1,
		failures: [{ name: 'adds negative numbers', file: 'sum_test.ts', line: 8, says: 'Values are not equal' }],
		output: `running 4 tests from ./sum_test.ts
adds ... ok (1ms)
adds negative numbers ... FAILED (2ms)

 ERRORS 

adds negative numbers => ./sum_test.ts:8:6
error: AssertionError: Values are not equal.

    -   3
    +   -3

    at sum_test.ts:9:3

 FAILURES 

adds negative numbers => ./sum_test.ts:8:6

FAILED | 3 passed | 1 failed (10ms)
`,
	},
	{
		name: 'TAP of another program, with a test that is expected to fail',
		exitCode: 1,
		passed: 1,
		failed: 1,
		failures: [{ name: 'second', file: 'test/a.bats', line: 7, says: '[ 1 -eq 2 ]' }],
		output: `1..3
ok 1 first
not ok 2 second
# (in test file test/a.bats, line 7)
#   \`[ 1 -eq 2 ]' failed
not ok 3 third # TODO not yet
`,
	},
];

export const others: Sample[] = [
	{
		name: 'pytest, quiet, short tracebacks',
		exitCode: 1,
		passed: 1,
		failed: 2,
		failures: [
			{ name: 'TestDiv::test_bad', file: 'test_calc.py', says: 'AssertionError: 2.0 != 3' },
			{ name: 'test_zero', file: 'test_calc.py', says: 'ZeroDivisionError' },
		],
		output: `FF.s                                                                     [100%]
=================================== FAILURES ===================================
_______________________________ TestDiv.test_bad _______________________________
test_calc.py:5: in test_bad
    self.assertEqual(div(4, 2), 3)
E   AssertionError: 2.0 != 3
___________________________________ test_zero __________________________________
test_calc.py:8: in test_zero
    div(1, 0)
calc.py:2: in div
    return a / b
E   ZeroDivisionError: division by zero
----------------------------- Captured stdout call -----------------------------
noise
=========================== short test summary info ============================
FAILED test_calc.py::TestDiv::test_bad - AssertionError: 2.0 != 3
FAILED test_calc.py::test_zero - ZeroDivisionError: division by zero
2 failed, 1 passed, 1 skipped in 0.05s
`,
	},
	{
		name: 'pytest, verbose, a file that cannot be imported',
		exitCode: 2,
		passed: 0,
		failed: 1,
		failures: [{ name: 'test_imp.py', file: 'test_imp.py', says: "No module named 'nope'" }],
		output: `============================= test session starts ==============================
collected 0 items / 1 error

==================================== ERRORS ====================================
_________________________ ERROR collecting test_imp.py _________________________
ImportError while importing test module 'test_imp.py'.
test_imp.py:1: in <module>
    import nope
E   ModuleNotFoundError: No module named 'nope'
=========================== short test summary info ============================
ERROR test_imp.py
=============================== 1 error in 0.20s ===============================
`,
	},
	{
		name: 'pytest without tracebacks',
		exitCode: 1,
		passed: 0,
		failed: 1,
		failures: [{ name: 'test_a', file: 'tests/test_x.py', says: 'assert 1 == 2' }],
		output: `FAILED tests/test_x.py::test_a - assert 1 == 2
========= 1 failed in 0.01s =========
`,
	},
	{
		name: 'unittest',
		exitCode: 1,
		passed: 1,
		failed: 2,
		failures: [
			{ name: 'Div.test_err', file: 'test_calc.py', line: 8, says: 'ZeroDivisionError' },
			{ name: 'Div.test_bad', file: 'test_calc.py', line: 5, says: '2.0 != 3' },
		],
		output: `FE.s
======================================================================
ERROR: test_err (test_calc.Div.test_err)
a docstring
----------------------------------------------------------------------
Traceback (most recent call last):
  File "test_calc.py", line 8, in test_err
    div(1, 0)
  File "calc.py", line 2, in div
    return a / b
           ~~^~~
ZeroDivisionError: division by zero

======================================================================
FAIL: test_bad (test_calc.Div)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "test_calc.py", line 5, in test_bad
    self.assertEqual(div(4, 2), 3)
AssertionError: 2.0 != 3

----------------------------------------------------------------------
Ran 4 tests in 0.001s

FAILED (failures=1, errors=1, skipped=1)
`,
	},
	{
		name: 'unittest, two runs one after the other',
		exitCode: 1,
		passed: 4,
		failed: 1,
		failures: [{ name: 'A.test_a' }],
		output: `..
----------------------------------------------------------------------
Ran 2 tests in 0.000s

OK
F..
======================================================================
FAIL: test_a (test_b.A.test_a)
----------------------------------------------------------------------
AssertionError

----------------------------------------------------------------------
Ran 3 tests in 0.001s

FAILED (failures=1)
`,
	},
	{
		name: 'cargo',
		exitCode: 101,
		passed: 3,
		failed: 1,
		failures: [{ name: 'tests::bad', file: 'src/lib.rs', line: 3, says: 'left: 1' }],
		output: `running 2 tests
test tests::ok ... ok
test tests::bad ... FAILED

failures:

---- tests::bad stdout ----

thread 'tests::bad' (22331) panicked at src/lib.rs:3:51:
assertion \`left == right\` failed
  left: 1
 right: 2
stack backtrace:
   0: __rustc::rust_begin_unwind
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace


failures:
    tests::bad

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
`,
	},
	{
		name: 'cargo, an error of the compiler',
		exitCode: 101,
		passed: undefined,
		failed: undefined,
		failures: [{ name: 'error[E0308]: mismatched types', file: 'src/lib.rs', line: 1, says: 'expected `i32`' }],
		output: `   Compiling x v0.1.0
error[E0308]: mismatched types
 --> src/lib.rs:1:22
  |
1 | pub fn f() -> i32 { "a" }
  |               ---   ^^^ expected \`i32\`, found \`&str\`

error: could not compile \`x\` (lib) due to 1 previous error
`,
	},
	{
		name: 'go, verbose, with a subtest and a panic',
		exitCode: 1,
		passed: 1,
		failed: 2,
		failures: [
			{ name: 'TestBad/sub', file: 'a_test.go', line: 4, says: 'got 1' },
			{ name: 'TestPanic', says: 'assignment to entry in nil map' },
		],
		output: `=== RUN   TestOk
--- PASS: TestOk (0.00s)
=== RUN   TestBad
=== RUN   TestBad/sub
    a_test.go:4: got 1
--- FAIL: TestBad (0.00s)
    --- FAIL: TestBad/sub (0.00s)
=== RUN   TestPanic
--- FAIL: TestPanic (0.00s)
panic: assignment to entry in nil map [recovered]

goroutine 7 [running]:
testing.tRunner.func1.2({0x55a7a0, 0x6cae50})
	/usr/local/go/src/testing/testing.go:1974 +0x232
x.TestPanic(0x3fc2aaba06c8?)
	a_test.go:5 +0x28
FAIL	x	0.016s
FAIL
`,
	},
	{
		name: 'go without -v',
		exitCode: 1,
		passed: undefined,
		failed: 1,
		failures: [{ name: 'TestBad', file: 'a_test.go', line: 4, says: 'got 1' }],
		output: `--- FAIL: TestBad (0.00s)
    a_test.go:4: got 1
FAIL
FAIL	x	0.002s
ok  	x/y	0.001s
FAIL
`,
	},
	{
		name: 'go, an error of the compiler',
		exitCode: 1,
		passed: undefined,
		failed: undefined,
		failures: [{ name: 'build', file: 'a.go', line: 3, says: 'undefined: y' }],
		output: `# x [x.test]
./a.go:3:9: undefined: y
FAIL	x [build failed]
FAIL
`,
	},
	{
		name: 'maven',
		exitCode: 1,
		passed: 2,
		failed: 2,
		failures: [
			{ name: 'SumTest.adds', file: 'src/test/java/app/SumTest.java', line: 12, says: 'expected: <3> but was: <-3>' },
			{ name: 'SumTest.zero', says: 'ArithmeticException' },
		],
		output: `[INFO] Running app.SumTest
[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! -- in app.SumTest
[ERROR] app.SumTest.adds -- Time elapsed: 0.004 s <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <3> but was: <-3>
	at org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
	at app.SumTest.adds(SumTest.java:12)

[ERROR] app.SumTest.zero -- Time elapsed: 0.001 s <<< ERROR!
java.lang.ArithmeticException: / by zero
	at app.Sum.mean(Sum.java:9)

[INFO] Results:
[INFO]
[ERROR] Failures:
[ERROR]   SumTest.adds:12 expected: <3> but was: <-3>
[INFO]
[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 0
[INFO]
[INFO] BUILD FAILURE
`,
	},
	{
		name: 'maven, an error of the compiler',
		exitCode: 1,
		passed: undefined,
		failed: undefined,
		failures: [{ name: 'compile', file: 'src/main/java/app/Sum.java', line: 5, says: "';' expected" }],
		output: `[ERROR] COMPILATION ERROR :
[ERROR] src/main/java/app/Sum.java:[5,20] ';' expected
[INFO] BUILD FAILURE
`,
	},
	{
		name: 'gradle',
		exitCode: 1,
		passed: 3,
		failed: 1,
		failures: [{ name: 'SumTest > adds()', file: 'src/test/java/app/SumTest.java', line: 12, says: 'AssertionFailedError' }],
		output: `> Task :compileJava UP-TO-DATE
> Task :test FAILED

SumTest > adds() FAILED
    org.opentest4j.AssertionFailedError: expected: <3> but was: <-3>
        at app.SumTest.adds(SumTest.java:12)

4 tests completed, 1 failed

FAILURE: Build failed with an exception.

BUILD FAILED in 2s
`,
	},
	{
		name: 'gradle, all green',
		exitCode: 0,
		passed: undefined,
		failed: undefined,
		failures: [],
		output: `> Task :test

BUILD SUCCESSFUL in 1s
3 actionable tasks: 1 executed, 2 up-to-date
`,
	},
	{
		name: 'rspec',
		exitCode: 1,
		passed: 3,
		failed: 1,
		failures: [{ name: 'Sum adds negative numbers', file: 'spec/sum_spec.rb', line: 9, says: 'expected: -3' }],
		output: `.F..

Failures:

  1) Sum adds negative numbers
     Failure/Error: expect(sum([-1, -2])).to eq(-3)

       expected: -3
            got: 3

     # ./spec/sum_spec.rb:9:in 'block (2 levels) in <top (required)>'

Finished in 0.01 seconds (files took 0.1 seconds to load)
4 examples, 1 failure

Failed examples:

rspec ./spec/sum_spec.rb:8 # Sum adds negative numbers
`,
	},
	{
		name: 'minitest',
		exitCode: 1,
		passed: 2,
		failed: 2,
		failures: [
			{ name: 'TestSum#test_negative', file: 'test/sum_test.rb', line: 9, says: 'Expected: -3' },
			{ name: 'TestSum#test_nil', says: 'NoMethodError' },
		],
		output: `Run options: --seed 1

# Running:

.F.E

  1) Failure:
TestSum#test_negative [test/sum_test.rb:9]:
Expected: -3
  Actual: 3

  2) Error:
TestSum#test_nil:
NoMethodError: undefined method 'each' for nil
    test/sum_test.rb:13:in 'test_nil'

4 runs, 4 assertions, 1 failures, 1 errors, 0 skips
`,
	},
	{
		name: 'phpunit',
		exitCode: 1,
		passed: 2,
		failed: 1,
		failures: [{ name: 'SumTest::testNegative', file: 'tests/SumTest.php', line: 14, says: '3 does not match expected -3' }],
		output: `PHPUnit 11.0.0 by Sebastian Bergmann and contributors.

.F.S                                                                4 / 4 (100%)

There was 1 failure:

1) SumTest::testNegative
Failed asserting that 3 does not match expected -3.

tests/SumTest.php:14

FAILURES!
Tests: 4, Assertions: 3, Failures: 1, Skipped: 1.
`,
	},
	{
		name: 'phpunit, all green',
		exitCode: 0,
		passed: 4,
		failed: 0,
		failures: [],
		output: 'PHPUnit 11.0.0\n\n....\n\nOK (4 tests, 5 assertions)\n',
	},
	{
		name: 'dotnet',
		exitCode: 1,
		passed: 3,
		failed: 1,
		failures: [{ name: 'App.Tests.SumTests.Negative', file: 'Tests/SumTests.cs', line: 12, says: 'Expected: -3' }],
		output: `  Failed App.Tests.SumTests.Negative [5 ms]
  Error Message:
   Assert.Equal() Failure: Values differ
Expected: -3
Actual:   3
  Stack Trace:
     at App.Tests.SumTests.Negative() in Tests/SumTests.cs:line 12

Failed!  - Failed:     1, Passed:     3, Skipped:     0, Total:     4, Duration: 20 ms - Tests.dll (net8.0)
`,
	},
	{
		name: 'dotnet, an error of the compiler',
		exitCode: 1,
		passed: undefined,
		failed: undefined,
		failures: [{ name: 'compile', file: 'Tests/SumTests.cs', line: 3, says: 'CS1002: ; expected' }],
		output:
			'Tests/SumTests.cs(3,20): error CS1002: ; expected [Tests/Tests.csproj]\nTests/SumTests.cs(3,20): error CS1002: ; expected [Tests/Tests.csproj]\n',
	},
	{
		name: 'ExUnit',
		exitCode: 2,
		passed: 4,
		failed: 1,
		failures: [{ name: 'negative numbers (SumTest)', file: 'test/sum_test.exs', line: 8, says: 'left:  3' }],
		output: `..

  1) test negative numbers (SumTest)
     test/sum_test.exs:8
     Assertion with == failed
     code:  assert Sum.sum([-1, -2]) == -3
     left:  3
     right: -3
     stacktrace:
       test/sum_test.exs:9: (test)

..
Finished in 0.02 seconds (0.00s async, 0.02s sync)
1 doctest, 4 tests, 1 failure
`,
	},
	{
		name: 'ctest',
		exitCode: 8,
		passed: 3,
		failed: 1,
		failures: [{ name: 'negative', says: 'expected -3' }],
		output: `    Start 1: adds
1/4 Test #1: adds .............................   Passed    0.00 sec
    Start 2: negative
2/4 Test #2: negative .........................***Failed    0.00 sec
expected -3, got 3

    Start 3: zero
3/4 Test #3: zero .............................   Passed    0.00 sec

75% tests passed, 1 tests failed out of 4

The following tests FAILED:
	  2 - negative (Failed)
Errors while running CTest
`,
	},
];
