"""The baseline of the CodeRM authors: their own harness file, unchanged, which the jail shows as /authors.py.

It gets its input in its own form: a program is the solution, the unit test and lines that run the test and leave
the result where the harness looks for it.
"""
import concurrent.futures.process  # noqa: F401 (imported here, so that the time below has no imports in it)
import ctypes  # noqa: F401
import importlib.util
import json
import multiprocessing
import runpy
import sys
import time
import types
import unittest  # noqa: F401

import job

SCRIPT = "/authors.py"
INPUT, OUTPUT = "/tmp/input.jsonl", "/tmp/output.jsonl"

RUNNER = """
_load = unittest.TestLoader().loadTestsFromTestCase
locals_dict["result"] = unittest.TextTestRunner(stream=output).run(unittest.TestSuite([%s]))
"""

ASSERT_CLASS = """
class TestAssert(unittest.TestCase):
    def test_assert(self):
        exec(%r, globals())
"""


def whole_program(program, test):
    if test["cases"] == job.ASSERT_CASE:
        code, classes = ASSERT_CLASS % test["code"], ["TestAssert"]
    else:
        code, classes = test["code"], job.class_names(test["cases"])
    return program + "\n\n" + code + "\n" + RUNNER % ", ".join("_load(%s)" % name for name in classes)


def stand_in_for_tqdm():
    """Their progress bar, where the interpreter does not have it: no bar."""
    if importlib.util.find_spec("tqdm") is None:
        module = types.ModuleType("tqdm")
        module.tqdm = lambda items, **_: items
        sys.modules["tqdm"] = module


def main():
    request = job.read()
    stand_in_for_tqdm()
    with open(INPUT, "w", encoding="utf-8") as file:
        for index, (program, test) in enumerate(request["cells"]):
            code = whole_program(request["programs"][program], request["tests"][test])
            file.write(json.dumps({"task_id": index, "sol_id": 0, "ut_id": 0, "code": code}) + "\n")
    multiprocessing.set_start_method("fork")  # what it meant where they ran it; later Pythons have another default
    sys.argv = [SCRIPT, "--input_path", INPUT, "--output_path", OUTPUT, "--mp_num", str(request["workers"])]
    start = time.perf_counter()
    runpy.run_path(SCRIPT, run_name="__main__")
    seconds = time.perf_counter() - start
    words = ["none"] * len(request["cells"])
    with open(OUTPUT, encoding="utf-8") as file:
        for line in map(json.loads, file):
            words[line["task_id"]] = line["result"]
    job.answer(seconds, words)


if __name__ == "__main__":
    main()
