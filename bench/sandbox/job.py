"""What the baseline scripts share: the job that a jail hands them, and the answer that it takes.

Descriptor 3 holds {paths: sys.path, request: {programs, tests: [{code, cases}], cells: [[program, test], …], …}};
descriptor 4 gets one line {"seconds", "words": [one a cell]}.
"""
import json
import os
import sys

EVENTS = 4
ASSERT_CASE = ["assert"]  # what a unit test of plain assert statements has instead of methods


def read():
    with open(3, "rb") as source:
        job = json.loads(source.read())
    sys.path[:] = job["paths"]
    return job["request"]


def answer(seconds, words):
    tell({"seconds": seconds, "words": words})


def tell(found):
    data = json.dumps(found).encode("ascii") + b"\n"
    while data:
        data = data[os.write(EVENTS, data):]


def class_names(cases):
    """`Class.method`, … -> the classes, each once."""
    return list(dict.fromkeys(case.rsplit(".", 1)[0] for case in cases))
