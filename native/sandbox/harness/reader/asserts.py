"""CodeT's cut: from a model's continuation of `assert ` to single assert statements (paper part B)."""
import itertools

from compiling import check_compiles
from identity import ParserLimit, Unparsable, identity, parse

_STOPS = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")
_KEPT_A_SAMPLE = 5


def cut_samples(entry_point, samples):
    """Samples of one problem -> unit tests [{code, identity, cases, count}], in order of first appearance.

    Equal means equal text: `count` is how often the model wrote it, and it votes that many times.
    """
    counts = {}
    for sample in samples:
        for code in itertools.islice(_cut(entry_point, sample), _KEPT_A_SAMPLE):
            counts[code] = counts.get(code, 0) + 1
    return [
        {"code": code, "identity": identity("test", code), "cases": ["assert"], "count": count}
        for code, count in counts.items()
    ]


def _cut(entry_point, sample):
    """The asserts of one sample that name the entry point and compile. The prompt ended in `assert `."""
    for part in sample.split("assert "):
        if entry_point and entry_point not in part:
            continue
        code = "assert " + part
        for stop in _STOPS:
            code = code.split(stop, 1)[0]
        code = code.strip()
        if _compiles(code):
            yield code


def _compiles(code):
    # Inside a `try`, as CodeT executes it: text that is only valid when indented counts, a stray dedent does not.
    block = "try:\n    " + code.replace("\n", "\n    ") + "\nexcept:\n    pass\n"
    try:
        check_compiles(parse(block))
        return True
    except (Unparsable, ParserLimit):
        return False
