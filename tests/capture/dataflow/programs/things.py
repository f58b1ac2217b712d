"""Statements over classes and what is made of them."""

from __future__ import annotations

from tests.capture.dataflow.programs.callables import Callables

CLASSES = """
class c0:
    items = []
    count = 0
    def __init__(self, v):
        self.v = v
        c0.count += 1
    def add(self, x):
        self.v.append(x)
        self.items.append(x)
        return self
    @property
    def first(self):
        return self.v
    @classmethod
    def make(cls, v):
        return cls([v])
class c1(c0):
    def add(self, x):
        super().add(x)
        self.w = l0
        return x
    def __len__(self):
        return n0
    def __iter__(self):
        self.seen = 1
        return iter(self.v)
"""


class Things(Callables):
    """Writes statements over objects."""

    def objects(self):
        thing = self.thing()
        return self.dice.choice(
            (
                CLASSES,
                f"{self.new('o')} = c0({self.list()})",
                f"{self.new('o')} = c1({self.list()})",
                f"{self.new('o')} = c0.make({self.value()})",
                f"{thing}.add({self.number()})",
                f"{thing}.v.append({self.number()})",
                f"{thing}.v = {self.list()}",
                f"{thing}.first.append({self.number()})",
                f"{self.new('l')} = {thing}.first",
                f"{self.new('o')} = {thing}",
                f"{self.new('l')} = {thing}.v",
                f"c0.items.append({self.number()})",
                f"c0.count += {self.number()}",
                f"{self.new('n')} = c0.count",
                f"{self.new('l')} = [{thing}, {self.thing()}]",
                f"setattr({thing}, 'v', {self.list()})",
                f"getattr({thing}, 'v').append({self.number()})",
                f"{self.new('n')} = len({thing})",
                f"{self.new('l')} = [x for x in {thing}]",
                f"{self.new('f')} = {thing}.add",
                f"c0.add = lambda self, x: {self.list()}.append(x)",
                f"{thing}.add = {self.function()}",
                f"vars({thing})['v'] = {self.list()}",
            )
        )
