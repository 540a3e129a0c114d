"""Sorting, and questions about order."""
from family import family


def add(*arguments, **options):
    family(arguments[0], "sorting", *arguments[1:], **options)


def ranks(random):
    from inputs import numbers
    xs = numbers(random, 1)[:5]
    return xs, random.randint(1, len(xs))


def sometimes_sorted(random):
    from inputs import numbers
    xs = numbers(random)
    how = random.random()
    return (sorted(xs) if how < 0.4 else sorted(xs, reverse=True) if how < 0.6 else xs,)


def two_sorted(random):
    from inputs import numbers
    return sorted(numbers(random)[:3]), sorted(numbers(random)[:3])


def odd_sized(random):
    from inputs import integer
    return ([integer(random) for _ in range(random.choice((1, 3, 3, 5)))],)


def ordered(xs):
    return ", ".join(map(str, sorted(xs)))


BUBBLE = "result = list(xs)\nfor i in range(len(result)):\n    for j in range(len(result) - 1):\n        if result[j] %s result[j + 1]:\n            result[j], result[j + 1] = (result[j + 1], result[j])\nreturn result"

add("ascending", "xs", "{xs} sorted in ascending order|the elements of {xs} from the smallest to the largest|a sorted copy of {xs}, smallest first",
    "ascending|sort_up|sorted_list|in_order", ("return sorted(xs)", "result = list(xs)\nresult.sort()\nreturn result", BUBBLE % ">"))
add("descending", "xs", "{xs} sorted in descending order|the elements of {xs} from the largest to the smallest|a sorted copy of {xs}, largest first",
    "descending|sort_down|largest_first|reverse_sort", ("return sorted(xs, reverse=True)", "return sorted(xs)[::-1]", BUBBLE % "<"))
add("is_sorted", "xs", "whether {xs} is sorted in ascending order|True if no element of {xs} is less than the one before it, else False|whether the numbers of {xs} never get smaller",
    "is_sorted|sorted_up|never_falls|is_ascending", ("return xs == sorted(xs)", "for i in range(1, len(xs)):\n    if xs[i] < xs[i - 1]:\n        return False\nreturn True", "return all(a <= b for a, b in zip(xs, xs[1:]))"), inputs=sometimes_sorted)
add("is_descending", "xs", "whether {xs} is sorted in descending order|True if no element of {xs} is greater than the one before it, else False|whether the numbers of {xs} never get larger",
    "is_descending|sorted_down|never_rises|falls", ("return xs == sorted(xs, reverse=True)", "for i in range(1, len(xs)):\n    if xs[i] > xs[i - 1]:\n        return False\nreturn True"), inputs=sometimes_sorted, seen=False)
add("kth_smallest", "xs k", "the element of {xs} at place {k} when sorted, counting from 1|the {k}-th smallest number of {xs}|number {k} of {xs} in ascending order",
    "kth_smallest|rank_value|nth_smallest|place_in_order", ("return sorted(xs)[k - 1]", "result = list(xs)\nresult.sort()\nreturn result[k - 1]"), inputs=ranks, work=lambda xs, k: ordered(xs), seen=False)
add("second_largest", "xs", "the second number of {xs} when sorted from the largest down|the second largest element of {xs}|the largest element of {xs} after one maximum was removed",
    "second_largest|runner_up|second_best|next_to_max", ("return sorted(xs)[-2]", "result = sorted(xs, reverse=True)\nreturn result[1]"), least=2, work=ordered)
add("median", "xs", "the median of {xs}|the middle element of {xs} when sorted|the number in the middle of {xs} by size",
    "median_of|middle_sorted|central_value|half_way", ("return sorted(xs)[len(xs) // 2]", "result = list(xs)\nresult.sort()\nreturn result[len(result) // 2]"), inputs=odd_sized, work=ordered, seen=False)
add("merge_sorted", "xs ys", "the elements of {xs} and {ys} in one sorted list|{xs} and {ys} merged in ascending order|one ascending list of all numbers in {xs} and {ys}",
    "merge_sorted|merged|sorted_union|merge_lists", ("return sorted(xs + ys)", "result = list(xs)\nfor y in ys:\n    result.append(y)\nresult.sort()\nreturn result"), inputs=two_sorted, seen=False)
add("unique_sorted", "xs", "the different numbers of {xs} in ascending order|{xs} sorted and without duplicates|each value of {xs} once, smallest first",
    "unique_sorted|sorted_set|distinct_sorted|set_in_order", ("return sorted(set(xs))", "result = []\nfor x in sorted(xs):\n    if x not in result:\n        result.append(x)\nreturn result"), seen=False)
add("smallest_two", "xs", "the two smallest elements of {xs} in ascending order|the first two numbers of {xs} after sorting|a list of the two least numbers of {xs}",
    "smallest_two|two_least|lowest_pair|bottom_two", ("return sorted(xs)[:2]", "result = sorted(xs)\nreturn result[0:2]"), least=2)
add("sort_words", "ws", "{ws} in alphabetical order|the words of {ws} sorted alphabetically|a sorted copy of the words {ws}",
    "sort_words|alphabetical|words_in_order|dictionary_order", ("return sorted(ws)", "result = list(ws)\nresult.sort()\nreturn result"), inputs=lambda r: (distinct_initials(r),), seen=False)
add("sort_by_length", "ws", "{ws} sorted by length, equally long words in their order|the words of {ws} from the shortest to the longest, ties as they were|{ws} ordered by the number of letters, keeping the order of equals",
    "sort_by_length|by_length|shortest_first|length_order", ("return sorted(ws, key=len)", "result = list(ws)\nresult.sort(key=lambda w: len(w))\nreturn result"), inputs=lambda r: (distinct_initials(r),), seen=False)
add("sort_letters", "s", "the letters of {s} in alphabetical order|{s} with its letters sorted|a string of the letters of {s} from a to z",
    "sort_letters|letters_in_order|sorted_word|order_letters", ("return ''.join(sorted(s))", "letters = list(s)\nletters.sort()\nreturn ''.join(letters)"), seen=False)


def distinct_initials(random):
    from inputs import words
    return list({word[:1]: word for word in words(random)}.values())


add("largest_two", "xs", "the two largest elements of {xs}, the largest first|the first two numbers of {xs} sorted from the largest down|a list of the two greatest numbers of {xs} in descending order",
    "largest_two|two_greatest|top_two|best_two", ("return sorted(xs, reverse=True)[:2]", "result = sorted(xs)\nreturn result[::-1][0:2]"), least=2, seen=False)
