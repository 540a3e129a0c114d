"""Arguments for the functions: small numbers, short lists, short words."""
LETTERS = "abcdefghiklmnoprstuwy"
WORDS = (
    "ant apple arm bag ball bat bear bed bee bell bird boat bone book bow box boy bread bus cake camp can cap car cat "
    "coat cow cup dad day deer desk dog doll door dot duck ear egg eye fan farm fish foot fork fox frog fun game girl "
    "goat hand hat hen hill home horn house ice ink jam jar key king kite lake lamp leaf leg lion lip log mad man map "
    "milk moon mouse mud net noon nose nut oak oil owl pan park pen pet pig pin pot rain rat red ring road rock roof "
    "room root rope rose sand sea seed shell ship shoe sky snow sock song star stone sun tent toy train tree van wall "
    "wave wind wolf wood yard zoo level radar kayak civic noon mom pop eve"
).split()


def integer(random):
    return random.randint(0, 9) if random.random() < 0.8 else random.randint(10, 20)


def length(random, least):
    """Mostly 2 to 5; one or none now and then."""
    return max(least, random.choices((0, 1, 2, 3, 4, 5, 6), (3, 8, 18, 27, 24, 15, 5))[0])


def numbers(random, least=0):
    count = length(random, least)
    if random.random() < 0.3:  # from few values, so that some are equal
        few = [integer(random) for _ in range(2)]
        return [random.choice(few) if random.random() < 0.6 else integer(random) for _ in range(count)]
    return [integer(random) for _ in range(count)]


def word(random, least=1):
    """A real word or random letters, sometimes of few kinds."""
    if random.random() < 0.5:
        chosen = random.choice(WORDS)
        if len(chosen) >= least:
            return chosen
    few = random.sample(LETTERS, 3) if random.random() < 0.4 else LETTERS
    return "".join(random.choice(few) for _ in range(max(least, random.choices((0, 1, 2, 3, 4, 5), (3, 7, 20, 35, 25, 10))[0])))


def words(random, least=0):
    return [random.choice(WORDS) if random.random() < 0.8 else word(random) for _ in range(max(least, min(4, length(random, least))))]


def near(random, xs):
    """A number that is in the list half of the time."""
    return random.choice(xs) if xs and random.random() < 0.6 else integer(random)


def letter(random, text):
    return random.choice(text) if text and random.random() < 0.7 else random.choice(LETTERS)


def dictionary(random, least=0):
    keys = random.sample("abcdefgh", max(least, random.choices((0, 1, 2, 3), (4, 16, 45, 35))[0]))
    return {key: integer(random) for key in keys}


def arguments(random, takes, least=0):
    """Usual arguments for these short names; later ones suit earlier ones."""
    made = {}
    for name in takes:
        if name in ("xs", "ys"):
            made[name] = numbers(random, least)
        elif name == "ws":
            made[name] = words(random, least)
        elif name in ("s", "t"):
            made[name] = word(random, least)
        elif name == "c":
            made[name] = letter(random, made.get("s", ""))
        elif name == "k":
            made[name] = near(random, made.get("xs", [])) if "xs" in made else random.randint(0, 5)
        elif name in ("n", "m", "p"):
            made[name] = max(least, integer(random))
        elif name == "d":
            made[name] = dictionary(random, least)
        elif name == "text":
            made[name] = " ".join(words(random, max(1, least)))
        else:
            raise ValueError("expected a known argument, got %r" % name)
    return tuple(made[name] for name in takes)
