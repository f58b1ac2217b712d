# proves: a context manager made of a generator does its end
# recipe: 1 2 3 4
# %%
from contextlib import contextmanager
log = []
# %%
@contextmanager
def noted():
    log.append("in")
    yield log
    log.append("out")
# %%
with noted() as inside:
    inside.append("body")
# %%
log
