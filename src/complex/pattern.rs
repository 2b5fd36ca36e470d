//! The activation patterns of all regions, kept by cells: what was decided on each cell of the recursion, and for each
//! region one bit for each unit that was left to its finished cell.
//!
//! In: decisions in the order of the recursion. Out: the pattern of a region.

/// A tree of decisions.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    /// One node for each cell of the recursion; a root is its own parent.
    parent: Vec<u32>,
    /// Where each node's decisions start: twice the unit, plus 1 if it is on.
    start: Vec<u32>,
    decided: Vec<u32>,
    /// For each finished cell its first region, its node, and where its rows start: the units of the regions' bits.
    first_face: Vec<u32>,
    node: Vec<u32>,
    rows_start: Vec<u32>,
    rows: Vec<u32>,
}

impl Patterns {
    /// The root, where these decisions are taken.
    pub fn with_root(decided: Vec<u32>) -> Self {
        Self { parent: vec![0], start: vec![0], decided, ..Self::default() }
    }

    /// Adds a cell inside of that of `parent`.
    pub fn push_node(&mut self, parent: u32) -> u32 {
        let node = self.parent.len() as u32;
        self.parent.push(parent);
        self.start.push(self.decided.len() as u32);
        node
    }

    /// Adds a decision to the last node.
    pub fn push_decision(&mut self, unit: u32, on: bool) {
        self.decided.push(2 * unit + u32::from(on));
    }

    /// The cell of `node` is finished: its regions count from `first_face`, and have one bit for each of the units `rows`.
    pub fn finish(&mut self, node: u32, first_face: u32, rows: &[u32]) {
        self.first_face.push(first_face);
        self.node.push(node);
        self.rows_start.push(self.rows.len() as u32);
        self.rows.extend_from_slice(rows);
    }

    /// Drops all finished cells.
    pub fn forget_cells(&mut self) {
        for v in [&mut self.first_face, &mut self.node, &mut self.rows_start, &mut self.rows] {
            v.clear();
        }
    }

    /// Drops `node` and all that came after it.
    pub fn forget_node(&mut self, node: u32) {
        self.decided.truncate(self.start[node as usize] as usize);
        self.parent.truncate(node as usize);
        self.start.truncate(node as usize);
    }

    /// All decisions that hold on the cell of `node`.
    pub fn decisions(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let up = std::iter::successors(Some(node as usize), |&k| Some(self.parent[k] as usize).filter(|&up| up != k));
        up.flat_map(|k| self.decided[range(&self.start, k, self.decided.len())].iter().copied())
    }

    /// Sets which units are on in region `f`, whose bits are `mask`; a unit that is not named is left alone.
    pub fn read(&self, f: u32, mask: u64, on: &mut [bool]) {
        let cell = self.cell_of(f);
        self.read_cell(cell, on);
        self.read_bits(cell, mask, on);
    }

    /// The finished cell that region `f` is in.
    pub fn cell_of(&self, f: u32) -> usize {
        self.first_face.partition_point(|&first| first <= f) - 1
    }

    /// The part of [`Self::read`] that all regions of a finished cell have in common.
    pub fn read_cell(&self, cell: usize, on: &mut [bool]) {
        for d in self.decisions(self.node[cell]) {
            on[d as usize / 2] = d % 2 == 1;
        }
    }

    /// The rest of it.
    pub fn read_bits(&self, cell: usize, mask: u64, on: &mut [bool]) {
        let rows = range(&self.rows_start, cell, self.rows.len());
        for (bit, &unit) in self.rows[rows].iter().enumerate() {
            on[unit as usize] = mask >> bit & 1 == 1;
        }
    }

    /// Appends the patterns of another part, whose regions follow `n_faces` of this one's.
    pub fn append(&mut self, other: &Self, n_faces: u32) {
        let shift = |v: &[u32], by: usize| v.iter().map(|&x| x + by as u32).collect::<Vec<_>>();
        let nodes = self.parent.len();
        // the other root becomes a root of its own: its decisions are complete
        self.parent.extend(shift(&other.parent, nodes));
        self.start.extend(shift(&other.start, self.decided.len()));
        self.decided.extend_from_slice(&other.decided);
        self.first_face.extend(shift(&other.first_face, n_faces as usize));
        self.node.extend(shift(&other.node, nodes));
        self.rows_start.extend(shift(&other.rows_start, self.rows.len()));
        self.rows.extend_from_slice(&other.rows);
    }
}

/// What belongs to entry `k` of `starts`; the last one ends at `end`.
fn range(starts: &[u32], k: usize, end: usize) -> std::ops::Range<usize> {
    starts[k] as usize..starts.get(k + 1).map_or(end, |&s| s as usize)
}
