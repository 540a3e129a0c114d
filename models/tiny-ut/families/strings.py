"""Words and sentences."""
from family import family


def add(*arguments, **options):
    family(arguments[0], "strings", *arguments[1:], **options)


def spelled(s):
    return " ".join(s) or "none"


VOWELS = "aeiou"

add("word_length", "s", "the number of letters of {s}|how many characters {s} has|the length of the word {s}|how long the string {s} is",
    "word_length|letters|characters|text_length", ("return len(s)", "count = 0\nfor c in s:\n    count += 1\nreturn count"))
add("reverse_word", "s", "{s} spelled backwards|the letters of {s} in reverse order|{s} read from the end to the start|the reversed word {s}",
    "reverse_word|backward|reversed_text|mirror_word", ("return s[::-1]", "result = ''\nfor c in s:\n    result = c + result\nreturn result", "return ''.join(reversed(s))"))
add("first_letter", "s", "the first letter of {s}|the letter that {s} starts with|the leading character of {s}|the initial of {s}",
    "first_letter|initial|first_char|start_letter", ("return s[0]", "return s[:1]", "for c in s:\n    return c"), least=1)
add("last_letter", "s", "the last letter of {s}|the letter that {s} ends with|the final character of {s}|the letter at the end of {s}",
    "last_letter|end_letter|last_char|final_letter", ("return s[-1]", "return s[len(s) - 1]", "return s[-1:]"), least=1)
add("to_upper", "s", "{s} in upper case|{s} with all letters made capital|the word {s} written in capitals|{s} with large letters",
    "to_upper|capitals|upper_case|shout", ("return s.upper()", "result = ''\nfor c in s:\n    result += c.upper()\nreturn result"))
add("capitalised", "s", "{s} with its first letter in upper case|{s} starting with a capital letter|the word {s} with a large initial",
    "capitalised|title_word|with_capital|big_initial", ("return s.capitalize()", "return s[:1].upper() + s[1:]"), seen=False)
add("count_letter", "s c", "how often the letter {c} occurs in {s}|the number of times {c} is in {s}|how many letters of {s} are {c}|the count of {c} in the word {s}",
    "count_letter|letter_count|count_char|letter_times", ("return s.count(c)", "count = 0\nfor x in s:\n    if x == c:\n        count += 1\nreturn count", "return len([x for x in s if x == c])"))
add("has_letter", "s c", "whether {s} contains the letter {c}|True if {c} is in {s}, else False|whether the letter {c} occurs in the word {s}",
    "has_letter|contains_letter|letter_in|uses_letter", ("return c in s", "for x in s:\n    if x == c:\n        return True\nreturn False", "return s.count(c) > 0"))
add("replace_letter", "s c", "{s} with every {c} replaced by the letter x|a copy of {s} that has x in place of {c}|{s} with x written instead of {c}",
    "replace_letter|x_out|letter_to_x|hide_letter", ("return s.replace(c, 'x')", "result = ''\nfor a in s:\n    result += 'x' if a == c else a\nreturn result"))
add("remove_letter", "s c", "{s} without the letter {c}|{s} with every {c} removed|the letters of {s} that are not {c}|a copy of {s} that leaves out {c}",
    "remove_letter|without_letter|drop_letter|erase_letter", ("return s.replace(c, '')", "result = ''\nfor x in s:\n    if x != c:\n        result += x\nreturn result", "return ''.join(x for x in s if x != c)"))
add("is_palindrome", "s", "whether {s} reads the same backwards|True if {s} is a palindrome, else False|whether {s} is equal to its reverse",
    "is_palindrome|palindrome|same_backwards|symmetric", ("return s == s[::-1]", "for i in range(len(s) // 2):\n    if s[i] != s[-i - 1]:\n        return False\nreturn True"),
    inputs=lambda r: (palindromic(r),), work=lambda s: spelled(s[::-1]))
add("repeat_word", "s k", "{s} repeated {k} times|{k} copies of {s} put together|the word {s} written {k} times in a row",
    "repeat_word|repeated|copies|times_word", ("return s * k", "result = ''\nfor i in range(k):\n    result += s\nreturn result"),
    inputs=lambda r: (short(r), r.randint(0, 4)), seen=False)
add("starts_with", "s c", "whether {s} starts with the letter {c}|True if {c} is the first letter of {s}, else False|whether the word {s} begins with {c}",
    "starts_with|begins_with|first_is|initial_is", ("return s.startswith(c)", "return s[:1] == c", "if s and s[0] == c:\n    return True\nreturn False"), inputs=lambda r: ends(r, 0))
add("ends_with", "s c", "whether {s} ends with the letter {c}|True if {c} is the last letter of {s}, else False|whether the word {s} has {c} at its end",
    "ends_with|finishes_with|last_is|final_is", ("return s.endswith(c)", "return s[-1:] == c", "if s and s[-1] == c:\n    return True\nreturn False"), inputs=lambda r: ends(r, -1))
add("count_vowels", "s", "the number of vowels in {s}|how many letters of {s} are vowels|the count of a, e, i, o and u in {s}",
    "count_vowels|vowels|vowel_count|number_of_vowels", ("return len([c for c in s if c in 'aeiou'])", "count = 0\nfor c in s:\n    if c in 'aeiou':\n        count += 1\nreturn count", "return sum(c in 'aeiou' for c in s)"),
    work=lambda s: spelled([c for c in s if c in VOWELS]))
add("only_vowels", "s", "the vowels of {s}|{s} without its consonants|the letters of {s} that are vowels, as a string",
    "only_vowels|keep_vowels|vowels_of|vowel_letters", ("return ''.join(c for c in s if c in 'aeiou')", "result = ''\nfor c in s:\n    if c in 'aeiou':\n        result += c\nreturn result"), seen=False)
add("no_vowels", "s", "{s} without its vowels|the consonants of {s}|{s} with a, e, i, o and u removed",
    "no_vowels|remove_vowels|consonants|drop_vowels", ("return ''.join(c for c in s if c not in 'aeiou')", "result = ''\nfor c in s:\n    if c not in 'aeiou':\n        result += c\nreturn result"), seen=False)
add("double_letters", "s", "{s} with every letter written twice|each letter of {s} doubled|the letters of {s}, each two times",
    "double_letters|stutter|twice_each|doubled_letters", ("return ''.join(c * 2 for c in s)", "result = ''\nfor c in s:\n    result += c + c\nreturn result"))
add("every_other_letter", "s", "every second letter of {s}, starting with the first|the letters of {s} at even positions|the first, third, fifth letter of {s} and so on",
    "every_other_letter|skip_letters|even_letters|odd_places", ("return s[::2]", "result = ''\nfor i, c in enumerate(s):\n    if i % 2 == 0:\n        result += c\nreturn result"), seen=False)
add("without_first", "s", "{s} without its first letter|what is left of {s} after the first letter|{s} from its second letter on",
    "without_first|drop_first_letter|behead|tail_of", ("return s[1:]", "result = ''\nfor i, c in enumerate(s):\n    if i > 0:\n        result += c\nreturn result"))
add("without_last", "s", "{s} without its last letter|{s} up to the letter before the last|{s} with the letter at its end cut off",
    "without_last|drop_last_letter|chop|cut_last", ("return s[:-1]", "return s[:len(s) - 1] if s else s"))
add("first_letters", "s k", "the first {k} letters of {s}|{s} cut after {k} letters|at most {k} characters from the start of {s}",
    "first_letters|prefix|shorten|cut_after", ("return s[:k]", "result = ''\nfor i, c in enumerate(s):\n    if i < k:\n        result += c\nreturn result"),
    inputs=lambda r: cut(r), seen=False)
add("last_letters", "s k", "the last {k} letters of {s}|the end of {s}, {k} letters long|{k} characters from the end of {s}",
    "last_letters|suffix|ending|end_part", ("return s[-k:] if k else ''", "return s[max(0, len(s) - k):]"), inputs=lambda r: cut(r), seen=False)
add("join_words", "s t", "{s} followed by {t}|the words {s} and {t} put together|one string of {s} and then {t}",
    "join_words|glue|put_words|two_words", ("return s + t", "return ''.join([s, t])", "result = s\nfor c in t:\n    result += c\nreturn result"))
add("longer_word", "s t", "the longer one of {s} and {t}, and {s} if they are equally long|{t} if it has more letters than {s}, else {s}|whichever of {s} and {t} has more letters, the first if none",
    "longer_word|longer|more_letters|the_longer", ("return t if len(t) > len(s) else s", "if len(s) >= len(t):\n    return s\nreturn t"), seen=False)
add("same_length", "s t", "whether {s} and {t} are equally long|True if {s} has as many letters as {t}, else False|whether the lengths of {s} and {t} are the same",
    "same_length|equal_length|as_long|equally_long", ("return len(s) == len(t)", "if len(s) != len(t):\n    return False\nreturn True"), inputs=lambda r: similar(r), seen=False)
add("same_first", "s t", "whether {s} and {t} start with the same letter|True if {s} and {t} have the same initial, else False|whether the first letters of {s} and {t} are equal",
    "same_first|same_initial|start_alike|alliterate", ("return s[0] == t[0]", "return s[:1] == t[:1]"), inputs=lambda r: similar(r), seen=False)
add("dashed", "s", "the letters of {s} joined by dashes|{s} with a dash between its letters|each letter of {s}, separated by dashes",
    "dashed|with_dashes|spell_out|dash_letters", ("return '-'.join(s)", "result = ''\nfor i, c in enumerate(s):\n    if i > 0:\n        result += '-'\n    result += c\nreturn result"), seen=False)
add("letters_list", "s", "a list of the letters of {s}|the letters of {s}, each as an element of a list|{s} taken apart into a list of its letters",
    "letters_list|to_letters|split_letters|as_list", ("return list(s)", "result = []\nfor c in s:\n    result.append(c)\nreturn result"))
add("different_letters", "s", "how many different letters {s} has|the number of distinct letters of {s}|the count of unique characters in {s}",
    "different_letters|distinct_letters|unique_letters|letter_kinds", ("return len(set(s))", "seen = ''\nfor c in s:\n    if c not in seen:\n        seen += c\nreturn len(seen)"),
    work=lambda s: spelled(dict.fromkeys(s)), seen=False)
add("surround", "s c", "{s} with {c} in front and behind|{s} between two letters {c}|the letter {c}, then {s}, then {c} again",
    "surround|wrap|framed|enclosed", ("return c + s + c", "result = c\nfor x in s:\n    result += x\nreturn result + c"), seen=False)
add("count_words", "text", "the number of words in {text}|how many words the sentence {text} has|the count of words that {text} consists of",
    "count_words|word_count|words_in|number_of_words", ("return len(text.split())", "count = 0\nfor w in text.split():\n    count += 1\nreturn count"))
add("first_word", "text", "the first word of {text}|the word that {text} begins with|the leading word of the sentence {text}",
    "first_word|leading_word|opening_word|word_at_start", ("return text.split()[0]", "return text.split(' ')[0]"))
add("last_word", "text", "the last word of {text}|the word that {text} ends with|the final word of the sentence {text}",
    "last_word|closing_word|ending_word|word_at_end", ("return text.split()[-1]", "words = text.split()\nreturn words[len(words) - 1]"))
add("reverse_words", "text", "the words of {text} in reverse order|{text} with its words from the last to the first|the sentence {text} with the order of its words turned around",
    "reverse_words|words_backwards|turn_words|word_order", ("return ' '.join(text.split()[::-1])", "result = []\nfor w in text.split():\n    result.insert(0, w)\nreturn ' '.join(result)"), seen=False)
add("initials", "text", "the first letters of the words in {text}|the initials of {text}|the first letter of each word of {text}, as one string",
    "initials|acronym|first_of_words|word_initials", ("return ''.join(w[0] for w in text.split())", "result = ''\nfor w in text.split():\n    result += w[0]\nreturn result"), inputs=lambda r: (sentence(r),), seen=False)


def short(random):
    from inputs import word
    return word(random)[:4]


def palindromic(random):
    from inputs import word
    half = word(random)[:3]
    return random.choice((half + half[::-1], half + half[:-1][::-1], word(random), half + half[1:][::-1] + half[:1]))[:6]


def ends(random, at):
    from inputs import letter, word
    s = word(random, 1)
    return s, s[at] if random.random() < 0.45 else letter(random, s)


def cut(random):
    from inputs import word
    s = word(random, 1)
    return s, random.randint(0, len(s))


def similar(random):
    from inputs import LETTERS, word
    s, t = word(random, 1), word(random, 1)
    if random.random() < 0.5:
        t = s[0] + "".join(random.choice(LETTERS) for _ in s[1:])
    return s, t


def sentence(random):
    from inputs import WORDS
    return " ".join(random.choice(WORDS) for _ in range(random.randint(1, 4)))


add("swap_halves", "s", "{s} with its first letter moved to the end|the letters of {s} from the second on and then the first|{s} rotated by one letter",
    "first_letter_last|rotate_word|turn_word|move_first", ("return s[1:] + s[:1]", "result = ''\nfor i in range(len(s)):\n    result += s[(i + 1) % len(s)]\nreturn result"), seen=False)
add("twice_with_dash", "s", "{s}, a dash, and {s} again|{s} written twice with a dash between|two copies of {s} joined by a dash",
    "twice_with_dash|dash_pair|echo|paired", ("return s + '-' + s", "return '-'.join([s, s])"), seen=False)
