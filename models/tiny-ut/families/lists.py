"""Lists of integers: one value out of them, or a question about them."""
from family import family


def add(*arguments, **options):
    family(arguments[0], "lists", *arguments[1:], **options)


def shown(values):
    return ", ".join(map(str, values)) or "none"


def running(xs):
    return shown(sum(xs[:i + 1]) for i in range(len(xs)))


add("largest", "xs", "the largest number of {xs}|the biggest of the numbers in {xs}|the maximum of {xs}|the highest value in {xs}",
    "largest|maximum|biggest|highest|top_value",
    ("return max(xs)", "best = xs[0]\nfor x in xs:\n    if x > best:\n        best = x\nreturn best", "return sorted(xs)[-1]"), least=1)
add("smallest", "xs", "the smallest number of {xs}|the least of the numbers in {xs}|the minimum of {xs}|the lowest value in {xs}",
    "smallest|minimum|least|lowest|low_value",
    ("return min(xs)", "best = xs[0]\nfor x in xs:\n    if x < best:\n        best = x\nreturn best", "return sorted(xs)[0]"), least=1)
add("first", "xs", "the first element of {xs}|the element at the start of {xs}|the number that {xs} begins with|the leading element of {xs}",
    "first|head|start_item|leading", ("return xs[0]", "for x in xs:\n    return x", "return xs[:1][0]"), least=1)
add("last", "xs", "the last element of {xs}|the element at the end of {xs}|the number that {xs} ends with|the final element of {xs}",
    "last|tail_item|end_item|final", ("return xs[-1]", "return xs[len(xs) - 1]", "return xs[-1:][0]"), least=1)
add("size", "xs", "the number of elements of {xs}|how many numbers are in {xs}|the length of {xs}|how long {xs} is",
    "size|length|how_many|number_of_items",
    ("return len(xs)", "count = 0\nfor x in xs:\n    count += 1\nreturn count", "return sum(1 for x in xs)"))
add("total", "xs", "the sum of {xs}|the total of all numbers in {xs}|all numbers of {xs} added up|what the numbers of {xs} add up to",
    "total|add_all|sum_all|add_up", ("return sum(xs)", "total = 0\nfor x in xs:\n    total += x\nreturn total"), work=running)
add("count_equal", "xs k", "how many elements of {xs} are equal to {k}|how often {k} occurs in {xs}|the number of times {k} is in {xs}|the count of {k} in {xs}",
    "count_equal|occurrences|how_often|times_in",
    ("return xs.count(k)", "count = 0\nfor x in xs:\n    if x == k:\n        count += 1\nreturn count", "return len([x for x in xs if x == k])"),
    work=lambda xs, k: shown(x for x in xs if x == k))
add("count_above", "xs k", "how many elements of {xs} are greater than {k}|the number of values in {xs} above {k}|the count of numbers in {xs} that are larger than {k}",
    "count_above|greater_than|how_many_above|bigger_count",
    ("return len([x for x in xs if x > k])", "count = 0\nfor x in xs:\n    if x > k:\n        count += 1\nreturn count", "return sum(x > k for x in xs)"),
    work=lambda xs, k: shown(x for x in xs if x > k))
add("count_below", "xs k", "how many elements of {xs} are less than {k}|the number of values in {xs} below {k}|the count of numbers in {xs} that are smaller than {k}",
    "count_below|less_than|how_many_below|smaller_count",
    ("return len([x for x in xs if x < k])", "count = 0\nfor x in xs:\n    if x < k:\n        count += 1\nreturn count", "return sum(x < k for x in xs)"),
    work=lambda xs, k: shown(x for x in xs if x < k))
add("contains", "xs k", "whether {k} is in {xs}|True if {xs} contains {k}, else False|whether {k} is one of the numbers in {xs}|whether {xs} has the number {k}",
    "contains|includes|is_in|has_number",
    ("return k in xs", "for x in xs:\n    if x == k:\n        return True\nreturn False", "return any(x == k for x in xs)"))
add("count_even", "xs", "how many even numbers are in {xs}|the number of even elements of {xs}|the count of values in {xs} that can be halved",
    "count_even|evens|number_of_even|even_count",
    ("return len([x for x in xs if x % 2 == 0])", "count = 0\nfor x in xs:\n    if x % 2 == 0:\n        count += 1\nreturn count"),
    work=lambda xs: shown(x for x in xs if x % 2 == 0))
add("count_odd", "xs", "how many odd numbers are in {xs}|the number of odd elements of {xs}|the count of values in {xs} that are not even",
    "count_odd|odds|number_of_odd|odd_count",
    ("return len([x for x in xs if x % 2 == 1])", "count = 0\nfor x in xs:\n    if x % 2 != 0:\n        count += 1\nreturn count"),
    work=lambda xs: shown(x for x in xs if x % 2))
add("spread", "xs", "the difference between the largest and the smallest number of {xs}|how far the maximum of {xs} is from the minimum|the range of the values in {xs}",
    "spread|value_range|max_minus_min|width",
    ("return max(xs) - min(xs)", "low = high = xs[0]\nfor x in xs:\n    if x < low:\n        low = x\n    if x > high:\n        high = x\nreturn high - low"),
    least=1, work=lambda xs: "%d - %d" % (max(xs), min(xs)), seen=False)
add("all_above", "xs k", "whether all numbers of {xs} are greater than {k}|True if every element of {xs} is above {k}, else False|whether no number of {xs} is {k} or less",
    "all_above|every_above|all_greater|all_larger",
    ("return all(x > k for x in xs)", "for x in xs:\n    if x <= k:\n        return False\nreturn True", "return not xs or min(xs) > k"), seen=False)
add("any_below", "xs k", "whether any number of {xs} is less than {k}|True if some element of {xs} is below {k}, else False|whether at least one number of {xs} is smaller than {k}",
    "any_below|some_below|has_smaller|any_less",
    ("return any(x < k for x in xs)", "for x in xs:\n    if x < k:\n        return True\nreturn False"), seen=False)
add("has_duplicates", "xs", "whether some number occurs twice in {xs}|True if {xs} has duplicates, else False|whether any value of {xs} is repeated",
    "has_duplicates|has_repeats|any_twice|repeated",
    ("return len(set(xs)) != len(xs)", "seen = set()\nfor x in xs:\n    if x in seen:\n        return True\n    seen.add(x)\nreturn False"))
add("distinct", "xs", "how many different numbers are in {xs}|the number of distinct values of {xs}|the count of unique elements of {xs}",
    "distinct|count_unique|different|distinct_count",
    ("return len(set(xs))", "seen = []\nfor x in xs:\n    if x not in seen:\n        seen.append(x)\nreturn len(seen)"),
    work=lambda xs: shown(dict.fromkeys(xs)))
add("sum_even", "xs", "the sum of the even numbers in {xs}|all even elements of {xs} added up|the total of the even values of {xs}",
    "sum_even|even_sum|total_even|add_even",
    ("return sum(x for x in xs if x % 2 == 0)", "total = 0\nfor x in xs:\n    if x % 2 == 0:\n        total += x\nreturn total"),
    work=lambda xs: running([x for x in xs if x % 2 == 0]) if any(x % 2 == 0 for x in xs) else "none", seen=False)
add("middle", "xs", "the element in the middle of {xs}|the number at the position half its length of {xs}|the central element of {xs}",
    "middle|middle_item|center|central", ("return xs[len(xs) // 2]", "half = len(xs) // 2\nreturn xs[half]"), least=1, seen=False)
add("first_equals_last", "xs", "whether {xs} begins and ends with the same number|True if the first and the last element of {xs} are equal, else False|whether both ends of {xs} are equal",
    "first_equals_last|same_ends|ends_equal|equal_ends", ("return xs[0] == xs[-1]", "if xs[0] == xs[-1]:\n    return True\nreturn False"), least=1)
