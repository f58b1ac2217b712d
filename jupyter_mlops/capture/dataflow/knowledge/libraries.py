"""What functions of known libraries do, by name.

Names, no code. What is said here is relied on to leave cells out, so a name belongs
here only when its documentation bears it out.
"""

from __future__ import annotations

PURE = frozenset(
    """
        math cmath statistics re string textwrap datetime time calendar json
        base64 hashlib hmac uuid fractions numbers difflib unicodedata html
        struct zlib typing types enum abc dataclasses keyword pprint reprlib
        colorsys secrets platform operator copy functools itertools collections
        pathlib os sys glob shutil tempfile pickle joblib random warnings
        logging decimal io csv gzip bz2 lzma zipfile tarfile contextlib heapq
        bisect locale inspect importlib traceback numpy pandas sklearn scipy
        matplotlib seaborn IPython tqdm patsy typing_extensions __future__
        builtins collections.abc zoneinfo array weakref jupyter_mlops timeit
        getpass argparse shlex fnmatch mimetypes
        """.split()
)
"""Libraries whose functions change nothing but what the lists below say."""

STATELESS = frozenset(
    """
        torch torchvision tensorflow keras xgboost lightgbm catboost polars
        plotly statsmodels networkx PIL cv2 skimage imblearn shap
        category_encoders mlxtend yellowbrick umap hdbscan prophet pmdarima dask
        xarray pyarrow altair bokeh folium geopandas shapely sympy numba cvxpy
        openpyxl yaml tomllib
        """.split()
)
"""Libraries whose objects may change in any call, but that keep no state of theirs."""

QUIET_IMPORTS = (PURE | STATELESS | {"sqlite3", "subprocess", "threading"}) - {
    "seaborn",
    "shap",
    "xarray",
    "geopandas",
}
"""Libraries whose import changes nothing elsewhere."""

IMPORT_AFFECTS = {
    "seaborn": "matplotlib",
    "mpl_toolkits": "matplotlib",
    "cycler": "matplotlib",
    "scienceplots": "matplotlib",
    "xarray": "pandas",
    "geopandas": "pandas",
    "janitor": "pandas",
    "swifter": "pandas",
    "shap": "matplotlib",
}
LOUD_SUBMODULES = {
    "sklearn.experimental": "sklearn",
    "mpl_toolkits": "matplotlib",
    "plotly.io": "plotly",
}


HOLDING_CLASSES = frozenset(
    """
        KNeighborsClassifier KNeighborsRegressor KNeighborsTransformer
        NearestNeighbors RadiusNeighborsClassifier RadiusNeighborsRegressor
        RadiusNeighborsTransformer LocalOutlierFactor KernelRidge
        GaussianProcessClassifier GaussianProcessRegressor KernelPCA Isomap
        LocallyLinearEmbedding LabelPropagation LabelSpreading
        NeighborhoodComponentsAnalysis AffinityPropagation SpectralEmbedding
        KNNImputer BallTree KDTree KernelDensity SVC SVR NuSVC NuSVR OneClassSVM
        BaggingClassifier BaggingRegressor EllipticEnvelope MinCovDet Nystroem
        """.split()
)
"""Estimators that may keep the very arrays they were fitted to."""

CHANGES_FIRST = frozenset(
    """
        random.shuffle numpy.random.shuffle numpy.copyto numpy.place numpy.put
        numpy.putmask numpy.fill_diagonal numpy.put_along_axis heapq.heappush
        heapq.heappop heapq.heapify heapq.heapreplace heapq.heappushpop
        bisect.insort bisect.insort_left bisect.insort_right operator.setitem
        operator.delitem operator.iadd operator.iand operator.iconcat
        operator.ior operator.imul builtins.setattr builtins.delattr
        matplotlib.pyplot.setp json.dump
        """.split()
)

SHARING_FUNCTIONS = frozenset(
    """
        asarray asanyarray ascontiguousarray asfortranarray atleast_1d
        atleast_2d atleast_3d ravel reshape squeeze transpose swapaxes moveaxis
        rollaxis expand_dims broadcast_to broadcast_arrays split array_split
        hsplit vsplit dsplit diag diagonal real imag flip fliplr flipud rot90
        nditer frombuffer as_strided sliding_window_view require array DataFrame
        Series Index MultiIndex Categorical csr_matrix csc_matrix coo_matrix
        csr_array csc_array from_records check_array check_X_y column_or_1d
        indexable safe_mask check_random_state nan_to_num unravel_index
        permute_dims matrix_transpose asmatrix rec
        """.split()
)
"""Functions whose result may share memory with what they are given."""


SETS_OPTIONS = frozenset(
    """
        pandas.set_option pandas.reset_option pandas.options
        numpy.set_printoptions numpy.seterr numpy.seterrcall
        numpy.set_string_function sklearn.set_config matplotlib.use
        matplotlib.rc matplotlib.rcdefaults matplotlib.rc_file
        matplotlib.set_loglevel matplotlib.rc_file_defaults matplotlib.style.use
        matplotlib.pyplot.rc matplotlib.pyplot.rcdefaults
        matplotlib.pyplot.style.use matplotlib.pyplot.switch_backend
        matplotlib.pyplot.set_cmap matplotlib.pyplot.set_loglevel
        matplotlib.pyplot.xkcd matplotlib.pyplot.ion matplotlib.pyplot.ioff
        seaborn.set seaborn.set_theme seaborn.set_style seaborn.set_context
        seaborn.set_palette seaborn.reset_defaults seaborn.reset_orig
        seaborn.set_color_codes warnings.filterwarnings warnings.simplefilter
        warnings.resetwarnings logging.basicConfig logging.disable
        locale.setlocale decimal.setcontext sys.setrecursionlimit
        sys.set_int_max_str_digits gc.disable gc.enable gc.collect
        tqdm.tqdm.pandas tqdm.auto.tqdm.pandas tqdm.notebook.tqdm.pandas
        torch.set_default_dtype torch.set_num_threads
        torch.use_deterministic_algorithms torch.set_printoptions
        torch.set_default_device torch.backends.cudnn numpy.setbufsize os.putenv
        os.unsetenv os.umask os.nice time.tzset joblib.parallel_config plotly.io
        pandas.plotting.register_matplotlib_converters
        pandas.plotting.deregister_matplotlib_converters
        pandas.api.extensions.register_dataframe_accessor
        pandas.api.extensions.register_series_accessor
        pandas.api.extensions.register_index_accessor
        """.split()
)
SETS_TEMPORARILY = frozenset(
    """
        warnings.catch_warnings pandas.option_context numpy.errstate
        numpy.printoptions sklearn.config_context matplotlib.rc_context
        matplotlib.pyplot.rc_context matplotlib.style.context
        matplotlib.pyplot.style.context seaborn.axes_style
        seaborn.plotting_context seaborn.color_palette decimal.localcontext
        contextlib.redirect_stdout contextlib.redirect_stderr
        contextlib.suppress contextlib.nullcontext contextlib.ExitStack
        contextlib.closing torch.no_grad torch.inference_mode
        matplotlib.pyplot.ion matplotlib.pyplot.ioff matplotlib.pyplot.xkcd
        contextlib.chdir tempfile.TemporaryDirectory
        """.split()
)
"""What they set inside a ``with`` is set back at its end."""

FRESH_FIGURES = frozenset({"figure", "subplots", "subplot_mosaic"})
ALL_FIGURES = frozenset(
    {"close", "get_fignums", "get_figlabels", "fignum_exists", "figure_num"}
)
NO_DRAWING = frozenset(
    """
        get_cmap colormaps cm get_backend imread rcParams rcParamsDefault style
        rc_context Line2D Rectangle Circle Polygon Normalize MaxNLocator Figure
        Axes
        """.split()
)
"""What of pyplot touches no figure."""
SEABORN_PURE = frozenset(
    """
        load_dataset color_palette axes_style plotting_context get_dataset_names
        light_palette dark_palette diverging_palette cubehelix_palette
        husl_palette hls_palette mpl_palette blend_palette xkcd_palette
        crayon_palette desaturate saturate set_hls_values
        """.split()
)
SYSTEM_CALLS = frozenset(
    """
        os.system os.popen os.exec os.spawn os.fork subprocess.run
        subprocess.call subprocess.check_call subprocess.check_output
        subprocess.Popen subprocess.getoutput subprocess.getstatusoutput os.kill
        """.split()
)
OPAQUE_CALLS = frozenset(
    """
        inspect.currentframe inspect.stack inspect.trace inspect.getouterframes
        inspect.getinnerframes sys._getframe sys.settrace sys.setprofile
        gc.get_objects gc.get_referrers gc.get_referents importlib.__import__
        weakref.finalize importlib.util.module_from_spec builtins.__import__
        sys._current_frames contextlib._GeneratorContextManager
        types.FunctionType types.CodeType IPython.get_ipython
        IPython.core.getipython.get_ipython IPython.start_ipython IPython.embed
        """.split()
)
CHANGING_SYSTEM = frozenset(
    """
        sys.path.append sys.path.insert sys.path.extend sys.path.remove
        sys.path.pop os.environ.update os.environ.setdefault os.environ.pop
        os.environ.clear os.environ.popitem os.environ.__setitem__
        matplotlib.rcParams.update matplotlib.pyplot.rcParams.update
        matplotlib.pyplot.rcParams.pop matplotlib.rcParams.pop
        os.environ.__delitem__ sys.path.clear sys.path.reverse sys.modules.pop
        sys.modules.update sys.modules.clear sys.modules.setdefault
        sys.meta_path.append sys.meta_path.insert
        """.split()
)
"""Methods of state that modules hold, which set it."""
