"""Random little programs, and what comes out when they are run whole or in part.

A program is a list of cells over lists, dicts, functions, closures, classes,
generators and Python's random numbers. Cells alias, mutate, rebind, delete, fail and
run again.
"""

from __future__ import annotations

import itertools
import random
import sys
import types

from jupyter_mlops.capture.dataflow.cells import Evidence, ExecutedCell
from jupyter_mlops.capture.dataflow.history import History

PRELUDE = "import copy, functools, itertools, random"
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
_LIMIT = 40
_STEPS = 3000


class EndlessError(BaseException):
    """A program does not end; it is not looked at."""


def run_cell(source, namespace):
    """Run a cell, and tell whether it failed."""
    steps = 0

    def count(_frame, _event, _argument):
        nonlocal steps
        steps += 1
        if steps > _STEPS:
            raise EndlessError
        return count

    sys.settrace(count)
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    except RecursionError as error:
        # How deep it came depends on who called.
        raise EndlessError from error
    except Exception:
        return True
    finally:
        sys.settrace(None)
    return False


def picture(value):
    """Draw what can be reached from a value, shared parts numbered."""
    seen = {}
    return _picture(value, seen)


def _picture(value, seen):
    if isinstance(value, int | float | str | bool | None):
        return repr(value)
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType):
        cells = [
            _contents(one, seen) for one in getattr(value, "__closure__", None) or ()
        ]
        return f"{value.__name__}{cells}"
    if id(value) in seen:
        return f"#{seen[id(value)]}"
    seen[id(value)] = len(seen)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_picture(one, seen) for one in value)}]"
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: str(item[0]))
        return str({str(key): _picture(one, seen) for key, one in items})
    if isinstance(value, type):
        fields = {k: v for k, v in vars(value).items() if k in ("items", "count")}
        return f"class {value.__name__} {_picture(fields, seen)}"
    if hasattr(value, "__dict__"):
        return f"{type(value).__name__}{_picture(vars(value), seen)}"
    return type(value).__name__


def _contents(cell, seen):
    try:
        return _picture(cell.cell_contents, seen)
    except ValueError:
        return "empty"


_LAZY = (types.GeneratorType, map, zip, filter, enumerate, itertools.chain)


class Maker:
    """Writes one random program while running it, so that its cells mostly work."""

    def __init__(self, seed, *, with_evidence):
        self.dice = random.Random(seed)
        self.with_evidence = with_evidence
        self.namespace = {}
        self.cells = []

    def make(self, length):
        self._run(PRELUDE)
        self._run("random.seed(1)")
        self._run("l0, l1, n0 = [1, 2], [[3], 4], 5")
        self._run("d0 = {'a': l1, 'b': [6]}\nl2 = l0")
        self._run("def f0(p):\n    l1.append(7)\n    return [p]")
        self._run(CLASSES)
        self._run("o0 = c0(l0)\ng0 = (x for x in l1)")
        for _ in range(length):
            self._run(self._cell())
        while not self._live(list, dict, int, types.GeneratorType):
            self._run(self._cell())
        names = self._live(object)
        wanted = self.dice.sample(names, min(len(names), self.dice.randint(1, 3)))
        first = self._statement(2) + "\n" if self.dice.random() < 0.4 else ""
        parts = [
            f"list(itertools.islice({name}, 20))"
            if isinstance(self.namespace[name], _LAZY)
            else name
            for name in sorted(wanted)
        ]
        source = f"{first}R = [{', '.join(parts)}]"
        self._run(source)
        return self.cells

    def _run(self, source):
        before, state = dict(self.namespace), random.getstate()
        is_failed = run_cell(source, self.namespace)
        evidence = None
        if self.with_evidence:
            evidence = _evidence(before, self.namespace, state)
        self.cells.append(
            ExecutedCell(
                index=len(self.cells),
                source=source,
                python=source,
                failed=is_failed,
                evidence=evidence,
            )
        )
        if any(len(self.namespace[name]) > _LIMIT for name in self._live(list, dict)):
            raise EndlessError

    def _cell(self):
        if len(self.cells) > 3 and self.dice.random() < 0.15:
            return self.dice.choice(self.cells[1:]).source
        return "\n".join(
            self._statement(2) for _ in range(self.dice.choice((1, 1, 2, 3)))
        )

    # --- names --------------------------------------------------------------------

    def _live(self, *kinds):
        return [
            name
            for name, value in self.namespace.items()
            if len(name) == 2 and isinstance(value, kinds)
        ]

    def _pick(self, letter, *kinds):
        live = [one for one in self._live(*kinds) if one[0] == letter]
        return self.dice.choice(live) if live else self._new(letter)

    def _new(self, letter):
        return f"{letter}{self.dice.randint(0, 3)}"

    def _n(self):
        if self.dice.random() < 0.4:
            return str(self.dice.randint(0, 9))
        return self._pick("n", int, float)

    def _l(self):
        return self._pick("l", list)

    def _d(self):
        return self._pick("d", dict)

    def _f(self):
        return self._pick("f", types.FunctionType, functools_partial)

    def _o(self):
        return self._pick("o", object)

    def _g(self):
        return self._pick("g", object)

    def _value(self):
        return self.dice.choice((self._n, self._l, self._l, self._d, self._o))()

    # --- statements ---------------------------------------------------------------

    def _statement(self, depth):
        rules = [
            self._assign,
            self._assign,
            self._mutate,
            self._mutate,
            self._define,
            self._call,
            self._call,
            self._objects,
            self._objects,
            self._iterate,
            self._chance,
            self._odd,
        ]
        if depth and self.dice.random() < 0.2:
            return self._compound(depth - 1)
        return self.dice.choice(rules)()

    def _block(self, depth):
        return "\n".join("    " + line for line in self._statement(depth).split("\n"))

    def _compound(self, depth):
        body, other = self._block(depth), self._block(depth)
        condition = self.dice.choice(
            (f"{self._n()} > 4", f"{self._l()}", f"isinstance({self._value()}, list)")
        )
        return self.dice.choice(
            (
                f"if {condition}:\n{body}\nelse:\n{other}",
                f"if {condition}:\n{body}",
                f"for i in range({self.dice.randint(0, 3)}):\n{body}",
                f"for x in list({self._l()})[:3]:\n    {self._new('l')} = x\n{body}",
                f"try:\n{body}\n{other}\nexcept Exception:\n{self._block(depth)}",
                f"try:\n{body}\nexcept Exception as error:\n    pass\nelse:\n{other}",
                f"k{depth} = 0\nwhile k{depth} < 2:\n    k{depth} += 1\n{body}\n    if {condition}: break\n{other}",
                f"match {self._value()}:\n    case [x, *y] if {condition}:\n"
                f"        {self._new('l')} = y\n    case dict() as z:\n"
                f"        z['m'] = {self._n()}\n    case w:\n        {self._new('l')} = [w]",
            )
        )

    def _assign(self):
        new_list, new_number = self._new("l"), self._new("n")
        return self.dice.choice(
            (
                f"{new_number} = {self._n()} + {self._n()}",
                f"{new_number} = len({self._l()})",
                f"{new_number} += {self._n()}",
                f"{new_list} = {self._l()}",
                f"{new_list} = [{self._value()}, {self._n()}]",
                f"{new_list} = {self._l()} + {self._l()}",
                f"{new_list} = {self._l()}[:]",
                f"{new_list} = list({self._l()})",
                f"{new_list} = [x for x in {self._l()} if x != {self._n()}]",
                f"{new_list} = copy.deepcopy({self._l()})",
                f"{new_list} = copy.copy({self._l()})",
                f"{new_list} = {self._l()} or {self._l()}",
                f"{new_list} = {self._l()} if {self._n()} > 3 else [{self._l()}]",
                f"{self._new('d')} = {{'a': {self._value()}, 'b': {self._l()}}}",
                f"{self._new('d')} = dict({self._d()}, c={self._l()})",
                f"{self._new('d')} = {self._d()}",
                f"{new_list} = {self._d()}['a']",
                f"{new_list} = {self._d()}.get('b', {self._l()})",
                f"{new_list}, {self._new('l')} = {self._l()}, {self._l()}",
                f"{new_list}, *{self._new('l')} = {self._l()}",
                f"({new_list} := {self._l()}).append({self._n()})",
                f"{new_list} = {self._l()}[0]",
                f"{new_list} = ({self._l()}, {self._l()})[{self.dice.randint(0, 1)}]",
                f"{new_list} = sorted({self._l()}, key=str)",
                f"{new_list} = [*{self._l()}, {self._l()}]",
            )
        )

    def _mutate(self):
        name = self._l()
        return self.dice.choice(
            (
                f"{name}.append({self._value()})",
                f"{name}.append({self._value()})",
                f"{name}[0] = {self._value()}",
                f"{name}[0].append({self._n()})",
                f"{name}[-1]['b'] = {self._n()}",
                f"{name} += [{self._value()}]",
                f"{name}.extend({self._l()}[:3])",
                f"{name}[1:] = {self._l()}[:2]",
                f"{name}.insert(0, {self._n()})",
                f"{name}.pop()",
                f"{name}.reverse()",
                f"del {name}[0]",
                f"del {self._new(self.dice.choice('nl'))}",
                f"{self._d()}['a'] = {self._value()}",
                f"{self._d()}['b'].append({self._n()})",
                f"{self._d()}.setdefault('s', {self._l()}).append({self._n()})",
                f"{self._d()}.update(b={self._l()})",
                f"{self._d()}['n'] = {self._d()}.get('n', 0) + 1",
                f"for x in {name}[:4]:\n    if isinstance(x, list): x.append({self._n()})",
                f"for v in {self._d()}.values():\n"
                f"    if isinstance(v, list): v.append({self._n()})",
                f"add = {name}.append\nadd({self._n()})",
                f"[{name}.append(x) for x in {self._l()}[:2]]",
                f"list(map({name}.append, {self._l()}[:2]))",
                f"a = b = {name}\na.append({self._n()})",
            )
        )

    def _define(self):
        name, block = self._new("f"), self._block(0)
        return self.dice.choice(
            (
                f"def {name}(p):\n    p.append({self._n()})\n    return p",
                f"def {name}(p, q={self._l()}):\n    q.append(p)\n    return q",
                f"def {name}(p):\n    global {self._new('n')}\n"
                f"    {self._new('n')} = 7\n    return [p, {self._l()}]",
                f"def {name}(p):\n    {self._l()}.append(p)\n    return {self._n()}",
                f"def {name}(p):\n    global {self._new('l')}, {self._new('n')}\n{block}\n"
                f"    return p",
                f"def {name}(p):\n    if {self._n()} > 4: return p\n    "
                f"return {self._f()}(p)",
                f"def {name}(p, n=0):\n    if n > 2: return p\n"
                f"    return {name}([p, {self._l()}], n + 1)",
                f"{name} = lambda p: ({self._l()}, p)",
                f"def {name}(p):\n    kept = [{self._n()}]\n"
                f"    def inner(x):\n        kept.append(x)\n        return (kept, p)\n"
                f"    return inner",
                f"def {name}(p):\n    count = 0\n    def inner(x):\n"
                f"        nonlocal count\n        count += 1\n"
                f"        {self._l()}.append(count)\n        return count\n    return inner",
                f"def deco(f):\n    def inner(*a, **k):\n        {self._l()}.append(1)\n"
                f"        return f(*a, **k)\n    return inner\n"
                f"@deco\ndef {name}(p):\n    return [p]",
                f"{name} = functools.partial({self._f()}, {self._l()})",
                f"def {name}(*p, **k):\n    for x in p:\n"
                f"        if isinstance(x, list): x.append({self._n()})\n    return p",
                f"def {name}(p):\n    try:\n        return p.pop()\n"
                f"    finally:\n        {self._l()}.append(2)",
            )
        )

    def _call(self):
        return self.dice.choice(
            (
                f"{self._new('l')} = {self._f()}({self._l()})",
                f"{self._f()}({self._value()})",
                f"{self._new('f')} = {self._f()}({self._value()})",
                f"{self._new('l')} = [{self._f()}(x) for x in {self._l()}[:3]]",
                f"{self._new('l')} = {self._f()}({self._l()})[0]",
                f"{self._new('l')} = sorted({self._l()}[:4], key={self._f()})",
                f"{self._new('g')} = map({self._f()}, {self._l()})",
                f"{self._f()}(*{self._l()}[:2])",
                f"{self._new('l')} = functools.reduce(lambda a, b: a + [b], "
                f"{self._l()}[:3], {self._l()})",
            )
        )

    def _objects(self):
        thing = self._o()
        return self.dice.choice(
            (
                CLASSES,
                f"{self._new('o')} = c0({self._l()})",
                f"{self._new('o')} = c1({self._l()})",
                f"{self._new('o')} = c0.make({self._value()})",
                f"{thing}.add({self._n()})",
                f"{thing}.v.append({self._n()})",
                f"{thing}.v = {self._l()}",
                f"{thing}.first.append({self._n()})",
                f"{self._new('l')} = {thing}.first",
                f"{self._new('o')} = {thing}",
                f"{self._new('l')} = {thing}.v",
                f"c0.items.append({self._n()})",
                f"c0.count += {self._n()}",
                f"{self._new('n')} = c0.count",
                f"{self._new('l')} = [{thing}, {self._o()}]",
                f"setattr({thing}, 'v', {self._l()})",
                f"getattr({thing}, 'v').append({self._n()})",
                f"{self._new('n')} = len({thing})",
                f"{self._new('l')} = [x for x in {thing}]",
                f"{self._new('f')} = {thing}.add",
                f"c0.add = lambda self, x: {self._l()}.append(x)",
                f"{thing}.add = {self._f()}",
                f"vars({thing})['v'] = {self._l()}",
            )
        )

    def _iterate(self):
        return self.dice.choice(
            (
                f"{self._new('g')} = (x for x in {self._l()})",
                f"{self._new('g')} = ([x, {self._n()}] for x in {self._l()})",
                f"{self._new('g')} = iter({self._l()})",
                f"def gen(p):\n    for x in list(p):\n        {self._l()}.append(0)\n"
                f"        yield x\n{self._new('g')} = gen({self._l()})",
                f"{self._new('l')} = [next({self._g()}, None)]",
                f"{self._new('l')} = list({self._g()})",
                f"next({self._g()}, None)",
                f"for x in {self._g()}:\n    {self._new('n')} = 1\n    break",
                f"{self._new('g')} = zip({self._g()}, {self._l()})",
                f"{self._new('g')} = itertools.chain({self._g()}, {self._l()})",
                f"{self._new('l')} = {self._g()}",
                f"{self._new('n')} = {self._n()} in {self._g()}",
                f"{self._new('l')}, *rest = {self._g()}",
                f"{self._new('g')} = enumerate({self._l()})",
            )
        )

    def _chance(self):
        if self.dice.random() < 0.3:
            return f"random.seed({self.dice.randint(0, 99)})"
        return self.dice.choice(
            (
                f"{self._new('n')} = random.randint(0, 9)",
                f"random.shuffle({self._l()})",
                "random.random()",
                f"{self._new('l')} = random.sample(range(9), 3)",
            )
        )

    def _odd(self):
        new_list = self._new("l")
        return self.dice.choice(
            (
                f"exec('{new_list} = [{self._n()}]')",
                f"globals()['{new_list}'] = {self._l()}",
                f"try: {new_list}\nexcept NameError: {new_list} = []",
                f"{new_list} = globals().get('{self._l()}')",
                f"{self._new('n')} = eval('{self._n()} + 1')",
                f"if '{new_list}' in globals(): {new_list}.append(3)",
                "class m0:\n    def __init__(self, v): self.v = v\n"
                "    def __enter__(self): return self.v\n"
                "    def __exit__(self, *a):\n        self.v.append(9)\n"
                "        return True",
                f"with m0({self._l()}) as {new_list}:\n    {new_list}.append(1)\n"
                f"    {self._statement_line()}",
                f"print({self._value()}, {self._value()})",
                f"assert {self._n()} < 8",
                f"raise ValueError({self._l()})",
                f"{new_list} = [lambda: x for x in {self._l()}[:2]]",
                f"{new_list} = (lambda: {self._l()})()",
                f"len = lambda x: {self._n()}",
                "del len",
                f"{new_list} = [y for x in [{self._l()}] for y in x if (n3 := y)]",
                f"@functools.lru_cache\ndef f3(p):\n    return [p, {self._n()}]",
                f"{new_list} = f3({self._n()})",
            )
        )

    def _statement_line(self):
        return self._mutate().split("\n")[0].replace("for x in", "for x in")


functools_partial = __import__("functools").partial


def _evidence(before, after, state):
    missing = object()
    names = {name for name in after if not name.startswith("__")}
    return Evidence(
        bound=frozenset(
            name for name in names if before.get(name, missing) is not after[name]
        ),
        deleted=frozenset(name for name in before if name not in after),
        watched=frozenset({"random"}),
        touched=frozenset({"random"} if random.getstate() != state else ()),
    )


def make_program(seed, length=14, *, with_evidence=False):
    """Give a random program's cells and the picture of its result.

    None when it does not end.
    """
    maker = Maker(seed, with_evidence=with_evidence)
    try:
        cells = maker.make(length)
    except EndlessError:
        return None
    result = {name: maker.namespace.get(name) for name in ("R",)}
    return cells, picture(result)


def replay(cells):
    """Run cells from a clean state and give the picture of their result."""
    random.seed()
    namespace = {}
    try:
        for cell in cells:
            run_cell(cell.source, namespace)
    except EndlessError:
        return None
    return picture({"R": namespace.get("R")})


def cut(cells):
    """Give the recipe of a program's last cell."""
    history = History()
    for cell in cells:
        history.append(cell)
    return history.recipe(cells[-1].index)
