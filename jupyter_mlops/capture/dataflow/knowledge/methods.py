"""What methods of known kinds do to their receiver, by name.

Names, no code: builtin containers, pandas, numpy, scikit-learn and their results. A
method that is named nowhere here is taken to change its receiver and its arguments.
"""

from __future__ import annotations

import ast

CONTAINER_CHANGING = frozenset(
    """
        append extend insert pop remove clear sort reverse update setdefault
        popitem add discard difference_update intersection_update
        symmetric_difference_update appendleft extendleft popleft rotate
        move_to_end subtract __setitem__ __delitem__ __iadd__ __ior__
        """.split()
)
"""Methods of builtin containers that change them; all others do not."""

CHANGING_METHODS = frozenset(
    """
        fit fit_transform fit_predict fit_resample partial_fit set_params
        set_output densify sparsify reweight_covariance correct_covariance
        restrict insert pop update append extend remove clear sort fill itemset
        put resize setfield setflags partition byteswap isetitem
        add_categories_inplace __setitem__ __delitem__ __iadd__ popitem
        setdefault setdiag sum_duplicates eliminate_zeros sort_indices prune
        """.split()
)
"""Methods of library objects that change their receiver."""

PURE_METHODS = frozenset(
    """
        eval equal_levels get_indexer_for get_loc_level indexer_at_time
        slice_indexer slice_locs snap nearest to_datetime64 to_pytimedelta
        to_timedelta64 to_xarray toordinal tzname utcoffset to_julian_date dumps
        fromordinal timetz to_sql
        abs add add_categories add_prefix add_suffix agg aggregate align all any
        apply applymap argmax argmin argpartition argsort array as_ordered
        as_unit as_unordered asfreq asof asof_locs assign astimezone astype
        at_time autocorr backfill between between_time bfill bool capitalize
        case_when casefold cat categories ceil center choose clip combine
        combine_first compare compress conj conjugate contains convert_dtypes
        copy corr corrwith count cov ctime cumcount cummax cummin cumprod cumsum
        date day_name decode delete describe diagonal diff difference div divide
        divmod dot drop drop_duplicates droplevel dropna dsplit dst duplicated
        empty encode endswith eq equals ewm expanding explode extract extractall
        factorize ffill fillna filter find findall first first_valid_index
        flatten floor floordiv format from_arrays from_codes from_dict
        from_frame from_product from_records from_tuples fromisoformat
        fromtimestamp fullmatch ge get get_dummies get_group get_indexer
        get_level_values get_loc get_locs get_slice_bound getfield groupby gt
        head hsplit identical idxmax idxmin index infer_objects info interpolate
        intersection is_ isalnum isalpha isascii isdecimal isdigit isidentifier
        isin islower isna isnull isnumeric isocalendar isoformat isoweekday
        isspace istitle isupper item items iterrows itertuples join keys kurt
        kurtosis last last_valid_index le len ljust lower lstrip lt mad map mask
        match max mean median melt memory_usage merge min mod mode month_name
        mul multiply ne ngroup nlargest nonzero normalize notna notnull now
        nsmallest nth nunique ohlc pad pct_change pipe pivot pivot_table pow
        prod product quantile query radd rank ravel rdiv rdivmod reindex
        reindex_like remove_categories remove_unused_categories
        remove_unused_levels removeprefix removesuffix rename rename_axis
        rename_categories reorder_categories reorder_levels repeat replace
        resample reset_index reshape rfind rfloordiv rindex rjust rmod rmul
        rolling round rpartition rpow rsplit rstrip rsub rtruediv sample
        searchsorted select_dtypes sem set_axis set_categories set_codes
        set_flags set_index set_levels set_names shift skew slice slice_replace
        sort_index sort_values sortlevel split splitlines squeeze stack
        startswith std strftime strip strptime sub subtract sum swapaxes
        swapcase swaplevel symmetric_difference tail take time timestamp
        timetuple title to_clipboard to_coo to_csr to_dense to_dict
        to_flat_index to_frame to_list to_numpy to_period to_pydatetime
        to_records to_series to_string to_timestamp toarray tobytes today
        todense tolist total_seconds trace transform translate transpose truediv
        truncate tz_convert tz_localize union unique unstack upper utcnow
        value_counts var view weekday where wrap xs zfill dense tocsr tocsc
        tocoo getnnz getrow getcol minimum maximum power predict predict_proba
        predict_log_proba predict_joint_log_proba decision_function
        inverse_transform score score_samples get_params get_feature_names_out
        get_support get_covariance get_precision get_depth get_n_leaves
        kneighbors kneighbors_graph radius_neighbors radius_neighbors_graph
        get_n_splits apply decision_path staged_predict staged_predict_proba
        staged_decision_function staged_score cost_complexity_pruning_path path
        aic bic mahalanobis error_norm log_marginal_likelihood perplexity
        sample_y transform build_analyzer build_tokenizer build_preprocessor
        get_stop_words get_metadata_routing reconstruction_error get_indices
        get_shape get_submatrix dbscan_clustering pdf cdf ppf sf isf logpdf
        logcdf logsf pmf logpmf rvs interval moment stats entropy expect support
        group groups span start end sub subn search finditer with_traceback
        as_integer_ratio bit_length hexdigest digest most_common elements
        summary conf_int params pvalues get_prediction get_forecast forecast
        test exists is_file is_dir resolve absolute relative_to as_posix
        with_suffix with_name with_stem expanduser stat iterdir glob rglob
        joinpath is_absolute samefile __len__ __str__ __repr__ __eq__
        __getitem__ __contains__ __array__
        """.split()
)
"""Methods of library objects that leave receiver and arguments as they are."""

VIEWING = frozenset({"values", "array", "to_numpy", "__array__"})
"""Attributes and methods of frames that may show their memory as an array."""

SHARING_METHODS = frozenset(
    """
        view reshape ravel transpose squeeze swapaxes diagonal getfield head
        tail get xs pipe to_numpy array first last get_group take_view iterdir
        items __getitem__ set_axis set_flags rename_axis asfreq
        """.split()
)
"""Methods whose result may share memory with the receiver."""

KEEPING_METHODS = frozenset(
    """
        groupby rolling expanding ewm resample iterrows itertuples split style
        staged_predict staged_predict_proba staged_decision_function
        staged_score iterdir glob rglob finditer
        """.split()
)
"""Methods whose result looks at the receiver again later."""

LAZY_METHODS = frozenset(
    """
        iterrows itertuples finditer staged_predict staged_predict_proba
        staged_decision_function staged_score iterdir glob rglob
        """.split()
)
"""Methods whose result is read from once."""

PLOTTING_METHODS = frozenset({"plot", "hist", "boxplot", "plot_predict", "plot_tree"})

WRITING_METHODS = {
    "to_csv": "path_or_buf",
    "to_parquet": "path",
    "to_pickle": "path",
    "to_json": "path_or_buf",
    "to_excel": "excel_writer",
    "to_feather": "path",
    "to_hdf": "path_or_buf",
    "to_html": "buf",
    "to_latex": "buf",
    "to_markdown": "buf",
    "to_orc": "path",
    "to_stata": "path",
    "to_xml": "path_or_buffer",
    "to_netcdf": "path",
    "tofile": "fid",
    "dump": "file",
    "savefig": "fname",
    "save_model": "fname",
    "save": "path",
    "write_image": "file",
    "write_html": "file",
}
"""Methods that write a file, and the name of the parameter that says where."""

PATH_WRITING = frozenset(
    """
        write_text write_bytes mkdir touch unlink rmdir rename replace
        symlink_to hardlink_to chmod
        """.split()
)
PATH_READING = frozenset(
    """
        read_text read_bytes exists is_file is_dir stat iterdir glob rglob
        resolve samefile open
        """.split()
)

COPYING_PARTS = (ast.List, ast.ListComp, ast.Compare, ast.BoolOp)
"""Kinds of expressions that select by a list or mask, so that the result is a copy."""
