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

SEEDING = {
    "random.seed": ("random",),
    "random.setstate": ("random",),
    "numpy.random.seed": ("numpy.random",),
    "numpy.random.set_state": ("numpy.random",),
    "torch.manual_seed": ("torch.random",),
    "torch.random.manual_seed": ("torch.random",),
    "torch.cuda.manual_seed_all": ("torch.random",),
    "tensorflow.random.set_seed": ("tensorflow.random",),
    "keras.utils.set_random_seed": ("random", "numpy.random", "tensorflow.random"),
    "tensorflow.keras.utils.set_random_seed": (
        "random",
        "numpy.random",
        "tensorflow.random",
    ),
}
NO_DRAW = frozenset(
    """
        default_rng Generator RandomState SeedSequence PCG64 PCG64DXSM MT19937
        Philox SFC64 BitGenerator get_state getstate Random SystemRandom
        get_bit_generator
        """.split()
)
OWN_GENERATORS = frozenset(
    {
        "numpy.random.default_rng",
        "numpy.random.Generator",
        "numpy.random.RandomState",
        "numpy.random.SeedSequence",
        "numpy.random.PCG64",
        "numpy.random.MT19937",
        "numpy.random.Philox",
        "numpy.random.SFC64",
        "random.Random",
        "torch.Generator",
    }
)
STATE_READING = {
    "random.getstate": "random",
    "numpy.random.get_state": "numpy.random",
    "torch.get_rng_state": "torch.random",
}

DRAWING_FUNCTIONS = frozenset(
    """
        train_test_split cross_val_score cross_validate cross_val_predict
        learning_curve validation_curve permutation_test_score
        permutation_importance resample shuffle make_biclusters make_blobs
        make_checkerboard make_circles make_classification make_friedman1
        make_friedman2 make_friedman3 make_gaussian_quantiles make_hastie_10_2
        make_low_rank_matrix make_moons make_multilabel_classification
        make_regression make_s_curve make_sparse_coded_signal
        make_sparse_spd_matrix make_sparse_uncorrelated make_spd_matrix
        make_swiss_roll mutual_info_classif mutual_info_regression
        non_negative_factorization randomized_range_finder randomized_svd
        ridge_regression sample_without_replacement silhouette_score smacof
        spectral_clustering spectral_embedding affinity_propagation
        dict_learning dict_learning_online estimate_bandwidth fast_mcd fastica
        k_means kmeans_plusplus locally_linear_embedding partial_dependence rvs
        bootstrap permutation_test dual_annealing differential_evolution
        basinhopping shgo fetch_20newsgroups fetch_covtype fetch_kddcup99
        fetch_olivetti_faces fetch_rcv1 load_files random
        """.split()
)
"""Functions that draw from numpy's global state unless told another one."""

DRAWING_CLASSES = frozenset(
    """
        AdaBoostClassifier AdaBoostRegressor AffinityPropagation
        BaggingClassifier BaggingRegressor BayesianGaussianMixture BernoulliRBM
        BisectingKMeans ClassifierChain DecisionTreeClassifier
        DecisionTreeRegressor DictionaryLearning DummyClassifier ElasticNet
        ElasticNetCV EllipticEnvelope ExtraTreeClassifier ExtraTreeRegressor
        ExtraTreesClassifier ExtraTreesRegressor FactorAnalysis FastICA
        GaussianMixture GaussianProcessClassifier GaussianProcessRegressor
        GaussianRandomProjection GradientBoostingClassifier
        GradientBoostingRegressor GroupKFold GroupShuffleSplit
        HistGradientBoostingClassifier HistGradientBoostingRegressor
        IncrementalPCA IsolationForest IterativeImputer KBinsDiscretizer KFold
        KMeans KernelPCA Lars Lasso LassoCV LassoLars LatentDirichletAllocation
        LinearSVC LinearSVR LocallyLinearEmbedding LogisticRegression
        LogisticRegressionCV MDS MLPClassifier MLPRegressor MinCovDet
        MiniBatchDictionaryLearning MiniBatchKMeans MiniBatchNMF
        MiniBatchSparsePCA MultiTaskElasticNet MultiTaskElasticNetCV
        MultiTaskLasso MultiTaskLassoCV NMF NeighborhoodComponentsAnalysis NuSVC
        Nystroem OutputCodeClassifier PCA ParameterSampler
        PassiveAggressiveClassifier PassiveAggressiveRegressor PatchExtractor
        Perceptron PolynomialCountSketch QuantileTransformer RANSACRegressor
        RBFSampler RandomForestClassifier RandomForestRegressor
        RandomTreesEmbedding RandomizedSearchCV RegressorChain RepeatedKFold
        RepeatedStratifiedKFold Ridge RidgeClassifier SGDClassifier
        SGDOneClassSVM SGDRegressor SVC ShuffleSplit SkewedChi2Sampler SparsePCA
        SparseRandomProjection SpectralBiclustering SpectralClustering
        SpectralCoclustering SpectralEmbedding StratifiedGroupKFold
        StratifiedKFold StratifiedShuffleSplit TSNE TargetEncoder
        TheilSenRegressor TruncatedSVD TunedThresholdClassifierCV
        CalibratedClassifierCV StackingClassifier StackingRegressor
        HalvingGridSearchCV HalvingRandomSearchCV
        """.split()
)
"""Estimators and splitters that draw from numpy's global state, unless told another."""

DRAWING_IF_SHUFFLED = frozenset(
    {"KFold", "StratifiedKFold", "GroupKFold", "StratifiedGroupKFold"}
)

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

WRITES_PATH = {
    "numpy.save": (0, "file"),
    "numpy.savez": (0, "file"),
    "numpy.savez_compressed": (0, "file"),
    "numpy.savetxt": (0, "fname"),
    "joblib.dump": (1, "filename"),
    "matplotlib.pyplot.savefig": (0, "fname"),
    "matplotlib.pyplot.imsave": (0, "fname"),
    "os.makedirs": (0, "name"),
    "os.mkdir": (0, "path"),
    "os.remove": (0, "path"),
    "os.unlink": (0, "path"),
    "os.rmdir": (0, "path"),
    "os.removedirs": (0, "name"),
    "os.truncate": (0, "path"),
    "os.utime": (0, "path"),
    "os.chmod": (0, "path"),
    "shutil.rmtree": (0, "path"),
    "shutil.copy": (1, "dst"),
    "shutil.copy2": (1, "dst"),
    "shutil.copyfile": (1, "dst"),
    "shutil.copytree": (1, "dst"),
    "shutil.move": (1, "dst"),
    "shutil.unpack_archive": (1, "extract_dir"),
    "shutil.make_archive": (0, "base_name"),
    "os.rename": (1, "dst"),
    "os.replace": (1, "dst"),
    "os.symlink": (1, "dst"),
    "os.link": (1, "dst"),
    "scipy.io.savemat": (0, "file_name"),
    "scipy.io.wavfile.write": (0, "filename"),
    "scipy.sparse.save_npz": (0, "file"),
    "sklearn.datasets.dump_svmlight_file": (2, "f"),
    "pandas.to_pickle": (1, "filepath_or_buffer"),
}
WRITES_NEW = frozenset(
    {
        "numpy.save",
        "numpy.savez",
        "numpy.savez_compressed",
        "numpy.savetxt",
        "joblib.dump",
        "matplotlib.pyplot.savefig",
        "matplotlib.pyplot.imsave",
        "shutil.copyfile",
        "scipy.io.savemat",
        "scipy.io.wavfile.write",
        "scipy.sparse.save_npz",
        "pandas.to_pickle",
    }
)
"""Those that leave nothing of what was at the path before."""

READS_PATH = {
    "numpy.load": (0, "file"),
    "numpy.loadtxt": (0, "fname"),
    "numpy.genfromtxt": (0, "fname"),
    "numpy.fromfile": (0, "file"),
    "numpy.memmap": (0, "filename"),
    "joblib.load": (0, "filename"),
    "matplotlib.pyplot.imread": (0, "fname"),
    "matplotlib.image.imread": (0, "fname"),
    "os.listdir": (0, "path"),
    "os.scandir": (0, "path"),
    "os.walk": (0, "top"),
    "os.stat": (0, "path"),
    "os.path.exists": (0, "path"),
    "os.path.isfile": (0, "path"),
    "os.path.isdir": (0, "path"),
    "os.path.getsize": (0, "filename"),
    "os.path.getmtime": (0, "filename"),
    "glob.glob": (0, "pathname"),
    "glob.iglob": (0, "pathname"),
    "shutil.copy": (0, "src"),
    "shutil.copy2": (0, "src"),
    "shutil.copyfile": (0, "src"),
    "shutil.copytree": (0, "src"),
    "shutil.move": (0, "src"),
    "shutil.unpack_archive": (0, "filename"),
    "os.rename": (0, "src"),
    "os.replace": (0, "src"),
    "scipy.io.loadmat": (0, "file_name"),
    "scipy.io.wavfile.read": (0, "filename"),
    "scipy.sparse.load_npz": (0, "file"),
    "IPython.display.Image": (0, "data"),
    "seaborn.load_dataset": (0, "name"),
}
OPENS = {
    "builtins.open": (0, "file"),
    "io.open": (0, "file"),
    "gzip.open": (0, "filename"),
    "bz2.open": (0, "filename"),
    "lzma.open": (0, "filename"),
    "zipfile.ZipFile": (0, "file"),
    "tarfile.open": (0, "name"),
    "sqlite3.connect": (0, "database"),
    "pandas.ExcelWriter": (0, "path"),
    "pandas.ExcelFile": (0, "path_or_buffer"),
    "pandas.HDFStore": (0, "path"),
    "tempfile.TemporaryFile": (9, ""),
    "tempfile.NamedTemporaryFile": (9, ""),
    "io.StringIO": (9, ""),
    "io.BytesIO": (9, ""),
}
NO_FILE = frozenset({"io.StringIO", "io.BytesIO", "tempfile.TemporaryFile"})

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
