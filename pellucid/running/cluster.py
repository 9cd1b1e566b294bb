"""ClusterSpec and Server: who takes part in training. Here that is this process alone."""

import itertools

from pellucid.core.options import ConfigProto


class ClusterSpec:
    """Which tasks of which jobs run where.

    Args:
      cluster: {job: list of addresses, or {task: address}}, or a ClusterSpec.

    As in TF: tf.train.ClusterSpec.
    """

    def __init__(self, cluster):
        jobs = cluster._jobs if isinstance(cluster, ClusterSpec) else cluster
        if not isinstance(jobs, dict):
            raise TypeError("`cluster` must be a dictionary mapping one or more job names to "
                            "lists of network addresses, or a `ClusterSpec`.")
        self._jobs = {}
        for job, tasks in jobs.items():
            if isinstance(tasks, list | tuple):
                tasks = dict(enumerate(tasks))
            if not isinstance(tasks, dict):
                raise TypeError(f"The tasks for job {job!r} must be a list or a dictionary from "
                                "integers to strings.")
            for task, address in tasks.items():
                if not isinstance(task, int) or not isinstance(address, str):
                    raise TypeError(f"Task address must be a string: task {task!r} of job "
                                    f"{job!r} is {address!r}.")
            self._jobs[job] = dict(tasks)

    @property
    def jobs(self):
        """List of the names of the jobs."""
        return list(self._jobs)

    def num_tasks(self, job_name):
        """How many tasks a job has. ValueError for an unknown one."""
        return len(self._tasks(job_name))

    def task_indices(self, job_name):
        """Sorted list of the numbers of a job's tasks."""
        return sorted(self._tasks(job_name))

    def task_address(self, job_name, task_index):
        """The address of a task. ValueError for an unknown one."""
        tasks = self._tasks(job_name)
        if task_index not in tasks:
            raise ValueError(f"No task with index {task_index!r} in job {job_name!r}")
        return tasks[task_index]

    def job_tasks(self, job_name):
        """List of addresses by number of the task; None where there is none."""
        tasks = self._tasks(job_name)
        return [tasks.get(i) for i in range(max(tasks, default=-1) + 1)]

    def as_dict(self):
        """{job: list of addresses, or {task: address} if the numbers have gaps}."""
        return {job: [tasks[i] for i in range(len(tasks))] if sorted(tasks) == list(
            range(len(tasks))) else dict(tasks) for job, tasks in self._jobs.items()}

    def as_cluster_def(self):
        """Not supported."""
        raise NotImplementedError("ClusterSpec.as_cluster_def: use as_dict().")

    def _tasks(self, job):
        if job not in self._jobs:
            raise ValueError(f"No such job in cluster: {job!r}")
        return self._jobs[job]

    def __bool__(self):
        return bool(self._jobs)

    def __eq__(self, other):
        return isinstance(other, ClusterSpec) and self._jobs == other._jobs

    def __hash__(self):
        return hash(tuple(self._jobs))

    def __repr__(self):
        return f"ClusterSpec({self.as_dict()!r})"


class Server:
    """This process as a cluster of one task.

    Args:
      server_or_cluster_def: ClusterSpec or dict of one job with one task.
      job_name, task_index: which of them this is.
      protocol: None or "grpc": nothing is sent.
      config: ConfigProto.
      start: bool.

    Attributes:
      target: "", what to give a Session.

    Raises NotImplementedError for several tasks: training on several machines is not supported.
    As in TF: tf.train.Server.
    """

    def __init__(self, server_or_cluster_def, job_name=None, task_index=None, protocol=None,
                 config=None, start=True):
        self._cluster = ClusterSpec(server_or_cluster_def)
        tasks = [(job, i) for job in self._cluster.jobs
                 for i in self._cluster.task_indices(job)]
        if len(tasks) != 1:
            raise NotImplementedError(
                f"tf.train.Server with {len(tasks)} tasks: pellucid trains in one process. Give "
                "it a cluster of one task, tf.train.Server.create_local_server(), or leave the "
                "Server out and use tf.Session().")
        if (job_name, task_index) not in ((None, None), *[
                (j, i) for job, task in tasks for j in (job, None) for i in (task, None)]):
            raise ValueError(f"There is no task {task_index} of job {job_name!r} in "
                             f"{self._cluster}")
        if protocol not in (None, "grpc"):
            raise NotImplementedError(f"tf.train.Server(protocol={protocol!r}): leave it out.")
        if config is not None and not isinstance(config, ConfigProto):
            raise TypeError(f"config must be a tf.ConfigProto, but got {type(config)}")
        self.target = ""

    @staticmethod
    def create_local_server(config=None, start=True):
        """A Server of this process alone."""
        return Server({"local": ["localhost:0"]}, protocol="grpc", config=config, start=start)

    def start(self):
        """Does nothing: there is nothing to wait for."""

    def join(self):
        """Not supported: nobody would ever end it."""
        raise NotImplementedError("tf.train.Server.join: a parameter server has nobody to serve "
                                  "here; run the worker's part of the program alone.")


def replica_device_setter(ps_tasks=0, ps_device="/job:ps", worker_device="/job:worker",
                          merge_devices=True, cluster=None, ps_ops=None, ps_strategy=None):
    """A function for tf.device that puts variables on parameter servers in turn.

    The devices are recorded on the operations; all are computed in this process.

    Args:
      ps_tasks: int, how many parameter servers there are; None is returned for 0.
      ps_device, worker_device: str, the device of variables, and of all other operations.
      merge_devices: True.
      cluster: ClusterSpec or dict, which says ps_tasks.
      ps_ops: list of types of operations that count as variables.
      ps_strategy: function(op) -> int, which server; one after the other where left out.

    As in TF: tf.train.replica_device_setter.
    """
    if not merge_devices:
        raise NotImplementedError("replica_device_setter(merge_devices=False) is not supported.")
    if cluster is not None:
        job = ps_device.rpartition("/job:")[2].partition("/")[0]
        jobs = ClusterSpec(cluster)
        ps_tasks = jobs.num_tasks(job) if job in jobs.jobs else 0
    if not ps_tasks:
        return None
    turns = itertools.cycle(range(ps_tasks))
    placed = set(ps_ops or ("Variable", "VariableV2", "AutoReloadVariable", "MutableHashTable"))

    def device(op):
        if op.type not in placed:
            return worker_device
        if ps_tasks == 1 and not ps_strategy and "task:" in ps_device:
            return ps_device
        return f"{ps_device}/task:{ps_strategy(op) if ps_strategy else next(turns)}"
    return device
