"""Statements of every kind, in blocks and at random."""

from __future__ import annotations

from tests.capture.dataflow.programs.protocols import Protocols


class Statements(Protocols):
    """Writes statements."""

    def statement(self, depth):
        rules = [
            self.assign,
            self.assign,
            self.mutate,
            self.mutate,
            self.define,
            self.call,
            self.call,
            self.objects,
            self.objects,
            self.iterate,
            self.chance,
            self.odd,
            self.protocol,
            self.protocol,
        ]
        if depth and self.dice.random() < 0.2:
            return self.compound(depth - 1)
        return self.dice.choice(rules)()

    def block(self, depth):
        return "\n".join("    " + line for line in self.statement(depth).split("\n"))

    def compound(self, depth):
        body, other = self.block(depth), self.block(depth)
        condition = self.dice.choice(
            (
                f"{self.number()} > 4",
                f"{self.list()}",
                f"isinstance({self.value()}, list)",
            )
        )
        return self.dice.choice(
            (
                f"if {condition}:\n{body}\nelse:\n{other}",
                f"if {condition}:\n{body}",
                f"for i in range({self.dice.randint(0, 3)}):\n{body}",
                f"for x in list({self.list()})[:3]:\n    {self.new('l')} = x\n{body}",
                f"try:\n{body}\n{other}\nexcept Exception:\n{self.block(depth)}",
                f"try:\n{body}\nexcept Exception as error:\n    pass\nelse:\n{other}",
                f"k{depth} = 0\nwhile k{depth} < 2:\n    k{depth} += 1\n{body}\n    if {condition}: break\n{other}",
                f"match {self.value()}:\n    case [x, *y] if {condition}:\n"
                f"        {self.new('l')} = y\n    case dict() as z:\n"
                f"        z['m'] = {self.number()}\n    case w:\n        {self.new('l')} = [w]",
            )
        )

    def odd(self):
        new_list = self.new("l")
        return self.dice.choice(
            (
                f"exec('{new_list} = [{self.number()}]')",
                f"globals()['{new_list}'] = {self.list()}",
                f"try: {new_list}\nexcept NameError: {new_list} = []",
                f"{new_list} = globals().get('{self.list()}')",
                f"{self.new('n')} = eval('{self.number()} + 1')",
                f"if '{new_list}' in globals(): {new_list}.append(3)",
                "class m0:\n    def __init__(self, v): self.v = v\n"
                "    def __enter__(self): return self.v\n"
                "    def __exit__(self, *a):\n        self.v.append(9)\n"
                "        return True",
                f"with m0({self.list()}) as {new_list}:\n    {new_list}.append(1)\n"
                f"    {self.mutate_line()}",
                f"print({self.value()}, {self.value()})",
                f"assert {self.number()} < 8",
                f"raise ValueError({self.list()})",
                f"{new_list} = [lambda: x for x in {self.list()}[:2]]",
                f"{new_list} = (lambda: {self.list()})()",
                f"len = lambda x: {self.number()}",
                "del len",
                f"{new_list} = [y for x in [{self.list()}] for y in x if (n3 := y)]",
                f"@functools.lru_cache\ndef f3(p):\n    return [p, {self.number()}]",
                f"{new_list} = f3({self.number()})",
            )
        )
