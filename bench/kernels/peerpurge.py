"""A full purge in numpy, a world at a time: what an analyst would write who has no kernel.

    peerpurge.py DIR [WORLDS]

The same state, parameters and rules as ours (docs/model.md), read from the files that
`kernels generate` wrote: every support, rally, defection and contagion. All that does
not vary between worlds is worked out beforehand; a world is array operations only, in a loop
over its waves. Two figures come of it:

- numpy, by waves: what breaks is looked at after every wave, as the model has it, so that
  the wave is known in which an institution breaks;
- numpy, the end only: all who are lost are found first, and what breaks is looked at once,
  then only for what builds on it. That gives the same institutions and no waves: less than
  what is asked, by whatever the model allows to leave out.

Both tell the mean number of fractured institutions with its standard error, and how many
standard errors the probability of any institution is from ours at most. Rules that the
state has no tie for (sub-groups, wings, influence, deputies) are left out of the code.
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np  # noqa: E402

MILLION = 1_000_000
STAFF, COMMAND, FORCE, FUNDING, PROVISION = range(5)


class Strongest:
    """Claims that join the same two nodes count once, with the largest share that holds;
    what they take of a node is multiplied, or added, over those who make them."""

    def __init__(self, by, other, share, size):
        self.order = np.lexsort((other, by))  # claims by node, then by who makes them
        by, other = by[self.order], other[self.order]
        self.share = share[self.order]
        new = np.ones(len(by), dtype=bool)
        new[1:] = (by[1:] != by[:-1]) | (other[1:] != other[:-1])
        self.first = np.flatnonzero(new)  # of each pair
        self.by, self.other = by[self.first], other[self.first]
        self.alone = len(self.first) == len(by)
        self.size = size
        self.node, self.rows = np.unique(self.by, return_index=True)

    def shares(self, holds):
        """The share of each pair: holds is by claim, in the order they came in."""
        share = self.share * holds[self.order]
        return share if self.alone or not len(share) else np.maximum.reduceat(share, self.first)

    def sums(self, shares):
        return np.bincount(self.by, weights=shares, minlength=self.size)

    def left(self, holds):
        """What is left of each node: the product of one less the shares."""
        left = np.ones(self.size)
        if len(self.node):
            left[self.node] = np.multiply.reduceat(1 - self.shares(holds), self.rows)
        return left


class State:
    def __init__(self, folder):
        with open(os.path.join(folder, "state.json"), encoding="utf-8") as file:
            about = json.load(file)
        self.about, self.params = about, about["Params"]
        ties = np.fromfile(os.path.join(folder, "state.ties"), dtype="<i4").reshape(-1, 7)
        self.ties = len(ties)
        self.typ, self.frm, self.to, odds, weight, self.form, self.command = ties.T.copy()
        self.odds = (odds / MILLION).astype(np.float32)
        self.weight = weight
        self.sure = odds == MILLION
        kinds = about["Kinds"]
        self.persons, self.groups = kinds["Person"][1], kinds["Group"]
        self.bodies, self.posts, self.streams = kinds["Institution"], kinds["Post"], kinds["RevenueStream"]
        self.n = self.bodies[1] - self.bodies[0]
        self.struck = about["Struck"] - self.groups[0]
        self.requirements()
        self.people()
        self.desks()
        self.holdings()

    def of(self, name):
        return np.flatnonzero(self.typ == self.about["Types"][name])

    def weighed(self, ties, unknown):
        weight = self.weight[ties]
        return np.where(weight < 0, unknown, weight / MILLION)

    def requirements(self):
        table, types = self.params["Requirements"], self.about["Institutions"]
        self.need = np.empty((5, self.n))
        for i, typ in enumerate(types):
            for support in range(5):
                rule = table["ByType"].get(typ, {}).get(str(support)) or table["Default"][str(support)]
                self.need[support, i] = round(rule["Need"] * MILLION)

        def prior(name):
            return np.array([self.params[name].get(typ, self.params[name][""]) for typ in types])
        self.leading, self.heads = prior("LeadingPosts"), prior("Headcount")

    def people(self):
        """Who draws whom: bonds in the order of the one who is lost."""
        p = self.params
        kin = np.concatenate([self.of("KIN_OF"), self.of("ASSOCIATE_OF")])
        loyal = self.of("LOYAL_TO")
        tie = np.concatenate([kin, kin, loyal])
        source = np.concatenate([self.frm[kin], self.to[kin], self.to[loyal]])
        drawn = np.concatenate([self.to[kin], self.frm[kin], self.frm[loyal]])
        order = np.argsort(source, kind="stable")
        self.bond_tie, self.bond_to = tie[order], drawn[order]
        self.bond_chance = (p["Loyalty"] * self.weighed(self.bond_tie, p["TieWeight"])).astype(np.float32)
        self.bond_row = np.searchsorted(source[order], np.arange(self.persons + 1))
        allied = self.of("ALLIED_WITH")
        self.ally_tie = np.concatenate([allied, allied])
        self.ally_from = np.concatenate([self.frm[allied], self.to[allied]]) - self.groups[0]
        self.ally_to = np.concatenate([self.to[allied], self.frm[allied]]) - self.groups[0]
        self.ally_chance = p["Solidarity"] * self.weighed(self.ally_tie, p["TieWeight"])
        self.member = self.of("MEMBER_OF")
        self.member_of = self.to[self.member] - self.groups[0]

    def desks(self):
        """Posts are numbered from 0; one holder's claim and one line up to a post, as the
        state has it."""
        first, count = self.posts[0], self.posts[1] - self.posts[0]
        holds = self.of("HOLDS")
        post = self.to[holds] - first
        assert len(np.unique(post)) == len(post) == count, "a post with several holders"
        self.holds = np.empty(count, dtype=int)
        self.holds[post] = holds
        self.holder = self.frm[self.holds]
        seat = self.of("POST_IN")
        assert self.sure[seat].all(), "a post that may be elsewhere"
        self.seat_in = np.empty(count, dtype=int)
        self.seat_in[self.frm[seat] - first] = self.to[seat] - self.bodies[0]
        up = self.of("REPORTS_TO")
        above = np.full(count, -1)
        self.line = np.zeros(count, dtype=int)
        assert len(np.unique(self.frm[up])) == len(up), "a post with several lines"
        above[self.frm[up] - first], self.line[self.frm[up] - first] = self.to[up] - first, up
        # Levels: the apexes, then those below them.
        self.apex = above < 0
        self.levels, known = [], self.apex.copy()
        while not known.all():
            level = np.flatnonzero(~known & known[above])
            self.levels.append((level, above[level]))
            known[level] = True
        seats = np.bincount(self.seat_in, minlength=self.n)
        self.coverage = np.minimum(MILLION, seats * MILLION // self.leading)

    def holdings(self):
        control, p = self.of("CONTROLS"), self.params
        share, form = self.weighed(control, p["ControlShare"]), self.form[control]
        forms = self.about["Forms"]
        body = (self.to[control] >= self.bodies[0]) & (self.to[control] < self.bodies[1])

        def of(which, first, size):
            ties = control[which]
            return ties, Strongest(self.to[ties] - first, self.frm[ties], share[which], size)
        self.claims = {
            STAFF: of(body & (form == forms["staffing"]), self.bodies[0], self.n),
            COMMAND: of(body & (form == forms["command"]), self.bodies[0], self.n),
            FORCE: of(body, self.bodies[0], self.n),
            FUNDING: of(~body, self.streams[0], self.streams[1] - self.streams[0]),
        }
        self.control, self.control_from = control, self.frm - self.groups[0]
        part = self.of("PART_OF")
        self.part = part
        self.part_unit, self.part_in = self.frm[part] - self.bodies[0], self.to[part] - self.bodies[0]
        self.commanded = self.command[part] == 1
        assert len(np.unique(self.part_unit)) == len(part), "a body with several parents"
        fund = self.of("FUNDS")
        self.fund = fund
        self.funds = Strongest(self.to[fund] - self.bodies[0], self.frm[fund] - self.streams[0], self.weighed(fund, 1), self.n)
        need = self.of("DEPENDS_ON")
        self.depend = need
        self.depends = Strongest(self.frm[need] - self.bodies[0], self.to[need] - self.bodies[0], self.weighed(need, 1), self.n)


class World:
    """One world: which claims hold, and what comes of the purge in it."""

    def __init__(self, state, draw):
        self.s, s, p = state, state, state.params
        self.stands = draw.random(s.ties, dtype=np.float32) < s.odds
        live = draw.random(len(s.bond_tie), dtype=np.float32) < s.bond_chance
        live &= self.stands[s.bond_tie]
        live = np.flatnonzero(live)
        self.bonds = s.bond_to[live]
        self.row = np.searchsorted(live, s.bond_row)
        self.rally(draw)
        walk = draw.random(len(s.member)) < p["Walkout"]
        self.goes = self.stands[s.member] & (walk | (s.member_of == s.struck))
        leave = np.zeros(s.ties, dtype=np.int8)
        holder = s.control_from[s.control]
        out = (draw.random(len(s.control)) < p["Walkout"]) | (holder == s.struck)
        leave[s.control] = self.stands[s.control] & out
        self.leave = leave
        # Before the purge.
        self.had = self.stands[s.holds]
        self.had_line = self.lines(self.had)
        self.seats = np.bincount(s.seat_in[self.had], minlength=s.n)
        self.lined = np.bincount(s.seat_in[self.had_line], minlength=s.n)
        self.in_part = self.stands[s.part]
        self.portions = s.funds.shares(self.stands[s.fund])
        self.needs = s.depends.shares(self.stands[s.depend])
        self.said = {}
        for support in (STAFF, COMMAND):
            ties, claims = s.claims[support]
            self.said[support] = claims.sums(claims.shares(self.stands[ties])) > 0

    def rally(self, draw):
        """The wave in which each group is struck or rallies."""
        s = self.s
        live = (draw.random(len(s.ally_tie)) < s.ally_chance) & self.stands[s.ally_tie]
        a, b = s.ally_from[live], s.ally_to[live]
        self.group = np.full(s.groups[1] - s.groups[0], 999)
        self.group[s.struck] = 0
        for wave in range(1, s.params["MaxWaves"]):
            joins = b[(self.group[a] == wave - 1) & (self.group[b] > wave)]
            if not len(joins):
                break
            self.group[joins] = wave

    def lost(self):
        """Yields who is lost, wave by wave: a mask that grows."""
        s = self.s
        lost = np.zeros(s.persons, dtype=bool)
        person = s.frm[s.member]
        since = np.where(s.member_of == s.struck, 0, self.group[s.member_of] + 1)
        starts = self.goes & (since < 999)
        last = since[starts].max(initial=0)
        front, wave = np.empty(0, dtype=int), 0
        while wave <= last or len(front):
            found = [person[starts & (since == wave)]]
            if len(front):
                lo, hi = self.row[front], self.row[front + 1]
                size = hi - lo
                at = np.repeat(lo - np.concatenate(([0], np.cumsum(size)[:-1])), size) + np.arange(size.sum())
                found.append(self.bonds[at])
            found = np.concatenate(found)
            front = np.unique(found[~lost[found]])
            lost[front] = True
            yield wave, lost
            wave += 1

    def lines(self, held):
        """The posts that are held and have a line to an apex: one vacant post is bridged."""
        s = self.s
        reach, bridged = s.apex & held, s.apex & ~held
        for level, above in s.levels:
            line = self.stands[s.line[level]]
            direct, over, held_here = line & reach[above], line & bridged[above], held[level]
            reach[level] = held_here & (direct | over)
            bridged[level] = direct & ~held_here
        return reach

    def records(self, support, seats, before, leave):
        """STAFF and COMMAND: records speak for what they cover, claims for the rest."""
        s = self.s
        ties, claims = s.claims[support]
        kept = np.floor(claims.left(leave[ties]) * MILLION + 1e-6).astype(np.int64)
        said, recorded = self.said[support], before > 0
        part = np.where(said, s.coverage, MILLION) * recorded
        over = np.maximum(before, 1)
        kept = (seats * (part * MILLION) + over * ((MILLION - part) * kept)) // over // MILLION
        return kept, said | recorded

    def short(self, support, kept, known):
        return known & (kept < self.s.need[support])

    def people_gone(self, lost, wave):
        """The institutions that are short of staff, command or money."""
        s = self.s
        leave = self.leave * (self.group[s.control_from.clip(0, len(self.group) - 1)] <= wave)
        held = self.had & ~lost[s.holder]
        seats = np.bincount(s.seat_in[held], minlength=s.n)
        short = self.short(STAFF, *self.records(STAFF, seats, self.seats, leave))
        seats = np.bincount(s.seat_in[self.lines(held)], minlength=s.n)
        short |= self.short(COMMAND, *self.records(COMMAND, seats, self.lined, leave))
        ties, claims = s.claims[FUNDING]
        left = claims.left(leave[ties])[s.funds.other]
        whole = s.funds.sums(self.portions)
        kept = np.floor(s.funds.sums(self.portions * left) / np.maximum(whole, 1e-9) * MILLION + 1e-6)
        short |= self.short(FUNDING, kept, whole > 0)
        ties, claims = s.claims[FORCE]
        self.unit_left = claims.left(leave[ties])
        return short

    def bodies_gone(self, broken):
        """The institutions that are short of units or providers, given what broke."""
        s = self.s
        heads = s.heads[s.part_unit] * (self.in_part & s.commanded)
        whole = np.bincount(s.part_in, weights=heads, minlength=s.n)
        left = heads * self.unit_left[s.part_unit] * ~broken[s.part_unit]
        left = np.bincount(s.part_in, weights=left, minlength=s.n)
        kept = np.floor(left / np.maximum(whole, 1) * MILLION + 1e-6)
        short = self.short(FORCE, kept, whole > 0)
        parent = np.bincount(s.part_unit, weights=self.in_part * s.params["ParentShare"], minlength=s.n)
        lost = np.bincount(s.part_unit, weights=self.in_part * broken[s.part_in] * s.params["ParentShare"], minlength=s.n)
        whole = s.depends.sums(self.needs) + parent
        lost += s.depends.sums(self.needs * broken[s.depends.other])
        kept = np.floor((1 - lost / np.maximum(whole, 1)) * MILLION + 1e-6)
        return short | self.short(PROVISION, kept, whole > 0)


def by_waves(world):
    """The wave in which each institution breaks, −1 where it does not."""
    broke = np.full(world.s.n, -1)
    waves, wave, still = world.lost(), 0, True
    lost, short, before = None, None, -1
    while still:
        wave, lost = next(waves, (wave + 1 if lost is not None else 0, lost))
        size = (np.count_nonzero(lost), np.count_nonzero(world.group <= wave))
        if size != before:
            short, before = world.people_gone(lost, wave), size
        new = (short | world.bodies_gone(broke >= 0)) & (broke < 0)
        broke[new] = wave
        still = new.any() or waves.gi_frame is not None
    return broke


def end_only(world):
    """0 where an institution breaks, −1 where it does not."""
    for _, lost in world.lost():
        pass
    short = world.people_gone(lost, 998)
    broken = np.zeros(world.s.n, dtype=bool)
    while True:
        now = short | world.bodies_gone(broken)
        if (now == broken).all():
            return np.where(broken, 0, -1)
        broken = now


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(folder, worlds):
    state = State(folder)
    ours, of = np.array(state.about["Fractured"]), state.about["Worlds"]
    for tool, purge in (("numpy, by waves", by_waves), ("numpy, the end only", end_only)):
        draw = np.random.default_rng(1)
        count, numbers, waves = np.zeros(state.n), [], 0
        before, began = cpu(), time.perf_counter()
        for _ in range(worlds):
            broke = purge(World(state, draw))
            count += broke >= 0
            numbers.append(np.count_nonzero(broke >= 0))
            waves = max(waves, broke.max())
        wall, processor = time.perf_counter() - began, cpu() - before
        p = (count + ours * of) / (worlds + of)
        off = np.abs(count / worlds - ours) / np.sqrt(np.maximum(p * (1 - p), 1e-12) * (1 / worlds + 1 / of))
        print(json.dumps({
            "task": f"purge of {state.persons} persons", "tool": tool, "ties": state.ties, "worlds": worlds,
            "wall": wall, "cpu": processor, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "load": os.getloadavg()[0],
            "answer": f"{np.mean(numbers):.2f} ± {np.std(numbers) / worlds ** 0.5:.2f} institutions fractured on average, "
                      f"no probability further from ours than {off.max():.1f} standard errors",
        }), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 64)
