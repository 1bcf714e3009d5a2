"""
Tries calls on what one file defines, and on the same file with one line changed, as `python -c THIS FILE REQUEST MARK`. In any Python
from 3.8 on, where processes can be forked. REQUEST is JSON: `calls` are texts, `order` is `forward`, `backward` or `alone` (each in a
process of its own), `edits` are pairs of a line from 1 and its new text, and `seconds` are those that may be used in all.

Behind MARK stands JSON. Without edits: `lines`, those of functions that can run, and `calls`: what each `does`, its `kind` (`value`,
that stands as written in code; `error`; `other`), what else it `touched`, and the `lines` it ran; null where it did not end. With
edits: for each what every call then does, or null where that file does not run.
"""

import json
import os
import select
import signal
import sys
import time
import types

path, request, mark = sys.argv[1:4]
request = json.loads(request)
calls, edits = request["calls"], request["edits"]
longest = 400  # characters of a value
patience, least = (0.5, 0.1) if not edits else (0.2, 0.03)  # seconds of the processor that a call may take, and always has
end = time.monotonic() + request["seconds"]
with open(path, encoding="utf-8") as file:
    text = file.read()


class Late(BaseException):
    pass


def late(_signal, _frame):
    raise Late


def source(value, depth=0):
    """The value as it is written in code, whatever the order of its sets. Raises ValueError for what cannot be."""
    if value is None or type(value) in (bool, int, str, bytes) or (type(value) is float and value - value == 0):
        return repr(value)
    if depth > 8:
        raise ValueError
    inside = lambda values: [source(one, depth + 1) for one in values]
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % pair for pair in zip(inside(value), inside(value.values())))
    if type(value) is list:
        return "[%s]" % ", ".join(inside(value))
    if type(value) is tuple:
        return "(%s%s)" % (", ".join(inside(value)), "," if len(value) == 1 else "")
    if type(value) is set:
        return "{%s}" % ", ".join(sorted(inside(value))) if value else "set()"
    if type(value) is frozenset:
        return "frozenset([%s])" % ", ".join(sorted(inside(value)))
    raise ValueError


outside = {
    "time": "the time", "_random": "chance", "random": "chance", "secrets": "chance", "uuid": "chance", "posix": "files or the system",
    "os": "the environment", "subprocess": "other programs", "_posixsubprocess": "other programs", "socket": "the network",
    "_socket": "the network", "_ssl": "the network", "platform": "the system", "threading": "threads", "_thread": "threads",
    "_locale": "the system", "locale": "the system",
}  # fmt: skip


class Watch:
    """Which lines of the file a call runs, and what else it touches than its arguments."""

    def __init__(self):
        self.lines, self.touched = set(), None

    def trace(self, frame, event, _argument):
        if frame.f_code.co_filename != path:
            return None
        if event == "line":
            self.lines.add(frame.f_lineno)
        return self.trace

    def profile(self, frame, event, argument):
        caller = frame.f_globals.get("__name__", "")
        if caller.startswith(("importlib", "_frozen_importlib")) or caller in ("called", "__main__") and event == "call":
            return
        if event == "call":
            self.touched = self.touched or outside.get(caller)
        elif event == "c_call":
            owner = getattr(argument, "__self__", None)
            module = getattr(argument, "__module__", None) or type(owner).__module__
            name = argument.__name__
            if isinstance(owner, type) and name in ("now", "utcnow", "today"):
                self.touched = self.touched or "the time"
            elif name in ("open", "open_code") and module in ("io", "_io"):
                self.touched = self.touched or "files"
            elif name == "input" and module == "builtins":
                self.touched = self.touched or "what is typed"
            elif name not in ("fspath", "allocate_lock", "RLock", "get_ident"):
                self.touched = self.touched or outside.get(module)


def loaded(code):
    module = types.ModuleType("called")
    module.__file__ = path
    sys.modules["called"] = module  # dataclasses look there
    exec(compile(code, path, "exec"), module.__dict__)
    return module


def done(call, module, watch=None):
    """What the call does, and of which kind that is."""
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, patience)
        if watch:
            sys.setprofile(watch.profile)
            sys.settrace(watch.trace)
        try:
            value = eval(call, module.__dict__)
        finally:
            sys.settrace(None)
            sys.setprofile(None)
        try:
            told = source(value)
        except ValueError:
            return "<%s>" % type(value).__name__, "other"
        return told[:longest], "value" if len(told) <= longest else "other"
    except Late:
        return "! late", "late"
    except BaseException as error:
        kind = type(error)
        return "! " + kind.__name__, "error" if kind.__module__ in ("builtins", "called") else "other"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def results(module, indexes):
    found = [None] * len(calls)
    for index in indexes:
        watch = Watch()
        does, kind = done(calls[index], module, watch)
        if kind != "late":
            found[index] = {"does": does, "kind": kind, "touched": watch.touched, "lines": sorted(watch.lines)}
    return found


def mutated(edit):
    line, instead = edit
    lines = text.split("\n")
    lines[line - 1] = instead
    try:
        module = loaded("\n".join(lines))
    except BaseException:
        return None
    found = []
    for call in calls:
        does, kind = done(call, module)
        found.append(does)
        if kind == "late":
            break
    return found + [""] * (len(calls) - len(found))  # nothing is known of the calls behind an endless one


def taken():
    """Seconds of the processor that the slowest call takes with the file as it is."""
    module, slowest = loaded(text), 0
    for call in calls:
        before = time.process_time()
        done(call, module)
        slowest = max(slowest, time.process_time() - before)
    return slowest


def apart(work):
    """What this gives in a process of its own; 'late' where it does not end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(writing, "w") as pipe:
                json.dump(work(), pipe)
        finally:
            os._exit(0)
    os.close(writing)
    until = min(end, time.monotonic() + 4)
    told = b""
    while True:
        ready, _, _ = select.select([reading], [], [], max(0, until - time.monotonic()))
        piece = os.read(reading, 65536) if ready else b""
        told += piece
        if not piece:
            break
    os.close(reading)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    try:
        return json.loads(told)
    except ValueError:
        return "late"


def runnable(code):
    """The lines of functions that something can be run of; not those where they begin."""
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            if hasattr(inner, "co_lines"):
                numbers = [line for _, _, line in inner.co_lines() if line]
            else:
                import dis

                numbers = [line for _, line in dis.findlinestarts(inner)]
            yield from (line for line in numbers if line != inner.co_firstlineno)
            yield from runnable(inner)


signal.signal(signal.SIGVTALRM, late)
sys.path[:0] = [os.path.dirname(os.path.abspath(path)), os.getcwd()]
# What is printed is no result.
told, sys.stdout = sys.stdout, open(os.devnull, "w")
order = list(range(len(calls)))
if edits:
    answer, slowest = [], apart(taken)
    if slowest != "late":  # an edit that makes a call so much slower has made it endless
        patience = min(patience, max(least, 10 * slowest))
    for edit in edits:
        found = apart(lambda: mutated(edit)) if time.monotonic() < end else None
        answer.append(["! late"] + [""] * (len(calls) - 1) if found == "late" else found)
else:
    if request["order"] == "alone":
        answer, most = [None] * len(calls), patience
        for patience in (least, most):  # where many do not end, they must not use up the time of those that do
            late_ones = 0
            for index in [one for one in order if answer[one] is None]:
                if time.monotonic() >= end or (patience == most and late_ones > 1):
                    break
                found = apart(lambda: results(loaded(text), [index]))
                answer[index] = None if found == "late" else found[index]
                late_ones += answer[index] is None
    else:
        answer = results(loaded(text), order if request["order"] == "forward" else order[::-1])
    answer = {"lines": sorted(set(runnable(compile(text, path, "exec")))), "calls": answer}
told.write("\n" + mark + json.dumps(answer) + "\n")
