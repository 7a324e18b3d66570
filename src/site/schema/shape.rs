//! What a schema says of the keys of a post: written with zod or one of its kin, perhaps over several names
//! and files.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::script::{Entry, Expr, Script};
use crate::site::folder::SiteFolder;
use crate::site::target::plain;

/// Names that lead to names; also schemas inside schemas.
const DEEPEST: usize = 40;
/// So many expressions are looked at for one site.
const MOST_STEPS: usize = 50_000;
/// So many files are read for one site.
const MOST_FILES: usize = 12;
/// Endings under which an import finds its file.
const IMPORTED: [&str; 9] =
    ["", ".ts", ".js", ".mjs", ".mts", ".json", "/index.ts", "/index.js", "/index.mjs"];

/// What a key may hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A picture that the build reads from the site's sources.
    Image,
    Text,
    /// A text that must be a full address, or one of a few words.
    Fixed,
    List(Box<Shape>),
    Mapping(Mapping),
    Other,
    Unknown,
}

/// The keys of a mapping.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Mapping {
    pub keys: Vec<Key>,
    /// Unknown keys are kept.
    pub open: bool,
    /// Unknown keys stop the build.
    pub strict: bool,
    /// Some of the keys could not be read.
    pub partial: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    pub name: String,
    pub shape: Shape,
    /// May be left out.
    pub optional: bool,
}

impl Mapping {
    fn put(&mut self, key: Key) {
        self.keys.retain(|other| other.name != key.name);
        self.keys.push(key);
    }

    fn add(&mut self, other: Self) {
        other.keys.into_iter().for_each(|key| self.put(key));
        self.open |= other.open;
        self.strict |= other.strict;
        self.partial |= other.partial;
    }
}

/// A script and where it lies.
#[derive(Debug)]
pub(super) struct ScriptScope {
    pub file: String,
    pub script: Script,
}

/// The scripts of a site that its schema is written in.
pub(super) struct Scripts<'s, 'r> {
    site: &'s SiteFolder<'r>,
    read: RefCell<HashMap<String, Rc<ScriptScope>>>,
    steps: Cell<usize>,
}

impl<'s, 'r> Scripts<'s, 'r> {
    pub(super) fn new(site: &'s SiteFolder<'r>) -> Self {
        Self { site, read: RefCell::default(), steps: Cell::new(0) }
    }

    pub(super) fn open(&self, file: &str) -> Option<Rc<ScriptScope>> {
        if let Some(scope) = self.read.borrow().get(file) {
            return Some(scope.clone());
        }
        if self.read.borrow().len() >= MOST_FILES {
            return None;
        }
        let script = Script::parse(&self.site.text(file));
        let scope = Rc::new(ScriptScope { file: file.to_owned(), script });
        self.read.borrow_mut().insert(file.to_owned(), scope.clone());
        Some(scope)
    }

    fn tired(&self, depth: usize) -> bool {
        self.steps.set(self.steps.get() + 1);
        depth > DEEPEST || self.steps.get() > MOST_STEPS
    }

    /// Gives what a name stands for to the function, in the script that binds it.
    fn named<T>(
        &self,
        name: &str,
        scope: &Rc<ScriptScope>,
        depth: usize,
        then: impl FnOnce(&Expr, &Rc<ScriptScope>) -> T,
    ) -> Option<T> {
        let (mut name, mut scope) = (name.to_owned(), scope.clone());
        for _ in depth..DEEPEST {
            let import = scope.script.imports.get(&name).cloned();
            match (scope.script.binding(&name), import) {
                // A name that is bound to itself leads nowhere.
                (Some(Expr::Name(next)), _) if *next == name => return None,
                (Some(value), _) => return Some(then(value, &scope)),
                (None, Some((source, other))) => {
                    let file = self.imported(&source, &scope.file)?;
                    scope = self.open(&file)?;
                    name = other;
                }
                (None, None) => return None,
            }
        }
        None
    }

    /// The file of an import.
    fn imported(&self, source: &str, from: &str) -> Option<String> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let source = match source.split_once('/') {
            Some(("." | "..", _)) => climb(folder, source)?,
            Some(("@" | "~" | "$", rest)) => plain(&format!("src/{rest}")),
            _ if source.starts_with("src/") => plain(source),
            _ => return None,
        };
        let stem = source.strip_suffix(".js").unwrap_or(&source);
        let found = |stem: &str| {
            IMPORTED
                .iter()
                .map(|ending| format!("{stem}{ending}"))
                .find(|file| self.site.has(file) && !self.site.has_folder(file))
        };
        found(&source).or_else(|| found(stem))
    }

    /// The expression behind names, functions and what wraps it.
    pub(super) fn resolve(
        &self,
        expr: &Expr,
        scope: &Rc<ScriptScope>,
        depth: usize,
    ) -> (Expr, Rc<ScriptScope>) {
        if self.tired(depth) {
            return (Expr::Unknown, scope.clone());
        }
        match expr {
            Expr::Name(name) => self
                .named(name, scope, depth, |value, scope| self.resolve(value, scope, depth + 1))
                .unwrap_or_else(|| (expr.clone(), scope.clone())),
            Expr::Function(body) => self.resolve(body, scope, depth + 1),
            _ => (expr.clone(), scope.clone()),
        }
    }

    /// The text of an expression, placeholders of known names filled in.
    pub(super) fn text(&self, expr: &Expr, scope: &Rc<ScriptScope>, depth: usize) -> Option<String> {
        if self.tired(depth) {
            return None;
        }
        match expr {
            Expr::Text(text) => Some(text.clone()),
            Expr::Template(text) => {
                let mut filled = String::new();
                let mut rest = text.as_str();
                while let Some((before, after)) = rest.split_once("${") {
                    let (name, after) = after.split_once('}')?;
                    filled.push_str(before);
                    filled.push_str(&self.text(&Expr::Name(name.trim().to_owned()), scope, depth + 1)?);
                    rest = after;
                }
                filled.push_str(rest);
                // A name that holds itself over and over would fill memory.
                (filled.len() < 1024).then_some(filled)
            }
            Expr::Name(name) => {
                self.named(name, scope, depth, |value, scope| self.text(value, scope, depth + 1))?
            }
            Expr::Member { object, name } => {
                let (object, scope) = self.resolve(object, scope, depth + 1);
                self.text(object.get(name)?, &scope, depth + 1)
            }
            // new URL("./x", import.meta.url)
            Expr::Call { callee, args } if **callee == Expr::Name("URL".to_owned()) => {
                self.text(args.first()?, scope, depth + 1)
            }
            _ => None,
        }
    }

    /// What an expression of a schema allows.
    pub(super) fn shape(&self, expr: &Expr, scope: &Rc<ScriptScope>, depth: usize) -> Shape {
        self.judged(expr, scope, depth).0
    }

    /// What an expression allows, and whether the key may be left out.
    fn judged(&self, expr: &Expr, scope: &Rc<ScriptScope>, depth: usize) -> (Shape, bool) {
        if self.tired(depth) {
            return (Shape::Unknown, false);
        }
        match expr {
            Expr::Name(name) => self
                .named(name, scope, depth, |value, scope| self.judged(value, scope, depth + 1))
                .unwrap_or((Shape::Unknown, false)),
            Expr::Function(body) => self.judged(body, scope, depth + 1),
            Expr::Object(entries) => (Shape::Mapping(self.mapping(entries, scope, depth)), false),
            Expr::Member { object, name } if name == "shape" => self.judged(object, scope, depth + 1),
            Expr::Call { callee, args } => match &**callee {
                Expr::Name(name) if name == "image" => (Shape::Image, false),
                Expr::Name(name) => self
                    .named(name, scope, depth, |value, scope| self.judged(value, scope, depth + 1))
                    .or_else(|| match args.first() {
                        // `property(z.string())`; a helper that gets `image` may make anything of it.
                        Some(inner @ Expr::Call { .. }) => Some(self.judged(inner, scope, depth + 1)),
                        _ => None,
                    })
                    .unwrap_or((Shape::Unknown, false)),
                Expr::Member { object, name } => self.method(object, name, args, scope, depth),
                _ => (Shape::Unknown, false),
            },
            _ => (Shape::Unknown, false),
        }
    }

    fn method(
        &self,
        object: &Expr,
        name: &str,
        args: &[Expr],
        scope: &Rc<ScriptScope>,
        depth: usize,
    ) -> (Shape, bool) {
        // `z.…`, `z.coerce.…`, `schemaContext.image()`
        let on_library = match object {
            Expr::Name(library) => scope.script.binding(library).is_none() && !is_schema(library, scope),
            Expr::Member { object, name } => name == "coerce" && matches!(**object, Expr::Name(_)),
            _ => false,
        };
        if on_library {
            return self.library(name, args, scope, depth);
        }
        let (shape, optional) = self.judged(object, scope, depth + 1);
        let arg = || args.first().map_or(Shape::Unknown, |arg| self.shape(arg, scope, depth + 1));
        match name {
            "optional" | "nullish" | "default" | "catch" | "prefault" => (shape, true),
            "array" => (Shape::List(Box::new(shape)), optional),
            "or" => (either(shape, arg()), optional),
            "url" | "datetime" | "date" | "email" | "uuid" | "regex" if shape == Shape::Text => {
                (Shape::Fixed, optional)
            }
            "extend" | "merge" | "and" | "safeExtend" | "augment" => (merged(shape, arg()), optional),
            "strict" => (changed(shape, |mapping| mapping.strict = true), optional),
            "passthrough" | "loose" | "catchall" => (changed(shape, |mapping| mapping.open = true), optional),
            "strip" => (changed(shape, |mapping| (mapping.open, mapping.strict) = (false, false)), optional),
            "pick" | "omit" => {
                let named = |key: &Key| args.first().is_some_and(|arg| arg.get(&key.name).is_some());
                let keep = |mapping: &mut Mapping| mapping.keys.retain(|key| named(key) == (name == "pick"));
                (changed(shape, keep), optional)
            }
            "partial" => {
                let loosen = |mapping: &mut Mapping| {
                    mapping.keys.iter_mut().for_each(|key| key.optional = true);
                };
                (changed(shape, loosen), optional)
            }
            _ => (shape, optional),
        }
    }

    fn library(&self, name: &str, args: &[Expr], scope: &Rc<ScriptScope>, depth: usize) -> (Shape, bool) {
        let first = args.first();
        let inner = |arg: Option<&Expr>| arg.map_or(Shape::Unknown, |arg| self.shape(arg, scope, depth + 1));
        let shape = match name {
            "image" | "file" => Shape::Image,
            "string" => Shape::Text,
            "object" | "interface" => inner(first),
            "strictObject" => changed(inner(first), |mapping| mapping.strict = true),
            "looseObject" => changed(inner(first), |mapping| mapping.open = true),
            "array" | "set" => Shape::List(Box::new(inner(first))),
            "optional" | "nullish" => return (inner(first), true),
            "nullable" | "lazy" => inner(first),
            "preprocess" => inner(args.get(1)),
            "intersection" => merged(inner(first), inner(args.get(1))),
            "union" | "discriminatedUnion" => {
                let Some(Expr::Array(members)) = args.iter().find(|arg| matches!(arg, Expr::Array(_))) else {
                    return (Shape::Unknown, false);
                };
                let members = members.iter().map(|member| self.shape(member, scope, depth + 1));
                members.reduce(either).unwrap_or(Shape::Unknown)
            }
            "url" | "enum" | "literal" | "email" | "nativeEnum" => Shape::Fixed,
            "any" | "unknown" | "custom" => Shape::Unknown,
            _ => Shape::Other,
        };
        (shape, false)
    }

    fn mapping(&self, entries: &[Entry], scope: &Rc<ScriptScope>, depth: usize) -> Mapping {
        let mut mapping = Mapping::default();
        for entry in entries {
            match entry {
                Entry::Pair(name, value) => {
                    let (shape, optional) = self.judged(value, scope, depth + 1);
                    mapping.put(Key { name: name.clone(), shape, optional });
                }
                Entry::Spread(value) => match self.shape(value, scope, depth + 1) {
                    Shape::Mapping(other) => mapping.add(Mapping { open: false, strict: false, ..other }),
                    _ => mapping.partial = true,
                },
            }
        }
        mapping
    }
}

/// Whether a name is imported from a file of the site rather than from a package (`@nuxt/content`).
fn is_schema(name: &str, scope: &ScriptScope) -> bool {
    let source = scope.script.imports.get(name).map(|(source, _)| source.as_str());
    let own =
        |source: &str| ["./", "../", "@/", "~/", "$/", "src/"].iter().any(|start| source.starts_with(start));
    !matches!(name, "z" | "s" | "zod") && source.is_some_and(own)
}

/// A path from a folder, or none where it leaves the site.
pub(super) fn climb(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn changed(mut shape: Shape, change: impl FnOnce(&mut Mapping)) -> Shape {
    if let Shape::Mapping(mapping) = &mut shape {
        change(mapping);
    }
    shape
}

fn merged(one: Shape, other: Shape) -> Shape {
    match (one, other) {
        (Shape::Mapping(mut one), Shape::Mapping(other)) => {
            one.add(other);
            Shape::Mapping(one)
        }
        (Shape::Mapping(mapping), _) | (_, Shape::Mapping(mapping)) => {
            Shape::Mapping(Mapping { partial: true, ..mapping })
        }
        _ => Shape::Unknown,
    }
}

/// The form of two that is the easiest to write.
fn either(one: Shape, other: Shape) -> Shape {
    let rank = |shape: &Shape| match shape {
        Shape::Image => 0,
        Shape::Text => 1,
        Shape::Mapping(_) => 2,
        Shape::List(_) => 3,
        Shape::Unknown => 4,
        Shape::Fixed => 5,
        Shape::Other => 6,
    };
    match (one, other) {
        // Only what both forms have is sure to be right.
        (Shape::Mapping(one), Shape::Mapping(other)) => Shape::Mapping(Mapping {
            partial: true,
            ..if one.keys.len() >= other.keys.len() { one } else { other }
        }),
        (one, other) => {
            if rank(&one) <= rank(&other) {
                one
            } else {
                other
            }
        }
    }
}
