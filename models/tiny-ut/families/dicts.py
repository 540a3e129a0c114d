"""Dictionaries from letters to small numbers."""
from family import family


def add(*arguments, **options):
    family(arguments[0], "dicts", *arguments[1:], **options)


def keyed(random, least=0):
    from inputs import dictionary
    d = dictionary(random, least)
    return d, random.choice(list(d)) if d and random.random() < 0.6 else random.choice("abcdefgh")


def valued(random):
    from inputs import dictionary, near
    d = dictionary(random)
    return d, near(random, list(d.values()))


add("count_keys", "d", "the number of keys of {d}|how many entries {d} has|the size of the dictionary {d}",
    "count_keys|entries|number_of_keys|dict_size", ("return len(d)", "count = 0\nfor key in d:\n    count += 1\nreturn count"))
add("get_or_zero", "d c", "the value of the key {c} in {d}, or 0 if there is none|{d} at the key {c}, and 0 where {d} lacks it|what {d} has for {c}, else 0",
    "get_or_zero|value_or_zero|lookup|fetch_value", ("return d.get(c, 0)", "if c in d:\n    return d[c]\nreturn 0"), inputs=keyed)
add("has_key", "d c", "whether {c} is a key of {d}|True if {d} has the key {c}, else False|whether {d} has an entry for {c}",
    "has_key|key_in|knows_key|has_entry", ("return c in d", "for key in d:\n    if key == c:\n        return True\nreturn False"), inputs=keyed)
add("sorted_keys", "d", "a sorted list of the keys of {d}|the keys of {d} in alphabetical order|all keys of {d}, sorted",
    "sorted_keys|keys_in_order|ordered_keys|key_list", ("return sorted(d)", "keys = list(d.keys())\nkeys.sort()\nreturn keys"))
add("sum_values", "d", "the sum of the values of {d}|all values of {d} added up|the total of what {d} holds",
    "sum_values|total_values|add_values|values_total", ("return sum(d.values())", "total = 0\nfor key in d:\n    total += d[key]\nreturn total"),
    work=lambda d: ", ".join(str(sum(list(d.values())[:i + 1])) for i in range(len(d))) or "none", seen=False)
add("largest_value", "d", "the largest value of {d}|the maximum of the values in {d}|the highest number that {d} holds",
    "largest_value|max_value|highest_value|top_of", ("return max(d.values())", "best = None\nfor v in d.values():\n    if best is None or v > best:\n        best = v\nreturn best"), least=1)
add("key_of_largest", "d", "the key of {d} that has the largest value, the first one if several have|the first key of {d} with the maximum value|which key of {d} has the highest value, the earliest of equals",
    "key_of_largest|best_key|top_key|winner", ("return max(d, key=lambda key: d[key])", "best = None\nfor key in d:\n    if best is None or d[key] > d[best]:\n        best = key\nreturn best"), least=1)
add("key_of_smallest", "d", "the key of {d} that has the smallest value, the first one if several have|the first key of {d} with the minimum value|which key of {d} has the lowest value, the earliest of equals",
    "key_of_smallest|worst_key|lowest_key|cheapest", ("return min(d, key=lambda key: d[key])", "best = None\nfor key in d:\n    if best is None or d[key] < d[best]:\n        best = key\nreturn best"), least=1, seen=False)
add("values_list", "d", "a list of the values of {d}|the values of {d} in the order of its entries|what {d} holds, as a list",
    "values_list|all_values|to_values|values_of", ("return list(d.values())", "result = []\nfor key in d:\n    result.append(d[key])\nreturn result"))
add("keys_above", "d k", "a sorted list of the keys of {d} whose value is greater than {k}|the keys of {d} with a value above {k}, in alphabetical order|which keys of {d} have more than {k}, sorted",
    "keys_above|keys_over|rich_keys|select_keys", ("return sorted(key for key in d if d[key] > k)", "result = []\nfor key in sorted(d):\n    if d[key] > k:\n        result.append(key)\nreturn result"), inputs=valued, seen=False)
add("count_values_above", "d k", "how many values of {d} are greater than {k}|the number of entries of {d} with a value above {k}|the count of values in {d} that are larger than {k}",
    "count_values_above|entries_above|values_over|big_values", ("return len([v for v in d.values() if v > k])", "count = 0\nfor v in d.values():\n    if v > k:\n        count += 1\nreturn count"), inputs=valued,
    work=lambda d, k: ", ".join(str(v) for v in d.values() if v > k) or "none", seen=False)
add("has_value", "d k", "whether some key of {d} has the value {k}|True if {k} is one of the values of {d}, else False|whether {d} holds the number {k}",
    "has_value|value_in|holds|any_has", ("return k in d.values()", "for key in d:\n    if d[key] == k:\n        return True\nreturn False"), inputs=valued, seen=False)
add("without_key", "d c", "{d} without the key {c}|a copy of {d} that lacks {c}|the entries of {d} but the one of {c}",
    "without_key|remove_key|drop_key|leave_key_out", ("return {key: d[key] for key in d if key != c}", "result = dict(d)\nresult.pop(c, None)\nreturn result"), inputs=keyed, seen=False)
add("swap_pairs", "d", "a dictionary from the values of {d} to its keys|{d} with keys and values exchanged|{d} turned around, each value pointing to its key",
    "swap_pairs|invert|inverted|turn_dict", ("return {d[key]: key for key in d}", "result = {}\nfor key, v in d.items():\n    result[v] = key\nreturn result"),
    inputs=lambda r: (dict(zip(r.sample("abcdefgh", 3), r.sample(range(10), r.randint(0, 3)))),), seen=False)
add("set_value", "d c k", "{d} with the value {k} for the key {c}|a copy of {d} in which {c} has the value {k}|{d} after {c} was set to {k}",
    "set_value|with_entry|put_value|assign", ("return {**d, c: k}", "result = dict(d)\nresult[c] = k\nreturn result"), inputs=lambda r: (*keyed(r), r.randint(0, 9)), seen=False)
add("add_one_each", "d", "{d} with every value increased by 1|a copy of {d} whose values are one larger|the entries of {d}, each value plus 1",
    "add_one_each|increment_all|plus_one|raise_values", ("return {key: d[key] + 1 for key in d}", "result = {}\nfor key in d:\n    result[key] = d[key] + 1\nreturn result"), seen=False)
add("to_pairs", "d", "a list of the pairs of key and value of {d}|the entries of {d} as a list of tuples|{d} as a list with a tuple for each entry",
    "to_pairs|items_list|as_pairs|tuples_of", ("return list(d.items())", "result = []\nfor key in d:\n    result.append((key, d[key]))\nreturn result"), seen=False)
