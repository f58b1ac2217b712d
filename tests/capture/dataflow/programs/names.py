"""The names of a random program: which live, and which a statement takes."""

from __future__ import annotations

import functools
import types


class Names:
    """Chooses names, mostly of living values of the kind that is wanted.

    The first letter of a name says what it mostly holds: numbers, lists, dicts,
    functions, things (objects of classes), iterators of `g`.
    """

    def __init__(self, dice):
        self.dice = dice
        self.namespace = {}

    def live(self, *kinds):
        return [
            name
            for name, value in self.namespace.items()
            if len(name) == 2 and isinstance(value, kinds)
        ]

    def pick(self, letter, *kinds):
        live = [one for one in self.live(*kinds) if one[0] == letter]
        return self.dice.choice(live) if live else self.new(letter)

    def new(self, letter):
        return f"{letter}{self.dice.randint(0, 3)}"

    def number(self):
        if self.dice.random() < 0.4:
            return str(self.dice.randint(0, 9))
        return self.pick("n", int, float)

    def list(self):
        return self.pick("l", list)

    def dict(self):
        return self.pick("d", dict)

    def function(self):
        return self.pick("f", types.FunctionType, functools.partial)

    def thing(self):
        return self.pick("o", object)

    def iterator(self):
        return self.pick("g", object)

    def value(self):
        return self.dice.choice(
            (self.number, self.list, self.list, self.dict, self.thing)
        )()

    def one_of(self, *texts):
        return self.dice.choice(texts)
