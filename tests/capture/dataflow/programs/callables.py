"""Statements that define, call and go through functions and generators."""

from __future__ import annotations

from tests.capture.dataflow.programs.values import Values


class Callables(Values):
    """Writes statements over functions and iterators."""

    def define(self):
        name, block = self.new("f"), self.block(0)
        return self.dice.choice(
            (
                f"def {name}(p):\n    p.append({self.number()})\n    return p",
                f"def {name}(p, q={self.list()}):\n    q.append(p)\n    return q",
                f"def {name}(p):\n    global {self.new('n')}\n"
                f"    {self.new('n')} = 7\n    return [p, {self.list()}]",
                f"def {name}(p):\n    {self.list()}.append(p)\n    return {self.number()}",
                f"def {name}(p):\n    global {self.new('l')}, {self.new('n')}\n{block}\n"
                f"    return p",
                f"def {name}(p):\n    if {self.number()} > 4: return p\n    "
                f"return {self.function()}(p)",
                f"def {name}(p, n=0):\n    if n > 2: return p\n"
                f"    return {name}([p, {self.list()}], n + 1)",
                f"{name} = lambda p: ({self.list()}, p)",
                f"def {name}(p):\n    kept = [{self.number()}]\n"
                f"    def inner(x):\n        kept.append(x)\n        return (kept, p)\n"
                f"    return inner",
                f"def {name}(p):\n    count = 0\n    def inner(x):\n"
                f"        nonlocal count\n        count += 1\n"
                f"        {self.list()}.append(count)\n        return count\n    return inner",
                f"def deco(f):\n    def inner(*a, **k):\n        {self.list()}.append(1)\n"
                f"        return f(*a, **k)\n    return inner\n"
                f"@deco\ndef {name}(p):\n    return [p]",
                f"{name} = functools.partial({self.function()}, {self.list()})",
                f"def {name}(*p, **k):\n    for x in p:\n"
                f"        if isinstance(x, list): x.append({self.number()})\n    return p",
                f"def {name}(p):\n    try:\n        return p.pop()\n"
                f"    finally:\n        {self.list()}.append(2)",
            )
        )

    def call(self):
        return self.dice.choice(
            (
                f"{self.new('l')} = {self.function()}({self.list()})",
                f"{self.function()}({self.value()})",
                f"{self.new('f')} = {self.function()}({self.value()})",
                f"{self.new('l')} = [{self.function()}(x) for x in {self.list()}[:3]]",
                f"{self.new('l')} = {self.function()}({self.list()})[0]",
                f"{self.new('l')} = sorted({self.list()}[:4], key={self.function()})",
                f"{self.new('g')} = map({self.function()}, {self.list()})",
                f"{self.function()}(*{self.list()}[:2])",
                f"{self.new('l')} = functools.reduce(lambda a, b: a + [b], "
                f"{self.list()}[:3], {self.list()})",
            )
        )

    def iterate(self):
        return self.dice.choice(
            (
                f"{self.new('g')} = (x for x in {self.list()})",
                f"{self.new('g')} = ([x, {self.number()}] for x in {self.list()})",
                f"{self.new('g')} = iter({self.list()})",
                f"def gen(p):\n    for x in list(p):\n        {self.list()}.append(0)\n"
                f"        yield x\n{self.new('g')} = gen({self.list()})",
                f"{self.new('l')} = [next({self.iterator()}, None)]",
                f"{self.new('l')} = list({self.iterator()})",
                f"next({self.iterator()}, None)",
                f"for x in {self.iterator()}:\n    {self.new('n')} = 1\n    break",
                f"{self.new('g')} = zip({self.iterator()}, {self.list()})",
                f"{self.new('g')} = itertools.chain({self.iterator()}, {self.list()})",
                f"{self.new('l')} = {self.iterator()}",
                f"{self.new('n')} = {self.number()} in {self.iterator()}",
                f"{self.new('l')}, *rest = {self.iterator()}",
                f"{self.new('g')} = enumerate({self.list()})",
            )
        )
