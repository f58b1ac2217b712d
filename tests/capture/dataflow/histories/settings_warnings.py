# proves: warning filters are kept for cells that call libraries
# recipe: 1 3
# %%
import warnings
warnings.filterwarnings("ignore")
# %%
note = 1
# %%
warnings.warn("quiet")
