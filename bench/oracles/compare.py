"""Asks libraries of others what oracles.json has our answers to, and prints both.

    compare.py FILE        exit status 1 where an answer differs

Each function below answers one quantity: it yields (library, what, theirs, ours) and,
where equal is not the word, a tolerance. Where a library leaves out, doubles or refuses
something, the comment says so.
"""

import itertools
import json
import math
import sys
from collections import Counter, defaultdict

import igraph
import networkx as nx
import numpy as np
from scipy.sparse import coo_matrix, csgraph
from scipy.stats import binomtest
from scipy.stats import t as student_t
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

ROOT = -1  # the super-root of our trees of dominators
CLOSE = 1e-9


class Network:
    """A network of the document, as each library wants it."""

    def __init__(self, data):
        self.n, self.directed = data["nodes"], data["directed"]
        self.edges = [tuple(e) for e in data["edges"]]
        self.nx = (nx.DiGraph if self.directed else nx.Graph)()
        self.nx.add_nodes_from(range(self.n))
        self.nx.add_edges_from(self.edges)
        self.ig = igraph.Graph(self.n, self.edges, directed=self.directed)

    def without(self, removed):
        """The graphs of both libraries without some nodes; igraph numbers anew."""
        left = [v for v in range(self.n) if v not in removed]
        return self.nx.subgraph(left).copy(), self.ig.induced_subgraph(left), left


def fragmentation(net, asked, ours):
    graph, other, left = net.without(set(asked["Removed"]))
    parts = nx.weakly_connected_components if net.directed else nx.connected_components
    sizes = sorted(map(len, parts(graph)), reverse=True)
    n = len(left)
    pairs = n * (n - 1)

    def f(of):
        return 1 - sum(s * (s - 1) for s in of) / pairs if pairs else 1.0

    yield "networkx", "F", f(sizes), ours["F"]
    yield "networkx", "components", sizes, ours["Sizes"]
    theirs = sorted(other.connected_components(mode="weak").sizes(), reverse=True)
    yield "igraph", "F", f(theirs), ours["F"]
    yield "igraph", "components", theirs, ours["Sizes"]
    rows, columns = zip(*graph.edges) if graph.number_of_edges() else ((), ())
    place = {v: i for i, v in enumerate(left)}
    matrix = coo_matrix(
        (np.ones(len(rows)), ([place[v] for v in rows], [place[v] for v in columns])), shape=(n, n))
    _, labels = csgraph.connected_components(matrix, directed=True, connection="weak")
    yield "scipy", "components", sorted(Counter(labels.tolist()).values(), reverse=True), ours["Sizes"]
    if pairs:
        inverse = 0.0
        for v, far in nx.all_pairs_shortest_path_length(graph):
            inverse += sum(1 / d for d in far.values() if d)
        yield "networkx", "DF by distances", 1 - inverse / pairs, ours["DF"]
        if not net.directed:
            yield "networkx", "DF", 1 - nx.global_efficiency(graph), ours["DF"]


def cuts(net, _, ours):
    yield "networkx", "articulation points", sorted(nx.articulation_points(net.nx)), ours["Articulation"] or []
    yield "igraph", "articulation points", sorted(net.ig.articulation_points()), ours["Articulation"] or []

    def pairs(edges):
        return sorted([min(e), max(e)] for e in edges)

    yield "networkx", "bridges", pairs(nx.bridges(net.nx)), ours["Bridges"] or []
    # igraph answers with the numbers of ties.
    yield "igraph", "bridges", pairs(net.ig.es[i].tuple for i in net.ig.bridges()), ours["Bridges"] or []


def betweenness(net, _, ours):
    theirs = nx.betweenness_centrality(net.nx, normalized=False)
    yield "networkx", "betweenness", [theirs[v] for v in range(net.n)], ours
    yield "igraph", "betweenness", net.ig.betweenness(), ours


def closeness(net, _, ours):
    # networkx measures the way to a node, we the way from it.
    graph = net.nx.reverse() if net.directed else net.nx
    theirs = nx.closeness_centrality(graph, wf_improved=True)
    yield "networkx", "closeness", [theirs[v] for v in range(net.n)], ours
    # igraph does not scale by the part that is reached.
    own = net.ig.closeness(mode="out")
    scaled = []
    for v, c in enumerate(own):
        reached = net.ig.neighborhood_size(v, order=net.n, mode="out") - 1
        scaled.append(c * reached / (net.n - 1) if reached else 0.0)
    yield "igraph", "closeness", scaled, ours


def brokerage(net, _, ours):
    yield "networkx", "degree", [k for _, k in sorted(net.nx.degree)], ours["Degree"]
    has = [v for v, k in enumerate(ours["Degree"]) if k]  # the others are nan there
    own = nx.constraint(net.nx)
    yield "networkx", "constraint", [own[v] for v in has], [ours["Constraint"][v] for v in has]
    own = net.ig.constraint()
    yield "igraph", "constraint", [own[v] for v in has], [ours["Constraint"][v] for v in has]
    own = nx.effective_size(net.nx)
    yield "networkx", "effective size", [own[v] for v in has], [ours["EffectiveSize"][v] for v in has]


def dominators(net, asked, ours):
    top = net.n  # the super-root is a node more there
    graph = net.nx.copy()
    graph.add_edges_from((top, a) for a in asked["Apexes"])
    want = {v: top if d == ROOT else d for v, d in enumerate(ours["Idom"]) if d >= ROOT}
    theirs = nx.immediate_dominators(graph, top)
    theirs.pop(top, None)  # left out from 3.6 on, itself before
    yield "networkx", "dominators", sorted(theirs.items()), sorted(want.items())
    other = igraph.Graph(net.n + 1, list(graph.edges), directed=True)
    # igraph: -1 for the root, nan for what is out of reach.
    theirs = {v: int(d) for v, d in enumerate(other.dominator(top)) if v != top and not math.isnan(d) and d >= 0}
    yield "igraph", "dominators", sorted(theirs.items()), sorted(want.items())
    before, cut = nx.descendants(graph, top), []
    for v in range(net.n):
        if v not in before:
            cut.append(0)
            continue
        less = graph.copy()
        less.remove_node(v)
        cut.append(len(before) - len(nx.descendants(less, top)))
    yield "networkx", "cut off, one by one", cut, ours["Cut"]


def apexes(net, _, ours):
    whole = nx.condensation(net.nx)
    theirs = [v for part in whole if whole.in_degree(part) == 0 for v in whole.nodes[part]["members"]]
    yield "networkx", "apexes", sorted(theirs), ours


def node_cut(net, asked, ours):
    s, t = asked["S"], asked["T"]
    adjacent = net.nx.has_edge(s, t)
    yield "networkx", "uncuttable", adjacent, ours["Uncuttable"]
    # Of neighbours networkx says the empty set, also where the tie only leads back, and
    # igraph raises unless told how to take them; both are asked without the tie.
    graph = net.nx.copy()
    graph.remove_edges_from([(s, t), (t, s)])
    theirs = nx.minimum_node_cut(graph, s, t) if nx.has_path(graph, s, t) else set()
    yield "networkx", "node cut", len(theirs), len(ours["Nodes"])
    yield "igraph", "node cut", net.ig.vertex_connectivity(s, t, neighbors="ignore"), len(ours["Nodes"])
    graph.remove_nodes_from(ours["Nodes"])
    yield "networkx", "our cut parts them", nx.has_path(graph, s, t), False
    yield "networkx", "lines", len(theirs) + adjacent, ours["Lines"]


def wilson(_, asked, ours):
    k, n = asked["Count"], asked["Of"]
    own = binomtest(k, n).proportion_ci(method="wilson")
    yield "scipy", "Wilson", [own.low, own.high], [ours["Low"], ours["High"]], 2e-7
    yield "statsmodels", "Wilson", list(proportion_confint(k, n, method="wilson")), [ours["Low"], ours["High"]], 2e-7


def student(_, asked, ours):
    # Up to 30 degrees of freedom ours is a table, beyond an expansion to 2e-6.
    yield "scipy", "Student's t, 97.5 %", float(student_t.ppf(0.975, asked)), ours, 2e-6


def mc_nemar(_, asked, ours):
    b, c = asked["B"], asked["C"]
    table = [[1000, b], [c, 1000]]
    if ours["Exact"] != (b + c < 25):
        yield "–", "exact under 25", ours["Exact"], b + c < 25
    if b + c:  # statsmodels divides by it
        what = "McNemar, exact" if ours["Exact"] else "McNemar, normal"
        own = mcnemar(table, exact=ours["Exact"], correction=False)
        yield "statsmodels", what, float(own.pvalue), ours["P"]


def morris(_, asked, ours):
    from SALib.analyze import morris as peer

    problem = {"num_vars": len(asked["Names"]), "names": asked["Names"], "bounds": asked["Bounds"]}
    own = peer.analyze(problem, np.array(asked["X"]), np.array(asked["Y"]), num_levels=asked["Levels"])
    by = {e["Name"]: e for e in ours}
    for theirs, mine in (("mu", "Mu"), ("mu_star", "MuStar"), ("sigma", "Sigma")):
        yield "SALib", "Morris " + theirs, [float(v) for v in own[theirs]], [by[n][mine] for n in asked["Names"]], 1e-8


def minimum_cut(_, asked, ours):
    values = {"networkx": [], "igraph": []}
    groups, bodies = len(asked["Benefit"]), len(asked["Weight"])
    for price in asked["Prices"]:
        graph = nx.DiGraph()
        edges = [("s", ("g", g), b) for g, b in enumerate(asked["Benefit"])]
        edges += [(("i", i), "t", price * w) for i, w in enumerate(asked["Weight"])]
        edges += [(("g", g), ("i", i), 1e6) for g, i in asked["Hits"] or []]
        graph.add_weighted_edges_from(edges, weight="capacity")
        graph.add_nodes_from("st")
        whole = sum(asked["Benefit"])
        values["networkx"].append(whole - nx.minimum_cut_value(graph, "s", "t"))
        names = ["s", "t", *(("g", g) for g in range(groups)), *(("i", i) for i in range(bodies))]
        place = {v: i for i, v in enumerate(names)}
        other = igraph.Graph(len(names), [(place[v], place[w]) for v, w, _ in edges], directed=True)
        values["igraph"].append(whole - other.mincut(0, 1, capacity=[c for *_, c in edges]).value)
    for library, theirs in values.items():
        yield library, "closure by minimum cut", theirs, ours["Values"]


def ndlib_model(kind, net, first, node_thresholds=None, edge_threshold=None):
    from ndlib.models import ModelConfig
    from ndlib.models import epidemics

    model = getattr(epidemics, kind)(net.nx)
    config = ModelConfig.Configuration()
    config.add_model_initial_configuration("Infected", list(first))
    for v, share in (node_thresholds or {}).items():
        config.add_node_configuration("threshold", v, share)
    if edge_threshold is not None:
        for e in net.nx.edges:
            config.add_edge_configuration("threshold", e, edge_threshold)
    model.set_initial_status(config)
    return model


def threshold_cascade(_, asked, ours):
    net = Network(asked["Network"])
    # ndlib compares shares as floats: half a neighbour less than the threshold is no tie.
    shares = {v: (theta - 0.5) / max(net.nx.degree(v), 1) for v, theta in enumerate(asked["Thresholds"])}
    shares = {v: min(s, 2.0) for v, s in shares.items()}
    model = ndlib_model("ThresholdModel", net, asked["First"], node_thresholds=shares)
    for _ in range(net.n + 2):
        model.iteration(node_status=False)
    theirs = sorted(v for v, status in model.status.items() if status)
    yield "ndlib", "threshold cascade", theirs, ours["Nodes"]


def independent_cascade(_, asked, ours, runs=4000):
    net = Network(asked["Network"])
    np.random.seed(1)  # ndlib draws from the global generator
    sizes = []
    for _ in range(runs):
        model = ndlib_model("IndependentCascadesModel", net, [asked["First"]], edge_threshold=asked["P"])
        for _ in range(net.n + 1):
            model.iteration(node_status=False)
        sizes.append(sum(status > 0 for status in model.status.values()))
    error = np.std(sizes, ddof=1) / math.sqrt(runs)
    yield "ndlib", f"cascade, {runs} runs", float(np.mean(sizes)), ours["Mean"], 4 * error


def reliability(_, asked, ours):
    net, total = Network(asked["Network"]), 0.0
    for up in itertools.product((False, True), repeat=len(net.edges)):
        graph = nx.Graph()
        graph.add_nodes_from(range(net.n))
        graph.add_edges_from(e for e, stands in zip(net.edges, up) if stands)
        if nx.has_path(graph, asked["S"], asked["T"]):
            total += math.prod(p if stands else 1 - p for p, stands in zip(asked["Confidence"], up))
    yield "networkx", "reliability, every world", total, ours["P"], 2e-8
    if asked["Network"]["name"]:
        p = asked["Confidence"][0]
        yield "closed form", "reliability", 2 * p**2 + 2 * p**3 - 5 * p**4 + 2 * p**5, ours["P"], 2e-8


def own(_, asked, ours):
    below = nx.DiGraph()
    below.add_nodes_from([("group", g) for g in range(asked["Groups"])] + [("body", i) for i in range(asked["Bodies"])])
    below.add_edges_from((("group", c["To"]), ("group", c["From"])) for c in asked["Below"] or () if c["Confidence"] >= 0.5)
    below.add_edges_from(
        (("group", c["From"]), ("body", c["To"])) for c in asked["Controls"] or ()
        if c["Confidence"] >= 0.5 and c["Weight"] > asked["OwnShare"])
    below.add_edges_from((("body", c["To"]), ("body", c["From"])) for c in asked["Parts"] or ())
    reached = set().union(*(nx.descendants(below, ("group", t)) for t in asked["Targets"]))
    yield "networkx", "own", sorted(i for kind, i in reached if kind == "body"), sorted(ours["Own"])


QUANTITIES = {
    "fragmentation": fragmentation, "cuts": cuts, "betweenness": betweenness, "closeness": closeness,
    "brokerage": brokerage, "dominators": dominators, "apexes": apexes, "node cut": node_cut, "Wilson": wilson,
    "Student": student,
    "McNemar": mc_nemar, "Morris": morris, "minimum cut": minimum_cut, "threshold cascade": threshold_cascade,
    "independent cascade": independent_cascade, "reliability": reliability, "own": own,
}

# The networks that have rows of their own.
SHOWN = ("karate", "command")

# The networks that libraries have themselves must be ours.
KNOWN = {
    "karate": nx.karate_club_graph, "kite": nx.krackhardt_kite_graph,
    "Florentine families": nx.florentine_families_graph, "Les Miserables": nx.les_miserables_graph,
}


def same_networks(networks):
    for name, make in KNOWN.items():
        theirs, mine = make(), networks[name]
        if name in ("karate", "kite"):
            yield name, ("networkx", "ties", sorted(map(sorted, theirs.edges)), sorted(map(list, mine.edges)))
        else:
            yield name, ("networkx", "ties but for names", nx.is_isomorphic(theirs, mine.nx), True)


def agree(theirs, ours, off):
    if isinstance(ours, (list, tuple)):
        return isinstance(theirs, (list, tuple)) and len(theirs) == len(ours) and all(map(agree, theirs, ours, [off] * len(ours)))
    if isinstance(ours, float) or isinstance(theirs, float):
        return math.isclose(theirs, ours, rel_tol=off, abs_tol=off)
    return theirs == ours


def apart(theirs, ours):
    """The largest difference between two answers that agree."""
    if isinstance(ours, (list, tuple)):
        return max(map(apart, theirs, ours), default=0)
    return abs(theirs - ours) if isinstance(ours, (int, float)) else 0


def told(answers):
    """A few answers, or how many there are."""
    if len(answers) == 1:
        return shown(answers[0])
    if len(answers) <= 3 and all(isinstance(v, (int, float)) for v in answers):
        return " ".join(map(shown, answers))
    return f"{len(answers)} cases"


def shown(value):
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        flat = [v for v in value if isinstance(v, (int, float))]
        if len(value) <= 4 and len(flat) == len(value):
            return " ".join(shown(v) for v in value) or "none"
        if len(flat) == len(value):
            return f"{len(value)}, sum {sum(flat):.6g}"
        return f"{len(value)} items"
    return str(value)


def main(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    networks = {data["name"]: Network(data) for data in document["networks"]}
    random = {data["name"] for data in document["networks"] if data["random"]}
    rows, wrong = defaultdict(list), []

    def note(quantity, on, answer):
        library, what, theirs, ours, *rest = answer
        same = agree(theirs, ours, rest[0] if rest else CLOSE)
        rows[what, library, on].append((ours, theirs, same))
        if not same:
            wrong.append(f"{quantity}, {what} of {on} by {library}: ours {ours}, theirs {theirs}")

    for name, answer in same_networks(networks):
        note("network", name, answer)
    for check in document["checks"]:
        quantity, name = check["quantity"], check.get("network", "")
        if quantity not in QUANTITIES:
            wrong.append(f"{quantity}: nobody to ask")
            continue
        on = name if name in ("", *SHOWN) else "random networks" if name in random else "the other named ones"
        for answer in QUANTITIES[quantity](networks.get(name), check.get("input"), check["ours"]):
            note(quantity, on, answer)

    heads = ("QUANTITY", "LIBRARY", "ON", "OURS", "THEIRS", "AGREE", "WITHIN")
    table = [heads]
    for (what, library, on), cases in sorted(rows.items()):
        right = sum(same for *_, same in cases)
        within = f"{max(apart(theirs, ours) for ours, theirs, same in cases if same):.0e}" if right else ""
        table.append((
            what, library, on or "–", told([ours for ours, *_ in cases]), told([theirs for _, theirs, _ in cases]),
            "yes" if right == len(cases) else f"NO: {len(cases) - right} of {len(cases)}", "" if within == "0e+00" else within,
        ))
    widths = [max(len(row[i]) for row in table) for i in range(len(heads))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    compared = sum(map(len, rows.values()))
    print(f"\n{compared} answers compared, seed {document['seed']}: {len(wrong)} differ")
    for line in wrong:
        print("  " + line)
    return 1 if wrong or not compared else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
