"""What pytest tells the tracer: which test runs, and whether it failed."""

import os

import pytest
import qwill_trace


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    counts = qwill_trace.begin(item.nodeid.partition("::")[2] or item.name, str(item.fspath))
    yield
    if counts:
        qwill_trace.end()


def pytest_runtest_logreport(report):
    if report.failed:
        qwill_trace.fail()
    elif report.skipped and not hasattr(report, "wasxfail"):
        qwill_trace.skip()


def pytest_collectreport(report):
    if report.failed:
        qwill_trace.broken(report.nodeid, os.path.abspath(report.nodeid))
