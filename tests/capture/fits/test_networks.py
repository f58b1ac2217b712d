import copy
import os
import pickle

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="pip install torch==2.13.0")
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def keras():
    os.environ["KERAS_BACKEND"] = "torch"
    return pytest.importorskip("keras", reason="pip install keras")


@pytest.fixture(scope="module")
def lightning():
    return pytest.importorskip("lightning.pytorch", reason="pip install lightning")


def network(keras):
    layers = [keras.layers.Input((3,)), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def module(lightning):
    class Net(lightning.LightningModule):
        def __init__(self, width=3):
            super().__init__()
            self.save_hyperparameters()
            self.layer = torch.nn.Linear(width, 1)

        def training_step(self, batch, _):
            loss = ((self.layer(batch[0])[:, 0] - batch[1]) ** 2).mean()
            self.log("loss", loss, on_epoch=True, on_step=False)
            return loss

        def validation_step(self, batch, _):
            self.log("val", 1.0 + self.current_epoch)

        def on_train_epoch_end(self):
            self.log("late", float(self.current_epoch))

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), 0.01)

    return Net()


def loader(data):
    features, target = (torch.tensor(part, dtype=torch.float32) for part in data)
    dataset = torch.utils.data.TensorDataset(features, target)
    return torch.utils.data.DataLoader(dataset, batch_size=20)


def trainer(lightning, tmp_path, **more):
    return lightning.Trainer(
        accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False,
        default_root_dir=tmp_path, **more
    )  # fmt: skip


def test_keras_tells_its_epochs(seen, data, keras):
    points, model = [], network(keras)
    (fit,) = seen(
        lambda: model.fit(*data, epochs=3, verbose=0, validation_split=0.2),
        lambda *point: points.append(point),
    )
    assert fit.short == "Sequential"
    assert fit.params["epochs"] == 3
    assert (fit.params["optimizer"], fit.params["loss"]) == ("SGD", "mse")
    assert (fit.rows, fit.columns) == (60, 3)
    assert [step for _, step, _ in points] == [0, 1, 2]
    assert points[0][0] is model
    assert points[0][2].keys() == {"loss", "mae", "val_loss", "val_mae"}
    assert model.history.history["loss"][2] == points[2][2]["loss"]


def test_keras_model_and_callbacks_are_the_users_own(seen, data, keras):
    calls, model = [], network(keras)
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *args: calls.append(args)
    )
    given = [callback]
    seen(lambda: model.fit(*data, epochs=2, verbose=0, callbacks=given))
    assert (len(calls), given) == (2, [callback])
    assert type(model.fit).__name__ == "method"


def test_failing_keras_fit_is_seen(seen, data, keras):
    def work():
        with pytest.raises(ValueError, match="cardinality"):
            network(keras).fit(data[0], data[1][:5], verbose=0)

    (fit,) = seen(work)
    assert fit.failed == 1


def test_lightning_tells_whole_epochs(seen, data, lightning, tmp_path):
    points, model = [], module(lightning)
    fitter = trainer(lightning, tmp_path, max_epochs=3)
    before = list(fitter.callbacks)
    (fit,) = seen(
        lambda: fitter.fit(model, loader(data), loader(data)),
        lambda *point: points.append(point),
    )
    assert (fit.short, fit.params["width"], fit.params["max_epochs"]) == ("Net", 3, 3)
    assert (fit.rows, fit.columns) == (60, 3)
    assert [(step, float(n["val"]), float(n["late"])) for _, step, n in points] == [
        (0, 1.0, 0.0), (1, 2.0, 1.0), (2, 3.0, 2.0)
    ]  # fmt: skip
    assert "loss" in points[0][2]
    assert fitter.callbacks == before


def test_lightning_trainer_copies_without_us(seen, data, lightning, tmp_path):
    class Copying(lightning.Callback):
        def on_train_start(self, trainer, _module):
            for item in trainer.callbacks:
                found.append(
                    type(pickle.loads(pickle.dumps(copy.copy(item)))).__module__
                )

        def __reduce__(self):
            return lightning.Callback, ()

    found = []
    fitter = trainer(lightning, tmp_path, max_epochs=1, callbacks=[Copying()])
    seen(lambda: fitter.fit(module(lightning), loader(data)))
    assert found
    assert not any("jupyter_mlops" in name for name in found)


def test_trainer_by_the_other_name_is_seen(seen, data, tmp_path):
    lightning = pytest.importorskip("pytorch_lightning")
    points = []
    fitter = trainer(lightning, tmp_path, max_epochs=2)
    (fit,) = seen(
        lambda: fitter.fit(module(lightning), loader(data)),
        lambda *point: points.append(point),
    )
    assert fit.count == 1
    assert [step for _, step, _ in points] == [0, 1]
    assert np.isfinite(float(points[1][2]["loss"]))
