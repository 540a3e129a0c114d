"""Counts what may share a process, by the harness's own rule. The job: {harness, tasks: [{candidates, tests}]}."""
import sys

import job


def main():
    request = job.read()
    sys.path.insert(0, request["harness"] + "/runner")
    import warm  # noqa: F401  (imports what it keeps, and the rule asks whether a module is there)

    import cell
    from prepare import CANDIDATE, UNIT_TEST, prepare

    shares = getattr(cell, "plain", lambda one, other: one.plain and other.plain)

    def prepared(file, text):
        try:
            return prepare(file, text)
        except (MemoryError, RecursionError):
            return None

    found = dict.fromkeys(("cells", "plain", "candidates", "plain_candidates", "reusable", "tests", "plain_tests"), 0)
    for task in request["tasks"]:
        candidates = [prepared(CANDIDATE, text) for text in task["candidates"]]
        tests = [prepared(UNIT_TEST, text) for text in task["tests"]]
        found["cells"] += len(candidates) * len(tests)
        found["candidates"] += len(candidates)
        found["tests"] += len(tests)
        found["plain_tests"] += sum(test is not None and test.plain for test in tests)
        for candidate in candidates:
            if candidate is None or not candidate.plain:
                continue
            found["plain_candidates"] += 1
            found["reusable"] += candidate.reusable
            found["plain"] += sum(test is not None and shares(candidate, test) for test in tests)
    job.tell(found)


main()
