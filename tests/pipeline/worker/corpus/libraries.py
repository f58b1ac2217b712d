"""Libraries that know the kernel, or that the kernel knows."""

NOTEBOOKS = {
    "figures": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])",
        "fig, ax = plt.subplots(figsize=(3, 2)); ax.bar([1, 2], [3, 4]);",
        "plt.plot([1]); plt.show(); print('after'); plt.plot([2]); plt.show()",
        "fig",
        "for i in range(2):\n    plt.figure(figsize=(2, 2)); plt.title(i)",
        "import matplotlib\nmatplotlib.get_backend(), plt.isinteractive(), plt.rcParams['figure.dpi']",
        "plt.close('all')\n%config InlineBackend.figure_format = 'svg'\n0",
        "%config InlineBackend.figure_format = 'retina'\nplt.figure(figsize=(2, 1)); plt.plot([1, 2]);",
        "plt.get_fignums()",
        (
            "plt.figure(figsize=(1, 1)); raise ValueError('after a figure')",
            "raises-exception",
        ),
    ],
    "figures_by_magic": [
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport numpy as np",
        "plt.imshow(np.eye(3))",
        "from IPython.display import display\nfig = plt.figure(figsize=(2, 2)); display(fig); plt.close(fig)",
    ],
    "figures_agg": [
        "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nplt.plot([1])",
        "matplotlib.get_backend()",
    ],
    "figures_backend_by_environment": [
        "%env MPLBACKEND=svg\nimport matplotlib.pyplot as plt\nplt.get_backend()",
    ],
    "frames": [
        "import pandas as pd, numpy as np\ndf = pd.DataFrame({'a': range(100), 'b': np.arange(100) / 7})\ndf",
        "df.describe()",
        "df.head(2).style.format('{:.1f}').set_uuid('u')",
        "print(df.head(2))\ndf['a'].sum()",
        "pd.get_option('display.max_columns'), pd.DataFrame(np.eye(14) / 3)",
        "print(pd.DataFrame(np.eye(25)[:2]))",
        "pd.options.display.max_rows = 4\ndf",
        "df.info()",
        ("df['missing']", "raises-exception"),
        "df.groupby(df.a % 2).b.mean()",
        "df.head(3).to_csv('f.csv'); pd.read_csv('f.csv', index_col=0)",
    ],
    "numpy": [
        "import numpy as np\nrng = np.random.default_rng(1)\nrng.normal(size=3)",
        "np.random.seed(3); np.random.rand(2)",
        "a = rng.normal(size=(200, 200)); float(np.round((a @ a.T).trace(), 6))",
        "np.array([1.0]) / 0",
        "np.linalg.svd(a)[1][:2].round(6)",
    ],
    "sklearn": [
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.ensemble import HistGradientBoostingClassifier\nfrom sklearn.datasets import make_classification\nX, y = make_classification(300, random_state=0)",
        "m = LogisticRegression(C=0.3).fit(X, y)\nm",
        "round(m.score(X, y), 6)",
        "HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(X, y).score(X, y) > 0.9",
        "from sklearn.model_selection import cross_val_score\ncross_val_score(m, X, y, n_jobs=2).round(4)",
        ("m.predict([[1]])", "raises-exception"),
        "import warnings\nLogisticRegression(max_iter=1).fit(X, y);",
    ],
    "import_warnings": [
        "from tqdm.autonotebook import tqdm",
        "import warnings\nlen(warnings.filters) > 3",
        "import sys\n[name for name in ('pandas', 'numpy', 'matplotlib', 'sklearn', 'tqdm') if name in sys.modules]",
    ],
    "nothing_preloaded": [
        "import sys\n[name for name in ('pandas', 'numpy', 'matplotlib', 'scipy', 'sklearn', 'PIL') if name in sys.modules]",
    ],
    "tqdm_text": [
        "from tqdm import tqdm\nfor _ in tqdm(range(3), bar_format='{n_fmt}/{total_fmt}', mininterval=0): pass",
        "with tqdm(total=2, bar_format='{n_fmt}') as bar:\n    bar.update(); tqdm.write('written'); bar.update()",
    ],
    "tqdm_notebook": [
        "from tqdm.notebook import tqdm\nfor _ in tqdm(range(3), bar_format='{l_bar}{bar}{n_fmt}'): pass",
        "from tqdm.auto import trange\nfor _ in trange(2, bar_format='{n_fmt}', leave=False): pass",
    ],
    "widgets": [
        "import ipywidgets as widgets\ns = widgets.IntSlider(3)\ns",
        "s.value = 7\ns.value",
        "seen = []\ns.observe(lambda c: seen.append(c['new']), 'value')\ns.value = 9\nseen",
        "widgets.HBox([widgets.Label('a'), widgets.Button(description='b')])",
        "widgets.Image(value=b'\\x00\\x01', format='png')",
        "s.close()",
        "p = widgets.IntProgress(max=3); display(p)\nfor i in range(4): p.value = i",
        "@widgets.interact(x=2)\ndef f(x): print('x is', x)",
    ],
    "output_widget": [
        "import ipywidgets as widgets\nfrom IPython.display import display\nout = widgets.Output()\ndisplay(out)\nwith out:\n    print('inside')\nprint('outside')",
        "with out:\n    display('rich'); print('more')",
        "out.clear_output()\nwith out:\n    print('again')",
        "@out.capture()\ndef f(): print('captured')\nf()",
        "out.append_stdout('appended')",
    ],
    "comms": [
        "from comm import create_comm, get_comm_manager\nc = create_comm(target_name='mine', data={'a': 1})\nlen(get_comm_manager().comms)",
        "c.send({'b': (1, 2)}); c.close(); len(get_comm_manager().comms)",
    ],
    "rich_terminal": [
        "from rich.console import Console\nfrom rich.table import Table\nt = Table('a', 'b'); t.add_row('1', '2')\nConsole().print(t)",
        "import rich; rich.print('[bold]bold[/]')",
    ],
    "timing": [
        "%%time\nx = 1",
        "%timeit -n1 -r1 1 + 1",
    ],
}
