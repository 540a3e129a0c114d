"""Two baselines without walls between cells: mode "fork" forks a warm interpreter for every cell, mode
"unprotected" runs all cells of a worker in one process, each in a module of its own.

Both are one loop: a worker forks a child that runs some of its cells (one, or all that are left). A cell's time is
limited by interval timers whose signal ends the process, so in mode "unprotected" a time-out costs a new child too.
Verdicts come back in memory that all processes share; the first cell without one is where a child has ended.
"""
import collections  # what candidates import most: warm, as the engine's interpreter has it
import copy  # noqa: F401
import datetime  # noqa: F401
import functools  # noqa: F401
import heapq  # noqa: F401
import itertools  # noqa: F401
import math  # noqa: F401
import mmap
import os
import random  # noqa: F401
import re  # noqa: F401
import resource
import signal
import string  # noqa: F401
import sys
import time
import types
import typing  # noqa: F401
import unittest
import warnings

import job

WORDS = ["none", "pass", "fail", "timeout", "crash"]
PASS, FAIL, TIMEOUT, CRASH = range(1, len(WORDS))


def passes(program, test):
    """Compiles and runs the candidate and the test in one namespace."""
    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    names = module.__dict__
    try:
        exec(compile(program, "solution.py", "exec", dont_inherit=True), names)
        exec(compile(test["code"], "unit_test.py", "exec", dont_inherit=True), names)
        if test["cases"] == job.ASSERT_CASE:
            return True
        load = unittest.TestLoader().loadTestsFromTestCase
        result = unittest.TestResult()
        unittest.TestSuite(load(names[name]) for name in job.class_names(test["cases"])).run(result)
        return result.wasSuccessful() and result.testsRun > 0
    except BaseException:
        return False


def run_cells(request, results, chosen):
    seconds = request["cpu_seconds"], request["wall_seconds"]
    for index in chosen:
        program, test = request["cells"][index]
        signal.setitimer(signal.ITIMER_PROF, seconds[0])
        signal.setitimer(signal.ITIMER_REAL, seconds[1])
        passed = passes(request["programs"][program], request["tests"][test])
        results[index] = PASS if passed else FAIL


def work(request, results, mine):
    """One worker: all its cells, in as many children as the mode and the ends of children ask for."""
    at_a_time = 1 if request["mode"] == "fork" else len(mine)
    at = 0
    while at < len(mine):
        chosen = mine[at : at + at_a_time]
        child = os.fork()
        if child == 0:
            os.close(job.EVENTS)
            run_cells(request, results, chosen)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        done = next((n for n, index in enumerate(chosen) if results[index] == 0), len(chosen))
        at += done
        if done < len(chosen):
            by_timer = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM)
            results[chosen[done]] = TIMEOUT if by_timer else CRASH
            at += 1


def main():
    request = job.read()
    warnings.simplefilter("ignore")
    # A cell that takes all memory must not end the jail, and with it all other cells.
    resource.setrlimit(resource.RLIMIT_DATA, (request["memory_bytes"],) * 2)
    results = mmap.mmap(-1, len(request["cells"]))
    start = time.perf_counter()
    workers = []
    for lane in range(request["workers"]):
        child = os.fork()
        if child == 0:
            work(request, results, range(lane, len(request["cells"]), request["workers"]))
            os._exit(0)
        workers.append(child)
    for child in workers:
        os.waitpid(child, 0)
    seconds = time.perf_counter() - start
    job.answer(seconds, [WORDS[result] for result in results[:]])


if __name__ == "__main__":
    main()
