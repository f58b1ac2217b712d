# proves: a path put together from constants is known
# recipe: 1 2 5
# %%
import os
from pathlib import Path
folder = Path("out")
# %%
folder.mkdir()
(folder / "a.txt").write_text("A")
# %%
name = "b.txt"
# %%
Path(name).write_text("B")
# %%
(folder / "a.txt").read_text()
