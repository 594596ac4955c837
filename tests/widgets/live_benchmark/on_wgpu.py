"""The figure's WGSL without a browser: its jobs, as JavaScript made them, on any adapter of wgpu.

Without a GPU a software Vulkan does: Debian's mesa-vulkan-drivers, or the one that lies beside
Chromium and is found by itself.
"""

import ctypes
import functools
import os
from pathlib import Path

import numpy as np
import pytest
from kit.chromium import installed

ICD = "vk_swiftshader_icd.json"
KINDS = "VK_DRIVER_FILES", "VK_ICD_FILENAMES"


def beside_chromium():
    """The folder of Chromium's software Vulkan; None if there is none."""
    path = installed()
    places = [Path(path).resolve().parent, Path("/usr/lib/chromium")] if path else []
    return next((place for place in places if (place / ICD).exists()), None)


def device():
    """A device of wgpu, or a skipped test where no Chromium brings an adapter."""
    folder = beside_chromium()
    systems = any(Path("/usr/share/vulkan/icd.d").glob("*.json"))
    if folder and not systems and not any(map(os.environ.get, KINDS)):
        os.environ[KINDS[0]] = str(folder / ICD)
        if (folder / "libvulkan.so.1").exists():
            ctypes.CDLL(str(folder / "libvulkan.so.1"), ctypes.RTLD_GLOBAL)
    import wgpu

    try:
        adapter = wgpu.gpu.request_adapter_sync(power_preference="high-performance")
    except RuntimeError as error:
        missing = pytest.fail if folder else pytest.skip
        missing(f"wgpu finds no adapter: {error}")
    return adapter.request_device_sync()


def run(device, job, repeats=1):
    """Run a job so often; return the numbers of its result, float32."""
    import wgpu

    usage = wgpu.BufferUsage
    common = usage.STORAGE | usage.COPY_SRC | usage.COPY_DST
    buffers = {
        name: device.create_buffer(size=4 * given, usage=common)
        if isinstance(given, int)
        else device.create_buffer_with_data(data=np.array(given, np.float32), usage=common)
        for name, given in job["arrays"].items()
    }
    pipelines = {entry: pipeline_of(device, entry, code) for entry, code in job["kernels"].items()}
    steps = [bound(device, pipelines, launch, buffers) for launch in job["launches"]]
    encoder = device.create_command_encoder()
    for pipeline, group, groups in steps * repeats:
        one = encoder.begin_compute_pass()
        one.set_pipeline(pipeline)
        one.set_bind_group(0, group)
        one.dispatch_workgroups(*groups)
        one.end()
    device.queue.submit([encoder.finish()])
    return np.frombuffer(device.queue.read_buffer(buffers[job["result"]]), np.float32)


@functools.cache
def pipeline_of(device, entry, code):
    """A kernel, compiled once."""
    module = device.create_shader_module(code=code)
    return device.create_compute_pipeline(
        layout="auto", compute={"module": module, "entry_point": entry}
    )


def bound(device, pipelines, launch, buffers):
    """Return (pipeline, what it binds, how many workgroups) of a launch."""
    import wgpu

    words = np.array(launch["words"], np.uint32)
    plan = device.create_buffer_with_data(data=words, usage=wgpu.BufferUsage.UNIFORM)
    entries = [
        {"binding": place, "resource": {"buffer": one, "offset": 0, "size": one.size}}
        for place, one in enumerate([*(buffers[name] for name in launch["buffers"]), plan])
    ]
    pipeline = pipelines[launch["entry"]]
    layout = pipeline.get_bind_group_layout(0)
    return pipeline, device.create_bind_group(layout=layout, entries=entries), launch["groups"]
