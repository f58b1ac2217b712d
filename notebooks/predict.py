"""Predict with the champion: what a service or a nightly job would do."""

from sklearn.datasets import load_breast_cancer

import jupyter_mlops as mlops

tumours, is_benign = load_breast_cancer(return_X_y=True, as_frame=True)
model = mlops.load_model("models:/tumours@champion")
predicted = model.predict(tumours)
print(
    f"{type(model.unwrap()).__name__} is right on {(predicted == is_benign).mean():.1%}"
)
