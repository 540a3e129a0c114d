"""Caches of the library that are found by what a text hands over: whose equality or hash lies would have an answer of
another cell, and an honest text sees what another one has asked for."""
from own import BUILTINS as __builtins__

import re
import struct
import sys

modules = sys.modules
_purge, _forget_formats = re.purge, struct._clearcache
_patterns = re._cache


def empty(imports):
    """`imports`: modules that the texts of the cell ask for."""
    if "re" in imports or len(_patterns):
        _purge()
    if "struct" in imports:
        _forget_formats()
    strptime = modules.get("_strptime")
    if strptime is not None:
        strptime._regex_cache.clear()
