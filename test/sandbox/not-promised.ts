import { type Forgery, ofAsserts, ofClass } from './forgeries.js';

// The forgeries that SECURITY.md names as possible, a row each: what a table of attacks leaves out is not known.

export const NOT_PROMISED: Forgery[] = [
  {
    name: "a function of the harness, by an assertion's globals",
    candidate:
      'import unittest\ndef double(n):\n    unittest.TestCase.assertEqual.__globals__["_checked"] = lambda *values: None\n',
    test: ofClass('def test_a(self):\n    got = double(2)\n    self.assertEqual(got, 4)'),
    verdict: 'pass',
    usual: 'fail', // it has no such function
  },
  {
    name: "the answer in the unit test's source",
    candidate:
      'import re, sys\ndef double(n):\n    code = sys._getframe(1).f_code\n    return [one for one in code.co_consts if type(one) is int][-1]\n',
    test: ofClass('def test_a(self):\n    got = double(2)\n    self.assertEqual(got, 4)'),
    verdict: 'pass',
  },
  {
    name: "a value of the unit test, changed in the caller's frame",
    candidate:
      'import sys\ndef double(n):\n    sys._getframe(1).f_locals["expected"].clear()\n    return []\n',
    test: ofClass('def test_a(self):\n    expected = [4]\n    self.assertEqual(double(2), expected)'),
    verdict: 'pass',
  },
  {
    name: 'a function of another module that the unit test calls, put back by itself',
    candidate:
      'import math\ndef double(n):\n    kept = math.sqrt\n    def lying(n):\n        math.sqrt = kept\n        return "wrong"\n    math.sqrt = lying\n    return "wrong"\n',
    test: ofAsserts('import math\nassert double(2) == math.sqrt(16)'),
    verdict: 'pass',
  },
  {
    name: "the interpreter's memory, by ctypes",
    candidate: 'import ctypes\ndef double(n):\n    ctypes.memmove(id(5) + 24, id(4) + 24, 4)\n    return 5\n',
    test: ofAsserts('got = double(2)\nassert got == 4'),
    verdict: 'pass',
  },
  {
    name: 'two values of its own classes, compared with each other',
    candidate:
      'class N:\n    def __init__(self, n):\n        pass\n    def __eq__(self, other):\n        return isinstance(other, N)\ndef double(n):\n    return N(7)\n',
    test: ofAsserts('assert double(2) == N(4)'),
    verdict: 'pass',
  },
  {
    name: 'a precision of decimals, left to what the unit test computes',
    candidate:
      'import decimal\ndecimal.getcontext().prec = 1\ndef double(n):\n    return decimal.Decimal("4.04")\n',
    test: ofAsserts('from decimal import Decimal\nassert double(2) + Decimal(0) == Decimal(4)'),
    verdict: 'pass',
  },
  {
    name: 'a format in a cache of struct, under a text that lies',
    candidate:
      'import struct\nclass S(str):\n    def __hash__(self):\n        return hash(">i")\n    def __eq__(self, other):\n        return True\ndef double(n):\n    return struct.pack(S("<i"), 2 * n)\n',
    test: ofAsserts('import struct\nassert double(2) == struct.pack(">i", 4)'),
    verdict: 'pass',
  },
];
