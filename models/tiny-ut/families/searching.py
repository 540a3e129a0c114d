"""Where something is, or which element something is true of."""
from family import family


def add(*arguments, **options):
    family(arguments[0], "searching", *arguments[1:], **options)


def placed(values):
    """Each value with its place: `0: 5, 1: 3`."""
    return ", ".join("%d: %s" % pair for pair in enumerate(values)) or "none"


def until(values, last):
    """The places up to `last`."""
    return placed(values[:last + 1])


FIND = "for i in range(len(xs)):\n    if xs[i] == k:\n        return i\nreturn -1"

add("index_of", "xs k", "the position of {k} in {xs}, or -1 if it is not there|the index of the first {k} in {xs}, else -1|at which index of {xs} the number {k} comes first, -1 if nowhere",
    "index_of|find_number|position|locate", ("return xs.index(k) if k in xs else -1", FIND, "for i, x in enumerate(xs):\n    if x == k:\n        return i\nreturn -1"),
    work=lambda xs, k: until(xs, xs.index(k)) if k in xs else placed(xs))
add("last_index_of", "xs k", "the position of the last {k} in {xs}, or -1 if it is not there|the index of {k} in {xs} counted to its last occurrence, else -1|at which index of {xs} the number {k} comes for the last time, -1 if nowhere",
    "last_index_of|last_position|find_last|rightmost", ("return max([i for i in range(len(xs)) if xs[i] == k], default=-1)", "at = -1\nfor i in range(len(xs)):\n    if xs[i] == k:\n        at = i\nreturn at"), work=lambda xs, k: placed(xs), seen=False)
add("index_of_largest", "xs", "the index of the largest number of {xs}, the first one if there are several|at which position {xs} has its maximum for the first time|the place of the maximum in {xs}, the first of equals",
    "index_of_largest|argmax|where_max|peak_index", ("return xs.index(max(xs))", "at = 0\nfor i in range(len(xs)):\n    if xs[i] > xs[at]:\n        at = i\nreturn at"), least=1, work=placed)
add("index_of_smallest", "xs", "the index of the smallest number of {xs}, the first one if there are several|at which position {xs} has its minimum for the first time|the place of the minimum in {xs}, the first of equals",
    "index_of_smallest|argmin|where_min|low_index", ("return xs.index(min(xs))", "at = 0\nfor i in range(len(xs)):\n    if xs[i] < xs[at]:\n        at = i\nreturn at"), least=1, work=placed, seen=False)
add("first_above", "xs k", "the first element of {xs} that is greater than {k}, or -1 if there is none|the first number above {k} in {xs}, else -1|whichever number of {xs} exceeds {k} first, -1 if none does",
    "first_above|first_greater|next_above|first_over", ("for x in xs:\n    if x > k:\n        return x\nreturn -1", "above = [x for x in xs if x > k]\nreturn above[0] if above else -1"))
add("first_even", "xs", "the first even number of {xs}, or -1 if there is none|the first element of {xs} that is even, else -1|whichever even number comes first in {xs}, -1 if none does",
    "first_even|find_even|even_first|leading_even", ("for x in xs:\n    if x % 2 == 0:\n        return x\nreturn -1", "even = [x for x in xs if x % 2 == 0]\nreturn even[0] if even else -1"))
add("last_above", "xs k", "the last element of {xs} that is greater than {k}, or -1 if there is none|the last number above {k} in {xs}, else -1|whichever number of {xs} exceeds {k} last, -1 if none does",
    "last_above|last_greater|final_above|last_over", ("for x in reversed(xs):\n    if x > k:\n        return x\nreturn -1", "above = [x for x in xs if x > k]\nreturn above[-1] if above else -1"), seen=False)
add("letter_index", "s c", "the position of the letter {c} in {s}, or -1 if it is not there|the index of the first {c} in the word {s}, else -1|at which index of {s} the letter {c} comes first, -1 if nowhere",
    "letter_index|find_letter|letter_position|where_letter", ("return s.find(c)", "for i in range(len(s)):\n    if s[i] == c:\n        return i\nreturn -1"),
    work=lambda s, c: until(s, s.find(c)) if c in s else placed(s), seen=False)
add("letter_at", "s k", "the letter of {s} at index {k}|the character at position {k} of {s}, counting from 0|which letter stands at index {k} in {s}",
    "letter_at|char_at|nth_letter|pick_letter", ("return s[k]", "for i, c in enumerate(s):\n    if i == k:\n        return c"), inputs=lambda r: inside_word(r), work=lambda s, k: until(s, k))
add("element_at", "xs k", "the element of {xs} at index {k}|the number at position {k} of {xs}, counting from 0|which number stands at index {k} in {xs}",
    "element_at|item_at|nth_item|pick_item", ("return xs[k]", "for i, x in enumerate(xs):\n    if i == k:\n        return x"), inputs=lambda r: inside_list(r), work=lambda xs, k: until(xs, k))
add("longest_word", "ws", "the longest word of {ws}, the first one if there are several|the word of {ws} with most letters, the first of equals|whichever word in {ws} is longest, the earliest if tied",
    "longest_word|longest|most_letters|long_one", ("return max(ws, key=len)", "best = ws[0]\nfor w in ws:\n    if len(w) > len(best):\n        best = w\nreturn best"), least=1, work=lambda ws: ", ".join(str(len(w)) for w in ws))
add("shortest_word", "ws", "the shortest word of {ws}, the first one if there are several|the word of {ws} with fewest letters, the first of equals|whichever word in {ws} is shortest, the earliest if tied",
    "shortest_word|shortest|fewest_letters|short_one", ("return min(ws, key=len)", "best = ws[0]\nfor w in ws:\n    if len(w) < len(best):\n        best = w\nreturn best"), least=1, work=lambda ws: ", ".join(str(len(w)) for w in ws), seen=False)
add("words_with", "ws c", "the words of {ws} that contain the letter {c}|all words of {ws} with {c} in them|{ws} without the words that lack the letter {c}",
    "words_with|having_letter|filter_words|with_letter", ("return [w for w in ws if c in w]", "result = []\nfor w in ws:\n    if c in w:\n        result.append(w)\nreturn result"), inputs=lambda r: with_letter(r), seen=False)
add("words_starting", "ws c", "the words of {ws} that start with the letter {c}|all words of {ws} beginning with {c}|{ws} limited to the words whose first letter is {c}",
    "words_starting|starting_with|initial_words|words_from", ("return [w for w in ws if w.startswith(c)]", "result = []\nfor w in ws:\n    if w[:1] == c:\n        result.append(w)\nreturn result"), inputs=lambda r: with_initial(r), seen=False)
add("word_lengths", "ws", "the lengths of the words in {ws}|a list of how many letters each word of {ws} has|for each word of {ws} the number of its letters",
    "word_lengths|lengths|letter_counts|sizes", ("return [len(w) for w in ws]", "result = []\nfor w in ws:\n    result.append(len(w))\nreturn result"))
add("missing_number", "xs", "the smallest number from 1 on that is not in {xs}|the first positive number that {xs} lacks|the least of 1, 2, 3 and so on that is missing in {xs}",
    "missing_number|first_missing|first_gap|lowest_free", ("n = 1\nfor i in range(len(xs)):\n    if n in xs:\n        n += 1\nreturn n", "for n in range(1, len(xs) + 2):\n    if n not in xs:\n        return n"), inputs=lambda r: (gapped(r),), seen=False)
add("closest_to", "xs k", "the element of {xs} that is closest to {k}, the first one if there are several|the number of {xs} with the least distance to {k}, the first of equals|whichever number in {xs} is nearest to {k}, the earliest if tied",
    "closest_to|nearest|closest|near_value", ("return min(xs, key=lambda x: abs(x - k))", "best = xs[0]\nfor x in xs:\n    if abs(x - k) < abs(best - k):\n        best = x\nreturn best"), least=1, work=lambda xs, k: ", ".join(str(abs(x - k)) for x in xs), seen=False)
add("most_common", "xs", "the number that occurs most often in {xs}, the first one if there are several|the most frequent element of {xs}, the first of equals|whichever number {xs} has most times, the earliest if tied",
    "most_common|most_frequent|mode|favourite", ("return max(xs, key=xs.count)", "best = xs[0]\nfor x in xs:\n    if xs.count(x) > xs.count(best):\n        best = x\nreturn best"), least=1, work=lambda xs: ", ".join(str(xs.count(x)) for x in xs), seen=False)
add("pair_with_sum", "xs k", "whether two different places of {xs} have numbers with the sum {k}|True if some two elements of {xs} add up to {k}, else False|whether {k} is the sum of two elements of {xs}",
    "pair_with_sum|has_pair|two_sum|sum_pair", ("return any(xs[i] + xs[j] == k for i in range(len(xs)) for j in range(i))", "for i in range(len(xs)):\n    for j in range(i + 1, len(xs)):\n        if xs[i] + xs[j] == k:\n            return True\nreturn False"), inputs=lambda r: summed(r), seen=False)


def inside_word(random):
    from inputs import word
    s = word(random, 1)
    return s, random.randrange(len(s))


def inside_list(random):
    from inputs import numbers
    xs = numbers(random, 1)
    return xs, random.randrange(len(xs))


def with_letter(random):
    from inputs import letter, words
    ws = words(random)[:3]
    return ws, letter(random, "".join(ws))


def with_initial(random):
    from inputs import letter, words
    ws = words(random)[:3]
    return ws, letter(random, "".join(w[:1] for w in ws))


def gapped(random):
    xs = [n for n in range(1, random.randint(2, 6)) if random.random() < 0.8]
    random.shuffle(xs)
    return xs


def summed(random):
    xs = [random.randint(0, 9) for _ in range(random.randint(0, 4))]
    return xs, sum(random.sample(xs, 2)) if len(xs) > 1 and random.random() < 0.6 else random.randint(0, 18)


add("first_odd", "xs", "the first odd number of {xs}, or -1 if there is none|the first element of {xs} that is odd, else -1|whichever odd number comes first in {xs}, -1 if none does",
    "first_odd|find_odd|odd_first|leading_odd", ("for x in xs:\n    if x % 2 == 1:\n        return x\nreturn -1", "odd = [x for x in xs if x % 2 == 1]\nreturn odd[0] if odd else -1"), seen=False)
add("first_below", "xs k", "the first element of {xs} that is less than {k}, or -1 if there is none|the first number below {k} in {xs}, else -1|whichever number of {xs} falls under {k} first, -1 if none does",
    "first_below|first_less|next_below|first_under", ("for x in xs:\n    if x < k:\n        return x\nreturn -1", "under = [x for x in xs if x < k]\nreturn under[0] if under else -1"), seen=False)
