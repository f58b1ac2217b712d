# proves: reading a property runs it
# recipe: 1 2 3 4
# %%
class Meter:
    reads = 0
    @property
    def value(self):
        Meter.reads += 1
        return 5
# %%
meter = Meter()
# %%
shown = meter.value
# %%
Meter.reads
