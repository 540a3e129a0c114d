"""Lists of integers made into other lists."""
from family import family


def add(*arguments, **options):
    family(arguments[0], "rewriting", *arguments[1:], **options)


def loop(value, condition=None):
    """The body of a loop that collects values."""
    if condition is None:
        return "result = []\nfor x in xs:\n    result.append(%s)\nreturn result" % value
    return "result = []\nfor x in xs:\n    if %s:\n        result.append(%s)\nreturn result" % (condition, value)


add("reverse", "xs", "{xs} in reverse order|the elements of {xs} from the last to the first|{xs} backwards|a reversed copy of {xs}",
    "reverse|backwards|reversed_list|flip",
    ("return xs[::-1]", "return list(reversed(xs))", "result = []\nfor x in xs:\n    result.insert(0, x)\nreturn result"))
add("only_even", "xs", "the even numbers of {xs}|all elements of {xs} that are even|{xs} without its odd numbers|a list of the even values in {xs}",
    "only_even|keep_even|even_numbers|evens_of", ("return [x for x in xs if x % 2 == 0]", loop("x", "x % 2 == 0")))
add("only_odd", "xs", "the odd numbers of {xs}|all elements of {xs} that are odd|{xs} without its even numbers|a list of the odd values in {xs}",
    "only_odd|keep_odd|odd_numbers|odds_of", ("return [x for x in xs if x % 2 == 1]", loop("x", "x % 2 != 0")))
add("keep_above", "xs k", "the elements of {xs} that are greater than {k}|all numbers of {xs} above {k}|{xs} without the numbers up to {k}",
    "keep_above|above|larger_than|filter_above", ("return [x for x in xs if x > k]", loop("x", "x > k")))
add("keep_below", "xs k", "the elements of {xs} that are less than {k}|all numbers of {xs} below {k}|{xs} without the numbers from {k} on",
    "keep_below|below|smaller_than|filter_below", ("return [x for x in xs if x < k]", loop("x", "x < k")))
add("add_to_each", "xs k", "{xs} with {k} added to every element|a list of the numbers of {xs}, each plus {k}|each number of {xs} increased by {k}",
    "add_to_each|shift_by|increase_all|plus_each", ("return [x + k for x in xs]", loop("x + k")),
    inputs=lambda r: ([r.randint(0, 9) for _ in range(r.randint(1, 4))], r.randint(0, 9)), seen=False)
add("double_each", "xs", "every number of {xs} doubled|a list of the numbers of {xs} times two|{xs} with each element twice as large",
    "double_each|doubled|twice|times_two", ("return [x * 2 for x in xs]", loop("x + x"), loop("2 * x")),
    inputs=lambda r: ([r.randint(0, 12) for _ in range(r.randint(1, 4))],), seen=False)
add("square_each", "xs", "the squares of the numbers in {xs}|a list of the elements of {xs} times themselves|every number of {xs} squared",
    "square_each|squares|squared|squares_of", ("return [x * x for x in xs]", loop("x ** 2")),
    inputs=lambda r: ([r.randint(0, 9) for _ in range(r.randint(1, 4))],), seen=False)
add("remove_all", "xs k", "{xs} without {k}|the elements of {xs} that are not {k}|{xs} with every {k} removed|a copy of {xs} that leaves out {k}",
    "remove_all|without|drop_value|leave_out", ("return [x for x in xs if x != k]", loop("x", "x != k")))
add("unique", "xs", "{xs} without duplicates, in the order of their first occurrence|the different numbers of {xs}, each once, in order|each value of {xs} only where it occurs first",
    "unique|no_duplicates|dedupe|each_once", ("return list(dict.fromkeys(xs))", "seen = []\nfor x in xs:\n    if x not in seen:\n        seen.append(x)\nreturn seen"))
add("take_first", "xs k", "the first {k} elements of {xs}|{xs} cut after {k} elements|at most {k} numbers from the start of {xs}",
    "take_first|take|first_few|leading_part", ("return xs[:k]", "result = []\nfor i, x in enumerate(xs):\n    if i < k:\n        result.append(x)\nreturn result"),
    inputs=lambda r: counted(r))
add("drop_first", "xs k", "{xs} without its first {k} elements|what is left of {xs} after the first {k} elements|{xs} from position {k} on",
    "drop_first|skip|after_first|rest_from", ("return xs[k:]", "result = []\nfor i, x in enumerate(xs):\n    if i >= k:\n        result.append(x)\nreturn result"),
    inputs=lambda r: counted(r))
add("every_second", "xs", "every second element of {xs}, starting with the first|the elements of {xs} at even positions|the first, third, fifth number of {xs} and so on",
    "every_second|every_other|even_positions|alternate", ("return xs[::2]", "result = []\nfor i, x in enumerate(xs):\n    if i % 2 == 0:\n        result.append(x)\nreturn result"))
add("rotate_left", "xs", "{xs} with its first element moved to the end|{xs} rotated left by one place|{xs} where the first number comes last",
    "rotate_left|rotated|first_to_end|shift_left", ("return xs[1:] + xs[:1]", "result = list(xs)\nif result:\n    result.append(result.pop(0))\nreturn result"))
add("rotate_right", "xs", "{xs} with its last element moved to the front|{xs} rotated right by one place|{xs} where the last number comes first",
    "rotate_right|last_to_front|shift_right|turn_right", ("return xs[-1:] + xs[:-1]", "result = list(xs)\nif result:\n    result.insert(0, result.pop())\nreturn result"), seen=False)
add("swap_ends", "xs", "{xs} with the first and the last element exchanged|{xs} after its two ends were swapped|a copy of {xs} whose ends have changed places",
    "swap_ends|exchange_ends|swapped|ends_swapped", ("return xs if len(xs) < 2 else [xs[-1]] + xs[1:-1] + [xs[0]]",
    "result = list(xs)\nif result:\n    result[0], result[-1] = (result[-1], result[0])\nreturn result"), least=1)
add("inner", "xs", "{xs} without its first and its last element|the inner elements of {xs}|{xs} after both ends were cut off",
    "inner|without_ends|trim_ends|cut_ends", ("return xs[1:-1]", "result = list(xs)\nresult = result[1:]\nreturn result[:-1]"), least=2)
add("append_value", "xs k", "{xs} followed by {k}|a list of the elements of {xs} and then {k}|{xs} with {k} put at the end",
    "append_value|with_last|put_at_end|extended", ("return xs + [k]", "result = list(xs)\nresult.append(k)\nreturn result"))
add("prepend_value", "xs k", "{k} followed by the elements of {xs}|a list of {k} and then all of {xs}|{xs} with {k} put in front",
    "prepend_value|with_first|put_in_front|prefixed", ("return [k] + xs", "result = list(xs)\nresult.insert(0, k)\nreturn result"))
add("join_lists", "xs ys", "the elements of {xs} and then those of {ys}|{xs} followed by {ys}|one list of both, {xs} first and {ys} after it",
    "join_lists|concat|put_together|both_lists", ("return xs + ys", "result = list(xs)\nfor y in ys:\n    result.append(y)\nreturn result"),
    inputs=lambda r: pair(r))
add("common", "xs ys", "the elements of {xs} that are also in {ys}|the numbers of {xs} which {ys} has too|{xs} limited to what {ys} contains",
    "common|shared|in_both|intersection", ("return [x for x in xs if x in ys]", loop("x", "x in ys")), inputs=lambda r: pair(r), seen=False)
add("missing_from", "xs ys", "the elements of {xs} that are not in {ys}|the numbers of {xs} which {ys} lacks|{xs} without everything that is in {ys}",
    "missing_from|not_in|difference|only_in_first", ("return [x for x in xs if x not in ys]", loop("x", "x not in ys")), inputs=lambda r: pair(r), seen=False)
add("pairwise_max", "xs ys", "the larger one of each pair of numbers of {xs} and {ys}|the maximum at each position of {xs} and {ys}|for each position the bigger of the two numbers of {xs} and {ys}",
    "pairwise_max|larger_each|max_each|bigger_of_pairs", ("return [max(x, y) for x, y in zip(xs, ys)]",
    "result = []\nfor x, y in zip(xs, ys):\n    if x > y:\n        result.append(x)\n    else:\n        result.append(y)\nreturn result"),
    inputs=lambda r: same_length(r), seen=False)
add("replace_value", "xs k m", "{xs} with every {k} replaced by {m}|a copy of {xs} that has {m} where {xs} has {k}|the elements of {xs}, but {m} instead of {k}",
    "replace_value|replace_all|exchange|put_instead", ("return [m if x == k else x for x in xs]",
    "result = []\nfor x in xs:\n    if x == k:\n        result.append(m)\n    else:\n        result.append(x)\nreturn result"), seen=False)
add("cap_each", "xs k", "{xs} with every number above {k} lowered to {k}|the numbers of {xs}, but none larger than {k}|each element of {xs}, or {k} where it is larger",
    "cap_each|cap|limit_each|at_most", ("return [min(x, k) for x in xs]",
    "result = []\nfor x in xs:\n    if x > k:\n        result.append(k)\n    else:\n        result.append(x)\nreturn result"), seen=False)
add("running_total", "xs", "the running totals of {xs}|for each position of {xs} the sum up to there|the partial sums of {xs}",
    "running_total|running_sums|partial_sums|cumulative", ("result = []\ntotal = 0\nfor x in xs:\n    total += x\n    result.append(total)\nreturn result",
    "return [sum(xs[:i + 1]) for i in range(len(xs))]"), inputs=lambda r: ([r.randint(0, 9) for _ in range(r.randint(1, 4))],), seen=False)


def counted(random):
    from inputs import numbers
    xs = numbers(random, 1)
    return xs, random.randint(0, len(xs))


def pair(random):
    from inputs import near, numbers
    xs = numbers(random)[:4]
    return xs, [near(random, xs) for _ in range(random.randint(0, 3))]


def same_length(random):
    from inputs import integer, numbers
    xs = numbers(random, 1)[:4]
    return xs, [integer(random) for _ in xs]


add("steps_between", "xs", "the differences between neighbours of {xs}, each number minus the one before it|how much {xs} grows from each element to the next|for each element of {xs} but the first, its distance from the one before",
    "steps_between|differences|growth|steps", ("return [b - a for a, b in zip(xs, xs[1:])]",
    "result = []\nfor i in range(1, len(xs)):\n    result.append(xs[i] - xs[i - 1])\nreturn result"),
    inputs=lambda r: (sorted(r.randint(0, 15) for _ in range(r.randint(2, 4))),), seen=False)
add("mirror", "xs", "{xs} followed by its reverse|the elements of {xs} and then the same ones backwards|{xs} and its mirror image",
    "mirror|mirrored|there_and_back|with_reverse", ("return xs + xs[::-1]", "result = list(xs)\nfor x in reversed(xs):\n    result.append(x)\nreturn result"), seen=False)
