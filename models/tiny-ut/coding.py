"""Codes of a family: its bodies with other names for everything in them."""
import ast
import builtins

from inputs import WORDS

ARGUMENTS = {
    "xs": ("numbers", "values", "nums", "items", "xs", "data", "a"),
    "ys": ("others", "more", "second", "ys", "b"),
    "ws": ("words", "names", "strings", "ws"),
    "s": ("s", "word", "text", "string"),
    "t": ("t", "other", "second"),
    "c": ("c", "letter", "ch", "char"),
    "k": ("k", "target", "x", "value", "limit"),
    "n": ("n", "number", "x", "a"),
    "m": ("m", "other", "y", "b"),
    "p": ("p", "third", "z", "c"),
    "d": ("d", "table", "mapping", "counts"),
    "text": ("text", "sentence", "line"),
}
LOCALS = {
    "result": ("result", "out", "res", "found"), "total": ("total", "acc", "so_far"), "count": ("count", "hits", "cnt"),
    "best": ("best", "top", "chosen"), "seen": ("seen", "met", "known"), "i": ("i", "at", "pos"), "x": ("x", "v", "item"),
    "y": ("y", "w2"), "w": ("w", "one"), "c": ("c", "sign"), "v": ("v", "amount"), "key": ("key", "q"), "j": ("j", "h"),
}
RESULTS = ("answer", "result", "res", "ret", "output")
PREFIXES = ("", "", "get_", "find_", "compute_", "the_", "my_", "calc_")
SUFFIXES = ("", "", "_of", "_for", "_in", "_from")


def function_name(random, family):
    return random.choice(PREFIXES) + random.choice(family.names) + random.choice(SUFFIXES)


def made_up_name(random):
    """One or two words that say nothing of what the function does."""
    return "_".join(random.sample(WORDS, random.randint(1, 2)))


def argument_names(random, family):
    """Short names of the family's arguments to those in question and code, all different."""
    renamed = {}
    for short in family.takes:
        renamed[short] = random.choice([name for name in ARGUMENTS[short] if name not in renamed.values()])
    return renamed


class Renaming(ast.NodeTransformer):
    def __init__(self, renamed):
        self.renamed = renamed

    def visit_Name(self, node):
        return ast.copy_location(ast.Name(self.renamed.get(node.id, node.id), node.ctx), node)

    def visit_arg(self, node):
        node.arg = self.renamed.get(node.arg, node.arg)
        return node


def function_tree(takes, body, name):
    indented = "\n".join("    " + line for line in body.split("\n"))
    return ast.parse("def %s(%s):\n%s\n" % (name, ", ".join(takes), indented))


def code_tree(random, family, body, name, arguments):
    """The syntax tree of one reference code, with these names and freshly drawn ones for what is local."""
    tree = function_tree(family.takes, body, name)
    renamed = dict(arguments)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in renamed and not hasattr(builtins, node.id):
            taken = set(renamed.values())
            choices = [other for other in LOCALS.get(node.id, (node.id,)) if other not in taken]
            renamed[node.id] = random.choice(choices) if choices else node.id + "2"
    if random.random() < 0.5:
        name_result(random, tree.body[0].body, set(renamed.values()))
    return ast.fix_missing_locations(Renaming(renamed).visit(tree))


def name_result(random, body, taken):
    """`return expression` to `answer = expression` and `return answer`."""
    value = body[-1].value if isinstance(body[-1], ast.Return) else None
    if value is None or isinstance(value, (ast.Name, ast.Constant)):
        return
    name = random.choice([other for other in RESULTS if other not in taken])
    body[-1:] = [ast.Assign([ast.Name(name, ast.Store())], value), ast.Return(ast.Name(name, ast.Load()))]


def code_text(tree, name):
    """What the split looks at: the code, whatever the function is called."""
    return ast.unparse(tree).replace(name, "f", 1)
