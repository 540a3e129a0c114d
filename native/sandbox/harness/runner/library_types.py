"""Openers for times, streams and others of the standard library."""
import weakref
from _random import Random
from builtins import AttributeError, ValueError, any, len, list, max, repr, str, type
from datetime import timezone
from types import MemberDescriptorType

from budget import PART
from known import ancestors_of, entry, name_of, own_names_of
from opened import ORDERED, leaf, open_opaque


def by_state(base):
    state = base.__reduce_ex__ if "__reduce_ex__" in base.__dict__ else None
    plain_state = base.__reduce__

    def opener(value, budget):
        return "", state(value, 4)[1] if state else plain_state(value)[1], ORDERED
    return opener


def open_time_zone(value, budget):
    return "", timezone.__getinitargs__(value), ORDERED


def stream(base):
    state, seek, tell = base.__getstate__, base.seek, base.tell

    def opener(value, budget):
        try:
            place = tell(value)
            size = seek(value, 0, 2)
            seek(value, place)
        except ValueError:
            return leaf("closed")
        if size > max(budget.left, 0) * PART:
            budget.use_up()
            return leaf("%d" % size)
        return "", state(value), ORDERED
    return opener


_call_reference = weakref.ref.__dict__["__call__"]


def open_reference(value, budget):
    return "", (_call_reference(value),), ORDERED


_state_of_random = Random.getstate


def open_random(value, budget):
    text = repr(_state_of_random(value))
    return leaf(text[:budget.spend(len(text))])


def open_pure_path(value, budget):
    """Since Python 3.12 a path keeps what it was made of, and is normalised when it is first used."""
    kept = {}
    for ancestor in ancestors_of(type(value)):
        for name, member in own_names_of(ancestor).items():
            if type(member) is MemberDescriptorType and type(name) is str:
                try:
                    kept.setdefault(name, member.__get__(value))
                except AttributeError:
                    pass  # not set
    raw = kept.get("_raw_paths")
    if raw is None and "_parts" in kept:
        return "", (kept["_drv"], kept["_root"], kept["_parts"]), ORDERED
    windows = any([name_of(one) == "PureWindowsPath" for one in ancestors_of(type(value))])
    if windows or type(raw) is not list or any([type(part) is not str for part in raw]):
        return open_opaque(value, budget)
    return "", _normalised(raw), ORDERED


def _normalised(raw):
    text = ""
    for part in raw:
        text = part if part[:1] == "/" else text + "/" + part if text else part
    root = "" if text[:1] != "/" else "//" if text[:2] == "//" and text[2:3] != "/" else "/"
    return ["", root, [part for part in text.split("/") if part not in ("", ".")]]


def open_zone(value, budget):
    for ancestor in ancestors_of(type(value)):
        member = entry(own_names_of(ancestor).items(), "key")
        if type(member) is MemberDescriptorType and member.__get__(value) is not None:
            return "", (member.__get__(value),), ORDERED
    return open_opaque(value, budget)  # made of a file
