# proves: a call that is not known may change all it is given
# recipe: 1 2 3 5
# %%
import contextvars, sched
queue = sched.scheduler(lambda: 0, lambda _: None)
# %%
log = []
# %%
queue.enter(0, 1, log.append, ("ran",))
queue.run()
# %%
n = len(log)
# %%
log
