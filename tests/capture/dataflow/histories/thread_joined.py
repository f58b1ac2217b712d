# proves: a function handed to a thread is run
# recipe: 1 2 3 4
# %%
import threading
log = []
# %%
def work():
    log.append("done")
# %%
thread = threading.Thread(target=work)
thread.start()
thread.join()
# %%
log
