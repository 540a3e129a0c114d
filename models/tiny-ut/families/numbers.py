"""One, two or three integers."""
from family import family


def add(*arguments, **options):
    family(arguments[0], "numbers", *arguments[1:], **options)


def one(low, high):
    return lambda random: (random.randint(low, high),)


def two(low, high, least=0):
    return lambda random: (random.randint(low, high), random.randint(least, high))


add("is_even", "n", "whether {n} is even|True if {n} is an even number, else False|whether {n} can be halved without a rest",
    "is_even|even|even_number|can_halve", ("return n % 2 == 0", "if n % 2 == 1:\n    return False\nreturn True"), inputs=one(0, 99))
add("is_odd", "n", "whether {n} is odd|True if {n} is an odd number, else False|whether halving {n} leaves a rest",
    "is_odd|odd|odd_number|not_even", ("return n % 2 == 1", "if n % 2 == 0:\n    return False\nreturn True"), inputs=one(0, 99), seen=False)
add("larger", "n m", "the larger one of {n} and {m}|whichever of {n} and {m} is greater|the maximum of the two numbers {n} and {m}",
    "larger|bigger|greater|max_of_two", ("return max(n, m)", "if n > m:\n    return n\nreturn m", "return n if n >= m else m"))
add("smaller", "n m", "the smaller one of {n} and {m}|whichever of {n} and {m} is less|the minimum of the two numbers {n} and {m}",
    "smaller|lesser|lower|min_of_two", ("return min(n, m)", "if n < m:\n    return n\nreturn m", "return n if n <= m else m"))
add("distance", "n m", "how far apart {n} and {m} are|the absolute difference of {n} and {m}|the distance between {n} and {m}",
    "distance|apart|gap|abs_difference", ("return abs(n - m)", "if n > m:\n    return n - m\nreturn m - n", "return max(n, m) - min(n, m)"),
    work=lambda n, m: "%d - %d" % (max(n, m), min(n, m)), seen=False)
add("max_of_three", "n m p", "the largest of {n}, {m} and {p}|the maximum of the three numbers {n}, {m} and {p}|whichever of {n}, {m} and {p} is greatest",
    "max_of_three|largest_of_three|biggest_three|greatest", ("return max(n, m, p)", "best = n\nif m > best:\n    best = m\nif p > best:\n    best = p\nreturn best"))
add("min_of_three", "n m p", "the smallest of {n}, {m} and {p}|the minimum of the three numbers {n}, {m} and {p}|whichever of {n}, {m} and {p} is least",
    "min_of_three|smallest_of_three|least_three|lowest_of", ("return min(n, m, p)", "best = n\nif m < best:\n    best = m\nif p < best:\n    best = p\nreturn best"))
add("median_of_three", "n m p", "the middle one of {n}, {m} and {p} by size|the median of {n}, {m} and {p}|the number among {n}, {m} and {p} that is neither largest nor smallest",
    "median_of_three|middle_value|median|neither_end", ("return sorted([n, m, p])[1]", "return n + m + p - max(n, m, p) - min(n, m, p)"),
    work=lambda n, m, p: ", ".join(map(str, sorted((n, m, p)))), seen=False)
add("clamp", "n m p", "{n} limited to the range from {m} to {p}|{m} if {n} is less, {p} if {n} is greater, else {n}|{n}, but not below {m} and not above {p}",
    "clamp|limit|bounded|keep_within", ("return max(m, min(n, p))", "if n < m:\n    return m\nif n > p:\n    return p\nreturn n"), inputs=lambda r: ranged(r), seen=False)
add("in_range", "n m p", "whether {n} lies between {m} and {p}, both included|True if {n} is at least {m} and at most {p}, else False|whether {n} is in the range from {m} to {p}",
    "in_range|between|within|lies_in", ("return m <= n <= p", "if n < m:\n    return False\nreturn n <= p", "return n >= m and n <= p"), inputs=lambda r: ranged(r))
add("digit_sum", "n", "the sum of the digits of {n}|what the digits of {n} add up to|all digits of {n} added up",
    "digit_sum|sum_of_digits|add_digits|digits_total", ("return sum(int(c) for c in str(n))", "total = 0\nfor c in str(n):\n    total += int(c)\nreturn total"),
    inputs=one(0, 199), work=lambda n: " + ".join(str(n)), seen=False)
add("count_digits", "n", "how many digits {n} has|the number of digits of {n}|the length of {n} in decimal notation",
    "count_digits|digits|digit_count|number_length", ("return len(str(n))", "count = 0\nfor c in str(n):\n    count += 1\nreturn count"), inputs=lambda r: (r.randrange(10 ** r.randint(1, 5)),), seen=False)
add("last_digit", "n", "the last digit of {n}|the ones place of {n}|the rest of {n} after division by ten",
    "last_digit|ones|unit_digit|ones_place", ("return n % 10", "return int(str(n)[-1])"), inputs=one(0, 999))
add("first_digit", "n", "the first digit of {n}|the leading digit of {n}|the digit that {n} begins with",
    "first_digit|leading_digit|top_digit|digit_at_start", ("return int(str(n)[0])", "for c in str(n):\n    return int(c)"), inputs=one(0, 999))
add("largest_digit", "n", "the largest digit of {n}|the maximum of the digits of {n}|the highest digit in {n}",
    "largest_digit|max_digit|highest_digit|biggest_digit", ("return max(int(c) for c in str(n))", "best = 0\nfor c in str(n):\n    if int(c) > best:\n        best = int(c)\nreturn best"), inputs=one(0, 9999), seen=False)
add("reverse_digits", "n", "the number whose digits are those of {n} backwards|{n} with its digits reversed|the digits of {n} in reverse order, as a number",
    "reverse_digits|flip_digits|digits_backwards|turned_number", ("return int(str(n)[::-1])", "result = ''\nfor c in str(n):\n    result = c + result\nreturn int(result)"), inputs=one(0, 999), seen=False)
add("digits_list", "n", "a list of the digits of {n}|the digits of {n}, each as a number in a list|{n} taken apart into its digits",
    "digits_list|to_digits|split_number|digits_of", ("return [int(c) for c in str(n)]", "result = []\nfor c in str(n):\n    result.append(int(c))\nreturn result"), inputs=one(0, 9999))
add("factorial", "n", "the factorial of {n}|the product of all numbers from 1 to {n}|{n} times every smaller positive number",
    "factorial|product_to|fact|multiply_to", ("result = 1\nfor i in range(2, n + 1):\n    result *= i\nreturn result", "if n < 2:\n    return 1\nresult = n\nfor i in range(1, n):\n    result *= i\nreturn result"), inputs=one(0, 6), seen=False)
add("sum_to", "n", "the sum of all numbers from 1 to {n}|1 + 2 + 3 and so on up to {n}|all positive numbers up to {n} added up",
    "sum_to|sum_up_to|add_to|triangle", ("return sum(range(n + 1))", "total = 0\nfor i in range(1, n + 1):\n    total += i\nreturn total", "return n * (n + 1) // 2"), inputs=one(0, 12), seen=False)
add("is_prime", "n", "whether {n} is a prime number|True if {n} is prime, else False|whether {n} has no divisors but 1 and itself",
    "is_prime|prime|prime_number|no_divisors", ("return n > 1 and all(n % i != 0 for i in range(2, n))", "if n < 2:\n    return False\nfor i in range(2, n):\n    if n % i == 0:\n        return False\nreturn True"), inputs=one(0, 50), seen=False)
add("divides", "n k", "whether {n} can be divided by {k} without a rest|True if {k} divides {n}, else False|whether {n} is a multiple of {k}",
    "divides|divisible|is_multiple|no_rest", ("return n % k == 0", "if n % k != 0:\n    return False\nreturn True"), inputs=lambda r: divisor(r), seen=False)
add("remainder", "n k", "the rest when {n} is divided by {k}|the remainder of {n} divided by {k}|what is left of {n} after dividing by {k}",
    "remainder|rest|modulo|left_over", ("return n % k", "return n - n // k * k"), inputs=lambda r: (r.randint(0, 30), r.randint(1, 9)), work=lambda n, k: "%d - %d" % (n, n // k * k), seen=False)
add("quotient", "n k", "how often {k} fits into {n}|{n} divided by {k}, rounded down|the whole part of {n} divided by {k}",
    "quotient|fits_into|whole_division|divided", ("return n // k", "return (n - n % k) // k"), inputs=lambda r: (r.randint(0, 30), r.randint(1, 9)), seen=False)
add("add_numbers", "n m", "the sum of {n} and {m}|{n} plus {m}|{n} and {m} added together",
    "add_numbers|plus|add_two|sum_of_two", ("return n + m", "return sum([n, m])"), seen=False)
add("product", "n m", "the product of {n} and {m}|{n} times {m}|{n} multiplied by {m}",
    "product|multiply|times|mul", ("return n * m", "total = 0\nfor i in range(m):\n    total += n\nreturn total"), inputs=two(0, 10), seen=False)
add("countdown", "n", "a list of the numbers from {n} down to 1|the numbers {n}, one less and so on down to 1|a countdown from {n} to 1",
    "countdown|down_to_one|count_down|falling", ("return list(range(n, 0, -1))", "result = []\nfor i in range(n):\n    result.append(n - i)\nreturn result"), inputs=one(0, 8))
add("count_up", "n", "a list of the numbers from 1 to {n}|the numbers 1, 2, 3 and so on up to {n}|all positive numbers up to {n}, in a list",
    "count_up|one_to|up_to|rising", ("return list(range(1, n + 1))", "result = []\nfor i in range(n):\n    result.append(i + 1)\nreturn result"), inputs=one(0, 8))
add("between_numbers", "n m", "a list of the numbers from {n} to {m}, both included|all numbers from {n} up to {m}|the numbers that start with {n} and end with {m}",
    "between_numbers|range_list|from_to|span", ("return list(range(n, m + 1))", "result = []\nfor i in range(n, m + 1):\n    result.append(i)\nreturn result"), inputs=lambda r: window(r), seen=False)
add("multiples", "n k", "the first {k} multiples of {n}|a list of {n} times 1, 2, 3 and so on up to {k}|{k} numbers: {n}, twice {n} and so on",
    "multiples|times_table|first_multiples|multiples_of", ("return [n * i for i in range(1, k + 1)]", "result = []\nfor i in range(k):\n    result.append(n * (i + 1))\nreturn result"), inputs=lambda r: (r.randint(1, 9), r.randint(0, 4)), seen=False)
add("divisors", "n", "a list of all divisors of {n}|the numbers that divide {n}, in ascending order|every number from 1 to {n} that divides {n}",
    "divisors|factors|all_divisors|divisors_of", ("return [i for i in range(1, n + 1) if n % i == 0]", "result = []\nfor i in range(1, n + 1):\n    if n % i == 0:\n        result.append(i)\nreturn result"), inputs=one(1, 30), seen=False)
add("sign", "n m", "1 if {n} is greater than {m}, -1 if it is less, and 0 if they are equal|-1, 0 or 1 as {n} is less than, equal to or greater than {m}|how {n} compares with {m}: 1 for greater, 0 for equal, -1 for less",
    "compare|sign_of|ordering|comparison", ("return (n > m) - (n < m)", "if n > m:\n    return 1\nif n < m:\n    return -1\nreturn 0"), inputs=lambda r: close(r), seen=False)
add("parity_name", "n", "'even' if {n} is even, else 'odd'|the word 'even' or 'odd' for {n}|a word that says whether {n} is even or odd",
    "parity_name|even_or_odd|parity|parity_word", ("return 'even' if n % 2 == 0 else 'odd'", "if n % 2 == 1:\n    return 'odd'\nreturn 'even'"), inputs=one(0, 99))
add("all_equal_three", "n m p", "whether {n}, {m} and {p} are all equal|True if the three numbers {n}, {m} and {p} are the same, else False|whether {n} is equal to both {m} and {p}",
    "all_equal|three_equal|same_three|all_same", ("return n == m == p", "if n != m:\n    return False\nreturn m == p", "return n == m and n == p"), inputs=lambda r: alike(r), seen=False)


def ranged(random):
    low = random.randint(0, 15)
    return random.randint(0, 20), low, random.randint(low, 20)


def divisor(random):
    k = random.randint(1, 9)
    return (k * random.randint(0, 6) if random.random() < 0.5 else random.randint(0, 40)), k


def window(random):
    n = random.randint(0, 12)
    return n, n + random.randint(-1, 5)


def close(random):
    n = random.randint(0, 30)
    return n, n if random.random() < 0.3 else random.randint(0, 30)


def alike(random):
    n = random.randint(0, 20)
    return tuple(n if random.random() < 0.75 else random.randint(0, 20) for _ in range(3))


add("ends_in_zero", "n", "whether the last digit of {n} is 0|True if {n} ends in a zero, else False|whether {n} is a multiple of ten",
    "ends_in_zero|round_number|zero_at_end|tens", ("return n % 10 == 0", "return str(n)[-1] == '0'"), inputs=lambda r: (r.randint(0, 99) if r.random() < 0.5 else 10 * r.randint(0, 9),), seen=False)
add("one_more_than_larger", "n m", "one more than the larger one of {n} and {m}|the maximum of {n} and {m}, plus 1|the next number after both {n} and {m}",
    "above_both|next_after|one_more|past_both", ("return max(n, m) + 1", "if n > m:\n    return n + 1\nreturn m + 1"), seen=False)
