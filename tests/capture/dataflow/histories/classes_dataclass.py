# proves: a dataclass keeps what it is given
# recipe: 1 2 3 4
# %%
from dataclasses import dataclass
@dataclass
class Case:
    rows: list
# %%
rows = [1]
case = Case(rows)
# %%
rows.append(2)
# %%
case.rows
