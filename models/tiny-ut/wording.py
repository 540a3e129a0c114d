"""Questions: what a family returns, said in many ways."""

FRAMES = (
    "Write a function `{name}({signature})` that returns {what}.",
    "Write a function {name} that returns {what}.",
    "Implement {name}({signature}): it returns {what}.",
    "Given {arguments}, return {what}.",
    "{name} gets {arguments} and gives back {what}.",
    "Write Python code for {name}. The result is {what}.",
    "Return {what}.",
    "Your task is to compute {what}.",
    "The function {name} should return {what}.",
    "Complete the function `{name}` so that it returns {what}.",
    "Please write {name}, which takes {arguments} and returns {what}.",
    "You are given {arguments}. Find {what}.",
)
KINDS = {
    "xs": ("a list of integers {}", "a list {} of numbers", "the integers {}"),
    "ys": ("a second list {}", "another list of integers {}"),
    "ws": ("a list of words {}", "a list {} of strings", "the words {}"),
    "s": ("a string {}", "a text {}"),
    "t": ("a second string {}", "another text {}"),
    "c": ("a letter {}", "a character {}"),
    "k": ("a number {}", "an integer {}"),
    "n": ("an integer {}", "a number {}"),
    "m": ("an integer {}", "a number {}"),
    "p": ("an integer {}", "a number {}"),
    "d": ("a dictionary {}", "a dict {}"),
    "text": ("a sentence {}", "a text {}"),
}


def joined(parts):
    return parts[0] if len(parts) == 1 else "%s and %s" % (", ".join(parts[:-1]), parts[-1])


def patterns(family):
    """All wordings of a family, with the short names of its arguments: what the split looks at."""
    for frame in FRAMES:
        for what in family.whats:
            yield frame, what


def pattern_text(family, pattern):
    return "%s: %s" % (family.name, pattern[0].replace("{what}", pattern[1]))


def question(random, family, pattern, name, renamed):
    """The question in the words of `pattern`; `renamed` maps short names of arguments to those in the code."""
    frame, what = pattern
    arguments = [random.choice(KINDS[short]).format(renamed[short]) for short in family.takes]
    return frame.format(
        name=name, signature=", ".join(renamed[short] for short in family.takes), arguments=joined(arguments),
        what=what.format(**renamed),
    )
