"""How the unit test's imports are found: as they were before the candidate, whatever it has put into `sys` since."""
from own import BUILTINS as __builtins__

import sys

modules = sys.modules
found_paths = sys.path_importer_cache
finders_at_start, path_hooks_at_start = tuple(sys.meta_path), tuple(sys.path_hooks)


def find_as_at_start(imports, paths):
    """Modules that nobody has loaded yet are found as they were before the candidate. Returns what it had set."""
    others = sys.meta_path, sys.path_hooks, sys.path
    sys.meta_path, sys.path_hooks, sys.path = list(finders_at_start), list(path_hooks_at_start), list(paths)
    if any([name not in modules for name in imports]):
        found_paths.clear()
    return others


def find_as_before(others):
    """The candidate's own imports: what the unit test has added to sys.path stays first."""
    sys.meta_path, sys.path_hooks, theirs = others
    if type(theirs) is list:
        theirs[:] = [*sys.path, *[entry for entry in theirs if entry not in sys.path]]
        sys.path = theirs
