#!/usr/bin/env python3
"""Checks the pieces that pack.mjs wrote, joins them and unpacks them, on a machine that has Python and maybe no xz.

    python3 unpack.py FOLDER            FOLDER has the pieces and pieces.sha256; engine/ and measured/ come beside them
    python3 unpack.py --missing FOLDER  says which pieces are not there yet; ends with 1 if any is missing
"""
import hashlib
import io
import lzma
import os
import shutil
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor


class Joined(io.RawIOBase):
    """Files one after the other, as one."""

    def __init__(self, paths):
        self.waiting, self.file = list(paths), None

    def readable(self):
        return True

    def readinto(self, buffer):
        while True:
            if self.file is None:
                if not self.waiting:
                    return 0
                self.file = open(self.waiting.pop(0), "rb")
            count = self.file.readinto(buffer)
            if count:
                return count
            self.file.close()
            self.file = None


def pieces_of(folder):
    """[(name, SHA-256)]"""
    with open(os.path.join(folder, "pieces.sha256")) as lines:
        return [(name, digest) for digest, name in (line.split() for line in lines)]


def missing(folder):
    return [name for name, _ in pieces_of(folder) if not os.path.exists(os.path.join(folder, name))]


def check(path, expected):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    if digest.hexdigest() != expected:
        sys.exit("coderm: expected %s as pack.mjs wrote it, and its checksum is another; carry it again." % path)


def unpack(folder):
    """Unpacks each archive of which all pieces are there, unless that was done before."""
    archives = {}
    for name, digest in pieces_of(folder):
        archives.setdefault(name.rpartition("-")[0], []).append((os.path.join(folder, name), digest))
    with ThreadPoolExecutor() as pool:  # the work of lzma is done outside the interpreter's lock
        list(pool.map(lambda item: unpack_archive(folder, *item), archives.items()))


def unpack_archive(folder, archive, pieces):
    absent = [os.path.basename(path) for path, _ in pieces if not os.path.exists(path)]
    if absent:
        print("coderm: %s is left out, since %s was not carried" % (archive, " and ".join(absent)))
        return
    stamp, state = os.path.join(folder, archive + ".unpacked"), "".join(digest for _, digest in pieces)
    if os.path.exists(stamp) and open(stamp).read() == state:
        return
    for path, digest in pieces:
        check(path, digest)
    shutil.rmtree(os.path.join(folder, archive), ignore_errors=True)
    with lzma.open(io.BufferedReader(Joined(path for path, _ in pieces), 1 << 20)) as data:
        with tarfile.open(fileobj=data, mode="r|") as tar:
            tar.extractall(folder)
    with open(stamp, "w") as file:
        file.write(state)


def main():
    words = sys.argv[1:]
    if words[:1] == ["--missing"]:
        absent = missing(words[1])
        print("\n".join(absent))
        sys.exit(1 if absent else 0)
    unpack(words[0])


if __name__ == "__main__":
    main()
