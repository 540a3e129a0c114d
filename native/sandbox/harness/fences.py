"""From a response to its segments: what stands between Markdown fences, and the text around them."""
import re

_FENCE = re.compile(r"^(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
# The last line of code with the fence glued to its end: `unittest.main()```` + newline.
_GLUED = re.compile(r"^(?P<code>.*[^`\s].*?)(?P<mark>`{3,})\s*$")
_OTHER_LANGUAGES = {
    *("bash", "sh", "shell", "console", "zsh", "powershell", "cmd", "text", "txt", "plaintext", "plain"),
    *("json", "yaml", "yml", "toml", "ini", "xml", "html", "css", "sql", "diff", "output", "markdown", "md"),
    *("c", "cpp", "c++", "java", "javascript", "js", "typescript", "ts", "go", "rust", "ruby", "kotlin"),
}


class Segment:
    """A stretch of a response. `fenced`: between fences of Python or of no language. `open`: it ends the text."""

    def __init__(self, lines, fenced, ends_text):
        self.text = "\n".join(lines)
        self.fenced = fenced
        self.ends_text = ends_text


def segments(text, cut):
    """Splits a response at its fences, in order. A last fence may be unclosed.

    A fence that names a language always opens a block, also where another is open: models forget to close. Blocks
    of other languages are left out. Where the response was cut at the token limit, a last line that nothing
    finished is left out too: `assert f(2) == 1` may have been going to be `== 16`.
    """
    found = []
    lines, mark, indent, python = [], None, 0, True

    def close(ends_text=False):
        if python and any(line.strip() for line in lines):
            found.append(Segment(lines, mark is not None, ends_text))

    # Not splitlines(): that also splits at form feeds and Unicode separators inside string literals.
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        fence = _FENCE.match(line)
        if fence and mark and not fence["info"].strip() and fence["mark"].startswith(mark):
            close()
            lines, mark, indent, python = [], None, 0, True
        elif fence and (mark is None or fence["info"].strip()):
            close()
            language = re.split(r"[\s{}.:,]+", fence["info"].strip().lower().lstrip("{. "))[0]
            lines, mark, indent = [], fence["mark"], len(fence["indent"])
            python = language not in _OTHER_LANGUAGES
        else:
            glued = _GLUED.match(line) if mark and mark[0] == "`" else None
            lines.append(_outdented(glued["code"] if glued else line, indent))
            if glued:
                close()
                lines, mark, indent, python = [], None, 0, True
    if cut and lines and lines[-1].strip() and not _finished(lines[-1]):
        lines.pop()
    close(ends_text=True)
    return found


def _outdented(line, indent):
    """A line of a block whose fence stood `indent` characters from the margin (in a list, say)."""
    rest = line[:indent].lstrip(" \t>") + line[indent:]
    return rest if indent else line


def _finished(line):
    return line.lstrip().startswith("self.") and line.rstrip().endswith(")")
