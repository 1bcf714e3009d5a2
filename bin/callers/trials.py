"""
Runs the same tests on files that are changed, as `python -c THIS FILE REQUEST MARK`, each trial in a process that is forked from this
one, which has loaded the program that runs tests: starting that takes longer than many a test. In any Python from 3.8 on, where
processes can be forked. REQUEST is a file of JSON: `module` is what runs the tests and `arguments` are its own, `trials` are objects of
paths and new texts, and `seconds` are those that one trial may take.

Behind MARK stands a line of JSON for each trial, in their order: its exit `code`, or null where a signal ended it, whether it was `late`,
its `seconds`, and its `output`. Nothing, where what was loaded might stand in the way of the project's own modules.
"""

import sys

sys.path.pop(0)  # The folder itself, whose modules are the trials'.
import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import time

place, mark = sys.argv[1:3]
with open(place, encoding="utf-8") as file:
    request = json.load(file)
most = 100_000  # bytes of the beginning of an output, and of its end


def load(module):
    importlib.import_module(module)
    if module == "pytest":
        for name in getattr(importlib.import_module("_pytest.config"), "default_plugins", ()):
            importlib.import_module("_pytest." + name)


def changed(path, text):
    """Writes the text, in the line ends that the file has. Gives the bytes that were there, or None."""
    old = None
    if os.path.exists(path):
        with open(path, "rb") as file:
            old = file.read()
    new = text.encode("utf-8", "surrogatepass")
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(new.replace(b"\n", b"\r\n") if old and b"\r\n" in old else new)
    return old


def restored(path, old):
    if old is None:
        os.unlink(path)
    else:
        with open(path, "wb") as file:
            file.write(old)


def test(writing):
    """In the forked process: what `python -m` does with this module. Never returns."""
    os.setsid()
    os.dup2(writing, 1)
    os.dup2(writing, 2)
    sys.path.insert(0, os.getcwd())
    sys.argv[:] = [request["module"]] + request["arguments"]
    importlib.invalidate_caches()
    code = 0
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:
        code = 1
        sys.excepthook(*sys.exc_info())
    # What the end of Python does, but for taking everything apart, which takes as long as a test.
    getattr(sys.modules.get("threading"), "_shutdown", int)()
    atexit._run_exitfuncs()
    if not isinstance(code, (int, type(None))):
        sys.stderr.write("%s\n" % (code,))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code or 0) & 255 if isinstance(code, (int, type(None))) else 1)


def heard(reading, child, end):
    """The output until the process ends, or its time does, and its status: None for late."""
    told, ended = b"", None
    while ended is None and time.monotonic() < end:
        ready, _, _ = select.select([reading], [], [], min(0.02, max(0, end - time.monotonic())))
        piece = os.read(reading, 65536) if ready else None
        told += piece or b""
        if len(told) > 8 * most:
            told = told[:most] + told[-most:]
        if not ready or not piece:
            found, status = os.waitpid(child, 0 if piece == b"" and time.monotonic() < end else os.WNOHANG)
            ended = status if found else None
    try:
        os.killpg(child, signal.SIGKILL)
    except OSError:
        pass  # It has gone, or had not begun.
    if ended is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    while select.select([reading], [], [], 0)[0]:
        piece = os.read(reading, 65536)
        told += piece
        if not piece or len(told) > 16 * most:
            break
    return told, ended


def tried(trial):
    before = {path: changed(path, text) for path, text in trial.items()}
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        test(writing)
    os.close(writing)
    told, status = heard(reading, child, began + request["seconds"])
    os.close(reading)
    for path, old in before.items():
        restored(path, old)
    if len(told) > 2 * most:
        told = told[:most] + b"\n[...]\n" + told[-most:]
    exited = status is not None and os.WIFEXITED(status)
    return {
        "code": os.WEXITSTATUS(status) if exited else None,
        "late": status is None,
        "seconds": time.monotonic() - began,
        "output": told.decode("utf-8", "replace"),
    }


load(request["module"])
gc.collect()
gc.freeze()  # What all trials share is not looked through in each.
own = {name.split(".")[0] for name in os.listdir(".") if name.endswith(".py") or os.path.isdir(name)}
if not own & {name.split(".")[0] for name in sys.modules}:
    for trial in request["trials"]:
        sys.stdout.write(mark + json.dumps(tried(trial)) + "\n")
        sys.stdout.flush()
