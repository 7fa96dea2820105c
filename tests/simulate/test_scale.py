"""Simulation, sweep and batch on a real Dask cluster of several worker processes, one of them killed midway."""

import os
import signal
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from xl_aicost.errors import AicostError
from xl_aicost.simulate import simulate, sweep
from xl_aicost.workbook.batch import batch, manifest

# a worker that is killed cannot close its sockets
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@contextmanager
def cluster(kill_after):
    """Give the address of a cluster, and a progress callback that kills one worker once so much is done."""
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 3, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
    with distributed.LocalCluster(**options) as local:
        victims = [w.pid for w in local.workers.values()][:1]

        def kill(done):
            if done > kill_after and victims:
                os.kill(victims.pop(), signal.SIGKILL)

        yield local.scheduler_address, kill
        assert not victims, "nobody was killed"


def test_a_simulation_is_the_same():
    here = simulate("cluster_npv", draws=400_000).as_dict()
    with cluster(100_000) as (address, kill):
        assert simulate("cluster_npv", draws=400_000, scheduler=address, progress=kill).as_dict() == here


def test_a_sweep_is_the_same(tmp_path):
    rng = np.random.default_rng(4)
    rows = 600_000
    grid = tmp_path / "grid.parquet"
    columns = {"gpus": rng.integers(1, 50_000, rows).astype(float), "loaded_cost": rng.uniform(2e5, 6e5, rows)}
    parquet.write_table(pa.table(columns), grid)
    lines = ["cluster_npv", "jobs_to_fund_cluster"]
    assert sweep(grid, lines, tmp_path / "here.parquet").rows == rows
    with cluster(100_000) as (address, kill):
        assert sweep(grid, lines, tmp_path / "there.parquet", scheduler=address, progress=kill).rows == rows
    assert parquet.read_table(tmp_path / "here.parquet").equals(parquet.read_table(tmp_path / "there.parquet"))


def test_a_batch_is_the_same(tmp_path):
    companies = tmp_path / "companies.csv"
    companies.write_text("name,ai_spend\n" + "".join(f"Company {i},{i}e8\n" for i in range(1, 1001)))
    batch(companies, tmp_path / "here")
    with cluster(200) as (address, kill):
        batch(companies, tmp_path / "there", scheduler=address, progress=kill)
    here = list(manifest(tmp_path / "here"))
    assert list(manifest(tmp_path / "there")) == here
    for entry in here[::50]:
        assert (tmp_path / "here" / entry.file).read_bytes() == (tmp_path / "there" / entry.file).read_bytes()
    assert len(list((tmp_path / "there").iterdir())) == 1001


def test_no_scheduler_is_an_error_of_one_line():
    with pytest.raises(AicostError, match="no Dask scheduler answers"):
        simulate("layoffs_to_fund", draws=100, scheduler="tcp://127.0.0.1:9")
