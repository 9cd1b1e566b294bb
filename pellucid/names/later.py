"""Names that are imported on first use: who only trains on arrays need not wait for queues.

Namespace below tf -> name -> module that defines it, and its name there: "print=print_" is
tf.print, defined as print_.
"""

import importlib


def _names(table):
    found = {}
    for module, names in table.items():
        for entry in names.split():
            public, _, defined = entry.partition("=")
            found[public] = module, defined or public
    return found


LATER = {
    "": _names({
        "pellucid.data.csv": "decode_csv",
        "pellucid.data.files": "matching_files read_file write_file",
        "pellucid.data.queues": (
            "FIFOQueue PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue"),
        "pellucid.data.readers": (
            "FixedLengthRecordReader IdentityReader ReaderBase TextLineReader TFRecordReader "
            "WholeFileReader"),
        "pellucid.interchange.features": (
            "FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature"),
        "pellucid.interchange.import_graph": "import_graph_def",
        "pellucid.interchange.parsing": (
            "parse_example parse_single_example parse_single_sequence_example"),
        "pellucid.interchange.raw_bytes": "decode_raw parse_tensor serialize_tensor",
        "pellucid.interchange.tensors": "make_ndarray make_tensor_proto",
        "pellucid.nn.activations": "log_sigmoid",
        "pellucid.ops.arrays.confusion_matrix": "confusion_matrix",
        "pellucid.ops.arrays.segments": (
            "unsorted_segment_max unsorted_segment_mean unsorted_segment_min "
            "unsorted_segment_prod unsorted_segment_sqrt_n unsorted_segment_sum"),
        "pellucid.ops.arrays.sequences": "parallel_stack repeat reverse_sequence",
        "pellucid.ops.arrays.sorted_segments": (
            "segment_max segment_mean segment_min segment_prod segment_sum"),
        "pellucid.ops.arrays.sorting": "argsort searchsorted sort",
        "pellucid.ops.arrays.unique": "setdiff1d unique unique_with_counts",
        "pellucid.ops.control.assertions": (
            "assert_equal assert_greater assert_greater_equal assert_integer assert_less "
            "assert_less_equal assert_near assert_negative assert_non_negative "
            "assert_non_positive assert_none_equal assert_positive assert_proper_iterable "
            "assert_rank assert_rank_at_least assert_rank_in assert_same_float_dtype "
            "assert_scalar assert_type is_non_decreasing is_numeric_tensor is_strictly_increasing"),
        "pellucid.ops.control.cond": "case cond switch_case",
        "pellucid.ops.control.custom_gradient": "custom_gradient grad_pass_through",
        "pellucid.ops.control.hessians": "hessians",
        "pellucid.ops.control.mapping": "foldl foldr map_fn scan",
        "pellucid.ops.control.printing": "Assert=Assert_ Print=Print_ print=print_",
        "pellucid.ops.control.python_functions": "numpy_function py_func",
        "pellucid.ops.control.tensor_array": "TensorArray",
        "pellucid.ops.control.while_loop": "while_loop",
        "pellucid.ops.conv.space": (
            "batch_to_space batch_to_space_nd depth_to_space space_to_batch space_to_batch_nd "
            "space_to_depth"),
        "pellucid.ops.image.patches": "extract_image_patches",
        "pellucid.ops.linalg.bands": "diag diag_part matrix_band_part",
        "pellucid.ops.linalg.contractions": "einsum tensordot",
        "pellucid.ops.linalg.decompositions": "qr self_adjoint_eig self_adjoint_eigvals svd",
        "pellucid.ops.linalg.diagonals": "eye matrix_diag matrix_diag_part matrix_set_diag",
        "pellucid.ops.linalg.least_squares": "matrix_solve_ls",
        "pellucid.ops.linalg.solvers": (
            "cholesky cholesky_solve matrix_determinant matrix_inverse matrix_solve "
            "matrix_triangular_solve"),
        "pellucid.ops.math.fourier": "fft fft2d fft3d ifft ifft2d ifft3d",
        "pellucid.ops.math.histograms": "bincount histogram_fixed_width histogram_fixed_width_bins",
        "pellucid.ops.math.numerics": (
            "add_check_numerics_ops check_numerics verify_tensor_all_finite"),
        "pellucid.ops.math.special": (
            "betainc digamma erf erfc igamma igammac lbeta lgamma polygamma zeta"),
        "pellucid.ops.math.statistics": "count_nonzero norm reduce_logsumexp trace",
        "pellucid.ops.math.trigonometry": (
            "acos acosh asin asinh atan atan2 atanh cos cosh sin sinh tan"),
        "pellucid.ops.random.choice": "multinomial random_crop random_shuffle",
        "pellucid.ops.random.rejection": "random_gamma random_poisson",
        "pellucid.ops.sparse.arithmetic": (
            "sparse_add sparse_reduce_max sparse_reduce_sum sparse_softmax"),
        "pellucid.ops.sparse.edit_distance": "edit_distance",
        "pellucid.ops.sparse.parts": (
            "sparse_concat sparse_fill_empty_rows sparse_mask sparse_reset_shape sparse_reshape "
            "sparse_slice sparse_split sparse_transpose"),
        "pellucid.ops.sparse.products": "sparse_tensor_dense_matmul",
        "pellucid.ops.state.partitioned_variables": (
            "fixed_size_partitioner min_max_variable_partitioner variable_axis_size_partitioner"),
        "pellucid.ops.state.template": "make_template",
        "pellucid.ops.text.hashing": (
            "string_to_hash_bucket string_to_hash_bucket_fast string_to_hash_bucket_strong"),
        "pellucid.ops.text.lookup": "tables_initializer",
        "pellucid.ops.text.numbers": "as_string decode_base64 encode_base64 string_to_number",
        "pellucid.ops.text.pieces": "reduce_join string_join string_split string_strip substr",
        "pellucid.ops.text.regex": "regex_replace",
        "pellucid.training.clipping": (
            "clip_by_average_norm clip_by_global_norm clip_by_norm global_norm"),
    }),
    "io": _names({
        "pellucid.data.csv": "decode_csv",
        "pellucid.data.files": "matching_files read_file write_file",
        "pellucid.data.producers": "match_filenames_once",
        "pellucid.data.queues": (
            "FIFOQueue PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue"),
        "pellucid.interchange.features": (
            "FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature"),
        "pellucid.interchange.graph_def": "write_graph",
        "pellucid.interchange.parsing": (
            "parse_example parse_single_example parse_single_sequence_example"),
        "pellucid.interchange.raw_bytes": "decode_raw parse_tensor serialize_tensor",
        "pellucid.ops.image.decoding": "decode_bmp decode_gif decode_image decode_jpeg decode_png",
        "pellucid.ops.image.encoding": "encode_jpeg",
        "pellucid.ops.text.numbers": "decode_base64 encode_base64",
    }),
    "nn": _names({
        "pellucid.nn.embedding_sparse": "embedding_lookup_sparse",
        "pellucid.nn.losses": "log_poisson_loss",
        "pellucid.nn.sampling": "nce_loss sampled_softmax_loss",
        "pellucid.ops.conv.argmax_pooling": "max_pool_with_argmax",
        "pellucid.ops.conv.depthwise": (
            "depthwise_conv2d "
            "depthwise_conv2d_backprop_filter=depthwise_conv2d_native_backprop_filter "
            "depthwise_conv2d_backprop_input=depthwise_conv2d_native_backprop_input "
            "depthwise_conv2d_native depthwise_conv2d_native_backprop_filter "
            "depthwise_conv2d_native_backprop_input separable_conv2d"),
        "pellucid.ops.conv.space": "depth_to_space space_to_batch space_to_depth",
        "pellucid.ops.neural.candidate_sampling": (
            "compute_accidental_hits log_uniform_candidate_sampler uniform_candidate_sampler"),
        "pellucid.ops.neural.ctc": "ctc_loss",
        "pellucid.ops.neural.ctc_decoders": "ctc_beam_search_decoder ctc_greedy_decoder",
        "pellucid.ops.neural.local_response": (
            "local_response_normalization lrn=local_response_normalization"),
        "pellucid.recurrent.bidirectional": "bidirectional_dynamic_rnn",
        "pellucid.recurrent.dynamic": "dynamic_rnn",
        "pellucid.recurrent.raw": "raw_rnn",
        "pellucid.recurrent.static": "static_bidirectional_rnn static_rnn",
    }),
    "train": _names({
        "pellucid.data.batching": "batch batch_join shuffle_batch shuffle_batch_join",
        "pellucid.data.producers": (
            "input_producer limit_epochs match_filenames_once range_input_producer "
            "slice_input_producer string_input_producer"),
        "pellucid.data.queue_runner": "add_queue_runner QueueRunner start_queue_runners",
        "pellucid.interchange.checkpoints": (
            "checkpoint_exists generate_checkpoint_state_proto get_checkpoint_mtimes "
            "get_checkpoint_state latest_checkpoint list_variables load_checkpoint load_variable "
            "NewCheckpointReader remove_checkpoint update_checkpoint_state"),
        "pellucid.interchange.graph_def": "write_graph",
        "pellucid.interchange.meta_graph": "export_meta_graph",
        "pellucid.running.cluster": "ClusterSpec replica_device_setter Server",
        "pellucid.running.coordinator": "Coordinator",
        "pellucid.running.looper_thread": "LooperThread",
        "pellucid.running.monitored_session": (
            "ChiefSessionCreator MonitoredSession MonitoredTrainingSession SessionCreator "
            "SingularMonitoredSession WorkerSessionCreator"),
        "pellucid.running.saving": "CheckpointSaverHook CheckpointSaverListener",
        "pellucid.running.scaffold": "Scaffold",
        "pellucid.running.session_manager": "SessionManager",
        "pellucid.running.session_run_hook": (
            "SessionRunArgs SessionRunContext SessionRunHook SessionRunValues"),
        "pellucid.running.steps": "SecondOrStepTimer",
        "pellucid.running.stopping": (
            "FeedFnHook FinalOpsHook GlobalStepWaiterHook NanLossDuringTrainingError "
            "NanTensorHook StopAtStepHook"),
        "pellucid.running.supervisor": "basic_train_loop Supervisor",
        "pellucid.running.watching": (
            "LoggingTensorHook ProfilerHook StepCounterHook SummarySaverHook"),
        "pellucid.summary.event_file": "summary_iterator",
        "pellucid.training.adadelta": "AdadeltaOptimizer",
        "pellucid.training.from_checkpoint": "init_from_checkpoint",
        "pellucid.training.ftrl": "FtrlOptimizer",
        "pellucid.training.proximal": (
            "AdagradDAOptimizer ProximalAdagradOptimizer ProximalGradientDescentOptimizer"),
        "pellucid.training.saver": "import_meta_graph Saver",
        "pellucid.training.sync_replicas": "SyncReplicasOptimizer",
    }),
}


def find(namespace, name):
    """The thing called `name` below tf.namespace, or None if it is not one of these."""
    if name not in LATER[namespace]:
        return None
    module, defined = LATER[namespace][name]
    return getattr(importlib.import_module(module), defined)
