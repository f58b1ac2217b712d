"""What draws random numbers from a global state, by name. Names, no code."""

from __future__ import annotations

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
