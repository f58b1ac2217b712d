# proves: the configuration of scikit-learn is kept for estimators
# recipe: 1 2 3
# %%
import sklearn
from sklearn.preprocessing import StandardScaler
# %%
sklearn.set_config(print_changed_only=False, display="text")
# %%
StandardScaler()
