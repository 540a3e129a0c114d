"""Small texts taken apart and put together."""
from family import family


def add(*arguments, **options):
    family(arguments[0], "parsing", *arguments[1:], **options)


def listed(random):
    from inputs import numbers
    return (",".join(map(str, numbers(random, 1)[:4])),)


def mixed(random):
    """Letters and digits."""
    return ("".join(random.choice("0123456789") if random.random() < 0.5 else random.choice("abcdefgh") for _ in range(random.randint(0, 6))),)


def fields(random):
    return (",".join(random.choice(("ant", "bee", "cat", "dog", "egg", "fox", "a", "b", "c")) for _ in range(random.randint(1, 4))),)


def assignment(random):
    from inputs import WORDS, integer
    return ("%s=%d" % (random.choice(WORDS), integer(random)),)


def sum_text(random):
    return ("%d+%d" % (random.randint(0, 20), random.randint(0, 9)),)


def brackets(random):
    depth, text = 0, ""
    for _ in range(random.randint(0, 4)):
        text += "(" * random.randint(0, 2)
        depth = text.count("(") - text.count(")")
        text += ")" * random.randint(0, max(0, depth))
    text += ")" * (text.count("(") - text.count(")"))
    if random.random() < 0.4:
        text += random.choice("()")
    return (text[:10],)


def runs(random):
    return ("".join(random.choice("abcx") * random.randint(1, 4) for _ in range(random.randint(1, 3))),)


def coded(random):
    return ("".join(random.choice("abcxyz") + str(random.randint(1, 4)) for _ in range(random.randint(1, 3))),)


def spaced(random):
    from inputs import word
    return (" " * random.randint(0, 3) + word(random, 1) + " " * random.randint(0, 3),)


def clock(random):
    return ("%d:%02d" % (random.randint(0, 23), random.randint(0, 59)),)


add("parse_numbers", "s", "a list of the numbers in {s}, which are separated by commas|the numbers that {s} lists with commas between|{s} split at its commas, each part as a number",
    "parse_numbers|to_numbers|read_numbers|numbers_from", ("return [int(x) for x in s.split(',')]", "result = []\nfor x in s.split(','):\n    result.append(int(x))\nreturn result"), inputs=listed)
add("format_numbers", "xs", "the numbers of {xs} as a text with commas between|{xs} written as one string, separated by commas|a string of the numbers of {xs} joined by commas",
    "format_numbers|to_text|join_numbers|comma_list", ("return ','.join(str(x) for x in xs)", "result = []\nfor x in xs:\n    result.append(str(x))\nreturn ','.join(result)"), seen=False)
add("split_fields", "s", "a list of the parts of {s} between its commas|{s} split at every comma|the fields of {s}, which commas separate",
    "split_fields|fields|split_commas|parts_of", ("return s.split(',')", "result = []\nfor x in s.split(','):\n    result.append(x)\nreturn result"), inputs=fields, seen=False)
add("count_fields", "s", "how many parts commas divide {s} into|the number of fields in {s}, which commas separate|one more than the number of commas in {s}",
    "count_fields|field_count|how_many_parts|number_of_fields", ("return len(s.split(','))", "count = 1\nfor c in s:\n    if c == ',':\n        count += 1\nreturn count"), inputs=fields)
add("first_field", "s", "the part of {s} before its first comma|the first field of {s}, which commas separate|{s} up to the first comma",
    "first_field|before_comma|leading_field|field_one", ("return s.split(',')[0]", "result = ''\nfor c in s:\n    if c == ',':\n        return result\n    result += c\nreturn result"), inputs=fields)
add("last_field", "s", "the part of {s} after its last comma|the last field of {s}, which commas separate|what follows the last comma of {s}",
    "last_field|after_comma|final_field|end_field", ("return s.split(',')[-1]", "parts = s.split(',')\nreturn parts[len(parts) - 1]"), inputs=fields)
add("setting_name", "s", "the part of {s} before the equals sign|the name in the setting {s}|what stands left of = in {s}",
    "setting_name|key_part|left_side|name_of", ("return s.split('=')[0]", "return s[:s.index('=')]"), inputs=assignment)
add("setting_value", "s", "the number after the equals sign in {s}|the value in the setting {s}, as an integer|what stands right of = in {s}, as a number",
    "setting_value|value_part|right_side|value_of", ("return int(s.split('=')[1])", "return int(s[s.index('=') + 1:])"), inputs=assignment)
add("evaluate_sum", "s", "the value of {s}, two numbers with a plus between|the sum that {s} asks for|both numbers of the text {s}, added",
    "evaluate_sum|compute_sum|calculate|solve_plus", ("return sum(int(x) for x in s.split('+'))", "a, b = s.split('+')\nreturn int(a) + int(b)"), inputs=sum_text, seen=False)
add("only_digits", "s", "the digits in {s}, as a string|{s} without everything that is no digit|{s} with its letters removed",
    "only_digits|keep_digits|extract_digits|strip_letters", ("return ''.join(c for c in s if c.isdigit())", "result = ''\nfor c in s:\n    if c.isdigit():\n        result += c\nreturn result"), inputs=mixed)
add("only_letters", "s", "the letters in {s}, as a string|{s} without everything that is no letter|{s} with its digits removed",
    "only_letters|keep_letters|extract_letters|strip_digits", ("return ''.join(c for c in s if c.isalpha())", "result = ''\nfor c in s:\n    if c.isalpha():\n        result += c\nreturn result"), inputs=mixed)
add("count_digits_in", "s", "how many digits are in {s}|the number of characters of {s} that are digits|the count of digits in the text {s}",
    "count_digits_in|digits_in|numerals|digit_chars", ("return len([c for c in s if c.isdigit()])", "count = 0\nfor c in s:\n    if c.isdigit():\n        count += 1\nreturn count", "return sum(c.isdigit() for c in s)"), inputs=mixed,
    work=lambda s: " ".join(c for c in s if c.isdigit()) or "none")
add("is_number", "s", "whether {s} consists of digits only and is not empty|True if all characters of {s} are digits, else False; False for an empty text|whether the text {s} is a whole number",
    "is_number|all_digits|numeric|is_numeric", ("return s.isdigit()", "if not s:\n    return False\nfor c in s:\n    if not c.isdigit():\n        return False\nreturn True"), inputs=lambda r: mixed(r) if r.random() < 0.6 else (str(r.randint(0, 9999)),), seen=False)
add("balanced", "s", "whether the brackets in {s} are balanced|True if every bracket of {s} is closed in the right order, else False|whether {s} closes each bracket that it opens, and no other",
    "balanced|brackets_match|is_balanced|well_closed", ("depth = 0\nfor c in s:\n    depth += 1 if c == '(' else -1\n    if depth < 0:\n        return False\nreturn depth == 0",
    "level = 0\nfor c in s:\n    if c == '(':\n        level += 1\n    else:\n        level -= 1\n    if level < 0:\n        return False\nreturn level == 0"), inputs=brackets, seen=False)
add("count_open", "s", "how many opening brackets {s} has|the number of ( in {s}|the count of brackets that {s} opens",
    "count_open|opening|open_brackets|opened", ("return s.count('(')", "count = 0\nfor c in s:\n    if c == '(':\n        count += 1\nreturn count"), inputs=brackets, seen=False)
add("squeeze", "s", "{s} with each run of equal letters shortened to one letter|{s} without a letter that repeats the one before it|the letters of {s}, runs of one letter written once",
    "squeeze|collapse|compress_runs|no_repeats", ("result = ''\nfor c in s:\n    if result[-1:] != c:\n        result += c\nreturn result", "return ''.join(s[i] for i in range(len(s)) if i == 0 or s[i] != s[i - 1])"), inputs=runs, seen=False)
add("expand", "s", "{s} with each letter repeated as often as the digit after it says|the text that {s} stands for, where b3 means bbb|each letter of {s} as many times as the digit behind it",
    "expand|unpack|decode_runs|inflate", ("return ''.join(s[i] * int(s[i + 1]) for i in range(0, len(s), 2))", "result = ''\nfor i in range(0, len(s), 2):\n    result += s[i] * int(s[i + 1])\nreturn result"), inputs=coded, seen=False)
add("trim", "s", "{s} without spaces at its start and end|{s} with the blanks around it removed|the text {s}, but no space before or after it",
    "trim|stripped|cut_blanks|without_blanks", ("return s.strip()", "return s.replace(' ', '')"), inputs=spaced, seen=False)
add("hour_of", "s", "the hour of the time {s} as a number|the number before the colon in {s}|which hour the clock time {s} has",
    "hour_of|hours|clock_hour|hour_part", ("return int(s.split(':')[0])", "return int(s[:s.index(':')])"), inputs=clock)
add("minute_of", "s", "the minute of the time {s} as a number|the number after the colon in {s}|which minute the clock time {s} has",
    "minute_of|minutes|clock_minute|minute_part", ("return int(s.split(':')[1])", "return int(s[s.index(':') + 1:])"), inputs=clock, seen=False)
add("is_afternoon", "s", "whether the clock time {s} is 12:00 or later|True if the hour of {s} is at least 12, else False|whether the time {s} lies in the second half of the day",
    "is_afternoon|after_noon|second_half|pm", ("return int(s.split(':')[0]) >= 12", "if int(s[:s.index(':')]) < 12:\n    return False\nreturn True"), inputs=clock, seen=False)
