"""What Python's graph libraries take for the tasks of this folder, on the same files.

    peers.py TOOL DIR [WORLDS]     TOOL: networkx, igraph, networkit, scipy

Each figure is a line of JSON like those of the Go part. A tool is asked as its users
would ask it: the graph is built before the clock starts, and what a what-if takes away
is taken away by the tool's own means (a copy where the tool has no mask). A cascade in
one world is what is reached over the ties that hold in it. Tools of one processor are
given one, as ours is.
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np  # noqa: E402

COMPONENT_NODES, CASCADE_NODES = 1_000_000, 100_000
REMOVALS = {
    "components without a random 1 %": "components.random",
    "components without the top 20 %": "components.top",
}


def ints(name):
    return np.fromfile(os.path.join(DIR, name), dtype="<i4")


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def timed(rounds, run):
    """The least wall and processor time of some rounds, and the last answer."""
    wall = processor = float("inf")
    for _ in range(rounds):
        before, began = cpu(), time.perf_counter()
        answer = run()
        wall = min(wall, time.perf_counter() - began)
        processor = min(processor, cpu() - before)
    return wall, processor, answer


def figure(task, ties, worlds, wall, processor, answer):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({
        "task": task, "tool": TOOL, "ties": ties, "worlds": worlds, "wall": wall, "cpu": processor,
        "peak": peak, "load": os.getloadavg()[0], "answer": answer,
    }), flush=True)


# Components. Each function returns one that counts what is left without some nodes.

def components_networkx(ends):
    import networkx as nx
    g = nx.Graph()
    g.add_nodes_from(range(COMPONENT_NODES))
    g.add_edges_from(map(tuple, ends.tolist()))

    def left(gone):
        view = nx.restricted_view(g, gone.tolist(), [])
        return [len(c) for c in nx.connected_components(view)]
    return left


def components_igraph(ends):
    import igraph
    g = igraph.Graph(n=COMPONENT_NODES, edges=ends)

    def left(gone):
        h = g.copy()
        h.delete_vertices(gone.tolist())
        return h.connected_components().sizes()
    return left


def components_networkit(ends):
    import networkit as nk
    nk.setNumberOfThreads(1)
    g = nk.GraphFromCoo((ends[:, 0].astype(np.uint64), ends[:, 1].astype(np.uint64)), n=COMPONENT_NODES)

    def left(gone):
        h = nk.Graph(g)
        for node in gone.tolist():
            h.removeNode(node)
        found = nk.components.ConnectedComponents(h)
        found.run()
        return list(found.getComponentSizes().values())
    return left


def components_scipy(ends):
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components
    n = COMPONENT_NODES
    g = csr_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(n, n)).tocoo()
    u, v = g.row, g.col

    def left(gone):
        stays = np.ones(n, dtype=bool)
        stays[gone] = False
        keep = stays[u] & stays[v]
        masked = csr_array((np.ones(keep.sum(), dtype=np.int8), (u[keep], v[keep])), shape=(n, n))
        _, label = connected_components(masked, directed=False)
        return np.bincount(label[stays])[np.unique(label[stays])]
    return left


# Cascades. Each function returns one that counts what node 0 reaches in a world.

def cascade_networkx(u, v):
    import networkx as nx

    def reach(keep):
        g = nx.DiGraph()
        g.add_nodes_from(range(CASCADE_NODES))
        g.add_edges_from(zip(u[keep].tolist(), v[keep].tolist()))
        return len(nx.descendants(g, 0)) + 1
    return reach


def cascade_igraph(u, v):
    import igraph
    g = igraph.Graph(n=CASCADE_NODES, edges=np.column_stack([u, v]), directed=True)

    def reach(keep):
        world = g.subgraph_edges(np.flatnonzero(keep).tolist(), delete_vertices=False)
        return len(world.subcomponent(0, mode="out"))
    return reach


def cascade_networkit(u, v):
    import networkit as nk
    nk.setNumberOfThreads(1)
    u, v = u.astype(np.uint64), v.astype(np.uint64)

    def reach(keep):
        g = nk.GraphFromCoo((u[keep], v[keep]), n=CASCADE_NODES, directed=True)
        search = nk.distance.BFS(g, 0, storePaths=False)
        search.run()
        return int((np.asarray(search.getDistances()) < 1e300).sum())
    return reach


def cascade_scipy(u, v):
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order
    n = CASCADE_NODES

    def reach(keep):
        world = csr_array((np.ones(keep.sum(), dtype=np.int8), (u[keep], v[keep])), shape=(n, n))
        return len(breadth_first_order(world, 0, directed=True, return_predecessors=False))
    return reach


def main():
    ends = ints("components.ties").reshape(-1, 2)
    left = globals()["components_" + TOOL](ends)
    for task, name in REMOVALS.items():
        gone = ints(name)
        wall, processor, sizes = timed(1 if TOOL == "networkx" else 3, lambda gone=gone: left(gone))
        figure(task, len(ends), 0, wall, processor, f"{len(sizes)} components, {max(sizes)} nodes in the largest")
    del left
    u, v = ints("cascade.ties").reshape(-1, 2).T
    chance = ints("cascade.chance") / 1e6
    reach = globals()["cascade_" + TOOL](u, v)
    draw = np.random.default_rng(1)
    sizes = []

    def world():
        sizes.append(reach(draw.random(len(chance)) < chance))
    before, began = cpu(), time.perf_counter()
    for _ in range(WORLDS):
        world()
    wall, processor = time.perf_counter() - began, cpu() - before
    figure("cascade", len(u), WORLDS, wall, processor, f"{np.mean(sizes):.0f} nodes reached on average")


if __name__ == "__main__":
    TOOL, DIR = sys.argv[1:3]
    WORLDS = int(sys.argv[3]) if len(sys.argv) > 3 else 16
    main()
