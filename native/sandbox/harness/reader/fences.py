"""From a response to its segments: what stands between Markdown fences, and the text around them."""
import re

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
        fence = _fence(line)
        if fence and mark and not fence[2] and fence[1].startswith(mark):
            close()
            lines, mark, indent, python = [], None, 0, True
        elif fence and (mark is None or fence[2]):
            close()
            language = re.split(r"[\s{}.:,]+", fence[2].lower().lstrip("{. "))[0]
            lines, mark, indent = [], fence[1], fence[0]
            python = language not in _OTHER_LANGUAGES
        else:
            code = _before_glued_fence(line) if mark and mark[0] == "`" else None
            lines.append(_outdented(line if code is None else code, indent))
            if code is not None:
                close()
                lines, mark, indent, python = [], None, 0, True
    if cut and lines and lines[-1].strip() and not _finished(lines[-1]):
        lines.pop()
    close(ends_text=True)
    return found


def _fence(line):
    """(indent, mark, what follows it) of a line that opens or closes a block, or None. No regular expression: one would
    try every length of a long mark."""
    rest = line.lstrip(" \t>")
    info = rest.lstrip(rest[:1]) if rest[:1] in ("`", "~") else rest
    mark = rest[: len(rest) - len(info)]
    if len(mark) < 3 or "`" in info:
        return None
    return len(line) - len(rest), mark, info.strip()


def _before_glued_fence(line):
    """The last line of code with the fence glued to its end, without it: `unittest.main()```` + newline. Else None."""
    line = line.rstrip()
    code = line.rstrip("`")
    return code if len(line) - len(code) >= 3 and code.replace("`", "").strip() else None


def _outdented(line, indent):
    """A line of a block whose fence stood `indent` characters from the margin (in a list, say)."""
    rest = line[:indent].lstrip(" \t>") + line[indent:]
    return rest if indent else line


def _finished(line):
    return line.lstrip().startswith("self.") and line.rstrip().endswith(")")
