"""Python runs this at its start when its folder is on PYTHONPATH: the tracer is switched on, then the sitecustomize that this one hides runs."""

import importlib.machinery
import importlib.util
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.machinery.PathFinder.find_spec(
    "sitecustomize", [path for path in sys.path if os.path.abspath(path or ".") != here]
)
try:
    if spec is not None and spec.loader is not None:
        sys.modules["sitecustomize"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["sitecustomize"])
finally:
    import qwill_trace

    qwill_trace.start()
