//! The source of the program, parsed: its modules, and what each of them declares and names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ignore::Walk;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, UseTree};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the program, tests and their helpers aside: paths below `src`.
pub fn files() -> Vec<String> {
    let src = root().join("src");
    let files = Walk::new(&src).map(|entry| entry.unwrap().into_path());
    let is_code = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let parts = path.strip_prefix(&src).unwrap().iter().map(|part| part.to_str().unwrap());
        name.ends_with(".rs")
            && !["tests.rs", "mock.rs", "samples.rs"].contains(&name)
            && !parts.into_iter().any(|part| part == "tests")
    };
    let name = |path: PathBuf| path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
    let mut files: Vec<String> = files.filter(is_code).map(name).collect();
    files.sort();
    files
}

/// A module by its names from the crate's root.
pub type Module = Vec<String>;

/// What a module says.
#[derive(Debug, Default)]
pub struct Code {
    /// Structs, enums, traits and type aliases.
    pub types: BTreeSet<String>,
    /// What each imported name stands for: a path as it is written.
    imports: BTreeMap<String, Vec<String>>,
    /// Every path of two names and more, as it is written.
    paths: BTreeSet<Vec<String>>,
}

impl Code {
    fn read(file: &str) -> Self {
        let text = fs::read_to_string(root().join("src").join(file)).unwrap();
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("src/{file}: {error}"));
        let mut code = Self::default();
        code.visit_file(&parsed);
        code
    }

    fn import(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &dyn ToString| [before, &[name.to_string()]].concat();
        let (name, path) = match tree {
            UseTree::Path(path) => return self.import(&path.tree, &with(&path.ident)),
            UseTree::Group(group) => return group.items.iter().for_each(|item| self.import(item, before)),
            UseTree::Name(name) if name.ident == "self" => (before.last().unwrap().clone(), before.to_vec()),
            UseTree::Name(name) => (name.ident.to_string(), with(&name.ident)),
            UseTree::Rename(name) => (name.rename.to_string(), with(&name.ident)),
            UseTree::Glob(_) => return,
        };
        self.paths.insert(path.clone());
        self.imports.insert(name, path);
    }
}

impl<'ast> Visit<'ast> for Code {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            Item::Trait(item) => (&item.attrs, Some(&item.ident)),
            Item::Type(item) => (&item.attrs, Some(&item.ident)),
            Item::Fn(item) => (&item.attrs, None),
            Item::Impl(item) => (&item.attrs, None),
            Item::Mod(item) => (&item.attrs, None),
            Item::Use(item) => (&item.attrs, None),
            Item::Const(item) => (&item.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if !attributes.iter().any(is_for_tests) {
            self.types.extend(name.map(ToString::to_string));
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.paths.extend((names.len() > 1).then_some(names));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let spaced = call.tokens.to_string().replace(" :: ", "::");
        let words = spaced.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        let paths = words.filter(|word| word.contains("::"));
        self.paths.extend(paths.map(|path| path.split("::").map(str::to_owned).collect::<Vec<_>>()));
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    let is_cfg = attribute.path().is_ident("cfg");
    is_cfg && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
}

/// Every module of the program, and of which others it names a part.
pub struct Modules(BTreeMap<Module, Code>);

impl Modules {
    pub fn read() -> Self {
        let module = |file: &str| -> Module {
            let names = file.trim_end_matches(".rs").split('/').map(str::to_owned);
            names.filter(|name| name != "mod" && name != "lib").collect()
        };
        let files = files().into_iter().filter(|file| file != "main.rs");
        Self(files.map(|file| (module(&file), Code::read(&file))).collect())
    }

    /// The modules in which things that `module` names are declared, whatever they are re-exported by.
    pub fn needed_by(&self, module: &Module) -> BTreeSet<&Module> {
        self.0[module].paths.iter().filter_map(|path| self.home(module, path, 0)).collect()
    }

    pub fn all(&self) -> impl Iterator<Item = (&Module, &Code)> {
        self.0.iter()
    }

    /// Where the thing is declared that this path leads to from the module.
    fn home(&self, from: &Module, path: &[String], depth: usize) -> Option<&Module> {
        let (first, rest) = path.split_first()?;
        let (mut at, mut rest) = match first.as_str() {
            "crate" => (Module::new(), rest),
            "self" => (from.clone(), rest),
            "super" => (from[..from.len().checked_sub(1)?].to_vec(), rest),
            _ => (from.clone(), path),
        };
        while let Some((name, behind)) = rest.split_first() {
            let below = [at.as_slice(), std::slice::from_ref(name)].concat();
            let code = self.0.get(&at)?;
            if name == "super" {
                at.pop()?;
            } else if self.0.contains_key(&below) {
                at = below;
            } else if let Some(import) = code.imports.get(name).filter(|import| *import != path && depth < 9)
            {
                return self.home(&at, &[import, behind].concat(), depth + 1);
            } else if first == name && !code.types.contains(name) {
                // A name of another crate, of the language or of the module itself.
                return None;
            } else {
                break;
            }
            rest = behind;
        }
        self.0.get_key_value(&at).map(|(module, _)| module)
    }
}
