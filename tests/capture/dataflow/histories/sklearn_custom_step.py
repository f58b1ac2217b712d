# proves: a step of the user's own is run by the pipeline
# recipe: 1 2 3 4 6
# %%
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import make_pipeline
from sklearn.linear_model import LinearRegression
fitted = []
# %%
class Noting(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        fitted.append(len(X))
        return self
    def transform(self, X):
        return X
# %%
pipe = make_pipeline(Noting(), LinearRegression())
# %%
pipe.fit([[0], [1]], [1, 3])
# %%
copied = list(fitted)
# %%
fitted
