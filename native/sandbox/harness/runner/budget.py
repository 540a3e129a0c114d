"""What may be looked at of the values that one assertion receives. The cell pays for it, so it is bounded."""
from builtins import max

FULL = 20_000  # a number or a short text costs 1, which takes a third of a microsecond
HOLDER = 10  # any other value costs as much, beside what it holds: at most 2000 of them
PART = 64  # characters, bytes, or half the bits of a number, that cost 1 more


class Budget:
    """Of one assertion. Once it is used up nothing more is looked at, and the values are not told apart."""

    __slots__ = ("left", "untold")

    def __init__(self, left=FULL):
        self.left = left
        self.untold = False  # two values with this description can differ

    def use_up(self):
        self.left = -1
        self.untold = True

    def pay(self, cost):
        """False: that is more than is left."""
        self.left -= cost
        if self.left < 0:
            self.use_up()
        return self.left >= 0

    def spend(self, size):
        """How much of a text of this size may be looked at; it is paid for."""
        left = max(self.left, 0)
        return size if self.pay(size // PART) else left * PART
