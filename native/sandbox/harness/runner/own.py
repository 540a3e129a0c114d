"""What keeps the harness's own functions out of a candidate's reach, as far as Python allows.

A module of the harness that runs after untrusted code has begun takes BUILTINS as its `__builtins__`: what a candidate
puts into the module `builtins` is then nothing that the harness calls.
"""
import builtins

BUILTINS = dict(vars(builtins))


def sealed(function, **constants):
    """The function with each string "<name>" of its code replaced by the object of that name. A constant of a code
    object cannot be changed, unlike a global, a default of a keyword or the cell of a closure."""
    known = {"<" + name + ">": value for name, value in constants.items()}
    code = function.__code__
    assert known.keys() <= set(code.co_consts), "a placeholder is no constant of its own"
    values = [known.get(value, value) if type(value) is str else value for value in code.co_consts]
    function.__code__ = code.replace(co_consts=tuple(values))
    return function
