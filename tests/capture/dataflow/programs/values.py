"""Statements that bind and change lists, dicts and numbers."""

from __future__ import annotations

from tests.capture.dataflow.programs.names import Names


class Values(Names):
    """Writes statements over plain data."""

    def assign(self):
        new_list, new_number = self.new("l"), self.new("n")
        return self.dice.choice(
            (
                f"{new_number} = {self.number()} + {self.number()}",
                f"{new_number} = len({self.list()})",
                f"{new_number} += {self.number()}",
                f"{new_list} = {self.list()}",
                f"{new_list} = [{self.value()}, {self.number()}]",
                f"{new_list} = {self.list()} + {self.list()}",
                f"{new_list} = {self.list()}[:]",
                f"{new_list} = list({self.list()})",
                f"{new_list} = [x for x in {self.list()} if x != {self.number()}]",
                f"{new_list} = copy.deepcopy({self.list()})",
                f"{new_list} = copy.copy({self.list()})",
                f"{new_list} = {self.list()} or {self.list()}",
                f"{new_list} = {self.list()} if {self.number()} > 3 else [{self.list()}]",
                f"{self.new('d')} = {{'a': {self.value()}, 'b': {self.list()}}}",
                f"{self.new('d')} = dict({self.dict()}, c={self.list()})",
                f"{self.new('d')} = {self.dict()}",
                f"{new_list} = {self.dict()}['a']",
                f"{new_list} = {self.dict()}.get('b', {self.list()})",
                f"{new_list}, {self.new('l')} = {self.list()}, {self.list()}",
                f"{new_list}, *{self.new('l')} = {self.list()}",
                f"({new_list} := {self.list()}).append({self.number()})",
                f"{new_list} = {self.list()}[0]",
                f"{new_list} = ({self.list()}, {self.list()})[{self.dice.randint(0, 1)}]",
                f"{new_list} = sorted({self.list()}, key=str)",
                f"{new_list} = [*{self.list()}, {self.list()}]",
            )
        )

    def mutate(self):
        name = self.list()
        return self.dice.choice(
            (
                f"{name}.append({self.value()})",
                f"{name}.append({self.value()})",
                f"{name}[0] = {self.value()}",
                f"{name}[0].append({self.number()})",
                f"{name}[-1]['b'] = {self.number()}",
                f"{name} += [{self.value()}]",
                f"{name}.extend({self.list()}[:3])",
                f"{name}[1:] = {self.list()}[:2]",
                f"{name}.insert(0, {self.number()})",
                f"{name}.pop()",
                f"{name}.reverse()",
                f"del {name}[0]",
                f"del {self.new(self.dice.choice('nl'))}",
                f"{self.dict()}['a'] = {self.value()}",
                f"{self.dict()}['b'].append({self.number()})",
                f"{self.dict()}.setdefault('s', {self.list()}).append({self.number()})",
                f"{self.dict()}.update(b={self.list()})",
                f"{self.dict()}['n'] = {self.dict()}.get('n', 0) + 1",
                f"for x in {name}[:4]:\n    if isinstance(x, list): x.append({self.number()})",
                f"for v in {self.dict()}.values():\n"
                f"    if isinstance(v, list): v.append({self.number()})",
                f"add = {name}.append\nadd({self.number()})",
                f"[{name}.append(x) for x in {self.list()}[:2]]",
                f"list(map({name}.append, {self.list()}[:2]))",
                f"a = b = {name}\na.append({self.number()})",
            )
        )

    def chance(self):
        if self.dice.random() < 0.3:
            return f"random.seed({self.dice.randint(0, 99)})"
        return self.dice.choice(
            (
                f"{self.new('n')} = random.randint(0, 9)",
                f"random.shuffle({self.list()})",
                "random.random()",
                f"{self.new('l')} = random.sample(range(9), 3)",
            )
        )
