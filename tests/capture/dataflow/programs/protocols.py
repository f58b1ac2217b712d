"""Statements over what Python calls by itself: protocols, views, exceptions, wrappers."""

from __future__ import annotations

from tests.capture.dataflow.programs.things import Things


class Protocols(Things):
    """Writes statements whose effects no call shows."""

    def protocol(self):
        rule = self.dice.choice((self._classes, self._used, self._views, self._wrapped))
        return rule()

    def _classes(self):
        kept, number = self.list(), self.number()
        head = "class c2:\n    def __init__(self, v): self.v = v\n"
        return self.one_of(
            f"{head}    def __getitem__(self, k):\n        self.v.append(k)\n"
            f"        return {kept}\n",
            f"{head}    def __setitem__(self, k, x):\n        {kept}.append(x)\n",
            f"{head}    def __iadd__(self, x):\n        self.v.append(x)\n"
            f"        return self\n",
            f"{head}    def __add__(self, x):\n        {kept}.append({number})\n"
            f"        return c2([self.v, x])\n",
            f"{head}    def __eq__(self, x):\n        {kept}.append({number})\n"
            f"        return False\n    __hash__ = None\n",
            f"{head}    def __call__(self, x):\n        self.v.append(x)\n"
            f"        return {kept}\n",
            f"{head}    def __getattr__(self, name):\n        if name == 'z':\n"
            f"            {kept}.append({number})\n            return self.v\n"
            f"        raise AttributeError(name)\n",
            f"{head}    def __setattr__(self, name, x):\n"
            f"        object.__setattr__(self, name, [x, {kept}])\n",
            f"{head}    def __contains__(self, x):\n        self.v.append(1)\n"
            f"        return True\n",
            f"{head}    def __bool__(self):\n        {kept}.append({number})\n"
            f"        return False\n",
            f"{head}    def __str__(self):\n        {kept}.append({number})\n"
            f"        return 'c2'\n    __repr__ = __format__ = lambda self, *a: str(self)\n",
            f"{head}    def __enter__(self): return self.v\n"
            f"    def __exit__(self, *a): {kept}.append({number})\n",
            f"{head}    def __init_subclass__(cls):\n        {kept}.append({number})\n",
            "class c3:\n    def __get__(self, one, kind):\n"
            f"        {kept}.append({number})\n        return {kept}\n"
            "class c2:\n    z = c3()\n    def __init__(self, v): self.v = v\n",
            f"class c2:\n    __slots__ = ('v',)\n    def __init__(self, v): self.v = v\n"
            f"    @property\n    def z(self): return self.v\n    @z.setter\n"
            f"    def z(self, x): {kept}.append(x)\n",
            f"@(lambda kind: setattr(kind, 'z', {kept}) or kind)\n{head}",
            f"c2 = type('c2', (c0,), {{'z': {kept}}})",
        )

    def _used(self):
        thing, other = self.thing(), self.thing()
        return self.one_of(
            f"{self.new('o')} = c2({self.list()})",
            f"{self.new('o')} = c2({self.list()})",
            f"{self.new('l')} = {thing}[{self.number()}]",
            f"{thing}[{self.number()}] = {self.list()}",
            f"{thing} += {self.number()}",
            f"{self.new('o')} = {thing} + {self.list()}",
            f"{self.new('n')} = {thing} == {other}",
            f"{self.new('n')} = int({thing} in [{other}])",
            f"{thing}({self.number()})",
            f"{self.new('l')} = {thing}.z",
            f"{thing}.z = {self.list()}",
            f"{thing}.v = {self.number()}",
            f"{self.new('n')} = 1 if {thing} else 2",
            f"{self.new('n')} = len(f'{{{thing}}}')",
            f"with {thing} as {self.new('l')}:\n    {self.mutate_line()}",
            f"class c4({self.one_of('c0', 'c2')}): pass",
            f"{self.new('l')} = [{thing}] * 2",
            f"{self.new('n')} = {self.number()} in {thing}",
        )

    def _views(self):
        name = self.dict()
        return self.one_of(
            f"{self.new('g')} = {name}.values()",
            f"{self.new('g')} = {name}.items()",
            f"{self.new('g')} = reversed({self.list()})",
            f"{self.new('l')} = [list(x) for x in zip({self.list()}, {self.list()})]",
            f"{self.new('g')}, {self.new('g')} = itertools.tee({self.iterator()})",
            f"{self.new('g')} = itertools.islice({self.iterator()}, 3)",
            f"{self.new('g')} = filter(None, {self.list()})",
            f"{self.new('g')} = itertools.accumulate({self.list()}[:3], "
            f"lambda a, b: [a, b])",
            f"{self.new('g')} = iter(lambda: {self.list()}.pop(), 1)",
            f"def gen(p):\n    got = yield p\n    {self.list()}.append(got)\n"
            f"    yield from {self.list()}[:2]\n{self.new('g')} = gen({self.list()})",
            f"{self.iterator()}.send(None)",
            f"{self.iterator()}.close()",
            f"{self.new('d')} = collections.defaultdict(list, {name})",
            f"{name}['q'].append({self.number()})",
            f"{self.new('d')} = collections.ChainMap({name}, {self.dict()})",
            f"{self.new('d')} = {{**{name}, 'x': {self.list()}}}",
            f"{self.new('d')} = {name} | {self.dict()}",
            f"{name} |= {{'y': {self.list()}}}",
            f"{self.new('l')} = {name}.pop('a', {self.list()})",
            f"{self.new('l')} = {name}.popitem()[1]",
            f"{self.new('d')} = dict.fromkeys('ab', {self.list()})",
        )

    def _wrapped(self):
        name, kept = self.new("f"), self.list()
        return self.one_of(
            f"operator.iadd({kept}, [{self.number()}])",
            f"operator.setitem({self.dict()}, 'a', {kept})",
            f"{self.new('l')} = operator.itemgetter('a')({self.dict()})",
            f"list.append({kept}, {self.number()})",
            f"dict.update({self.dict()}, a={kept})",
            f"{name} = {kept}.append",
            f"{name} = operator.methodcaller('append', {self.number()})",
            f"@functools.wraps({self.function()})\ndef {name}(p):\n"
            f"    {kept}.append(p)\n    return {self.function()}",
            f"@contextlib.contextmanager\ndef {name}(p):\n    {kept}.append(1)\n"
            f"    yield p\n    {kept}.append(2)",
            f"with {self.function()}({kept}) as {self.new('l')}:\n"
            f"    {self.mutate_line()}",
            f"try:\n    raise ValueError({kept})\nexcept ValueError as error:\n"
            f"    {self.new('l')} = error.args[0]",
            f"def {name}(p):\n    try:\n        return {kept}\n    finally:\n"
            f"        p.append({self.number()})",
            f"def {name}(p, *q, r={kept}, **s):\n    r.append(len(q))\n    return s",
            f"{name} = [lambda x, y={kept}: y.append(x)][0]",
            f"{name} = functools.singledispatch(lambda p: {kept})",
            f"@{self.function()}.register(list)\ndef _(p): return [p, {kept}]",
            f"for x in {kept}[:2]: pass\nelse: {self.mutate_line()}",
            f"{kept}[:] = [{self.number()}, {self.list()}]",
            f"{kept}.sort(key=lambda x: {self.list()}.append(1) or str(x))",
            f"{kept}.clear()",
            f"{self.new('l')} = (lambda *a: a[-1])({kept}, {self.list()})",
            f"{self.new('l')} = [*map(lambda a, b: (a, b), {kept}, {self.list()})]",
            f"def {name}(p):\n    global f0\n    f0 = lambda q: (p, {kept})\n"
            f"    return p",
            f"{self.new('n')} = sum(len(str(x)) for x in {kept})",
            f"any({kept}.append(x) for x in {self.list()}[:2])",
            f"async def {name}(p):\n    {kept}.append(p)\n    return p",
            f"{self.function()}({kept}).send(None)",
        )

    def mutate_line(self):
        return self.mutate().split("\n")[0]
