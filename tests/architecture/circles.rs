//! Within a room, too, imports lead one way.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Modules;

/// Which of its siblings each module needs. A module and all that lies below it are one; what the file of their parent
/// declares is open to all of them.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn graphs(modules: &Modules) -> BTreeMap<String, Graph> {
    let mut graphs: BTreeMap<String, Graph> = BTreeMap::new();
    for (module, _) in modules.all() {
        for needed in modules.needed_by(module) {
            let shared = module.iter().zip(needed).take_while(|(a, b)| a == b).count();
            if let (Some(from), Some(to)) = (module.get(shared), needed.get(shared)) {
                let graph = graphs.entry(module[..shared].join("::")).or_default();
                graph.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    graphs
}

/// A way from the module back to itself, where there is one.
fn circle(graph: &Graph, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in graph.get(way.last()?).into_iter().flatten() {
            let longer = [way.as_slice(), std::slice::from_ref(next)].concat();
            if next == start {
                return Some(longer);
            }
            if seen.insert(next) {
                ways.push(longer);
            }
        }
    }
    None
}

#[test]
fn no_modules_of_a_room_import_each_other_in_a_circle() {
    let graphs = graphs(&Modules::read());
    assert!(graphs.len() > 20, "the source was read: {graphs:?}");
    let mut told = Vec::new();
    for (parent, graph) in graphs.iter().filter(|(parent, _)| !parent.is_empty()) {
        let circles = graph.keys().filter_map(|start| circle(graph, start));
        told.extend(circles.map(|way| format!("in {parent}: {}", way.join(" > "))));
    }
    assert!(told.is_empty(), "move what both need below both:\n{}", told.join("\n"));
}
