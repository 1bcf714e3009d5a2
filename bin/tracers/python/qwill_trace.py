"""
Writes down which lines of the project each test runs. Started by sitecustomize.py, in any Python from 3.8 on.

The log is text, one record a line, words apart by tabs, names as JSON: `process NAME PARENT`, `file F PATH`, `test T NAME PATH`,
`lines T F LINE,LINE`, `end T OK`, `exit OK`; a test that was skipped ends with `-`. Test 0 is what runs outside of any test. What the present test has run so far
stands as `<T F LINE>` in a file beside the log, written through shared memory: it is there even when the process is killed.
"""

import atexit
import importlib.machinery
import json
import mmap
import os
import re
import sys
import threading
import time

root = os.environ.get("QWILL_TRACE_ROOT", "")
logs = os.environ.get("QWILL_TRACE_LOGS", "")
foreign = re.compile(r"(^|/)(\.[^/]*|node_modules|site-packages|dist-packages|venv)/")
room = 1 << 20

name = ""  # of the log, without its ending
files = {}  # a code's file name: File, or None where it is not the project's
hits = []  # the same, without None
current = 0  # the number of the test that runs
count = 0
ok = True  # what is known of it
skipped = False
well = True  # of the process
log = now = None


class File(set):
    """The lines of one file that the present test has run."""

    __slots__ = ("number", "path")


def start():
    if root and logs and not name:
        open_log(os.environ.get("QWILL_TRACE_TEST", ""))
        os.register_at_fork(after_in_child=forked)
        atexit.register(finish)
        watch_exit()
        sys.meta_path.insert(0, Finder())
        plugins = os.environ.get("PYTEST_PLUGINS")
        os.environ["PYTEST_PLUGINS"] = "qwill_pytest" + ("," + plugins if plugins else "")
        watch_lines()


def open_log(parent):
    global name, log, now
    name = "%d-%x" % (os.getpid(), time.time_ns())
    log = os.open(os.path.join(logs, name + ".log"), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    beside = os.open(os.path.join(logs, name + ".now"), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.ftruncate(beside, room)
    now = mmap.mmap(beside, room)
    os.close(beside)
    record("process", json.dumps(" ".join(getattr(sys, "orig_argv", sys.argv)[1:])), json.dumps(parent))


def forked():
    parent = "%s:%d" % (name, current)
    os.close(log)
    open_log(parent)
    for file in hits:
        file.clear()
        record("file", file.number, json.dumps(file.path))


def record(*words):
    os.write(log, ("\t".join(map(str, words)) + "\n").encode())


def file_of(path):
    """The File of a code's file name, None where it is not the project's."""
    if path not in files:
        files[path] = None
        inside = os.path.relpath(path, root).replace(os.sep, "/") if path[:1] != "<" else ".."
        if not inside.startswith("../") and inside != ".." and not foreign.search(inside):
            file = File()
            file.number, file.path = len(hits), inside
            hits.append(file)
            record("file", file.number, json.dumps(inside))
            files[path] = file
    return files[path]


def hit(file, line):
    file.add(line)
    try:
        now.write(b"<%d %d %d>" % (current, file.number, line))
    except ValueError:  # It is full; what it held is in the sets as well.
        flush(clear=False)


def flush(clear=True):
    for file in hits:
        if file:
            record("lines", current, file.number, ",".join(map(str, sorted(file))))
            if clear:
                file.clear()
    now.seek(0)


def begin(test, path):
    """A test begins; within another one it is part of that. Answers whether it counts."""
    global current, count, ok, skipped
    if not name or current:
        return False
    flush()
    count += 1
    current, ok, skipped = count, True, False
    record("test", current, json.dumps(test), json.dumps(os.path.relpath(path, root).replace(os.sep, "/")))
    os.environ["QWILL_TRACE_TEST"] = "%s:%d" % (name, current)
    watch_again()
    return True


def fail():
    global ok
    ok = False


def skip():
    global skipped
    skipped = True


def end():
    global current
    if current:
        flush()
        record("end", current, "-" if skipped else int(ok))
        current = 0
        os.environ.pop("QWILL_TRACE_TEST", None)


def broken(test, path):
    """Something failed that is no test, and before any: a file that cannot be imported, what a class sets up."""
    global current, count, skipped
    if name and not current:
        flush(clear=False)
        count += 1
        current, skipped = count, False
        record("test", current, json.dumps(test), json.dumps(os.path.relpath(path, root).replace(os.sep, "/")))
        fail()
        end()


def finish():
    global current
    flush()
    record("exit", int(well))


def watch_exit():
    """Python tells nobody with which code it ends; these are the two ways to end badly."""
    hook, leave = sys.excepthook, sys.exit

    def excepthook(*args):
        global well
        well = False
        hook(*args)

    def exit(code=None):
        global well
        well = code is None or code == 0
        leave(code)

    sys.excepthook, sys.exit = excepthook, exit


def watch_lines():
    if hasattr(sys, "monitoring"):
        watch_by_events()
        return

    def called(frame, event, arg):
        code = frame.f_code.co_filename
        file = files[code] if code in files else file_of(code)
        if file is None:
            return None

        def ran(frame, event, arg):
            if event == "line" and frame.f_lineno not in file:
                hit(file, frame.f_lineno)
            return ran

        return ran

    global watch_again
    threading.settrace(called)
    watch_again = lambda: sys.settrace(called)
    watch_again()


def watch_by_events():
    monitoring = sys.monitoring
    tool = next(tool for tool in (4, 3, 5, 2) if monitoring.get_tool(tool) is None)
    monitoring.use_tool_id(tool, "qwill")

    def ran(code, line):
        file = file_of(code.co_filename)
        if file is not None and line not in file:
            hit(file, line)
        return monitoring.DISABLE

    monitoring.register_callback(tool, monitoring.events.LINE, ran)
    monitoring.set_events(tool, monitoring.events.LINE)
    global watch_again
    watch_again = monitoring.restart_events


class Finder:
    """Waits for unittest to be imported, so that programs without it need not."""

    def find_spec(self, name, path=None, target=None):
        if name not in ("unittest.case", "unittest.suite"):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            (watch_cases if name == "unittest.case" else watch_suites)(module)

        spec.loader.exec_module = exec_module
        return spec


def path_of(kind):
    return getattr(sys.modules.get(kind.__module__), "__file__", None) or root


def watch_cases(module):
    run = module.TestCase.run

    def traced(self, result=None):
        before, without = bad(result), len(getattr(result, "skipped", ()))
        kind = type(self).__name__
        counts = begin(("" if kind == "_FailedTest" else kind + ".") + self._testMethodName, path_of(type(self)))
        try:
            result = run(self, result)
            if counts and bad(result) > before:
                fail()
            elif counts and len(getattr(result, "skipped", ())) > without:
                skip()
            return result
        finally:
            if counts:
                end()

    module.TestCase.run = traced


def bad(result):
    return sum(len(getattr(result, kind, ())) for kind in ("failures", "errors", "unexpectedSuccesses"))


def watch_suites(module):
    """A class or module whose set-up fails has no test that could."""
    known = getattr(module.TestSuite, "_addClassOrModuleLevelException", None)
    if known is None:
        return

    def add(self, result, exc, error, *rest):
        broken(str(error), root)
        return known(self, result, exc, error, *rest)

    module.TestSuite._addClassOrModuleLevelException = add
